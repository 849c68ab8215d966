"""Inviting people: a first link to who has an entry somewhere and never came in.

An entry is a role, or a line in the register of members (`services/member_logins.py`).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import or_, select

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, NotFound, Refused
from ecoop.governance.audit import Action
from ecoop.governance.roles import Actor, Permission
from ecoop.models import Account, RoleGrant
from ecoop.services import accounts, attempts, audit
from ecoop.services.accounts import FIRST_LINK_LIFETIME, AccountView

PER_PERSON_A_DAY, PER_COOPERATIVE_A_DAY = 3, 500


class InvitationReason(StrEnum):
    """Why nobody is invited."""

    INVITED_IS_IN = "invited_is_in"
    INVITED_TOO_OFTEN = "invited_too_often"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A link for somebody who never came in. The one before stopped working."""

    account: AccountView
    secret: str
    until: datetime


def invite_holder(
    session: ScopedSession, actor: Actor, *, cooperative_id: int, account_id: int, now: datetime
) -> Invitation:
    """Invite somebody who holds a role here, or will. Raises NotFound for anybody else, Refused for who is in."""
    day = clock.legal_day(now)
    held = select(RoleGrant.id).where(
        RoleGrant.cooperative_id == cooperative_id,
        RoleGrant.account_id == account_id,
        or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on > day),
    )
    if session.scalar(held.limit(1)) is None:
        raise NotFound
    return invite_account(session, actor, cooperative_id=cooperative_id, account_id=account_id, now=now)


def invite_account(
    session: ScopedSession, actor: Actor, *, cooperative_id: int, account_id: int, now: datetime
) -> Invitation:
    """A first link for an account that never came in. The caller has made sure that it belongs here."""
    if not actor.may(Permission.GRANT_ROLES):
        raise Forbidden
    account = session.get(Account, account_id)
    if account is None or account.closed_at is not None:
        raise NotFound
    if account.came_in_at is not None:
        raise Refused(InvitationReason.INVITED_IS_IN)
    day = timedelta(days=1)
    limits = (("invite", account_id, PER_PERSON_A_DAY), ("invite_in", cooperative_id, PER_COOPERATIVE_A_DAY))
    for kind, subject, limit in limits:
        if not attempts.allow_attempt(session, kind, str(subject), limit=limit, now=now, window=day):
            raise Refused(InvitationReason.INVITED_TOO_OFTEN)
    secret = accounts.issue_link(session, account_id, now=now, lifetime=FIRST_LINK_LIFETIME)
    audit.record(
        session, actor, Action.INVITATION_SENT, cooperative_id=cooperative_id, subject=f"account:{account_id}",
        details={"account_id": account_id}, now=now,
    )  # fmt: skip
    return Invitation(account=accounts.view_of(account), secret=secret, until=now + FIRST_LINK_LIFETIME)
