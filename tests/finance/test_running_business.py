"""Indices, connections, heat, electricity, tariff: worked by hand."""

import numpy as np
import pytest

from ecoop.finance.demand import (
    first_full_year,
    full_heat_gj,
    heat_per_connection_gj,
    lost_heat_gj,
    month_end_share,
    month_number,
    share_table,
)
from ecoop.finance.indices import index_path, index_paths, trend_path
from ecoop.finance.production import bracket_sum, electricity_per_gj, fixed_cost_share, operating_costs
from ecoop.finance.tariffs import charged, tariff_path
from tests.finance.cases import inputs, result

YEARS = np.arange(2025, 2029)


def test_an_index_starts_at_one_and_grows_by_a_fixed_part():
    assert index_path(0.02, YEARS) == pytest.approx([1.0, 1.02, 1.0404, 1.061208], rel=1e-15)


def test_an_index_may_grow_differently_every_year():
    growth = ((2026, 0.10), (2027, 0.0), (2028, -0.5))
    assert index_path(growth, YEARS) == pytest.approx([1.0, 1.1, 1.1, 0.55], rel=1e-15)


def test_every_stream_has_its_own_path():
    index = index_paths(inputs())
    assert index.gas_grid[1] == 1.05
    assert index.heat_tariff[32] == pytest.approx(1.02**32, rel=1e-13)


def test_the_demand_trend_compounds():
    assert trend_path(-0.003, 3) == pytest.approx([1.0, 0.997, 0.994009], rel=1e-15)


ANCHORS = inputs().connections.anchors


@pytest.mark.parametrize(
    ("month", "delay", "share"),
    [
        ((2025, 1), 0.0, 0.0),
        ((2026, 4), 0.0, 0.0),
        ((2026, 8), 0.0, 0.2),
        ((2026, 12), 0.0, 0.4),
        ((2027, 4), 0.0, 0.7),
        ((2027, 8), 0.0, 1.0),
        ((2030, 1), 0.0, 1.0),
        ((2026, 10), 2.0, 0.2),
        ((2026, 8), 0.5, 0.175),
    ],
)
def test_the_share_at_a_month_end_is_linear_between_anchors(month, delay, share):
    assert month_end_share(ANCHORS, np.array([float(month_number(month))]), delay)[0] == pytest.approx(share, abs=1e-12)


def test_yearly_shares_of_the_ramp_follow_from_its_months():
    # 2026: month ends 0 until April, then 0.05 more each month: mid-months 0.025, 0.075, ..., 0.375
    middles = [0.0] * 4 + [0.025 + 0.05 * month for month in range(8)]
    weights = inputs().connections.heat_weight_month
    year = share_table(inputs(), 0.0).at(np.array([0.0]))[1]
    assert year.average == pytest.approx(sum(middles) / 12.0, rel=1e-12)
    assert year.weighted == pytest.approx(sum(np.multiply(middles, weights)), rel=1e-12)
    assert year.new == pytest.approx(0.4, rel=1e-12)


@pytest.mark.parametrize("delay", [0.0, 0.25, 3.7, 11.0, 12.0])
def test_the_table_of_delays_equals_walking_over_the_months(delay):
    case = inputs()
    months = np.arange(month_number((2024, 12)), month_number((2057, 12)) + 1.0)
    ends = month_end_share(case.connections.anchors, months, delay)
    middles = ((ends[1:] + ends[:-1]) / 2.0).reshape(33, 12)
    found = share_table(case, 12.0).at(np.array([delay]))
    for at, year in enumerate(found):
        assert year.average == pytest.approx(middles[at].mean(), abs=1e-12)
        assert year.weighted == pytest.approx(middles[at] @ case.connections.heat_weight_month, abs=1e-12)
        assert year.new == pytest.approx(ends[12 * at + 12] - ends[12 * at], abs=1e-12)


