"""The buildings of a cooperative."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from ecoop.db import ScopedSession
from ecoop.governance.audit import Action
from ecoop.governance.roles import Actor, Permission
from ecoop.models import Building
from ecoop.models.buildings import Ownership
from ecoop.services import audit


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildingView:
    """One building; `dwelling_equivalents` is None while nobody has counted them."""

    id: int
    name: str
    ownership: Ownership
    dwellings: int
    business_units: int
    dwelling_equivalents: int | None


def add_building(
    session: ScopedSession,
    *,
    cooperative_id: int,
    name: str,
    ownership: Ownership,
    dwellings: int,
    business_units: int,
    dwelling_equivalents: int | None,
    now: datetime,
) -> int:
    """A new building; its key."""
    row = Building(
        cooperative_id=cooperative_id,
        name=name,
        ownership=ownership,
        dwellings=dwellings,
        business_units=business_units,
        dwelling_equivalents=dwelling_equivalents,
    )
    session.add(row)
    session.flush()
    audit.record(
        session, None, Action.BUILDING_ADDED, cooperative_id=cooperative_id, subject=f"building:{row.id}", now=now
    )
    return row.id


def read_buildings(session: ScopedSession, actor: Actor) -> tuple[BuildingView, ...]:
    """The buildings that `actor` may see, by name: all of them, or only those of its limited roles."""
    query = select(Building).order_by(Building.name)
    if not actor.may(Permission.SEE_BUILDINGS):
        query = query.where(Building.id.in_(actor.own_building_ids))
    return tuple(
        BuildingView(
            id=row.id,
            name=row.name,
            ownership=row.ownership,
            dwellings=row.dwellings,
            business_units=row.business_units,
            dwelling_equivalents=row.dwelling_equivalents,
        )
        for row in session.scalars(query)
    )
