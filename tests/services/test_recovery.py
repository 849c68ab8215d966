"""A lost phone: who may help, who must agree, how long one waits, and who can stop it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from ecoop import mail, sealing
from ecoop.db import Scope, ScopedSession
from ecoop.errors import EcoopError, Forbidden, InvalidInput, NotFound, Refused
from ecoop.governance.roles import Actor, HeldRole, Role
from ecoop.models import AuditEntry, AuditNote, Letter
from ecoop.services import account_events, accounts, recovery, second_factors
from ecoop.services.accounts import AccountReason
from ecoop.services.recovery import RecoveryReason, Started
from tests.services.conftest import World
from tests.support.databases import furnishing
from tests.support.factories import LONG_AGO, NOW, a_role, an_account

KEY = sealing.new_key()
NEXT_DAY = NOW + recovery.WAITING_TIME
SITE = "https://leden.example.org/"


@dataclass(kw_only=True)
class Board:
    """The world with a chair, a secretary and a member who all have an app with codes."""

    world: World
    people: dict[str, int]

    def actor(self, name: str, role: Role) -> Actor:
        """Somebody at work."""
        held = (HeldRole(role=role, starts_on=LONG_AGO),)
        return Actor(account_id=self.people[name], name=name, roles=held)

    @property
    def secretary(self) -> Actor:
        """Who starts it, mostly."""
        return self.actor("Silvia", Role.SECRETARY)

    def start(self, session: ScopedSession, name: str, actor: Actor | None = None, **given: object) -> Started:
        """Start a recovery for somebody."""
        values = {"account_id": self.people[name], "reason": "Ik ken haar.", "site": SITE, "now": NOW} | given
        return recovery.start(session, actor or self.secretary, cooperative_id=self.world.home, **values)  # type: ignore[arg-type]

    def id(self, session: ScopedSession) -> int:
        """The number of the newest recovery."""
        return recovery.read_recoveries(session, cooperative_id=self.world.home)[0].id


@pytest.fixture
def board(world: World) -> Board:
    """The board, on SQLite and on PostgreSQL."""
    people = {"Petra": world.treasurer.account_id}
    with furnishing(world.database) as session:
        session.include(world.home)
        home = type("Home", (), {"id": world.home})
        for name, role in (("Vera", Role.CHAIR), ("Silvia", Role.SECRETARY), ("Mo", Role.MEMBER)):
            account = an_account(session, name)
            a_role(session, home, account, role)
            people[name] = account.id
        for account_id in people.values():
            second_factors.begin_app(session, account_id, key=KEY, now=NOW)
            secret = second_factors.read_new_secret(session, account_id, key=KEY)
            assert secret is not None
            code = second_factors.code_of(secret, now=NOW)
            second_factors.confirm_app(session, account_id, code, key=KEY, now=NOW)
    return Board(world=world, people=people)


def _refusal(reason: object, verb: object, *values: object, **given: object) -> None:
    with pytest.raises(Refused) as refused:
        verb(*values, **given)  # type: ignore[operator]
    assert refused.value.reason is reason


def test_a_member_is_let_in_again_after_a_day(board: Board) -> None:
    with board.world.inside() as session:
        board.start(session, "Mo")
        opened = recovery.open_link(session, board.id(session), actor_id=None, now=NEXT_DAY)

        recovered = recovery.use_link(session, opened.secret, now=NEXT_DAY + timedelta(days=1))

        assert recovered.id == board.people["Mo"]
        assert not second_factors.read_state(session, recovered.id).has_any


def test_nobody_is_let_in_before_the_waiting_time_is_over(board: Board) -> None:
    with board.world.inside() as session:
        board.start(session, "Mo")
        early = NEXT_DAY - timedelta(seconds=1)

        assert recovery.read_due(session, now=early) == ()
        _refusal(
            RecoveryReason.RECOVERY_TOO_EARLY, recovery.open_link, session, board.id(session), actor_id=None, now=early
        )


def test_the_link_works_once(board: Board) -> None:
    with board.world.inside() as session:
        board.start(session, "Mo")
        opened = recovery.open_link(session, board.id(session), actor_id=None, now=NEXT_DAY)
        recovery.use_link(session, opened.secret, now=NEXT_DAY)

        _refusal(AccountReason.LINK_SPENT, recovery.use_link, session, opened.secret, now=NEXT_DAY)


def test_the_link_grows_too_old_after_a_week(board: Board) -> None:
    with board.world.inside() as session:
        board.start(session, "Mo")
        opened = recovery.open_link(session, board.id(session), actor_id=None, now=NEXT_DAY)

        _refusal(AccountReason.LINK_SPENT, recovery.use_link, session, opened.secret, now=opened.until)


def test_for_somebody_on_the_board_a_second_agrees(board: Board) -> None:
    with board.world.inside() as session:
        started = board.start(session, "Petra")
        assert started.opens_at is None
        assert recovery.read_due(session, now=NEXT_DAY + timedelta(days=9)) == ()

        vera = board.actor("Vera", Role.CHAIR)
        recovery.agree(session, vera, cooperative_id=board.world.home, recovery_id=board.id(session), now=NOW)

        assert recovery.read_due(session, now=NEXT_DAY) == (board.id(session),)


@pytest.mark.parametrize(("name", "role"), [("Silvia", Role.SECRETARY), ("Petra", Role.TREASURER)])
def test_the_second_is_neither_who_started_it_nor_who_it_is_for(board: Board, name: str, role: Role) -> None:
    with board.world.inside() as session:
        board.start(session, "Petra")

        _refusal(
            RecoveryReason.RECOVERY_SAME_PERSON, recovery.agree, session, board.actor(name, role),
            cooperative_id=board.world.home, recovery_id=board.id(session), now=NOW,
        )  # fmt: skip


def test_the_database_itself_wants_two_people(board: Board) -> None:
    with board.world.inside() as session:
        board.start(session, "Petra")
        row = session.get_one(recovery.AccountRecovery, board.id(session))
        row.agreed_by_id, row.agreed_at, row.opens_at = row.asked_by_id, NOW, NOW

        with pytest.raises(sa.exc.IntegrityError):
            session.flush()


def test_where_no_two_others_are_on_the_board_one_is_enough(world: World) -> None:
    with world.inside() as session:
        other = an_account(session, "Silvia")
        a_role(session, type("Home", (), {"id": world.home}), other, Role.SECRETARY)
        second_factors.begin_app(session, world.treasurer.account_id, key=KEY, now=NOW)
        secret = second_factors.read_new_secret(session, world.treasurer.account_id, key=KEY) or ""
        code = second_factors.code_of(secret, now=NOW)
        second_factors.confirm_app(session, world.treasurer.account_id, code, key=KEY, now=NOW)
        actor = world.acting(Role.SECRETARY, account_id=other.id)

        started = recovery.start(
            session, actor, cooperative_id=world.home, account_id=world.treasurer.account_id, reason="Gezien.",
            site=SITE, now=NOW,
        )  # fmt: skip

        assert started.opens_at == NEXT_DAY


def test_the_person_stops_it_without_signing_in(board: Board) -> None:
    with board.world.inside() as session:
        started = board.start(session, "Mo")
        session.commit()
    with board.world.database.work(Scope(may_write=True)) as outside:
        recovery.stop_by_link(outside, started.stop_secret, now=NOW)

    with board.world.inside() as session:
        assert recovery.read_due(session, now=NEXT_DAY) == ()
        _refusal(
            RecoveryReason.RECOVERY_OVER, recovery.open_link, session, board.id(session), actor_id=None, now=NEXT_DAY
        )


def test_a_letter_that_is_out_can_still_be_stopped(board: Board) -> None:
    with board.world.inside() as session:
        started = board.start(session, "Mo")
        opened = recovery.open_link(session, board.id(session), actor_id=None, now=NEXT_DAY)
        recovery.stop_by_link(session, started.stop_secret, now=NEXT_DAY)

        _refusal(AccountReason.LINK_SPENT, recovery.use_link, session, opened.secret, now=NEXT_DAY)


def test_a_used_recovery_cannot_be_stopped_any_more(board: Board) -> None:
    with board.world.inside() as session:
        started = board.start(session, "Mo")
        opened = recovery.open_link(session, board.id(session), actor_id=None, now=NEXT_DAY)
        recovery.use_link(session, opened.secret, now=NEXT_DAY)

        _refusal(AccountReason.LINK_SPENT, recovery.stop_by_link, session, started.stop_secret, now=NEXT_DAY)


def test_nobody_recovers_the_own_account(board: Board) -> None:
    with board.world.inside() as session:
        _refusal(RecoveryReason.RECOVERY_OWN, board.start, session, "Silvia")


def test_a_member_starts_nothing(board: Board) -> None:
    with board.world.inside() as session, pytest.raises(Forbidden):
        board.start(session, "Petra", board.actor("Mo", Role.MEMBER))


def test_a_second_recovery_waits_for_the_first(board: Board) -> None:
    with board.world.inside() as session:
        board.start(session, "Mo")

        _refusal(RecoveryReason.RECOVERY_RUNNING, board.start, session, "Mo")


def test_who_has_no_role_here_is_not_helped_here(board: Board) -> None:
    with board.world.inside() as session, pytest.raises(InvalidInput):
        board.start(session, "Mo", account_id=board.world.outsider)


def test_who_has_no_second_step_needs_no_help(board: Board) -> None:
    with board.world.inside() as session:
        second_factors.remove_all(session, board.people["Mo"])

        _refusal(RecoveryReason.RECOVERY_NOTHING_LOST, board.start, session, "Mo")


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_a_recovery_needs_a_reason(board: Board, reason: str) -> None:
    with board.world.inside() as session, pytest.raises(InvalidInput):
        board.start(session, "Mo", reason=reason)


def test_the_board_of_another_cooperative_does_not_find_it(board: Board) -> None:
    with board.world.inside() as session:
        board.start(session, "Mo")
        number, elsewhere = board.id(session), board.world.neighbour
        stranger = board.world.acting(Role.CHAIR, account_id=board.world.outsider)

        assert recovery.read_recoveries(session, cooperative_id=elsewhere) == ()
        for verb in (recovery.agree, recovery.stop):
            with pytest.raises(NotFound):
                verb(session, stranger, cooperative_id=elsewhere, recovery_id=number, now=NOW)
        with pytest.raises(NotFound):
            recovery.open_link(session, number, cooperative_id=elsewhere, actor_id=stranger.account_id, now=NEXT_DAY)


def test_everything_is_recorded_where_the_board_and_the_person_read_it(board: Board) -> None:
    with board.world.inside() as session:
        board.start(session, "Mo")
        opened = recovery.open_link(session, board.id(session), actor_id=None, now=NEXT_DAY)
        recovery.use_link(session, opened.secret, now=NEXT_DAY)

        mine = [event.action for event in account_events.read_events(session, board.people["Mo"])]
        theirs = list(session.scalars(sa.select(AuditEntry.action)))
        reasons = list(session.scalars(sa.select(AuditNote.text)))

    assert mine[:3] == ["account.recovered", "account.recovery_sent", "account.recovery_started"]
    assert theirs == ["account.recovery_started"]
    assert reasons == ["Ik ken haar."]


def test_the_letter_is_written_when_letters_go_out(board: Board) -> None:
    with board.world.inside() as session:
        board.start(session, "Mo")
        session.commit()

    assert mail.write_due_letters(board.world.database, NEXT_DAY - timedelta(seconds=1)) == 0
    assert mail.write_due_letters(board.world.database, NEXT_DAY) == 1
    assert mail.write_due_letters(board.world.database, NEXT_DAY) == 0
    with board.world.database.work(Scope(carries=True)) as session:
        assert f"\n{SITE}sign-in/recovery/" in session.scalars(sa.select(Letter.body)).one()


def test_a_recovery_ends_every_session(board: Board) -> None:
    with board.world.inside() as session:
        before = accounts.find_account(session, board.people["Mo"])
        board.start(session, "Mo")
        opened = recovery.open_link(session, board.id(session), actor_id=None, now=NEXT_DAY)

        after = recovery.use_link(session, opened.secret, now=NEXT_DAY)

        assert before is not None
        assert after.session_key != before.session_key


def test_a_board_member_starts_at_most_five_on_a_day(board: Board) -> None:
    with board.world.inside() as session:
        found: list[EcoopError | datetime | None] = []
        for _ in range(recovery.STARTS_A_DAY):
            started = board.start(session, "Mo")
            recovery.stop_by_link(session, started.stop_secret, now=NOW)
            found.append(started.opens_at)

        _refusal(RecoveryReason.RECOVERY_TOO_OFTEN, board.start, session, "Mo")
