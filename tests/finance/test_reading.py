"""Reading a case: what is refused, why, and that all of it is told at once."""

import datetime as dt
import math

import pytest

from ecoop.errors import InvalidInput
from ecoop.finance import InputReason, read_case
from ecoop.finance.choices import LoanProfile, TariffRegime
from tests.finance.cases import BASE, GONE, inputs, mapping


def problems(changes):
    with pytest.raises(InvalidInput) as refusal:
        read_case(mapping(changes))
    return {(problem.key, problem.reason): problem.details for problem in refusal.value.problems}


REFUSED = [
    ("unknown key", {"tariff.per_gjj": 1.0}, "tariff.per_gjj", "unknown_key"),
    ("unknown table", {"solver.x": 1.0}, "solver", "unknown_key"),
    ("missing key", {"tariff.per_gj": GONE}, "tariff.per_gj", "missing_key"),
    ("missing table", {"cash": GONE}, "cash", "missing_key"),
    ("text for a number", {"tariff.per_gj": "36"}, "tariff.per_gj", "wrong_type"),
    ("switch for a number", {"tariff.per_gj": True}, "tariff.per_gj", "wrong_type"),
    ("table for a number", {"tariff.per_gj": {}}, "tariff.per_gj", "wrong_type"),
    ("list for a number", {"tariff.per_gj": [36]}, "tariff.per_gj", "wrong_type"),
    ("text in a list of numbers", {"acm_maximum.year.2": "2023"}, "acm_maximum.year.2", "wrong_type"),
    ("thirteenth month of a year", {"liquidity.subsidy_months.2025": [13]}, "liquidity.subsidy_months.2025.1",
     "out_of_range"),
    ("number for the assets", {"capex.asset": 5}, "capex.asset", "wrong_type"),
    ("number for a switch", {"segment.flat_owner.pays_vat": 1}, "segment.flat_owner.pays_vat", "wrong_type"),
    ("number for a text", {"name": 5}, "name", "wrong_type"),
    ("number for a table", {"cash": 5}, "cash", "wrong_type"),
    ("number for a list", {"connections.anchors": 5}, "connections.anchors", "wrong_type"),
    ("number for a list of numbers", {"acm_maximum.year": 5}, "acm_maximum.year", "wrong_type"),
    ("number for a list of tables", {"segment": 5}, "segment", "wrong_type"),
    ("number for a table by year", {"capex.yearly_share": 5}, "capex.yearly_share", "wrong_type"),
    ("number for months", {"liquidity.subsidy_months": 5}, "liquidity.subsidy_months", "wrong_type"),
    ("number for a month", {"time.first_heat": 2026}, "time.first_heat", "wrong_type"),
    ("switch for the years of drawing", {"funding.loan.availability_years": True}, "funding.loan.availability_years",
     "wrong_type"),
    ("date for a month", {"time.first_heat": dt.date(2026, 5, 1)}, "time.first_heat", "wrong_type"),
    ("number for a name", {"segment/1/name": 5}, "segment.1.name", "wrong_type"),
    ("table in a list that is no table", {"segment/1": 5}, "segment.1", "wrong_type"),
    ("number for a distribution", {"monte_carlo.scop": 3.5}, "monte_carlo.scop", "wrong_type"),
    ("number for an anchor", {"connections.anchors": [5]}, "connections.anchors.1", "wrong_type"),
    ("not a number", {"tariff.per_gj": math.nan}, "tariff.per_gj", "not_finite"),
    ("infinite", {"tariff.per_gj": math.inf}, "tariff.per_gj", "not_finite"),
    ("broken year", {"time.last_year": 2057.5}, "time.last_year", "not_whole"),
    ("negative amount", {"cash.opening": -1.0}, "cash.opening", "negative"),
    ("more digits than a number holds", {"cash.opening": 10**400}, "cash.opening", "not_finite"),
    ("a year of too many digits", {"time.last_year": -(10**400)}, "time.last_year", "not_finite"),
    ("gas without heat in it", {"reference_gas.lhv_mj_per_m3": 0.0}, "reference_gas.lhv_mj_per_m3", "not_positive"),
    ("zero performance", {"production.scop_heat_pump": 0.0}, "production.scop_heat_pump", "out_of_range"),
    ("hardly any performance", {"production.scop_heat_pump": 1e-310}, "production.scop_heat_pump", "out_of_range"),
    ("hardly any efficiency", {"production.peak_efficiency": 1e-320}, "production.peak_efficiency", "out_of_range"),
    ("discount without bounds", {"appraisal.discount_rate": -0.9999999999}, "appraisal.discount_rate", "out_of_range"),
    ("shift without bounds", {"stress.rate_shift": -0.999}, "stress.rate_shift", "out_of_range"),
    ("zero life", {"capex.asset.ates_wells.life_years": 0}, "capex.asset.ates_wells.life_years", "out_of_range"),
    ("share above one", {"tax.vat": 21.0}, "tax.vat", "not_a_share"),
    ("everything lost", {"production.network_loss_share": 1.0}, "production.network_loss_share", "out_of_range"),
    ("slip of the hand", {"cash.opening": 1e13}, "cash.opening", "out_of_range"),
    ("growth of minus everything", {"index.cpi": -1.0}, "index.cpi", "out_of_range"),
    ("growth that ends at nothing", {"index.heat_tariff": -0.999999999999}, "index.heat_tariff", "out_of_range"),
    ("empty name", {"name": "  "}, "name", "empty"),
    ("no segments", {"segment": []}, "segment", "empty"),
    ("no anchors", {"connections.anchors": []}, "connections.anchors", "empty"),
    ("no years", {"acm_maximum.year": []}, "acm_maximum.year", "empty"),
    ("no capex years", {"capex.yearly_share": {}}, "capex.yearly_share", "empty"),
    ("no subsidies", {"funding.subsidies": {"yearly_share": {"2025": 1.0}}}, "funding.subsidies", "empty"),
    ("eleven weights", {"connections.heat_weight_month": [1 / 11] * 11}, "connections.heat_weight_month",
     "wrong_length"),
    ("anchor of three", {"connections.anchors": [["2026-04", 0.0, 1]]}, "connections.anchors.1", "wrong_length"),
    ("prices of fewer years", {"reference_gas.variable_price_incl": [1.0]}, "reference_gas.variable_price_incl",
     "lengths_differ"),
    ("brackets without rate", {"electricity.tax_bracket_eur_per_kwh": [0.1]}, "electricity.tax_bracket_eur_per_kwh",
     "lengths_differ"),
    ("years backwards", {"acm_maximum.year": [2022, 2023, 2024, 2026, 2025]}, "acm_maximum.year", "not_increasing"),
    ("anchors backwards", {"connections.anchors": [["2026-04", 0.0], ["2026-04", 1.0]]}, "connections.anchors",
     "not_increasing"),
    ("anchors falling", {"connections.anchors": [["2026-04", 0.0], ["2026-05", 0.5], ["2026-06", 0.4]]},
     "connections.anchors", "not_increasing"),
    ("months backwards", {"liquidity.capex_active_months.2025": [12, 5]}, "liquidity.capex_active_months.2025",
     "not_increasing"),
    ("shares over one", {"capex.yearly_share.2027": 0.31}, "capex.yearly_share", "sum_not_one"),
    ("weights under one", {"connections.heat_weight_month": [0.08] * 12}, "connections.heat_weight_month",
     "sum_not_one"),
    ("assets and total", {"capex.asset.ates_wells.amount": 1.0}, "capex.total", "sum_not_total"),
    ("thirteenth month", {"time.first_heat": "2025-13"}, "time.first_heat", "not_a_month"),
    ("anchor without a month", {"connections.anchors": [["soon", 0.0]]}, "connections.anchors.1", "not_a_month"),
    ("key that is no year", {"capex.yearly_share": {"soon": 1.0}}, "capex.yearly_share.soon", "not_a_year"),
    ("months of no year", {"liquidity.subsidy_months": {"soon": [1]}}, "liquidity.subsidy_months.soon", "not_a_year"),
    ("year in other digits", {"capex.yearly_share": {"2025": 1.0, "202\uff15": {}}}, "capex.yearly_share.202\uff15",
     "not_a_year"),
    ("month in other digits", {"time.first_heat": "202\uff16-05"}, "time.first_heat", "not_a_month"),
    ("share of text", {"capex.yearly_share.2027": "rest"}, "capex.yearly_share.2027", "wrong_type"),
    ("capex too early", {"capex.yearly_share": {"2024": 1.0}}, "capex.yearly_share.2024", "year_outside_horizon"),
    ("construction too early", {"time.construction_start": "2024-12"}, "time.construction_start",
     "year_outside_horizon"),
    ("repayment too late", {"time.first_repayment_year": 2058}, "time.first_repayment_year", "year_outside_horizon"),
    ("anchor too late", {"connections.anchors": [["2026-04", 0.0], ["2058-01", 1.0]]}, "connections.anchors.2",
     "year_outside_horizon"),
    ("months too early", {"liquidity.subsidy_months.2024": [1]}, "liquidity.subsidy_months.2024",
     "year_outside_horizon"),
    ("growth before the case", {"index.cpi": {str(year): 0.02 for year in range(2024, 2058)}}, "index.cpi.2024",
     "year_outside_horizon"),
    ("growth with a gap", {"index.cpi": {str(year): 0.02 for year in range(2026, 2057)}}, "index.cpi", "missing_year"),
    ("capex year without months", {"liquidity.capex_active_months.2027": GONE}, "liquidity.capex_active_months",
     "missing_year"),
    ("end before begin", {"time.last_year": 2024}, "time.last_year", "wrong_order"),
    ("horizon without end", {"time.last_year": 2299}, "time.last_year", "out_of_range"),
    ("heat before construction", {"time.first_heat": "2025-04"}, "time.first_heat", "wrong_order"),
    ("triangle turned over", {"monte_carlo.scop.low": 3.9}, "monte_carlo.scop.mode", "wrong_order"),
    ("prices of another year", {"time.price_base_year": 2026}, "time.price_base_year", "price_base_not_first_year"),
    ("connected from nowhere", {"connections.anchors": [["2026-04", 0.1], ["2027-08", 1.0]]}, "connections.anchors",
     "first_anchor_not_zero"),
    ("availability with a gap", {"funding.loan.availability_years": [2025, 2027]}, "funding.loan.availability_years",
     "availability_not_until_repayment"),
    ("loan longer than the case", {"funding.loan.repayment_years": 31}, "funding.loan.repayment_years",
     "too_many_repayment_years"),
    ("offer longer than the case", {"offer.commercial_bank.repayment_years": 31},
     "offer.commercial_bank.repayment_years", "too_many_repayment_years"),
    ("rate and premium", {"funding.loan.rate": 0.9, "funding.loan.guarantee_premium": 0.2}, "funding.loan.rate",
     "rate_too_high"),
    ("cooking on more gas than there is", {"segment.flat_owner.gas_m3": 36.0}, "segment.flat_owner.gas_m3",
     "cooking_exceeds_use"),
    ("unknown profile", {"funding.loan.profile": "balloon"}, "funding.loan.profile", "unknown_choice"),
    ("unknown schema", {"schema": "heatcoop-case/2"}, "schema", "unknown_choice"),
    ("unknown distribution", {"monte_carlo.scop": {"dist": "flat"}}, "monte_carlo.scop.dist", "unknown_choice"),
    ("distribution without a name", {"monte_carlo.scop": {"low": 1.0}}, "monte_carlo.scop.dist", "missing_key"),
    ("distribution without a number", {"monte_carlo.scop.low": GONE}, "monte_carlo.scop.low", "missing_key"),
    ("distribution with a number too many", {"monte_carlo.scop.sd": 1.0}, "monte_carlo.scop.sd", "unknown_key"),
    ("name with a dot", {"segment/1/name": "flat.small"}, "segment.1.name", "bad_name"),
    ("grant with a dot", {"funding/subsidies/a.b": 1.0}, "funding.subsidies.a.b", "bad_name"),
    ("grant that is text", {"funding.subsidies.paw": "much"}, "funding.subsidies.paw", "wrong_type"),
    ("two of a name", {"segment/2/name": "flat_small_rent"}, "segment.2.name", "duplicate_name"),
    ("grant named like a row", {"funding.subsidies.shortage": 1.0}, "funding.subsidies.shortage", "reserved_name"),
    ("correlations that are no list", {"monte_carlo.correlation": 1}, "monte_carlo.correlation", "wrong_type"),
    ("correlation that is no list", {"monte_carlo.correlation": [1]}, "monte_carlo.correlation.1", "wrong_type"),
    ("correlation of two", {"monte_carlo.correlation": [["scop", 1]]}, "monte_carlo.correlation.1", "wrong_length"),
    ("correlation of the unknown", {"monte_carlo.correlation": [["scop", "rain", 0.1]]}, "monte_carlo.correlation.1",
     "unknown_choice"),
    ("correlation with itself", {"monte_carlo.correlation": [["scop", "scop", 0.1]]}, "monte_carlo.correlation.1",
     "duplicate_name"),
    ("correlation twice", {"monte_carlo.correlation": [["scop", "uptake", 0.1], ["uptake", "scop", 0.1]]},
     "monte_carlo.correlation", "duplicate_name"),
    ("correlations that contradict", {"monte_carlo.correlation": [
        ["scop", "uptake", 0.9], ["uptake", "elec_factor", 0.9], ["scop", "elec_factor", -0.9]]},
     "monte_carlo.correlation", "correlation_impossible"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "key", "reason"), [pytest.param(*row, id=name) for name, *row in REFUSED])
