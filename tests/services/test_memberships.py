"""Parties and memberships in the database: nothing is overwritten, and any day can be read as it was known then."""

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecoop.db import Database
from ecoop.errors import Forbidden, InvalidInput, NotFound
from ecoop.governance.membership import EndReason, EventKind, Status, standing_on
from ecoop.governance.roles import Role
from ecoop.governance.statutes import PartyKind
from ecoop.models import Membership, MembershipEventRow, MembershipSpan
from ecoop.services import memberships, parties, register
from ecoop.services.memberships import NewEvent
from ecoop.services.parties import PartyFacts
from ecoop.services.register import Order, RegisterQuestion
from ecoop.services.register_list import read_register_list
from tests.services.conftest import World
from tests.support.factories import NOW, TODAY
from tests.support.queries import counted_queries

SINCE = date(2024, 1, 1)
FACTS = PartyFacts(name="P. van den Berg", given_names="Petra", name_prefix="van den", family_name="Berg",
                   birth_date=date(1960, 5, 1), email="Petra@Example.org", street="Kade", house_number="12-3",
                   postcode="1054ab", city="Amsterdam")  # fmt: skip


@pytest.fixture
def secretary(world: World) -> Any:
    return world.acting(Role.SECRETARY)


def a_party(world: World, session: Any, facts: PartyFacts = FACTS, **given_: Any) -> int:
    values = {"kind": PartyKind.PERSON, "valid_from": SINCE, "now": NOW} | given_
    return parties.record_party(session, None, cooperative_id=world.home, facts=facts, **values)


def a_member(world: World, session: Any, name: str = "Petra", since: date = SINCE, **given_: Any) -> int:
    party_id = a_party(world, session, replace(FACTS, name=name, family_name=name, email=None))
    membership_id = memberships.open_membership(session, cooperative_id=world.home, party_id=party_id, now=NOW)
    happens(world, session, membership_id, EventKind.ADMITTED, since, class_code="tenant", **given_)
    return membership_id


def happens(
    world: World, session: Any, membership_id: int, kind: EventKind, day: date, *, later: int = 0, **given_: Any
) -> int:
    number = given_.pop("number", None)
    return memberships.add_event(
        session, None, cooperative_id=world.home, membership_id=membership_id, number=number,
        new=NewEvent(kind=kind, valid_from=day, **given_), now=NOW + timedelta(days=later),
    )  # fmt: skip


def names(world: World, **asked: Any) -> list[str]:
    question = RegisterQuestion(**({"day": TODAY} | asked))
    with world.reading() as session:
        page = register.read_register(session, world.acting(Role.SECRETARY), cooperative_id=world.home, asked=question)
    return [line.name for line in page.lines]


# parties


def test_facts_are_kept_in_one_spelling(world: World) -> None:
    with world.inside() as session:
        number = a_party(world, session)
        found = parties.read_party(session, cooperative_id=world.home, party_id=number, day=TODAY)

    assert (found.facts.email, found.facts.postcode) == ("petra@example.org", "1054 AB")


def test_everything_that_is_wrong_with_a_party_is_told_at_once(world: World) -> None:
    wrong = PartyFacts(name=" ", postcode="12 AB", birth_date=TODAY + timedelta(days=2), email="petra",
                       registration_number="12", country="Nederland")  # fmt: skip

    with world.inside() as session, pytest.raises(InvalidInput) as refused:
        a_party(world, session, wrong)

    keys = {problem.key for problem in refused.value.problems}
    assert keys == {"name", "birth_date", "email", "registration_number", "country"}


def test_an_organisation_was_not_born(world: World) -> None:
    with world.inside() as session, pytest.raises(InvalidInput) as refused:
        a_party(world, session, kind=PartyKind.ORGANISATION)

    assert [problem.key for problem in refused.value.problems] == ["birth_date"]


def test_an_address_that_changed_can_still_be_read_for_the_day_before(world: World) -> None:
    moved = date(2025, 6, 1)
    with world.inside() as session:
        number = a_party(world, session)
        parties.change_party(
            session, None, cooperative_id=world.home, party_id=number, facts=replace(FACTS, street="Gracht"),
            valid_from=moved, now=NOW + timedelta(days=1),
        )  # fmt: skip

        def street(day: date, **known: Any) -> str | None:
            return parties.read_party(
                session, cooperative_id=world.home, party_id=number, day=day, **known
            ).facts.street

        assert (street(moved - timedelta(days=1)), street(moved)) == ("Kade", "Gracht")
        assert street(moved, known_at=NOW) == "Kade"


