"""Two people act at the same moment: the second finds what the first did, on both databases."""

from collections.abc import Callable
from threading import Thread

import pytest

from ecoop.db import Scope, ScopedSession
from ecoop.errors import EcoopError, InvalidInput, Refused
from ecoop.governance.roles import Role
from ecoop.services import accounts, roles
from ecoop.services.roles import NewRole, RoleReason
from tests.services.conftest import World
from tests.support.factories import LONG_AGO, NOW, TODAY

WAIT_SECONDS = 0.3
"""Long enough for the second to end its work where nothing makes it wait for the first."""

Verb = Callable[[ScopedSession], object]


def _both(world: World, first: Verb, second: Verb) -> EcoopError | None:
    """Let the second begin before the first is committed; what the second was refused with."""
    refusals: list[EcoopError] = []

    def _second() -> None:
        with world.inside() as session:
            try:
                second(session)
                session.commit()
            except EcoopError as error:
                refusals.append(error)

    follower = Thread(target=_second)
    with world.inside() as session:
        first(session)
        follower.start()
        follower.join(WAIT_SECONDS)
        session.commit()
    follower.join()
    return refusals[0] if refusals else None


@pytest.fixture
def grants(world: World) -> tuple[int, int]:
    """The numbers of the roles of the only two on the board."""
    with world.inside() as session:
        new = NewRole(role=Role.CHAIR, email="vera@example.org", name="Vera", starts_on=LONG_AGO)
        roles.grant_role(session, world.treasurer, cooperative_id=world.home, new=new, now=NOW)
        session.commit()
        holders = roles.read_holders(session, cooperative_id=world.home, day=TODAY)
    return holders[0].id, holders[1].id


def test_two_on_the_board_do_not_end_each_other(world: World, grants: tuple[int, int]) -> None:
    def _end(grant_id: int) -> Verb:
        return lambda session: roles.end_role(
            session, world.treasurer, cooperative_id=world.home, grant_id=grant_id, now=NOW
        )

    refusal = _both(world, _end(grants[0]), _end(grants[1]))

    assert isinstance(refusal, Refused)
    assert refusal.reason is RoleReason.LAST_BOARD_MEMBER


def test_a_role_that_is_sent_twice_is_given_once(world: World) -> None:
    def _grant(session: ScopedSession) -> None:
        new = NewRole(role=Role.MEMBER, email="noor@example.org", name="Noor", starts_on=TODAY)
        roles.grant_role(session, world.treasurer, cooperative_id=world.home, new=new, now=NOW)

    refusal = _both(world, _grant, _grant)

    assert isinstance(refusal, InvalidInput)
    with world.database.work(Scope()) as session:
        assert len(accounts.find_by_address(session, "noor@example.org")) == 1
