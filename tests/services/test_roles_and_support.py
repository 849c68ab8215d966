"""Places, roles and looking in, below the pages."""

from datetime import timedelta

import pytest

from ecoop.db import Scope
from ecoop.errors import Forbidden, InvalidInput, NotFound, Refused
from ecoop.governance.roles import Reach, Role, roles_reaching
from ecoop.models.buildings import Ownership
from ecoop.services import accounts, cooperatives, places, roles, support
from ecoop.services.buildings import add_building, read_buildings
from ecoop.services.letters import mark_sent, read_letters, take_letter, write_letter
from ecoop.services.roles import NewRole, RoleReason
from ecoop.services.support import SupportReason
from tests.services.conftest import World
from tests.support.databases import furnishing
from tests.support.factories import LONG_AGO, NOW, TODAY, an_account, an_administrator, an_umbrella


def _new(role: Role = Role.MEMBER, **given: object) -> NewRole:
    values = {"role": role, "email": "noor@example.org", "name": "Noor", "starts_on": TODAY} | given
    return NewRole(**values)


def _account_id(world: World, name: str = "Noor") -> int:
    with world.database.work(Scope(may_write=True)) as session:
        return accounts.create_account(session, email="noor@example.org", name=name, now=NOW).id


def test_a_role_is_given_to_who_has_no_account_yet(world: World) -> None:
    with world.inside() as session:
        one = roles.grant_role(session, world.treasurer, cooperative_id=world.home, new=_new(), now=NOW)
        session.commit()
        found = places.read_places(session, one, day=TODAY, now=NOW)

    assert [place.id for place in found] == [world.home]


def test_a_member_gives_no_roles(world: World) -> None:
    with world.inside() as session, pytest.raises(Forbidden):
        roles.grant_role(session, world.acting(Role.MEMBER), cooperative_id=world.home, new=_new(), now=NOW)


@pytest.mark.parametrize("role", [*roles_reaching(Reach.UMBRELLA), *roles_reaching(Reach.INSTALLATION)])
def test_a_role_beyond_the_cooperative_is_not_given_even_on_the_command_line(world: World, role: Role) -> None:
    with world.inside() as session, pytest.raises(InvalidInput):
        roles.grant_role(session, None, cooperative_id=world.home, new=_new(role), now=NOW)


def test_two_periods_of_one_role_may_touch(world: World) -> None:
    end = TODAY + timedelta(days=10)
    with world.inside() as session:
        roles.grant_role(session, None, cooperative_id=world.home, new=_new(ends_on=end), now=NOW)

        roles.grant_role(session, None, cooperative_id=world.home, new=_new(starts_on=end), now=NOW)

        assert sum(one.name == "Noor" for one in roles.read_holders(session, cooperative_id=world.home, day=TODAY)) == 2


@pytest.mark.parametrize("offset", [-5, 0, 9])
def test_two_periods_of_one_role_may_not_overlap(world: World, offset: int) -> None:
    end = TODAY + timedelta(days=10)
    with world.inside() as session:
        roles.grant_role(session, None, cooperative_id=world.home, new=_new(ends_on=end), now=NOW)
        again = _new(starts_on=TODAY + timedelta(days=offset), ends_on=end + timedelta(days=90))

        with pytest.raises(InvalidInput) as refused:
            roles.grant_role(session, None, cooperative_id=world.home, new=again, now=NOW)

    assert refused.value.problems[0].reason == RoleReason.ALREADY_HELD


def test_ending_the_last_of_the_board_is_refused(world: World) -> None:
    with world.inside() as session:
        (treasurer,) = roles.read_holders(session, cooperative_id=world.home, day=TODAY)

        with pytest.raises(Refused) as refused:
            roles.end_role(session, world.treasurer, cooperative_id=world.home, grant_id=treasurer.id, now=NOW)

    assert refused.value.reason is RoleReason.LAST_BOARD_MEMBER


def test_a_role_of_another_cooperative_cannot_be_ended(world: World) -> None:
    with world.reading(world.neighbour) as session:
        (chair,) = roles.read_holders(session, cooperative_id=world.neighbour, day=TODAY)

    with world.inside() as session, pytest.raises(NotFound):
        roles.end_role(session, world.treasurer, cooperative_id=world.neighbour, grant_id=chair.id, now=NOW)


