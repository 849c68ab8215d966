"""The login of a member: who is in the register gets a way in, and the role of a member with it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import or_, select

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, InvalidInput, NotFound, Problem, Refused
from ecoop.governance.audit import Action
from ecoop.governance.roles import Actor, Permission, Role
from ecoop.governance.statutes import PartyKind
from ecoop.models import Account, Membership, Party, RoleGrant
from ecoop.services import accounts, audit, invitations, memberships, roles
from ecoop.services.invitations import Invitation
from ecoop.services.parties import read_party
from ecoop.services.roles import NewRole

WITH_A_LOGIN = frozenset({PartyKind.PERSON, PartyKind.HOUSEHOLD})
"""An organisation is no user: whoever represents it signs in."""


class LoginReason(StrEnum):
    """Why somebody in the register gets no login."""

    FOR_PEOPLE_ONLY = "login_for_people_only"
    FOR_MEMBERS_ONLY = "login_for_members_only"
    WITHOUT_ADDRESS = "login_without_address"
    OF_ANOTHER = "login_of_another"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginView:
    """The login of a party: none, one that waits for its first visit, or one that was used."""

    account_id: int | None = None
    has_come_in: bool = False


def read_login(session: ScopedSession, *, cooperative_id: int, party_id: int) -> LoginView:
    """What there is of a login of this party."""
    row = session.execute(
        select(Account.id, Account.came_in_at)
        .join(Party, Party.account_id == Account.id)
        .where(Party.cooperative_id == cooperative_id, Party.id == party_id, Account.closed_at.is_(None))
    ).one_or_none()
    return LoginView() if row is None else LoginView(account_id=row[0], has_come_in=row[1] is not None)


def give_login(
    session: ScopedSession, actor: Actor, *, cooperative_id: int, membership_id: int, now: datetime
) -> Invitation | None:
    """Let a member in: the account of the address in the register, the role of a member, and a first link.

    None where somebody was in before: they have their way in already, and now see what a member sees. Raises
    InvalidInput naming everything that is missing, Refused where the account is somebody else's here.
    """
    if not (actor.may(Permission.KEEP_REGISTER) and actor.may(Permission.GRANT_ROLES)):
        raise Forbidden
    day = clock.legal_day(now)
    party = _party_of(session, cooperative_id, membership_id)
    facts = read_party(session, cooperative_id=cooperative_id, party_id=party.id, day=day).facts
    standing = memberships.read_standing(session, cooperative_id=cooperative_id, membership_id=membership_id, day=day)
    problems = (
        (LoginReason.FOR_PEOPLE_ONLY, party.kind not in WITH_A_LOGIN),
        (LoginReason.FOR_MEMBERS_ONLY, not standing.is_member),
        (LoginReason.WITHOUT_ADDRESS, facts.email is None),
    )
    wrong = tuple(Problem(key="", reason=reason) for reason, holds in problems if holds)
    if wrong or facts.email is None:
        raise InvalidInput(wrong)
    if party.account_id is None:
        account = accounts.find_or_create(session, email=facts.email, name=facts.name, now=now)
        _link(session, actor, party, account.id, now)
    assert party.account_id is not None  # noqa: S101  linked above
    _let_in(session, actor, cooperative_id, party.account_id, day, now)
    if read_login(session, cooperative_id=cooperative_id, party_id=party.id).has_come_in:
        return None
    return invitations.invite_account(
        session, actor, cooperative_id=cooperative_id, account_id=party.account_id, now=now
    )


def _party_of(session: ScopedSession, cooperative_id: int, membership_id: int) -> Party:
    party = session.scalar(
        select(Party)
        .join(Membership, Membership.party_id == Party.id)
        .where(
            Party.cooperative_id == cooperative_id,
            Membership.cooperative_id == cooperative_id,
            Membership.id == membership_id,
        )
        .with_for_update()
    )
    if party is None:
        raise NotFound
    return party


def _link(session: ScopedSession, actor: Actor, party: Party, account_id: int, now: datetime) -> None:
    """Let the account belong to this party. One account is one party here: else two people would share their data."""
    other = select(Party.id).where(
        Party.cooperative_id == party.cooperative_id, Party.account_id == account_id, Party.id != party.id
    )
    if session.scalar(other.limit(1)) is not None:
        raise Refused(LoginReason.OF_ANOTHER)
    party.account_id = account_id
    session.flush()
    audit.record(
        session, actor, Action.PARTY_LOGIN_GIVEN, cooperative_id=party.cooperative_id, subject=f"party:{party.id}",
        details={"account_id": account_id}, now=now,
    )  # fmt: skip


def _let_in(
    session: ScopedSession, actor: Actor, cooperative_id: int, account_id: int, day: date, now: datetime
) -> None:
    """Give the role of a member from today on, unless it is held already."""
    held = select(RoleGrant.id).where(
        RoleGrant.cooperative_id == cooperative_id,
        RoleGrant.account_id == account_id,
        RoleGrant.role == Role.MEMBER,
        RoleGrant.starts_on <= day,
        or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on > day),
    )
    if session.scalar(held.limit(1)) is None:
        account = session.get_one(Account, account_id)
        new = NewRole(role=Role.MEMBER, email=account.email, name=account.name, starts_on=day)
        roles.grant_role(session, actor, cooperative_id=cooperative_id, new=new, now=now)
