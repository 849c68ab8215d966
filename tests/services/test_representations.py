"""Who acts for whom, in the database."""

from datetime import date, timedelta
from typing import Any

import pytest

from ecoop.errors import Forbidden, InvalidInput, NotFound
from ecoop.governance.representation import Acting, Matter, RepresentationReason
from ecoop.governance.roles import Role
from ecoop.governance.statutes import PartyKind
from ecoop.services import representations
from tests.services.conftest import World
from tests.services.governing import SINCE, a_member, a_party, speaks
from tests.support.factories import NOW, TODAY


def bakery_and_petra(world: World, session: Any) -> tuple[int, int]:
    bakery, _ = a_member(world, session, "Bakkerij", "business", PartyKind.ORGANISATION)
    return bakery, a_party(world, session, "Petra")


def of(world: World, session: Any, party_id: int, day: date | None = TODAY, **given: Any) -> list[str]:
    found = representations.representatives_of(session, cooperative_id=world.home, party_id=party_id, day=day, **given)
    return [one.representative for one in found]


def end(world: World, session: Any, number: int, day: date, later: int = 1) -> None:
    representations.end_representation(
        session, None, cooperative_id=world.home, representation_id=number, valid_until=day,
        now=NOW + timedelta(days=later),
    )  # fmt: skip


def test_who_acts_for_a_party_is_read_from_both_sides(world: World) -> None:
    with world.inside() as session:
        bakery, petra = bakery_and_petra(world, session)
        speaks(world, session, bakery, petra)
        (seen,) = representations.represented_by(session, cooperative_id=world.home, party_id=petra, day=TODAY)

        assert of(world, session, bakery) == ["Petra"]
    assert (seen.represented, seen.proof, seen.valid_until) == ("Bakkerij", "Uittreksel KvK", None)
    assert (seen.represented_membership_id is None, seen.representative_membership_id) == (False, None)


def test_it_holds_from_the_first_day_until_the_day_of_its_end(world: World) -> None:
    until = date(2025, 1, 1)
    with world.inside() as session:
        bakery, petra = bakery_and_petra(world, session)
        speaks(world, session, bakery, petra, valid_until=until)

        found = [
            of(world, session, bakery, day)
            for day in (SINCE - timedelta(days=1), SINCE, until - timedelta(days=1), until)
        ]
    assert found == [[], ["Petra"], ["Petra"], []]


def test_each_matter_has_its_own_representatives(world: World) -> None:
    with world.inside() as session:
        bakery, petra = bakery_and_petra(world, session)
        speaks(world, session, bakery, petra, matter=Matter.MAIL)

        assert of(world, session, bakery, matter=Matter.VOTE) == []
        assert of(world, session, bakery, matter=Matter.MAIL) == ["Petra"]


def test_what_ended_is_still_known_as_it_was(world: World) -> None:
    with world.inside() as session:
        bakery, petra = bakery_and_petra(world, session)
        number = speaks(world, session, bakery, petra)
        end(world, session, number, date(2025, 1, 1))

        assert of(world, session, bakery) == []
        assert of(world, session, bakery, known_at=NOW) == ["Petra"]
        assert of(world, session, bakery, None) == ["Petra"]


def test_a_successor_follows_once_the_first_has_ended(world: World) -> None:
    with world.inside() as session:
        bakery, petra = bakery_and_petra(world, session)
        otto = a_party(world, session, "Otto")
        number = speaks(world, session, bakery, petra)
        with pytest.raises(InvalidInput):
            speaks(world, session, bakery, otto)
        end(world, session, number, date(2025, 1, 1))
        speaks(world, session, bakery, otto, valid_from=date(2025, 1, 1), now=NOW + timedelta(days=2))

        assert of(world, session, bakery) == ["Otto"]


@pytest.mark.parametrize(
    ("day", "reason"),
    [(SINCE, RepresentationReason.PERIOD_EMPTY), (date(2027, 1, 1), RepresentationReason.OVER_ALREADY)],
)
def test_an_end_lies_within_the_period(world: World, day: date, reason: str) -> None:
    with world.inside() as session:
        bakery, petra = bakery_and_petra(world, session)
        number = speaks(world, session, bakery, petra, valid_until=date(2026, 6, 1))
        with pytest.raises(InvalidInput) as refused:
            end(world, session, number, day)

    assert [problem.reason for problem in refused.value.problems] == [reason]


def test_without_proof_nobody_acts_for_another(world: World) -> None:
    with world.inside() as session:
        bakery, petra = bakery_and_petra(world, session)
        new = Acting(represented_id=bakery, representative_id=petra, matter=Matter.VOTE, valid_from=SINCE)
        with pytest.raises(InvalidInput) as refused:
            representations.record_representation(session, None, cooperative_id=world.home, new=new, proof=" ", now=NOW)

    assert [(one.key, one.reason) for one in refused.value.problems] == [
        ("proof", RepresentationReason.PROOF_MISSING)
    ]  # fmt: skip


def test_a_party_of_nowhere_is_not_found(world: World) -> None:
    with world.inside() as session:
        petra = a_party(world, session)
        with pytest.raises(NotFound):
            speaks(world, session, 4711, petra)


def test_only_who_keeps_the_register_records_it(world: World) -> None:
    new = Acting(represented_id=1, representative_id=2, matter=Matter.VOTE, valid_from=SINCE)
    with world.inside() as session, pytest.raises(Forbidden):
        representations.record_representation(
            session, world.acting(Role.TREASURER), cooperative_id=world.home, new=new, proof="x", now=NOW
        )
