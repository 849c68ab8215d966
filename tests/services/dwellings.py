"""A building with dwellings, and people to have them, for the tests of this room."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from ecoop.governance.membership import EventKind
from ecoop.governance.roles import Actor, HeldRole, Role
from ecoop.governance.statutes import PartyKind
from ecoop.governance.tenures import DwellingKind, TenureKind
from ecoop.models import Building
from ecoop.models.buildings import Ownership
from ecoop.services import dwellings, memberships, parties, tenures
from ecoop.services.dwellings import NewDwelling, NewUnit
from ecoop.services.memberships import NewEvent
from ecoop.services.parties import PartyFacts
from ecoop.services.tenures import NewTenure
from tests.services.conftest import World
from tests.support.factories import LONG_AGO, NOW

SINCE = date(2024, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Street:
    """A building with one structural unit, in which tests put dwellings."""

    world: World
    building: int
    other_building: int
    unit: int

    def dwelling(self, session: Any, number: str, **given: Any) -> int:
        """A dwelling at that number."""
        values = {"kind": DwellingKind.DWELLING, "segment": "flat_owner", "valid_from": SINCE} | given
        new = NewDwelling(
            structural_unit_id=self.unit, street="Kade", house_number=number, postcode="1054 AB", **values
        )
        return dwellings.add_dwelling(session, None, cooperative_id=self.world.home, new=new, now=NOW)

    def party(self, session: Any, name: str, kind: PartyKind = PartyKind.PERSON, **given: Any) -> int:
        """Somebody who is known."""
        return parties.record_party(
            session, None, cooperative_id=self.world.home, kind=kind, facts=PartyFacts(name=name), valid_from=SINCE,
            now=NOW, **given,
        )  # fmt: skip

    def member(self, session: Any, party_id: int, since: date = SINCE) -> int:
        """Make a member of a party."""
        number = memberships.open_membership(session, cooperative_id=self.world.home, party_id=party_id, now=NOW)
        new = NewEvent(kind=EventKind.ADMITTED, valid_from=since, class_code="tenant")
        memberships.add_event(
            session, None, cooperative_id=self.world.home, membership_id=number, new=new, now=NOW
        )  # fmt: skip
        return number

    def tenure(self, session: Any, dwelling: int, party: int, kind: TenureKind, **given: Any) -> int:
        """Somebody has a dwelling."""
        values = {"valid_from": SINCE} | given
        new = NewTenure(dwelling_id=dwelling, party_id=party, kind=kind, **values)
        return tenures.record_tenure(session, None, cooperative_id=self.world.home, new=new, now=NOW)

    def acting(self, role: Role, *, elsewhere: bool = False) -> Actor:
        """Somebody at work for the building, or for another one."""
        ids = frozenset({self.other_building if elsewhere else self.building})
        held = HeldRole(role=role, starts_on=LONG_AGO, building_ids=ids)
        return Actor(account_id=self.world.treasurer.account_id, name="Actor", roles=(held,))


@pytest.fixture
def street(world: World) -> Street:
    """Two buildings of the cooperative, one with a structural unit."""
    with world.inside() as session:
        buildings = [
            Building(
                cooperative_id=world.home, name=name, ownership=Ownership.CORPORATION, dwellings=9, business_units=0
            )
            for name in ("Paviljoen", "Poort")
        ]
        session.add_all(buildings)
        session.flush()
        ids = [one.id for one in buildings]
        (unit,) = dwellings.add_structural_units(
            session, None, cooperative_id=world.home, new=[NewUnit(building_id=ids[0], name="Geheel")], now=NOW
        )
        session.commit()
    return Street(world=world, building=ids[0], other_building=ids[1], unit=unit)
