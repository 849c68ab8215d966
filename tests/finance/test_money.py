"""Loan, tax, capital plan and the yearly cash: worked by hand, and identities that must always hold."""

import numpy as np
import pytest

from ecoop.finance import cashflow, debt
from ecoop.finance.funding import capital_plan, replacement_years
from ecoop.finance.indices import horizon, index_paths
from ecoop.finance.tax import corporate_tax
from tests.finance.cases import BASE, inputs, mapping, result


def one(value):
    return np.array([value])


# --- the loan -------------------------------------------------------------------------------------------------------


def test_an_annuity_of_two_years():
    # 100 000 at 5 % over 2 years: 105 000 + (105 000 - A) x 5 % = ... -> A = 53 780.487804878
    assert debt.annuity(one(100_000.0), one(0.05), 2)[0] == pytest.approx(53_780.487804878, abs=1e-8)


def test_an_annuity_without_interest_divides_evenly():
    assert debt.annuity(one(90_000.0), one(0.0), 30)[0] == 3_000.0


def test_an_annuity_at_a_tiny_rate_keeps_its_digits():
    assert debt.annuity(one(90_000.0), one(1e-12), 30)[0] == pytest.approx(3_000.0, rel=1e-10)


@pytest.mark.parametrize(
    ("need", "balance", "draw", "interest"),
    [
        (-5.0, 1000.0, 0.0, 100.0),
        (200.0, 1000.0, 200.0, 110.0),
        # room = (2000/1.1 - 1100)/1.05 = 683.9826839827
        (5000.0, 1000.0, 683.9826839826839, 134.1991341991342),
        (5000.0, 1900.0, 0.0, 190.0),
    ],
)
def test_a_draw_leaves_room_for_the_interest_still_to_come(need, balance, draw, interest):
    found = debt.draw_with_capitalised_interest(one(need), one(balance), one(0.1), 2000.0, 1)
    assert found[0][0] == pytest.approx(draw, rel=1e-12)
    assert found[1][0] == pytest.approx(interest, rel=1e-12)


@pytest.mark.parametrize(
    ("need", "balance", "draw", "interest"),
    [
        (-500.0, 1000.0, 0.0, 100.0),
        # (200 + 100) / 0.95 = 315.789...; interest 0.1 (1000 + 157.89...)
        (200.0, 1000.0, 315.7894736842105, 115.78947368421052),
        (5000.0, 1000.0, 1000.0, 150.0),
    ],
)
def test_interest_paid_in_cash_is_drawn_as_well(need, balance, draw, interest):
    found = debt.draw_with_paid_interest(one(need), one(balance), one(0.1), 2000.0)
    assert found[0][0] == pytest.approx(draw, rel=1e-12)
    assert found[1][0] == pytest.approx(interest, rel=1e-12)


def test_cover_is_infinite_without_debt_service():
    assert debt.cover(np.array([5.0, 5.0]), np.array([0.0, 2.0])).tolist() == [np.inf, 2.5]


PROFILES = ["annuity", "linear", "bullet", "sculpted"]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("capitalise", [True, False])
def test_the_loan_ends_at_zero_and_principal_adds_up(profile, capitalise):
    changes = {"funding.loan.profile": profile, "funding.loan.capitalise_interest": capitalise}
    found = result(changes | {"funding.loan.repayment_years": 25})
    balance = found.series["loan_balance_eur"]
    assert balance[3 + 25 - 1 :].tolist() == [0.0] * 6
    assert found.series["principal_eur"].sum() == pytest.approx(found.loan.start_balance_eur, rel=1e-12)


def test_a_linear_loan_repays_the_same_every_year():
    principal = result({"funding.loan.profile": "linear"}).series["principal_eur"][3:]
    assert principal == pytest.approx(np.full(30, principal[0]), rel=1e-12)


def test_a_bullet_repays_everything_at_the_end():
    found = result({"funding.loan.profile": "bullet"})
    assert found.series["principal_eur"][3:-1] == pytest.approx(np.zeros(29), abs=1e-9)
    assert found.series["principal_eur"][-1] == pytest.approx(found.loan.start_balance_eur)


