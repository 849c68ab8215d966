"""Consents: the texts to which people agree, who agreed with which version, and taking it back."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, InvalidInput, Problem, Refused
from ecoop.governance.audit import Action
from ecoop.governance.consents import (
    ConsentHow,
    ConsentMove,
    ConsentPurpose,
    ConsentStanding,
    ConsentStep,
    consent_on,
    needs_asking_again,
)
from ecoop.governance.register_fields import Field, may_see
from ecoop.governance.roles import Actor, Permission
from ecoop.models import ConsentEvent, ConsentText
from ecoop.services import audit
from ecoop.services.legal_holds import held_party

LONGEST_TEXT = 5_000


class ConsentReason(StrEnum):
    """Why something about a consent is refused."""

    TEXT_MISSING = "consent_text_missing"
    TEXT_SAME = "consent_text_same"
    TEXT_TOO_LONG = "letter_text_too_long"
    NO_TEXT = "consent_no_text"
    GIVEN_ALREADY = "consent_given_already"
    NOT_GIVEN = "consent_not_given"
    DAY_FUTURE = "consent_day_future"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextView:
    """One version of a text."""

    id: int
    purpose: ConsentPurpose
    language: str
    version: int
    text: str
    digest: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentView:
    """Where one person stands with one purpose: whether it holds, and to which text."""

    purpose: ConsentPurpose
    standing: ConsentStanding
    text: TextView | None
    how: ConsentHow | None
    ask_again: bool


def record_text(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    purpose: ConsentPurpose,
    language: str,
    text: str,
    now: datetime,
) -> int:
    """A new version of the text for a purpose; its number. Who agreed to an older version agreed to that one only."""
    _require_keeper(actor)
    text = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if not text:
        raise InvalidInput((Problem(key="text", reason=ConsentReason.TEXT_MISSING),))
    if len(text) > LONGEST_TEXT:
        details = {"maximum": LONGEST_TEXT}
        raise InvalidInput((Problem(key="text", reason=ConsentReason.TEXT_TOO_LONG, details=details),))
    known = [one for one in read_texts(session, cooperative_id=cooperative_id)
             if (one.purpose, one.language) == (purpose, language)]  # fmt: skip
    if known and known[0].text == text:
        raise InvalidInput((Problem(key="text", reason=ConsentReason.TEXT_SAME),))
    version = known[0].version + 1 if known else 1
    digest = hashlib.sha256(text.encode()).hexdigest()
    row = ConsentText(
        cooperative_id=cooperative_id, purpose=purpose, language=language, version=version, text=text, digest=digest,
        recorded_by_id=actor.account_id if actor else None, recorded_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.record(
        session, actor, Action.CONSENT_TEXT_RECORDED, cooperative_id=cooperative_id, subject=f"consent_text:{row.id}",
        details={"purpose": purpose.value, "version": version, "proof_digest": digest}, now=now,
    )  # fmt: skip
    return version


def read_texts(session: ScopedSession, *, cooperative_id: int) -> tuple[TextView, ...]:
    """Every version of every text, by purpose and language, the newest first."""
    rows = session.scalars(
        select(ConsentText)
        .where(ConsentText.cooperative_id == cooperative_id)
        .order_by(ConsentText.purpose, ConsentText.language, ConsentText.version.desc())
    )
    return tuple(_text(row) for row in rows)


def _text(row: ConsentText) -> TextView:
    return TextView(
        id=row.id, purpose=row.purpose, language=row.language, version=row.version, text=row.text, digest=row.digest,
        recorded_at=row.recorded_at,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class NewConsent:
    """What is written down about somebody's consent. `language` is that of the text agreed with."""

    purpose: ConsentPurpose
    move: ConsentMove
    valid_from: date
    how: ConsentHow
    language: str = "nl"
    paper_id: int | None = None


