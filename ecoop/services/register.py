"""The register of members at a date, as it is known now or was known then: lists, counts and who may vote."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, NotFound
from ecoop.governance.membership import IS_MEMBER, Standing, Status
from ecoop.governance.register_fields import Field, may_see, withheld_from
from ecoop.governance.roles import Actor, Permission
from ecoop.governance.statutes import PartyKind
from ecoop.models import Membership, MembershipSpan, Party, PartyRecord
from ecoop.services.memberships import read_standing
from ecoop.services.parties import PartyView, holding_on, plain, read_party, without

AT_ONCE = 50
"""Members on a page."""


class Order(StrEnum):
    """In which order a list stands."""

    NAME = "name"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterQuestion:
    """What is asked of the register: the day, when it was known (None: now), and which lines."""

    day: date
    known_at: datetime | None = None
    statuses: frozenset[Status] = IS_MEMBER
    class_code: str | None = None
    text: str = ""
    """Part of a name, a number, a street or an e-mail address."""
    order: Order = Order.NAME
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterLine:
    """One line of the register."""

    membership_id: int
    party_id: int
    number: int | None
    name: str
    kind: PartyKind
    street: str | None
    house_number: str | None
    postcode: str | None
    city: str | None
    status: Status
    class_code: str | None
    member_since: date | None
    since: date
    notice_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPage:
    """A page of the register, how many lines there are in all, and how many members per status that day."""

    lines: tuple[RegisterLine, ...]
    count: int
    page: int
    pages: int
    counts: Mapping[Status, int]


def read_register(
    session: ScopedSession, actor: Actor, *, cooperative_id: int, asked: RegisterQuestion
) -> RegisterPage:
    """A page of the register. The number of queries does not depend on the number of members.

    Only keys are put in order, and the rows of one page fetched by them: sorting whole rows costs twice as much.
    """
    if not actor.may(Permission.SEE_REGISTER):
        raise Forbidden
    counts = read_counts(session, cooperative_id=cooperative_id, day=asked.day, known_at=asked.known_at)
    wanted = _lines(cooperative_id, asked, actor)
    keys = wanted.with_only_columns(Membership.id, MembershipSpan.id, PartyRecord.id, maintain_column_froms=True)
    if asked.class_code is None and not asked.text.strip():
        count = sum(counts.get(status, 0) for status in asked.statuses)
        page, pages = _which(asked.page, count)
        found = session.execute(keys.limit(AT_ONCE).offset((page - 1) * AT_ONCE)).all()
    else:  # to count what fits, everything must be looked at: once is enough
        every = session.execute(keys).all()
        count = len(every)
        page, pages = _which(asked.page, count)
        found = every[(page - 1) * AT_ONCE : page * AT_ONCE]
    rows = session.execute(
        wanted.where(
            Membership.id.in_([membership_id for membership_id, _span_id, _record_id in found]),
            MembershipSpan.id.in_([span_id for _membership_id, span_id, _record_id in found]),
            PartyRecord.id.in_([record_id for _membership_id, _span_id, record_id in found]),
        )
    )
    lines = tuple(_line(membership, span, party, record) for membership, span, party, record in rows)
    return RegisterPage(lines=lines, count=count, page=page, pages=pages, counts=counts)


def _which(wanted: int, count: int) -> tuple[int, int]:
    """The page that is shown, and how many there are."""
    pages = max(1, -(-count // AT_ONCE))
    return min(max(1, wanted), pages), pages


def read_whole_register(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, asked: RegisterQuestion
) -> tuple[RegisterLine, ...]:
    """Every line at once, in order of number: for a list on paper or in a file. `actor` None: the command line."""
    if actor is not None and not actor.may(Permission.SEE_REGISTER):
        raise Forbidden
    rows = session.execute(_lines(cooperative_id, asked, actor))
    return tuple(_line(membership, span, party, record) for membership, span, party, record in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberView:
    """One member: the party, and what it is on a day. What happened is told by `member_story`."""

    membership_id: int
    number: int | None
    party: PartyView
    standing: Standing


def read_member(
    session: ScopedSession, actor: Actor, *, cooperative_id: int, membership_id: int, day: date
) -> MemberView:
    """One member as it is known now, without what is not for `actor`. Raises NotFound."""
    if not actor.may(Permission.SEE_REGISTER):
        raise Forbidden
    withheld = withheld_from(actor)
    row = session.scalar(
        select(Membership).where(Membership.cooperative_id == cooperative_id, Membership.id == membership_id)
    )
    if row is None:
        raise NotFound
    return MemberView(
        membership_id=membership_id,
        number=row.number,
        party=without(read_party(session, cooperative_id=cooperative_id, party_id=row.party_id, day=day), withheld),
        standing=read_standing(session, cooperative_id=cooperative_id, membership_id=membership_id, day=day),
    )


def find_account(session: ScopedSession, *, cooperative_id: int, party_id: int) -> int | None:
    """The login of a party, if it has one."""
    return session.scalar(select(Party.account_id).where(Party.cooperative_id == cooperative_id, Party.id == party_id))


def read_counts(
    session: ScopedSession, *, cooperative_id: int, day: date, known_at: datetime | None = None
) -> dict[Status, int]:
    """How many there are of each status on `day`."""
    rows = session.execute(
        select(MembershipSpan.status, func.count())
        .where(MembershipSpan.cooperative_id == cooperative_id, *_spans_on(day, known_at))
        .group_by(MembershipSpan.status)
    )
    return {status: count for status, count in rows}  # noqa: C416  rows are no pairs to the type checker


def _lines(
    cooperative_id: int, asked: RegisterQuestion, actor: Actor | None
) -> Select[Membership, MembershipSpan, Party, PartyRecord]:
    query = (
        select(Membership, MembershipSpan, Party, PartyRecord)
        .join(
            MembershipSpan,
            and_(
                MembershipSpan.cooperative_id == Membership.cooperative_id,
                MembershipSpan.membership_id == Membership.id,
            ),
        )
        .join(Party, and_(Party.cooperative_id == Membership.cooperative_id, Party.id == Membership.party_id))
        .join(
            PartyRecord,
            and_(PartyRecord.cooperative_id == Membership.cooperative_id, PartyRecord.party_id == Membership.party_id),
        )
        .where(
            Membership.cooperative_id == cooperative_id,
            MembershipSpan.status.in_(sorted(asked.statuses)),
            *_spans_on(asked.day, asked.known_at),
            *holding_on(asked.day, asked.known_at),
        )
    )
    if asked.class_code is not None:
        query = query.where(MembershipSpan.class_code == asked.class_code)
    if asked.text.strip():
        query = query.where(_matching(asked.text, by_email=may_see(actor, Field.EMAIL)))
    first = PartyRecord.name_key if asked.order is Order.NAME else _number()
    return query.order_by(first, _number(), Membership.id)


NUMBERED = frozenset({Status.MEMBER, Status.SUSPENDED, Status.FORMER})
"""Who has a number on a day. A list of the past does not tell the number that an applicant got later."""


def _number() -> ColumnElement[int | None]:
    return case((MembershipSpan.status.in_(sorted(NUMBERED)), Membership.number))


def _spans_on(day: date, known_at: datetime | None) -> tuple[ColumnElement[bool], ...]:
    return MembershipSpan.starts_on <= day, MembershipSpan.ends_on > day, spans_known_at(known_at)


def spans_known_at(known_at: datetime | None) -> ColumnElement[bool]:
    """The spans as they are known now (None), or were known at an instant."""
    if known_at is None:
        return MembershipSpan.known_until.is_(None)
    until = or_(MembershipSpan.known_until.is_(None), MembershipSpan.known_until > known_at)
    return and_(MembershipSpan.known_from <= known_at, until)


def _matching(text: str, *, by_email: bool) -> ColumnElement[bool]:
    """Every word occurs in the name, or the whole is a number, a postcode or the beginning of an address."""
    words = plain(text).split()
    named = and_(*(PartyRecord.name_key.contains(word, autoescape=True) for word in words))
    tight = "".join(text.split()).upper()
    postcode = f"{tight[:4]} {tight[4:]}" if len(tight) > 4 else tight
    other = [
        PartyRecord.postcode.startswith(postcode, autoescape=True),
        PartyRecord.street.startswith(text.strip(), autoescape=True),
    ]
    if by_email:  # finding somebody by an address tells whose it is
        other.append(PartyRecord.email == text.strip().lower())
    if tight.isdecimal() and len(tight) < 10:
        other.append(Membership.number == int(tight))
    return or_(named, *other)


def _line(membership: Membership, span: MembershipSpan, party: Party, record: PartyRecord) -> RegisterLine:
    return RegisterLine(
        membership_id=membership.id,
        party_id=party.id,
        number=membership.number if span.status in NUMBERED else None,
        name=record.name,
        kind=party.kind,
        street=record.street,
        house_number=record.house_number,
        postcode=record.postcode,
        city=record.city,
        status=span.status,
        class_code=span.class_code,
        member_since=span.member_since,
        since=span.starts_on,
        notice_on=span.notice_on,
    )