@pytest.mark.parametrize("begins", [-3, 0, 3], ids=["held", "since today", "coming"])
def test_a_role_that_is_ended_today_is_held_no_more(world: World, begins: int) -> None:
    with world.inside() as session:
        new = _new(starts_on=TODAY + timedelta(days=begins))
        one = roles.grant_role(session, None, cooperative_id=world.home, new=new, now=NOW)
        (held,) = [h for h in roles.read_holders(session, cooperative_id=world.home, day=TODAY) if h.name == "Noor"]

        roles.end_role(session, world.treasurer, cooperative_id=world.home, grant_id=held.id, now=NOW)

        days = [TODAY + timedelta(days=number) for number in range(6)]
        assert not any(places.read_places(session, one, day=day, now=NOW) for day in days)
        assert all(h.name != "Noor" for h in roles.read_holders(session, cooperative_id=world.home, day=TODAY))


def test_places_come_in_order_of_reach_and_name(world: World) -> None:
    number = _account_id(world)
    with furnishing(world.database) as session:
        account = accounts.find_account(session, number)
        umbrella = an_umbrella(session)
        roles.grant_umbrella_role(session, umbrella_id=umbrella.id, account_id=number, day=LONG_AGO, now=NOW)
        roles.make_administrator(session, account_id=number, day=LONG_AGO, now=NOW)
    with world.inside() as session:
        roles.grant_role(session, None, cooperative_id=world.home, new=_new(), now=NOW)
        session.commit()
    assert account is not None

    with world.database.session(Scope(account_id=number)) as session:
        found = places.read_places(session, account, day=TODAY, now=NOW)

    assert [place.reach for place in found] == [Reach.COOPERATIVE, Reach.UMBRELLA, Reach.INSTALLATION]


def _administrator(world: World) -> tuple[accounts.AccountView, object]:
    with furnishing(world.database) as session:
        row = an_account(session, "Ada")
        an_administrator(session, row)
        account = accounts.find_account(session, row.id)
    assert account is not None
    return account, world.acting(Role.ADMINISTRATOR, account_id=account.id)


def _ask(world: World, account_id: int, actor: object, **given: object) -> None:
    values = {"cooperative_id": world.home, "reason": "Kapot", "hours": 2, "now": NOW} | given
    with world.database.work(Scope(account_id=account_id, may_write=True)) as session:
        support.ask_support(session, actor, **values)


def _sees(world: World, account: accounts.AccountView, **later: float) -> bool:
    with world.database.session(Scope(account_id=account.id)) as session:
        now = NOW + timedelta(**later)
        return any(place.id == world.home for place in places.read_places(session, account, day=TODAY, now=now)
                   if place.reach is Reach.COOPERATIVE)  # fmt: skip


def test_looking_in_is_asked_granted_and_over(world: World) -> None:
    account, actor = _administrator(world)
    _ask(world, account.id, actor)
    assert not _sees(world, account)

    with world.inside() as session:
        (row,) = support.read_support(session)
        support.grant_support(session, world.treasurer, cooperative_id=world.home, support_id=row.id, now=NOW)
        session.commit()

    assert _sees(world, account, hours=1, minutes=59)
    assert not _sees(world, account, hours=2)


def test_what_the_board_closes_is_closed(world: World) -> None:
    account, actor = _administrator(world)
    _ask(world, account.id, actor)
    with world.inside() as session:
        (row,) = support.read_support(session)
        support.grant_support(session, world.treasurer, cooperative_id=world.home, support_id=row.id, now=NOW)
        support.close_support(session, world.treasurer, cooperative_id=world.home, support_id=row.id, now=NOW)
        session.commit()

    assert not _sees(world, account)


def test_who_is_administrator_no_more_looks_in_no_more(world: World) -> None:
    account, actor = _administrator(world)
    _ask(world, account.id, actor)
    with world.inside() as session:
        (row,) = support.read_support(session)
        support.grant_support(session, world.treasurer, cooperative_id=world.home, support_id=row.id, now=NOW)
        session.commit()
    with world.database.work(Scope(may_write=True)) as session:
        import sqlalchemy as sa

        from ecoop.models import AdministratorGrant

        session.scalars(sa.select(AdministratorGrant)).one().ends_on = TODAY

    assert not _sees(world, account)


