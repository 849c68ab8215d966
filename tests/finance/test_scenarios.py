"""Many scenarios at once: the same answers as one by one, whatever the pieces."""

import math

import numpy as np
import pytest

from benchmarks import naive
from benchmarks.__main__ import draws
from ecoop.finance import evaluate_scenarios
from ecoop.finance.cashflow import CASH_SERIES
from ecoop.finance.operation import OPERATION_SERIES
from tests.finance.cases import inputs, result

SERIES = (*OPERATION_SERIES, *CASH_SERIES)
KEYS = {
    "capex_factor": "stress.capex_factor", "delay_months": "stress.delay_months", "uptake": "connections.uptake",
    "demand_factor": "stress.demand_factor", "scop": "production.scop_heat_pump", "elec_factor": "stress.elec_factor",
    "opex_factor": "stress.opex_factor", "rate_shift": "stress.rate_shift", "tariff_scale": "stress.tariff_scale",
}  # fmt: skip
DRAWN = draws(12) | {"tariff_scale": np.linspace(0.5, 1.5, 12)}


@pytest.mark.parametrize("profile", ["annuity", "linear", "bullet", "sculpted"])
@pytest.mark.parametrize("capitalise", [True, False])
def test_many_scenarios_equal_each_case_alone(profile, capitalise):
    loan = {"funding.loan.profile": profile, "funding.loan.capitalise_interest": capitalise}
    together = evaluate_scenarios(inputs(loan), DRAWN, series=SERIES)
    for at in range(12):
        alone = result(loan | {KEYS[name]: float(draw[at]) for name, draw in DRAWN.items()})
        for name in SERIES:
            assert together.series[name][:, at] == pytest.approx(alone.series[name], rel=1e-9, abs=1e-6), name
        assert together.min_cash_eur[at] == pytest.approx(alone.min_cash_eur, rel=1e-9, abs=1e-6)
        assert together.min_cash_year[at] == alone.min_cash_year
        assert together.min_dscr[at] == pytest.approx(alone.ratios.min_dscr, rel=1e-9)
        assert together.start_balance_eur[at] == pytest.approx(alone.loan.start_balance_eur, rel=1e-9)


def test_the_size_of_the_pieces_changes_nothing():
    whole = evaluate_scenarios(inputs(), draws(100), series=("cash_eur",))
    pieces = evaluate_scenarios(inputs(), draws(100), chunk=7, series=("cash_eur",))
    assert pieces.series["cash_eur"] == pytest.approx(whole.series["cash_eur"], rel=1e-12)
    assert pieces.min_dscr == pytest.approx(whole.min_dscr, rel=1e-12)


def test_full_uptake_and_no_delay_are_the_base():
    found = evaluate_scenarios(inputs(), {"uptake": np.ones(2), "delay_months": np.zeros(2)})
    assert found.min_dscr == pytest.approx([result().ratios.min_dscr] * 2, rel=1e-12)


def test_plain_numpy_gives_the_same_answers():
    drawn = draws(500)
    slow, fast = naive.evaluate(inputs(), drawn), evaluate_scenarios(inputs(), drawn)
    for name, answer in slow.items():
        assert getattr(fast, name) == pytest.approx(answer, rel=1e-9, abs=1e-6)


def test_a_shortage_is_more_than_a_euro_below_the_minimum():
    found = evaluate_scenarios(inputs(), {"capex_factor": np.array([1.0, 1.3])})
    assert found.shortage.tolist() == [False, True]
    assert found.shortage_eur == pytest.approx([0.0, 100_000.0 - found.min_cash_eur[1]], abs=1e-6)


def test_cash_during_construction_and_later_are_told_apart():
    found = evaluate_scenarios(inputs(), {"tariff_scale": np.array([1.0, 0.7])}, series=("cash_eur",))
    cash = found.series["cash_eur"]
    assert np.array_equal(found.min_cash_construction_eur, cash[:3].min(axis=0))
    assert np.array_equal(found.min_cash_later_eur, cash[3:].min(axis=0))
    assert np.array_equal(found.min_cash_eur, cash.min(axis=0))


def test_without_a_loan_the_cover_ratio_is_infinite():
    found = evaluate_scenarios(inputs({"funding.loan.limit": 0.0}), {"uptake": np.ones(1)})
    assert math.isinf(found.min_dscr[0])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"rain": np.ones(2)}, "unknown inputs"),
        ({}, "no draws"),
        ({"uptake": np.ones(2), "scop": np.ones(3)}, "one shape"),
        ({"uptake": np.ones((2, 2))}, "one shape"),
        ({"uptake": np.ones(0)}, "one shape"),
        ({"uptake": np.array([0.5, 1.1])}, "uptake must be"),
        ({"scop": np.array([3.5, np.nan])}, "scop must be"),
        ({"elec_factor": np.array([np.inf])}, "elec_factor must be"),
    ],
)
def test_draws_that_make_no_sense_are_refused(given, message):
    with pytest.raises(ValueError, match=message):
        evaluate_scenarios(inputs(), given)


@pytest.mark.parametrize("asked", [{"series": ("rain",)}, {"chunk": 0}])
def test_unknown_rows_and_empty_pieces_are_refused(asked):
    with pytest.raises(ValueError, match="unknown series"):
        evaluate_scenarios(inputs(), {"uptake": np.ones(1)}, **asked)
