"""Who lives and works in the demo, and who of them is in the member register. Nobody here exists.

The housing corporation lets 680 dwellings; the cooperative knows the tenants who came to it, and every owner and
business. One in three of them is a member: some left, one is suspended, some wait to be admitted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ecoop.demo.dwellings import DemoDwelling, demo_dwellings
from ecoop.demo.people import DEMO_ACCOUNTS, KETELHUIS, Since
from ecoop.governance.membership import EndReason, EventKind
from ecoop.governance.roles import Role
from ecoop.governance.statutes import PartyKind
from ecoop.governance.tenures import DwellingKind, TenureKind
from ecoop.models.buildings import Ownership
from ecoop.services.parties import PartyFacts

GIVEN = ("Amber", "Bas", "Chantal", "Driss", "Elif", "Fatima", "Gerrit", "Hatice", "Imane", "Joost", "Karima", "Lars",
         "Maryam", "Nico", "Olga", "Pim", "Quinty", "Ruud", "Samira", "Thijs", "Umut", "Vincent", "Wiebke", "Xander",
         "Yara", "Zeger", "Anouk", "Boris", "Cor", "Duna", "Ewout")  # fmt: skip
FAMILY = (("", "Warmtebron"), ("de", "Ketel"), ("van der", "Leiding"), ("", "Radiator"), ("van", "Buffervat"),
          ("", "Wisselaar"), ("ter", "Kraan"), ("", "Thermostaat"), ("den", "Oude Pomp"), ("", "Isolatie"),
          ("van", "Dubbelglas"), ("", "Koevoets"), ("de", "Convector"), ("", "Spouwmuur"), ("op 't", "Dak"),
          ("", "Vloerveld"), ("van de", "Meterkast"), ("", "Schoorsteen"), ("el", "Kachel"))  # fmt: skip
TRADES = ("Bakkerij", "Drukkerij", "Fietsenmaker", "Atelier", "Kapper", "Praktijk", "Studio", "Kantoor", "Koffiehuis")
SIGNS = ("De Warme Oven", "Zwart op Wit", "Slag", "Klei en Vuur", "Het Ventiel", "De Graaddag", "Aan de Kade",
         "De Koperslager", "Zonzijde", "Het Peillood", "De Stoomfluit", "Noorderlicht")  # fmt: skip
CORPORATION = PartyFacts(
    name="Woonstichting De Warme Wal", registration_number="00000100", email="wonen@example.org", street="Ketelkade",
    house_number="1", postcode="1054 ZZ", city="Amsterdam",
)  # fmt: skip
MEMBER_ASSOCIATION = "Poortgebouw"
"""The owners' association of this building is a member itself, while flat owners in it are members as well."""
TENANTS_KNOWN = 5
"""One in so many tenants is known to the cooperative, besides those with an account."""

