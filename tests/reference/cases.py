"""Variations of the base case that together walk through every branch of the year model."""

import tomllib
from copy import deepcopy
from pathlib import Path

BASE_CASE = Path(__file__).parents[2] / "ecoop" / "demo" / "ketelhuiswg.toml"
KNOWN_OPTIONAL = ("funding.loan.guarantee_premium",)

CASES = [
    ("base", {}),
    ("linear loan", {"funding.loan.profile": "linear"}),
    ("bullet loan", {"funding.loan.profile": "bullet"}),
    ("sculpted loan", {"funding.loan.profile": "sculpted"}),
    (
        "sculpted loan with premium and interest paid in cash",
        {
            "funding.loan.profile": "sculpted",
            "funding.loan.guarantee_premium": 0.006,
            "funding.loan.capitalise_interest": False,
            "stress.tariff_scale": 1.1,
        },
    ),
    ("sculpted loan of twenty years", {"funding.loan.profile": "sculpted", "funding.loan.repayment_years": 20}),
    ("interest paid during construction", {"funding.loan.capitalise_interest": False}),
    (
        "interest paid during construction up to the limit",
        {"funding.loan.capitalise_interest": False, "funding.loan.limit": 6000000.0},
    ),
    ("upfront fee", {"funding.loan.upfront_fee_share": 0.01}),
    (
        "upfront fee, premium and linear",
        {
            "funding.loan.profile": "linear",
            "funding.loan.rate": 0.031,
            "funding.loan.upfront_fee_share": 0.001,
            "funding.loan.guarantee_premium": 0.005,
        },
    ),
    (
        "twenty years at a commercial rate",
        {
            "funding.loan.rate": 0.055,
            "funding.loan.repayment_years": 20,
            "funding.loan.upfront_fee_share": 0.01,
        },
    ),
    ("facility too small", {"funding.loan.limit": 4000000.0}),
    ("no facility at all", {"funding.loan.limit": 0.0}),
    ("loan without interest", {"funding.loan.rate": 0.0}),
    ("bullet without interest", {"funding.loan.rate": 0.0, "funding.loan.profile": "bullet"}),
    ("rate shifted up", {"stress.rate_shift": 0.0125}),
    ("delay of two and a half months", {"stress.delay_months": 2.5}),
    ("delay of a year", {"stress.delay_months": 12.0}),
    ("delay beyond the first repayment year", {"stress.delay_months": 20.25}),
    ("uptake of 85 percent", {"connections.uptake": 0.85}),
    ("dear electricity", {"stress.elec_factor": 2.5}),
    ("poor heat pumps and much peak", {"production.scop_heat_pump": 2.9, "production.peak_share": 0.2}),
    ("one large meter above the last tax limit", {"electricity.meters": 1, "production.scop_heat_pump": 1.2}),
    (
        "every stress at once",
        {
            "stress.capex_factor": 1.08,
            "stress.demand_factor": 0.9,
            "stress.elec_factor": 1.2,
            "stress.opex_factor": 1.15,
            "stress.tariff_scale": 1.05,
            "stress.delay_months": 3.75,
            "stress.rate_shift": -0.004,
            "connections.uptake": 0.93,
        },
    ),
    ("very low tariff", {"stress.tariff_scale": 0.3}),
    ("very high tariff", {"stress.tariff_scale": 3.0}),
    ("late profits over early losses", {"stress.tariff_scale": 0.55, "index.heat_tariff": 0.07}),
    (
        "loss offset with a low limit",
        {
            "stress.tariff_scale": 1.4,
            "stress.delay_months": 12.0,
            "tax.loss_offset_free": 50000.0,
            "tax.loss_offset_share_above": 0.25,
        },
    ),
    ("member deduction", {"tax.member_profit_deduction_share": 0.6}),
    ("no corporate tax", {"tax.vpb_low_rate": 0.0, "tax.vpb_high_rate": 0.0}),
    ("grants above the investment", {"funding.subsidies.wis": 19000000.0}),
    ("pumps that last ten years", {"capex.asset.heat_pump_stations.life_years": 10}),
    (
        "everything replaced often",
        {
            "capex.asset.heat_pump_stations.life_years": 7,
            "capex.asset.delivery_sets.life_years": 1,
            "capex.asset.delivery_sets.replace_share": 0.1,
            "capex.asset.ates_wells.life_years": 11,
            "capex.asset.ates_wells.replace_share": 0.5,
        },
    ),
    ("no demand trend", {"connections.demand_trend": 0.0}),
    ("growing demand", {"connections.demand_trend": 0.01}),
    ("plenty of own money", {"cash.opening": 9000000.0}),
    ("some own money", {"cash.opening": 3000000.0, "cash.interest_on_positive": 0.025}),
    (
        "no cash at the start and no interest on it",
        {
            "cash.opening": 0.0,
            "cash.minimum": 0.0,
            "cash.interest_on_positive": 0.0,
        },
    ),
    (
        "every index different",
        {
            "index.cpi": 0.018,
            "index.heat_tariff": 0.022,
            "index.wages": 0.031,
            "index.maintenance": 0.027,
            "index.reinvestment": 0.013,
            "index.elec_commodity": -0.01,
            "index.elec_grid": 0.045,
            "index.elec_tax": 0.005,
            "index.gas_commodity": 0.033,
            "index.gas_grid": 0.07,
            "index.gas_tax": -0.015,
        },
    ),
    ("large user pays VAT", {"segment.business_large.pays_vat": True}),
    ("large user pays no fixed charge today", {"segment.business_large.now_fixed_incl": 0.0}),
    ("owners reclaim VAT and cook on gas", {"segment.monument_large.pays_vat": False}),
    ("nobody in the small flats cooks on gas", {"segment.flat_small_rent.cooks_on_gas": False}),
    ("a wide spread reaches the lowest use", {"segment.flat_small_rent.sigma_log": 2.0}),
    ("small business pays for capacity", {"segment.business_small.kw": 40.0}),
    ("a hundred kilowatts is still small", {"segment.business_large.kw": 100.0}),
    ("segment of one", {"segment.business_large.count": 1}),
    (
        "maximum of the first year not collected",
        {
            "acm_maximum.fixed_total_incl": [0.0, 0.0, 759.88, 0.0, 827.93],
        },
    ),
    (
        "other reference years",
        {
            "reference_gas.years": [2024, 2025],
            "reference_gas.variable_price_incl": [1.40, 1.34],
            "reference_gas.fixed_per_year_incl": [305.0, 330.0],
        },
    ),
    (
        "four availability years",
        {
            "time.first_repayment_year": 2029,
            "funding.loan.availability_years": [2025, 2026, 2027, 2028],
            "funding.loan.repayment_years": 29,
            "offer.municipality_direct.repayment_years": 29,
            "offer.sector_bank_with_guarantee.repayment_years": 29,
            "liquidity.subsidy_months": {"2025": [6, 12], "2026": [6, 12], "2027": [6, 12], "2028": [6, 12]},
            "funding.subsidies.yearly_share": {"2025": 0.3, "2026": 0.3, "2027": 0.2, "2028": 0.2},
        },
    ),
    (
        "shorter horizon",
        {
            "time.last_year": 2047,
            "funding.loan.repayment_years": 20,
            "offer.municipality_direct.repayment_years": 20,
            "offer.sector_bank_with_guarantee.repayment_years": 20,
        },
    ),
    ("strict covenant", {"covenants.min_dscr": 1.55}),
]


def base_case() -> dict:
    """The base case as parsed, fresh on every call."""
    with BASE_CASE.open("rb") as file:
        return tomllib.load(file)


def step_into(node: dict | list, name: str) -> dict | list:
    """A table by its key, or the item of a list that carries the name."""
    if isinstance(node, list):
        return next(item for item in node if item["name"] == name)
    return node[name]


def with_overrides(case: dict, overrides: dict) -> dict:
    """A copy of the case with values replaced by dotted path; a path the base does not know is a mistake."""
    changed = deepcopy(case)
    for path, value in overrides.items():
        *parents, last = path.split(".")
        if parents == ["stress"]:
            changed.setdefault("stress", {})
        node = changed
        for name in parents:
            node = step_into(node, name)
        if last not in node and path not in KNOWN_OPTIONAL and parents != ["stress"]:
            raise KeyError(path)
        node[last] = value
    return changed
