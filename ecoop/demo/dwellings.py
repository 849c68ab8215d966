"""The dwellings of the demo: an address for every connection that the buildings count, invented like their names.

Each building lies at a street and postcode of its own. Buildings of an owners' association have one number with
additions; all others have even numbers that follow each other. Large buildings have two structural units.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ecoop.demo.buildings import KETELHUIS_BUILDINGS, DemoBuilding
from ecoop.governance.tenures import DwellingKind
from ecoop.models.buildings import Ownership

STREETS = ("Paviljoenlaan", "Zusterplein", "Kruidenpad", "Linnenstraat", "Apothekersgang", "Ketelkade", "Gasthuisdwars")
LETTERS = "ABCDEFGH"
ONE_UNIT = "Heel het gebouw"
TWO_UNITS = ("Noordvleugel", "Zuidvleugel")
LARGE = 44
"""From so many dwellings on a building has two structural units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """What a connection of a segment of the case is like; None in a field is not known."""

    code: str
    kind: DwellingKind
    is_rented: bool
    thousandths: int
    floor_area_m2: int | None


SEGMENTS = (
    Segment(code="flat_small_rent", kind=DwellingKind.DWELLING, is_rented=True, thousandths=1_000, floor_area_m2=48),
    Segment(code="flat_medium_rent", kind=DwellingKind.DWELLING, is_rented=True, thousandths=1_000, floor_area_m2=68),
    Segment(code="flat_owner", kind=DwellingKind.DWELLING, is_rented=False, thousandths=1_000, floor_area_m2=76),
    Segment(code="monument_large", kind=DwellingKind.DWELLING, is_rented=False, thousandths=1_200, floor_area_m2=134),
    Segment(
        code="business_small", kind=DwellingKind.BUSINESS_UNIT, is_rented=False, thousandths=2_000, floor_area_m2=90
    ),
    Segment(
        code="business_large", kind=DwellingKind.BUSINESS_UNIT, is_rented=False, thousandths=25_000, floor_area_m2=None
    ),
)
"""The segments of the case file, in the order in which a building is numbered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoDwelling:
    """One connection of the demo: where it lies, and what it is."""

    building: str
    ownership: Ownership
    place: int
    """Which one of its building it is, from 0 on."""
    unit: str
    segment: Segment
    street: str
    house_number: str
    addition: str
    postcode: str

    @property
    def key(self) -> tuple[str, int]:
        """How the demo names it."""
        return self.building, self.place

    @property
    def full_number(self) -> str:
        """Number and addition, as in the address of who lives there."""
        return f"{self.house_number}-{self.addition}" if self.addition else self.house_number


def units_of(building: DemoBuilding) -> tuple[str, ...]:
    """The names of its structural units."""
    return TWO_UNITS if building.dwellings >= LARGE else (ONE_UNIT,)


def demo_dwellings() -> tuple[DemoDwelling, ...]:
    """Every connection of KetelhuisWG, building by building."""
    return tuple(one for index, building in enumerate(KETELHUIS_BUILDINGS) for one in _dwellings(index, building))


def _dwellings(index: int, building: DemoBuilding) -> Iterator[DemoDwelling]:
    units = units_of(building)
    segments = [one for one in SEGMENTS for _ in range(getattr(building, one.code))]
    together = building.ownership is Ownership.OWNERS_ASSOCIATION
    first = 2 + 140 * (index // len(STREETS))
    for place, segment in enumerate(segments):
        yield DemoDwelling(
            building=building.name,
            ownership=building.ownership,
            place=place,
            unit=units[place * len(units) // len(segments)],
            segment=segment,
            street=STREETS[index % len(STREETS)],
            house_number=str(first if together else first + 2 * place),
            addition=str(place + 1) if together else "",
            postcode=f"1054 {LETTERS[index // 8]}{LETTERS[index % 8]}",
        )