def test_years_that_no_delay_moves_have_one_share_for_all_scenarios():
    found = share_table(inputs(), 12.0).at(np.array([0.0, 12.0]))
    moved = [year + 2025 for year, share in enumerate(found) if not isinstance(share.average, float)]
    assert moved == [2026, 2027, 2028]


@pytest.mark.parametrize(
    ("changes", "year"),
    [
        ({}, 2028),
        ({"stress.delay_months": 4.0}, 2028),
        ({"stress.delay_months": 4.5}, 2029),
        ({"stress.delay_months": 16.0}, 2029),
        ({"stress.delay_months": 600.0}, None),
        ({"connections.anchors": [["2024-12", 0.0]]}, 2025),
        ({"connections.anchors": [["2025-01", 0.0], ["2025-06", 0.9], ["2026-06", 0.9]]}, 2026),
    ],
)
def test_the_first_full_year_starts_with_everybody_connected(changes, year):
    assert first_full_year(inputs(changes)) == year


def test_heat_per_connection_leaves_cooking_out():
    case = inputs()
    assert heat_per_connection_gj(case.segment[0], case) == pytest.approx((700 - 37) * 0.029)
    assert heat_per_connection_gj(case.segment[4], case) == pytest.approx(2000 * 0.029)


def test_full_heat_is_the_sum_of_the_segments():
    # 380x663 + 300x913 + 220x1013 + 100x1513 + 90x2000 + 12x22000 = 1 344 000 m3 x 0.029
    assert full_heat_gj(inputs()) == pytest.approx(1_344_000 * 0.029, rel=1e-14)


def test_a_tenth_lost_of_what_is_fed_in_is_a_ninth_of_what_is_sold():
    assert lost_heat_gj(900.0, 0.1) == pytest.approx(100.0)


def test_the_loss_does_not_shrink_with_uptake():
    full, half = result(), result({"connections.uptake": 0.5})
    lost = [one.series["heat_fed_gj"] - one.series["heat_sold_gj"] for one in (full, half)]
    assert lost[0] == pytest.approx(lost[1], rel=1e-12)
    assert half.series["heat_sold_gj"] == pytest.approx(full.series["heat_sold_gj"] / 2.0, rel=1e-12)


LIMITS, RATES = (10_000.0, 50_000.0, 10_000_000.0), (0.10154, 0.06726, 0.03814)


@pytest.mark.parametrize(
    ("kwh", "tax"),
    [
        (0.0, 0.0),
        (10_000.0, 1015.40),
        (30_000.0, 1015.40 + 20_000 * 0.06726),
        (50_000.0, 1015.40 + 40_000 * 0.06726),
        (1_000_000.0, 1015.40 + 40_000 * 0.06726 + 950_000 * 0.03814),
        (20_000_000.0, 1015.40 + 40_000 * 0.06726 + 19_950_000 * 0.03814),
    ],
)
def test_brackets_are_marginal_and_the_last_rate_holds_on(kwh, tax):
    assert bracket_sum(np.array([kwh]), LIMITS, RATES)[0] == pytest.approx(tax, rel=1e-12)


def test_scenarios_on_both_sides_of_a_limit_do_not_disturb_each_other():
    use = np.array([0.0, 9_999.0, 30_000.0, 50_001.0, 2e7])
    alone = [bracket_sum(np.array([one]), LIMITS, RATES)[0] for one in use]
    assert bracket_sum(use, LIMITS, RATES) == pytest.approx(alone, rel=1e-12)


def test_electricity_per_heat_adds_pump_boiler_and_auxiliary():
    # (0.97 / 3.5 + 0.03 / 0.98 + 0.03) / 3.6
    assert electricity_per_gj(inputs().production, np.array([3.5]))[0] == pytest.approx(0.0938208617, rel=1e-9)


def test_fixed_costs_start_in_2026_with_the_shares_of_the_case():
    assert fixed_cost_share(inputs().opex, np.arange(2024, 2030)).tolist() == [0.0, 0.0, 0.5, 1.0, 1.0, 1.0]


