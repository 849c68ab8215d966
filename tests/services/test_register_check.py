"""What a look at the whole register finds."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from ecoop.errors import Forbidden
from ecoop.governance.membership import EventKind
from ecoop.governance.offices import Office, Warned
from ecoop.governance.roles import Role
from ecoop.governance.statutes import PartyKind, StatutesConflict
from ecoop.models import MembershipSpan, NumberSeries, Party
from ecoop.services import offices, parties, register_check, voters
from ecoop.services.register_check import Code, Finding, Severity, Subject
from tests.services.conftest import World
from tests.services.governing import (
    STATUTES,
    TENANT,
    a_decision,
    a_member,
    a_party,
    happens,
    joins,
    record_statutes,
    speaks,
)
from tests.services.test_voters import without_triggers
from tests.support.factories import NOW, TODAY
from tests.support.queries import counted_queries

IN_ORDER = replace(STATUTES, smallest_board=1)


def found(world: World, session: Any, *, thorough: bool = True) -> tuple[Finding, ...]:
    return register_check.check_register(session, None, cooperative_id=world.home, day=TODAY, thorough=thorough)


def codes(world: World, session: Any, **asked: Any) -> list[str]:
    return [str(one.code) for one in found(world, session, **asked)]


@pytest.fixture
def board(world: World) -> World:
    """A cooperative in which nothing is wrong: statutes, and a treasurer with an office and the role."""
    with world.inside() as session:
        record_statutes(world, session, IN_ORDER)
        party_id = a_party(world, session, "Vera")
        session.scalars(sa.select(Party).where(Party.id == party_id)).one().account_id = world.treasurer.account_id
        joins(world, session, party_id)
        offices.appoint(
            session, None, cooperative_id=world.home, party_id=party_id, office=Office.TREASURER,
            starts_on=date(2024, 1, 1), ends_on=date(2028, 1, 1), decision_id=a_decision(world, session), now=NOW,
        )  # fmt: skip
        session.commit()
    return world


def test_nothing_is_found_where_nothing_is_wrong(board: World) -> None:
    with board.reading() as session:
        assert found(board, session) == ()


def test_without_statutes_that_is_told_first(world: World) -> None:
    with world.inside() as session:
        assert found(world, session)[0] == Finding(
            code=Code.STATUTES_MISSING, severity=Severity.WRONG, subject=Subject.STATUTES
        )


def test_statutes_that_contradict_themselves_are_told(board: World) -> None:
    with board.inside() as session:
        record_statutes(board, session, replace(IN_ORDER, most_terms=3))

        assert codes(board, session) == [StatutesConflict.TERM_WITHOUT_LENGTH]


def test_a_kind_of_membership_that_the_statutes_do_not_know_is_told_with_the_name(board: World) -> None:
    with board.inside() as session:
        _, number = a_member(board, session, "Petra", "patron")
        (only,) = found(board, session)

    assert (only.code, only.key, only.details) == (
        Code.CLASS_UNKNOWN, number, {"name": "Petra", "class_code": "patron"}
    )  # fmt: skip


def test_a_kind_of_membership_that_is_for_others_is_told(board: World) -> None:
    people = replace(TENANT, open_to=frozenset({PartyKind.PERSON}))
    with board.inside() as session:
        record_statutes(board, session, replace(IN_ORDER, classes=(people,)))
        bakery, _ = a_member(board, session, "Bakkerij", "tenant", PartyKind.ORGANISATION)
        speaks(board, session, bakery, a_party(board, session))

        assert codes(board, session) == [Code.CLASS_NOT_OPEN]


def test_an_organisation_without_a_representative_is_told_unless_it_has_no_vote(board: World) -> None:
    with board.inside() as session:
        a_member(board, session, "Bakkerij", "business", PartyKind.ORGANISATION)
        a_member(board, session, "Vriendenclub", "friend", PartyKind.ORGANISATION)

        assert [(one.code, one.details["name"]) for one in found(board, session)] == [
            (Code.NO_REPRESENTATIVE, "Bakkerij")
        ]


def test_a_suspension_without_a_reason_is_told(board: World) -> None:
    with board.inside() as session:
        _, silent = a_member(board, session, "Petra")
        _, told = a_member(board, session, "Otto")
        happens(board, session, silent, EventKind.SUSPENDED, TODAY)
        happens(board, session, told, EventKind.SUSPENDED, TODAY, why="Niet betaald.")

        assert [(one.code, one.key) for one in found(board, session)] == [(Code.SUSPENDED_WITHOUT_REASON, silent)]


def test_only_the_last_suspension_needs_its_reason(board: World) -> None:
    with board.inside() as session:
        _, number = a_member(board, session, "Petra")
        happens(board, session, number, EventKind.SUSPENDED, date(2025, 1, 1))
        happens(board, session, number, EventKind.REINSTATED, date(2025, 2, 1))
        happens(board, session, number, EventKind.SUSPENDED, TODAY, why="Niet betaald.")

        assert codes(board, session) == []


@pytest.mark.parametrize(
    ("born", "told"), [(date(2008, 3, 2), False), (date(2008, 3, 3), True), (None, False), (date(1960, 1, 1), False)]
)
def test_who_is_younger_than_the_statutes_allow_is_told(board: World, born: date | None, told: bool) -> None:
    with board.inside() as session:
        a_member(board, session, "Petra", birth_date=born)

        assert codes(board, session) == ([Code.TOO_YOUNG] if told else [])


def test_a_number_above_the_series_is_told(board: World) -> None:
    with board.inside() as session:
        series = session.scalars(sa.select(NumberSeries).where(NumberSeries.name == "membership")).one()
        series.last = 0

        assert [(one.code, one.details["number"]) for one in found(board, session)] == [(Code.NUMBER_ABOVE_SERIES, 1)]


def test_lists_that_say_something_else_than_the_events_are_told_by_a_thorough_look(board: World) -> None:
    with board.inside() as session:
        _, number = a_member(board, session, "Petra")
        span = session.scalars(sa.select(MembershipSpan).where(MembershipSpan.membership_id == number)).one()
        span.starts_on += timedelta(days=1)

        assert [(one.code, one.key) for one in found(board, session)] == [(Code.SPANS_DIFFER, number)]
        assert codes(board, session, thorough=False) == []


def test_an_office_of_somebody_who_is_no_member_is_told_where_the_statutes_ask_members(board: World) -> None:
    with board.inside() as session:
        party_id = a_party(board, session, "Otto")
        offices.appoint(
            session, None, cooperative_id=board.home, party_id=party_id, office=Office.BOARD_MEMBER,
            starts_on=date(2024, 1, 1), ends_on=date(2028, 1, 1), decision_id=a_decision(board, session), now=NOW,
        )  # fmt: skip

        assert Warned.NOT_A_MEMBER in codes(board, session)
        record_statutes(board, session, replace(IN_ORDER, outsiders_on_board=True))
        assert Warned.NOT_A_MEMBER not in codes(board, session)


def test_an_office_that_rests_on_an_annulled_decision_is_told(board: World) -> None:
    with board.inside() as session:
        decision = offices.read_decisions(session, cooperative_id=board.home)[0]
        a_decision(board, session, annuls_id=decision.id)

        assert codes(board, session) == [Code.OFFICE_OF_ANNULLED_DECISION]


def test_a_board_that_is_too_small_is_wrong(board: World) -> None:
    with board.inside() as session:
        record_statutes(board, session, replace(IN_ORDER, smallest_board=3))
        (only,) = found(board, session)

    assert (only.code, only.severity) == (Warned.BOARD_TOO_SMALL, Severity.WRONG)


def test_a_term_that_ends_soon_is_a_reminder(board: World) -> None:
    with board.inside() as session:
        record_statutes(board, session, replace(IN_ORDER, term_years=2, valid_from=date(2020, 1, 1)))
        (only,) = register_check.check_register(session, None, cooperative_id=board.home, day=date(2025, 12, 1))

    assert (only.code, only.severity) == (Warned.TERM_ENDS_SOON, Severity.REMINDER)


def test_a_frozen_roll_that_was_changed_is_wrong(board: World) -> None:
    with board.inside() as session:
        roll_id = voters.freeze_vote_roll(session, None, cooperative_id=board.home, day=TODAY, purpose="ALV", now=NOW)
        assert codes(board, session) == []
        session.commit()
    without_triggers(board, "UPDATE vote_roll_line SET number = 99")

    with board.reading() as session:
        (only,) = found(board, session)
    assert (only.code, only.key) == (Code.ROLL_CHANGED, roll_id)


def test_a_roll_whose_digest_was_changed_along_with_its_lines_is_found_by_the_audit_trail(board: World) -> None:
    with board.inside() as session:
        roll_id = voters.freeze_vote_roll(session, None, cooperative_id=board.home, day=TODAY, purpose="ALV", now=NOW)
        session.commit()
    without_triggers(board, "UPDATE vote_roll_line SET number = 99")
    with board.reading() as session:
        kept = voters.read_vote_roll(session, None, cooperative_id=board.home, day=TODAY, known_at=NOW).roll
        (right,) = kept.rights
    forged = replace(kept, rights=(replace(right, number=99),)).digest
    with board.database.writer.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER vote_roll_refuses_update")
        else:
            connection.exec_driver_sql("ALTER TABLE vote_roll DISABLE TRIGGER ALL")
        connection.exec_driver_sql(f"UPDATE vote_roll SET digest = '{forged}'")

    with board.reading() as session:
        header, _view = voters.read_frozen(session, None, cooperative_id=board.home, roll_id=roll_id)
        assert header.digest == forged
        assert codes(board, session) == [Code.ROLL_CHANGED]


def test_only_who_sees_the_register_looks_at_it(world: World) -> None:
    with world.reading() as session, pytest.raises(Forbidden):
        register_check.check_register(session, world.acting(Role.MEMBER), cooperative_id=world.home, day=TODAY)


def test_a_look_costs_as_many_queries_however_much_is_found(board: World) -> None:
    def cost() -> int:
        with board.reading() as session, counted_queries(board.database) as queries:
            found(board, session)
        return len(queries)

    with board.inside() as session:
        a_member(board, session, "Bakkerij", "patron", PartyKind.ORGANISATION)
        session.commit()
    few = cost()
    with board.inside() as session:
        for number in range(15):
            a_member(board, session, f"Bakkerij {number}", "patron", PartyKind.ORGANISATION)
        session.commit()

    assert cost() == few


def test_a_name_that_changed_is_told_as_it_is_now(board: World) -> None:
    with board.inside() as session:
        party_id, _ = a_member(board, session, "Petra", "patron")
        parties.change_party(
            session, None, cooperative_id=board.home, party_id=party_id, facts=parties.PartyFacts(name="Petronella"),
            valid_from=date(2025, 1, 1), now=NOW,
        )  # fmt: skip

        assert [one.details["name"] for one in found(board, session)] == ["Petronella"]