def test_a_change_in_between_leaves_the_later_one_standing(world: World) -> None:
    with world.inside() as session:
        number = a_party(world, session)
        for street, day in (("Derde", date(2026, 1, 1)), ("Tweede", date(2025, 1, 1))):
            parties.change_party(
                session, None, cooperative_id=world.home, party_id=number, facts=replace(FACTS, street=street),
                valid_from=day, now=NOW,
            )  # fmt: skip
        found = [
            parties.read_party(session, cooperative_id=world.home, party_id=number, day=day).facts.street
            for day in (date(2024, 5, 1), date(2025, 5, 1), date(2026, 2, 1))
        ]

    assert found == ["Kade", "Tweede", "Derde"]


def test_what_changes_nothing_is_told(world: World) -> None:
    with world.inside() as session:
        number = a_party(world, session)
        with pytest.raises(InvalidInput):
            parties.change_party(
                session, None, cooperative_id=world.home, party_id=number, facts=FACTS, valid_from=TODAY, now=NOW
            )


def test_a_party_is_recorded_by_who_keeps_the_register(world: World) -> None:
    with world.inside() as session, pytest.raises(Forbidden):
        parties.record_party(
            session, world.acting(Role.MEMBER), cooperative_id=world.home, kind=PartyKind.PERSON, facts=FACTS,
            valid_from=SINCE, now=NOW,
        )  # fmt: skip


# memberships


def test_numbers_are_given_out_in_order_and_never_again(world: World) -> None:
    with world.inside() as session:
        for name in ("Anna", "Bram", "Carla"):
            last = a_member(world, session, name)
        happens(world, session, last, EventKind.ENDED, TODAY, end_reason=EndReason.RESIGNATION)
        a_member(world, session, "Daan")
        numbers = session.scalars(sa.select(Membership.number).order_by(Membership.id)).all()

    assert numbers == [1, 2, 3, 4]


def test_an_import_keeps_its_numbers_and_the_series_goes_on_above_them(world: World) -> None:
    with world.inside() as session:
        a_member(world, session, "Anna", number=120)
        a_member(world, session, "Bram", number=7)
        a_member(world, session, "Carla")
        numbers = session.scalars(sa.select(Membership.number).order_by(Membership.id)).all()

    assert numbers == [120, 7, 121]


def test_an_applicant_has_no_number_and_a_returning_member_keeps_it(world: World) -> None:
    with world.inside() as session:
        party_id = a_party(world, session)
        number = memberships.open_membership(session, cooperative_id=world.home, party_id=party_id, now=NOW)
        happens(world, session, number, EventKind.APPLIED, SINCE, class_code="tenant")
        assert session.scalars(sa.select(Membership.number)).one() is None

        happens(world, session, number, EventKind.ADMITTED, SINCE, class_code="tenant")
        happens(world, session, number, EventKind.ENDED, date(2025, 1, 1), end_reason=EndReason.RESIGNATION)
        happens(world, session, number, EventKind.READMITTED, date(2026, 1, 1), class_code="tenant")

        assert memberships.open_membership(session, cooperative_id=world.home, party_id=party_id, now=NOW) == number
        assert session.scalars(sa.select(Membership.number)).one() == 1
        standing = memberships.read_standing(session, cooperative_id=world.home, membership_id=number, day=TODAY)
    assert len(standing.periods) == 2


def test_one_membership_ends_once(world: World) -> None:
    with world.inside() as session:
        number = a_member(world, session)
        happens(world, session, number, EventKind.ENDED, date(2025, 1, 1), end_reason=EndReason.RESIGNATION)
        with pytest.raises(InvalidInput):
            happens(world, session, number, EventKind.ENDED, date(2025, 2, 1), end_reason=EndReason.RESIGNATION)


def test_events_of_another_cooperative_are_not_there(world: World) -> None:
    with world.inside() as session:
        number = a_member(world, session)
        session.commit()
    from ecoop.db import Scope

    with (
        world.database.session(Scope(cooperative_ids=frozenset({world.neighbour}), may_write=True)) as session,
        pytest.raises(NotFound),
    ):
        memberships.add_event(
            session, None, cooperative_id=world.neighbour, membership_id=number,
            new=NewEvent(kind=EventKind.SUSPENDED, valid_from=TODAY), now=NOW,
        )  # fmt: skip