def test_a_sculpted_loan_has_one_cover_ratio_and_tells_it():
    found = result({"funding.loan.profile": "sculpted"})
    assert found.series["dscr"][3:] == pytest.approx(np.full(30, found.loan.sculpting_ratio), rel=1e-9)
    assert found.loan.annual_payment_eur is None


def test_a_sculpted_loan_without_cash_flow_falls_due_at_the_end():
    found = result({"funding.loan.profile": "sculpted", "stress.tariff_scale": 0.0})
    assert found.loan.sculpting_ratio is None
    assert found.series["debt_service_eur"][3:-1].tolist() == [0.0] * 29
    assert found.series["loan_balance_eur"][-1] == 0.0


def test_what_rounding_leaves_of_a_sculpted_loan_is_no_debt():
    found = result({"funding.loan.profile": "sculpted", "index.elec_commodity": 0.075})
    assert found.series["cfads_eur"][-1] < 0.0
    assert found.series["debt_service_eur"][-1] == 0.0
    assert found.ratios.min_dscr == pytest.approx(found.loan.sculpting_ratio, rel=1e-9)


def test_a_sculpted_loan_closes_even_when_sculpting_is_cut_short(monkeypatch):
    monkeypatch.setattr(cashflow, "SCULPTING_ROUNDS", 1)
    assert result({"funding.loan.profile": "sculpted"}).series["loan_balance_eur"][-1] == 0.0


def test_only_an_annuity_has_one_yearly_payment():
    found = result()
    assert found.series["debt_service_eur"][3:] == pytest.approx(np.full(30, found.loan.annual_payment_eur), rel=1e-9)
    assert result({"funding.loan.profile": "linear"}).loan.annual_payment_eur is None


def test_without_interest_annuity_and_linear_are_the_same():
    level, linear = (
        result({"funding.loan.rate": 0.0, "funding.loan.profile": profile}) for profile in ("annuity", "linear")
    )
    assert level.series["debt_service_eur"] == pytest.approx(linear.series["debt_service_eur"], rel=1e-12)
    assert level.loan.total_interest_eur == linear.loan.total_interest_eur == 0.0


def test_the_guarantee_premium_is_part_of_the_rate():
    together = result({"funding.loan.rate": 0.035})
    apart = result({"funding.loan.rate": 0.03, "funding.loan.guarantee_premium": 0.005})
    shifted = result({"stress.rate_shift": 0.005})
    assert apart.loan.total_interest_eur == pytest.approx(together.loan.total_interest_eur, rel=1e-12)
    assert shifted.ratios.llcr == pytest.approx(together.ratios.llcr, rel=1e-12)


def test_the_upfront_fee_is_paid_once_over_the_limit():
    found = result({"funding.loan.upfront_fee_share": 0.01})
    assert found.series["upfront_fee_eur"].tolist() == [78_000.0] + [0.0] * 32


def test_without_a_facility_there_is_no_loan_and_no_cover_ratio():
    found = result({"funding.loan.limit": 0.0})
    assert found.series["draw_eur"].any() is np.False_
    assert found.ratios.min_dscr is None
    assert found.ratios.min_dscr_year is None
    assert found.ratios.llcr is None
    assert found.ratios.adscr is None


def test_a_later_start_of_drawing_leaves_the_first_year_to_own_money():
    found = result({"funding.loan.availability_years": [2026, 2027], "cash.opening": 1_000_000.0})
    assert found.series["draw_eur"][0] == 0.0
    assert found.series["draw_eur"][1] > 0.0


# --- tax ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("profit", "losses", "tax", "left"),
    [
        (-100.0, 50.0, 0.0, 150.0),
        (100_000.0, 0.0, 19_000.0, 0.0),
        (300_000.0, 0.0, 38_000.0 + 25_800.0, 0.0),
        (300_000.0, 100_000.0, 38_000.0, 0.0),
        (100_000.0, 500_000.0, 0.0, 400_000.0),
        # 3 M profit may use 1 M + half of 2 M; 1 M is left to tax
        (3_000_000.0, 5_000_000.0, 38_000.0 + 800_000 * 0.258, 3_000_000.0),
    ],
)
def test_tax_of_one_year(profit, losses, tax, left):
    found = corporate_tax(one(profit), one(losses), inputs().tax)
    assert found[0][0] == pytest.approx(tax, abs=1e-9)
    assert found[1][0] == pytest.approx(left, abs=1e-9)


