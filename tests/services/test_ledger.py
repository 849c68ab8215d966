"""The ledger in the database: it only grows, books nothing twice, and keeps closed years as they were."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecoop.db import Database, Scope
from ecoop.errors import Forbidden, InvalidInput, NotFound, Refused
from ecoop.governance.holdings import EntryKind, LedgerAccount, LedgerReason, Place, holdings_on, sum_of_ledger
from ecoop.governance.membership import EndReason, EventKind
from ecoop.governance.roles import Role
from ecoop.models import LedgerEntryRow
from ecoop.services import balances, closed_years, contributions, ledger, ledger_files, memberships
from ecoop.services.ledger import NewEntry
from ecoop.services.memberships import NewEvent
from tests.services.conftest import World
from tests.support.factories import NOW, TODAY
from tests.support.money import SINCE, a_paying_member
from tests.support.queries import counted_queries

CAPITAL, CONTRIBUTION, LOAN = LedgerAccount.CAPITAL, LedgerAccount.CONTRIBUTION, LedgerAccount.LOAN


def charges(world: World, session: Any, year: int = 2026, **given_: Any) -> contributions.ChargeRun:
    values = {"class_code": "tenant", "cents": 2000, "booked_on": date(year, 1, 15), "now": NOW} | given_
    return contributions.charge_contribution(session, None, cooperative_id=world.home, year=year, **values)


def holds(world: World, session: Any, member: int, cents: int = 5000, day: date = SINCE, **given_: Any) -> int:
    return ledger.book_capital(
        session, None, cooperative_id=world.home, membership_id=member, cents=cents, booked_on=day, now=NOW, **given_
    )


def capital(world: World, session: Any, member: int, day: date = TODAY) -> int:
    return balances.holding_of(session, cooperative_id=world.home, membership_id=member, day=day)


def reasons(refused: pytest.ExceptionInfo[InvalidInput]) -> set[str]:
    return {problem.reason for problem in refused.value.problems}


# charging


def test_a_contribution_is_charged_to_every_member_of_a_class_and_never_twice(world: World) -> None:
    with world.inside() as session:
        first = a_paying_member(session, world.home, "Anna")
        a_paying_member(session, world.home, "Bedrijf", class_code="business")
        run = charges(world, session)
        later = a_paying_member(session, world.home, "Bram")
        again = charges(world, session)

        assert run.membership_ids == (first,)
        assert (again.membership_ids, again.already) == ((later,), 1)
        with pytest.raises(InvalidInput) as refused:
            charges(world, session)
    assert reasons(refused) == {LedgerReason.NOBODY_TO_CHARGE}


def test_a_charge_that_was_taken_back_can_be_made_again(world: World) -> None:
    with world.inside() as session:
        a_paying_member(session, world.home)
        charges(world, session)
        entry_id = session.scalars(sa.select(LedgerEntryRow.id)).one()
        ledger.correct_entry(session, None, cooperative_id=world.home, entry_id=entry_id, now=NOW)

        assert len(charges(world, session, cents=1500).membership_ids) == 1
        open_now = balances.read_open_charges(session, cooperative_id=world.home, day=TODAY)
    assert [one.cents for one in open_now] == [1500]


def test_who_left_on_31_december_is_not_charged_for_the_next_year(world: World) -> None:
    with world.inside() as session:
        member = a_paying_member(session, world.home)
        leaves(world, session, member, date(2026, 1, 1))
        a_paying_member(session, world.home, "Bram")

        run = contributions.charge_run(
            session, cooperative_id=world.home, class_code="tenant", year=2026, cents=2000, day=date(2026, 1, 1)
        )
    assert member not in run.membership_ids


def leaves(world: World, session: Any, member: int, day: date) -> None:
    new = NewEvent(kind=EventKind.ENDED, valid_from=day, end_reason=EndReason.RESIGNATION)
    memberships.add_event(session, None, cooperative_id=world.home, membership_id=member, new=new, now=NOW)


# receiving


def test_a_reference_is_booked_once(world: World) -> None:
    with world.inside() as session:
        member = a_paying_member(session, world.home)
        shared = {"cooperative_id": world.home, "membership_id": member, "cents": 2000, "booked_on": TODAY, "now": NOW}
        ledger.book_receipt(session, None, reference="BANK-1", **shared)
        with pytest.raises(InvalidInput) as refused:
            ledger.book_receipt(session, None, reference=" BANK-1 ", **shared)

    assert reasons(refused) == {LedgerReason.REFERENCE_BOOKED}


def test_numbers_follow_each_other(world: World) -> None:
    with world.inside() as session:
        member = a_paying_member(session, world.home)
        for _ in range(3):
            holds(world, session, member)
        numbers = session.scalars(sa.select(LedgerEntryRow.number).order_by(LedgerEntryRow.id)).all()

    assert numbers == [1, 2, 3]


def test_all_of_a_run_is_booked_or_nothing(world: World) -> None:
    with world.inside() as session:
        member = a_paying_member(session, world.home)
        good = NewEntry(membership_id=member, account=CAPITAL, kind=EntryKind.RECEIVED, cents=100, booked_on=TODAY)
        bad = NewEntry(membership_id=member, account=CAPITAL, kind=EntryKind.PAID_OUT, cents=900, booked_on=TODAY)
        with pytest.raises(InvalidInput):
            ledger.book_entries(session, None, cooperative_id=world.home, new=(good, bad), now=NOW)

        assert session.scalars(sa.select(LedgerEntryRow)).all() == []


def test_money_is_booked_by_who_keeps_it(world: World) -> None:
    with world.inside() as session:
        member = a_paying_member(session, world.home)
        for role in Role:
            actor = world.acting(role)
            new = NewEntry(membership_id=member, account=CAPITAL, kind=EntryKind.RECEIVED, cents=1, booked_on=TODAY)
            if role is Role.TREASURER:
                ledger.book_entries(session, actor, cooperative_id=world.home, new=(new,), now=NOW)
            else:
                with pytest.raises(Forbidden):
                    ledger.book_entries(session, actor, cooperative_id=world.home, new=(new,), now=NOW)


def test_money_is_not_booked_on_a_member_of_another_cooperative(world: World) -> None:
    with world.inside() as session:
        member = a_paying_member(session, world.home)
        session.commit()
    new = NewEntry(membership_id=member, account=CAPITAL, kind=EntryKind.RECEIVED, cents=1, booked_on=TODAY)
    scope = Scope(cooperative_ids=frozenset({world.neighbour}), may_write=True)
    with world.database.session(scope) as session, pytest.raises(NotFound):
        ledger.book_entries(session, None, cooperative_id=world.neighbour, new=(new,), now=NOW)


def test_the_database_refuses_to_change_an_entry(world: World) -> None:
    with world.inside() as session:
        holds(world, session, a_paying_member(session, world.home))
        session.commit()

    for statement in ("UPDATE ledger_entry SET cents = 1", "DELETE FROM ledger_entry"):
        with world.database.writer.connect() as connection, pytest.raises(sa.exc.IntegrityError, match="only grows"):
            connection.exec_driver_sql(statement)


# transfers and corrections


def test_a_transfer_changes_hands_and_nothing_else(world: World) -> None:
    with world.inside() as session:
        giver, taker = a_paying_member(session, world.home, "Anna"), a_paying_member(session, world.home, "Bram")
        holds(world, session, giver)
        ledger.transfer_capital(
            session, None, cooperative_id=world.home, from_membership_id=giver, to_membership_id=taker, cents=3000,
            booked_on=TODAY, now=NOW,
        )  # fmt: skip

        assert (capital(world, session, giver), capital(world, session, taker)) == (2000, 3000)


def test_undoing_a_transfer_restores_both_sides(world: World) -> None:
    with world.inside() as session:
        giver, taker = a_paying_member(session, world.home, "Anna"), a_paying_member(session, world.home, "Bram")
        holds(world, session, giver)
        for side in (0, 1):
            sides = ledger.transfer_capital(
                session, None, cooperative_id=world.home, from_membership_id=giver, to_membership_id=taker,
                cents=5000, booked_on=TODAY, now=NOW,
            )  # fmt: skip
            undone = ledger.correct_entry(session, None, cooperative_id=world.home, entry_id=sides[side], now=NOW)
            assert len(undone) == 2
            assert (capital(world, session, giver), capital(world, session, taker)) == (5000, 0)


def test_a_transfer_is_not_undone_once_the_receiver_was_paid_out(world: World) -> None:
    with world.inside() as session:
        giver, taker = a_paying_member(session, world.home, "Anna"), a_paying_member(session, world.home, "Bram")
        holds(world, session, giver)
        given_, _taken = ledger.transfer_capital(
            session, None, cooperative_id=world.home, from_membership_id=giver, to_membership_id=taker, cents=5000,
            booked_on=TODAY, now=NOW,
        )  # fmt: skip
        holds(world, session, taker, 5000, TODAY, kind=EntryKind.PAID_OUT)
        with pytest.raises(InvalidInput) as refused:
            ledger.correct_entry(session, None, cooperative_id=world.home, entry_id=given_, now=NOW)

        assert reasons(refused) == {LedgerReason.MORE_THAN_HELD}
        assert (capital(world, session, giver), capital(world, session, taker)) == (0, 0)


def test_nobody_passes_on_more_than_is_held_nor_to_itself(world: World) -> None:
    with world.inside() as session:
        giver, taker = a_paying_member(session, world.home, "Anna"), a_paying_member(session, world.home, "Bram")
        holds(world, session, giver, 100)
        for receiver, cents in ((taker, 101), (giver, 50)):
            with pytest.raises(InvalidInput):
                ledger.transfer_capital(
                    session, None, cooperative_id=world.home, from_membership_id=giver, to_membership_id=receiver,
                    cents=cents, booked_on=TODAY, now=NOW,
                )  # fmt: skip


def test_an_entry_is_taken_back_once(world: World) -> None:
    with world.inside() as session:
        entry_id = holds(world, session, a_paying_member(session, world.home))
        ledger.correct_entry(session, None, cooperative_id=world.home, entry_id=entry_id, now=NOW)
        with pytest.raises(Refused):
            ledger.correct_entry(session, None, cooperative_id=world.home, entry_id=entry_id, now=NOW)


# closed years


def test_nothing_is_booked_in_a_closed_year_or_before_it(world: World) -> None:
    with world.inside() as session:
        member = a_paying_member(session, world.home)
        closed_years.close_year(session, None, cooperative_id=world.home, year=2025, now=NOW)
        for day in (date(2025, 12, 31), date(2024, 6, 1)):
            with pytest.raises(InvalidInput) as refused:
                holds(world, session, member, day=day)
            assert reasons(refused) == {LedgerReason.YEAR_CLOSED}

        holds(world, session, member, day=date(2026, 1, 1))


def test_what_is_wrong_in_a_closed_year_is_put_right_in_the_open_one(world: World) -> None:
    with world.inside() as session:
        member = a_paying_member(session, world.home)
        entry_id = holds(world, session, member, day=date(2025, 5, 1))
        closed = closed_years.close_year(session, None, cooperative_id=world.home, year=2025, now=NOW)
        (counter,) = ledger.correct_entry(
            session, None, cooperative_id=world.home, entry_id=entry_id, now=NOW + timedelta(days=1)
        )
        row = session.get_one(LedgerEntryRow, (world.home, counter))

        assert (row.corrects_id, row.booked_on.year) == (entry_id, 2026)
        assert capital(world, session, member, date(2025, 12, 31)) == 5000
        assert capital(world, session, member, date(2026, 12, 31)) == 0
        again = closed_years.list_as_closed(session, None, cooperative_id=world.home, view=closed)
    assert again.digest == closed.digest


def test_a_year_is_closed_once_it_is_over_and_only_once(world: World) -> None:
    with world.inside() as session:
        with pytest.raises(Refused):
            closed_years.close_year(session, None, cooperative_id=world.home, year=2026, now=NOW)
        closed_years.close_year(session, None, cooperative_id=world.home, year=2025, now=NOW)
        for year in (2025, 2024):
            with pytest.raises(Refused):
                closed_years.close_year(session, None, cooperative_id=world.home, year=year, now=NOW)


# reading


def test_who_leaves_on_31_december_is_on_the_balance_list_of_that_day(world: World) -> None:
    with world.inside() as session:
        member = a_paying_member(session, world.home)
        leaves(world, session, member, date(2026, 1, 1))
        found = balances.read_balance_list(session, None, cooperative_id=world.home, day=date(2025, 12, 31))
        after = balances.read_balance_list(session, None, cooperative_id=world.home, day=date(2026, 1, 1))

    assert [line.membership_id for line in found.lines] == [member]
    assert after.lines == ()


def test_who_left_and_is_not_paid_out_stays_on_the_list(world: World) -> None:
    with world.inside() as session:
        member = a_paying_member(session, world.home)
        holds(world, session, member)
        leaves(world, session, member, date(2026, 1, 1))
        found = balances.read_balance_list(session, None, cooperative_id=world.home, day=TODAY)

    assert [(line.membership_id, line.capital_cents) for line in found.lines] == [(member, 5000)]


def test_money_before_the_first_known_record_is_on_the_list_all_the_same(world: World) -> None:
    with world.inside() as session:
        member = a_paying_member(session, world.home, since=date(2025, 6, 1))
        holds(world, session, member, day=date(2025, 2, 1))
        found = balances.read_balance_list(session, None, cooperative_id=world.home, day=date(2025, 3, 1))

    assert [(line.name, line.capital_cents) for line in found.lines] == [("Petra", 5000)]


def test_a_member_reads_the_own_account_with_who_booked_what_and_why(world: World) -> None:
    with world.inside() as session:
        member = a_paying_member(session, world.home)
        ledger.book_capital(
            session, world.treasurer, cooperative_id=world.home, membership_id=member, cents=5000, booked_on=SINCE,
            why="Inleg bij toetreding.", now=NOW,
        )  # fmt: skip
        found = balances.read_account(
            session, world.treasurer, cooperative_id=world.home, membership_id=member, day=TODAY
        )
        own = balances.read_own_money(session, cooperative_id=world.home, party_ids=(found.party_id,), day=TODAY)

    assert own == (found,)
    assert found.holdings == {Place(member, CAPITAL): 5000}
    assert (found.lines[0].actor, found.lines[0].reason) == ("Petra", "Inleg bij toetreding.")


@pytest.mark.parametrize("role", list(Role))
def test_money_is_seen_by_treasurer_chair_and_audit_committee(world: World, role: Role) -> None:
    with world.inside() as session:
        member = a_paying_member(session, world.home)
        reads = (
            lambda actor: balances.read_account(
                session, actor, cooperative_id=world.home, membership_id=member, day=TODAY
            ),
            lambda actor: balances.read_balance_list(session, actor, cooperative_id=world.home, day=TODAY),
            lambda actor: balances.read_overview(session, actor, cooperative_id=world.home, day=TODAY),
        )
        for read in reads:
            if role in {Role.CHAIR, Role.TREASURER, Role.AUDIT_COMMITTEE}:
                read(world.acting(role))
            else:
                with pytest.raises(Forbidden):
                    read(world.acting(role))


def test_lists_ask_as_many_queries_for_many_members_as_for_one(world: World) -> None:
    def counted() -> int:
        with counted_queries(world.database) as seen, world.reading() as session:
            balances.read_balance_list(session, None, cooperative_id=world.home, day=TODAY)
            balances.read_overview(session, None, cooperative_id=world.home, day=TODAY)
            ledger_files.read_ledger(session, None, cooperative_id=world.home, since=SINCE, until=TODAY)
        return len(seen)

    with world.inside() as session:
        holds(world, session, a_paying_member(session, world.home))
        charges(world, session)
        session.commit()
    first = counted()
    with world.inside() as session:
        for number in range(12):
            holds(world, session, a_paying_member(session, world.home, f"Lid{number}"))
        charges(world, session)
        session.commit()

    assert counted() == first


KINDS = [
    (EntryKind.CHARGED, CONTRIBUTION), (EntryKind.RECEIVED, CONTRIBUTION), (EntryKind.WRITTEN_OFF, CONTRIBUTION),
    (EntryKind.RECEIVED, CAPITAL), (EntryKind.PAID_OUT, CAPITAL), (EntryKind.PROMISED, LOAN),
    (EntryKind.RECEIVED, LOAN), (EntryKind.PAID_OUT, LOAN),
]  # fmt: skip


@given(
    steps=st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from(KINDS), st.integers(1, 9999), st.integers(0, 700)), max_size=12
    ),
    asked=st.integers(-1, 800),
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_at_every_date_the_list_adds_up_to_the_ledger(
    database: Database, world: World, steps: list[Any], asked: int
) -> None:
    day = SINCE + timedelta(days=asked)
    with world.inside() as session:
        members = [a_paying_member(session, world.home, f"Lid{number}") for number in range(3)]
        for member, (kind, account), cents, after in steps:
            new = NewEntry(
                membership_id=members[member], account=account, kind=kind, cents=cents,
                booked_on=SINCE + timedelta(days=after), tranche="a" if account is LOAN else None,
            )  # fmt: skip
            savepoint = session.begin_nested()
            try:
                ledger.book_entries(session, None, cooperative_id=world.home, new=(new,), now=NOW)
                savepoint.commit()
            except InvalidInput:
                savepoint.rollback()
        entries = ledger.read_entries(session, cooperative_id=world.home)
        found = balances.read_balance_list(session, None, cooperative_id=world.home, day=day)
        session.rollback()

    columns = ("contribution_cents", "capital_cents", "loan_cents", "promised_cents")
    assert sum(found.total(name) for name in columns) == sum_of_ledger(entries, day)
    assert sum(holdings_on(entries, day).values()) == sum_of_ledger(entries, day)
