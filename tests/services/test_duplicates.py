"""Who is likely known already is found fast, in two queries, and told with reasons."""

import time
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from ecoop import sealing
from ecoop.governance.likeness import AlikeReason
from ecoop.governance.statutes import PartyKind
from ecoop.models import Party, PartyRecord
from ecoop.models.parties import FOREVER
from ecoop.services import bank_accounts, parties
from ecoop.services.duplicates import Sought, find_alike, find_alike_to
from ecoop.services.parties import FIELDS, PartyFacts, name_key
from tests.services.conftest import World
from tests.support.factories import NOW, TODAY
from tests.support.queries import counted_queries

SINCE = date(2024, 1, 1)
PETRA = PartyFacts(name="P. van den Berg", given_names="Petra", name_prefix="van den", family_name="Berg",
                   birth_date=date(1960, 5, 1), email="petra@example.org", street="Kade", house_number="12-3",
                   postcode="1054 AB", city="Amsterdam")  # fmt: skip


def known(world: World, session: Any, facts: PartyFacts = PETRA, **given: Any) -> int:
    values = {"kind": PartyKind.PERSON, "valid_from": SINCE, "now": NOW} | given
    return parties.record_party(session, None, cooperative_id=world.home, facts=facts, **values)


def alike(world: World, session: Any, facts: PartyFacts, **given: Any) -> list[tuple[int, tuple[AlikeReason, ...]]]:
    values = {"kind": PartyKind.PERSON} | given
    found = find_alike(session, cooperative_id=world.home, facts=facts, **values)
    return [(one.party_id, one.reasons) for one in found]


def test_the_same_person_with_initials_and_another_address_is_found(world: World) -> None:
    with world.inside() as session:
        number = known(world, session)
        moved = replace(PETRA, given_names="P.", email="p@example.org", postcode="9999zz", house_number="1")

        assert alike(world, session, moved) == [(number, (AlikeReason.NAME_AND_BIRTH_DATE,))]


def test_an_address_in_another_spelling_is_the_same(world: World) -> None:
    with world.inside() as session:
        number = known(world, session)
        newcomer = PartyFacts(name="Berg", family_name="BERG", postcode="1054ab", house_number="12 - 3")

        assert alike(world, session, newcomer) == [(number, (AlikeReason.ADDRESS_AND_FAMILY_NAME,))]


def test_who_lived_somewhere_before_is_found_by_that_address(world: World) -> None:
    with world.inside() as session:
        number = known(world, session)
        parties.change_party(
            session, None, cooperative_id=world.home, party_id=number, valid_from=date(2025, 1, 1), now=NOW,
            facts=replace(PETRA, postcode="9999 ZZ", street="Elders", email="nieuw@example.org"),
        )  # fmt: skip
        found = find_alike(
            session, cooperative_id=world.home, facts=PartyFacts(name="Berg", email="petra@example.org"),
            kind=PartyKind.PERSON,
        )  # fmt: skip

    assert [(one.party_id, one.street) for one in found] == [(number, "Elders")]


def test_what_was_corrected_away_is_not_looked_at(world: World) -> None:
    with world.inside() as session:
        number = known(world, session)
        parties.change_party(
            session, None, cooperative_id=world.home, party_id=number, valid_from=SINCE, now=NOW + timedelta(days=1),
            facts=PartyFacts(name="Heel Iemand Anders"),
        )  # fmt: skip

        assert alike(world, session, PETRA) == []


def test_a_party_that_went_into_another_is_not_found(world: World) -> None:
    with world.inside() as session:
        kept, gone = known(world, session), known(world, session)
        session.get_one(Party, (world.home, gone)).merged_into_id = kept
        session.flush()

        assert [number for number, _reasons in alike(world, session, PETRA)] == [kept]


def test_nobody_of_another_cooperative_is_found(world: World) -> None:
    with world.inside() as session:
        session.include(world.neighbour)
        parties.record_party(
            session, None, cooperative_id=world.neighbour, kind=PartyKind.PERSON, facts=PETRA, valid_from=SINCE,
            now=NOW,
        )  # fmt: skip

        assert alike(world, session, PETRA) == []


def test_the_likeliest_stands_first(world: World) -> None:
    with world.inside() as session:
        partner = known(
            world, session, replace(PETRA, name="Piet", given_names="Piet", birth_date=date(1958, 1, 1), email=None)
        )
        same = known(world, session)

        assert [number for number, _reasons in alike(world, session, PETRA)] == [same, partner]


def test_the_same_bank_account_is_a_reason(world: World) -> None:
    key, iban = sealing.new_key(), "NL91ABNA0417164300"
    with world.inside() as session:
        number = known(world, session)
        bank_accounts.add_bank_account(
            session, None, cooperative_id=world.home, party_id=number, iban=iban, holder="P. van den Berg",
            valid_from=SINCE, key=key, now=NOW,
        )  # fmt: skip
        mark = bank_accounts.fingerprints(iban, key)[0]
        stranger = PartyFacts(name="Otto Vos")

        assert alike(world, session, stranger, iban_fingerprint=mark) == [(number, (AlikeReason.ACCOUNT,))]
        assert alike(world, session, stranger, iban_fingerprint="1" * 64) == []


def test_many_are_looked_up_in_two_queries(world: World) -> None:
    with world.inside() as session:
        known(world, session)
        sought = {
            number: Sought(facts=replace(PETRA, house_number=str(number)), kind=PartyKind.PERSON)
            for number in range(20)
        }  # fmt: skip
        session.commit()
        with counted_queries(world.database) as seen:
            found = find_alike_to(session, cooperative_id=world.home, sought=sought)

    assert len(seen) == 2
    assert all(len(one) == 1 for one in found.values())


def test_one_among_ten_thousand_is_found_at_once(world: World) -> None:
    _fill(world, 10_000)
    with world.reading() as session:
        tries = []
        for _ in range(6):
            begun = time.perf_counter()
            found = find_alike(session, cooperative_id=world.home, facts=_facts(4321), kind=PartyKind.PERSON)
            tries.append(time.perf_counter() - begun)

    assert (found[0].party_id, found[0].reasons[0]) == (4321, AlikeReason.NAME_AND_BIRTH_DATE)
    assert min(tries) < 0.05


def _fill(world: World, count: int) -> None:
    """So many parties, put in as fast as a database can."""
    with world.database.writer.begin() as connection:
        home = {"cooperative_id": world.home}
        connection.execute(
            sa.insert(Party), [home | {"id": one, "kind": PartyKind.PERSON, "created_at": NOW} for one in range(count)]
        )
        connection.execute(sa.insert(PartyRecord), [home | _record(one) for one in range(count)])


def _facts(place: int) -> PartyFacts:
    family = f"Achternaam{place % 900}"
    return PartyFacts(
        name=f"Naam{place % 70} {family}", given_names=f"Naam{place % 70}", family_name=family,
        birth_date=date(1940, 1, 1) + timedelta(days=place * 7 % 25_000), email=f"iemand{place}@example.org",
        street="Kade", house_number=str(place % 90), postcode=f"{1000 + place // 25} AB", city="Amsterdam",
    )  # fmt: skip


def _record(place: int) -> dict[str, Any]:
    facts = _facts(place)
    known = {"valid_from": TODAY, "valid_until": FOREVER, "known_from": NOW, "name_key": name_key(facts)}
    return {"id": place, "party_id": place} | known | {name: getattr(facts, name) for name in FIELDS}
