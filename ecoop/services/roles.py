"""Giving and ending roles."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, InvalidInput, NotFound, Problem, Refused
from ecoop.governance.audit import Action, Detail
from ecoop.governance.roles import (
    BOARD_ROLES,
    RULES,
    Actor,
    Limit,
    Permission,
    Reach,
    Role,
    may_grant,
)
from ecoop.models import (
    Account,
    AdministratorGrant,
    Building,
    Cooperative,
    RoleBuilding,
    RoleGrant,
    UmbrellaGrant,
)
from ecoop.services import accounts, audit

A_LIFETIME = timedelta(days=36_525)
"""No role begins or ends further away than this: a year was mistyped."""


class RoleReason(StrEnum):
    """Why a role cannot be given or ended as asked."""

    ROLE_UNKNOWN = "role_unknown"
    PERIOD_EMPTY = "period_empty"
    PERIOD_OVER = "period_over"
    DAY_UNLIKELY = "day_unlikely"
    BUILDINGS_MISSING = "buildings_missing"
    BUILDING_UNKNOWN = "building_unknown"
    CONCERNS_MISSING = "concerns_missing"
    ALREADY_HELD = "already_held"
    LAST_BOARD_MEMBER = "last_board_member"
    ALREADY_ENDED = "already_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleHolder:
    """One role that somebody holds, held or will hold."""

    id: int
    account_id: int
    name: str
    role: Role
    starts_on: date
    ends_on: date | None
    granted_by: str | None
    granted_at: datetime
    building_names: tuple[str, ...]
    concerns: str | None
    has_come_in: bool
    """Whether this person ever signed in."""

    def runs_on(self, day: date) -> bool:
        """Whether the role is held on `day`."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRole:
    """What is asked for when a role is given."""

    role: Role
    email: str
    name: str
    starts_on: date
    ends_on: date | None = None
    building_ids: tuple[int, ...] = ()
    concerns: str | None = None


def read_holders(session: ScopedSession, *, cooperative_id: int, day: date) -> tuple[RoleHolder, ...]:
    """Everybody with a role in the cooperative that runs on or starts after `day`, in order of role and name."""
    granter = aliased(Account)
    rows = session.execute(
        select(RoleGrant, Account.name, granter.name, Account.came_in_at)
        .join(Account, Account.id == RoleGrant.account_id)
        .outerjoin(granter, granter.id == RoleGrant.granted_by_id)
        .where(RoleGrant.cooperative_id == cooperative_id, _ends_after(day))
    ).all()
    buildings = _building_names(session, cooperative_id)
    order = {role: place for place, role in enumerate(RULES)}
    holders = [
        RoleHolder(
            id=grant.id,
            account_id=grant.account_id,
            name=name,
            role=grant.role,
            starts_on=grant.starts_on,
            ends_on=grant.ends_on,
            granted_by=granted_by,
            granted_at=grant.granted_at,
            building_names=tuple(buildings[grant.id]),
            concerns=grant.concerns,
            has_come_in=came_in_at is not None,
        )
        for grant, name, granted_by, came_in_at in rows
    ]
    return tuple(sorted(holders, key=lambda holder: (order[holder.role], holder.name, holder.id)))


def read_first_day(session: ScopedSession, *, cooperative_id: int, account_id: int) -> date | None:
    """The first day on which somebody held a role in the cooperative; None where they never did."""
    query = select(func.min(RoleGrant.starts_on)).where(
        RoleGrant.cooperative_id == cooperative_id, RoleGrant.account_id == account_id
    )
    return session.scalar(query)


def _ends_after(day: date) -> ColumnElement[bool]:
    """Still held after `day`, or coming; what was withdrawn before its first day is neither."""
    held = and_(RoleGrant.ends_on > day, RoleGrant.ends_on > RoleGrant.starts_on)
    return or_(RoleGrant.ends_on.is_(None), held)


