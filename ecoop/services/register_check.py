"""A look at the whole register: what contradicts itself, the statutes, or what the platform lets people do.

The quick look asks the database for what is wrong and is cheap enough for a first page; the thorough one also reads
every event again and every frozen roll.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from itertools import groupby

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, Refused
from ecoop.governance.membership import IS_MEMBER, EventKind, MembershipEvent, Status, spans
from ecoop.governance.offices import OfficeWarning, Warned
from ecoop.governance.representation import Matter
from ecoop.governance.roles import Actor, Permission
from ecoop.governance.statutes import PartyKind, Statutes
from ecoop.models import (
    AuditEntry,
    Membership,
    MembershipEventRow,
    MembershipSpan,
    NumberSeries,
    Party,
    PartyRecord,
    Representation,
)
from ecoop.models.parties import FOREVER
from ecoop.services import memberships, offices, voters
from ecoop.services.names import read_member_names
from ecoop.services.statutes import StatutesView, read_statutes


class Severity(StrEnum):
    """How bad it is."""

    WRONG = "wrong"
    DOUBT = "doubt"
    REMINDER = "reminder"


class Code(StrEnum):
    """What was found. Warnings about offices and conflicts of the statutes keep their own codes."""

    SPANS_DIFFER = "check_spans_differ"
    NUMBER_ABOVE_SERIES = "check_number_above_series"
    NUMBER_MISSING = "check_number_missing"
    STATUTES_MISSING = "check_statutes_missing"
    CLASS_UNKNOWN = "check_class_unknown"
    CLASS_NOT_OPEN = "check_class_not_open"
    NO_REPRESENTATIVE = "check_no_representative"
    SUSPENDED_WITHOUT_REASON = "check_suspended_without_reason"
    TOO_YOUNG = "check_too_young"
    OFFICE_OF_ANNULLED_DECISION = "check_office_of_annulled_decision"
    ROLL_CHANGED = "check_roll_changed"


class Subject(StrEnum):
    """Where somebody can do something about it."""

    MEMBER = "member"
    STATUTES = "statutes"
    OFFICES = "offices"
    ROLL = "roll"
    REGISTER = "register"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was found: a code with what fills its sentence, and the page about it (`key` names the row)."""

    code: str
    severity: Severity
    subject: Subject
    key: int | None = None
    details: dict[str, object] = field(default_factory=dict)


_REMINDERS = frozenset({Warned.TERM_ENDS_SOON, Warned.TRADE_REGISTER})
_WRONG = frozenset({Warned.TERM_OVER, Warned.BOARD_TOO_SMALL, Warned.TOO_MANY_TERMS})


def check_register(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, day: date, thorough: bool = True
) -> tuple[Finding, ...]:
    """Everything that was found on `day`, worst first. `actor` is None on the command line."""
    if actor is not None and not actor.may(Permission.SEE_REGISTER):
        raise Forbidden
    statutes = read_statutes(session, cooperative_id=cooperative_id, day=day)
    rules = statutes.statutes if statutes else None
    found = [
        *_check_statutes(statutes),
        *_check_members(session, cooperative_id, rules, day),
        *_check_ages(session, cooperative_id, rules, day),
        *_check_numbers(session, cooperative_id),
        *_check_suspensions(session, cooperative_id, day),
        *check_offices(session, cooperative_id=cooperative_id, statutes=rules, day=day),
    ]
    if thorough:
        found += [*_check_spans(session, cooperative_id), *_check_rolls(session, cooperative_id)]
    order = list(Severity)
    named = _named(session, cooperative_id, found, day)
    return tuple(sorted(named, key=lambda one: (order.index(one.severity), one.code, str(one.details.get("name")))))


def _check_statutes(statutes: StatutesView | None) -> Iterator[Finding]:
    if statutes is None:
        yield Finding(code=Code.STATUTES_MISSING, severity=Severity.WRONG, subject=Subject.STATUTES)
        return
    for conflict in statutes.conflicts:
        yield Finding(code=conflict, severity=Severity.DOUBT, subject=Subject.STATUTES)


