"""Writing to members by their kind of membership: with a login or without, by e-mail or on paper, each once."""

from datetime import date, timedelta
from typing import Any

from ecoop.governance.membership import EndReason, EventKind
from ecoop.governance.roles import Role
from ecoop.governance.statutes import PartyKind
from ecoop.services import mailings, member_logins, memberships, parties
from ecoop.services.mailings import MEMBERS, Group, Recipient
from ecoop.services.memberships import NewEvent
from ecoop.services.parties import PartyFacts
from tests.services.conftest import World
from tests.support.factories import NOW, TODAY

SINCE = date(2024, 1, 1)


def enrolled(world: World, session: Any, name: str, class_code: str = "tenant", **facts: Any) -> int:
    party_id = parties.record_party(
        session, None, cooperative_id=world.home, kind=PartyKind.PERSON, facts=PartyFacts(name=name, **facts),
        valid_from=SINCE, now=NOW,
    )  # fmt: skip
    number = memberships.open_membership(session, cooperative_id=world.home, party_id=party_id, now=NOW)
    happens(world, session, number, EventKind.ADMITTED, SINCE, class_code=class_code)
    return number


def happens(world: World, session: Any, number: int, kind: EventKind, day: date, **given: Any) -> None:
    new = NewEvent(kind=kind, valid_from=day, **given)
    memberships.add_event(session, None, cooperative_id=world.home, membership_id=number, new=new, now=NOW)


def reached(world: World, session: Any, **chosen: tuple[str, ...]) -> list[Recipient]:
    group = Group(chosen=chosen)
    return list(mailings.find_recipients(session, cooperative_id=world.home, group=group, day=TODAY))


def test_a_member_without_a_login_is_reached_by_the_address_in_the_register(world: World) -> None:
    with world.inside() as session:
        enrolled(world, session, "Bo Bron", email="bo@example.org")
        (bo,) = reached(world, session, **{MEMBERS: ("tenant",)})

    assert (bo.name, bo.email, bo.account_id) == ("Bo Bron", "bo@example.org", None)


def test_a_member_without_e_mail_is_reached_on_paper(world: World) -> None:
    with world.inside() as session:
        enrolled(world, session, "Bo Bron", street="Kade", house_number="3", postcode="1054 AB", city="Amsterdam")
        (bo,) = reached(world, session, **{MEMBERS: ("tenant",)})

    assert bo.email is None
    assert bo.postal_address == "Bo Bron\nKade 3\n1054 AB Amsterdam"


def test_a_member_with_a_login_is_reached_once_and_there(world: World) -> None:
    with world.inside() as session:
        number = enrolled(world, session, "Bo Bron", email="bo@example.org")
        member_logins.give_login(
            session, world.acting(Role.SECRETARY), cooperative_id=world.home, membership_id=number, now=NOW
        )
        found = reached(world, session, **{MEMBERS: ("tenant",)})

    assert [(one.name, one.account_id is not None) for one in found] == [("Bo Bron", True)]


def test_only_members_of_the_kind_are_reached_and_nobody_who_left(world: World) -> None:
    with world.inside() as session:
        enrolled(world, session, "Owner", "owner_occupier")
        left = enrolled(world, session, "Left")
        happens(world, session, left, EventKind.ENDED, TODAY, end_reason=EndReason.RESIGNATION)
        stays = enrolled(world, session, "Stays")
        happens(world, session, stays, EventKind.ENDED, TODAY + timedelta(days=1), end_reason=EndReason.RESIGNATION)
        found = reached(world, session, **{MEMBERS: ("tenant",)})

    assert [one.name for one in found] == ["Stays"]


def test_with_a_role_as_well_only_who_has_both_is_reached(world: World) -> None:
    with world.inside() as session:
        enrolled(world, session, "Bo Bron", email="bo@example.org")

        assert reached(world, session, **{MEMBERS: ("tenant",), "role": (Role.TREASURER.value,)}) == []
