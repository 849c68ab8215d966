"""Where an account may go: its cooperatives, umbrellas and the installation, and what it may do there today."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select

from ecoop.db import ScopedSession
from ecoop.governance.roles import Actor, HeldRole, Reach, Role
from ecoop.models import (
    AdministratorGrant,
    Cooperative,
    RoleBuilding,
    RoleGrant,
    SupportGrant,
    Umbrella,
    UmbrellaGrant,
)
from ecoop.services.accounts import AccountView


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A cooperative, an umbrella or the installation, with the actor that the account is there."""

    reach: Reach
    id: int
    slug: str
    name: str
    actor: Actor


def read_places(session: ScopedSession, account: AccountView, *, day: date, now: datetime) -> tuple[Place, ...]:
    """Every place where the account holds a role today, cooperatives first, by name.

    The session's scope need only name the account: roles in all its cooperatives are its own rows.
    """
    return (
        *_cooperatives(session, account, day, now),
        *_umbrellas(session, account, day),
        *_installation(session, account, day),
    )


def _running(
    kind: type[RoleGrant | UmbrellaGrant | AdministratorGrant], account_id: int, day: date
) -> tuple[ColumnElement[bool], ...]:
    return (
        kind.account_id == account_id,
        kind.starts_on <= day,
        or_(kind.ends_on.is_(None), kind.ends_on > day),
    )


def _cooperatives(session: ScopedSession, account: AccountView, day: date, now: datetime) -> list[Place]:
    held: dict[int, list[HeldRole]] = defaultdict(list)
    buildings = _limits(session, account.id)
    for grant in session.scalars(
        select(RoleGrant).where(*_running(RoleGrant, account.id, day)).order_by(RoleGrant.starts_on, RoleGrant.id)
    ):
        held[grant.cooperative_id].append(_held(grant, buildings[grant.cooperative_id, grant.id]))
    supported = set(
        session.scalars(
            select(SupportGrant.cooperative_id).where(
                SupportGrant.account_id == account.id, SupportGrant.ends_at > now, SupportGrant.closed_at.is_(None)
            )
        )
    )
    if not _is_administrator(session, account.id, day):
        supported = set()
    rows = session.scalars(
        select(Cooperative).where(Cooperative.id.in_(held.keys() | supported)).order_by(Cooperative.name)
    )
    return [
        Place(
            reach=Reach.COOPERATIVE,
            id=row.id,
            slug=row.slug,
            name=row.name,
            actor=Actor(
                account_id=account.id, name=account.name, roles=tuple(held[row.id]), supporting=row.id in supported
            ),
        )
        for row in rows
    ]


def _limits(session: ScopedSession, account_id: int) -> dict[tuple[int, int], frozenset[int]]:
    found: dict[tuple[int, int], frozenset[int]] = defaultdict(frozenset)
    for row in session.scalars(select(RoleBuilding).where(RoleBuilding.account_id == account_id)):
        found[row.cooperative_id, row.grant_id] |= {row.building_id}
    return found


def _held(grant: RoleGrant, building_ids: frozenset[int]) -> HeldRole:
    return HeldRole(role=grant.role, starts_on=grant.starts_on, ends_on=grant.ends_on, building_ids=building_ids)


def _umbrellas(session: ScopedSession, account: AccountView, day: date) -> list[Place]:
    rows = session.execute(
        select(UmbrellaGrant, Umbrella)
        .join(Umbrella, Umbrella.id == UmbrellaGrant.umbrella_id)
        .where(*_running(UmbrellaGrant, account.id, day))
        .order_by(Umbrella.name)
    )
    return [
        Place(
            reach=Reach.UMBRELLA,
            id=umbrella.id,
            slug=umbrella.slug,
            name=umbrella.name,
            actor=_actor(account, HeldRole(role=grant.role, starts_on=grant.starts_on, ends_on=grant.ends_on)),
        )
        for grant, umbrella in rows
    ]


def _installation(session: ScopedSession, account: AccountView, day: date) -> list[Place]:
    grants: Sequence[AdministratorGrant] = session.scalars(
        select(AdministratorGrant).where(*_running(AdministratorGrant, account.id, day)).limit(1)
    ).all()
    return [
        Place(
            reach=Reach.INSTALLATION,
            id=1,
            slug="",
            name="",
            actor=_actor(account, HeldRole(role=Role.ADMINISTRATOR, starts_on=grant.starts_on, ends_on=grant.ends_on)),
        )
        for grant in grants
    ]


def _is_administrator(session: ScopedSession, account_id: int, day: date) -> bool:
    running = select(AdministratorGrant.id).where(*_running(AdministratorGrant, account_id, day)).limit(1)
    return session.scalar(running) is not None


def _actor(account: AccountView, held: HeldRole) -> Actor:
    return Actor(account_id=account.id, name=account.name, roles=(held,))
