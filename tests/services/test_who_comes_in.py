"""Open sessions, invitations, and roles that want a second step."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from ecoop import sealing
from ecoop.db import Database, Scope
from ecoop.errors import Forbidden, InvalidInput, NotFound, Refused
from ecoop.governance.roles import Role
from ecoop.models import AuditEntry, BrowserSession
from ecoop.services import accounts, browser_sessions, factor_rules, invitations, roles, second_factors
from ecoop.services.browser_sessions import coarse_browser
from ecoop.services.factor_rules import RuleReason
from ecoop.services.invitations import InvitationReason
from tests.services.conftest import World
from tests.support.databases import furnishing
from tests.support.factories import NOW, TODAY, an_account

KEY = sealing.new_key()
WEEK = timedelta(days=7)


def _recognised(database: Database, account_id: int, key: str, **given: object) -> bool:
    with database.work(Scope(account_id=account_id)) as session:
        account = accounts.find_account(session, account_id)
        assert account is not None
        values = {"session_key": account.session_key, "key": key, "now": NOW} | given
        return browser_sessions.recognise(session, account_id, **values) is not None  # type: ignore[arg-type]


@pytest.fixture
def begun(database: Database) -> tuple[int, str]:
    """An account that is signed in."""
    with furnishing(database) as session:
        account_id = an_account(session).id
        return account_id, browser_sessions.begin(session, account_id, browser="Firefox, Linux", now=NOW)


def test_a_session_is_known_by_its_key_of_which_a_digest_is_kept(database: Database, begun: tuple[int, str]) -> None:
    account_id, key = begun

    assert _recognised(database, account_id, key)
    with database.work(Scope()) as session:
        assert key not in session.scalars(sa.select(BrowserSession.digest)).one()


@pytest.mark.parametrize("given", [{"key": "x"}, {"key": ""}, {"session_key": "x"}], ids=str)
def test_what_is_not_a_key_opens_nothing(database: Database, begun: tuple[int, str], given: dict[str, str]) -> None:
    assert not _recognised(database, begun[0], **({"key": begun[1]} | given))


def test_the_key_of_another_account_opens_nothing(database: Database, begun: tuple[int, str]) -> None:
    with furnishing(database) as session:
        other = an_account(session).id

    assert not _recognised(database, other, begun[1])


def test_a_session_ends_after_ninety_days_however_often_it_is_used(database: Database, begun: tuple[int, str]) -> None:
    last = NOW + browser_sessions.LONGEST

    assert _recognised(database, *begun, now=last - timedelta(seconds=1))
    assert not _recognised(database, *begun, now=last)


def test_a_session_that_was_ended_is_not_recognised(database: Database, begun: tuple[int, str]) -> None:
    with furnishing(database) as session:
        (one,) = browser_sessions.read_sessions(session, begun[0], now=NOW)
        browser_sessions.end(session, begun[0], one.id, now=NOW)

    assert not _recognised(database, *begun)


def test_nobody_ends_the_session_of_another(database: Database, begun: tuple[int, str]) -> None:
    with furnishing(database) as session:
        other = an_account(session).id
        (one,) = browser_sessions.read_sessions(session, begun[0], now=NOW)

        with pytest.raises(NotFound):
            browser_sessions.end_another(session, other, one.id, now=NOW)

    assert _recognised(database, *begun)


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15", "Safari, macOS"),
        ("Mozilla/5.0 (Linux; Android 10; K) Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge, Windows"),
        ("curl/8.0 <script>", ""),
        ("", ""),
    ],
)
def test_a_browser_is_named_in_two_words(user_agent: str, words: str) -> None:
    assert coarse_browser(user_agent) == words


# invitations


def _grant(world: World, name: str = "Iris") -> int:
    with world.inside() as session:
        new = roles.NewRole(role=Role.MEMBER, email=f"{name.lower()}@example.org", name=name, starts_on=TODAY)
        found = roles.grant_role(session, world.treasurer, cooperative_id=world.home, new=new, now=NOW)
        session.commit()
    return found.id


def test_an_invitation_lets_somebody_in_once_within_a_week(world: World) -> None:
    account_id = _grant(world)
    with world.inside() as session:
        invited = invitations.invite_holder(
            session, world.treasurer, cooperative_id=world.home, account_id=account_id, now=NOW
        )
        assert invited.until == NOW + WEEK

        assert accounts.redeem_link(session, invited.secret, now=NOW + WEEK - timedelta(seconds=1)).id == account_id
        with pytest.raises(Refused):
            accounts.redeem_link(session, invited.secret, now=NOW)


def test_a_new_invitation_ends_the_old_one(world: World) -> None:
    account_id = _grant(world)
    with world.inside() as session:
        first, second = (
            invitations.invite_holder(
                session, world.treasurer, cooperative_id=world.home, account_id=account_id, now=NOW
            )
            for _ in range(2)
        )

        with pytest.raises(Refused):
            accounts.redeem_link(session, first.secret, now=NOW)
        assert accounts.redeem_link(session, second.secret, now=NOW).id == account_id


def test_who_came_in_is_not_invited(world: World) -> None:
    account_id = _grant(world)
    with world.inside() as session:
        browser_sessions.begin(session, account_id, browser="", now=NOW)

        with pytest.raises(Refused) as refused:
            invitations.invite_holder(
                session, world.treasurer, cooperative_id=world.home, account_id=account_id, now=NOW
            )

    assert refused.value.reason is InvitationReason.INVITED_IS_IN


def test_the_board_sees_who_never_came_in(world: World) -> None:
    account_id = _grant(world)
    with world.inside() as session:
        browser_sessions.begin(session, world.treasurer.account_id, browser="", now=NOW)
        session.expire_all()

        holders = roles.read_holders(session, cooperative_id=world.home, day=TODAY)

    assert {one.account_id: one.has_come_in for one in holders} == {
        world.treasurer.account_id: True,
        account_id: False,
    }


def test_the_fourth_invitation_of_a_day_is_refused(world: World) -> None:
    account_id = _grant(world)
    with world.inside() as session:
        for _ in range(invitations.PER_PERSON_A_DAY):
            invitations.invite_holder(
                session, world.treasurer, cooperative_id=world.home, account_id=account_id, now=NOW
            )

        with pytest.raises(Refused):
            invitations.invite_holder(
                session, world.treasurer, cooperative_id=world.home, account_id=account_id, now=NOW
            )


def test_nobody_is_invited_by_another_cooperative(world: World) -> None:
    with world.inside() as session, pytest.raises(NotFound):
        invitations.invite_holder(
            session, world.treasurer, cooperative_id=world.home, account_id=world.outsider, now=NOW
        )


def test_a_member_invites_nobody(world: World) -> None:
    account_id = _grant(world)
    with world.inside() as session, pytest.raises(Forbidden):
        invitations.invite_holder(
            session, world.acting(Role.MEMBER), cooperative_id=world.home, account_id=account_id, now=NOW
        )


# who must have a second step


def _set(world: World, role: Role = Role.MEMBER, *, days: int = 0, **given: object) -> None:
    values = {"role": role, "since": TODAY + timedelta(days=days), "has_second": True} | given
    with world.inside() as session:
        factor_rules.set_rule(session, world.treasurer, cooperative_id=world.home, now=NOW, **values)  # type: ignore[arg-type]
        session.commit()


@pytest.mark.parametrize(("days", "wanting"), [(6, set()), (7, {Role.MEMBER}), (8, {Role.MEMBER})])
def test_a_role_wants_a_second_step_from_its_day_on(world: World, days: int, wanting: set[Role]) -> None:
    _set(world, days=7)

    with world.reading() as session:
        found = factor_rules.read_wanting(session, world.home, day=TODAY + timedelta(days=days))
    assert found == wanting


def test_only_the_roles_that_want_it_are_held_back(world: World) -> None:
    actor = world.acting(Role.TREASURER, Role.MEMBER)

    waiting = factor_rules.held_back(actor, frozenset({Role.TREASURER}))

    assert [held.role for held in waiting.roles] == [Role.MEMBER]
    assert [held.role for held in waiting.held_back] == [Role.TREASURER]


def test_a_board_member_without_a_second_step_does_not_stop_herself(world: World) -> None:
    with pytest.raises(Refused) as refused:
        _set(world, Role.TREASURER, has_second=False)

    assert refused.value.reason is RuleReason.RULE_STOPS_YOU
    _set(world, Role.TREASURER, has_second=False, days=1)


@pytest.mark.parametrize("days", [-1, 367])
def test_a_rule_begins_within_a_year(world: World, days: int) -> None:
    with pytest.raises(InvalidInput):
        _set(world, days=days)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.COORDINATOR])
def test_a_rule_is_about_a_role_of_a_cooperative(world: World, role: Role) -> None:
    with pytest.raises(InvalidInput):
        _set(world, role)


def test_the_page_names_who_would_be_stopped(world: World) -> None:
    account_id = _grant(world)
    _set(world, Role.MEMBER)
    with world.inside() as session:
        (rule,) = factor_rules.read_rules(session, world.home)
        assert rule.stops == ("Iris",)
        second_factors.begin_app(session, account_id, key=KEY, now=NOW)
        secret = second_factors.read_new_secret(session, account_id, key=KEY) or ""
        second_factors.confirm_app(session, account_id, second_factors.code_of(secret, now=NOW), key=KEY, now=NOW)

        (rule,) = factor_rules.read_rules(session, world.home)

    assert rule.stops == ()


def test_a_rule_ends_and_is_recorded(world: World) -> None:
    _set(world)
    with world.inside() as session:
        factor_rules.end_rule(session, world.treasurer, cooperative_id=world.home, role=Role.MEMBER, now=NOW)

        assert factor_rules.read_rules(session, world.home) == ()
        assert list(session.scalars(sa.select(AuditEntry.action))) == [
            "second_factor.required",
            "second_factor.not_required",
        ]


def test_only_the_board_sets_rules(world: World) -> None:
    member = world.acting(Role.MEMBER)
    with world.inside() as session:
        with pytest.raises(Forbidden):
            factor_rules.set_rule(
                session, member, cooperative_id=world.home, role=Role.CHAIR, since=TODAY, has_second=True, now=NOW
            )
        with pytest.raises(Forbidden):
            factor_rules.end_rule(session, member, cooperative_id=world.home, role=Role.CHAIR, now=NOW)
