"""Leaving, step by step: notice, day, what stands in the way, money, contract, letter. Undone once, and not again.

An exit is a working paper. What counts in the register are the events it causes: the notice when it begins, the end
when it is completed, their correction when it is undone.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import InvalidInput, Problem, Refused
from ecoop.governance.audit import Action, Detail
from ecoop.governance.leaving import (
    BlockerCode,
    CapitalGoes,
    ContractGoes,
    DayBy,
    ExitState,
    LeavingReason,
    Weighed,
    Weight,
    holds_up,
    proposed_day,
    weigh,
)
from ecoop.governance.membership import EventKind
from ecoop.governance.roles import Actor, Role
from ecoop.models import Exit, ExitAnswer
from ecoop.services import blockers, exit_parts, leavers, memberships, transfers, turns, witnesses
from ecoop.services.exit_steps import (
    A_LIFETIME,
    NOTICE_TURN,
    PAY_TURN,
    WITH_NOTICE,
    read_row,
    record_step,
    require_keeper,
    settle_turn,
    statutes_on,
)
from ecoop.services.memberships import NewEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """What becomes of the capital: how much, and on which day it is paid back."""

    goes: CapitalGoes
    cents: int | None = None
    on: date | None = None


def set_day(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    exit_id: int,
    ends_on: date,
    now: datetime,
) -> None:
    """Say which is the first day without the membership. What was arranged before stays arranged."""
    row = _open(session, actor, cooperative_id, exit_id)
    if ends_on < row.received_on:
        raise InvalidInput((Problem(key="ends_on", reason=LeavingReason.EXIT_DAY_BEFORE_NOTICE),))
    if ends_on > row.received_on + A_LIFETIME:
        raise InvalidInput((Problem(key="ends_on", reason=LeavingReason.EXIT_DAY_UNLIKELY),))
    statutes = statutes_on(session, cooperative_id, row.received_on)
    proposed = proposed_day(statutes, cause=row.cause, received_on=row.received_on)
    row.ends_on = ends_on
    row.ends_on_by = DayBy.STATUTES if ends_on == proposed and row.cause in WITH_NOTICE else DayBy.GIVEN
    record_step(session, actor, row, Action.EXIT_CHANGED, {"ends_on": ends_on.isoformat()}, now=now)


def answer_blockers(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    exit_id: int,
    answered: frozenset[str],
    why: str | None = None,
    now: datetime,
) -> None:
    """Note what was arranged, by the names that `Weighed` gives (`code subject`). Refused for what stops."""
    row = _open(session, actor, cooperative_id, exit_id)
    found = {name_of(one): one for one in _weighed(session, row, clock.legal_day(now))}
    wanted = [found[name] for name in sorted(answered & found.keys()) if not found[name].is_answered]
    if any(one.weight is Weight.STOPS for one in wanted):
        raise Refused(LeavingReason.BLOCKER_STOPS)
    if not wanted:
        return
    number = record_step(session, actor, row, Action.EXIT_ANSWERED, {"count": len(wanted)}, why=why, now=now)
    session.add_all(
        ExitAnswer(
            cooperative_id=cooperative_id, exit_id=exit_id, blocker=one.blocker.code.value,
            subject=one.blocker.subject, answered_at=now, answered_by_id=actor.account_id if actor else None,
            audit_number=number,
        )
        for one in wanted
    )  # fmt: skip
    session.flush()


def name_of(one: Weighed) -> str:
    """What a form calls a blocker."""
    return f"{one.blocker.code.value} {one.blocker.subject}"


def set_money(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, exit_id: int, money: Money, now: datetime
) -> None:
    """Say what becomes of the capital. Raises InvalidInput where an amount or a day is missing."""
    row = _open(session, actor, cooperative_id, exit_id)
    problems = []
    if money.goes is not CapitalGoes.NOTHING and (money.cents is None or money.cents <= 0):
        problems.append(Problem(key="amount", reason=LeavingReason.EXIT_MONEY_MISSING))
    if money.goes is CapitalGoes.PAID_BACK and money.on is None:
        problems.append(Problem(key="on", reason=LeavingReason.EXIT_DAY_MISSING))
    if money.goes is CapitalGoes.TO_SUCCESSOR and row.successor_membership_id is None:
        problems.append(Problem(key="goes", reason=LeavingReason.EXIT_SUCCESSOR_MISSING))
    if problems:
        raise InvalidInput(tuple(problems))
    row.capital_goes = money.goes
    row.capital_cents = None if money.goes is CapitalGoes.NOTHING else money.cents
    row.capital_on = money.on if money.goes is CapitalGoes.PAID_BACK else None
    record_step(session, actor, row, Action.EXIT_CHANGED, {"kind": money.goes.value}, now=now)


def set_contract(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, exit_id: int, goes: ContractGoes, now: datetime
) -> None:
    """Say what becomes of the heat contract; it may go on without the membership."""
    row = _open(session, actor, cooperative_id, exit_id)
    if goes is ContractGoes.TO_SUCCESSOR and row.successor_membership_id is None:
        raise InvalidInput((Problem(key="contract", reason=LeavingReason.EXIT_SUCCESSOR_MISSING),))
    leaver = leavers.read_leaver(
        session, cooperative_id=cooperative_id, membership_id=row.membership_id, day=clock.legal_day(now),
        ends_on=row.ends_on,
    )  # fmt: skip
    if goes is ContractGoes.NO_CONTRACT and any(witnesses.heat_contracts(session, leaver)):
        raise InvalidInput((Problem(key="contract", reason=LeavingReason.EXIT_CONTRACT_THERE),))
    row.contract_goes = goes
    record_step(session, actor, row, Action.EXIT_CHANGED, {"kind": goes.value}, now=now)


def complete_exit(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, exit_id: int, now: datetime
) -> None:
    """End the membership on the day that was set; for a transfer the other one begins that same day.

    Raises InvalidInput naming every step that is missing, Refused while something stands in the way.
    """
    row = _open(session, actor, cooperative_id, exit_id)
    missing = [
        Problem(key=key, reason=reason)
        for key, reason, given in (
            ("ends_on", LeavingReason.EXIT_DAY_MISSING, row.ends_on),
            ("money", LeavingReason.EXIT_MONEY_MISSING, row.capital_goes),
            ("contract", LeavingReason.EXIT_CONTRACT_MISSING, row.contract_goes),
        )
        if given is None
    ]
    if missing:
        raise InvalidInput(tuple(missing))
    if holds_up(_weighed(session, row, clock.legal_day(now))):
        raise Refused(LeavingReason.EXIT_BLOCKED)
    transfers.end_and_hand_over(session, actor, row, now=now)
    exit_parts.move_dwelling(session, actor, row, now=now)
    exit_parts.deal_with_contract(session, actor, row, now=now)
    row.state, row.completed_at = ExitState.COMPLETED, now
    row.completed_by_id = actor.account_id if actor else None
    settle_turn(session, row, NOTICE_TURN, actor, now)
    if row.capital_goes is not CapitalGoes.NOTHING:
        turns.give_turn(
            session, cooperative_id=cooperative_id, kind=PAY_TURN, subject=f"exit:{row.id}", roles=(Role.TREASURER,),
            due_on=row.capital_on or row.ends_on, now=now,
        )  # fmt: skip
    assert row.ends_on is not None  # noqa: S101  asked above
    details: dict[str, Detail] = {"end_reason": row.cause.value, "ends_on": row.ends_on.isoformat()}
    record_step(session, actor, row, Action.EXIT_COMPLETED, details, now=now)


def undo_exit(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, exit_id: int, why: str | None, now: datetime
) -> None:
    """Put everything back as it was before: on both sides, where somebody took over. Once only.

    An exit that is not completed yet ends with the notice withdrawn, where it still stands. Refused where it was undone
    before, or where something happened since that rests on it.
    """
    require_keeper(actor)
    row = read_row(session, cooperative_id, exit_id)
    if row.state is ExitState.UNDONE:
        raise Refused(LeavingReason.EXIT_ALREADY_UNDONE)
    try:
        if row.state is ExitState.COMPLETED:
            exit_parts.put_parts_back(session, actor, row, why=why, now=now)
            transfers.put_back(session, actor, row, why=why, now=now)
        elif row.notice_event_id is not None and _notice_stands(session, row, clock.legal_day(now)):
            _withdraw_notice(session, actor, row, why, now)
    except InvalidInput as invalid:
        raise Refused(LeavingReason.EXIT_LATER_EVENTS) from invalid
    row.state, row.undone_at = ExitState.UNDONE, now
    row.undone_by_id = actor.account_id if actor else None
    for kind in (NOTICE_TURN, PAY_TURN):
        settle_turn(session, row, kind, actor, now)
    record_step(session, actor, row, Action.EXIT_UNDONE, {"end_reason": row.cause.value}, why=why, now=now)


def _notice_stands(session: ScopedSession, row: Exit, day: date) -> bool:
    """Whether there is a notice to withdraw: none where a sheet or the secretary wrote the end or the withdrawal."""
    standing = memberships.read_standing(
        session, cooperative_id=row.cooperative_id, membership_id=row.membership_id, day=day
    )
    return standing.notice_on is not None


def _withdraw_notice(session: ScopedSession, actor: Actor | None, row: Exit, why: str | None, now: datetime) -> None:
    event = NewEvent(kind=EventKind.NOTICE_WITHDRAWN, valid_from=clock.legal_day(now), why=why)
    memberships.add_event(
        session, actor, cooperative_id=row.cooperative_id, membership_id=row.membership_id, new=event, now=now
    )


def weighed(session: ScopedSession, *, cooperative_id: int, exit_id: int, day: date) -> tuple[Weighed, ...]:
    """What stands in the way of an exit, all of it, with what each does."""
    return _weighed(session, read_row(session, cooperative_id, exit_id), day)


def _weighed(session: ScopedSession, row: Exit, day: date) -> tuple[Weighed, ...]:
    leaver = leavers.read_leaver(
        session, cooperative_id=row.cooperative_id, membership_id=row.membership_id, day=day, ends_on=row.ends_on
    )
    answers = session.execute(
        select(ExitAnswer.blocker, ExitAnswer.subject).where(
            ExitAnswer.cooperative_id == row.cooperative_id, ExitAnswer.exit_id == row.id
        )
    )
    answered = frozenset((BlockerCode(code), subject) for code, subject in answers if code in set(BlockerCode))
    found = blockers.find_blockers(session, leaver)
    return weigh(found, cause=row.cause, ends_on=row.ends_on, day=day, answered=answered)


def _open(session: ScopedSession, actor: Actor | None, cooperative_id: int, exit_id: int) -> Exit:
    require_keeper(actor)
    row = read_row(session, cooperative_id, exit_id)
    if row.state is not ExitState.OPEN:
        raise Refused(LeavingReason.EXIT_NOT_OPEN)
    return row