HOMES = {
    "Vera Vastrecht": ("Poortgebouw", 3),
    "Petra Prijspeil": ("Tuinmanshof", 11),
    "Bram Buffervat": ("Apothekershof", 22),
    "Silvia Schrijfgraag": ("Kruidenhof", 7),
    "Kees Kasboek": ("Collegezaal", 15),
    "Gijs Gevelgroen": ("Tuinmanshof", 4),
    "Tessa Telraam": ("Zusterhuis", 31),
    "Loes Leiding": ("Bleekveld", 8),
    "Mo Meterkast": ("Paviljoen 3", 5),
    "Iris IJsbloem": ("Paviljoen 1", 9),
    "Dina Dubbelglas": ("Kapelhof", 6),
    "Daan Dubbelglas": ("Kapelhof", 6),
    "Victor Vleugelraam": ("Poortgebouw", 20),
    "Noud Netaansluiting": ("Verbandhuis", 25),
}
"""Where the people with an account live."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoEvent:
    """Something that happened to a membership."""

    kind: EventKind
    on: date
    class_code: str | None = None
    end_reason: EndReason | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoParty:
    """One invented party: where it lives or works, and its membership if it has one.

    `account` names the login of the demo that it has; `later` is what happened to the membership afterwards.
    """

    kind: PartyKind
    facts: PartyFacts
    moved_in: date
    home: tuple[str, int] | None = None
    tenure: TenureKind = TenureKind.OWNER
    moved_out: date | None = None
    entry: DemoEvent | None = None
    later: tuple[DemoEvent, ...] = ()
    account: str | None = None


def demo_parties(day: date) -> tuple[DemoParty, ...]:
    """Everybody whom the cooperative knows, members in order of admission, seen from the day of the demo."""
    homes = {one.key: one for one in demo_dwellings()}
    found = [*_with_a_role(homes, day), *_neighbours(homes, day), *_associations(day)]
    return tuple(sorted(found, key=lambda one: (one.entry.on if one.entry else one.moved_in, one.facts.name)))


def _with_a_role(homes: dict[tuple[str, int], DemoDwelling], day: date) -> Iterator[DemoParty]:
    for place, person in enumerate(DEMO_ACCOUNTS):
        held = [one for one in person.roles if one.role is Role.MEMBER and one.cooperative == KETELHUIS]
        if held:
            given, _, family = person.name.partition(" ")
            home = homes[HOMES[person.name]]
            facts = PartyFacts(name=person.name, given_names=given, family_name=family, email=person.email,
                               birth_date=date(1950 + place * 2, 5, 4), **_address(home))  # fmt: skip
            since = held[0].since.seen_from(day)
            yield DemoParty(
                kind=PartyKind.PERSON, facts=facts, moved_in=date(since.year - 2, 6, 1), home=home.key,
                tenure=_tenure(home), account=person.name, entry=_admitted(since, _class_of(home)),
            )  # fmt: skip


def _neighbours(homes: dict[tuple[str, int], DemoDwelling], day: date) -> Iterator[DemoParty]:
    """Every owner and business, and one in five tenants."""
    taken = set(HOMES.values())
    count = 0
    for place, home in enumerate(one for key, one in homes.items() if key not in taken):
        if home.segment.is_rented and place % TENANTS_KNOWN:
            continue
        yield _neighbour(count, home, day)
        count += 1


def _neighbour(number: int, home: DemoDwelling, day: date) -> DemoParty:
    kind, facts = _business(number, home) if home.segment.kind is DwellingKind.BUSINESS_UNIT else _person(number, home)
    since = Since(years_ago=1 + number % 7, month=1 + number % 12, day=1 + number % 28).seen_from(day)
    entry, later = _membership(number, home, since, day)
    moves = next((one.on for one in later if one.kind is EventKind.ENDED), None)
    return DemoParty(
        kind=kind,
        facts=facts,
        moved_in=date(since.year - 1 - number % 9, 1 + number % 12, 1),
        home=home.key,
        tenure=_tenure(home),
        moved_out=moves,
        entry=entry,
        later=later,
    )


def _membership(
    number: int, home: DemoDwelling, since: date, day: date
) -> tuple[DemoEvent | None, tuple[DemoEvent, ...]]:
    """Whether this neighbour is a member, and what became of it."""
    if not _joins(number, home):
        return None, ()
    class_code = _class_of(home)
    if number in WAITING:
        applied = day - timedelta(days=6 + WAITING.index(number) * 11)
        return DemoEvent(kind=EventKind.APPLIED, on=applied, class_code=class_code), ()
    return _admitted(since, class_code), _fate(number, day)


def _joins(number: int, home: DemoDwelling) -> bool:
    """Three of four tenants who are known, one of three owners, one of four businesses."""
    if home.segment.is_rented:
        return number % 4 != 0
    return number % (4 if home.segment.kind is DwellingKind.BUSINESS_UNIT else 3) == 0


WAITING = (21, 61, 129, 243, 300)
"""Neighbours who have applied and wait."""
SUSPENDED = 37


def _fate(number: int, day: date) -> tuple[DemoEvent, ...]:
    """What happened afterwards: some left, one is suspended."""
    last_year = Since(years_ago=1, month=12, day=31).seen_from(day)
    if number == SUSPENDED:
        return (DemoEvent(kind=EventKind.SUSPENDED, on=last_year, why="Contributie twee jaar niet betaald."),)
    if number % 11 == 5:
        return (DemoEvent(kind=EventKind.ENDED, on=date(last_year.year + 1, 1, 1), end_reason=EndReason.RESIGNATION,
                          why="Verhuist naar een andere stad."),)  # fmt: skip
    return ()


def _associations(day: date) -> Iterator[DemoParty]:
    """The owners' associations, and the corporation that lets: partners, of which one association is a member."""
    since = Since(years_ago=6, month=10).seen_from(day)
    for place, name in enumerate(association_buildings()):
        entry = _admitted(since, "business") if name == MEMBER_ASSOCIATION else None
        facts = PartyFacts(name=f"VvE {name}", registration_number=f"000002{place:02}", city="Amsterdam",
                           email=f"vve{place}@example.org")  # fmt: skip
        yield DemoParty(kind=PartyKind.OWNERS_ASSOCIATION, facts=facts, moved_in=date(2000, 1, 1), entry=entry)
    yield DemoParty(kind=PartyKind.CORPORATION, facts=CORPORATION, moved_in=date(1990, 1, 1))


def association_buildings() -> tuple[str, ...]:
    """The buildings with an owners' association, mixed ones included."""
    kinds = {Ownership.OWNERS_ASSOCIATION, Ownership.MIXED_ASSOCIATION}
    return tuple(dict.fromkeys(one.building for one in demo_dwellings() if one.ownership in kinds))


def _admitted(since: date, class_code: str) -> DemoEvent:
    return DemoEvent(kind=EventKind.ADMITTED, on=since, class_code=class_code)


def _tenure(home: DemoDwelling) -> TenureKind:
    return TenureKind.TENANT if home.segment.is_rented else TenureKind.OWNER


def _class_of(home: DemoDwelling) -> str:
    if home.segment.kind is DwellingKind.BUSINESS_UNIT:
        return "business"
    return "tenant" if home.segment.is_rented else "owner_occupier"


def _person(number: int, home: DemoDwelling) -> tuple[PartyKind, PartyFacts]:
    given = GIVEN[number % len(GIVEN)]
    name_prefix, family = FAMILY[number * 7 % len(FAMILY)]
    name = " ".join(part for part in (given, name_prefix, family) if part)
    facts = PartyFacts(name=name, given_names=given, name_prefix=name_prefix or None, family_name=family,
                       email=f"buur{number}@example.org" if number % 9 else None,
                       birth_date=date(1938 + number % 64, 1 + number % 12, 1 + number % 28),
                       **_address(home))  # fmt: skip
    return PartyKind.PERSON, facts


def _business(number: int, home: DemoDwelling) -> tuple[PartyKind, PartyFacts]:
    name = f"{TRADES[number % len(TRADES)]} {SIGNS[number * 5 % len(SIGNS)]} {home.full_number}"
    facts = PartyFacts(name=name, registration_number=f"{10_000 + number:08}", email=f"zaak{number}@example.org",
                       **_address(home))  # fmt: skip
    return PartyKind.ORGANISATION, facts


def _address(home: DemoDwelling) -> dict[str, Any]:
    return {
        "street": home.street, "house_number": home.full_number, "postcode": home.postcode, "city": "Amsterdam",
    }  # fmt: skip
