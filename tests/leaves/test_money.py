"""Rounding once and splitting without loss."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecoop.money import split, to_cents, to_euros, whole_euros

AMOUNTS = st.integers(-(10**12), 10**12)
WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=40).filter(any)


@given(AMOUNTS, WEIGHTS)
def test_the_parts_make_the_whole(cents: int, weights: list[int]) -> None:
    assert sum(split(cents, weights)) == cents


@given(AMOUNTS, WEIGHTS)
def test_no_part_is_a_cent_or_more_beside_its_share(cents: int, weights: list[int]) -> None:
    total = sum(weights)

    assert all(
        abs(part * total - cents * weight) < total for part, weight in zip(split(cents, weights), weights, strict=True)
    )


@given(AMOUNTS, WEIGHTS)
def test_who_weighs_nothing_gets_nothing(cents: int, weights: list[int]) -> None:
    parts = split(cents, [*weights, 0])

    assert parts[-1] == 0


@given(st.integers(0, 10**12), WEIGHTS)
def test_who_weighs_more_never_gets_less(cents: int, weights: list[int]) -> None:
    by_weight = sorted(zip(weights, split(cents, weights), strict=True))

    assert all(lower[1] <= higher[1] for lower, higher in pairwise(by_weight) if lower[0] < higher[0])


def test_equal_remainders_go_to_the_earlier_part() -> None:
    assert split(100, [1, 1, 1]) == (34, 33, 33)


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [1, -1], [3, -1]])
def test_weights_that_divide_nothing_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split(100, weights)


@given(AMOUNTS)
def test_cents_come_back_from_euros(cents: int) -> None:
    assert to_cents(to_euros(cents)) == cents


@given(st.integers(-(10**9), 10**9))
def test_floats_of_whole_cents_come_back_exactly(cents: int) -> None:
    assert to_cents(cents / 100) == cents


@given(st.decimals(-(10**9), 10**9, places=5))
def test_rounding_is_to_the_nearest_cent(euros: Decimal) -> None:
    assert abs(to_euros(to_cents(euros)) - euros) <= Decimal("0.005")


@given(st.decimals(-(10**9), 10**9, places=5))
def test_rounding_is_the_same_below_zero(euros: Decimal) -> None:
    assert to_cents(-euros) == -to_cents(euros)


@pytest.mark.parametrize(
    ("euros", "cents"),
    [
        (Decimal("1.005"), 101),
        (Decimal("1.004999"), 100),
        (Decimal("-1.005"), -101),
        (0.145, 15),
        (1.005, 101),
        (0.0, 0),
    ],
)
def test_half_a_cent_goes_away_from_zero(euros: Decimal | float, cents: int) -> None:
    assert to_cents(euros) == cents


@pytest.mark.parametrize(
    ("amount", "shown"), [(0.5, 1), (-0.5, -1), (2.5, 3), (1.4999, 1), (Decimal("61000.50"), 61001)]
)
def test_euros_without_cents_are_rounded_half_up(amount: float | Decimal, shown: int) -> None:
    assert whole_euros(amount) == shown
