"""What is proposed for a line of the bank: never a guess, never twice, whatever order the lines come in."""

import random
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecoop.governance.holdings import LedgerAccount
from ecoop.governance.matching import (
    BankLine,
    DebitKnown,
    Known,
    Match,
    MatchReason,
    MatchState,
    OpenItem,
    match_lines,
)

DAY = date(2026, 2, 20)
ANNA, BEN = 1, 2


def a_line(cents: int = 2000, **given_: Any) -> BankLine:
    return BankLine(**({"reference": "B1", "booked_on": DAY, "cents": cents} | given_))


def a_charge(member: int, cents: int = 2000, *, key: str | None = None, **given_: Any) -> OpenItem:
    values = {"account": LedgerAccount.CONTRIBUTION, "year": 2026, "since": DAY} | given_
    return OpenItem(key=key or f"charge-{member}", membership_id=member, cents=cents, **values)


def known(*items: OpenItem, **given_: Any) -> Known:
    values: dict[str, Any] = {
        "names": {ANNA: "Anna van Aalst", BEN: "Ben Bos"}, "numbers": {11: ANNA, 12: BEN}, "mandates": {},
        "accounts": {}, "debits": {}, "booked": frozenset(),
    }  # fmt: skip
    return Known(items=items or (a_charge(ANNA), a_charge(BEN)), **(values | given_))


def one(line: BankLine, told: Known) -> Match:
    (match,) = match_lines([line], told)
    return match


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"mandate_id": "M1"}, MatchReason.MANDATE),
        ({"iban": "NL1"}, MatchReason.IBAN),
        ({"description": "Contributie lidnr. 11"}, MatchReason.NUMBER),
        ({"description": "Factuur f-7, dank"}, MatchReason.REFERENCE),
        ({"name": "AALST, Anna van"}, MatchReason.NAME_AND_AMOUNT),
    ],
)
def test_a_member_is_found_by_what_the_line_says(said: dict[str, str], reason: MatchReason) -> None:
    told = known(
        a_charge(ANNA, reference="F-7"), a_charge(BEN, reference="F-77"), mandates={"M1": frozenset({ANNA})},
        accounts={"NL1": frozenset({ANNA})},
    )  # fmt: skip
    match = one(a_line(**said), told)

    assert (match.state, match.reason, match.members) == (MatchState.CLEAR, reason, (ANNA,))


def test_a_number_that_is_not_called_a_member_number_names_nobody() -> None:
    assert one(a_line(description="factuur 11 van 12"), known()).reason is MatchReason.NOBODY_FOUND


def test_a_line_that_contradicts_itself_is_of_nobody_and_both_are_named() -> None:
    line = a_line(iban="NL1", description="lid 12")
    match = one(line, known(a_charge(ANNA), a_charge(BEN, 5000), accounts={"NL1": frozenset({ANNA})}))

    assert (match.state, match.reason, match.members) == (
        MatchState.OPEN, MatchReason.SEVERAL_MEMBERS, (ANNA, BEN),
    )  # fmt: skip
    assert match.item is None


def test_a_shared_account_is_told_apart_by_the_amount_alone_where_that_is_sure() -> None:
    shared = {"accounts": {"NL1": frozenset({ANNA, BEN})}}
    line = a_line(iban="NL1")

    assert one(line, known(a_charge(ANNA), a_charge(BEN, 5000), **shared)).members == (ANNA,)
    assert one(line, known(**shared)).reason is MatchReason.SEVERAL_MEMBERS


def test_two_of_one_name_are_both_named() -> None:
    match = one(a_line(name="Anna Bos"), known(names={ANNA: "Anna Bos", BEN: "Bos, Anna"}))

    assert (match.reason, match.members) == (MatchReason.SEVERAL_MEMBERS, (ANNA, BEN))


def test_another_amount_is_not_proposed_but_can_be_chosen() -> None:
    match = one(a_line(1500, description="lid 11"), known())

    assert (match.state, match.reason) == (MatchState.OPEN, MatchReason.NO_SUCH_AMOUNT)
    assert [item.membership_id for item in match.options] == [ANNA]


def test_the_same_amount_for_contribution_and_capital_is_not_proposed() -> None:
    capital = a_charge(ANNA, key="promise", account=LedgerAccount.CAPITAL, year=None)

    assert one(a_line(description="lid 11"), known(a_charge(ANNA), capital)).reason is MatchReason.SEVERAL_ITEMS


