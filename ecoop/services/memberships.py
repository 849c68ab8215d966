"""Memberships: every change is an event that is added; what follows from the events is kept beside them for lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, InvalidInput, NotFound, Problem
from ecoop.governance.audit import Action, Detail
from ecoop.governance.membership import (
    IS_MEMBER,
    EndReason,
    EventKind,
    MembershipEvent,
    MembershipReason,
    Span,
    Standing,
    doubt_event,
    spans,
    standing_on,
)
from ecoop.governance.roles import Actor, Permission
from ecoop.models import Membership, MembershipEventRow, MembershipSpan, Party
from ecoop.models.parties import FOREVER
from ecoop.models.types import new_key
from ecoop.services import audit
from ecoop.services.number_series import next_number
from ecoop.services.parties import require_likely

SERIES = "membership"
_BEGINS = frozenset({EventKind.APPLIED, EventKind.ADMITTED, EventKind.READMITTED})
_ENTERS = frozenset({EventKind.ADMITTED, EventKind.READMITTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """An event to be added. `why` is somebody's own words and is kept with the audit trail."""

    kind: EventKind
    valid_from: date
    class_code: str | None = None
    end_reason: EndReason | None = None
    corrects_id: int | None = None
    paper_id: int | None = None
    why: str | None = None


def open_membership(session: ScopedSession, *, cooperative_id: int, party_id: int, now: datetime) -> int:
    """The membership of a party: the one it has or had, else a new one without number; its key."""
    query = select(Membership.id).where(Membership.cooperative_id == cooperative_id, Membership.party_id == party_id)
    known = session.scalar(query)
    if known is not None:
        return known
    row = Membership(cooperative_id=cooperative_id, party_id=party_id, created_at=now)
    session.add(row)
    session.flush()
    return row.id