def test_what_cannot_be_used_is_refused_with_its_key_and_reason(changes, key, reason):
    assert (key, reason) in problems(changes)


def test_every_reason_but_the_one_for_overrides_is_shown_above():
    assert {reason for *_, reason in REFUSED} == set(InputReason) - {"unknown_name"}


def test_all_problems_are_told_at_once():
    found = problems(
        {
            "tax.vat": 21,
            "time.first_heat": "2026-13",
            "segment.flat_owner.kw": True,
            "capex.yearly_share.2027": 0.4,
            "bogus": 1,
            "funding.loan.repayment_years": 40,
        }
    )
    assert set(found) == {
        ("tax.vat", "not_a_share"),
        ("time.first_heat", "not_a_month"),
        ("segment.flat_owner.kw", "wrong_type"),
        ("capex.yearly_share", "sum_not_one"),
        ("bogus", "unknown_key"),
        ("funding.loan.repayment_years", "too_many_repayment_years"),
    }


def test_an_empty_case_tells_every_required_key_and_nothing_else():
    with pytest.raises(InvalidInput) as refusal:
        read_case({})
    found = refusal.value.problems
    assert {problem.reason for problem in found} == {"missing_key"}
    assert {problem.key for problem in found} == set(BASE) - {"offer"}


def test_details_hold_the_figures_of_the_sentence():
    assert problems({"capex.asset.ates_wells.amount": 2200001.0})["capex.total", "sum_not_total"] == {
        "parts": 27500001.0,
        "total": 27500000.0,
    }