def _building_names(session: ScopedSession, cooperative_id: int) -> dict[int, list[str]]:
    names: dict[int, list[str]] = defaultdict(list)
    rows = session.execute(
        select(RoleBuilding.grant_id, Building.name)
        .join(
            Building,
            (Building.id == RoleBuilding.building_id) & (Building.cooperative_id == RoleBuilding.cooperative_id),
        )
        .where(RoleBuilding.cooperative_id == cooperative_id)
        .order_by(Building.name)
    )
    for grant_id, name in rows:
        names[grant_id].append(name)
    return names


def grant_role(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, new: NewRole, now: datetime
) -> accounts.AccountView:
    """Give a role to the person of this address and name, who gets an account if there is none yet.

    `actor` is None on the command line, when a cooperative is set up. Raises Forbidden, or InvalidInput naming
    everything that is wrong.
    """
    if actor is not None and not may_grant(actor, new.role):
        raise Forbidden
    _wait_for_others(session, cooperative_id)
    _check(session, cooperative_id, new, clock.legal_day(now))
    account = accounts.find_or_create(session, email=new.email, name=new.name, now=now)
    _refuse_twice(session, cooperative_id, account.id, new)
    grant = RoleGrant(
        cooperative_id=cooperative_id,
        account_id=account.id,
        role=new.role,
        starts_on=new.starts_on,
        ends_on=new.ends_on,
        concerns=(new.concerns or "").strip() or None if _is_for_one_thing(new.role) else None,
        granted_by_id=actor.account_id if actor else None,
        granted_at=now,
    )
    session.add(grant)
    session.flush()
    for building_id in set(new.building_ids) if RULES[new.role].limit is Limit.BUILDINGS else ():
        session.add(
            RoleBuilding(
                cooperative_id=cooperative_id, grant_id=grant.id, building_id=building_id, account_id=account.id
            )
        )
    session.flush()
    details: dict[str, Detail] = {
        "role": new.role.value,
        "account_id": account.id,
        "starts_on": new.starts_on.isoformat(),
        "ends_on": new.ends_on.isoformat() if new.ends_on else None,
        "building_ids": sorted(set(new.building_ids)),
    }
    audit.record(
        session, actor, Action.ROLE_GRANTED, cooperative_id=cooperative_id, subject=f"role_grant:{grant.id}",
        details=details, now=now,
    )  # fmt: skip
    return account


def _wait_for_others(session: ScopedSession, cooperative_id: int) -> None:
    """Let one change of roles follow the other: of two on the board who end each other, the second is refused."""
    row = select(Cooperative.id).where(Cooperative.id == cooperative_id)
    session.execute(row.with_for_update(key_share=True))  # whoever only points at the cooperative need not wait


def _is_for_one_thing(role: Role) -> bool:
    """Whether the role is for one meeting or funding source, which is then named."""
    return RULES[role].limit in {Limit.MEETING, Limit.FUNDING_SOURCE}


def _check(session: ScopedSession, cooperative_id: int, new: NewRole, day: date) -> None:
    """Refuse what cannot be, everything at once."""
    problems = [*_doubt_person(new), *_doubt_period(new, day)]
    rule = RULES[new.role]
    if rule.reach is not Reach.COOPERATIVE:
        problems.append(Problem(key="role", reason=RoleReason.ROLE_UNKNOWN))
    if rule.limit is Limit.BUILDINGS and not new.building_ids:
        problems.append(Problem(key="building_ids", reason=RoleReason.BUILDINGS_MISSING))
    if _is_for_one_thing(new.role) and not (new.concerns or "").strip():
        problems.append(Problem(key="concerns", reason=RoleReason.CONCERNS_MISSING))
    known = set(
        session.scalars(
            select(Building.id).where(Building.cooperative_id == cooperative_id, Building.id.in_(new.building_ids))
        )
    )
    if set(new.building_ids) - known:
        problems.append(Problem(key="building_ids", reason=RoleReason.BUILDING_UNKNOWN))
    if problems:
        raise InvalidInput(tuple(problems))


def _doubt_person(new: NewRole) -> Iterator[Problem]:
    for normal, given in ((accounts.normal_address, new.email), (accounts.normal_name, new.name)):
        try:
            normal(given)
        except InvalidInput as invalid:
            yield from invalid.problems


