"""Letting an administrator look into one cooperative for a while: asked with a reason, granted by its board."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import aliased

from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, InvalidInput, NotFound, Problem, Refused
from ecoop.governance.audit import Action
from ecoop.governance.roles import BOARD_ROLES, LONGEST_SUPPORT_HOURS, Actor, Permission
from ecoop.models import Account, SupportGrant
from ecoop.services import audit, turns


class SupportReason(StrEnum):
    """Why a support grant is refused."""

    REASON_MISSING = "reason_missing"
    HOURS_OUT_OF_RANGE = "hours_out_of_range"
    ALREADY_ASKED = "already_asked"
    NOT_WAITING = "not_waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportView:
    """An administrator's wish to look in, and what the board did with it."""

    id: int
    cooperative_id: int
    administrator: str
    reason: str
    hours: int
    asked_at: datetime
    granted_by: str | None
    granted_at: datetime | None
    ends_at: datetime | None
    closed_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Whether the administrator can look in at this moment."""
        return self.ends_at is not None and self.closed_at is None and now < self.ends_at

    @property
    def waits(self) -> bool:
        """Whether the board still has to answer."""
        return self.granted_at is None and self.closed_at is None


def read_support(
    session: ScopedSession, *, cooperative_id: int | None = None, limit: int = 50
) -> tuple[SupportView, ...]:
    """The support grants of the cooperative, or all in scope where none is named, newest first.

    An account's own requests are in its scope everywhere, so the page of a cooperative names that cooperative.
    """
    granter = aliased(Account)
    query = (
        select(SupportGrant, Account.name, granter.name)
        .join(Account, Account.id == SupportGrant.account_id)
        .outerjoin(granter, granter.id == SupportGrant.granted_by_id)
        .order_by(SupportGrant.asked_at.desc())
        .limit(limit)
    )
    if cooperative_id is not None:
        query = query.where(SupportGrant.cooperative_id == cooperative_id)
    return tuple(
        SupportView(
            id=row.id,
            cooperative_id=row.cooperative_id,
            administrator=administrator,
            reason=row.reason,
            hours=row.hours,
            asked_at=row.asked_at,
            granted_by=granted_by,
            granted_at=row.granted_at,
            ends_at=row.ends_at,
            closed_at=row.closed_at,
        )
        for row, administrator, granted_by in session.execute(query)
    )


def ask_support(
    session: ScopedSession, actor: Actor, *, cooperative_id: int, reason: str, hours: int, now: datetime
) -> None:
    """An administrator asks the board of a cooperative to let them look in, saying why and for how long."""
    if not actor.may(Permission.RUN_INSTALLATION):
        raise Forbidden
    problems = []
    if not reason.strip():
        problems.append(Problem(key="reason", reason=SupportReason.REASON_MISSING))
    if not 1 <= hours <= LONGEST_SUPPORT_HOURS:
        limits = {"maximum": LONGEST_SUPPORT_HOURS}
        problems.append(Problem(key="hours", reason=SupportReason.HOURS_OUT_OF_RANGE, details=limits))
    waiting = select(SupportGrant.id).where(
        SupportGrant.cooperative_id == cooperative_id,
        SupportGrant.account_id == actor.account_id,
        SupportGrant.granted_at.is_(None),
        SupportGrant.closed_at.is_(None),
    )
    if session.scalar(waiting.limit(1)) is not None:
        problems.append(Problem(key="reason", reason=SupportReason.ALREADY_ASKED))
    if problems:
        raise InvalidInput(tuple(problems))
    row = SupportGrant(
        cooperative_id=cooperative_id,
        account_id=actor.account_id,
        reason=reason.strip()[:500],
        hours=hours,
        asked_at=now,
    )
    session.add(row)
    session.flush()
    turns.give_turn(
        session, cooperative_id=cooperative_id, kind=turns.SUPPORT_ASKED, subject=f"support_grant:{row.id}",
        roles=BOARD_ROLES, now=now,
    )  # fmt: skip
    audit.record_for_installation(
        session, actor.account_id, Action.SUPPORT_ASKED, subject=f"support_grant:{row.id}", details={"hours": hours},
        now=now,
    )  # fmt: skip


def grant_support(session: ScopedSession, actor: Actor, *, cooperative_id: int, support_id: int, now: datetime) -> None:
    """The board lets the administrator look in, from now on for the hours that were asked."""
    row = _support_for(session, actor, cooperative_id, support_id)
    if row.granted_at is not None or row.closed_at is not None:
        raise Refused(SupportReason.NOT_WAITING)
    row.granted_by_id, row.granted_at, row.ends_at = actor.account_id, now, now + timedelta(hours=row.hours)
    session.flush()
    _settle(session, actor, row, now)
    audit.record(
        session, actor, Action.SUPPORT_GRANTED, cooperative_id=cooperative_id, subject=f"support_grant:{row.id}",
        details={"account_id": row.account_id, "hours": row.hours}, why=row.reason, now=now,
    )  # fmt: skip


def close_support(session: ScopedSession, actor: Actor, *, cooperative_id: int, support_id: int, now: datetime) -> None:
    """The board refuses, or ends at once what it had granted."""
    row = _support_for(session, actor, cooperative_id, support_id)
    if row.closed_at is None:
        row.closed_by_id, row.closed_at = actor.account_id, now
        session.flush()
        _settle(session, actor, row, now)
        audit.record(
            session, actor, Action.SUPPORT_CLOSED, cooperative_id=cooperative_id, subject=f"support_grant:{row.id}",
            details={"account_id": row.account_id, "outcome": "refused" if row.granted_at is None else "ended"},
            now=now,
        )  # fmt: skip


def _settle(session: ScopedSession, actor: Actor, row: SupportGrant, now: datetime) -> None:
    turns.settle(
        session, cooperative_id=row.cooperative_id, kind=turns.SUPPORT_ASKED, subject=f"support_grant:{row.id}",
        by_id=actor.account_id, now=now,
    )  # fmt: skip


def _support_for(session: ScopedSession, actor: Actor, cooperative_id: int, support_id: int) -> SupportGrant:
    if not actor.may(Permission.GRANT_SUPPORT):
        raise Forbidden
    row = session.scalar(
        select(SupportGrant)
        .where(SupportGrant.cooperative_id == cooperative_id, SupportGrant.id == support_id)
        .with_for_update()
    )
    if row is None:
        raise NotFound
    return row