@pytest.mark.parametrize(
    ("value", "found"),
    [(dt.date(2026, 5, 1), "date"), (dt.datetime(2026, 5, 1, tzinfo=dt.UTC), "date"), (dt.time(12), "time")],
)
def test_a_date_is_called_a_date(value, found):
    assert problems({"tariff.per_gj": value})["tariff.per_gj", "wrong_type"] == {"expected": "number", "found": found}


def test_a_whole_number_with_a_point_is_shown_with_its_point():
    assert problems({"funding.loan.repayment_years": 20.0}) == {
        ("funding.loan.repayment_years", "not_whole"): {"value": "20.0"}
    }


def test_an_unknown_key_names_the_closest_known_one():
    assert problems({"tariff.per_gjj": 1})["tariff.per_gjj", "unknown_key"] == {"closest": "per_gj"}


def test_checks_between_values_keep_quiet_when_the_horizon_itself_is_wrong():
    assert set(problems({"time.last_year": 2024})) == {("time.last_year", "wrong_order")}


def test_the_grants_of_a_broken_table_are_not_checked_further():
    assert ("funding.subsidies", "wrong_type") in problems({"funding.subsidies": 5})


def test_whole_numbers_count_as_fractions():
    assert inputs({"tariff.per_gj": 36}).tariff.per_gj == 36.0
    assert isinstance(inputs({"tariff.per_gj": 36}).tariff.per_gj, float)


