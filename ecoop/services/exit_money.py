"""What the treasurer books once a membership has ended: capital that is paid back, or that goes to who takes over."""

from datetime import date, datetime

from sqlalchemy import select

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import InvalidInput, Problem, Refused
from ecoop.governance.audit import Action
from ecoop.governance.holdings import EntryKind
from ecoop.governance.leaving import CapitalGoes, ExitPartKind, ExitState, LeavingReason
from ecoop.governance.roles import Actor
from ecoop.models import Exit, ExitPart, LedgerEntryRow
from ecoop.services import ledger
from ecoop.services.exit_steps import PAY_TURN, read_row, record_step, settle_turn


def book_exit_money(
    session: ScopedSession, actor: Actor, *, cooperative_id: int, exit_id: int, booked_on: date, now: datetime
) -> None:
    """Book in the ledger where the capital goes, on the day on which it went.

    Refused where nothing is to be booked, or it was booked already. Raises InvalidInput where the ledger does not hold
    as much.
    """
    ledger.require_keeper(actor)
    row = read_row(session, cooperative_id, exit_id)
    is_booked = row.capital_paid_on is not None
    if row.state is not ExitState.COMPLETED or row.capital_goes in {None, CapitalGoes.NOTHING} or is_booked:
        raise Refused(LeavingReason.EXIT_NOTHING_TO_PAY)
    if not row.received_on <= booked_on <= clock.legal_day(now):
        raise InvalidInput((Problem(key="paid_on", reason=LeavingReason.EXIT_DAY_UNLIKELY),))
    gone, come = _book(session, actor, row, booked_on, now)
    part = ExitPart(
        cooperative_id=cooperative_id, exit_id=exit_id, kind=ExitPartKind.CAPITAL, before_id=gone, after_id=come
    )
    session.add(part)
    row.capital_paid_on = booked_on
    settle_turn(session, row, PAY_TURN, actor, now)
    record_step(session, actor, row, Action.EXIT_PAID_BACK, {"starts_on": booked_on.isoformat()}, now=now)


def _book(session: ScopedSession, actor: Actor, row: Exit, booked_on: date, now: datetime) -> tuple[int, int | None]:
    """The entry on the side of who left, and the one on the other side where there is one."""
    assert row.capital_cents is not None  # noqa: S101  asked when it was decided
    if row.capital_goes is CapitalGoes.TO_SUCCESSOR and row.successor_membership_id is not None:
        return ledger.transfer_capital(
            session, actor, cooperative_id=row.cooperative_id, from_membership_id=row.membership_id,
            to_membership_id=row.successor_membership_id, cents=row.capital_cents, booked_on=booked_on, now=now,
        )  # fmt: skip
    entry = ledger.book_capital(
        session, actor, cooperative_id=row.cooperative_id, membership_id=row.membership_id, kind=EntryKind.PAID_OUT,
        cents=row.capital_cents, booked_on=booked_on, now=now,
    )  # fmt: skip
    return entry, None


def put_capital_back(session: ScopedSession, row: Exit, part: ExitPart, why: str | None, now: datetime) -> None:
    """Take the move between two members back on both sides; it follows from undoing, so nobody books it by hand.

    Refused where the money left the cooperative: only the treasurer knows whether it came back.
    """
    taken_back = session.scalar(
        select(LedgerEntryRow.id).where(
            LedgerEntryRow.cooperative_id == row.cooperative_id, LedgerEntryRow.corrects_id == part.before_id
        )
    )
    if taken_back is not None:
        return
    if part.after_id is None or part.before_id is None:
        raise Refused(LeavingReason.EXIT_MONEY_PAID)
    ledger.correct_entry(session, None, cooperative_id=row.cooperative_id, entry_id=part.before_id, why=why, now=now)
