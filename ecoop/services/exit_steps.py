"""What all steps of an exit share."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, NotFound
from ecoop.governance.audit import Action, Detail
from ecoop.governance.membership import EndReason
from ecoop.governance.roles import Actor, Permission
from ecoop.governance.statutes import Statutes
from ecoop.models import Exit
from ecoop.services import audit, turns
from ecoop.services.statutes import read_statutes

NOTICE_TURN, PAY_TURN = "exit.notice", "exit.pay_back"
WITH_NOTICE = frozenset({EndReason.RESIGNATION, EndReason.RESIGNATION_BY_COOPERATIVE})
A_LIFETIME = timedelta(days=36_525)


def statutes_on(session: ScopedSession, cooperative_id: int, day: date) -> Statutes | None:
    """The statutes that were in force on `day`; None where none were recorded."""
    found = read_statutes(session, cooperative_id=cooperative_id, day=day)
    return None if found is None else found.statutes


def require_keeper(actor: Actor | None) -> None:
    """Whoever keeps the register may go on; nobody else."""
    if actor is not None and not actor.may(Permission.KEEP_REGISTER):
        raise Forbidden


def read_row(session: ScopedSession, cooperative_id: int, exit_id: int) -> Exit:
    """The exit, held until the step is taken. Raises NotFound."""
    row = session.scalar(
        select(Exit).where(Exit.cooperative_id == cooperative_id, Exit.id == exit_id).with_for_update()
    )
    if row is None:
        raise NotFound
    return row


def settle_turn(session: ScopedSession, row: Exit, kind: str, actor: Actor | None, now: datetime) -> None:
    """It waits for nobody any longer."""
    turns.settle(
        session, cooperative_id=row.cooperative_id, kind=kind, subject=f"exit:{row.id}",
        by_id=actor.account_id if actor else None, now=now,
    )  # fmt: skip


def record_step(
    session: ScopedSession,
    actor: Actor | None,
    row: Exit,
    action: Action,
    details: dict[str, Detail],
    *,
    why: str | None = None,
    now: datetime,
) -> int:
    """Keep a step of an exit, and say in the audit trail that it was taken; the number of the entry."""
    session.flush()
    return audit.record(
        session, actor, action, cooperative_id=row.cooperative_id, subject=f"membership:{row.membership_id}",
        details=details, why=why, now=now,
    )  # fmt: skip
