"""The member register of the demo: the people with a role in it, and invented neighbours. Nobody here exists.

How many of each kind follows the connections: most members rent from the corporation, some own their home, a few are
businesses. Some left, one is suspended, some wait to be admitted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ecoop.demo.people import DEMO_ACCOUNTS, KETELHUIS, Since
from ecoop.governance.membership import EndReason, EventKind
from ecoop.governance.roles import Role
from ecoop.governance.statutes import PartyKind
from ecoop.services.parties import PartyFacts

GIVEN = ("Amber", "Bas", "Chantal", "Driss", "Elif", "Fatima", "Gerrit", "Hatice", "Imane", "Joost", "Karima", "Lars",
         "Maryam", "Nico", "Olga", "Pim", "Quinty", "Ruud", "Samira", "Thijs")  # fmt: skip
FAMILY = (("", "Warmtebron"), ("de", "Ketel"), ("van der", "Leiding"), ("", "Radiator"), ("van", "Buffervat"),
          ("", "Wisselaar"), ("ter", "Kraan"), ("", "Thermostaat"), ("den", "Oude Pomp"), ("", "Isolatie"))  # fmt: skip
BUSINESSES = ("Bakkerij De Warme Oven", "Drukkerij Zwart op Wit", "Fietsenmaker Slag", "Atelier Klei en Vuur")
STREETS = ("Paviljoenlaan", "Kruidenpad", "Zusterplein", "Linnenstraat", "Apothekersgang")
NEIGHBOURS = 44


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoEvent:
    """Something that happened to a membership."""

    kind: EventKind
    on: date
    class_code: str | None = None
    end_reason: EndReason | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoMember:
    """One invented party with its membership; `account` names the login of the demo that it has."""

    kind: PartyKind
    facts: PartyFacts
    since: date
    events: tuple[DemoEvent, ...]
    account: str | None = None


def demo_members(day: date) -> tuple[DemoMember, ...]:
    """Everybody in the register, in order of admission, seen from the day of the demo."""
    found = [*_with_a_role(day), *_neighbours(day), *_businesses(day)]
    return tuple(sorted(found, key=lambda member: (member.since, member.facts.name)))


def _with_a_role(day: date) -> Iterator[DemoMember]:
    for place, person in enumerate(DEMO_ACCOUNTS):
        held = [one for one in person.roles if one.role is Role.MEMBER and one.cooperative == KETELHUIS]
        if held:
            given, _, family = person.name.partition(" ")
            facts = PartyFacts(name=person.name, given_names=given, family_name=family, email=person.email,
                               birth_date=date(1950 + place * 2, 5, 4), **_address(place))  # fmt: skip
            yield _member(facts, held[0].since.seen_from(day), ("tenant", "owner_occupier")[place % 2], person.name)


def _neighbours(day: date) -> Iterator[DemoMember]:
    for place in range(NEIGHBOURS):
        given = GIVEN[place % len(GIVEN)]
        name_prefix, family = FAMILY[(place * 7 + place // len(GIVEN)) % len(FAMILY)]
        name = " ".join(part for part in (given, name_prefix, family) if part)
        facts = PartyFacts(name=name, given_names=given, name_prefix=name_prefix or None, family_name=family,
                           email=f"buur{place}@example.org" if place % 9 else None,
                           birth_date=date(1940 + place, 1 + place % 12, 1 + place % 28),
                           **_address(place + 30))  # fmt: skip
        since = Since(years_ago=1 + place % 7, month=1 + place % 12, day=1 + place % 28).seen_from(day)
        fate = _fate(place, day)
        if fate == ():
            since = day - timedelta(days=place * 2)
        yield _member(facts, since, "owner_occupier" if place % 3 == 0 else "tenant", None, fate)


def _fate(place: int, day: date) -> tuple[DemoEvent, ...] | None:
    """What became of this neighbour: some left, one is suspended, some have applied and wait."""
    last_year = Since(years_ago=1, month=12, day=31).seen_from(day)
    if place % 11 == 5:
        return (DemoEvent(kind=EventKind.ENDED, on=date(last_year.year + 1, 1, 1), end_reason=EndReason.RESIGNATION,
                          why="Verhuist naar een andere stad."),)  # fmt: skip
    if place == 17:
        return (DemoEvent(kind=EventKind.SUSPENDED, on=last_year, why="Contributie twee jaar niet betaald."),)
    if place in {8, 21, 33}:
        return ()
    return None


def _businesses(day: date) -> Iterator[DemoMember]:
    for place, name in enumerate(BUSINESSES):
        facts = PartyFacts(name=name, registration_number=f"0000000{place + 1}", email=f"zaak{place}@example.org",
                           **_address(place + 80))  # fmt: skip
        since = Since(years_ago=3, month=2 + place).seen_from(day)
        yield _member(facts, since, "business", None, kind=PartyKind.ORGANISATION)


def _member(
    facts: PartyFacts,
    since: date,
    class_code: str,
    account: str | None,
    fate: tuple[DemoEvent, ...] | None = None,
    *,
    kind: PartyKind = PartyKind.PERSON,
) -> DemoMember:
    entry = EventKind.APPLIED if fate == () else EventKind.ADMITTED
    events = (DemoEvent(kind=entry, on=since, class_code=class_code), *(fate or ()))
    return DemoMember(kind=kind, facts=facts, since=since, events=events, account=account)


def _address(place: int) -> dict[str, Any]:
    return {
        "street": STREETS[place % len(STREETS)],
        "house_number": str(1 + place * 3 % 97),
        "postcode": f"1054 {'ABCDEFGH'[place % 8]}{'KLMN'[place % 4]}",
        "city": "Amsterdam",
    }