def test_member_profit_that_may_be_deducted_is_not_taxed():
    rules = inputs({"tax.member_profit_deduction_share": 0.5}).tax
    assert corporate_tax(one(100_000.0), one(0.0), rules)[0][0] == pytest.approx(9_500.0)


def test_scenarios_above_and_below_the_limit_do_not_disturb_each_other():
    profits, losses = np.array([-5e5, 1e5, 3e6]), np.array([0.0, 2e5, 5e6])
    together = corporate_tax(profits, losses, inputs().tax)
    alone = [corporate_tax(one(p), one(l), inputs().tax) for p, l in zip(profits, losses, strict=True)]  # noqa: E741
    assert together[0].tolist() == [tax[0] for tax, _ in alone]
    assert together[1].tolist() == [left[0] for _, left in alone]


# --- capital --------------------------------------------------------------------------------------------------------


def test_replacements_come_after_every_life_within_the_horizon():
    pumps = inputs({"capex.asset.heat_pump_stations.life_years": 10}).capex.asset[0]
    assert replacement_years(pumps, 2028, 2057) == [2037, 2047, 2057]


def test_what_needs_no_replacement_is_not_replaced():
    assert replacement_years(inputs().capex.asset[1], 2028, 2057) == []


def test_replacements_of_the_demo_case_by_hand():
    # delivery sets 2.25 M x 0.8 in 2047, pumps 6 M x 0.45 in 2052, index 1.02 a year
    found = result().series["replacement_eur"]
    assert found[2047 - 2025] == pytest.approx(1_800_000 * 1.02**22, rel=1e-12)
    assert found[2052 - 2025] == pytest.approx(2_700_000 * 1.02**27, rel=1e-12)
    assert np.count_nonzero(found) == 2


def test_what_is_saved_for_replacements_equals_what_they_cost():
    case = inputs({"capex.asset.heat_pump_stations.life_years": 7})
    plan = capital_plan(case, index_paths(case), horizon(case))
    assert plan.reserve_plan.fixed.sum() == pytest.approx(plan.replacement.fixed.sum(), rel=1e-12)
    assert plan.reserve_plan.per_uptake.sum() == pytest.approx(plan.replacement.per_uptake.sum(), rel=1e-12)


def test_saving_starts_with_repayment_and_is_equal_every_year():
    case = inputs()
    saving = capital_plan(case, index_paths(case), horizon(case)).reserve_plan.per_uptake
    assert saving[3:23] == pytest.approx(np.full(20, 1_800_000 * 1.02**22 / 20), rel=1e-12)
    assert saving[:3].any() == saving[23:].any() == np.False_


def test_what_is_written_off_in_the_first_repayment_year_by_hand():
    # basis = 27.5 M + capitalised interest - 13.05 M - 6.9 M, over each asset's amount and life
    found = result()
    basis = 27_500_000 - 13_050_000 - 6_900_000 + found.loan.capitalised_interest_eur
    lives = [(6.0, 25), (2.2, 30), (2.3, 40), (7.5, 40), (4.5, 40), (2.25, 20), (1.75, 30), (1.0, 30)]
    expected = basis * sum(amount / 27.5 / life for amount, life in lives)
    assert found.series["depreciation_eur"][3] == pytest.approx(expected, rel=1e-12)


def test_a_replacement_is_written_off_from_the_next_year():
    # delivery sets: the works are written off up to 2047, their replacement of 2047 from 2048 on
    found = result()
    basis = 27_500_000 - 13_050_000 - 6_900_000 + found.loan.capitalised_interest_eur
    works, again = basis * 2.25 / 27.5 / 20, 1_800_000 * 1.02**22 / 20
    written = found.series["depreciation_eur"]
    assert written[2048 - 2025] - written[2047 - 2025] == pytest.approx(again - works, rel=1e-9)


