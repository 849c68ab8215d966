"""Who has more than a quarter: of the votes by the register, of the capital by the ledger."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ecoop.errors import Forbidden
from ecoop.governance.membership import EventKind
from ecoop.governance.roles import Role
from ecoop.governance.statutes import PartyKind
from ecoop.governance.ubo import Interest
from ecoop.services import beneficial_owners, ledger, memberships, parties, statutes
from ecoop.services.memberships import NewEvent
from ecoop.services.parties import PartyFacts
from tests.services.conftest import World
from tests.services.test_register_list import RULES
from tests.support.factories import NOW, TODAY

SINCE = date(2024, 1, 1)


def members(world: World, session: Any, *capital_cents: int) -> None:
    """Members of two votes each, with this capital."""
    statutes.record_statutes(session, None, cooperative_id=world.home, statutes=RULES, now=NOW)
    for place, cents in enumerate(capital_cents):
        party_id = parties.record_party(
            session, None, cooperative_id=world.home, kind=PartyKind.PERSON, facts=PartyFacts(name=f"Lid {place}"),
            valid_from=SINCE, now=NOW,
        )  # fmt: skip
        number = memberships.open_membership(session, cooperative_id=world.home, party_id=party_id, now=NOW)
        new = NewEvent(kind=EventKind.ADMITTED, valid_from=SINCE, class_code="tenant")
        memberships.add_event(session, None, cooperative_id=world.home, membership_id=number, new=new, now=NOW)
        if cents:
            ledger.book_capital(
                session, None, cooperative_id=world.home, membership_id=number, cents=cents, booked_on=SINCE, now=NOW
            )


def owners(world: World, session: Any) -> list[tuple[str, Interest, Decimal]]:
    found = beneficial_owners.read_owners(
        session, world.acting(Role.SECRETARY), cooperative_id=world.home, day=TODAY
    )  # fmt: skip
    return [(name, one.interest, Decimal(one.share.numerator) / one.share.denominator) for one, name in found]


def test_who_put_in_more_than_a_quarter_of_the_capital_is_found(world: World) -> None:
    with world.inside() as session:
        members(world, session, 5001, 5000, 5000, 4999)

        assert [name for name, *_rest in owners(world, session)] == ["Lid 0"]


def test_three_members_each_hold_more_than_a_quarter_of_the_votes(world: World) -> None:
    with world.inside() as session:
        members(world, session, 0, 0, 0)

        assert {interest for _name, interest, _share in owners(world, session)} == {Interest.VOTES}
        assert len(owners(world, session)) == 3


def test_exactly_a_quarter_is_not_more_than_a_quarter(world: World) -> None:
    with world.inside() as session:
        members(world, session, 100, 100, 100, 100)

        assert owners(world, session) == []


def test_only_who_sees_the_register_is_told(world: World) -> None:
    with world.inside() as session, pytest.raises(Forbidden):
        beneficial_owners.read_owners(session, world.acting(Role.MEMBER), cooperative_id=world.home, day=TODAY)
