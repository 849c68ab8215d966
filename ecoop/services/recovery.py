"""A lost phone: the board of a cooperative helps somebody back in, after a check, a day of waiting and a letter.

Everything is told at once to the person it is about, who can stop it without signing in. For somebody on the board a
second board member agrees, where there are two others.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, InvalidInput, NotFound, Problem, Refused
from ecoop.governance.audit import Action
from ecoop.governance.roles import BOARD_ROLES, Actor, Permission
from ecoop.models import Account, AccountRecovery, RoleGrant
from ecoop.services import accounts, attempts, audit, second_factors
from ecoop.services.accounts import AccountReason, AccountView

WAITING_TIME = timedelta(hours=24)
LINK_LIFETIME = timedelta(days=7)
LONGEST_REASON = 500
STARTS_A_DAY = 5


class RecoveryReason(StrEnum):
    """Why a recovery is refused."""

    RECOVERY_REASON = "recovery_reason"
    RECOVERY_PERSON = "recovery_person"
    RECOVERY_OWN = "recovery_own"
    RECOVERY_NOTHING_LOST = "recovery_nothing_lost"
    RECOVERY_RUNNING = "recovery_running"
    RECOVERY_OVER = "recovery_over"
    RECOVERY_TOO_EARLY = "recovery_too_early"
    RECOVERY_SAME_PERSON = "recovery_same_person"
    RECOVERY_TOO_OFTEN = "recovery_too_often"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryView:
    """A recovery as the board sees it."""

    id: int
    account_id: int
    name: str
    reason: str
    asked_by_id: int
    asked_by: str
    asked_at: datetime
    agreed_by: str | None
    opens_at: datetime | None
    sent: bool
    stopped_at: datetime | None
    used_at: datetime | None

    @property
    def is_over(self) -> bool:
        """Whether it was used or stopped."""
        return self.used_at is not None or self.stopped_at is not None

    def is_due(self, now: datetime) -> bool:
        """Whether the letter may go out."""
        return not self.is_over and self.opens_at is not None and now >= self.opens_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A recovery that was just started: about whom, and the secret with which they stop it."""

    account: AccountView
    reason: str
    stop_secret: str
    opens_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The link of a recovery whose waiting time is over."""

    account: AccountView
    site: str
    secret: str
    until: datetime


def start(
    session: ScopedSession, actor: Actor, *, cooperative_id: int, account_id: int, reason: str, site: str,
    now: datetime,
) -> Started:  # fmt: skip
    """Begin helping somebody who has a role here and lost their second step.

    Raises Forbidden, InvalidInput or Refused.
    """
    if not actor.may(Permission.GRANT_ROLES):
        raise Forbidden
    why = " ".join(reason.split())
    if not why or len(why) > LONGEST_REASON:
        details = {"maximum": LONGEST_REASON}
        raise InvalidInput((Problem(key="reason", reason=RecoveryReason.RECOVERY_REASON, details=details),))
    day = clock.legal_day(now)
    account = accounts.find_account(session, account_id)
    if account is None or not _holds_role(session, cooperative_id, account_id, day):
        raise InvalidInput((Problem(key="account_id", reason=RecoveryReason.RECOVERY_PERSON),))
    _refuse_start(session, actor, account_id, now)
    needs_second = _needs_second(session, cooperative_id, account_id, day)
    secret = secrets.token_urlsafe(32)
    row = AccountRecovery(
        account_id=account_id,
        asked_in_id=cooperative_id,
        reason=why,
        site=site,
        asked_by_id=actor.account_id,
        asked_at=now,
        needs_second=needs_second,
        agreed_by_id=None if needs_second else actor.account_id,
        agreed_at=None if needs_second else now,
        opens_at=None if needs_second else now + WAITING_TIME,
        stop_digest=_digest(secret),
    )
    session.add(row)
    session.flush()
    _record(session, actor, Action.ACCOUNT_RECOVERY_STARTED, row, why=why, now=now)
    return Started(account=account, reason=why, stop_secret=secret, opens_at=row.opens_at)


def _refuse_start(session: ScopedSession, actor: Actor, account_id: int, now: datetime) -> None:
    if account_id == actor.account_id:
        raise Refused(RecoveryReason.RECOVERY_OWN)
    accounts.require_held(session, account_id)
    if not second_factors.read_state(session, account_id).has_any:
        raise Refused(RecoveryReason.RECOVERY_NOTHING_LOST)
    running = select(AccountRecovery.id).where(AccountRecovery.account_id == account_id, *_running(now))
    if session.scalar(running.limit(1)) is not None:
        raise Refused(RecoveryReason.RECOVERY_RUNNING)
    day = timedelta(days=1)
    if not attempts.allow_attempt(session, "recovery", str(actor.account_id), limit=STARTS_A_DAY, now=now, window=day):
        raise Refused(RecoveryReason.RECOVERY_TOO_OFTEN)


def _running(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        AccountRecovery.used_at.is_(None),
        AccountRecovery.stopped_at.is_(None),
        or_(AccountRecovery.link_until.is_(None), AccountRecovery.link_until > now),
    )


def _held_on(cooperative_id: int, day: date) -> ColumnElement[bool]:
    return and_(
        RoleGrant.cooperative_id == cooperative_id,
        RoleGrant.starts_on <= day,
        or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on > day),
    )


def _holds_role(session: ScopedSession, cooperative_id: int, account_id: int, day: date) -> bool:
    held = select(RoleGrant.id).where(_held_on(cooperative_id, day), RoleGrant.account_id == account_id)
    return session.scalar(held.limit(1)) is not None


def _needs_second(session: ScopedSession, cooperative_id: int, account_id: int, day: date) -> bool:
    """For somebody on the board two others act, where there are two."""
    on_board = and_(_held_on(cooperative_id, day), RoleGrant.role.in_(BOARD_ROLES))
    own = select(RoleGrant.id).where(on_board, RoleGrant.account_id == account_id)
    if session.scalar(own.limit(1)) is None:
        return False
    others = select(func.count(func.distinct(RoleGrant.account_id))).where(on_board, RoleGrant.account_id != account_id)
    return session.scalars(others).one() >= 2


def agree(session: ScopedSession, actor: Actor, *, cooperative_id: int, recovery_id: int, now: datetime) -> None:
    """A second board member agrees; the waiting time begins."""
    row = _row_for(session, actor, cooperative_id, recovery_id)
    if row.agreed_at is not None or row.used_at is not None or row.stopped_at is not None:
        raise Refused(RecoveryReason.RECOVERY_OVER)
    if actor.account_id in {row.asked_by_id, row.account_id}:
        raise Refused(RecoveryReason.RECOVERY_SAME_PERSON)
    row.agreed_by_id, row.agreed_at, row.opens_at = actor.account_id, now, now + WAITING_TIME
    session.flush()
    _record(session, actor, Action.ACCOUNT_RECOVERY_AGREED, row, now=now)


def stop(session: ScopedSession, actor: Actor, *, cooperative_id: int, recovery_id: int, now: datetime) -> None:
    """The board stops it: somebody else asked, or the phone was found."""
    row = _row_for(session, actor, cooperative_id, recovery_id)
    if row.used_at is not None or row.stopped_at is not None:
        raise Refused(RecoveryReason.RECOVERY_OVER)
    row.stopped_by_id, row.stopped_at = actor.account_id, now
    session.flush()
    _record(session, actor, Action.ACCOUNT_RECOVERY_STOPPED, row, now=now)


def stop_by_link(session: ScopedSession, secret: str, *, now: datetime) -> None:
    """The person it is about stops it, without signing in. Raises Refused."""
    query = select(AccountRecovery).where(AccountRecovery.stop_digest == _digest(secret)).with_for_update()
    row = session.scalar(query)
    if row is None or row.used_at is not None or row.stopped_at is not None:
        raise Refused(AccountReason.LINK_SPENT)
    row.stopped_by_id, row.stopped_at = row.account_id, now
    session.flush()
    _record_for_person(session, row.account_id, Action.ACCOUNT_RECOVERY_STOPPED, row, now)


def read_recoveries(session: ScopedSession, *, cooperative_id: int, limit: int = 50) -> tuple[RecoveryView, ...]:
    """The recoveries that the board of this cooperative started, newest first."""
    person, asker, agreer = aliased(Account), aliased(Account), aliased(Account)
    rows = session.execute(
        select(AccountRecovery, person.name, asker.name, agreer.name)
        .join(person, person.id == AccountRecovery.account_id)
        .join(asker, asker.id == AccountRecovery.asked_by_id)
        .outerjoin(agreer, agreer.id == AccountRecovery.agreed_by_id)
        .where(AccountRecovery.asked_in_id == cooperative_id)
        .order_by(AccountRecovery.id.desc())
        .limit(limit)
    )
    return tuple(
        RecoveryView(
            id=row.id,
            account_id=row.account_id,
            name=name,
            reason=row.reason,
            asked_by_id=row.asked_by_id,
            asked_by=asked_by,
            asked_at=row.asked_at,
            agreed_by=agreed_by,
            opens_at=row.opens_at,
            sent=row.link_digest is not None,
            stopped_at=row.stopped_at,
            used_at=row.used_at,
        )
        for row, name, asked_by, agreed_by in rows
    )


def read_due(session: ScopedSession, *, now: datetime, account_id: int | None = None) -> tuple[int, ...]:
    """The recoveries whose waiting time is over and whose letter was not written yet; all, or those of one account."""
    query = select(AccountRecovery.id).where(
        AccountRecovery.opens_at <= now, AccountRecovery.link_digest.is_(None), *_running(now)
    )
    if account_id is not None:
        query = query.where(AccountRecovery.account_id == account_id)
    return tuple(session.scalars(query.order_by(AccountRecovery.id)))


def open_link(
    session: ScopedSession, recovery_id: int, *, cooperative_id: int | None = None, actor_id: int | None, now: datetime
) -> Opened:
    """The link that ends the recovery, to be sent by letter; an earlier one stops working. Raises Refused.

    The board of a cooperative names it with `cooperative_id`: another's recovery is not there.
    """
    row = session.get(AccountRecovery, recovery_id, with_for_update=True)
    if row is None or (cooperative_id is not None and row.asked_in_id != cooperative_id):
        raise NotFound
    if row.used_at is not None or row.stopped_at is not None:
        raise Refused(RecoveryReason.RECOVERY_OVER)
    if row.opens_at is None or now < row.opens_at:
        raise Refused(RecoveryReason.RECOVERY_TOO_EARLY)
    account = accounts.find_account(session, row.account_id)
    if account is None:
        raise NotFound
    secret = secrets.token_urlsafe(32)
    row.link_digest, row.link_until = _digest(secret), now + LINK_LIFETIME
    session.flush()
    _record_for_person(session, actor_id, Action.ACCOUNT_RECOVERY_SENT, row, now)
    return Opened(account=account, site=row.site, secret=secret, until=row.link_until)


def use_link(session: ScopedSession, secret: str, *, now: datetime) -> AccountView:
    """Let the person in: every second step is gone, every session ended. Raises Refused."""
    query = select(AccountRecovery).where(AccountRecovery.link_digest == _digest(secret)).with_for_update()
    row = session.scalar(query)
    if row is None or row.used_at is not None or row.stopped_at is not None:
        raise Refused(AccountReason.LINK_SPENT)
    if row.link_until is None or now >= row.link_until or accounts.find_account(session, row.account_id) is None:
        raise Refused(AccountReason.LINK_SPENT)
    row.used_at = now
    second_factors.remove_all(session, row.account_id)
    renewed = accounts.end_sessions(session, row.account_id, now=now)
    _record_for_person(session, row.account_id, Action.ACCOUNT_RECOVERED, row, now)
    return renewed


def _row_for(session: ScopedSession, actor: Actor, cooperative_id: int, recovery_id: int) -> AccountRecovery:
    if not actor.may(Permission.GRANT_ROLES):
        raise Forbidden
    row = session.scalar(
        select(AccountRecovery)
        .where(AccountRecovery.asked_in_id == cooperative_id, AccountRecovery.id == recovery_id)
        .with_for_update()
    )
    if row is None:
        raise NotFound
    return row


def _record(
    session: ScopedSession, actor: Actor, action: Action, row: AccountRecovery, *, why: str | None = None, now: datetime
) -> None:
    """In the trail of the cooperative, and in that of the account, where its owner reads it."""
    audit.record(
        session, actor, action, cooperative_id=row.asked_in_id, subject=f"account_recovery:{row.id}",
        details={"account_id": row.account_id}, why=why, now=now,
    )  # fmt: skip
    _record_for_person(session, actor.account_id, action, row, now)


def _record_for_person(
    session: ScopedSession, actor_id: int | None, action: Action, row: AccountRecovery, now: datetime
) -> None:
    audit.record_for_installation(session, actor_id, action, subject=f"account:{row.account_id}", now=now)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
