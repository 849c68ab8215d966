"""Deciding on applications: who it is, asking, admitting and refusing. Several at once are all decided, or none."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, InvalidInput, NotFound, Problem
from ecoop.governance.admission import Outcome, RefusalReason, Speaker, TextKind, age_on
from ecoop.governance.audit import Action, Detail
from ecoop.governance.membership import EventKind, Standing, Status
from ecoop.governance.roles import Actor, Permission
from ecoop.governance.statutes import Statutes
from ecoop.models import Application, Membership, Party
from ecoop.services import audit, memberships
from ecoop.services.application_story import (
    LINK_LIFETIME,
    LONGEST_TEXT,
    enter,
    enter_as,
    facts_of,
    issue_link,
    kept_text,
    say,
    settle_when_empty,
)
from ecoop.services.application_texts import TextView, read_texts
from ecoop.services.memberships import NewEvent

LONGEST_DECISION = 120


class AdmissionReason(StrEnum):
    """Why an application cannot be decided so. Each names whose it is, because several are decided at once."""

    NONE_CHOSEN = "admission_none_chosen"
    DECIDED = "admission_decided"
    WHO_FIRST = "admission_who_first"
    IS_MEMBER = "admission_is_member"
    CLASS_MISSING = "admission_class_missing"
    CLASS_UNKNOWN = "admission_class_unknown"
    CLASS_NOT_OPEN = "admission_class_not_open"
    TOO_YOUNG = "admission_too_young"
    BEFORE_APPLICATION = "admission_before_application"
    DECISION_TOO_LONG = "admission_decision_too_long"
    WORDS_MISSING = "admission_words_missing"
    WORDS_TOO_LONG = "admission_words_too_long"
    REASON_MISSING = "admission_reason_missing"
    ANOTHER_OPEN = "admission_another_open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """To whom a letter about an application goes."""

    name: str
    email: str | None
    postal_address: str | None
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """Somebody who was admitted: what the letter says."""

    application_id: int
    membership_id: int
    reader: Reader
    number: int
    class_code: str
    valid_from: date
    is_return: bool
    """A member of before: the number is the one they had."""
    decision: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """Somebody who was refused: what the letter says."""

    application_id: int
    reader: Reader
    reason: RefusalReason
    words: str | None
    appeal: TextView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Questioned:
    """A question for an applicant, with the secret of the link where it is answered."""

    application_id: int
    reader: Reader
    text: str
    secret: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmissionChoice:
    """How applications are admitted. `class_code` None: each as it asked."""

    valid_from: date
    class_code: str | None = None
    decision: str | None = None


def say_who(
    session: ScopedSession,
    actor: Actor,
    *,
    cooperative_id: int,
    application_id: int,
    party_id: int | None,
    now: datetime,
) -> None:
    """Say whose application it is: that of a party that is known, or (None) of somebody new. Raises NotFound."""
    _require(actor)
    (row,) = _held(session, cooperative_id, [application_id])
    problems = [*_doubt_open(row), *_doubt_other(session, row, party_id)]
    if row.party_id is not None:
        problems = problems or [_problem(row, AdmissionReason.DECIDED)]
    if problems:
        raise InvalidInput(tuple(problems))
    if party_id is None:
        enter(session, row, now=now)
    else:
        known = session.scalar(
            select(Party.id).where(
                Party.cooperative_id == cooperative_id, Party.id == party_id, Party.merged_into_id.is_(None)
            )
        )
        if known is None:
            raise NotFound
        enter_as(session, row, party_id=party_id, now=now)
    _record(session, actor, Action.APPLICATION_MATCHED, row, {"party_id": row.party_id}, now=now)


def _doubt_other(session: ScopedSession, row: Application, party_id: int | None) -> Iterator[Problem]:
    """One party has one open application."""
    if party_id is None:
        return
    other = select(Application.id).where(
        Application.cooperative_id == row.cooperative_id,
        Application.party_id == party_id,
        Application.outcome.is_(None),
        Application.id != row.id,
    )
    if session.scalar(other.limit(1)) is not None:
        yield _problem(row, AdmissionReason.ANOTHER_OPEN)


def ask(
    session: ScopedSession, actor: Actor, *, cooperative_id: int, application_id: int, text: str, now: datetime
) -> Questioned:
    """Put a question to an applicant: it waits for the applicant from now on. Raises InvalidInput."""
    _require(actor)
    (row,) = _held(session, cooperative_id, [application_id])
    problems = tuple(_doubt_open(row))
    if problems:
        raise InvalidInput(problems)
    say(session, row, Speaker.BOARD, text, by_id=actor.account_id, now=now)
    until = now + LINK_LIFETIME
    secret = issue_link(session, cooperative_id=cooperative_id, application_id=row.id, until=until)
    settle_when_empty(session, cooperative_id=cooperative_id, by_id=actor.account_id, now=now)
    _record(session, actor, Action.APPLICATION_ASKED, row, {}, now=now)
    return Questioned(
        application_id=row.id, reader=_reader(row), text=kept_text(text) or "", secret=secret, until=until
    )


def admit(
    session: ScopedSession,
    actor: Actor,
    *,
    cooperative_id: int,
    application_ids: Iterable[int],
    choice: AdmissionChoice,
    statutes: Statutes | None,
    now: datetime,
) -> tuple[Admitted, ...]:
    """Admit them all, each with the next number, or none: raises InvalidInput naming every problem of each.

    Who was a member before becomes one again under the number of then, and the times before stay in the register.
    """
    _require(actor)
    rows = _held(session, cooperative_id, application_ids)
    standings = {row.id: _standing(session, row, choice.valid_from) for row in rows}
    problems = [problem for row in rows for problem in _doubt_admission(row, standings[row.id], choice, statutes)]
    decision = " ".join((choice.decision or "").split()) or None
    if len(decision or "") > LONGEST_DECISION:
        details = {"maximum": LONGEST_DECISION}
        problems.append(Problem(key="decision", reason=AdmissionReason.DECISION_TOO_LONG, details=details))
    if problems:
        raise InvalidInput(tuple(problems))
    done = tuple(_admit_one(session, actor, row, choice, decision, now) for row in rows)
    settle_when_empty(session, cooperative_id=cooperative_id, by_id=actor.account_id, now=now)
    return done


def _admit_one(
    session: ScopedSession,
    actor: Actor,
    row: Application,
    choice: AdmissionChoice,
    decision: str | None,
    now: datetime,
) -> Admitted:
    class_code = choice.class_code or row.class_code
    assert class_code is not None and row.membership_id is not None  # noqa: S101, PT018  checked
    standing = _standing(session, row, choice.valid_from)
    is_return = standing is not None and bool(standing.periods)
    kind = EventKind.READMITTED if is_return else EventKind.ADMITTED
    new = NewEvent(kind=kind, valid_from=choice.valid_from, class_code=class_code, why=decision)
    memberships.add_event(
        session, actor, cooperative_id=row.cooperative_id, membership_id=row.membership_id, new=new, now=now
    )
    number = session.scalars(
        select(Membership.number).where(
            Membership.cooperative_id == row.cooperative_id, Membership.id == row.membership_id
        )
    ).one()
    assert number is not None  # noqa: S101  given out on admission
    row.outcome, row.closed_at, row.closed_by_id, row.decision = Outcome.ADMITTED, now, actor.account_id, decision
    session.flush()
    _record(session, actor, Action.APPLICATION_ADMITTED, row, {"membership_number": number}, now=now)
    return Admitted(
        application_id=row.id, membership_id=row.membership_id, reader=_reader(row), number=number,
        class_code=class_code, valid_from=choice.valid_from, is_return=is_return, decision=decision,
    )  # fmt: skip


def refuse(
    session: ScopedSession,
    actor: Actor,
    *,
    cooperative_id: int,
    application_ids: Iterable[int],
    reason: RefusalReason | None,
    words: str | None,
    decision: str | None = None,
    now: datetime,
) -> tuple[Declined, ...]:
    """Refuse them all, or none: raises InvalidInput. The board's own words go in the letter and in the trail's notes.

    Somebody whose application is refused may have a way to appeal; the text about that is the cooperative's own.
    """
    _require(actor)
    rows = _held(session, cooperative_id, application_ids)
    kept = kept_text(words)
    problems = [problem for row in rows for problem in _doubt_open(row)]
    if reason is None:
        problems.append(Problem(key="reason", reason=AdmissionReason.REASON_MISSING))
    elif reason is RefusalReason.OTHER and kept is None:
        problems.append(Problem(key="words", reason=AdmissionReason.WORDS_MISSING))
    for key, text, longest in (("words", kept, LONGEST_TEXT), ("decision", decision, LONGEST_DECISION)):
        if len(text or "") > longest:
            problems.append(Problem(key=key, reason=AdmissionReason.WORDS_TOO_LONG, details={"maximum": longest}))
    if problems or reason is None:
        raise InvalidInput(tuple(problems))
    decided = " ".join((decision or "").split()) or None
    done = tuple(_refuse_one(session, actor, row, reason, kept, decided, now) for row in rows)
    settle_when_empty(session, cooperative_id=cooperative_id, by_id=actor.account_id, now=now)
    return done


def _refuse_one(
    session: ScopedSession,
    actor: Actor,
    row: Application,
    reason: RefusalReason,
    words: str | None,
    decision: str | None,
    now: datetime,
) -> Declined:
    texts = read_texts(session, cooperative_id=row.cooperative_id, language=row.language)
    appeal = next((one for one in texts if one.kind is TextKind.APPEAL), None)
    row.outcome, row.closed_at, row.closed_by_id = Outcome.REFUSED, now, actor.account_id
    row.refusal, row.decision, row.appeal_id = reason, decision, appeal.id if appeal else None
    session.flush()
    day = clock.legal_day(now)
    standing = _standing(session, row, day)
    if row.membership_id is not None and standing is not None and standing.status is Status.APPLICANT:
        new = NewEvent(kind=EventKind.REFUSED, valid_from=day, why=words)
        memberships.add_event(
            session, actor, cooperative_id=row.cooperative_id, membership_id=row.membership_id, new=new, now=now
        )
    _record(session, actor, Action.APPLICATION_REFUSED, row, {"refusal": reason.value}, why=words, now=now)
    return Declined(application_id=row.id, reader=_reader(row), reason=reason, words=words, appeal=appeal)


def _doubt_open(row: Application) -> Iterator[Problem]:
    if row.outcome is not None:
        yield _problem(row, AdmissionReason.DECIDED)


def _doubt_admission(
    row: Application, standing: Standing | None, choice: AdmissionChoice, statutes: Statutes | None
) -> Iterator[Problem]:
    if row.outcome is not None:
        yield _problem(row, AdmissionReason.DECIDED)
        return
    if standing is None:
        yield _problem(row, AdmissionReason.WHO_FIRST)
    elif standing.is_member:
        yield _problem(row, AdmissionReason.IS_MEMBER)
    elif standing.status is not Status.APPLICANT:
        yield _problem(row, AdmissionReason.BEFORE_APPLICATION)
    yield from _doubt_class(row, choice.class_code or row.class_code, statutes)
    youngest = statutes.minimum_age if statutes is not None else None
    if youngest is not None and row.birth_date is not None and age_on(row.birth_date, choice.valid_from) < youngest:
        yield _problem(row, AdmissionReason.TOO_YOUNG, minimum=youngest)


def _doubt_class(row: Application, class_code: str | None, statutes: Statutes | None) -> Iterator[Problem]:
    if class_code is None:
        yield _problem(row, AdmissionReason.CLASS_MISSING)
    elif statutes is not None:
        wanted = statutes.class_called(class_code)
        if wanted is None:
            yield _problem(row, AdmissionReason.CLASS_UNKNOWN)
        elif row.kind not in wanted.open_to:
            yield _problem(row, AdmissionReason.CLASS_NOT_OPEN)


def _problem(row: Application, reason: AdmissionReason, **details: object) -> Problem:
    return Problem(key="", reason=reason, details={"name": row.name or "–", **details})


def _standing(session: ScopedSession, row: Application, day: date) -> Standing | None:
    if row.membership_id is None:
        return None
    return memberships.read_standing(
        session, cooperative_id=row.cooperative_id, membership_id=row.membership_id, day=day
    )


def _require(actor: Actor) -> None:
    if not actor.may(Permission.KEEP_REGISTER):
        raise Forbidden


def _held(session: ScopedSession, cooperative_id: int, ids: Iterable[int]) -> Sequence[Application]:
    """The applications, held until the work is done, in the order in which they came. Raises NotFound."""
    wanted = sorted(set(ids))
    if not wanted:
        raise InvalidInput((Problem(key="", reason=AdmissionReason.NONE_CHOSEN),))
    rows = session.scalars(
        select(Application)
        .where(
            Application.cooperative_id == cooperative_id,
            Application.id.in_(wanted),
            Application.confirmed_at.is_not(None),
        )
        .order_by(Application.confirmed_at, Application.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if len(rows) < len(wanted):
        raise NotFound
    return rows


def _reader(row: Application) -> Reader:
    facts = facts_of(row)
    street = " ".join(part for part in (facts.street, facts.house_number) if part)
    place = "  ".join(part for part in (facts.postcode, facts.city) if part)
    address = "\n".join(part for part in (street, place) if part)
    return Reader(name=facts.name, email=facts.email, postal_address=address or None, language=facts.language)


def _record(
    session: ScopedSession,
    actor: Actor,
    action: Action,
    row: Application,
    details: dict[str, Detail],
    *,
    why: str | None = None,
    now: datetime,
) -> None:
    audit.record(
        session, actor, action, cooperative_id=row.cooperative_id, subject=f"application:{row.id}", details=details,
        why=why, now=now,
    )  # fmt: skip
