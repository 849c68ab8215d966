"""Applying for membership through the web: what a newcomer fills in, confirms, answers and takes back.

Whoever fills in the form is nobody yet. So the answers here are the same whatever is known about an address, nothing
of the register is touched before a link in a letter was used, and what is never confirmed is blanked.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import exists, select

from ecoop import clock
from ecoop.db import Database, Scope, ScopedSession
from ecoop.errors import InvalidInput, Problem, Refused
from ecoop.governance.admission import ApplicationStatus, Living, Outcome, Speaker
from ecoop.governance.audit import Action
from ecoop.governance.membership import EventKind
from ecoop.governance.statutes import PartyKind
from ecoop.models import (
    Application,
    ApplicationAcceptance,
    ApplicationLink,
    Cooperative,
)
from ecoop.services import audit, parties
from ecoop.services.application_story import (
    LINK_LIFETIME,
    LONGEST_TEXT,
    ApplicationReason,
    Said,
    digest_of_secret,
    end_application,
    enter,
    facts_of,
    give_to_board,
    issue_link,
    kept_text,
    read_said,
    say,
    settle_when_empty,
    status_in,
)
from ecoop.services.application_texts import TextView, is_open, read_texts
from ecoop.services.attempts import allow_attempt
from ecoop.services.duplicates import find_alike
from ecoop.services.parties import FIELDS, PartyFacts

CONFIRM_WITHIN = timedelta(days=7)
"""What is not confirmed by then is blanked."""
PER_ADDRESS_A_DAY, PER_NETWORK_A_DAY, PER_COOPERATIVE_A_DAY = 3, 20, 300
BLANK = (*(name for name in FIELDS if name not in {"country", "language"}), "representative", "remark")
"""What is personal in an application."""


class JoiningReason(StrEnum):
    """Why an application cannot be made or changed."""

    CLOSED = "joining_closed"
    EMAIL_MISSING = "joining_email_missing"
    CLASS_MISSING = "joining_class_missing"
    BIRTH_DATE_MISSING = "joining_birth_date_missing"
    REPRESENTATIVE_MISSING = "joining_representative_missing"
    REGISTRATION_NUMBER_MISSING = "joining_registration_number_missing"
    NOT_ACCEPTED = "joining_not_accepted"
    TEXT_TOO_LONG = "joining_text_too_long"
    LINK_SPENT = "joining_link_spent"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewApplication:
    """What a newcomer filled in. `accepted` holds the numbers of the texts that were ticked."""

    kind: PartyKind
    facts: PartyFacts
    class_code: str | None
    living: Living | None = None
    representative: str | None = None
    remark: str | None = None
    accepted: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """An application that waits for its link to be used: to whom the letter goes."""

    application_id: int
    name: str
    email: str
    language: str
    secret: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnApplication:
    """An application as its applicant sees it through the link in a letter."""

    id: int
    status: ApplicationStatus
    name: str | None
    asked_at: datetime
    said: tuple[Said, ...]


def apply(
    session: ScopedSession, *, cooperative_id: int, new: NewApplication, network: str, now: datetime
) -> Submitted | None:
    """Keep what a newcomer filled in until the link in a letter is used; None where this was tried too often.

    The caller answers the same either way. Raises InvalidInput naming every problem, Refused where the cooperative
    takes no applications through the web.
    """
    if not is_open(session, cooperative_id=cooperative_id):
        raise Refused(JoiningReason.CLOSED)
    texts = read_texts(session, cooperative_id=cooperative_id, language=new.facts.language)
    facts = _checked(new, texts, today=clock.legal_day(now))
    assert facts.email is not None  # noqa: S101  asked for by the check
    if not _within_limits(session, cooperative_id, facts.email, network, now):
        return None
    row = Application(
        cooperative_id=cooperative_id, kind=new.kind, class_code=new.class_code or None, living=new.living,
        representative=_one_line(new.representative), remark=kept_text(new.remark), asked_at=now,
        **{name: getattr(facts, name) for name in FIELDS},
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add_all(
        ApplicationAcceptance(
            cooperative_id=cooperative_id, application_id=row.id, text_id=one.id, digest=one.digest, accepted_at=now
        )
        for one in to_accept(texts)
    )
    secret = issue_link(session, cooperative_id=cooperative_id, application_id=row.id, until=now + CONFIRM_WITHIN)
    return Submitted(
        application_id=row.id, name=facts.name, email=facts.email, language=facts.language, secret=secret,
        until=now + CONFIRM_WITHIN,
    )  # fmt: skip


def to_accept(texts: Iterable[TextView]) -> tuple[TextView, ...]:
    """Of these texts, those that an applicant accepts."""
    return tuple(one for one in texts if one.is_accepted)


def _checked(new: NewApplication, texts: Iterable[TextView], *, today: date) -> PartyFacts:
    problems = list(_doubts(new, texts))
    facts = new.facts
    try:
        facts = parties.normal_facts(new.facts, new.kind, today=today)
    except InvalidInput as invalid:
        problems = [*invalid.problems, *problems]
    if problems:
        raise InvalidInput(tuple(problems))
    return facts


def _doubts(new: NewApplication, texts: Iterable[TextView]) -> Iterator[Problem]:
    facts = new.facts
    if not (facts.email or "").strip():
        yield Problem(key="email", reason=JoiningReason.EMAIL_MISSING)
    if not new.class_code:
        yield Problem(key="class_code", reason=JoiningReason.CLASS_MISSING)
    if new.kind is PartyKind.PERSON and facts.birth_date is None:
        yield Problem(key="birth_date", reason=JoiningReason.BIRTH_DATE_MISSING)
    if new.kind not in {PartyKind.PERSON, PartyKind.HOUSEHOLD}:
        yield from _doubt_organisation(new)
    if len(new.representative or "") > parties.LONGEST["name"]:
        yield _too_long("representative", parties.LONGEST["name"])
    if len(new.remark or "") > LONGEST_TEXT:
        yield _too_long("remark", LONGEST_TEXT)
    for one in to_accept(texts):
        if one.id not in new.accepted:
            yield Problem(key=one.kind.value, reason=JoiningReason.NOT_ACCEPTED)


def _doubt_organisation(new: NewApplication) -> Iterator[Problem]:
    if not new.facts.registration_number:
        yield Problem(key="registration_number", reason=JoiningReason.REGISTRATION_NUMBER_MISSING)
    if _one_line(new.representative) is None:
        yield Problem(key="representative", reason=JoiningReason.REPRESENTATIVE_MISSING)


def _too_long(key: str, maximum: int) -> Problem:
    return Problem(key=key, reason=JoiningReason.TEXT_TOO_LONG, details={"maximum": maximum})


def _within_limits(session: ScopedSession, cooperative_id: int, email: str, network: str, now: datetime) -> bool:
    limits = (
        ("apply", f"{cooperative_id}:{email}", PER_ADDRESS_A_DAY),
        ("apply_from", network, PER_NETWORK_A_DAY),
        ("apply_in", str(cooperative_id), PER_COOPERATIVE_A_DAY),
    )
    day = timedelta(days=1)
    counted = [allow_attempt(session, kind, one, limit=limit, now=now, window=day) for kind, one, limit in limits]
    return all(counted)


# through the link in a letter


def read_by_link(session: ScopedSession, secret: str, *, cooperative_id: int, now: datetime) -> OwnApplication:
    """The own application. Raises Refused where the link opens nothing (any more)."""
    row = _behind(session, cooperative_id, secret, now)
    said = read_said(session, cooperative_id=cooperative_id, application_ids=[row.id]).get(row.id, ())
    return OwnApplication(
        id=row.id, status=status_in(row, said), name=row.name, asked_at=row.asked_at, said=said
    )  # fmt: skip


def confirm(session: ScopedSession, secret: str, *, cooperative_id: int, now: datetime) -> None:
    """The applicant says that it is right: from now on it waits for the board. Using the link twice changes nothing.

    Who is alike to nobody becomes a party with an application in the register. Who may be known already waits until
    somebody said whether it is the same, so that nobody is made twice.
    """
    row = _behind(session, cooperative_id, secret, now, held=True)
    if row.outcome is not None:
        raise Refused(JoiningReason.LINK_SPENT)
    if row.confirmed_at is not None:
        return
    row.confirmed_at = now
    _lengthen(session, row, now)
    facts = facts_of(row)
    alike = find_alike(session, cooperative_id=cooperative_id, facts=facts, kind=row.kind)
    if not any(one.is_likely for one in alike):
        enter(session, row, now=now)
    session.flush()
    give_to_board(session, cooperative_id=cooperative_id, now=now)
    audit.record(
        session, None, Action.APPLICATION_RECEIVED, cooperative_id=cooperative_id, subject=f"application:{row.id}",
        now=now,
    )  # fmt: skip


def answer(session: ScopedSession, secret: str, text: str, *, cooperative_id: int, now: datetime) -> None:
    """The applicant answers the board, or adds something. Raises InvalidInput or Refused."""
    row = _behind(session, cooperative_id, secret, now, held=True)
    if row.outcome is not None or row.confirmed_at is None:
        raise Refused(ApplicationReason.NOT_OPEN)
    say(session, row, Speaker.APPLICANT, text, by_id=None, now=now)
    give_to_board(session, cooperative_id=cooperative_id, now=now)
    audit.record(
        session, None, Action.APPLICATION_ANSWERED, cooperative_id=cooperative_id, subject=f"application:{row.id}",
        now=now,
    )  # fmt: skip


def withdraw(session: ScopedSession, secret: str, *, cooperative_id: int, now: datetime) -> None:
    """The applicant takes the application back. One that was not confirmed is blanked at once."""
    row = _behind(session, cooperative_id, secret, now, held=True)
    if row.outcome is not None:
        raise Refused(ApplicationReason.NOT_OPEN)
    if row.confirmed_at is None:
        _expire(session, row, now)
    else:
        row.outcome, row.closed_at = Outcome.WITHDRAWN, now
        end_application(session, row, EventKind.WITHDRAWN, now=now)
        settle_when_empty(session, cooperative_id=cooperative_id, by_id=None, now=now)
    session.flush()
    audit.record(
        session, None, Action.APPLICATION_WITHDRAWN, cooperative_id=cooperative_id, subject=f"application:{row.id}",
        now=now,
    )  # fmt: skip


# what is never confirmed


def blank_unconfirmed(database: Database, *, now: datetime) -> int:
    """Blank, in every cooperative, what was filled in and never confirmed; how many. Harmless to do twice."""
    with database.work(Scope()) as session:
        ids = frozenset(session.scalars(select(Cooperative.id)))
    with database.work(Scope(cooperative_ids=ids, may_write=True)) as session:
        rows = session.scalars(
            select(Application)
            .where(
                Application.confirmed_at.is_(None),
                Application.outcome.is_(None),
                Application.asked_at <= now - CONFIRM_WITHIN,
            )
            .with_for_update()
        ).all()
        for row in rows:
            _expire(session, row, now)
        for cooperative_id in sorted({row.cooperative_id for row in rows}):
            count = sum(row.cooperative_id == cooperative_id for row in rows)
            audit.record(
                session, None, Action.APPLICATIONS_EXPIRED, cooperative_id=cooperative_id, details={"count": count},
                now=now,
            )  # fmt: skip
    return len(rows)


def _expire(session: ScopedSession, row: Application, now: datetime) -> None:
    for name in BLANK:
        setattr(row, name, None)
    row.outcome, row.closed_at, row.blanked_at = Outcome.EXPIRED, now, now
    session.flush()


def _behind(
    session: ScopedSession, cooperative_id: int, secret: str, now: datetime, *, held: bool = False
) -> Application:
    linked = exists().where(
        ApplicationLink.cooperative_id == Application.cooperative_id,
        ApplicationLink.application_id == Application.id,
        ApplicationLink.digest == digest_of_secret(secret),
        ApplicationLink.until > now,
    )
    query = select(Application).where(Application.cooperative_id == cooperative_id, linked)
    row = session.scalar(query.with_for_update() if held else query)
    if row is None or row.outcome is Outcome.EXPIRED:
        raise Refused(JoiningReason.LINK_SPENT)
    return row


def _lengthen(session: ScopedSession, row: Application, now: datetime) -> None:
    """The link that confirmed goes on to open the application, to answer and to withdraw."""
    for link in session.scalars(
        select(ApplicationLink).where(
            ApplicationLink.cooperative_id == row.cooperative_id, ApplicationLink.application_id == row.id
        )
    ):
        link.until = now + LINK_LIFETIME


def _one_line(text: str | None) -> str | None:
    return " ".join((text or "").split()) or None
