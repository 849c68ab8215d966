"""What an application says, how it stands, what was said about it, and how it enters the register."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import or_, select

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import InvalidInput, Problem
from ecoop.governance.admission import ApplicationStatus, Speaker, status_of
from ecoop.governance.membership import EventKind, Status
from ecoop.governance.roles import Role
from ecoop.models import Account, Application, ApplicationLink, ApplicationMessage
from ecoop.services import memberships, parties, turns
from ecoop.services.memberships import NewEvent
from ecoop.services.parties import FIELDS, PartyFacts

LINK_LIFETIME = timedelta(days=180)
LONGEST_TEXT = 2_000
WAITING = "application.waiting"
INBOX = "applications"
"""What the turn is about: the whole inbox, so that ten applications are one letter."""
DECIDERS = (Role.SECRETARY, Role.CHAIR)


class ApplicationReason(StrEnum):
    """Why something cannot be said or done about an application."""

    TEXT_MISSING = "application_words_missing"
    TEXT_TOO_LONG = "application_words_too_long"
    NOT_OPEN = "application_not_open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A question or an answer; None once it was blanked."""

    speaker: Speaker
    text: str | None
    at: datetime
    by: str | None = None


def facts_of(row: Application) -> PartyFacts:
    """What an application says about its applicant."""
    values = {name: getattr(row, name) for name in FIELDS}
    return PartyFacts(**(values | {"name": row.name or ""}))


def read_said(
    session: ScopedSession, *, cooperative_id: int, application_ids: Iterable[int]
) -> dict[int, tuple[Said, ...]]:
    """What was asked and answered about these applications, oldest first."""
    rows = session.execute(
        select(ApplicationMessage, Account.name)
        .outerjoin(Account, Account.id == ApplicationMessage.said_by_id)
        .where(
            ApplicationMessage.cooperative_id == cooperative_id,
            ApplicationMessage.application_id.in_(sorted(application_ids)),
        )
        .order_by(ApplicationMessage.id)
    )
    found: dict[int, tuple[Said, ...]] = {}
    for row, name in rows:
        one = Said(speaker=row.speaker, text=row.text, at=row.said_at, by=name)
        found[row.application_id] = (*found.get(row.application_id, ()), one)
    return found


def status_in(row: Application, said: tuple[Said, ...]) -> ApplicationStatus:
    """How an application stands, with what was said about it."""
    last = said[-1].speaker if said else None
    return status_of(confirmed=row.confirmed_at is not None, outcome=row.outcome, last_speaker=last)


def issue_link(session: ScopedSession, *, cooperative_id: int, application_id: int, until: datetime) -> str:
    """A new secret with which the applicant comes to the own application; earlier ones go on working."""
    secret = secrets.token_urlsafe(32)
    session.add(
        ApplicationLink(
            cooperative_id=cooperative_id, application_id=application_id, digest=digest_of_secret(secret), until=until
        )
    )
    session.flush()
    return secret


def digest_of_secret(secret: str) -> str:
    """What is kept of the secret in a link."""
    return hashlib.sha256(secret.encode()).hexdigest()


def say(
    session: ScopedSession, row: Application, speaker: Speaker, text: str, *, by_id: int | None, now: datetime
) -> None:
    """Add to the story of questions and answers. Raises InvalidInput."""
    kept = kept_text(text)
    if kept is None:
        raise InvalidInput((Problem(key="text", reason=ApplicationReason.TEXT_MISSING),))
    if len(kept) > LONGEST_TEXT:
        raise InvalidInput(
            (Problem(key="text", reason=ApplicationReason.TEXT_TOO_LONG, details={"maximum": LONGEST_TEXT}),)
        )
    message = ApplicationMessage(
        cooperative_id=row.cooperative_id, application_id=row.id, speaker=speaker, text=kept, said_at=now,
        said_by_id=by_id,
    )  # fmt: skip
    session.add(message)
    session.flush()


def kept_text(text: str | None) -> str | None:
    """A text in somebody's own words: lines end as they do here, nothing around it."""
    return "\n".join(line.rstrip() for line in (text or "").strip().splitlines()) or None


def enter(session: ScopedSession, row: Application, *, now: datetime) -> None:
    """Make a party of an application, and write in the register that it applied."""
    assert row.confirmed_at is not None and row.class_code is not None  # noqa: S101, PT018  callers see to it
    day = clock.legal_day(row.confirmed_at)
    party_id = parties.record_party(
        session, None, cooperative_id=row.cooperative_id, kind=row.kind, facts=facts_of(row), valid_from=day, now=now
    )
    enter_as(session, row, party_id=party_id, now=now)


def enter_as(session: ScopedSession, row: Application, *, party_id: int, now: datetime) -> None:
    """Write in the register that this party applied, unless it is a member: then only whose application it is."""
    home = row.cooperative_id
    membership_id = memberships.open_membership(session, cooperative_id=home, party_id=party_id, now=now)
    day = _entry_day(session, row, membership_id, now)
    standing = memberships.read_standing(session, cooperative_id=home, membership_id=membership_id, day=day)
    row.party_id, row.membership_id = party_id, membership_id
    session.flush()
    if not standing.is_member:
        new = NewEvent(kind=EventKind.APPLIED, valid_from=day, class_code=row.class_code)
        memberships.add_event(
            session, None, cooperative_id=home, membership_id=membership_id, new=new, now=now, own=True
        )  # fmt: skip


def _entry_day(session: ScopedSession, row: Application, membership_id: int, now: datetime) -> date:
    """The day of applying; today where the register holds something later, such as an end or a withdrawal."""
    assert row.confirmed_at is not None  # noqa: S101  callers see to it
    day = clock.legal_day(row.confirmed_at)
    known = memberships.read_events(session, cooperative_id=row.cooperative_id, membership_id=membership_id)
    return clock.legal_day(now) if any(event.valid_from >= day for event in known) else day


def end_application(session: ScopedSession, row: Application, kind: EventKind, *, now: datetime) -> None:
    """Write in the register how the application ended, where it stands there as one."""
    if row.membership_id is None:
        return
    home, member, day = row.cooperative_id, row.membership_id, clock.legal_day(now)
    standing = memberships.read_standing(session, cooperative_id=home, membership_id=member, day=day)
    if standing.status is Status.APPLICANT:
        new = NewEvent(kind=kind, valid_from=day)
        memberships.add_event(session, None, cooperative_id=home, membership_id=member, new=new, now=now, own=True)


def settle_when_empty(session: ScopedSession, *, cooperative_id: int, by_id: int | None, now: datetime) -> None:
    """Nobody has to look at the inbox once nothing in it waits for the board."""
    session.flush()
    last = (
        select(ApplicationMessage.speaker)
        .where(
            ApplicationMessage.cooperative_id == Application.cooperative_id,
            ApplicationMessage.application_id == Application.id,
        )
        .order_by(ApplicationMessage.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    waiting = select(Application.id).where(
        Application.cooperative_id == cooperative_id,
        Application.confirmed_at.is_not(None),
        Application.outcome.is_(None),
        or_(last.is_(None), last != Speaker.BOARD),
    )
    if session.scalar(waiting.limit(1)) is None:
        turns.settle(session, cooperative_id=cooperative_id, kind=WAITING, subject=INBOX, by_id=by_id, now=now)


def give_to_board(session: ScopedSession, *, cooperative_id: int, now: datetime) -> None:
    """Something in the inbox waits for who decides."""
    turns.give_turn(session, cooperative_id=cooperative_id, kind=WAITING, subject=INBOX, roles=DECIDERS, now=now)