def test_electricity_of_the_first_full_year_by_hand():
    # 2028, index 3: sold = 38 976 x 0.997^3; lost = 38 976 / 9; 1 MWh costs 82 x 1.015^3 + 12 x 1.03^3
    sold = 38_976 * 0.997**3
    use = (sold + 38_976 / 9) * (0.97 / 3.5 + 0.03 / 0.98 + 0.03) / 3.6
    per_meter = 1000.0 * use / 3
    tax = 3 * (1015.40 + 40_000 * 0.06726 + (per_meter - 50_000) * 0.03814) * 1.02**3
    cost = use * 82 * 1.015**3 + (use * 12 + 3 * 16_000) * 1.03**3 + tax
    found = result().series
    assert found["heat_sold_gj"][3] == pytest.approx(sold, rel=1e-12)
    assert found["electricity_mwh"][3] == pytest.approx(use, rel=1e-12)
    assert found["electricity_cost_eur"][3] == pytest.approx(cost, rel=1e-12)


def test_other_costs_of_the_first_year_with_costs_by_hand():
    # 2026, half: upkeep 120000+33000+11500+37500+22500+45000 = 269 500, water board 37 500, index 1.02
    fixed = 185_000 * 1.025 + (269_500 + 37_500) * 1.02 + 0.0015 * 27_500_000 * 1.02
    assert result().series["opex_eur"][1] == pytest.approx(0.5 * (fixed + 119_444.10), rel=1e-12)


def test_the_opex_factor_leaves_the_capital_part_of_the_water_board_fee_alone():
    plain, stressed = result(), result({"stress.opex_factor": 2.0})
    doubled = 2.0 * (plain.series["opex_eur"][5] - 119_444.10) + 119_444.10
    assert stressed.series["opex_eur"][5] == pytest.approx(doubled, rel=1e-12)


def test_only_assets_per_connection_follow_uptake_in_the_costs():
    case = inputs()
    share = fixed_cost_share(case.opex, np.arange(2025, 2058))
    _, per_uptake, _ = operating_costs(case, index_paths(case), share)
    # connections 4.5 M x 0.5 % and delivery sets 2.25 M x 2 %, insurance 0.15 % over both, in 2028
    assert per_uptake[3] == pytest.approx((22_500 + 45_000 + 6_750_000 * 0.0015) * 1.02**3, rel=1e-12)


def test_who_pays_per_kw_pays_no_fixed_charge():
    counted = charged(inputs())
    assert counted.small_connections == 1090.0
    assert counted.capacity_kw == 1320.0


def test_revenue_of_the_first_full_year_by_hand():
    sold = 38_976 * 0.997**3
    earned = 0.995 * 1.02**3 * (1090 * 320 + sold * 36.15 + 1320 * 45)
    assert result().series["revenue_eur"][3] == pytest.approx(earned, rel=1e-12)


def test_the_tariff_scale_multiplies_all_of_it():
    plain, raised = result(), result({"stress.tariff_scale": 1.1})
    assert raised.series["revenue_eur"] == pytest.approx(1.1 * plain.series["revenue_eur"], rel=1e-12)


def test_the_tariff_path_follows_its_own_index():
    case = inputs({"index.heat_tariff": 0.0})
    assert np.ptp(tariff_path(case, index_paths(case)).per_gj) == 0.0


def test_the_sum_of_segments_is_the_whole():
    whole = result({"stress.delay_months": 1.5}).series["revenue_eur"]
    parts = np.zeros_like(whole)
    for segment in inputs().segment:
        others = {f"segment.{one.name}.count": 0 for one in inputs().segment if one.name != segment.name}
        parts += result({"stress.delay_months": 1.5, **others}).series["revenue_eur"]
    assert parts == pytest.approx(whole, rel=1e-12)
