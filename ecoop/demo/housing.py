"""Put the dwellings of the demo, who has them, their connections and contracts into the register, many at once."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.demo.buildings import KETELHUIS_BUILDINGS
from ecoop.demo.dwellings import DemoDwelling, demo_dwellings, units_of
from ecoop.demo.members import CORPORATION, DemoEvent, DemoParty, association_buildings, demo_parties
from ecoop.governance.heat_supply import ConnectionStep, ContractStep
from ecoop.governance.roles import Actor
from ecoop.governance.tenures import TenureKind
from ecoop.services import dwelling_stock, dwellings, enrolment, memberships, tenures
from ecoop.services.dwelling_stock import Stock
from ecoop.services.dwellings import NewDwelling, NewUnit
from ecoop.services.enrolment import Enrolled, Enrolment
from ecoop.services.heat_contracts import NewContract
from ecoop.services.memberships import NewEvent
from ecoop.services.tenures import NewTenure

BUILT = date(1980, 1, 1)
VERSION = "Leveringsovereenkomst 2024-1"
LANDLORD_VERSION = "Huurovereenkomst met warmte 2024-1"
FIRST_BUILDINGS = {"Paviljoen 1": ConnectionStep.DELIVERING, "Paviljoen 2": ConnectionStep.LAID}
"""How far the first buildings are; all others are planned."""
THROUGH_LANDLORD = "Zusterhuis"
"""Here the corporation holds the contracts, folded into the lease."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Housing:
    """Where the demo puts its people: the register of one cooperative, kept by a secretary."""

    session: ScopedSession
    secretary: Actor
    cooperative_id: int
    building_ids: Mapping[str, int]
    account_ids: Mapping[str, int]
    day: date

    def morning(self, day: date) -> datetime:
        """The instant at which something is written down; never after the day of the demo."""
        return datetime.combine(min(day, self.day), time(9, 30), clock.AMSTERDAM)

    @property
    def recorded(self) -> datetime:
        """When dwellings, tenures and contracts were brought in together."""
        return self.morning(self.day - timedelta(days=60))


def fill_register(housing: Housing) -> None:
    """Everything about dwellings and members, as a secretary would have recorded it."""
    homes = demo_dwellings()
    ids = _add_dwellings(housing, homes)
    people = demo_parties(housing.day)
    enrolled = _enrol(housing, people)
    _record_tenures(housing, homes, ids, people, enrolled)
    _record_covers(housing, homes, ids, people, enrolled)
    _connect(housing, homes, ids, people, enrolled)


def _add_dwellings(housing: Housing, homes: tuple[DemoDwelling, ...]) -> dict[tuple[str, int], int]:
    now = housing.recorded
    wanted = [(building.name, unit) for building in KETELHUIS_BUILDINGS for unit in units_of(building)]
    made = dwellings.add_structural_units(
        housing.session, housing.secretary, cooperative_id=housing.cooperative_id,
        new=[NewUnit(building_id=housing.building_ids[building], name=unit) for building, unit in wanted], now=now,
    )  # fmt: skip
    units = dict(zip(wanted, made, strict=True))
    new = [_new_dwelling(home, units[home.building, home.unit]) for home in homes]
    keys = dwellings.add_dwellings(
        housing.session, housing.secretary, cooperative_id=housing.cooperative_id, new=new, now=now
    )
    return {home.key: key for home, key in zip(homes, keys, strict=True)}


def _new_dwelling(home: DemoDwelling, unit_id: int) -> NewDwelling:
    return NewDwelling(
        structural_unit_id=unit_id,
        kind=home.segment.kind,
        street=home.street,
        house_number=home.house_number,
        addition=home.addition,
        postcode=home.postcode,
        city="Amsterdam",
        segment=home.segment.code,
        floor_area_m2=home.segment.floor_area_m2,
        equivalent_thousandths=home.segment.thousandths,
        landlord_reference=f"{home.building.replace(' ', '')[:10]}/{home.place + 1:03}"
        if home.segment.is_rented
        else None,
        valid_from=BUILT,
    )


def _enrol(housing: Housing, people: tuple[DemoParty, ...]) -> dict[int, Enrolled]:
    """Parties with their first event, year by year as it went; the keys by the place in the list."""
    by_year: defaultdict[int, list[int]] = defaultdict(list)
    for place, one in enumerate(people):
        by_year[one.entry.on.year if one.entry else housing.day.year - 1].append(place)
    found: dict[int, Enrolled] = {}
    for year in sorted(by_year):
        keys = enrolment.enrol_many(
            housing.session, housing.secretary, cooperative_id=housing.cooperative_id,
            entries=[_entry(housing, people[place]) for place in by_year[year]],
            now=housing.morning(date(year, 12, 31)),
        )  # fmt: skip
        found |= dict(zip(by_year[year], keys, strict=True))
    later = [(event.on, place, event) for place, one in enumerate(people) for event in one.later]
    for _on, place, event in sorted(later, key=lambda one: one[:2]):
        _happens(housing, found[place], event)
    return found


def _entry(housing: Housing, one: DemoParty) -> Enrolment:
    events = (_new_event(one.entry),) if one.entry else ()
    account_id = housing.account_ids[one.account] if one.account else None
    return Enrolment(kind=one.kind, facts=one.facts, valid_from=one.moved_in, account_id=account_id, events=events)


