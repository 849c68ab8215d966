"""The own data: changed by who they are about, from a day on; another name is asked for."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from ecoop.errors import Forbidden, InvalidInput, NotFound, Refused
from ecoop.governance.leaving import LeavingReason, RequestState
from ecoop.governance.membership import EventKind
from ecoop.governance.roles import Actor, Role
from ecoop.governance.statutes import PartyKind
from ecoop.models import DataRequest, Turn
from ecoop.services import memberships, own_data, parties
from ecoop.services.memberships import NewEvent
from ecoop.services.parties import PartyFacts
from tests.services.conftest import World
from tests.support.factories import NOW, TODAY

SINCE = date(2024, 1, 1)
FACTS = PartyFacts(name="Élif Celik", given_names="Élif", family_name="Celik", birth_date=date(1980, 5, 1),
                   email="samen@example.org", street="Kade", house_number="12", postcode="1054 AB",
                   city="Amsterdam")  # fmt: skip


@pytest.fixture
def member(world: World) -> Actor:
    return world.acting(Role.MEMBER)


def a_party(world: World, session: Any, account_id: int | None, facts: PartyFacts = FACTS) -> int:
    return parties.record_party(
        session, None, cooperative_id=world.home, kind=PartyKind.PERSON, facts=facts, valid_from=SINCE,
        account_id=account_id, now=NOW - timedelta(days=9),
    )  # fmt: skip


def changes(world: World, session: Any, actor: Actor, party_id: int, day: date = TODAY, **facts: Any) -> None:
    own_data.change_own(
        session, actor, cooperative_id=world.home, party_id=party_id, facts=replace(FACTS, **facts), valid_from=day,
        now=NOW,
    )  # fmt: skip


def asks(world: World, session: Any, actor: Actor, party_id: int, **facts: Any) -> int:
    return own_data.ask_correction(
        session, actor, cooperative_id=world.home, party_id=party_id, facts=replace(FACTS, **facts), now=NOW
    )


def known(world: World, session: Any, party_id: int, day: date = TODAY) -> PartyFacts:
    return parties.read_party(session, cooperative_id=world.home, party_id=party_id, day=day).facts


def test_a_new_address_counts_from_its_day_and_yesterday_stays(world: World, member: Actor) -> None:
    with world.inside() as session:
        number = a_party(world, session, member.account_id)
        changes(world, session, member, number, street="Gracht")

        days = (TODAY - timedelta(days=1), TODAY)
        assert [known(world, session, number, day).street for day in days] == ["Kade", "Gracht"]


def test_a_move_that_is_to_come_is_shown_as_such(world: World, member: Actor) -> None:
    moves = TODAY + timedelta(days=30)
    with world.inside() as session:
        number = a_party(world, session, member.account_id)
        changes(world, session, member, number, moves, street="Gracht")
        (own,) = own_data.read_own(session, member, cooperative_id=world.home, day=TODAY)

    assert own.party.facts.street == "Kade"
    assert [(one.valid_from, one.facts.street) for one in own.later] == [(moves, "Gracht")]


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), TODAY + timedelta(days=400)])
def test_the_past_is_not_changed_by_oneself(world: World, member: Actor, day: date) -> None:
    with world.inside() as session:
        number = a_party(world, session, member.account_id)
        with pytest.raises(InvalidInput) as refused:
            changes(world, session, member, number, day, street="Gracht")

    assert [problem.reason for problem in refused.value.problems] == [LeavingReason.OWN_DAY_PAST]


def test_another_spelling_needs_no_asking_and_another_name_does(world: World, member: Actor) -> None:
    with world.inside() as session:
        number = a_party(world, session, member.account_id)
        changes(world, session, member, number, name="Elif Çelik")
        assert known(world, session, number).name == "Elif Çelik"

        with pytest.raises(InvalidInput) as refused:
            changes(world, session, member, number, name="Elif Yıldız")
    assert [problem.key for problem in refused.value.problems] == ["name"]


def test_what_one_changes_oneself_leaves_the_date_of_birth_alone(world: World, member: Actor) -> None:
    with world.inside() as session:
        number = a_party(world, session, member.account_id)
        changes(world, session, member, number, street="Gracht", birth_date=date(1990, 1, 1), family_name="Anders")

        found = known(world, session, number)
    assert (found.birth_date, found.family_name) == (FACTS.birth_date, "Celik")


def test_a_shared_address_opens_nothing_of_the_partner(world: World, member: Actor) -> None:
    with world.inside() as session:
        mine = a_party(world, session, member.account_id)
        partner = a_party(world, session, world.outsider, replace(FACTS, name="Noor Celik"))
        assert [
            one.party.id for one in own_data.read_own(session, member, cooperative_id=world.home, day=TODAY)
        ] == [mine]  # fmt: skip

        with pytest.raises(NotFound):
            changes(world, session, member, partner, street="Gracht")
        with pytest.raises(NotFound):
            asks(world, session, member, partner, name="Iets anders")


def test_a_party_without_a_login_is_nobodys(world: World, member: Actor) -> None:
    with world.inside() as session:
        number = a_party(world, session, None)
        with pytest.raises(NotFound):
            changes(world, session, member, number, street="Gracht")


def test_only_members_have_own_data_here(world: World) -> None:
    with world.inside() as session:
        number = a_party(world, session, world.treasurer.account_id)
        with pytest.raises(Forbidden):
            changes(world, session, world.treasurer, number, street="Gracht")


def test_the_story_leaves_out_what_was_corrected_and_why(world: World, member: Actor) -> None:
    with world.inside() as session:
        party_id = a_party(world, session, member.account_id)
        number = memberships.open_membership(session, cooperative_id=world.home, party_id=party_id, now=NOW)
        new = NewEvent(kind=EventKind.ADMITTED, valid_from=SINCE, class_code="tenant", why="Alleen voor het bestuur")
        memberships.add_event(session, None, cooperative_id=world.home, membership_id=number, new=new, now=NOW)
        new = NewEvent(kind=EventKind.SUSPENDED, valid_from=TODAY)
        wrong = memberships.add_event(session, None, cooperative_id=world.home, membership_id=number, new=new, now=NOW)
        new = NewEvent(kind=EventKind.CORRECTED, valid_from=TODAY, corrects_id=wrong)
        memberships.add_event(session, None, cooperative_id=world.home, membership_id=number, new=new, now=NOW)
        (own,) = own_data.read_own(session, member, cooperative_id=world.home, day=TODAY)

    assert [one.kind for one in own.story] == [EventKind.ADMITTED]
    assert "bestuur" not in repr(own)


def test_a_request_waits_for_the_secretary_and_changes_nothing_yet(world: World, member: Actor) -> None:
    with world.inside() as session:
        number = a_party(world, session, member.account_id)
        asks(world, session, member, number, name="Elif Yıldız", family_name="Yıldız")
        turn = session.scalars(sa.select(Turn)).one()

        assert (turn.kind, turn.roles) == (own_data.REQUEST_TURN, "chair secretary")
        assert known(world, session, number) == FACTS


def test_one_request_waits_at_a_time(world: World, member: Actor) -> None:
    with world.inside() as session:
        number = a_party(world, session, member.account_id)
        asks(world, session, member, number, name="Een")
        with pytest.raises(Refused):
            asks(world, session, member, number, name="Twee")


def test_a_request_that_changes_nothing_is_told(world: World, member: Actor) -> None:
    with world.inside() as session:
        number = a_party(world, session, member.account_id)
        with pytest.raises(InvalidInput):
            asks(world, session, member, number, street="Gracht")


@pytest.mark.parametrize(("accepted", "name"), [(True, "Elif Yıldız"), (False, "Élif Celik")])
def test_an_answer_is_taken_over_or_not_and_the_question_is_emptied(
    world: World, member: Actor, accepted: bool, name: str
) -> None:
    secretary = world.acting(Role.SECRETARY)
    with world.inside() as session:
        number = a_party(world, session, member.account_id)
        request = asks(world, session, member, number, name="Elif Yıldız")
        answer = {"request_id": request, "accepted": accepted, "valid_from": SINCE, "now": NOW}
        own_data.answer_request(session, secretary, cooperative_id=world.home, **answer)
        row = session.scalars(sa.select(DataRequest)).one()

        assert known(world, session, number).name == name
        assert (row.name, row.state is RequestState.ACCEPTED) == (None, accepted)
        assert session.scalars(sa.select(Turn)).one().settled_at is not None
        with pytest.raises(Refused):
            own_data.answer_request(session, secretary, cooperative_id=world.home, **answer)


def test_requests_are_read_and_answered_by_who_keeps_the_register(world: World, member: Actor) -> None:
    with world.inside() as session:
        request = asks(world, session, member, a_party(world, session, member.account_id), name="Een")
        for role in set(Role) - {Role.SECRETARY, Role.CHAIR}:
            with pytest.raises(Forbidden):
                own_data.read_requests(session, world.acting(role), cooperative_id=world.home, day=TODAY)
            with pytest.raises(Forbidden):
                own_data.answer_request(
                    session, world.acting(role), cooperative_id=world.home, request_id=request, accepted=True,
                    valid_from=TODAY, now=NOW,
                )  # fmt: skip
        (found,) = own_data.read_requests(session, world.acting(Role.CHAIR), cooperative_id=world.home, day=TODAY)

    assert (found.present.name, found.wanted.name) == ("Élif Celik", "Een")