def test_the_database_refuses_to_change_an_event(world: World) -> None:
    with world.inside() as session:
        a_member(world, session)
        session.commit()

    with world.database.writer.connect() as connection, pytest.raises(sa.exc.IntegrityError, match="only grows"):
        connection.exec_driver_sql("UPDATE membership_event SET class_code = 'owner'")


# the register at a date


def test_leavers_of_31_december_stand_in_the_list_of_that_day(world: World) -> None:
    with world.inside() as session:
        number = a_member(world, session)
        happens(world, session, number, EventKind.ENDED, date(2025, 1, 1), end_reason=EndReason.RESIGNATION)
        session.commit()

    assert names(world, day=date(2024, 12, 31)) == ["Petra"]
    assert names(world, day=date(2025, 1, 1)) == []
    assert names(world, day=date(2025, 1, 1), statuses=frozenset({Status.FORMER})) == ["Petra"]


def test_a_list_of_the_past_can_be_made_again_as_it_was_known(world: World) -> None:
    day = date(2025, 6, 1)
    asked = RegisterQuestion(day=day, known_at=NOW + timedelta(hours=1), order=Order.NUMBER)

    def digest(session: Any) -> str:
        return read_register_list(session, None, cooperative_id=world.home, asked=asked).digest

    with world.inside() as session:
        numbers = [a_member(world, session, name) for name in ("Anna", "Bram")]
        before = digest(session)
        happens(world, session, numbers[0], EventKind.ENDED, SINCE, end_reason=EndReason.DEATH, later=3)
        party_id = session.scalars(sa.select(Membership.party_id).where(Membership.id == numbers[1])).one()
        facts = replace(FACTS, name="Abraham", family_name="Bram", email=None)
        parties.change_party(
            session, None, cooperative_id=world.home, party_id=party_id, facts=facts, valid_from=SINCE,
            now=NOW + timedelta(days=4),
        )  # fmt: skip
        session.commit()

        assert digest(session) == before
    assert names(world, day=day) == ["Abraham"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["Anna Bakker", "Bram Çelik", "Carla de Groot"]),
        ("celik", ["Bram Çelik"]),
        ("GROOT carla", ["Carla de Groot"]),
        ("2", ["Bram Çelik"]),
        ("%", []),
        ("nobody", []),
    ],
)
def test_members_are_found_by_name_without_accents_or_by_number(world: World, text: str, found: list[str]) -> None:
    with world.inside() as session:
        for name in ("Anna Bakker", "Bram Çelik", "Carla de Groot"):
            a_member(world, session, name)
        session.commit()

    assert names(world, text=text) == found


def test_a_page_costs_as_many_queries_however_many_members_there_are(world: World) -> None:
    def cost() -> int:
        with counted_queries(world.database) as queries:
            names(world)
        return len(queries)

    with world.inside() as session:
        a_member(world, session, "Anna")
        session.commit()
    few = cost()
    with world.inside() as session:
        for number in range(60):
            a_member(world, session, f"Lid {number}")
        session.commit()

    assert cost() == few


def test_the_list_is_cut_into_pages(world: World) -> None:
    with world.inside() as session:
        for number in range(60):
            a_member(world, session, f"Lid {number:02}")
        session.commit()

    assert len(names(world)) == 50
    assert names(world, page=2)[0] == "Lid 50"
    assert names(world, page=99)[0] == "Lid 50"


# whatever happens


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chance=st.randoms(use_true_random=False))
def test_the_register_is_the_same_in_whatever_order_it_was_written(
    sqlite_database: Database, chance: random.Random
) -> None:
    """The events of several members are recorded in another order in each of two cooperatives, at one instant."""
    stories = {
        1: [(EventKind.ADMITTED, date(2024, 1, 1)), (EventKind.SUSPENDED, date(2024, 3, 1))],
        2: [(EventKind.APPLIED, date(2024, 1, 5)), (EventKind.ADMITTED, date(2024, 2, 1))],
        3: [(EventKind.ADMITTED, date(2024, 1, 1)), (EventKind.ENDED, date(2025, 1, 1)),
            (EventKind.READMITTED, date(2025, 6, 1))],
    }  # fmt: skip
    from tests.support.databases import furnishing
    from tests.support.factories import a_cooperative

    registers = []
    with furnishing(sqlite_database) as session:
        for _ in range(2):
            home = a_cooperative(session).id
            turns = [number for number, story in stories.items() for _event in story]
            chance.shuffle(turns)
            registers.append(_written_down(session, home, stories, turns))

    assert registers[0] == registers[1]