def _about(code: Code, membership_id: int, severity: Severity = Severity.WRONG, **details: object) -> Finding:
    return Finding(code=code, severity=severity, subject=Subject.MEMBER, key=membership_id, details=details)


def _check_members(
    session: ScopedSession, cooperative_id: int, statutes: Statutes | None, day: date
) -> Iterator[Finding]:
    """Members against the statutes: the class, for whom it is, and who speaks for whom, in one question."""
    known = {one.code: one for one in statutes.classes} if statutes is not None else {}
    speaks = (
        select(Representation.id)
        .where(
            Representation.cooperative_id == cooperative_id, Representation.represented_id == Party.id,
            Representation.matter == Matter.VOTE, Representation.known_until.is_(None),
            Representation.valid_from <= day, Representation.valid_until > day,
        )
        .exists()
    )  # fmt: skip
    doubtful = [and_(Party.kind != PartyKind.PERSON, ~speaks)]
    if statutes is not None:
        doubtful.append(MembershipSpan.class_code.not_in(sorted(known)))
        doubtful += [
            and_(MembershipSpan.class_code == one.code, Party.kind.not_in(sorted(one.open_to)))
            for one in statutes.classes
        ]
    rows = session.execute(
        select(Membership.id, MembershipSpan.class_code, Party.kind, speaks)
        .join(MembershipSpan, _spans_of(Membership.id))
        .join(Party, and_(Party.cooperative_id == Membership.cooperative_id, Party.id == Membership.party_id))
        .where(Membership.cooperative_id == cooperative_id, *_is_member(day), or_(*doubtful))
        .order_by(Membership.id)
    )
    for membership_id, class_code, kind, has_speaker in rows:
        of_class = known.get(class_code or "")
        if statutes is not None and of_class is None:
            yield _about(Code.CLASS_UNKNOWN, membership_id, class_code=class_code)
        elif of_class is not None and kind not in of_class.open_to:
            yield _about(Code.CLASS_NOT_OPEN, membership_id, Severity.DOUBT, class_code=class_code)
        votes = of_class is None or of_class.votes > 0
        if kind is not PartyKind.PERSON and not has_speaker and votes:
            yield _about(Code.NO_REPRESENTATIVE, membership_id, Severity.DOUBT)


def _spans_of(membership_id: ColumnElement[int] | object) -> ColumnElement[bool]:
    return and_(
        MembershipSpan.cooperative_id == Membership.cooperative_id, MembershipSpan.membership_id == membership_id
    )


def _is_member(day: date, statuses: Iterable[Status] = IS_MEMBER) -> tuple[ColumnElement[bool], ...]:
    return (
        MembershipSpan.status.in_(sorted(statuses)), MembershipSpan.known_until.is_(None),
        MembershipSpan.starts_on <= day, MembershipSpan.ends_on > day,
    )  # fmt: skip


def _check_ages(session: ScopedSession, cooperative_id: int, statutes: Statutes | None, day: date) -> Iterator[Finding]:
    if statutes is None or not statutes.minimum_age:
        return
    youngest = _years_before(day, statutes.minimum_age)
    rows = session.execute(
        select(Membership.id, PartyRecord.birth_date)
        .join(MembershipSpan, _spans_of(Membership.id))
        .join(
            PartyRecord,
            and_(PartyRecord.cooperative_id == Membership.cooperative_id, PartyRecord.party_id == Membership.party_id),
        )
        .where(
            Membership.cooperative_id == cooperative_id, *_is_member(day), PartyRecord.known_until.is_(None),
            PartyRecord.valid_from <= day, PartyRecord.valid_until > day, PartyRecord.birth_date > youngest,
        )
        .order_by(Membership.id)
    )  # fmt: skip
    for membership_id, _born in rows:
        yield _about(Code.TOO_YOUNG, membership_id, Severity.DOUBT, minimum=statutes.minimum_age)