def _new_event(event: DemoEvent) -> NewEvent:
    return NewEvent(
        kind=event.kind, valid_from=event.on, class_code=event.class_code, end_reason=event.end_reason, why=event.why
    )


def _happens(housing: Housing, enrolled: Enrolled, event: DemoEvent) -> None:
    assert enrolled.membership_id is not None  # noqa: S101  something happens to members only
    memberships.add_event(
        housing.session, housing.secretary, cooperative_id=housing.cooperative_id,
        membership_id=enrolled.membership_id, new=_new_event(event), now=housing.morning(event.on),
    )  # fmt: skip


def _landlord(people: tuple[DemoParty, ...], enrolled: Mapping[int, Enrolled]) -> int:
    return next(enrolled[place].party_id for place, one in enumerate(people) if one.facts == CORPORATION)


def _record_tenures(
    housing: Housing,
    homes: tuple[DemoDwelling, ...],
    ids: Mapping[tuple[str, int], int],
    people: tuple[DemoParty, ...],
    enrolled: Mapping[int, Enrolled],
) -> None:
    """The corporation lets every rented dwelling; owners, businesses and the tenants who are known have theirs."""
    corporation = _landlord(people, enrolled)
    new = [
        NewTenure(
            dwelling_id=ids[home.key], party_id=corporation, kind=TenureKind.LANDLORD, valid_from=date(1990, 1, 1)
        )
        for home in homes
        if home.segment.is_rented
    ]
    new += [
        NewTenure(
            dwelling_id=ids[one.home], party_id=enrolled[place].party_id, kind=one.tenure, valid_from=one.moved_in,
            valid_until=one.moved_out,
        )
        for place, one in enumerate(people)
        if one.home is not None
    ]  # fmt: skip
    tenures.record_tenures(
        housing.session, housing.secretary, cooperative_id=housing.cooperative_id, new=new, now=housing.recorded
    )


def _record_covers(
    housing: Housing,
    homes: tuple[DemoDwelling, ...],
    ids: Mapping[tuple[str, int], int],
    people: tuple[DemoParty, ...],
    enrolled: Mapping[int, Enrolled],
) -> None:
    by_name = {one.facts.name: enrolled[place].party_id for place, one in enumerate(people) if one.home is None}
    for building in association_buildings():
        dwellings.record_cover(
            housing.session, housing.secretary, cooperative_id=housing.cooperative_id,
            party_id=by_name[f"VvE {building}"], valid_from=date(2000, 1, 1),
            dwelling_ids=[ids[home.key] for home in homes if home.building == building], now=housing.recorded,
        )  # fmt: skip


def _connect(
    housing: Housing,
    homes: tuple[DemoDwelling, ...],
    ids: Mapping[tuple[str, int], int],
    people: tuple[DemoParty, ...],
    enrolled: Mapping[int, Enrolled],
) -> None:
    corporation = _landlord(people, enrolled)
    living = {one.home: enrolled[place].party_id for place, one in enumerate(people) if one.home and not one.moved_out}
    stock = []
    for number, home in enumerate(homes):
        holder = corporation if home.building == THROUGH_LANDLORD else living.get(home.key)
        steps = tuple(_contract_steps(housing.day, number, home)) if holder is not None else ()
        contract = _contract(ids[home.key], holder, home) if holder is not None and steps else None
        stock.append(
            Stock(
                dwelling_id=ids[home.key], connection=tuple(_connection_steps(housing.day, home)), contract=contract,
                steps=steps,
            )
        )  # fmt: skip
    dwelling_stock.add_stock(
        housing.session, housing.secretary, cooperative_id=housing.cooperative_id, stock=stock, now=housing.recorded
    )


def _contract(dwelling_id: int, holder_id: int, home: DemoDwelling) -> NewContract:
    through = home.building == THROUGH_LANDLORD
    version = LANDLORD_VERSION if through else VERSION
    return NewContract(dwelling_id=dwelling_id, holder_id=holder_id, version=version, through_landlord=through)


def _connection_steps(day: date, home: DemoDwelling) -> Iterator[tuple[ConnectionStep, date]]:
    yield ConnectionStep.PLANNED, day - timedelta(days=540)
    reached = FIRST_BUILDINGS.get(home.building)
    if reached is not None:
        yield ConnectionStep.LAID, day - timedelta(days=130 - home.place)
    if reached is ConnectionStep.DELIVERING:
        yield ConnectionStep.DELIVERING, day - timedelta(days=70)


def _contract_steps(day: date, number: int, home: DemoDwelling) -> Iterator[tuple[ContractStep, date]]:
    """Seven of ten signed, some think about it, a few declined; where heat is delivered everybody known has signed."""
    delivers = FIRST_BUILDINGS.get(home.building) is ConnectionStep.DELIVERING
    chance = 0 if delivers or home.building == THROUGH_LANDLORD else number % 10
    if chance == 9:
        return
    yield ContractStep.OFFERED, day - timedelta(days=400 - number % 60)
    if chance == 8:
        yield ContractStep.DECLINED, day - timedelta(days=300 - number % 90)
    elif chance < 7:
        yield ContractStep.SIGNED, day - timedelta(days=300 - number % 90)
    if delivers:
        yield ContractStep.DELIVERING, day - timedelta(days=70)