def test_minus_zero_is_zero():
    assert math.copysign(1.0, inputs({"cash.opening": -0.0}).cash.opening) == 1.0


def test_keys_that_may_stay_away_are_neutral():
    case = inputs({"offer": GONE, "liquidity.uncertain": GONE})
    assert case.offer == ()
    assert case.liquidity.uncertain is None
    assert case.stress.capex_factor == 1.0
    assert case.stress.delay_months == 0.0
    assert case.funding.loan.guarantee_premium == 0.0
    assert case.tariff.regime == TariffRegime.CONTRACT_NMDN
    assert case.monte_carlo.correlation == ()
    assert case.segment[0].now_fixed_incl is None
    assert not case.capex.asset[0].per_connection


def test_an_empty_list_of_offers_is_no_problem():
    assert inputs({"offer": []}).offer == ()


def test_a_grant_table_that_is_partly_wrong_tells_all_that_is_wrong():
    changes = {"funding.subsidies.yearly_share": {"2025": 0.9}, "funding.subsidies.total": 1.0}
    assert set(problems(changes)) == {
        ("funding.subsidies.yearly_share", "sum_not_one"),
        ("funding.subsidies.total", "reserved_name"),
    }


def test_no_key_of_the_grants_is_left_out_in_silence():
    assert ("funding.subsidies.grants", "reserved_name") in problems({"funding.subsidies.grants": 1.0})


