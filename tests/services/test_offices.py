"""Decisions and offices in the database."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from ecoop.errors import Forbidden, InvalidInput, NotFound
from ecoop.governance.offices import Body, Office, OfficeReason, Warned
from ecoop.governance.roles import Role
from ecoop.governance.statutes import PartyKind
from ecoop.services import offices
from ecoop.services.offices import NewDecision
from tests.services.conftest import World
from tests.services.governing import SINCE, a_decision, a_member, a_party
from tests.support.factories import NOW, TODAY
from tests.support.queries import counted_queries


def appoint(world: World, session: Any, party_id: int, decision_id: int, **given: Any) -> int:
    values = {"office": Office.CHAIR, "starts_on": SINCE, "ends_on": date(2028, 1, 1), "now": NOW} | given
    return offices.appoint(
        session, None, cooperative_id=world.home, party_id=party_id, decision_id=decision_id, **values
    )


def end(world: World, session: Any, term_id: int, decision_id: int, day: date, **given: Any) -> None:
    offices.end_office(
        session, None, cooperative_id=world.home, term_id=term_id, ends_on=day, decision_id=decision_id,
        **({"now": NOW + timedelta(days=1)} | given),
    )  # fmt: skip


def reasons(refused: Any) -> list[str]:
    return [problem.reason for problem in refused.value.problems]


# decisions


def test_decisions_are_numbered_in_order(world: World) -> None:
    with world.inside() as session:
        for _ in range(3):
            a_decision(world, session)
        found = offices.read_decisions(session, cooperative_id=world.home)

    assert [one.number for one in found] == [3, 2, 1]


def test_decisions_of_another_cooperative_have_their_own_numbers(world: World) -> None:
    from ecoop.db import Scope

    with world.inside() as session:
        a_decision(world, session)
        session.commit()
    with world.database.session(Scope(cooperative_ids=frozenset({world.neighbour}), may_write=True)) as session:
        new = NewDecision(body=Body.BOARD, decided_on=SINCE, subject="Dak")
        offices.record_decision(session, None, cooperative_id=world.neighbour, new=new, now=NOW)
        found = offices.read_decisions(session, cooperative_id=world.neighbour)

    assert [one.number for one in found] == [1]


def test_a_decision_is_annulled_by_another_one(world: World) -> None:
    with world.inside() as session:
        first = a_decision(world, session)
        a_decision(world, session, annuls_id=first)
        later, earlier = offices.read_decisions(session, cooperative_id=world.home)

    assert (earlier.annulled_by, later.annuls) == (2, 1)


def test_a_decision_is_annulled_once(world: World) -> None:
    with world.inside() as session:
        first = a_decision(world, session)
        a_decision(world, session, annuls_id=first)
        with pytest.raises(InvalidInput) as refused:
            a_decision(world, session, annuls_id=first)

    assert reasons(refused) == [OfficeReason.ANNULLED_ALREADY]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"subject": "  "}, OfficeReason.SUBJECT_MISSING),
        ({"subject": "x" * 201}, OfficeReason.WORDS_UNUSABLE),
        ({"decided_on": TODAY + timedelta(days=1)}, OfficeReason.DECIDED_IN_FUTURE),
        ({"annuls_id": 4711}, OfficeReason.ANNULS_UNKNOWN),
        ({"paper_id": 4711}, OfficeReason.PAPER_UNKNOWN),
    ],
)
def test_a_decision_that_cannot_be_is_refused(world: World, given: dict[str, Any], reason: str) -> None:
    with world.inside() as session, pytest.raises(InvalidInput) as refused:
        a_decision(world, session, **given)

    assert reasons(refused) == [reason]


def test_the_database_refuses_to_change_a_decision(world: World) -> None:
    with world.inside() as session:
        a_decision(world, session)
        session.commit()

    with world.database.writer.connect() as connection, pytest.raises(sa.exc.IntegrityError, match="only grows"):
        connection.exec_driver_sql("DELETE FROM decision")


# offices


def test_an_office_rests_on_a_decision(world: World) -> None:
    with world.inside() as session:
        party_id, _ = a_member(world, session)
        appoint(world, session, party_id, a_decision(world, session))
        (found,) = offices.read_offices(session, cooperative_id=world.home, day=TODAY)

    assert (found.name, found.office, found.decision, found.ends_on) == ("Petra", Office.CHAIR, 1, date(2028, 1, 1))


def test_everything_that_is_wrong_with_an_appointment_is_told_at_once(world: World) -> None:
    with world.inside() as session:
        bakery = a_party(world, session, "Bakkerij", PartyKind.ORGANISATION)
        with pytest.raises(InvalidInput) as refused:
            appoint(world, session, bakery, 4711, ends_on=SINCE)

    assert set(reasons(refused)) == {
        OfficeReason.DECISION_UNKNOWN, OfficeReason.PERIOD_EMPTY, OfficeReason.NO_PERSON
    }  # fmt: skip


def test_nobody_is_appointed_before_the_decision_or_by_an_annulled_one(world: World) -> None:
    with world.inside() as session:
        party_id, _ = a_member(world, session)
        late, gone = a_decision(world, session, date(2025, 1, 1)), a_decision(world, session)
        a_decision(world, session, annuls_id=gone)
        for decision_id, reason in ((late, OfficeReason.DECISION_LATER), (gone, OfficeReason.DECISION_ANNULLED)):
            with pytest.raises(InvalidInput) as refused:
                appoint(world, session, party_id, decision_id)
            assert reasons(refused) == [reason]


def test_the_same_office_is_not_held_twice_at_a_time(world: World) -> None:
    with world.inside() as session:
        party_id, _ = a_member(world, session)
        decision_id = a_decision(world, session)
        appoint(world, session, party_id, decision_id)
        appoint(world, session, party_id, decision_id, starts_on=date(2028, 1, 1), ends_on=None)
        with pytest.raises(InvalidInput) as refused:
            appoint(world, session, party_id, decision_id, starts_on=date(2027, 12, 31), ends_on=None)

    assert reasons(refused) == [OfficeReason.ALREADY]


def test_a_term_that_ended_early_is_still_known_as_it_was(world: World) -> None:
    with world.inside() as session:
        party_id, _ = a_member(world, session)
        term_id = appoint(world, session, party_id, a_decision(world, session))
        end(world, session, term_id, a_decision(world, session), date(2025, 6, 1))
        (now,) = offices.read_offices(session, cooperative_id=world.home, day=TODAY)
        (then,) = offices.read_offices(session, cooperative_id=world.home, day=TODAY, known_at=NOW)

    assert (now.ends_on, now.ended_by) == (date(2025, 6, 1), 2)
    assert (then.ends_on, then.ended_by) == (date(2028, 1, 1), None)


@pytest.mark.parametrize(
    ("day", "reason"), [(SINCE, OfficeReason.PERIOD_EMPTY), (date(2028, 1, 1), OfficeReason.ENDS_LATER)]
)
def test_an_early_end_lies_within_the_term(world: World, day: date, reason: str) -> None:
    with world.inside() as session:
        party_id, _ = a_member(world, session)
        decision_id = a_decision(world, session)
        term_id = appoint(world, session, party_id, decision_id)
        with pytest.raises(InvalidInput) as refused:
            end(world, session, term_id, decision_id, day)

    assert reasons(refused) == [reason]


def test_a_term_ends_early_once(world: World) -> None:
    with world.inside() as session:
        party_id, _ = a_member(world, session)
        decision_id = a_decision(world, session)
        term_id = appoint(world, session, party_id, decision_id)
        end(world, session, term_id, decision_id, date(2025, 6, 1))
        with pytest.raises(InvalidInput) as refused:
            end(world, session, term_id, decision_id, date(2025, 5, 1))

    assert reasons(refused) == [OfficeReason.OVER_ALREADY]


def test_a_term_that_is_not_here_is_not_found(world: World) -> None:
    with world.inside() as session, pytest.raises(NotFound):
        end(world, session, 4711, a_decision(world, session), TODAY)


@pytest.mark.parametrize("role", [Role.TREASURER, Role.AUDIT_COMMITTEE, Role.MEMBER])
def test_only_who_keeps_the_register_records_decisions(world: World, role: Role) -> None:
    new = NewDecision(body=Body.BOARD, decided_on=SINCE, subject="Dak")
    with world.inside() as session, pytest.raises(Forbidden):
        offices.record_decision(session, world.acting(role), cooperative_id=world.home, new=new, now=NOW)


def test_a_role_without_an_office_is_told(world: World) -> None:
    with world.inside() as session:
        found = offices.read_warnings(session, cooperative_id=world.home, offices=(), statutes=None, day=TODAY)

    assert [(one.kind, one.account_id) for one in found] == [
        (Warned.ROLE_WITHOUT_OFFICE, world.treasurer.account_id)
    ]  # fmt: skip


def test_offices_cost_as_many_queries_however_many_there_are(world: World) -> None:
    def cost() -> int:
        with world.reading() as session, counted_queries(world.database) as queries:
            found = offices.read_offices(session, cooperative_id=world.home, day=TODAY)
            offices.read_warnings(session, cooperative_id=world.home, offices=found, statutes=None, day=TODAY)
        return len(queries)

    with world.inside() as session:
        decision_id = a_decision(world, session)
        appoint(world, session, a_member(world, session)[0], decision_id)
        session.commit()
    few = cost()
    with world.inside() as session:
        for number in range(12):
            party_id, _ = a_member(world, session, f"Lid {number}")
            appoint(world, session, party_id, decision_id, office=Office.BOARD_MEMBER)
        session.commit()

    assert cost() == few