def record_consent(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    party_id: int,
    new: NewConsent,
    now: datetime,
    own: bool = False,
) -> None:
    """Write down that somebody agreed with the newest text, or took that back. `own` is said by whoever it is about.

    Taking back is as easy as giving (GDPR art. 7(3)): it asks for no text and no reason.
    """
    if not own:
        _require_keeper(actor)
    if new.valid_from > clock.legal_day(now):
        raise InvalidInput((Problem(key="valid_from", reason=ConsentReason.DAY_FUTURE),))
    held_party(session, cooperative_id, party_id)
    texts = [one for one in read_texts(session, cooperative_id=cooperative_id)
             if (one.purpose, one.language) == (new.purpose, new.language)]  # fmt: skip
    standing = consent_on(_steps(session, cooperative_id, party_id).get(new.purpose, ()), new.valid_from)
    text = texts[0] if new.move is ConsentMove.GIVEN and texts else None
    _refuse_idle(new, standing, text)
    row = ConsentEvent(
        cooperative_id=cooperative_id, party_id=party_id, purpose=new.purpose, move=new.move,
        text_id=text.id if text else None, valid_from=new.valid_from, how=new.how, paper_id=new.paper_id,
        recorded_by_id=actor.account_id if actor else None, recorded_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    action = Action.CONSENT_GIVEN if text else Action.CONSENT_WITHDRAWN
    details = {"purpose": new.purpose.value, "how": new.how.value, "starts_on": new.valid_from.isoformat()}
    audit.record(
        session, actor, action, cooperative_id=cooperative_id, subject=f"party:{party_id}",
        details=details | ({"version": text.version} if text else {}), now=now,
    )  # fmt: skip


def _refuse_idle(new: NewConsent, standing: ConsentStanding, text: TextView | None) -> None:
    """Refuse what would say nothing new, and a consent without a text."""
    if new.move is ConsentMove.WITHDRAWN:
        if not standing.holds:
            raise Refused(ConsentReason.NOT_GIVEN)
        return
    if text is None:
        raise Refused(ConsentReason.NO_TEXT)
    if standing.holds and not needs_asking_again(standing, text.version):
        raise Refused(ConsentReason.GIVEN_ALREADY)


def _steps(session: ScopedSession, cooperative_id: int, party_id: int) -> dict[ConsentPurpose, list[ConsentStep]]:
    found: dict[ConsentPurpose, list[ConsentStep]] = {}
    for row, version in session.execute(
        select(ConsentEvent, ConsentText.version)
        .outerjoin(
            ConsentText,
            (ConsentText.cooperative_id == ConsentEvent.cooperative_id) & (ConsentText.id == ConsentEvent.text_id),
        )
        .where(ConsentEvent.cooperative_id == cooperative_id, ConsentEvent.party_id == party_id)
    ):
        step = ConsentStep(id=row.id, move=row.move, valid_from=row.valid_from, version=version)
        found.setdefault(row.purpose, []).append(step)
    return found


def read_consents(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, party_id: int, day: date, own: bool = False
) -> tuple[ConsentView, ...]:
    """Where somebody stands with every purpose for which there is a text, or was asked once."""
    if not own and not may_see(actor, Field.CONSENTS):
        raise Forbidden
    texts = read_texts(session, cooperative_id=cooperative_id)
    steps = _steps(session, cooperative_id, party_id)
    last = {
        row.purpose: row
        for row in session.scalars(
            select(ConsentEvent)
            .where(
                ConsentEvent.cooperative_id == cooperative_id,
                ConsentEvent.party_id == party_id,
                ConsentEvent.valid_from <= day,
            )
            .order_by(ConsentEvent.valid_from, ConsentEvent.id)
        )
    }
    asked = [one for one in ConsentPurpose if one in steps or any(text.purpose is one for text in texts)]
    return tuple(_view(one, steps.get(one, []), last.get(one), texts, day) for one in asked)


def _view(
    purpose: ConsentPurpose,
    steps: list[ConsentStep],
    last: ConsentEvent | None,
    texts: tuple[TextView, ...],
    day: date,
) -> ConsentView:
    standing = consent_on(steps, day)
    agreed = next((one for one in texts if last is not None and one.id == last.text_id), None)
    newest = max((one.version for one in texts if agreed and (one.purpose, one.language) == (purpose, agreed.language)),
                 default=None)  # fmt: skip
    return ConsentView(
        purpose=purpose, standing=standing, text=agreed if standing.holds else None, how=last.how if last else None,
        ask_again=needs_asking_again(standing, newest),
    )  # fmt: skip


def _require_keeper(actor: Actor | None) -> None:
    if actor is not None and not actor.may(Permission.KEEP_PRIVACY):
        raise Forbidden