def _years_before(day: date, years: int) -> date:
    """Who was born on that day is exactly so many years old; who was born on 29 February comes of age on 1 March."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 2, 28)


def _check_numbers(session: ScopedSession, cooperative_id: int) -> Iterator[Finding]:
    """Numbers above the last one given out, and members without one."""
    last = (
        select(NumberSeries.last)
        .where(NumberSeries.cooperative_id == cooperative_id, NumberSeries.name == memberships.SERIES)
        .scalar_subquery()
    )
    was_member = (
        select(MembershipSpan.id)
        .where(
            _spans_of(Membership.id), MembershipSpan.known_until.is_(None),
            MembershipSpan.status.in_(sorted(IS_MEMBER)),
        )
        .exists()
    )  # fmt: skip
    rows = session.execute(
        select(Membership.id, Membership.number)
        .where(
            Membership.cooperative_id == cooperative_id,
            or_(Membership.number > func.coalesce(last, 0), and_(Membership.number.is_(None), was_member)),
        )
        .order_by(Membership.id)
    )
    for membership_id, number in rows:
        if number is None:
            yield _about(Code.NUMBER_MISSING, membership_id)
        else:
            yield _about(Code.NUMBER_ABOVE_SERIES, membership_id, number=number)


def _check_suspensions(session: ScopedSession, cooperative_id: int, day: date) -> Iterator[Finding]:
    """Who is suspended without a reason in words or a decision. A reason that was erased was given once."""
    later = aliased(MembershipEventRow)
    newer = (
        select(later.id)
        .where(
            later.cooperative_id == MembershipEventRow.cooperative_id,
            later.membership_id == MembershipEventRow.membership_id, later.kind == EventKind.SUSPENDED,
            later.id > MembershipEventRow.id,
        )
        .exists()
    )  # fmt: skip
    rows = session.scalars(
        select(Membership.id)
        .join(MembershipSpan, _spans_of(Membership.id))
        .join(
            MembershipEventRow,
            and_(
                MembershipEventRow.cooperative_id == Membership.cooperative_id,
                MembershipEventRow.membership_id == Membership.id, MembershipEventRow.kind == EventKind.SUSPENDED,
            ),
        )
        .outerjoin(
            AuditEntry,
            and_(
                AuditEntry.cooperative_id == Membership.cooperative_id,
                AuditEntry.number == MembershipEventRow.audit_number,
            ),
        )
        .where(
            Membership.cooperative_id == cooperative_id, *_is_member(day, {Status.SUSPENDED}), ~newer,
            MembershipEventRow.decision_id.is_(None), AuditEntry.note_digest.is_(None),
        )
        .order_by(Membership.id)
    )  # fmt: skip
    for membership_id in rows:
        yield _about(Code.SUSPENDED_WITHOUT_REASON, membership_id, Severity.DOUBT)


def check_offices(
    session: ScopedSession, *, cooperative_id: int, statutes: Statutes | None, day: date
) -> tuple[Finding, ...]:
    """What the board should look at about its offices, under these statutes."""
    return tuple(_check_offices(session, cooperative_id, statutes, day))


def _check_offices(
    session: ScopedSession, cooperative_id: int, statutes: Statutes | None, day: date
) -> Iterator[Finding]:
    held = offices.read_offices(session, cooperative_id=cooperative_id, day=day)
    names = {one.party_id: one.name for one in held}
    warnings = offices.read_warnings(session, cooperative_id=cooperative_id, offices=held, statutes=statutes, day=day)
    logins = {one.account_id for one in warnings if one.account_id is not None}
    people = offices.read_account_names(session, logins) if logins else {}
    for one in warnings:
        yield _of_warning(one, names.get(one.party_id or 0) or people.get(one.account_id or 0, ""))
    for view in held:
        if view.decision_annulled and view.held.runs_on(day):
            details = {"name": view.name, "office": view.office, "number": view.decision}
            yield Finding(code=Code.OFFICE_OF_ANNULLED_DECISION, severity=Severity.WRONG, subject=Subject.OFFICES,
                          details={**details})  # fmt: skip


def _of_warning(one: OfficeWarning, name: str) -> Finding:
    severity = Severity.REMINDER if one.kind in _REMINDERS else Severity.DOUBT
    if one.kind in _WRONG:
        severity = Severity.WRONG
    told = {"name": name or None, "office": one.office, "day": one.day, "number": one.count}
    details: dict[str, object] = {key: value for key, value in told.items() if value is not None}
    return Finding(code=one.kind, severity=severity, subject=Subject.OFFICES, details=details)


def _check_spans(session: ScopedSession, cooperative_id: int) -> Iterator[Finding]:
    """Where what is kept for lists is not what the events say."""
    kept: dict[int, set[tuple[object, ...]]] = {}
    for row in session.execute(
        select(
            MembershipSpan.membership_id, MembershipSpan.status, MembershipSpan.class_code, MembershipSpan.starts_on,
            MembershipSpan.ends_on, MembershipSpan.member_since, MembershipSpan.notice_on,
        ).where(MembershipSpan.cooperative_id == cooperative_id, MembershipSpan.known_until.is_(None))
    ):  # fmt: skip
        kept.setdefault(row[0], set()).add(tuple(row[1:]))
    told: set[int] = set()
    for membership_id, events in _events(session, cooperative_id):
        wanted = {
            (one.status, one.class_code, one.starts_on, one.ends_on or FOREVER, one.member_since, one.notice_on)
            for one in spans(events)
        }
        told.add(membership_id)
        if wanted != kept.get(membership_id, set()):
            yield _about(Code.SPANS_DIFFER, membership_id)
    for membership_id in sorted(set(kept) - told):
        yield _about(Code.SPANS_DIFFER, membership_id)


def _events(session: ScopedSession, cooperative_id: int) -> Iterator[tuple[int, list[MembershipEvent]]]:
    rows = session.execute(
        select(
            MembershipEventRow.membership_id, MembershipEventRow.id, MembershipEventRow.kind,
            MembershipEventRow.valid_from, MembershipEventRow.recorded_at, MembershipEventRow.class_code,
            MembershipEventRow.end_reason, MembershipEventRow.corrects_id,
        )
        .where(MembershipEventRow.cooperative_id == cooperative_id)
        .order_by(MembershipEventRow.membership_id)
    )  # fmt: skip
    for membership_id, together in groupby(rows, key=lambda row: row[0]):
        yield membership_id, [
            MembershipEvent(
                id=key, kind=kind, valid_from=valid_from, recorded_at=recorded_at, class_code=class_code,
                end_reason=end_reason, corrects=corrects,
            )
            for _membership, key, kind, valid_from, recorded_at, class_code, end_reason, corrects in together
        ]  # fmt: skip


def _check_rolls(session: ScopedSession, cooperative_id: int) -> Iterator[Finding]:
    """Frozen rolls whose lines do not belong to their digest, or whose digest is not the one in the audit trail."""
    sealed = session.scalars(
        select(AuditEntry.details).where(
            AuditEntry.cooperative_id == cooperative_id, AuditEntry.action == "vote_roll.frozen"
        )
    ).all()
    for header in voters.read_frozen_rolls(session, None, cooperative_id=cooperative_id):
        try:
            voters.read_frozen(session, None, cooperative_id=cooperative_id, roll_id=header.id)
            holds = any(header.digest in details for details in sealed)
        except Refused:
            holds = False
        if not holds:
            yield Finding(code=Code.ROLL_CHANGED, severity=Severity.WRONG, subject=Subject.ROLL, key=header.id,
                          details={"day": header.day})  # fmt: skip


def _named(session: ScopedSession, cooperative_id: int, found: list[Finding], day: date) -> Iterator[Finding]:
    """The findings about members with their names, asked for all of them at once."""
    keys = {one.key for one in found if one.subject is Subject.MEMBER and one.key is not None}
    if not keys:
        yield from found
        return
    names = read_member_names(session, cooperative_id=cooperative_id, membership_ids=keys, day=day)
    for one in found:
        if one.subject is Subject.MEMBER:
            yield replace(one, details=one.details | {"name": names.get(one.key or 0, "")})
        else:
            yield one


def count_by_severity(found: Iterable[Finding]) -> dict[Severity, int]:
    """How many of each."""
    counts = dict.fromkeys(Severity, 0)
    for one in found:
        counts[one.severity] += 1
    return counts