def _written_down(
    session: Any, home: int, stories: dict[int, list[tuple[EventKind, date]]], turns: list[int]
) -> list[tuple[Any, ...]]:
    """The lines of the register on several days, once every event was recorded in the order of `turns`."""
    waiting = {number: list(story) for number, story in stories.items()}
    ids: dict[int, int] = {}
    for number in turns:
        if number not in ids:
            facts = replace(FACTS, name=f"Lid {number}", family_name=None, email=None)
            party_id = parties.record_party(
                session, None, cooperative_id=home, kind=PartyKind.PERSON, facts=facts, valid_from=SINCE, now=NOW
            )
            ids[number] = memberships.open_membership(session, cooperative_id=home, party_id=party_id, now=NOW)
        kind, day = waiting[number].pop(0)
        new = NewEvent(kind=kind, valid_from=day, class_code="tenant", end_reason=EndReason.RESIGNATION)
        memberships.add_event(
            session, None, cooperative_id=home, membership_id=ids[number], new=new, number=number, now=NOW
        )
    found = []
    for day in (date(2024, 1, 1), date(2024, 1, 31), date(2024, 4, 1), date(2024, 12, 31), date(2025, 1, 1), TODAY):
        asked = RegisterQuestion(day=day, statuses=frozenset(Status))
        found += [
            (day, line.number, line.name, line.status, line.class_code, line.member_since, line.since)
            for line in register.read_whole_register(session, None, cooperative_id=home, asked=asked)
        ]
    return found


def _moves() -> st.SearchStrategy[list[tuple[EventKind, int, int]]]:
    kinds = st.sampled_from([kind for kind in EventKind if kind is not EventKind.CORRECTED])
    return st.lists(st.tuples(kinds, st.integers(0, 300), st.integers(0, 3)), max_size=10)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=_moves(), day=st.integers(0, 320), known=st.integers(0, 10))
def test_the_spans_always_say_what_the_events_say(
    sqlite_database: Database, moves: list[tuple[EventKind, int, int]], day: int, known: int
) -> None:
    from tests.support.databases import furnishing
    from tests.support.factories import a_cooperative

    with furnishing(sqlite_database) as session:
        home = a_cooperative(session).id
        party_id = parties.record_party(
            session, None, cooperative_id=home, kind=PartyKind.PERSON, facts=FACTS, valid_from=SINCE, now=NOW
        )
        number = memberships.open_membership(session, cooperative_id=home, party_id=party_id, now=NOW)
        for later, (kind, days, _) in enumerate(moves):
            new = NewEvent(
                kind=kind, valid_from=SINCE + timedelta(days=days), class_code="tenant",
                end_reason=EndReason.RESIGNATION,
            )  # fmt: skip
            try:
                memberships.add_event(
                    session, None, cooperative_id=home, membership_id=number, new=new, now=NOW + timedelta(days=later)
                )
            except InvalidInput:
                continue
        events = memberships.read_events(session, cooperative_id=home, membership_id=number)
        on, at = SINCE + timedelta(days=day), NOW + timedelta(days=known)
        spans = session.scalars(
            sa.select(MembershipSpan).where(
                MembershipSpan.cooperative_id == home,
                MembershipSpan.starts_on <= on,
                MembershipSpan.ends_on > on,
                MembershipSpan.known_from <= at,
                sa.or_(MembershipSpan.known_until.is_(None), MembershipSpan.known_until > at),
            )
        ).all()
        standing = standing_on(events, on, at)
        assert len(session.scalars(sa.select(MembershipEventRow).where(
            MembershipEventRow.cooperative_id == home)).all()) == len(events)  # fmt: skip

    assert len(spans) <= 1
    assert (spans[0].status if spans else Status.NONE) is standing.status
    assert (spans[0].member_since if spans else None) == standing.member_since
