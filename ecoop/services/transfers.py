"""Handing a membership over with the dwelling: it ends on one side and begins on the other, as one act.

The leaver's membership ends as transferred and the successor's begins the same day under the successor's own number;
what belongs to the dwelling moves along. What moved is noted, so that undoing puts back both sides.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, select

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.governance.membership import EndReason, EventKind, Standing, standing_on
from ecoop.governance.roles import Actor
from ecoop.governance.statutes import PartyKind
from ecoop.models import Dwelling, Exit, Membership, Tenure
from ecoop.services import memberships, parties
from ecoop.services.dwellings import address_of
from ecoop.services.memberships import NewEvent
from ecoop.services.obligations import find_member
from ecoop.services.parties import PartyFacts
from ecoop.services.witnesses import held_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Successor:
    """Who takes over: somebody in the register by number, or somebody new with facts."""

    number: int | None = None
    kind: PartyKind = PartyKind.PERSON
    facts: PartyFacts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DwellingView:
    """A dwelling that somebody owns or rents."""

    id: int
    address: str


def read_dwellings(
    session: ScopedSession, *, cooperative_id: int, membership_id: int, day: date
) -> tuple[DwellingView, ...]:
    """What the party of a membership owns or rents on `day`, in order of address."""
    rows = session.scalars(
        select(Dwelling)
        .join(Tenure, and_(Tenure.cooperative_id == Dwelling.cooperative_id, Tenure.dwelling_id == Dwelling.id))
        .join(
            Membership,
            and_(Membership.cooperative_id == Tenure.cooperative_id, Membership.party_id == Tenure.party_id),
        )
        .where(
            Membership.cooperative_id == cooperative_id,
            Membership.id == membership_id,
            *held_on(day),
        )
        .order_by(Dwelling.street, Dwelling.house_number, Dwelling.id)
    )
    return tuple(DwellingView(id=one.id, address=address_of(one)) for one in dict.fromkeys(rows))


def find_or_record(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, successor: Successor, on: date, now: datetime
) -> int | None:
    """The membership of who takes over; a new party gets one without a number. None where the number is nobody's."""
    if successor.facts is None:
        number = successor.number
        return None if number is None else find_member(session, cooperative_id=cooperative_id, number=number)
    known_from = min(on, clock.legal_day(now))  # so that a letter can be written before the day
    party_id = parties.record_party(
        session, actor, cooperative_id=cooperative_id, kind=successor.kind, facts=successor.facts,
        valid_from=known_from, now=now,
    )  # fmt: skip
    return memberships.open_membership(session, cooperative_id=cooperative_id, party_id=party_id, now=now)


def end_and_hand_over(session: ScopedSession, actor: Actor | None, row: Exit, *, now: datetime) -> None:
    """Write the end in the register, and for a transfer the beginning on the other side.

    Raises InvalidInput where the register does not allow it.
    """
    assert row.ends_on is not None  # noqa: S101  asked before
    is_transfer = row.cause is EndReason.TRANSFER
    end = NewEvent(
        kind=EventKind.TRANSFERRED if is_transfer else EventKind.ENDED, valid_from=row.ends_on, end_reason=row.cause,
        paper_id=row.paper_id,
    )  # fmt: skip
    before = memberships.read_standing(
        session, cooperative_id=row.cooperative_id, membership_id=row.membership_id, day=row.ends_on
    )
    row.end_event_id = _add(session, actor, row, row.membership_id, end, now)
    if is_transfer and row.successor_membership_id is not None:
        _welcome(session, actor, row, before, now)


def _welcome(session: ScopedSession, actor: Actor | None, row: Exit, before: Standing, now: datetime) -> None:
    """The successor becomes a member, unless it is one already."""
    assert row.successor_membership_id is not None and row.ends_on is not None  # noqa: S101, PT018  asked before
    events = memberships.read_events(
        session, cooperative_id=row.cooperative_id, membership_id=row.successor_membership_id
    )
    standing = standing_on(events, row.ends_on)
    if standing.is_member:
        return
    begin = NewEvent(
        kind=EventKind.READMITTED if standing.periods else EventKind.ADMITTED, valid_from=row.ends_on,
        class_code=row.successor_class or before.class_code, paper_id=row.paper_id,
    )  # fmt: skip
    row.successor_event_id = _add(session, actor, row, row.successor_membership_id, begin, now)


def put_back(session: ScopedSession, actor: Actor | None, row: Exit, *, why: str | None, now: datetime) -> None:
    """Take out what the exit wrote, on both sides. Raises InvalidInput where something later rests on it."""
    taken_out = (
        (row.successor_membership_id, row.successor_event_id),
        (row.membership_id, row.end_event_id),
        (row.membership_id, row.notice_event_id),
    )
    for membership_id, event_id in taken_out:
        if membership_id is not None and event_id is not None:
            correction = NewEvent(
                kind=EventKind.CORRECTED, valid_from=clock.legal_day(now), corrects_id=event_id, why=why
            )
            _add(session, actor, row, membership_id, correction, now)


def _add(
    session: ScopedSession, actor: Actor | None, row: Exit, membership_id: int, new: NewEvent, now: datetime
) -> int:
    return memberships.add_event(
        session, actor, cooperative_id=row.cooperative_id, membership_id=membership_id, new=new, now=now
    )
