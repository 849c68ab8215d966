"""Not more than now: bills of households by hand, the population, the three references."""

import numpy as np
import pytest

from ecoop.finance.nmdn import Reference, gas_lattice
from ecoop.finance.results import segments_in_year
from tests.finance.cases import inputs, result


def rows(changes=None, year=2025):
    return {row.segment: row for row in segments_in_year(result(changes), year)}


NO_SPREAD = {f"segment.{segment.name}.sigma_log": 0.0 for segment in inputs().segment}


def test_without_spread_every_household_is_the_mean():
    case = inputs(NO_SPREAD)
    assert gas_lattice(case.segment[0], case).tolist() == [700.0] * 380


def test_the_population_is_spread_in_equal_parts_without_random_numbers():
    case = inputs({"segment.flat_owner.count": 3})
    # z(1/6) = -0.967421566, z(1/2) = 0; 1050 exp(0.3 z - 0.045)
    expected = [1050 * np.exp(0.3 * z - 0.045) for z in (-0.9674215661017, 0.0, 0.9674215661017)]
    assert gas_lattice(case.segment[2], case) == pytest.approx(expected, rel=1e-12)


def test_nobody_uses_less_than_cooking_and_one():
    case = inputs({"segment.flat_owner.sigma_log": 3.0, "segment.business_small.sigma_log": 3.0})
    assert gas_lattice(case.segment[2], case).min() == 38.0
    assert gas_lattice(case.segment[4], case).min() == 1.0


def test_the_contract_bill_of_a_tenant_by_hand():
    # mean price 1.485, mean fixed 290.25; then 320 + 36.15 x 0.029 x 663 and 21 % VAT, and 175 kWh to cook
    row = rows(NO_SPREAD)["flat_small_rent"]
    assert row.now_eur[Reference.CONTRACT] == pytest.approx(700 * 1.485 + 290.25)
    assert row.then_eur == pytest.approx((320 + 36.15 * 0.029 * 663) * 1.21 + 175 * 0.27)


def test_who_reclaims_vat_compares_without_it():
    row = rows(NO_SPREAD)["business_small"]
    assert row.now_eur[Reference.CONTRACT] == pytest.approx((2000 * 1.485 + 290.25) / 1.21)
    assert row.then_eur == pytest.approx(320 + 36.15 * 0.029 * 2000)


def test_who_reclaims_vat_cooks_without_it():
    row = rows(NO_SPREAD | {"segment.business_small.cooks_on_gas": True})["business_small"]
    assert row.then_eur == pytest.approx(320 + 36.15 * 0.029 * 1963 + 175 * 0.27 / 1.21)


def test_a_large_customer_pays_per_kw_and_has_its_own_fixed_amount():
    row = rows(NO_SPREAD)["business_large"]
    assert row.now_eur[Reference.CONTRACT] == pytest.approx((22_000 * 1.485 + 3630) / 1.21)
    assert row.then_eur == pytest.approx(45 * 110 + 36.15 * 0.029 * 22_000)


def test_three_years_later_prices_and_demand_have_moved():
    row = rows(NO_SPREAD, 2028)["flat_small_rent"]
    heat = 663 * 0.997**3
    assert row.now_eur[Reference.CONTRACT] == pytest.approx(((heat + 37) * 1.485 + 290.25) * 1.02**3)
    assert row.then_eur == pytest.approx((320 + 36.15 * 0.029 * heat) * 1.02**3 * 1.21 + 175 * 0.27 * 1.02**3)


def test_the_gas_path_follows_each_component():
    row = rows(NO_SPREAD, 2026)["flat_small_rent"]
    tax = 0.5782 * 1.21
    price = tax * 1.02 + (1.34 - tax) * 1.015
    now = (663 * 0.997 + 37) * price + 245 * 1.05 + 85 * 1.02
    assert row.now_eur[Reference.GAS_PATH] == pytest.approx(now)


def test_the_own_fixed_amount_of_a_segment_follows_cpi_in_the_gas_path():
    row = rows(NO_SPREAD | {"index.gas_grid": 0.5, "index.gas_commodity": 0.0, "index.gas_tax": 0.0}, 2026)
    assert row["business_large"].now_eur[Reference.GAS_PATH] == pytest.approx(
        (22_000 * 0.997 * 1.34 + 3630 * 1.02) / 1.21
    )


def test_the_national_maximum_of_a_tenant_by_hand():
    row = rows(NO_SPREAD)["flat_small_rent"]
    assert row.now_eur[Reference.ACM] == pytest.approx(760.77 + 43.79 * 0.029 * 663)


def test_the_national_maximum_is_indexed_after_its_last_known_year():
    row = rows(NO_SPREAD, 2028)["flat_small_rent"]
    assert row.now_eur[Reference.ACM] == pytest.approx((827.93 + 40.97 * 0.029 * 663 * 0.997**3) * 1.02**2)


def test_the_national_maximum_is_not_for_customers_above_100_kw():
    row = rows()["business_large"]
    assert row.now_eur[Reference.ACM] is None
    assert row.share_ok[Reference.ACM] is None
    assert result().nmdn[Reference.ACM].excluded == ("business_large",)
    assert rows({"segment.business_large.kw": 100.0})["business_large"].now_eur[Reference.ACM] is not None


def shares(reference, changes=None):
    found = result(changes)
    return [found.nmdn[reference].share_ok(year) for year in range(4)]


