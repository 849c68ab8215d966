"""What every member has with the cooperative follows from entries that are only added."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecoop.governance.holdings import (
    HELD,
    PROMISES,
    EntryKind,
    LedgerAccount,
    LedgerEntry,
    LedgerReason,
    Place,
    counter_of,
    doubt_correction,
    doubt_entry,
    holdings_on,
    known_by,
    open_charges_on,
    place_of,
    signed,
    sum_of_ledger,
    unpaid_promises,
)

JANUARY = date(2024, 1, 1)
NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)
TODAY = date(2027, 1, 1)
CONTRIBUTION, CAPITAL, LOAN = LedgerAccount


def an_entry(
    number: int, kind: EntryKind, cents: int, *, day: int = 0, recorded: int = 0, **given_: Any
) -> LedgerEntry:
    account = given_.pop("account", CONTRIBUTION)
    tranche = given_.pop("tranche", "a" if account is LOAN else None)
    return LedgerEntry(
        id=number, membership_id=given_.pop("member", 1), account=account, kind=kind,
        cents=signed(kind, account, cents), booked_on=JANUARY + timedelta(days=day),
        recorded_at=NOON + timedelta(days=recorded), tranche=tranche, **given_,
    )  # fmt: skip


def doubts(before: list[LedgerEntry], new: LedgerEntry, closed: int | None = None) -> tuple[LedgerReason, ...]:
    return doubt_entry(before, new, closed_through=closed, today=TODAY)


@st.composite
def ledgers(draw: Any) -> list[LedgerEntry]:
    """A ledger as the rules let it grow: members pay, hold, pass on, and mistakes are taken back."""
    booked: list[LedgerEntry] = []
    for number in range(1, draw(st.integers(1, 25)) + 1):
        day, recorded = draw(st.integers(0, 700)), draw(st.integers(0, 700))
        if booked and draw(st.integers(0, 4)) == 0:
            taken_back = draw(st.sampled_from(booked))
            if doubt_correction(booked, taken_back) is None:
                new = counter_of(
                    taken_back, entry_id=number, booked_on=taken_back.booked_on + timedelta(days=day % 40),
                    recorded_at=taken_back.recorded_at + timedelta(days=recorded),
                )  # fmt: skip
                booked += [new] if not doubts([one for one in booked if one.membership_id == new.membership_id], new) \
                    else []  # fmt: skip
            continue
        kind = draw(st.sampled_from([one for one in EntryKind if one is not EntryKind.CORRECTED]))
        account = draw(st.sampled_from(list(LedgerAccount)))
        if kind in {EntryKind.CHARGED, EntryKind.REFUNDED}:
            account = CONTRIBUTION
        if kind in PROMISES and account not in HELD:
            account = CAPITAL
        new = an_entry(number, kind, draw(st.integers(1, 500_00)), day=day, recorded=recorded, account=account,
                       member=draw(st.integers(1, 3)), year=draw(st.sampled_from([None, 2024, 2025])))  # fmt: skip
        if not doubts([one for one in booked if one.membership_id == new.membership_id], new):
            booked.append(new)
    return booked


# properties


@given(ledgers(), st.integers(-1, 800), st.integers(-1, 1500))
def test_at_every_date_the_sum_of_holdings_is_the_sum_of_the_ledger(
    booked: list[LedgerEntry], day: int, known: int
) -> None:
    on, known_at = JANUARY + timedelta(days=day), NOON + timedelta(days=known)

    assert sum(holdings_on(booked, on).values()) == sum_of_ledger(booked, on)
    assert sum(holdings_on(booked, on, known_at).values()) == sum_of_ledger(booked, on, known_at)


@given(ledgers(), st.integers(0, 800), st.randoms())
def test_the_order_of_recording_does_not_matter(booked: list[LedgerEntry], day: int, order: random.Random) -> None:
    on = JANUARY + timedelta(days=day)
    mixed = order.sample(booked, len(booked))

    assert holdings_on(mixed, on) == holdings_on(booked, on)
    assert open_charges_on(mixed, on) == open_charges_on(booked, on)


@given(ledgers(), st.integers(0, 800))
def test_nobody_ever_holds_less_than_nothing(booked: list[LedgerEntry], day: int) -> None:
    held = holdings_on(booked, JANUARY + timedelta(days=day))

    assert all(cents > 0 for place, cents in held.items() if place.account in HELD or place.promised)


@given(ledgers(), st.integers(0, 800))
def test_what_is_open_is_what_is_owed(booked: list[LedgerEntry], day: int) -> None:
    on = JANUARY + timedelta(days=day)
    charges, held = open_charges_on(booked, on), holdings_on(booked, on)
    for member in {one.membership_id for one in charges}:
        owed = -held.get(Place(member, CONTRIBUTION), 0)
        assert sum(one.cents for one in charges if one.membership_id == member) == owed > 0


@given(ledgers())
def test_a_counter_entry_cancels_exactly(booked: list[LedgerEntry]) -> None:
    for entry in booked:
        counter = counter_of(entry, entry_id=10**6, booked_on=entry.booked_on, recorded_at=entry.recorded_at)
        day = entry.booked_on + timedelta(days=1)
        assert holdings_on([entry, counter], day) == {}
        assert place_of(entry) == place_of(counter)


# worked cases


def test_a_contribution_that_is_paid_is_not_open() -> None:
    booked = [an_entry(1, EntryKind.CHARGED, 2000, year=2024), an_entry(2, EntryKind.RECEIVED, 2000, day=9, year=2024)]

    assert [one.cents for one in open_charges_on(booked, JANUARY + timedelta(days=8))] == [2000]
    assert open_charges_on(booked, JANUARY + timedelta(days=9)) == ()


def test_a_payment_goes_to_the_year_it_names_and_the_rest_to_the_oldest_charge() -> None:
    booked = [
        an_entry(1, EntryKind.CHARGED, 2000, year=2023),
        an_entry(2, EntryKind.CHARGED, 2000, day=1, year=2024),
        an_entry(3, EntryKind.RECEIVED, 2500, day=2, year=2024),
    ]

    assert [(one.year, one.cents) for one in open_charges_on(booked, TODAY)] == [(2023, 1500)]


def test_a_payment_that_came_back_makes_the_charge_open_again() -> None:
    booked = [
        an_entry(1, EntryKind.CHARGED, 2000, year=2024),
        an_entry(2, EntryKind.RECEIVED, 2000, day=2, year=2024),
        an_entry(3, EntryKind.RETURNED, 2000, day=5, year=2024),
    ]

    assert [one.cents for one in open_charges_on(booked, TODAY)] == [2000]


def test_what_was_promised_is_told_apart_from_what_is_there() -> None:
    booked = [
        an_entry(1, EntryKind.PROMISED, 50000, account=LOAN),
        an_entry(2, EntryKind.RECEIVED, 20000, account=LOAN, day=3),
    ]

    held = holdings_on(booked, TODAY)

    assert held == {Place(1, LOAN, "a", promised=True): 50000, Place(1, LOAN, "a"): 20000}


def test_a_promise_is_kept_tranche_by_tranche() -> None:
    booked = [
        an_entry(1, EntryKind.PROMISED, 50000, account=LOAN),
        an_entry(2, EntryKind.RECEIVED, 20000, account=LOAN),
        an_entry(3, EntryKind.PROMISED, 1000, account=LOAN, tranche="b"),
        an_entry(4, EntryKind.RECEIVED, 9000, account=LOAN, tranche="b"),
        an_entry(5, EntryKind.PROMISED, 700, account=CAPITAL, member=2),
    ]

    assert unpaid_promises(holdings_on(booked, TODAY)) == 30000 + 0 + 700


def test_a_ledger_can_be_read_as_it_was_known() -> None:
    booked = [an_entry(1, EntryKind.RECEIVED, 5000, account=CAPITAL, recorded=30)]

    assert holdings_on(booked, TODAY, NOON + timedelta(days=29)) == {}
    assert len(list(known_by(booked, TODAY, NOON + timedelta(days=30)))) == 1


@pytest.mark.parametrize("kind", [EntryKind.PAID_OUT, EntryKind.TRANSFERRED_OUT, EntryKind.WRITTEN_OFF])
def test_no_more_leaves_than_is_held_on_that_day_and_later(kind: EntryKind) -> None:
    before = [
        an_entry(1, EntryKind.RECEIVED, 5000, account=CAPITAL),
        an_entry(2, EntryKind.PAID_OUT, 4000, account=CAPITAL, day=50),
    ]

    assert doubts(before, an_entry(3, kind, 1000, account=CAPITAL, day=20)) == ()
    assert doubts(before, an_entry(3, kind, 1001, account=CAPITAL, day=20)) == (LedgerReason.MORE_THAN_HELD,)


def test_a_receipt_is_not_taken_back_once_the_money_is_gone() -> None:
    receipt = an_entry(1, EntryKind.RECEIVED, 5000, account=CAPITAL)
    gone = an_entry(2, EntryKind.PAID_OUT, 5000, account=CAPITAL, day=50)
    counter = counter_of(receipt, entry_id=3, booked_on=receipt.booked_on, recorded_at=NOON)

    assert doubts([receipt, gone], counter) == (LedgerReason.MORE_THAN_HELD,)


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        (an_entry(9, EntryKind.CHARGED, 0), LedgerReason.AMOUNT_NOT_POSITIVE),
        (an_entry(9, EntryKind.CHARGED, -100), LedgerReason.AMOUNT_NOT_POSITIVE),
        (an_entry(9, EntryKind.RECEIVED, 100_000_000_01), LedgerReason.AMOUNT_TOO_LARGE),
        (an_entry(9, EntryKind.CHARGED, 100, account=CAPITAL), LedgerReason.KIND_NOT_HERE),
        (an_entry(9, EntryKind.RECEIVED, 100, account=LOAN, tranche=None), LedgerReason.TRANCHE_MISSING),
        (an_entry(9, EntryKind.RECEIVED, 100, tranche="a"), LedgerReason.TRANCHE_NOT_HERE),
        (an_entry(9, EntryKind.RECEIVED, 100, day=9000), LedgerReason.DAY_AHEAD),
        (an_entry(9, EntryKind.WRITTEN_OFF, 100), LedgerReason.MORE_THAN_OWED),
        (an_entry(9, EntryKind.REFUNDED, 100), LedgerReason.MORE_THAN_HELD),
    ],
)
def test_what_cannot_be_booked_says_why(new: LedgerEntry, reason: LedgerReason) -> None:
    assert doubts([], new) == (reason,)


def test_nothing_is_booked_in_a_closed_year_or_before_it() -> None:
    new = an_entry(1, EntryKind.RECEIVED, 100)

    assert doubts([], new, closed=2024) == (LedgerReason.YEAR_CLOSED,)
    assert doubts([], new, closed=2025) == (LedgerReason.YEAR_CLOSED,)
    assert doubts([], new, closed=2023) == ()


def test_an_entry_is_taken_back_once() -> None:
    entry = an_entry(1, EntryKind.CHARGED, 2000)
    counter = counter_of(entry, entry_id=2, booked_on=entry.booked_on, recorded_at=NOON)

    assert doubt_correction([entry, counter], entry) is LedgerReason.ALREADY_CORRECTED
    assert doubt_correction([entry, counter], counter) is LedgerReason.CORRECTION_NOT_CORRECTED