def test_grants_above_the_investment_leave_nothing_to_write_off():
    assert not result({"funding.subsidies.paw": 3e7}).series["depreciation_eur"][:23].any()


def test_a_case_without_assets_has_nothing_to_write_off():
    changes = {f"capex.asset.{asset['name']}.amount": 0.0 for asset in BASE["capex"]["asset"]}
    found = result(changes | {"capex.total": 0.0})
    assert not found.series["depreciation_eur"].any()


# --- the year -------------------------------------------------------------------------------------------------------

VARIANTS = [
    {},
    {"stress.delay_months": 7.3, "stress.capex_factor": 1.1},
    {"funding.loan.capitalise_interest": False, "funding.loan.upfront_fee_share": 0.01},
    {"funding.loan.profile": "sculpted", "funding.loan.repayment_years": 20},
    {"capex.asset.heat_pump_stations.life_years": 9, "stress.tariff_scale": 0.6},
    {"capex.yearly_share": {"2025": 0.5, "2028": 0.5}, "liquidity.capex_active_months.2028": [1, 12]},
    {"cash.opening": 5e6},
]


@pytest.mark.parametrize("changes", VARIANTS)
def test_cash_closes_every_year(changes):
    found = result(changes)
    rows = found.series
    moved = (
        rows["ebitda_eur"] + rows["cash_interest_eur"] - rows["tax_eur"] + rows["subsidy_eur"]
        + rows["connection_fees_eur"] + rows["draw_eur"] - rows["capex_eur"] - rows["upfront_fee_eur"]
        - rows["debt_service_eur"] - rows["replacement_eur"]
    )  # fmt: skip
    opening = np.concatenate([[found.inputs.cash.opening], rows["cash_eur"][:-1]])
    assert np.abs(opening + moved - rows["cash_eur"]).max() <= 1e-6


@pytest.mark.parametrize("changes", VARIANTS)
def test_the_loan_account_closes_every_year(changes):
    found = result(changes)
    rows = found.series
    grown = rows["draw_eur"] - rows["principal_eur"]
    if found.inputs.funding.loan.capitalise_interest:
        grown = grown + np.where(found.years < 2028, rows["interest_eur"], 0.0)
    opening = np.concatenate([[0.0], rows["loan_balance_eur"][:-1]])
    assert np.abs(opening + grown - rows["loan_balance_eur"]).max() <= 1e-6


@pytest.mark.parametrize("changes", VARIANTS)
def test_sources_equal_uses(changes):
    found = result(changes).sources_uses
    assert found.total_sources_eur == pytest.approx(found.total_uses_eur, abs=1e-6)


@pytest.mark.parametrize("changes", VARIANTS)
def test_the_reserve_closes_every_year(changes):
    rows = result(changes).series
    opening = np.concatenate([[0.0], rows["reserve_eur"][:-1]])
    closing = np.maximum(opening + rows["reserve_contribution_eur"] - rows["replacement_eur"], 0.0)
    assert np.abs(closing - rows["reserve_eur"]).max() <= 1e-6


def test_a_shortage_is_named_and_not_financed():
    found = result({"stress.capex_factor": 1.3})
    last = found.series["cash_eur"][2]
    assert last < 0.0
    assert found.sources_uses.sources["shortage"] == pytest.approx(100_000.0 - last)
    assert found.sources_uses.sources["use_of_opening_cash"] == pytest.approx(150_000.0)


def test_cash_that_grows_during_construction_is_a_use():
    found = result({"funding.subsidies.paw": 2e7}).sources_uses
    assert found.uses["added_to_cash"] > 0.0
    assert found.sources["use_of_opening_cash"] == 0.0
    assert found.total_sources_eur == pytest.approx(found.total_uses_eur, abs=1e-6)


def test_the_loan_fills_cash_to_the_minimum_as_long_as_it_can():
    assert result().series["cash_eur"][:3] == pytest.approx([100_000.0] * 3, abs=1e-6)


