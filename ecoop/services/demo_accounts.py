"""The people a demo lets anybody sign in as. Only ever asked of a demo."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select

from ecoop.db import ScopedSession
from ecoop.errors import NotFound
from ecoop.governance.roles import RULES, Reach, Role
from ecoop.models import Account, AdministratorGrant, Cooperative, RoleGrant, Umbrella, UmbrellaGrant
from ecoop.services.cooperatives import read_installation

_ORDER = {role: place for place, role in enumerate(RULES)}


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPlace:
    """Where somebody in the demo is at work, and as what."""

    reach: Reach
    slug: str
    name: str
    """The name of the cooperative or umbrella; empty for the installation."""
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    """Somebody in the demo."""

    id: int
    name: str
    places: tuple[DemoPlace, ...]


def read_demo_accounts(session: ScopedSession, *, day: date | None = None) -> tuple[DemoAccount, ...]:
    """Everybody in the demo with the roles held on `day` (the demo's own day when left out), in order of number.

    The session's scope holds all cooperatives. Raises NotFound where the installation is not a demo.
    """
    installation = read_installation(session)
    if installation is None or installation.demo_day is None:
        raise NotFound
    places: dict[int, dict[tuple[Reach, str, str], list[Role]]] = defaultdict(dict)
    for account_id, role, reach, slug, name in _held(session, day or installation.demo_day):
        places[account_id].setdefault((reach, slug, name), []).append(role)
    people = select(Account).where(Account.closed_at.is_(None)).order_by(Account.id)
    return tuple(
        DemoAccount(
            id=account.id,
            name=account.name,
            places=tuple(
                DemoPlace(reach=reach, slug=slug, name=name, roles=tuple(sorted(roles, key=_ORDER.__getitem__)))
                for (reach, slug, name), roles in places[account.id].items()
            ),
        )
        for account in session.scalars(people)
    )


def _held(session: ScopedSession, day: date) -> Iterator[tuple[int, Role, Reach, str, str]]:
    """Every role held on `day`: by whom, which, and where; cooperatives first, by name."""
    inside = (
        select(RoleGrant.account_id, RoleGrant.role, Cooperative.slug, Cooperative.name)
        .join(Cooperative, Cooperative.id == RoleGrant.cooperative_id)
        .where(_running(RoleGrant, day))
        .order_by(Cooperative.name, RoleGrant.starts_on, RoleGrant.id)
    )
    for account_id, role, slug, name in session.execute(inside):
        yield account_id, role, Reach.COOPERATIVE, slug, name
    above = (
        select(UmbrellaGrant.account_id, UmbrellaGrant.role, Umbrella.slug, Umbrella.name)
        .join(Umbrella, Umbrella.id == UmbrellaGrant.umbrella_id)
        .where(_running(UmbrellaGrant, day))
        .order_by(Umbrella.name)
    )
    for account_id, role, slug, name in session.execute(above):
        yield account_id, role, Reach.UMBRELLA, slug, name
    for account_id in session.scalars(select(AdministratorGrant.account_id).where(_running(AdministratorGrant, day))):
        yield account_id, Role.ADMINISTRATOR, Reach.INSTALLATION, "", ""


def _running(grant: type[RoleGrant | UmbrellaGrant | AdministratorGrant], day: date) -> ColumnElement[bool]:
    return and_(grant.starts_on <= day, or_(grant.ends_on.is_(None), grant.ends_on > day))
