"""The reference model keeps its own books: identities that hold whatever the inputs are."""

from functools import cache

import pytest

from .cases import CASES, base_case, with_overrides
from .cash import annuity, loan_rate, tax_and_loss
from .model import evaluate
from .operations import energy_tax_per_meter
from .roots import internal_rates, value_at

OVERRIDES = dict(CASES)
every_variation = pytest.mark.parametrize("name", OVERRIDES)


@cache
def result_of(name: str) -> dict:
    """The result of a named variation; tests only read it."""
    return evaluate(with_overrides(base_case(), OVERRIDES[name]))


@every_variation
def test_cash_closes_on_its_own_movements(name):
    case = with_overrides(base_case(), OVERRIDES[name])
    series = result_of(name)["series"]
    fee = case["funding"]["loan"]["upfront_fee_share"] * case["funding"]["loan"]["limit"]
    cash = case["cash"]["opening"]
    for i, closing in enumerate(series["cash_eur"]):
        cash += case["cash"]["interest_on_positive"] * max(cash, 0.0)
        for inflow in ("ebitda_eur", "subsidy_eur", "connection_fees_eur", "draw_eur"):
            cash += series[inflow][i]
        for outflow in ("tax_eur", "capex_eur", "debt_service_eur", "replacement_eur"):
            cash -= series[outflow][i]
        cash -= fee if i == 0 else 0.0
        assert closing == pytest.approx(cash, abs=1e-6)


@every_variation
def test_the_loan_stays_within_its_limit_and_ends_at_zero(name):
    case = with_overrides(base_case(), OVERRIDES[name])
    result = result_of(name)
    loan = case["funding"]["loan"]
    first = case["time"]["first_repayment_year"] - case["time"]["first_year"]
    last = first + loan["repayment_years"] - 1
    balances = result["series"]["loan_balance_eur"]
    assert max(balances[:first]) <= loan["limit"] + 1e-6
    assert balances[first - 1] == result["loan"]["start_balance_eur"]
    assert balances[last:] == pytest.approx([0.0] * len(balances[last:]), abs=1e-6)
    assert sum(result["series"]["principal_eur"]) == pytest.approx(balances[first - 1], abs=1e-6)


@every_variation
def test_draws_and_capitalised_interest_make_the_start_balance(name):
    result = result_of(name)
    drawn = sum(result["series"]["draw_eur"])
    capitalised = result["loan"]["capitalised_interest_eur"]
    assert result["loan"]["start_balance_eur"] == pytest.approx(drawn + capitalised, abs=1e-6)


@every_variation
def test_connection_fees_are_received_in_full_and_only_once(name):
    case = with_overrides(base_case(), OVERRIDES[name])
    received = sum(result_of(name)["series"]["connection_fees_eur"])
    agreed = case["funding"]["connection_fees"]["total"] * case["connections"]["uptake"]
    assert received == pytest.approx(agreed)


def test_the_annuity_of_the_full_facility_is_the_textbook_one():
    assert annuity(7.8e6, 0.03, 30) == pytest.approx(397_950, abs=1.0)


def test_the_profiles_cost_the_same_at_the_loan_rate():
    for profile in ("annuity", "linear", "bullet", "sculpted"):
        case = with_overrides(base_case(), {"funding.loan.profile": profile})
        result = evaluate(case)
        payments = [0.0, *result["series"]["debt_service_eur"][3:]]
        worth = value_at(payments, 1 / (1 + loan_rate(case)))
        assert worth == pytest.approx(result["loan"]["start_balance_eur"], abs=1e-5)


def test_sculpting_gives_one_cover_ratio_in_every_year():
    result = evaluate(with_overrides(base_case(), {"funding.loan.profile": "sculpted"}))
    ratios = [ratio for ratio in result["series"]["dscr"] if ratio is not None]
    assert len(ratios) == 30
    assert ratios == pytest.approx([result["ratios"]["llcr"]] * 30)


def test_interest_paid_in_cash_leaves_exactly_the_minimum_while_the_facility_lasts():
    result = evaluate(with_overrides(base_case(), {"funding.loan.capitalise_interest": False}))
    assert result["series"]["cash_eur"][:3] == pytest.approx([100_000.0] * 3)


def test_a_facility_drawn_to_its_end_closes_on_the_limit():
    result = evaluate(with_overrides(base_case(), {"funding.loan.limit": 4_000_000.0}))
    assert result["loan"]["start_balance_eur"] == pytest.approx(4_000_000.0)
    assert {"test": "cash", "year": 2026} in result["verdict"]["failed"]


def test_losses_are_offset_in_part_above_the_limit_and_tax_has_two_rates():
    case = base_case()
    assert tax_and_loss(case, -5.0, 10.0) == (0.0, 15.0)
    assert tax_and_loss(case, 3_000_000.0, 2_500_000.0) == pytest.approx((0.19 * 200_000 + 0.258 * 800_000, 500_000.0))


def test_the_energy_tax_runs_through_the_brackets_and_beyond():
    case = base_case()
    first, second = 10_000 * 0.10154, 40_000 * 0.06726
    assert energy_tax_per_meter(case, 10_000) == pytest.approx(first)
    assert energy_tax_per_meter(case, 11_000_000) == pytest.approx(first + second + 10_950_000 * 0.03814)


def test_all_internal_rates_are_found():
    assert internal_rates([-100.0, 230.0, -132.0]) == {
        "status": "multiple",
        "roots": pytest.approx([0.1, 0.2]),
    }
    assert internal_rates([0.0, -100.0, 50.0]) == {"status": "single", "roots": pytest.approx([-0.5])}
    assert internal_rates([10.0, 5.0, 1.0]) == {"status": "none", "roots": []}


def test_more_repayment_years_than_the_horizon_holds_are_refused():
    with pytest.raises(ValueError, match="horizon"):
        evaluate(with_overrides(base_case(), {"funding.loan.repayment_years": 31}))


def test_a_loan_never_needed_leaves_the_cover_undefined():
    result = evaluate(with_overrides(base_case(), {"cash.opening": 9_000_000.0}))
    assert result["loan"]["start_balance_eur"] == 0
    assert result["ratios"]["min_dscr"] is None
    assert result["ratios"]["llcr"] is None
