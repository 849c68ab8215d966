"""Bank accounts, mandates and batches in the database: sealed, masked, told when shown, and never out of step."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from ecoop.db import Scope
from ecoop.errors import Forbidden, InvalidInput, NotFound, Refused
from ecoop.exchange.sepa import write_direct_debits
from ecoop.governance.direct_debits import DirectDebitReason, DirectDebitState, LineResult
from ecoop.governance.mandates import MandateEventKind, MandateReason, MandateScheme, MandateState
from ecoop.governance.roles import Role
from ecoop.models import AccessEntry, AuditEntry, AuditNote, BankAccount, Creditor, DirectDebit, DirectDebitLine
from ecoop.services import (
    balances,
    bank_accounts,
    contributions,
    direct_debit_results,
    direct_debits,
    ledger,
    mandates,
    money_letters,
)
from ecoop.services.bank_accounts import BankAccountReason
from ecoop.services.mandates import NewMandate
from tests.services.conftest import World
from tests.support.factories import NOW, TODAY
from tests.support.money import KEY, SINCE, a_bank_account, a_creditor, a_mandate, a_paying_member, an_iban
from tests.support.queries import counted_queries

COLLECT = TODAY + timedelta(days=20)
AFTER = NOW + timedelta(days=21)


def reasons(refused: pytest.ExceptionInfo[InvalidInput]) -> set[str]:
    return {problem.reason for problem in refused.value.problems}


def owing(world: World, session: Any, *names: str, mandate: bool = True) -> list[int]:
    members = [a_paying_member(session, world.home, name) for name in names]
    if mandate:
        for number, member in enumerate(members, start=1):
            a_mandate(session, world.home, member, number)
    contributions.charge_contribution(
        session, None, cooperative_id=world.home, class_code="tenant", year=2026, cents=2000,
        booked_on=date(2026, 1, 15), now=NOW,
    )  # fmt: skip
    return members


def drafted(world: World, session: Any, **given_: Any) -> int:
    values = {"collection_on": COLLECT, "description": "Contributie 2026", "now": NOW} | given_
    return direct_debits.draft_direct_debit(session, None, cooperative_id=world.home, **values)


def made(world: World, session: Any, batch: int, **given_: Any) -> str:
    values = {"key": KEY, "write": write_direct_debits, "now": NOW + timedelta(days=10)} | given_
    return direct_debits.make_file(session, None, cooperative_id=world.home, direct_debit_id=batch, **values)


def announced(world: World, session: Any, batch: int) -> None:
    direct_debits.announce(session, None, cooperative_id=world.home, direct_debit_id=batch, now=NOW)


def lines_of(session: Any, batch: int) -> list[DirectDebitLine]:
    query = sa.select(DirectDebitLine).where(DirectDebitLine.direct_debit_id == batch).order_by(DirectDebitLine.id)
    return list(session.scalars(query))


# bank accounts


def test_an_account_number_is_nowhere_in_the_database(world: World) -> None:
    number = an_iban(4711)
    with world.inside() as session:
        a_bank_account(session, world.home, a_paying_member(session, world.home), 4711)
        a_creditor(session, world.home, iban=number)
        session.commit()
    with world.database.reader.connect() as connection:
        kept = "".join(
            str(row)
            for table in ("bank_account", "creditor", "audit_entry", "access_entry")
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}")
        )

    assert number not in kept
    assert "4711" in kept  # the mask shows the last four


def test_a_number_with_wrong_check_digits_is_refused_with_everything_else(world: World) -> None:
    with world.inside() as session:
        member = a_paying_member(session, world.home)
        with pytest.raises(InvalidInput) as refused:
            a_bank_account(session, world.home, member, iban="NL00TEST0000000001", holder=" ")

    assert reasons(refused) == {BankAccountReason.IBAN_UNUSABLE, BankAccountReason.HOLDER_MISSING}


def test_a_number_is_found_again_without_being_readable(world: World) -> None:
    with world.inside() as session:
        member = a_paying_member(session, world.home)
        a_bank_account(session, world.home, member)
        party = bank_accounts.party_of(session, cooperative_id=world.home, membership_id=member)
        spelled = an_iban(1)[:4] + " " + an_iban(1)[4:].lower()
        shared = {"cooperative_id": world.home, "iban": spelled}

        assert bank_accounts.find_by_iban(session, key=KEY, **shared) == (party,)
        with pytest.raises(InvalidInput) as refused:
            a_bank_account(session, world.home, member, iban=spelled)
    assert reasons(refused) == {BankAccountReason.IN_USE_ALREADY}


def test_a_number_is_found_after_the_key_was_renewed(world: World) -> None:
    from ecoop import sealing

    with world.inside() as session:
        member = a_paying_member(session, world.home)
        a_bank_account(session, world.home, member)
        ring = f"{sealing.new_key()},{KEY}"

        assert bank_accounts.find_by_iban(session, cooperative_id=world.home, iban=an_iban(1), key=ring)


@pytest.mark.parametrize("role", list(Role))
def test_only_the_treasurer_sees_a_whole_number(world: World, role: Role) -> None:
    actor = world.acting(role)
    with world.inside() as session:
        member = a_paying_member(session, world.home)
        account = a_bank_account(session, world.home, member)
        party = bank_accounts.party_of(session, cooperative_id=world.home, membership_id=member)

        def reveal() -> str:
            return bank_accounts.reveal_iban(
                session, actor, cooperative_id=world.home, bank_account_id=account, key=KEY, why="Bankfout.", now=NOW
            )

        if role is Role.TREASURER:
            assert reveal() == an_iban(1)
        else:
            with pytest.raises(Forbidden):
                reveal()
        board = {Role.CHAIR, Role.BOARD_MEMBER, Role.TREASURER, Role.SECRETARY, Role.AUDIT_COMMITTEE}
        if role in board:
            (seen,) = bank_accounts.read_bank_accounts(session, actor, cooperative_id=world.home, party_id=party)
            assert (seen.masked, an_iban(1) in repr(seen)) == ("NL** **** **** 0001", False)
        else:
            with pytest.raises(Forbidden):
                bank_accounts.read_bank_accounts(session, actor, cooperative_id=world.home, party_id=party)


def test_showing_a_whole_number_is_told_with_the_reason(world: World) -> None:
    with world.inside() as session:
        account = a_bank_account(session, world.home, a_paying_member(session, world.home))
        shared = {"cooperative_id": world.home, "bank_account_id": account, "key": KEY, "now": NOW}
        with pytest.raises(InvalidInput):
            bank_accounts.reveal_iban(session, world.treasurer, why="  ", **shared)
        bank_accounts.reveal_iban(session, world.treasurer, why="De bank belde.", **shared)

        looked = session.scalars(sa.select(AccessEntry)).one()
        told = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "bank_account.revealed")).one()
        note = session.scalars(sa.select(AuditNote.text).where(AuditNote.number == told.number)).one()
    assert (looked.kind, looked.subject) == ("iban", f"bank_account:{account}")
    assert note == "De bank belde."


def test_an_account_of_another_cooperative_is_not_there(world: World) -> None:
    with world.inside() as session:
        account = a_bank_account(session, world.home, a_paying_member(session, world.home))
        session.commit()
    scope = Scope(cooperative_ids=frozenset({world.neighbour}), may_write=True)
    with world.database.session(scope) as session, pytest.raises(NotFound):
        bank_accounts.reveal_iban(
            session, world.treasurer, cooperative_id=world.neighbour, bank_account_id=account, key=KEY, why="x", now=NOW
        )


def test_another_number_ends_the_mandate_and_asks_for_a_new_one(world: World) -> None:
    with world.inside() as session:
        member = a_paying_member(session, world.home)
        first = a_mandate(session, world.home, member)
        old = session.scalars(sa.select(BankAccount.id)).one()
        added = bank_accounts.change_iban(
            session, None, cooperative_id=world.home, bank_account_id=old, iban=an_iban(2), holder="P. Petra",
            valid_from=TODAY, key=KEY, now=NOW,
        )  # fmt: skip
        (view,) = mandates.read_mandates(session, None, cooperative_id=world.home, day=TODAY)

        assert (view.id, view.standing.state) == (first, MandateState.ENDED)
        new = NewMandate(bank_account_id=added, signed_on=TODAY)
        second = mandates.sign_mandate(session, None, cooperative_id=world.home, new=new, now=NOW)
        newest = mandates.read_mandates(session, None, cooperative_id=world.home, day=TODAY)[0]
    assert (newest.id, newest.reference) == (second, "M-000002")


def test_an_ended_number_can_be_destroyed_and_one_in_use_cannot(world: World) -> None:
    with world.inside() as session:
        account = a_bank_account(session, world.home, a_paying_member(session, world.home))
        shared = {"cooperative_id": world.home, "bank_account_id": account, "now": NOW}
        with pytest.raises(Refused):
            bank_accounts.erase_iban(session, None, **shared)
        bank_accounts.end_bank_account(session, None, valid_until=TODAY, **shared)
        bank_accounts.erase_iban(session, None, **shared)
        row = session.get_one(BankAccount, (world.home, account))

        assert (row.sealed_iban, row.masked_iban, row.holder) == (None, "**", "**")
        with pytest.raises(Refused):
            bank_accounts.reveal_iban(session, world.treasurer, key=KEY, why="x", **shared)


# mandates


@pytest.mark.parametrize(
    ("given_", "reason"),
    [
        ({"reference": "M" * 36}, MandateReason.REFERENCE_UNUSABLE),
        ({"reference": "met spatie"}, MandateReason.REFERENCE_UNUSABLE),
        ({"signed_on": TODAY + timedelta(days=1)}, MandateReason.SIGNED_AHEAD),
        ({"scheme": MandateScheme.B2B}, MandateReason.PERSON_NOT_B2B),
    ],
)
def test_a_mandate_that_cannot_be_says_why(world: World, given_: dict[str, Any], reason: MandateReason) -> None:
    with world.inside() as session, pytest.raises(InvalidInput) as refused:
        a_mandate(session, world.home, a_paying_member(session, world.home), **given_)

    assert reasons(refused) == {reason}


def test_a_reference_is_given_out_once_and_an_account_has_one_running_mandate(world: World) -> None:
    with world.inside() as session:
        member = a_paying_member(session, world.home)
        a_mandate(session, world.home, member, reference="OUD-1")
        account = session.scalars(sa.select(BankAccount.id)).one()
        new = NewMandate(bank_account_id=account, signed_on=TODAY, reference="OUD-1")
        with pytest.raises(InvalidInput) as refused:
            mandates.sign_mandate(session, None, cooperative_id=world.home, new=new, now=NOW)

    assert reasons(refused) == {MandateReason.REFERENCE_TAKEN, MandateReason.ONE_ALREADY}


def test_mandates_lapse_that_were_not_used_for_long(world: World) -> None:
    with world.inside() as session:
        a_mandate(session, world.home, a_paying_member(session, world.home), signed_on=date(2023, 3, 2))
        a_mandate(session, world.home, a_paying_member(session, world.home, "Bram"), 2, signed_on=date(2023, 3, 3))
        lapsed = mandates.lapse_mandates(session, None, cooperative_id=world.home, months=36, day=TODAY, now=NOW)

    assert len(lapsed) == 1


# batches


def test_a_batch_goes_from_draft_to_booked_and_settles_what_was_open(world: World) -> None:
    with world.inside() as session:
        a_creditor(session, world.home)
        anna, bram = owing(world, session, "Anna", "Bram")
        batch = drafted(world, session)
        announced(world, session, batch)
        made(world, session, batch)
        first, second = lines_of(session, batch)
        direct_debit_results.book_results(
            session, None, cooperative_id=world.home, direct_debit_id=batch, returns={second.id: "AM04"}, now=AFTER
        )
        view = direct_debit_results.read_batch(session, None, cooperative_id=world.home, direct_debit_id=batch)
        left = balances.read_open_charges(session, cooperative_id=world.home, day=AFTER.date())
        used = {
            one.party_id: one.standing.uses
            for one in mandates.read_mandates(session, None, cooperative_id=world.home, day=AFTER.date())
        }

    assert (first.membership_id, second.membership_id) == (anna, bram)
    assert view.state is DirectDebitState.BOOKED
    assert view.counts == {LineResult.BOOKED: (1, 2000), LineResult.RETURNED: (1, 2000)}
    assert [(one.membership_id, one.cents) for one in left] == [(bram, 2000)]
    assert sorted(used.values()) == [0, 1]


def test_a_return_that_comes_weeks_later_opens_the_charge_again(world: World) -> None:
    with world.inside() as session:
        a_creditor(session, world.home)
        owing(world, session, "Anna")
        batch = drafted(world, session)
        announced(world, session, batch)
        made(world, session, batch)
        shared = {"cooperative_id": world.home}
        direct_debit_results.book_results(session, None, direct_debit_id=batch, returns={}, now=AFTER, **shared)
        (line,) = lines_of(session, batch)
        later = AFTER + timedelta(days=30)
        direct_debit_results.book_return(
            session, None, line_id=line.id, reason_code="md06", day=later.date(), now=later, **shared
        )

        assert (line.result, line.reason_code) == (LineResult.RETURNED, "MD06")
        assert len(balances.read_open_charges(session, day=later.date(), **shared)) == 1
        with pytest.raises(Refused):
            direct_debit_results.book_return(
                session, None, line_id=line.id, reason_code="MD06", day=later.date(), now=later, **shared
            )


def test_a_file_is_not_made_before_the_payers_were_told(world: World) -> None:
    with world.inside() as session:
        a_creditor(session, world.home)
        owing(world, session, "Anna")
        batch = drafted(world, session)
        with pytest.raises(Refused) as refused:
            made(world, session, batch)

    assert refused.value.reason is DirectDebitReason.WRONG_STEP


def test_payers_are_told_long_enough_before_unless_the_terms_say_less(world: World) -> None:
    with world.inside() as session:
        a_creditor(session, world.home)
        owing(world, session, "Anna")
        with pytest.raises(InvalidInput) as refused:
            drafted(world, session, collection_on=TODAY + timedelta(days=13))
        assert reasons(refused) == {DirectDebitReason.DAY_TOO_SOON}

        batch = drafted(world, session, collection_on=TODAY + timedelta(days=14))
        with pytest.raises(Refused):
            direct_debits.announce(
                session, None, cooperative_id=world.home, direct_debit_id=batch, now=NOW + timedelta(days=1)
            )
        a_creditor(session, world.home, announce_days=2, valid_from=TODAY)
        direct_debits.cancel(session, None, cooperative_id=world.home, direct_debit_id=batch, now=NOW)
        drafted(world, session, collection_on=TODAY + timedelta(days=2))


def test_what_was_paid_meanwhile_or_lost_its_mandate_is_not_collected(world: World) -> None:
    with world.inside() as session:
        a_creditor(session, world.home)
        anna, bram, carla = owing(world, session, "Anna", "Bram", "Carla")
        batch = drafted(world, session)
        announced(world, session, batch)
        shared = {"cooperative_id": world.home, "now": NOW}
        ledger.book_receipt(session, None, membership_id=anna, cents=2000, booked_on=TODAY, year=2026, **shared)
        ledger.book_receipt(session, None, membership_id=carla, cents=500, booked_on=TODAY, year=2026, **shared)
        mandate = lines_of(session, batch)[1].mandate_id
        mandates.add_mandate_event(
            session, None, mandate_id=mandate, kind=MandateEventKind.REVOKED, day=TODAY, **shared
        )
        made(world, session, batch)
        found = {line.membership_id: (line.result, line.cents) for line in lines_of(session, batch)}

    assert found == {
        anna: (LineResult.LEFT_OUT, 2000),
        bram: (LineResult.LEFT_OUT, 2000),
        carla: (LineResult.OPEN, 1500),
    }


def test_a_charge_stands_in_one_batch_and_a_cancelled_batch_lets_it_go(world: World) -> None:
    with world.inside() as session:
        a_creditor(session, world.home)
        owing(world, session, "Anna")
        batch = drafted(world, session)
        with pytest.raises(InvalidInput) as refused:
            drafted(world, session)
        assert reasons(refused) == {DirectDebitReason.NOTHING_TO_COLLECT}

        direct_debits.cancel(session, None, cooperative_id=world.home, direct_debit_id=batch, now=NOW)
        drafted(world, session)


def test_who_has_no_mandate_is_not_collected_from(world: World) -> None:
    with world.inside() as session:
        a_creditor(session, world.home)
        owing(world, session, "Anna", mandate=False)
        with pytest.raises(InvalidInput):
            drafted(world, session)


def test_the_file_is_kept_sealed_and_taking_it_is_told(world: World) -> None:
    with world.inside() as session:
        a_creditor(session, world.home)
        owing(world, session, "Anna")
        batch = drafted(world, session)
        announced(world, session, batch)
        digest = made(world, session, batch)
        row = session.get_one(DirectDebit, (world.home, batch))
        shared = {"cooperative_id": world.home, "direct_debit_id": batch, "key": KEY, "now": NOW}
        content = direct_debits.take_file(session, world.treasurer, **shared)
        with pytest.raises(Forbidden):
            direct_debits.take_file(session, world.acting(Role.CHAIR), **shared)
        looked = session.scalars(sa.select(AccessEntry)).all()

    import hashlib

    assert hashlib.sha256(content).hexdigest() == digest
    assert an_iban(1).encode() in content
    assert an_iban(1) not in (row.sealed_file or "")
    assert [one.subject for one in looked] == [f"direct_debit:{batch}"]


def test_every_payer_is_told_once_with_the_sum(world: World) -> None:
    with world.inside() as session:
        a_creditor(session, world.home)
        owing(world, session, "Anna")
        contributions.charge_contribution(
            session, None, cooperative_id=world.home, class_code="tenant", year=2025, cents=1500,
            booked_on=date(2025, 1, 15), now=NOW,
        )  # fmt: skip
        batch = drafted(world, session)
        (told,) = money_letters.read_announcements(session, cooperative_id=world.home, direct_debit_id=batch, day=TODAY)

    assert (told.cents, told.amounts) == (3500, ((2025, 1500), (2026, 2000)))
    assert (told.recipient.email, told.masked_iban) == ("anna@example.org", "NL** **** **** 0001")


VERBS: list[tuple[str, Callable[..., Any]]] = [
    ("draft", lambda s, a, home: direct_debits.draft_direct_debit(
        s, a, cooperative_id=home, collection_on=COLLECT, description="x", now=NOW)),
    ("announce", lambda s, a, home: direct_debits.announce(s, a, cooperative_id=home, direct_debit_id=1, now=NOW)),
    ("cancel", lambda s, a, home: direct_debits.cancel(s, a, cooperative_id=home, direct_debit_id=1, now=NOW)),
    ("file", lambda s, a, home: direct_debits.make_file(
        s, a, cooperative_id=home, direct_debit_id=1, key=KEY, write=write_direct_debits, now=NOW)),
    ("results", lambda s, a, home: direct_debit_results.book_results(
        s, a, cooperative_id=home, direct_debit_id=1, returns={}, now=NOW)),
    ("sign", lambda s, a, home: mandates.sign_mandate(
        s, a, cooperative_id=home, new=NewMandate(bank_account_id=1, signed_on=TODAY), now=NOW)),
    ("lapse", lambda s, a, home: mandates.lapse_mandates(
        s, a, cooperative_id=home, months=36, day=TODAY, now=NOW)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "verb"), VERBS, ids=[name for name, _verb in VERBS])
def test_money_is_collected_by_the_treasurer_and_nobody_else(world: World, name: str, verb: Callable[..., Any]) -> None:
    with world.inside() as session:
        for role in Role:
            if role is not Role.TREASURER:
                with pytest.raises(Forbidden):
                    verb(session, world.acting(role), world.home)


def test_pages_of_batches_ask_as_many_queries_for_many_lines_as_for_one(world: World) -> None:
    def counted() -> int:
        with counted_queries(world.database) as seen, world.reading() as session:
            found = direct_debit_results.read_batches(session, None, cooperative_id=world.home)
            direct_debit_results.read_lines(
                session, None, cooperative_id=world.home, direct_debit_id=found[0].id, day=TODAY
            )
            money_letters.read_announcements(session, cooperative_id=world.home, direct_debit_id=found[0].id, day=TODAY)
        return len(seen)

    with world.inside() as session:
        a_creditor(session, world.home)
        owing(world, session, "Anna")
        drafted(world, session)
        session.commit()
    first = counted()
    with world.inside() as session:
        for row in session.scalars(sa.select(DirectDebit)):
            direct_debits.cancel(session, None, cooperative_id=world.home, direct_debit_id=row.id, now=NOW)
        members = [a_paying_member(session, world.home, f"Lid{number}") for number in range(8)]
        for number, member in enumerate(members, start=10):
            a_mandate(session, world.home, member, number)
        contributions.charge_contribution(
            session, None, cooperative_id=world.home, class_code="tenant", year=2026, cents=2000,
            booked_on=date(2026, 1, 15), now=NOW,
        )  # fmt: skip
        drafted(world, session)
        session.commit()

    assert counted() == first


def test_a_creditor_needs_a_number_that_adds_up(world: World) -> None:
    with world.inside() as session:
        with pytest.raises(InvalidInput) as refused:
            a_creditor(session, world.home, identifier="NL00ZZZ123456780000", iban="x", announce_days=61, name="")
        assert {problem.key for problem in refused.value.problems} == {"identifier", "iban", "announce_days", "name"}
        a_creditor(session, world.home)
        assert session.scalars(sa.select(Creditor.valid_from)).one() == SINCE
