"""How an exit begins: notice, a decision, or a death is written down, once for each membership.

Notice counts from the day on which it was received, whatever happens with the rest of the exit.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, InvalidInput, NotFound, Problem, Refused
from ecoop.governance.audit import Action, Detail
from ecoop.governance.leaving import DayBy, ExitState, LeavingReason, NoticeBy, proposed_day
from ecoop.governance.membership import EndReason, EventKind, MembershipReason, standing_on
from ecoop.governance.roles import Actor, Permission, Role
from ecoop.governance.statutes import PartyKind
from ecoop.models import Exit, Membership, Paper, Party
from ecoop.models.parties import FOREVER
from ecoop.services import memberships, turns
from ecoop.services.exit_steps import A_LIFETIME, NOTICE_TURN, WITH_NOTICE, record_step, require_keeper, statutes_on
from ecoop.services.memberships import NewEvent
from ecoop.services.once import add_once


@dataclass(frozen=True, slots=True, kw_only=True)
class NewExit:
    """How an exit begins. `why` is somebody's own words and is kept with the audit trail."""

    cause: EndReason
    given_by: NoticeBy
    received_on: date
    paper_id: int | None = None
    decision: str | None = None
    why: str | None = None
    successor_membership_id: int | None = None
    successor_class: str | None = None
    dwelling_id: int | None = None
    ends_on: date | None = None


def start_exit(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    membership_id: int,
    new: NewExit,
    now: datetime,
    own: bool = False,
) -> int:
    """Begin an exit; its key. Notice counts in the register at once, from the day on which it was received.

    `own` is said by a member who gives notice for the own membership: it waits for the secretary then. Raises
    InvalidInput naming every problem, Refused where an exit runs already or the end is known, NotFound.
    """
    party = _party_of(session, cooperative_id, membership_id)
    if own:
        _require_own(actor, party, new)
    else:
        require_keeper(actor)
    _doubt_beginning(session, cooperative_id, membership_id, party, new, clock.legal_day(now))
    statutes = statutes_on(session, cooperative_id, new.received_on)
    day = new.ends_on or proposed_day(statutes, cause=new.cause, received_on=new.received_on)
    by_statutes = new.ends_on is None and new.cause in WITH_NOTICE
    row = Exit(
        cooperative_id=cooperative_id, membership_id=membership_id, state=ExitState.OPEN, cause=new.cause,
        given_by=new.given_by, received_on=new.received_on, paper_id=new.paper_id, decision=new.decision or None,
        started_at=now, started_by_id=actor.account_id if actor else None, ends_on=day,
        ends_on_by=None if day is None else DayBy.STATUTES if by_statutes else DayBy.GIVEN,
        successor_membership_id=new.successor_membership_id, successor_class=new.successor_class,
        dwelling_id=new.dwelling_id,
    )  # fmt: skip
    if not add_once(session, row):
        raise Refused(LeavingReason.EXIT_RUNS_ALREADY)
    _write_notice(session, actor, row, new, now=now, own=own)
    if own:
        turns.give_turn(
            session, cooperative_id=cooperative_id, kind=NOTICE_TURN, subject=f"exit:{row.id}",
            roles=(Role.SECRETARY, Role.CHAIR), now=now,
        )  # fmt: skip
    details: dict[str, Detail] = {"end_reason": new.cause.value, "starts_on": new.received_on.isoformat()}
    record_step(session, actor, row, Action.EXIT_STARTED, details, now=now)
    return row.id


def _write_notice(
    session: ScopedSession, actor: Actor | None, row: Exit, new: NewExit, *, now: datetime, own: bool
) -> None:
    """The notice in the register, unless it stands there already."""
    standing = memberships.read_standing(
        session, cooperative_id=row.cooperative_id, membership_id=row.membership_id, day=new.received_on
    )
    if new.cause not in WITH_NOTICE or standing.notice_on is not None:
        return
    event = NewEvent(
        kind=EventKind.NOTICE_GIVEN, valid_from=new.received_on, paper_id=new.paper_id, why=new.why
    )  # fmt: skip
    row.notice_event_id = memberships.add_event(
        session, actor, cooperative_id=row.cooperative_id, membership_id=row.membership_id, new=event, now=now, own=own
    )


def _doubt_beginning(
    session: ScopedSession, cooperative_id: int, membership_id: int, party: Party, new: NewExit, today: date
) -> None:
    events = memberships.read_events(session, cooperative_id=cooperative_id, membership_id=membership_id)
    problems = []
    is_person = party.kind is PartyKind.PERSON
    if (new.cause is EndReason.DEATH and not is_person) or (new.cause is EndReason.DISSOLUTION and is_person):
        problems.append(Problem(key="cause", reason=LeavingReason.EXIT_CAUSE_NOT_FOR_THIS_PARTY))
    if new.cause is EndReason.EXPULSION and not (new.decision or "").strip():
        problems.append(Problem(key="decision", reason=LeavingReason.EXIT_DECISION_MISSING))
    if not today - A_LIFETIME <= new.received_on <= today:
        problems.append(Problem(key="received_on", reason=LeavingReason.EXIT_DAY_UNLIKELY))
    elif not standing_on(events, new.received_on).is_member:
        problems.append(Problem(key="received_on", reason=MembershipReason.NOT_MEMBER))
    problems += _doubt_besides(session, cooperative_id, membership_id, new)
    if problems:
        raise InvalidInput(tuple(problems))
    if not standing_on(events, FOREVER).is_member:
        raise Refused(LeavingReason.EXIT_END_KNOWN)


def _doubt_besides(session: ScopedSession, cooperative_id: int, membership_id: int, new: NewExit) -> Iterator[Problem]:
    """What is wrong with the day, with who takes over, and with the proof."""
    if new.ends_on is not None and new.ends_on < new.received_on:
        yield Problem(key="ends_on", reason=LeavingReason.EXIT_DAY_BEFORE_NOTICE)
    if new.cause is EndReason.TRANSFER and new.successor_membership_id is None:
        yield Problem(key="successor", reason=LeavingReason.EXIT_SUCCESSOR_MISSING)
    if new.successor_membership_id == membership_id:
        yield Problem(key="successor", reason=LeavingReason.EXIT_SUCCESSOR_SAME)
    if new.paper_id is not None and session.get(Paper, (cooperative_id, new.paper_id)) is None:
        yield Problem(key="paper", reason=LeavingReason.EXIT_PAPER_UNKNOWN)


def _require_own(actor: Actor | None, party: Party, new: NewExit) -> None:
    """A member gives notice for the own membership, and for nothing else."""
    if actor is None or party.account_id != actor.account_id:
        raise NotFound
    if not actor.may(Permission.SEE_OWN_PAGE) or new.cause is not EndReason.RESIGNATION:
        raise Forbidden


def _party_of(session: ScopedSession, cooperative_id: int, membership_id: int) -> Party:
    found = session.scalar(
        select(Party)
        .join(Membership, (Membership.cooperative_id == Party.cooperative_id) & (Membership.party_id == Party.id))
        .where(Membership.cooperative_id == cooperative_id, Membership.id == membership_id)
    )
    if found is None:
        raise NotFound
    return found
