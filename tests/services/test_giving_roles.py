"""What is asked when a role is given: mended or refused before it reaches a table."""

from datetime import timedelta

import pytest

from ecoop.db import Scope
from ecoop.errors import InvalidInput
from ecoop.governance.roles import Role
from ecoop.models.buildings import Ownership
from ecoop.services import accounts, cooperatives, roles
from ecoop.services.buildings import add_building
from ecoop.services.letters import LONGEST_SUBJECT, read_letters, write_letter
from ecoop.services.roles import NewRole, RoleHolder
from tests.services.conftest import World
from tests.support.factories import NOW, TODAY

FORM = {"role": Role.MEMBER, "email": "noor@example.org", "name": "Noor", "starts_on": TODAY}
YEARS = timedelta(days=365)


def _grant(world: World, **given: object) -> accounts.AccountView:
    with world.inside() as session:
        new = NewRole(**(FORM | given))
        one = roles.grant_role(session, world.treasurer, cooperative_id=world.home, new=new, now=NOW)
        session.commit()
        return one


def _refused(world: World, **given: object) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as refused:
        _grant(world, **given)
    return [(problem.key, problem.reason) for problem in refused.value.problems]


def _held_by(world: World, name: str) -> RoleHolder:
    with world.reading() as session:
        holders = roles.read_holders(session, cooperative_id=world.home, day=TODAY)
    return next(one for one in holders if one.name == name)


@pytest.mark.parametrize("name", ["No\x01or", "No\u202eor", "\u200b", "No\x1b[31mor", "N" * 201])
def test_a_name_that_cannot_be_seen_or_kept_is_refused(world: World, name: str) -> None:
    assert _refused(world, name=name) == [("name", "name_unusable")]


def test_a_name_written_another_way_is_the_same_person(world: World) -> None:
    first = _grant(world, name="Zoë de Wit")
    second = _grant(world, name=" Zoe\u0308  de\nWit ", role=Role.SECRETARY)

    assert (second.id, second.name) == (first.id, "Zoë de Wit")


@pytest.mark.parametrize(
    "email", ["a@b.", "a@.nl", "a@b@c.nl", "a..b@c.nl", "a,b@c.nl", "<a@b.nl>", "a\x01@b.nl", "é@b.nl", "a@b.nl/x"]
)
def test_an_address_to_which_no_letter_can_be_sent_is_refused(world: World, email: str) -> None:
    assert _refused(world, email=email) == [("email", "not_an_address")]


@pytest.mark.parametrize("email", ["o'neill+ecoop@mail.example.org", "x_y-z@xn--mller-kva.nl", "1@a.b.museum"])
def test_an_unusual_address_is_an_address(world: World, email: str) -> None:
    assert _grant(world, email=email).email == email


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"starts_on": TODAY.replace(year=26)}, ("starts_on", "day_unlikely")),
        ({"ends_on": TODAY.replace(year=9999)}, ("ends_on", "day_unlikely")),
        ({"starts_on": TODAY - 2 * YEARS, "ends_on": TODAY - YEARS}, ("ends_on", "period_over")),
        ({"starts_on": TODAY - YEARS, "ends_on": TODAY}, ("ends_on", "period_over")),
    ],
)
def test_a_period_that_cannot_be_meant_is_refused(
    world: World, given: dict[str, object], problem: tuple[str, str]
) -> None:
    assert _refused(world, **given) == [problem]


def test_everything_that_is_wrong_is_told_at_once(world: World) -> None:
    problems = _refused(world, name=" ", email="noor", ends_on=TODAY, role=Role.LANDLORD)

    assert [key for key, _ in problems] == ["email", "name", "ends_on", "building_ids"]


def test_a_role_for_the_whole_cooperative_is_for_nothing_in_particular(world: World) -> None:
    with world.inside() as session:
        counts = {"dwellings": 3, "business_units": 0, "dwelling_equivalents": None}
        owned = {"cooperative_id": world.home, "name": "Hof", "ownership": Ownership.CORPORATION}
        building_id = add_building(session, **owned, **counts, now=NOW)
        session.commit()

    _grant(world, role=Role.SECRETARY, concerns="Lening", building_ids=(building_id,))

    held = _held_by(world, "Noor")
    assert (held.concerns, held.building_names) == (None, ())


@pytest.mark.parametrize(("key", "text"), [("name", "W" * 201), ("place", "P" * 201), ("name", "W\x00")])
def test_a_cooperative_has_a_name_that_can_be_kept(world: World, key: str, text: str) -> None:
    given = {"slug": "warmte", "name": "Warmte", "place": "Hier"} | {key: text}
    with (
        world.database.work(Scope(may_write=True)) as session,
        pytest.raises(InvalidInput) as refused,
    ):
        cooperatives.found_cooperative(session, **given, now=NOW)

    assert [problem.key for problem in refused.value.problems] == [key]


def test_a_long_subject_is_shortened(world: World) -> None:
    with world.database.session(Scope(may_write=True, carries=True)) as session:
        account_id = world.treasurer.account_id
        write_letter(session, account_id=account_id, recipient="a@b.nl", subject="s" * 300, body="…", now=NOW)
        (letter,) = read_letters(session)

    assert len(letter.subject) == LONGEST_SUBJECT