def _doubt_period(new: NewRole, day: date) -> Iterator[Problem]:
    days = (("starts_on", new.starts_on), ("ends_on", new.ends_on))
    unlikely = [key for key, one in days if one is not None and abs(one - day) > A_LIFETIME]
    if unlikely:
        yield from (Problem(key=key, reason=RoleReason.DAY_UNLIKELY) for key in unlikely)
    elif new.ends_on is not None and new.ends_on <= new.starts_on:
        yield Problem(key="ends_on", reason=RoleReason.PERIOD_EMPTY)
    elif new.ends_on is not None and new.ends_on <= day:
        yield Problem(key="ends_on", reason=RoleReason.PERIOD_OVER)


def _refuse_twice(session: ScopedSession, cooperative_id: int, account_id: int, new: NewRole) -> None:
    overlap = select(RoleGrant.id).where(
        RoleGrant.cooperative_id == cooperative_id,
        RoleGrant.account_id == account_id,
        RoleGrant.role == new.role,
        _ends_after(new.starts_on),
    )
    if new.ends_on is not None:
        overlap = overlap.where(RoleGrant.starts_on < new.ends_on)
    if RULES[new.role].limit is Limit.NONE and session.scalar(overlap.limit(1)) is not None:
        raise InvalidInput((Problem(key="role", reason=RoleReason.ALREADY_HELD),))


def end_role(session: ScopedSession, actor: Actor, *, cooperative_id: int, grant_id: int, now: datetime) -> None:
    """End a role from today on (today is the first day without it); one that had not begun yet is withdrawn.

    Refused when nobody would be left on the board to give roles.
    """
    if not actor.may(Permission.GRANT_ROLES):
        raise Forbidden
    day = clock.legal_day(now)
    _wait_for_others(session, cooperative_id)
    grant = session.scalar(
        select(RoleGrant).where(RoleGrant.cooperative_id == cooperative_id, RoleGrant.id == grant_id)
    )
    if grant is None:
        raise NotFound
    if grant.ends_on is not None and grant.ends_on <= max(day, grant.starts_on):
        raise Refused(RoleReason.ALREADY_ENDED)
    if grant.role in BOARD_ROLES and not _others_on_board(session, cooperative_id, grant_id, day):
        raise Refused(RoleReason.LAST_BOARD_MEMBER)
    grant.ends_on = max(day, grant.starts_on)
    grant.ended_by_id = actor.account_id
    session.flush()
    details: dict[str, Detail] = {
        "role": grant.role.value,
        "account_id": grant.account_id,
        "ends_on": grant.ends_on.isoformat(),
    }
    audit.record(
        session, actor, Action.ROLE_ENDED, cooperative_id=cooperative_id, subject=f"role_grant:{grant.id}",
        details=details, now=now,
    )  # fmt: skip


def _others_on_board(session: ScopedSession, cooperative_id: int, grant_id: int, day: date) -> bool:
    other = select(RoleGrant.id).where(
        RoleGrant.cooperative_id == cooperative_id,
        RoleGrant.id != grant_id,
        RoleGrant.role.in_(BOARD_ROLES),
        RoleGrant.starts_on <= day,
        _ends_after(day),
    )
    return session.scalar(other.limit(1)) is not None


def grant_umbrella_role(session: ScopedSession, *, umbrella_id: int, account_id: int, day: date, now: datetime) -> None:
    """Make an account coordinator of an umbrella."""
    session.add(
        UmbrellaGrant(
            umbrella_id=umbrella_id, account_id=account_id, role=Role.COORDINATOR, starts_on=day, granted_at=now
        )
    )
    session.flush()
    audit.record_for_installation(
        session, None, Action.COORDINATOR_MADE, subject=f"account:{account_id}", details={"umbrella_id": umbrella_id},
        now=now,
    )  # fmt: skip


def make_administrator(session: ScopedSession, *, account_id: int, day: date, now: datetime) -> None:
    """Let an account run the installation. It opens no cooperative."""
    session.add(AdministratorGrant(account_id=account_id, starts_on=day, granted_at=now))
    session.flush()
    audit.record_for_installation(session, None, Action.ADMINISTRATOR_MADE, subject=f"account:{account_id}", now=now)
