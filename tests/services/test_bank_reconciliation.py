"""Lines of the bank in the ledger: proposed in few queries, booked once, all of it or nothing."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from ecoop.errors import Forbidden, InvalidInput
from ecoop.exchange.bank_files import read_bank_file
from ecoop.governance.audit import Action
from ecoop.governance.direct_debits import LineResult
from ecoop.governance.holdings import EntryKind, LedgerAccount
from ecoop.governance.matching import BankFileReason, BankLine, MatchReason, MatchState
from ecoop.governance.roles import Role
from ecoop.models import AuditEntry, DirectDebitLine, LedgerEntryRow, Mandate
from ecoop.services import balances, bank_reconciliation, contributions, direct_debit_results, ledger
from tests.services.conftest import World
from tests.services.test_direct_debits import AFTER, announced, drafted, made, owing
from tests.support.bank_file import a_statement, an_entry
from tests.support.factories import NOW, TODAY
from tests.support.money import KEY, a_bank_account, a_creditor, a_paying_member, an_iban
from tests.support.queries import counted_queries

DIGEST = "a" * 64


def charged(world: World, session: Any, *names: str) -> list[int]:
    members = [a_paying_member(session, world.home, name) for name in names]
    for number, member in enumerate(members, start=1):
        a_bank_account(session, world.home, member, number)
    contributions.charge_contribution(
        session, None, cooperative_id=world.home, class_code="tenant", year=2026, cents=2000,
        booked_on=date(2026, 1, 15), now=NOW,
    )  # fmt: skip
    return members


def proposed(world: World, session: Any, lines: tuple[BankLine, ...], **given_: Any) -> Any:
    values = {"day": TODAY, "key": KEY} | given_
    return bank_reconciliation.propose(session, None, cooperative_id=world.home, lines=lines, **values)


def booked(world: World, session: Any, lines: tuple[BankLine, ...], accepted: dict[str, str], **given_: Any) -> Any:
    values = {"actor": None, "file_digest": DIGEST, "key": KEY, "now": NOW} | given_
    return bank_reconciliation.book(
        session, values.pop("actor"), cooperative_id=world.home, lines=lines, accepted=accepted, **values
    )


def as_proposed(found: Any) -> dict[str, str]:
    return {
        match.line.reference: "return" if match.item is None else match.item.key
        for match in found.matches
        if match.state is MatchState.CLEAR
    }


def count_entries(session: Any) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(LedgerEntryRow)) or 0


def test_the_same_file_twice_books_nothing_twice(world: World) -> None:
    lines = read_bank_file(a_statement([an_entry(2000, iban=an_iban(1)), an_entry(2000, iban=an_iban(2))]))
    with world.inside() as session:
        charged(world, session, "Anna", "Ben")
        done = booked(world, session, lines, as_proposed(proposed(world, session, lines)))
        count = count_entries(session)
        again = proposed(world, session, lines)
        with pytest.raises(InvalidInput) as refused:
            booked(world, session, lines, {line.reference: "charge-1" for line in lines})

        assert (done.receipts, done.cents) == (2, 4000)
        assert not balances.read_open_charges(session, cooperative_id=world.home, day=TODAY)
        assert [match.state for match in again.matches] == [MatchState.KNOWN] * 2
        assert {one.reason for one in refused.value.problems} == {BankFileReason.BOOKED_ALREADY}
        assert count_entries(session) == count


def test_a_promise_is_kept_by_what_comes_in(world: World) -> None:
    lines = read_bank_file(a_statement([an_entry(50000, iban=an_iban(1))]))
    with world.inside() as session:
        (anna,) = charged(world, session, "Anna")
        ledger.book_capital(
            session, None, cooperative_id=world.home, membership_id=anna, kind=EntryKind.PROMISED, cents=50000,
            booked_on=TODAY, now=NOW,
        )  # fmt: skip
        booked(world, session, lines, as_proposed(proposed(world, session, lines)))
        told = bank_reconciliation.read_promised(session, None, cooperative_id=world.home, day=TODAY)

    assert {(one.account, one.promised_cents, one.received_cents, one.open_cents) for one in told} == {
        (LedgerAccount.CONTRIBUTION, 2000, 0, 2000), (LedgerAccount.CAPITAL, 50000, 50000, 0),
    }  # fmt: skip


def test_what_was_taken_back_was_neither_charged_nor_received(world: World) -> None:
    with world.inside() as session:
        (anna,) = charged(world, session, "Anna")
        receipt = ledger.book_receipt(
            session, None, cooperative_id=world.home, membership_id=anna, cents=500, booked_on=TODAY, now=NOW
        )
        ledger.correct_entry(session, None, cooperative_id=world.home, entry_id=receipt, now=NOW)
        (told,) = bank_reconciliation.read_promised(session, None, cooperative_id=world.home, day=TODAY)

    assert (told.promised_cents, told.received_cents, told.open_cents) == (2000, 0, 2000)


def test_all_of_it_or_nothing_with_a_problem_for_each_line(world: World) -> None:
    entries = [an_entry(2000, iban=an_iban(1), reference="good"), an_entry(2500, iban=an_iban(2), reference="much"),
               an_entry(900, name="Niemand", reference="nobody")]  # fmt: skip
    lines = read_bank_file(a_statement(entries))
    with world.inside() as session:
        charged(world, session, "Anna", "Ben")
        items = {match.line.reference: match.options for match in proposed(world, session, lines).matches}
        before = count_entries(session)
        chosen = {"good": items["good"][0].key, "much": items["much"][0].key, "nobody": items["good"][0].key}
        with pytest.raises(InvalidInput) as refused:
            booked(world, session, lines, chosen)

        assert {(one.key, one.reason) for one in refused.value.problems} == {
            ("much", BankFileReason.MORE_THAN_OPEN), ("nobody", BankFileReason.ITEM_GONE),
        }  # fmt: skip
        assert count_entries(session) == before


def test_two_lines_cannot_pay_one_charge_twice(world: World) -> None:
    entries = [an_entry(1500, iban=an_iban(1), reference=name) for name in ("one", "two")]
    lines = read_bank_file(a_statement(entries))
    with world.inside() as session:
        charged(world, session, "Anna")
        item = proposed(world, session, lines).matches[0].options[0].key
        with pytest.raises(InvalidInput) as refused:
            booked(world, session, lines, {"one": item, "two": item})

        assert [(one.key, one.reason) for one in refused.value.problems] == [("two", BankFileReason.MORE_THAN_OPEN)]
        assert booked(world, session, lines, {"one": item}).cents == 1500


def test_a_direct_debit_that_came_back_makes_its_charge_open_again(world: World) -> None:
    with world.inside() as session:
        a_creditor(session, world.home)
        owing(world, session, "Anna", "Ben")
        batch = drafted(world, session)
        announced(world, session, batch)
        made(world, session, batch)
        names = session.scalars(sa.select(DirectDebitLine.end_to_end_id).order_by(DirectDebitLine.id)).all()
        entries = [an_entry(-2000, day="2026-03-23", end_to_end=names[0], code="AM04")]
        entries += [an_entry(2000, day="2026-03-22", end_to_end=name) for name in names]
        lines = read_bank_file(a_statement(entries))
        early = proposed(world, session, lines)
        direct_debit_results.book_results(
            session, None, cooperative_id=world.home, direct_debit_id=batch, returns={}, now=AFTER
        )
        found = proposed(world, session, lines, day=AFTER.date())
        done = booked(world, session, lines, as_proposed(found), now=AFTER)
        results = session.execute(
            sa.select(DirectDebitLine.result, DirectDebitLine.reason_code).order_by(DirectDebitLine.id)
        ).all()
        open_now = balances.read_open_charges(session, cooperative_id=world.home, day=AFTER.date())

        assert {match.reason for match in early.matches} == {MatchReason.BATCH_FIRST}
        assert [match.state for match in found.matches].count(MatchState.KNOWN) == 2
        assert (done.receipts, done.returns) == (0, 1)
        assert [tuple(one) for one in results] == [(LineResult.RETURNED, "AM04"), (LineResult.BOOKED, None)]
        assert sum(one.cents for one in open_now) == 2000
        assert proposed(world, session, lines, day=AFTER.date()).count(MatchState.KNOWN) == 3


def test_a_mandate_names_its_member(world: World) -> None:
    with world.inside() as session:
        anna, _ben = owing(world, session, "Anna", "Ben")
        name = session.scalars(sa.select(Mandate.reference).order_by(Mandate.id)).first()
        assert name is not None
        (match,) = proposed(world, session, read_bank_file(a_statement([an_entry(2000, mandate=name)]))).matches

        assert (match.state, match.reason, match.members) == (MatchState.CLEAR, MatchReason.MANDATE, (anna,))


def test_only_the_fingerprint_of_the_file_stays_in_the_trail(world: World) -> None:
    lines = read_bank_file(a_statement([an_entry(2000, iban=an_iban(1)), an_entry(100, iban=an_iban(4711))]))
    with world.inside() as session:
        charged(world, session, "Anna")
        booked(world, session, lines, as_proposed(proposed(world, session, lines)))
        query = sa.select(AuditEntry.details).where(AuditEntry.action == Action.BANK_FILE_BOOKED)
        details = str(session.scalars(query).one())

    assert DIGEST in details
    assert "4711" not in details


def test_more_lines_and_members_cost_no_more_queries(world: World) -> None:
    with world.inside() as session:
        charged(world, session, "Anna", "Ben", "Cas", "Daan", "Els")
        few = read_bank_file(a_statement([an_entry(2000, iban=an_iban(1))]))
        many = read_bank_file(a_statement([an_entry(2000, iban=an_iban(number)) for number in range(1, 60)]))
        with counted_queries(world.database) as small:
            proposed(world, session, few)
        with counted_queries(world.database) as large:
            proposed(world, session, many)

    assert len(large) == len(small)


def test_only_who_keeps_the_money_looks_and_books(world: World) -> None:
    lines = read_bank_file(a_statement([an_entry(2000)]))
    with world.inside() as session:
        for role in (Role.CHAIR, Role.SECRETARY, Role.MEMBER):
            actor = world.acting(role)
            with pytest.raises(Forbidden):
                bank_reconciliation.propose(session, actor, cooperative_id=world.home, lines=lines, day=TODAY, key=KEY)
            with pytest.raises(Forbidden):
                booked(world, session, lines, {}, actor=actor)
        with pytest.raises(Forbidden):
            bank_reconciliation.read_promised(session, world.acting(Role.MEMBER), cooperative_id=world.home, day=TODAY)
