"""Whether newcomers may apply through the web, and the texts that they accept or are told, each version kept."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, InvalidInput, Problem, Refused
from ecoop.governance.admission import ACCEPTED, TextKind
from ecoop.governance.audit import Action
from ecoop.governance.roles import Actor, Permission
from ecoop.models import ApplicationRule, ApplicationText
from ecoop.services import audit

LONGEST_TEXT = 5_000
FIRST_LANGUAGE = "nl"


class ApplicationTextReason(StrEnum):
    """Why a text cannot be kept, or the form cannot be opened."""

    MISSING = "application_text_missing"
    TOO_LONG = "application_text_too_long"
    SAME = "application_text_same"
    NEEDED_FIRST = "application_text_needed_first"
    ALREADY_OPEN = "application_form_already_open"
    ALREADY_CLOSED = "application_form_already_closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextView:
    """One version of a text."""

    id: int
    kind: TextKind
    language: str
    text: str
    digest: str
    set_at: datetime

    @property
    def is_accepted(self) -> bool:
        """Whether an applicant accepts it in the form; else it is only told."""
        return self.kind in ACCEPTED


def is_open(session: ScopedSession, *, cooperative_id: int) -> bool:
    """Whether newcomers may apply through the web. As long as nobody decided that, they may not."""
    query = select(ApplicationRule.is_open).where(ApplicationRule.cooperative_id == cooperative_id)
    return bool(session.scalar(query.order_by(ApplicationRule.id.desc()).limit(1)))


def set_open(session: ScopedSession, actor: Actor | None, *, cooperative_id: int, wanted: bool, now: datetime) -> None:
    """Let newcomers apply through the web, or no longer. `actor` None: the command line.

    Refused while there are no texts to accept: nobody gives personal data without reading what is done with them
    (art. 13 GDPR).
    """
    _require(actor)
    if is_open(session, cooperative_id=cooperative_id) is wanted:
        raise Refused(ApplicationTextReason.ALREADY_OPEN if wanted else ApplicationTextReason.ALREADY_CLOSED)
    texts = read_texts(session, cooperative_id=cooperative_id, language=FIRST_LANGUAGE)
    if wanted and not set(ACCEPTED) <= {one.kind for one in texts}:
        raise Refused(ApplicationTextReason.NEEDED_FIRST)
    session.add(
        ApplicationRule(
            cooperative_id=cooperative_id, is_open=wanted, set_by_id=actor.account_id if actor else None, set_at=now
        )
    )
    session.flush()
    action = Action.APPLICATION_FORM_OPENED if wanted else Action.APPLICATION_FORM_CLOSED
    audit.record(session, actor, action, cooperative_id=cooperative_id, now=now)


def save_text(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    kind: TextKind,
    language: str,
    text: str,
    now: datetime,
) -> int:
    """Keep a new version of a text, which counts from now on; its number. Raises InvalidInput."""
    _require(actor)
    kept = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if not kept:
        raise InvalidInput((Problem(key="text", reason=ApplicationTextReason.MISSING),))
    if len(kept) > LONGEST_TEXT:
        details = {"maximum": LONGEST_TEXT}
        raise InvalidInput((Problem(key="text", reason=ApplicationTextReason.TOO_LONG, details=details),))
    digest = hashlib.sha256(kept.encode()).hexdigest()
    present = _newest(session, cooperative_id).get((kind, language))
    if present is not None and present.digest == digest:
        raise InvalidInput((Problem(key="text", reason=ApplicationTextReason.SAME),))
    row = ApplicationText(
        cooperative_id=cooperative_id, kind=kind, language=language, text=kept, digest=digest,
        set_by_id=actor.account_id if actor else None, set_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.record(
        session, actor, Action.APPLICATION_TEXT_SAVED, cooperative_id=cooperative_id,
        subject=f"application_text:{row.id}", details={"kind": kind.value, "file_digest": digest}, now=now,
    )  # fmt: skip
    return row.id


def read_texts(session: ScopedSession, *, cooperative_id: int, language: str) -> tuple[TextView, ...]:
    """The texts that count now in a language, or in Dutch where there is none, in the order of the form."""
    newest = _newest(session, cooperative_id)
    found = (newest.get((kind, language)) or newest.get((kind, FIRST_LANGUAGE)) for kind in TextKind)
    return tuple(one for one in found if one is not None)


def read_all_texts(session: ScopedSession, *, cooperative_id: int) -> dict[tuple[TextKind, str], TextView]:
    """The newest version of each text in each language."""
    return _newest(session, cooperative_id)


def read_text(session: ScopedSession, *, cooperative_id: int, text_id: int) -> TextView | None:
    """One version, also of before."""
    row = session.scalar(
        select(ApplicationText).where(ApplicationText.cooperative_id == cooperative_id, ApplicationText.id == text_id)
    )
    return _view(row) if row is not None else None


def _newest(session: ScopedSession, cooperative_id: int) -> dict[tuple[TextKind, str], TextView]:
    rows = session.scalars(
        select(ApplicationText).where(ApplicationText.cooperative_id == cooperative_id).order_by(ApplicationText.id)
    )
    return {(row.kind, row.language): _view(row) for row in rows}


def _view(row: ApplicationText) -> TextView:
    return TextView(
        id=row.id, kind=row.kind, language=row.language, text=row.text, digest=row.digest, set_at=row.set_at
    )


def _require(actor: Actor | None) -> None:
    if actor is not None and not actor.may(Permission.KEEP_REGISTER):
        raise Forbidden