def test_a_case_that_repays_from_its_first_year_uses_no_construction_money():
    case = {
        "time.first_repayment_year": 2026, "funding.loan.availability_years": [2025],
    }  # fmt: skip
    assert result(case).sources_uses.uses["capex"] == pytest.approx(0.22 * 27_500_000)


MONEY = [
    *(f"tax.{key}" for key in ("vpb_low_limit", "loss_offset_free")),
    "capex.total", "funding.connection_fees.total", "funding.loan.limit", "cash.opening", "cash.minimum",
    *(f"tariff.{key}" for key in ("fixed_per_connection", "per_gj", "per_kw")),
    *(f"electricity.{key}" for key in ("commodity_per_mwh", "grid_per_mwh", "grid_fixed_per_meter")),
    *(f"opex.{key}" for key in ("management_and_billing", "waterboard_fee_capital", "waterboard_fee_om")),
    *(f"funding.subsidies.{key}" for key in ("paw", "wis", "klimaatfonds_amsterdam")),
    *(f"capex.asset.{asset['name']}.amount" for asset in BASE["capex"]["asset"]),
    *(f"electricity.tax_bracket_eur_per_kwh.{at}" for at in (1, 2, 3)),
]  # fmt: skip


def _doubled(changes):
    start = mapping(changes)
    values = {}
    for path in MONEY:
        here = start
        for part in path.split("."):
            if isinstance(here, list):
                here = here[int(part) - 1] if part.isdigit() else next(i for i in here if i["name"] == part)
            else:
                here = here[part]
        values[path] = 2.0 * here
    return changes | values


@pytest.mark.parametrize("changes", [{}, {"stress.delay_months": 9.0}, {"funding.loan.profile": "sculpted"}])
def test_twice_the_money_everywhere_gives_twice_the_money_everywhere(changes):
    single, double = result(changes), result(_doubled(changes))
    for name, row in single.series.items():
        factor = 2.0 if name.endswith("_eur") else 1.0
        assert double.series[name] == pytest.approx(factor * row, rel=1e-9, abs=1e-6), name
    assert double.ratios.npv_eur == pytest.approx(2.0 * single.ratios.npv_eur, rel=1e-9)
    assert double.ratios.irr.roots == pytest.approx(single.ratios.irr.roots, rel=1e-9)


def test_neutral_stress_equals_the_base():
    stated = {
        "stress.capex_factor": 1.0, "stress.demand_factor": 1.0, "stress.elec_factor": 1.0, "stress.opex_factor": 1.0,
        "stress.tariff_scale": 1.0, "stress.delay_months": 0.0, "stress.rate_shift": 0.0, "connections.uptake": 1.0,
    }  # fmt: skip
    base, same = result(), result(stated)
    assert all(np.array_equal(base.series[name], same.series[name]) for name in base.series)


def test_a_delay_moves_fees_and_heat_but_not_capex_and_grants():
    base, late = result(), result({"stress.delay_months": 6.0})
    for name in ("capex_eur", "subsidy_eur"):
        assert np.array_equal(base.series[name], late.series[name])
    assert late.series["connection_fees_eur"].sum() == pytest.approx(6_900_000.0)
    # two months of 2028 still connect: 12.5 % x 8/12 ... share at December 2027 is 0.4 + 0.6 x 6/8 = 0.85
    assert late.series["connection_fees_eur"][3] == pytest.approx(0.15 * 6_900_000.0)


def test_uptake_scales_fees_and_the_assets_of_each_connection():
    found = result({"connections.uptake": 0.8})
    assert found.series["connection_fees_eur"].sum() == pytest.approx(0.8 * 6_900_000.0)
    assert found.series["capex_eur"].sum() == pytest.approx(27_500_000.0 - 0.2 * 6_750_000.0)


def test_the_capex_factor_leaves_replacements_alone():
    assert np.array_equal(
        result({"stress.capex_factor": 1.2}).series["replacement_eur"], result().series["replacement_eur"]
    )
