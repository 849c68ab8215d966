"""Figures that sum up a row of flows: worked by hand, limits, and every root."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecoop.finance.metrics import (
    RootStatus,
    cover_of_life,
    internal_rates,
    net_present_value,
    payback_years,
)


def row(*flows):
    return np.array(flows, dtype=float)


def test_the_first_flow_is_not_discounted():
    assert net_present_value(row(-100.0, 110.0), 0.10) == pytest.approx(0.0, abs=1e-12)
    assert net_present_value(row(100.0), 0.5) == 100.0


@pytest.mark.parametrize(
    ("flow", "rates"),
    [
        (row(-100, 110), [0.10]),
        (row(-100, 230, -132), [0.10, 0.20]),
        (row(-100, 30, 30), [-0.282109]),
        (row(100, -110), [0.10]),
        # (1 + r) = 1, 2, 3: x^3 - 6 x^2 + 11 x - 6
        (row(1, -6, 11, -6), [0.0, 1.0, 2.0]),
        (row(0, 0, -100, 110, 0), [0.10]),
        (row(-1e9, 0, 0, 1.0), [-0.999]),
        (row(-1, 1e6), [999_999.0]),
        # a root that only touches zero: (1.1 x - 1)^2 with x = 1 / (1 + r)
        (row(1.0, -2.2, 1.21), [0.10]),
    ],
)
def test_every_internal_rate_is_found_in_order(flow, rates):
    found = internal_rates(flow)
    assert found.roots == pytest.approx(rates, rel=1e-5, abs=1e-7)
    assert found.status == (RootStatus.SINGLE if len(rates) == 1 else RootStatus.MULTIPLE)


@pytest.mark.parametrize("flow", [row(0, 0), row(1, 2, 3), row(-1, -2), row(5), row(1, -1, 1)])
def test_a_flow_without_a_rate_says_so(flow):
    found = internal_rates(flow)
    assert (found.status, found.roots) == (RootStatus.NONE, ())


def test_sign_changes_skip_years_without_flow():
    assert internal_rates(row(-1, 0, 2, 0, -1)).sign_changes == 2


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.integers(-8, 40), min_size=1, max_size=5, unique=True), st.integers(0, 26))
def test_a_flow_built_from_its_rates_gives_them_back(tenths, padding):
    rates = sorted(tenth / 10.0 for tenth in tenths)
    flow = np.array([1.0])
    for rate in rates:
        flow = np.convolve(flow, [1.0, -(1.0 + rate)])
    # further factors without positive root make the row as long as a case
    flow = np.convolve(flow, np.full(1, 1.0) if not padding else [1.0, *[0.0] * (padding - 1), 0.5])
    assert internal_rates(flow * 1e6).roots == pytest.approx(rates, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(
    ("flow", "rate", "years"),
    [
        (row(-100, 50, 100), 0.0, 1.5),
        (row(-100, 110), 0.10, 1.0),
        (row(10, 10), 0.0, 0.0),
        (row(-100, 50), 0.0, None),
        (row(-100, 150, -100), 0.0, None),
        # it pays back, is undone by a replacement, and pays back for good
        (row(-100, 120, -40, 40), 0.0, 2.5),
    ],
)
def test_payback_is_the_first_crossing_not_undone_later(flow, rate, years):
    found = payback_years(flow, rate)
    assert found is years or found == pytest.approx(years)


def test_cover_of_a_life_is_discounted_cash_flow_over_the_balance():
    # (110 / 1.1 + 121 / 1.21) / 100
    assert cover_of_life(row(110, 121), 0.10, 100.0) == pytest.approx(2.0)


def test_there_is_no_cover_of_a_life_without_a_loan():
    assert cover_of_life(row(110, 121), 0.10, 0.0) is None