def test_of_charges_that_are_alike_the_year_in_the_description_counts_and_else_the_oldest() -> None:
    charges = [
        a_charge(ANNA, key=f"c{year}", year=year, since=date(year, 1, 1)) for year in (2026, 2024, 2025)
    ]  # fmt: skip
    named, silent = (
        one(a_line(description="lid 11 2025"), known(*charges)),
        one(a_line(description="lid 11"), known(*charges)),
    )

    assert named.item is not None
    assert silent.item is not None
    assert (named.item.year, silent.item.year) == (2025, 2024)


def a_debit(*, booked: bool = True, returned: bool = False) -> dict[str, DebitKnown]:
    return {"E1": DebitKnown(line_id=7, membership_id=ANNA, cents=2000, is_booked=booked, is_returned=returned)}


def test_a_direct_debit_that_came_back_is_proposed_once() -> None:
    lines = [a_line(-2000, end_to_end_id="E1", reference=name) for name in ("B1", "B2")]
    matches = match_lines(lines, known(debits=a_debit()))

    assert [(match.state, match.return_of) for match in matches] == [(MatchState.CLEAR, 7), (MatchState.KNOWN, None)]


@pytest.mark.parametrize(
    ("line", "told", "state", "reason"),
    [
        (a_line(end_to_end_id="E1"), known(debits=a_debit()), MatchState.KNOWN, MatchReason.BOOKED),
        (a_line(-2000, end_to_end_id="E1"), known(debits=a_debit(booked=False, returned=True)),
         MatchState.KNOWN, MatchReason.BOOKED),
        (a_line(end_to_end_id="E1"), known(debits=a_debit(booked=False)),
         MatchState.ELSEWHERE, MatchReason.BATCH_FIRST),
        (a_line(description="lid 11"), known(booked=frozenset({"B1"})), MatchState.KNOWN, MatchReason.BOOKED),
        (a_line(-2000, description="lid 11"), known(), MatchState.ELSEWHERE, MatchReason.WENT_OUT),
    ],
)  # fmt: skip
def test_what_is_booked_or_not_for_here_is_told(
    line: BankLine, told: Known, state: MatchState, reason: MatchReason
) -> None:
    match = one(line, told)

    assert (match.state, match.reason, match.item) == (state, reason, None)


LINES = st.lists(
    st.builds(
        BankLine, reference=st.sampled_from([f"B{number}" for number in range(12)]),
        booked_on=st.integers(0, 2).map(lambda days: DAY + timedelta(days=days)),
        cents=st.sampled_from([-2000, 1000, 2000, 3000]), name=st.sampled_from(["", "Anna van Aalst", "Ben Bos"]),
        iban=st.sampled_from([None, "NL1", "NL2"]), description=st.sampled_from(["", "lid 11", "lid 12 2025"]),
    ),
    max_size=12, unique_by=lambda line: line.reference,
)  # fmt: skip
ITEMS = st.lists(
    st.tuples(st.sampled_from([ANNA, BEN]), st.sampled_from([1000, 2000, 3000]), st.sampled_from([2024, 2025])),
    max_size=8,
).map(lambda told: [a_charge(m, c, key=f"c{n}", year=y) for n, (m, c, y) in enumerate(told)])


@given(LINES, ITEMS, st.randoms(use_true_random=False))
def test_nothing_is_proposed_twice_and_the_order_changes_nothing(
    lines: list[BankLine], items: list[OpenItem], chance: random.Random
) -> None:
    told = {"accounts": {"NL1": frozenset({ANNA}), "NL2": frozenset({ANNA, BEN})}}
    matches = match_lines(lines, known(*items, a_charge(ANNA, 999, key="last"), **told))
    chance.shuffle(lines)
    chance.shuffle(items)

    assert matches == match_lines(lines, known(*items, a_charge(ANNA, 999, key="last"), **told))
    proposed = [match.item.key for match in matches if match.item is not None]
    assert len(proposed) == len(set(proposed))
    assert all(match.item.cents == match.line.cents for match in matches if match.item is not None)
    assert sum(match.item.cents for match in matches if match.item) <= sum(item.cents for item in items)
    assert len(matches) == len(lines)