@pytest.mark.parametrize("hours", [0, 73])
def test_looking_in_lasts_between_an_hour_and_three_days(world: World, hours: int) -> None:
    account, actor = _administrator(world)

    with pytest.raises(InvalidInput) as refused:
        _ask(world, account.id, actor, hours=hours)

    assert refused.value.problems[0].reason == SupportReason.HOURS_OUT_OF_RANGE


def test_only_an_administrator_asks(world: World) -> None:
    with pytest.raises(Forbidden):
        _ask(world, world.treasurer.account_id, world.treasurer)


def test_a_member_grants_no_look(world: World) -> None:
    account, actor = _administrator(world)
    _ask(world, account.id, actor)
    with world.inside() as session:
        (row,) = support.read_support(session)
        member = world.acting(Role.MEMBER)

        with pytest.raises(Forbidden):
            support.grant_support(session, member, cooperative_id=world.home, support_id=row.id, now=NOW)


def test_a_cooperative_is_founded_once_under_its_name(world: World) -> None:
    with world.database.session(Scope(may_write=True)) as session:
        founding = {"slug": "warm-west", "name": "Warm West", "place": "Ergens", "now": NOW}
        cooperatives.found_cooperative(session, **founding)

        with pytest.raises(InvalidInput) as refused:
            cooperatives.found_cooperative(session, **founding | {"name": " "})

    assert [problem.reason for problem in refused.value.problems] == ["slug_taken", "name_missing"]


@pytest.mark.parametrize("slug", ["", "Warm", "warm west", "-warm", "warm--west", "wärme", "x" * 61, "warm\n"])
def test_a_short_name_is_short_and_simple(world: World, slug: str) -> None:
    with world.database.session(Scope(may_write=True)) as session, pytest.raises(InvalidInput):
        cooperatives.found_cooperative(session, slug=slug, name="Warm", place="Ergens", now=NOW)


def test_buildings_are_seen_by_role(world: World) -> None:
    with world.inside() as session:
        numbers = [
            add_building(session, cooperative_id=world.home, name=name, ownership=Ownership.CORPORATION, dwellings=1,
                         business_units=0, dwelling_equivalents=None, now=NOW)
            for name in ("B", "A")
        ]  # fmt: skip
        from ecoop.governance.roles import Actor, HeldRole

        own = HeldRole(role=Role.BUILDING_AMBASSADOR, starts_on=LONG_AGO, building_ids=frozenset(numbers[:1]))
        ambassador = Actor(account_id=1, name="Gijs", roles=(own,))

        assert [one.name for one in read_buildings(session, world.treasurer)] == ["A", "B"]
        assert [one.name for one in read_buildings(session, ambassador)] == ["B"]
        assert read_buildings(session, world.acting(Role.TELLER)) == ()


def test_members_of_an_umbrella_are_those_of_the_day(world: World) -> None:
    with furnishing(world.database) as session:
        number = cooperatives.found_umbrella(session, slug="apec", name="Apec", now=NOW)
        cooperatives.join_umbrella(session, umbrella_id=number, cooperative_id=world.home, starts_on=TODAY)

    with world.database.session(Scope()) as session:
        before = cooperatives.read_umbrella_members(session, umbrella_id=number, day=TODAY - timedelta(days=1))
        today = cooperatives.read_umbrella_members(session, umbrella_id=number, day=TODAY)

    assert before == ()
    assert [one.id for one in today] == [world.home]


def test_letters_wait_until_they_are_sent(world: World) -> None:
    with world.database.session(Scope(may_write=True, carries=True)) as session:
        for number in range(3):
            write_letter(session, account_id=world.outsider, recipient="x@example.org", subject=f"Brief {number}",
                         body="…", now=NOW)  # fmt: skip
        newest = read_letters(session)[0]
        taken = take_letter(session, up_to=newest.id, now=NOW)
        assert taken is not None
        mark_sent(session, taken, now=NOW)

        waiting = [letter.subject for letter in read_letters(session, waiting_only=True)]

    assert newest.subject == "Brief 2"
    assert waiting == ["Brief 2", "Brief 1"]