def test_a_maximum_of_zero_is_unknown():
    unknown = shares(Reference.ACM, {"acm_maximum.fixed_total_incl.4": 0.0})
    assert unknown[0] is None
    assert None not in unknown[1:]


def test_after_a_maximum_not_collected_the_last_known_one_counts_on():
    unknown = shares(Reference.ACM, {"acm_maximum.fixed_total_incl.5": 0.0})
    assert unknown[1] is None
    row = rows(NO_SPREAD | {"acm_maximum.fixed_total_incl.5": 0.0}, 2027)["flat_small_rent"]
    assert row.now_eur[Reference.ACM] == pytest.approx((760.77 + 43.79 * 0.029 * 663 * 0.997**2) * 1.02**2)


def test_years_before_the_first_maximum_are_unknown():
    late = {"acm_maximum.year": [2026, 2027, 2028, 2029, 2031], "acm_maximum.fixed_total_incl": [900.0] * 5}
    assert shares(Reference.ACM, late)[0] is None
    assert result(late).nmdn[Reference.ACM].share_ok(5) is None


def test_without_any_maximum_nothing_is_known():
    found = result({"acm_maximum.fixed_total_incl": [0.0] * 5}).nmdn[Reference.ACM]
    assert {found.share_ok(year) for year in range(33)} == {None}
    assert {found.bill_cap_eur(year) for year in range(33)} == {None}
    assert found.worst is None
    assert found.slack_quantiles_eur == {}


def test_a_bill_that_is_half_a_cent_higher_is_not_higher():
    base = NO_SPREAD | {"tariff.per_gj": 0.0, "tariff.per_kw": 0.0, "reference_gas.variable_price_incl": [0.0] * 4}
    base |= {
        "reference_gas.cooking_elec_kwh": 0.0,
        "index.heat_tariff": 0.02,
        "segment.business_large.now_fixed_incl": 0.0,
    }
    base |= {"reference_gas.fixed_per_year_incl": [387.2 - 0.0049] * 4}
    found = result(base)
    assert {row.share_ok[Reference.CONTRACT] for row in segments_in_year(found, 2025)} == {1.0}
    dearer = result(base | {"reference_gas.fixed_per_year_incl": [387.2 - 0.0051] * 4})
    row = {one.segment: one.share_ok[Reference.CONTRACT] for one in segments_in_year(dearer, 2025)}
    assert row["flat_owner"] == 0.0


def test_share_and_bill_cap_count_every_connection():
    found = result()
    case, bills = found.inputs, found.nmdn[Reference.CONTRACT]
    fine, refund = 0, 0.0
    for segment in case.segment:
        keeps = 1.0 if segment.pays_vat else 1.21
        vat = 1.21 if segment.pays_vat else 1.0
        for gas in gas_lattice(segment, case).tolist():
            cook = 37.0 if segment.cooks_on_gas else 0.0
            fixed = 290.25 if segment.now_fixed_incl is None else segment.now_fixed_incl
            now = (gas * 1.485 + fixed) / keeps
            standing = 320.0 if segment.kw == 0.0 else 45.0 * segment.kw
            then = (standing + 36.15 * segment.useful_gj_per_m3 * (gas - cook)) * vat
            then += 175 * 0.27 if segment.cooks_on_gas else 0.0
            fine += then <= now + 0.005
            refund += max(0.0, then - now)
    assert bills.connections == 1102
    assert bills.share_ok(0) == fine / 1102
    assert bills.bill_cap_eur(0) == pytest.approx(refund, rel=1e-12)
    assert found.bill_cap_cost_eur(Reference.CONTRACT, 2025) == bills.bill_cap_eur(0)


def test_a_higher_tariff_is_never_better_for_anybody():
    base = [result({"stress.tariff_scale": scale}).nmdn[Reference.GAS_PATH].share_ok(3) for scale in (0.9, 1.0, 1.1)]
    assert base == sorted(base, reverse=True)


def test_uptake_and_demand_factor_do_not_change_the_population():
    changed = {"connections.uptake": 0.5, "stress.demand_factor": 0.5}
    assert shares(Reference.CONTRACT, changed) == shares(Reference.CONTRACT)


def test_the_worst_household_has_the_least_slack():
    found = result().nmdn[Reference.CONTRACT]
    assert found.worst.segment == "flat_small_rent"
    assert found.worst.slack_eur < min(found.slack_quantiles_eur.values())


def test_the_worth_of_slack_discounts_thirty_years():
    changes = NO_SPREAD | {"appraisal.discount_rate": 0.02, "connections.demand_trend": 0.0}
    found = result(changes)
    row = {one.segment: one for one in segments_in_year(found, 2028)}["flat_owner"]
    slack = row.now_eur[Reference.CONTRACT] - row.then_eur
    # everything grows by 2 % a year and is discounted by 2 %: thirty times the first full year's slack
    assert row.slack_npv_eur[Reference.CONTRACT] == pytest.approx(30.0 * slack)


def test_a_segment_without_connections_has_no_bills():
    row = rows({"segment.flat_owner.count": 0})["flat_owner"]
    assert row.connections == 0
    assert row.then_eur is None
    assert set(row.now_eur.values()) == {None}


def test_a_case_without_connections_has_no_share():
    nobody = {f"segment.{segment.name}.count": 0 for segment in inputs().segment}
    found = result(nobody).nmdn[Reference.CONTRACT]
    assert found.share_ok(0) is None
    assert found.bill_cap_eur(0) == 0.0
    assert found.worst is None
