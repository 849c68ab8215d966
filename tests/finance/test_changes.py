"""Changing one value by its key path, and the unit behind a key path."""

import copy
import tomllib

import pytest

from ecoop.errors import InvalidInput
from ecoop.finance import canonical_digest, override, read_case, unit_of
from tests.finance.cases import BASE, DEMO, GONE, inputs, mapping


@pytest.mark.parametrize(
    ("path", "unit"),
    [
        ("name", ""),
        ("time.first_year", "year"),
        ("time.first_heat", "month"),
        ("index.cpi", "share/year"),
        ("index.cpi.2030", "share/year"),
        ("capex.total", "EUR"),
        ("capex.asset.heat_pump_stations.life_years", "years"),
        ("capex.asset.heat_pump_stations.per_connection", ""),
        ("capex.yearly_share.2025", "share"),
        ("capex.asset", ""),
        ("funding.subsidies.paw", "EUR"),
        ("funding.subsidies.yearly_share.2025", "share"),
        ("connections.anchors", "share"),
        ("connections.heat_weight_month.1", "share"),
        ("reference_gas.cooking_m3", "m3"),
        ("tariff.per_gj", "EUR/GJ"),
        ("segment.flat_small_rent.count", "count"),
        ("segment.flat_small_rent.now_fixed_incl", "EUR/year"),
        ("production.scop_heat_pump", "ratio"),
        ("electricity.tax_bracket_upper_kwh", "kWh"),
        ("liquidity.subsidy_months.2025", "month"),
        ("liquidity.uncertain.gap_months.low", "months"),
        ("monte_carlo.capex_factor.sigma", "factor"),
        ("monte_carlo.delay_months.mode", "months"),
        ("monte_carlo.delay_months.dist", ""),
        ("monte_carlo.correlation", "ratio"),
        ("stress.delay_months", "months"),
        ("offer.commercial_bank.rate", "share"),
        ("cash", ""),
    ],
)
def test_every_key_path_has_its_unit(path, unit):
    assert unit_of(path) == unit


@pytest.mark.parametrize(
    "path",
    ["", "bogus", "tariff.bogus", "tariff.per_gj.2025", "capex.yearly_share.2025.x", "name.x",
     "funding.subsidies.grants", "monte_carlo.scop.bogus", "stress.bogus"],
)  # fmt: skip
def test_a_key_path_no_case_can_have_is_refused(path):
    with pytest.raises(InvalidInput) as refusal:
        unit_of(path)
    assert [problem.reason for problem in refusal.value.problems] == ["unknown_key"]
    with pytest.raises(InvalidInput):
        override(BASE, path, 1)


@pytest.mark.parametrize(
    ("path", "value", "read"),
    [
        ("tariff.per_gj", "37.5", lambda case: case.tariff.per_gj == 37.5),
        ("tariff.per_gj", 37, lambda case: case.tariff.per_gj == 37.0),
        ("tariff.regime", "cost_based", lambda case: case.tariff.regime == "cost_based"),
        ("name", "5", lambda case: case.name == "5"),
        ("stress.elec_factor", "1.2", lambda case: case.stress.elec_factor == 1.2),
        ("segment.flat_owner.count", "200", lambda case: case.segment[2].count == 200),
        ("segment.flat_owner.cooks_on_gas", "false", lambda case: case.segment[2].cooks_on_gas is False),
        ("offer.commercial_bank.rate", "0.05", lambda case: case.offer[2].rate == 0.05),
        ("reference_gas.variable_price_incl.2", "1.5", lambda case: case.reference_gas.variable_price_incl[1] == 1.5),
        ("connections.anchors", '[["2026-04", 0], ["2027-01", 1]]', lambda case: len(case.connections.anchors) == 2),
        ("time.first_heat", "2026-06", lambda case: case.time.first_heat == (2026, 6)),
        ("monte_carlo.scop.low", "2.8", lambda case: dict(case.monte_carlo.scop.parameters)["low"] == 2.8),
        ("funding.subsidies.paw", "1e6", lambda case: dict(case.funding.subsidies.grants)["paw"] == 1e6),
    ],
)
def test_one_value_is_changed(path, value, read):
    assert read(read_case(override(BASE, path, value)))


def test_the_name_of_a_distribution_is_text():
    changed = override(BASE, "monte_carlo.scop.dist", "normal")
    assert changed["monte_carlo"]["scop"]["dist"] == "normal"


def test_the_given_case_stays_as_it_is():
    before = copy.deepcopy(BASE)
    override(BASE, "segment.flat_owner.count", 1)
    assert before == BASE


@pytest.mark.parametrize("text", ["dear", "36,15", "1\ntariff = 2"])
def test_text_that_is_no_value_is_left_for_reading_to_refuse(text):
    with pytest.raises(InvalidInput) as refusal:
        read_case(override(BASE, "tariff.per_gj", text))
    assert [problem.reason for problem in refusal.value.problems] == ["wrong_type"]


@pytest.mark.parametrize("path", ["segment.flat_huge.count", "reference_gas.years.9"])
def test_an_item_that_is_not_there_is_refused(path):
    with pytest.raises(InvalidInput) as refusal:
        override(BASE, path, 1)
    assert [problem.reason for problem in refusal.value.problems] == ["unknown_name"]


def test_a_number_where_the_path_needs_a_table_is_refused():
    with pytest.raises(InvalidInput) as refusal:
        override(mapping({"cash": 5}), "cash.opening", 1)
    assert [problem.reason for problem in refusal.value.problems] == ["wrong_type"]


def test_the_digest_does_not_mind_the_order_of_keys():
    turned = dict(reversed(list(BASE.items())))
    turned["funding"] = {**BASE["funding"], "subsidies": dict(reversed(BASE["funding"]["subsidies"].items()))}
    assert canonical_digest(read_case(turned)) == canonical_digest(inputs())


@pytest.mark.parametrize(
    "changes",
    [
        {"cash.opening": 250000},
        {"stress": {}},
        {"stress.capex_factor": 1, "stress.delay_months": 0},
        {"tariff.regime": "contract_nmdn"},
        {"funding.loan.guarantee_premium": 0.0},
        {"capex.asset.ates_wells.per_connection": False},
    ],
)
def test_the_digest_does_not_mind_how_the_same_is_written(changes):
    assert canonical_digest(inputs(changes)) == canonical_digest(inputs())


@pytest.mark.parametrize("changes", [{"cash.opening": 250001}, {"name": "other"}, {"offer": GONE}])
def test_the_digest_tells_different_cases_apart(changes):
    assert canonical_digest(inputs(changes)) != canonical_digest(inputs())


def test_the_digest_is_a_sha256():
    assert len(canonical_digest(inputs())) == 64
    assert canonical_digest(read_case(tomllib.loads(DEMO.read_text()))) == canonical_digest(inputs())
