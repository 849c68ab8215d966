"""The hand-over: what a new board takes over, at a cost that does not grow with the cooperative."""

from datetime import date, timedelta
from typing import Any

import pytest

from ecoop.errors import Forbidden
from ecoop.governance.membership import EndReason, EventKind, Status
from ecoop.governance.roles import Role
from ecoop.services import handover, legal_holds, turns
from tests.services.conftest import World
from tests.services.test_memberships import a_member, happens
from tests.services.test_retention import a_leaver
from tests.support.factories import NOW, TODAY
from tests.support.queries import counted_queries


def read(world: World, session: Any, role: Role = Role.CHAIR) -> handover.Handover:
    return handover.read_handover(session, world.acting(role), cooperative_id=world.home, day=TODAY)


def test_it_tells_who_came_and_went_and_what_waits(world: World) -> None:
    with world.inside() as session:
        party_id = a_leaver(world, session)
        number = a_member(world, session, "Anna", since=TODAY - timedelta(days=100))
        happens(world, session, number, EventKind.ENDED, TODAY - timedelta(days=5), end_reason=EndReason.DEATH)
        turns.give_turn(
            session, cooperative_id=world.home, kind="support.asked", subject="1", roles=[Role.CHAIR], now=NOW
        )
        legal_holds.place_hold(session, None, cooperative_id=world.home, party_id=party_id, why="Geschil", now=NOW)
        found = read(world, session)

    assert (found.admitted, found.ended) == (1, 1)
    assert found.counts == {Status.FORMER: 2}
    assert [one.kind for one in found.waiting] == ["support.asked"]
    assert [one.name for one in found.holds] == ["Petra"]
    assert found.due_parties == 0
    assert found.trail is not None


def test_what_was_corrected_away_did_not_happen(world: World) -> None:
    with world.inside() as session:
        number = a_member(world, session, "Anna", since=date(2020, 1, 1))
        ended = happens(world, session, number, EventKind.ENDED, TODAY, end_reason=EndReason.DEATH)
        happens(world, session, number, EventKind.CORRECTED, TODAY, corrects_id=ended, later=1)

        assert read(world, session).ended == 0


def test_money_is_in_it_for_who_may_see_money(world: World) -> None:
    with world.inside() as session:
        assert read(world, session, Role.CHAIR).agreed.money is not None
        assert read(world, session, Role.SECRETARY).agreed.money is None


@pytest.mark.parametrize("role", [Role.AUDIT_COMMITTEE, Role.MEMBER, Role.BUILDING_AMBASSADOR, Role.COORDINATOR])
def test_it_is_for_the_board(world: World, role: Role) -> None:
    with world.reading() as session, pytest.raises(Forbidden):
        read(world, session, role)


def test_it_costs_as_many_queries_for_many_members_as_for_one(world: World) -> None:
    def cost() -> int:
        with world.reading() as session, counted_queries(world.database) as queries:
            read(world, session)
        return len(queries)

    with world.inside() as session:
        a_leaver(world, session, "Anna")
        session.commit()
    few = cost()
    with world.inside() as session:
        for number in range(10):
            a_leaver(world, session, f"Lid {number}")
        session.commit()

    assert cost() == few