def test_a_number_of_many_digits_is_told_in_few():
    assert problems({"cash.opening": 10**30})["cash.opening", "out_of_range"]["value"] == 1e30
    assert isinstance(problems({"cash.opening": 10**30})["cash.opening", "out_of_range"]["value"], float)


def test_choices_come_back_as_members():
    assert inputs({"funding.loan.profile": "bullet"}).funding.loan.profile is LoanProfile.BULLET


def test_correlations_are_read():
    case = inputs({"monte_carlo.correlation": [["scop", "elec_factor", -0.2]]})
    assert case.monte_carlo.correlation == (("scop", "elec_factor", -0.2),)


def test_growth_may_differ_per_year():
    growth = {str(year): 0.01 * (year - 2025) for year in range(2026, 2058)}
    assert inputs({"index.cpi": growth}).index.cpi[0] == (2026, 0.01)


def test_an_anchor_may_stand_at_the_end_of_the_december_before_the_first_year():
    anchors = [["2024-12", 0.0], ["2027-08", 1.0]]
    assert inputs({"connections.anchors": anchors}).connections.anchors[0] == ((2024, 12), 0.0)


def test_a_case_can_be_hashed_and_equal_files_give_equal_cases():
    assert hash(inputs()) == hash(inputs())
    assert inputs() == inputs()