def add_event(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    membership_id: int,
    new: NewEvent,
    number: int | None = None,
    now: datetime,
    own: bool = False,
) -> int:
    """Add what happened; the event's key. Who is admitted gets the next number, or `number` where an import kept one.

    Raises InvalidInput naming why it cannot have happened. `actor` is None on the command line; `own` is said by
    whoever applies or gives notice for the own membership.
    """
    if actor is not None and not own and not actor.may(Permission.KEEP_REGISTER):
        raise Forbidden
    require_likely(new.valid_from, today=clock.legal_day(now))
    membership = _held(session, cooperative_id, membership_id)
    known = read_events(session, cooperative_id=cooperative_id, membership_id=membership_id)
    event = MembershipEvent(
        id=new_key(), kind=new.kind, valid_from=new.valid_from, recorded_at=now, class_code=new.class_code,
        end_reason=new.end_reason, corrects=new.corrects_id,
    )  # fmt: skip
    problems = doubt_event(known, event)
    is_on = new.kind in _BEGINS or _is_member_after([*known, event], clock.legal_day(now))
    if is_on and _is_merged(session, membership):
        problems = (MembershipReason.MERGED,)
    if problems:
        raise InvalidInput(tuple(Problem(key="kind", reason=reason) for reason in problems))
    if new.kind in _ENTERS and membership.number is None:
        membership.number = next_number(session, cooperative_id, SERIES, wanted=number)
    row = MembershipEventRow(
        cooperative_id=cooperative_id, id=event.id, membership_id=membership_id, kind=new.kind,
        valid_from=new.valid_from, recorded_at=now, actor_id=actor.account_id if actor else None,
        class_code=new.class_code, end_reason=new.end_reason, corrects_id=new.corrects_id, paper_id=new.paper_id,
    )  # fmt: skip
    _keep_spans(session, membership, spans([*known, event]), now)
    row.audit_number = audit.record(
        session, actor, _ACTION_OF[new.kind], cooperative_id=cooperative_id, subject=f"membership:{membership_id}",
        details=_details(new, membership.number), why=new.why, now=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return event.id


_ACTION_OF = {kind: Action(f"membership.{kind.value}") for kind in EventKind}


def _details(new: NewEvent, number: int | None) -> dict[str, Detail]:
    details: dict[str, Detail] = {"membership_number": number, "starts_on": new.valid_from.isoformat()}
    if new.class_code is not None:
        details["class"] = new.class_code
    if new.end_reason is not None:
        details["end_reason"] = new.end_reason.value
    return details


def _held(session: ScopedSession, cooperative_id: int, membership_id: int) -> Membership:
    row = session.scalar(
        select(Membership)
        .where(Membership.cooperative_id == cooperative_id, Membership.id == membership_id)
        .with_for_update()
    )
    if row is None:
        raise NotFound
    return row


def _is_member_after(events: Sequence[MembershipEvent], day: date) -> bool:
    """Whether somebody with these events is a member on `day` or later, such as once an end is corrected."""
    return any(one.status in IS_MEMBER and (one.ends_on is None or one.ends_on > day) for one in spans(events))


def _is_merged(session: ScopedSession, membership: Membership) -> bool:
    """Whether the party turned out to be another: nothing begins anew on its line, or goes on after all."""
    query = select(Party.merged_into_id).where(
        Party.cooperative_id == membership.cooperative_id, Party.id == membership.party_id
    )
    return session.scalar(query.with_for_update()) is not None  # nobody merges it meanwhile


def _keep_spans(session: ScopedSession, membership: Membership, found: Sequence[Span], now: datetime) -> None:
    """Close the spans that hold no longer, and add those that hold now."""
    query = select(MembershipSpan).where(
        MembershipSpan.cooperative_id == membership.cooperative_id,
        MembershipSpan.membership_id == membership.id,
        MembershipSpan.known_until.is_(None),
    )
    wanted = {_key(span): span for span in found}
    for row in session.scalars(query):
        if _row_key(row) in wanted:
            del wanted[_row_key(row)]
        else:
            row.known_until = now
    session.add_all(span_row(membership, span, now) for span in wanted.values())
    session.flush()


def span_row(membership: Membership, span: Span, now: datetime) -> MembershipSpan:
    """A span as it is kept for lists, known from now on."""
    return MembershipSpan(
        cooperative_id=membership.cooperative_id,
        membership_id=membership.id,
        status=span.status,
        class_code=span.class_code,
        starts_on=span.starts_on,
        ends_on=span.ends_on or FOREVER,
        member_since=span.member_since,
        notice_on=span.notice_on,
        known_from=now,
    )


_Key = tuple[object, ...]


def _key(span: Span) -> _Key:
    return span.status, span.class_code, span.starts_on, span.ends_on or FOREVER, span.member_since, span.notice_on


def _row_key(row: MembershipSpan) -> _Key:
    return row.status, row.class_code, row.starts_on, row.ends_on, row.member_since, row.notice_on


def read_events(session: ScopedSession, *, cooperative_id: int, membership_id: int) -> tuple[MembershipEvent, ...]:
    """Every event of a membership, in order of recording."""
    rows = session.scalars(
        select(MembershipEventRow)
        .where(MembershipEventRow.cooperative_id == cooperative_id, MembershipEventRow.membership_id == membership_id)
        .order_by(MembershipEventRow.recorded_at, MembershipEventRow.id)
    )
    return tuple(
        MembershipEvent(
            id=row.id, kind=row.kind, valid_from=row.valid_from, recorded_at=row.recorded_at,
            class_code=row.class_code, end_reason=row.end_reason, corrects=row.corrects_id,
        )
        for row in rows
    )  # fmt: skip


def read_standing(
    session: ScopedSession, *, cooperative_id: int, membership_id: int, day: date, known_at: datetime | None = None
) -> Standing:
    """What somebody is on a day, from the events themselves."""
    events = read_events(session, cooperative_id=cooperative_id, membership_id=membership_id)
    return standing_on(events, day, known_at)
