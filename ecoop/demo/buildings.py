"""The buildings of the demo: names and numbers are invented, their totals are those of the case file.

The case counts 1,000 dwellings, 90 small and 12 large businesses. Here they are divided over 28 buildings, of which
the housing corporation owns three out of every five dwellings.
"""

from dataclasses import dataclass

from ecoop.models.buildings import Ownership

LARGE_BUSINESS_EQUIVALENTS = 25
SMALL_BUSINESS_EQUIVALENTS = 2
MONUMENTS_PER_EXTRA_EQUIVALENT = 5
"""A dwelling in a monument is large: five count as six."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoBuilding:
    """One invented building, with its connections per segment of the case file."""

    name: str
    ownership: Ownership
    flat_small_rent: int = 0
    flat_medium_rent: int = 0
    flat_owner: int = 0
    monument_large: int = 0
    business_small: int = 0
    business_large: int = 0

    @property
    def dwellings(self) -> int:
        """All dwellings, rented and owned."""
        return self.flat_small_rent + self.flat_medium_rent + self.flat_owner + self.monument_large

    @property
    def business_units(self) -> int:
        """All businesses and studios."""
        return self.business_small + self.business_large

    @property
    def dwelling_equivalents(self) -> int:
        """Woningequivalenten: a dwelling counts for one, a business for as much heat as it takes."""
        return (
            self.dwellings
            + self.monument_large // MONUMENTS_PER_EXTRA_EQUIVALENT
            + self.business_small * SMALL_BUSINESS_EQUIVALENTS
            + self.business_large * LARGE_BUSINESS_EQUIVALENTS
        )


def _corporation(name: str, small: int, medium: int, businesses: int = 0) -> DemoBuilding:
    return DemoBuilding(
        name=name,
        ownership=Ownership.CORPORATION,
        flat_small_rent=small,
        flat_medium_rent=medium,
        business_small=businesses,
    )


def _mixed(name: str, small: int, medium: int, owned: int, businesses: int = 0) -> DemoBuilding:
    return DemoBuilding(
        name=name,
        ownership=Ownership.MIXED_ASSOCIATION,
        flat_small_rent=small,
        flat_medium_rent=medium,
        flat_owner=owned,
        business_small=businesses,
    )


def _owners(name: str, owned: int, monument: int = 0, businesses: int = 0) -> DemoBuilding:
    return DemoBuilding(
        name=name,
        ownership=Ownership.OWNERS_ASSOCIATION,
        flat_owner=owned,
        monument_large=monument,
        business_small=businesses,
    )


def _business(name: str, small: int, large: int) -> DemoBuilding:
    return DemoBuilding(name=name, ownership=Ownership.BUSINESS, business_small=small, business_large=large)


KETELHUIS_BUILDINGS = (
    _corporation("Paviljoen 1", 24, 20),
    _corporation("Paviljoen 2", 24, 20, 2),
    _corporation("Paviljoen 3", 28, 16, 2),
    _corporation("Paviljoen 4", 20, 24),
    _corporation("Paviljoen 5", 26, 18, 4),
    _corporation("Paviljoen 6", 22, 18),
    _corporation("Zusterhuis", 48, 12),
    _corporation("Broedervleugel", 36, 14, 2),
    _corporation("Linnenkamer", 18, 22, 4),
    _corporation("Kruidenhof", 16, 28),
    _corporation("Zonnezaal", 20, 16, 3),
    _corporation("Wandelgang", 22, 18, 5),
    _corporation("Keukenvleugel", 14, 20, 6),
    _corporation("Nachtwacht", 22, 14, 2),
    _mixed("Apothekershof", 10, 8, 20, 4),
    _mixed("Verbandhuis", 8, 10, 18),
    _mixed("Polikliniek", 12, 6, 22, 4),
    _mixed("Quarantainehof", 6, 8, 16),
    _mixed("Kraamkamer", 4, 8, 14, 2),
    _owners("Poortgebouw", 0, 35, 4),
    _owners("Directeurshuis", 0, 15, 1),
    _owners("Collegezaal", 12, 30, 3),
    _owners("Kapelhof", 18, 20),
    _owners("Tuinmanshof", 46),
    _owners("Bleekveld", 54, 0, 4),
    _business("Laboratorium", 8, 5),
    _business("Wasserij", 18, 4),
    _business("Werkplaats", 12, 3),
)
"""KetelhuisWG: 28 buildings on a former hospital site. The corporation owns 600 of the 1,000 dwellings in whole
buildings, and 80 more in mixed associations."""

ZONNEDAK_BUILDINGS = (
    DemoBuilding(name="Buurthuis De Windroos", ownership=Ownership.BUSINESS, business_small=2),
    DemoBuilding(name="Flat Morgenrood", ownership=Ownership.CORPORATION, flat_medium_rent=48),
    DemoBuilding(name="Hof van Dageraad", ownership=Ownership.OWNERS_ASSOCIATION, flat_owner=26),
)
"""Zonnedak De Dageraad: three roofs with solar panels."""
