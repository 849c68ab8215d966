"""Heat, electricity, operating cost, revenue and investment per year, one plain loop after another.

Part of the slow reference model: written from the description of the model, never from the engine.
"""

from itertools import pairwise

FIRST_YEAR_OF_FIXED_COSTS = 2026
MJ_HEAT_PER_KWH = 3.6

NEUTRAL_STRESS = {
    "capex_factor": 1.0,
    "demand_factor": 1.0,
    "elec_factor": 1.0,
    "opex_factor": 1.0,
    "tariff_scale": 1.0,
    "delay_months": 0.0,
    "rate_shift": 0.0,
}


def stress_factor(case: dict, name: str) -> float:
    """One stress factor, neutral when the case does not name it."""
    return case.get("stress", {}).get(name, NEUTRAL_STRESS[name])


def years_of(case: dict) -> list[int]:
    """All calendar years of the appraisal, the last one included."""
    return list(range(case["time"]["first_year"], case["time"]["last_year"] + 1))


def price_index(case: dict, name: str) -> list[float]:
    """Index that is 1 in the first year and grows by (1 + g) in each later one."""
    values = [1.0]
    for _ in years_of(case)[1:]:
        values.append(values[-1] * (1 + case["index"][name]))
    return values


def month_number(text: str) -> int:
    """Running number of a month written as "2026-04"."""
    year, month = text.split("-")
    return 12 * int(year) + int(month)


def share_connected(case: dict, month: int) -> float:
    """Cumulative share at the end of a month: linear between the anchors, all shifted by the delay."""
    anchors = [
        (month_number(text) + stress_factor(case, "delay_months"), share)
        for text, share in case["connections"]["anchors"]
    ]
    if month <= anchors[0][0]:
        return anchors[0][1]
    for (start, low), (end, high) in pairwise(anchors):
        if month <= end:
            return low + (high - low) * (month - start) / (end - start)
    return anchors[-1][1]


def connection_shares(case: dict, year: int) -> tuple[float, float, float]:
    """(plain mean of the 12 mid-month shares, their heat-weighted sum, share newly connected)."""
    january = 12 * year + 1
    mids = [
        (share_connected(case, month - 1) + share_connected(case, month)) / 2 for month in range(january, january + 12)
    ]
    weights = case["connections"]["heat_weight_month"]
    weighted = sum(weight * mid for weight, mid in zip(weights, mids, strict=True))
    new = share_connected(case, january + 11) - share_connected(case, january - 1)
    return sum(mids) / 12, weighted, new


def cooking_gas(case: dict, segment: dict) -> float:
    """Gas a connection cooks on, in cubic metres per year."""
    return case["reference_gas"]["cooking_m3"] if segment["cooks_on_gas"] else 0.0


def heat_at_full_connection(case: dict) -> float:
    """Yearly heat of all planned connections [GJ]: (gas - cooking gas) x useful heat, times the count."""
    total = 0.0
    for segment in case["segment"]:
        gas = segment["gas_m3"] - cooking_gas(case, segment)
        total += segment["count"] * gas * segment["useful_gj_per_m3"]
    return total


def demand_path(case: dict) -> list[float]:
    """Heat demand per connection relative to the first year: (1 + trend) to the power i."""
    return [(1 + case["connections"]["demand_trend"]) ** i for i in range(len(years_of(case)))]


def heat_sold(case: dict) -> list[float]:
    """Heat at the customers [GJ]: full heat x uptake x weighted share x trend x demand factor."""
    full = heat_at_full_connection(case) * case["connections"]["uptake"]
    sold = []
    for year, trend in zip(years_of(case), demand_path(case), strict=True):
        weighted = connection_shares(case, year)[1]
        sold.append(full * weighted * trend * stress_factor(case, "demand_factor"))
    return sold


def electricity_use(case: dict, sold: list[float]) -> list[float]:
    """Electricity [MWh]: heat fed in, which adds the fixed network loss, through pumps, peak and auxiliaries."""
    production = case["production"]
    loss_share = production["network_loss_share"]
    full_loss = loss_share / (1 - loss_share) * heat_at_full_connection(case)
    per_mwh_heat = (
        (1 - production["peak_share"]) / production["scop_heat_pump"]
        + production["peak_share"] / production["peak_efficiency"]
        + production["aux_share"]
    )
    used = []
    for year, gj in zip(years_of(case), sold, strict=True):
        fed = gj + full_loss * connection_shares(case, year)[0]
        used.append(fed / MJ_HEAT_PER_KWH * per_mwh_heat)
    return used


def fixed_cost_share(case: dict, year: int) -> float:
    """Part of the fixed costs due: nothing before 2026, the case's share in 2026 and 2027, then all."""
    if year < FIRST_YEAR_OF_FIXED_COSTS:
        return 0.0
    return case["opex"].get(f"fixed_cost_share_{year}", 1.0)


def energy_tax_per_meter(case: dict, kwh: float) -> float:
    """Marginal sum over the brackets; the last rate also holds above the last limit."""
    uppers = case["electricity"]["tax_bracket_upper_kwh"]
    rates = case["electricity"]["tax_bracket_eur_per_kwh"]
    tax = 0.0
    lower = 0.0
    for upper, rate in zip(uppers, rates, strict=True):
        tax += rate * max(0.0, min(kwh, upper) - lower)
        lower = upper
    return tax + rates[-1] * max(0.0, kwh - lower)


def electricity_cost(case: dict, used: list[float]) -> list[float]:
    """Commodity, grid (per MWh and per meter) and energy tax, each with its index, times the price stress."""
    prices = case["electricity"]
    meters = prices["meters"]
    commodity, grid, tax = (price_index(case, name) for name in ("elec_commodity", "elec_grid", "elec_tax"))
    costs = []
    for i, year in enumerate(years_of(case)):
        mwh = used[i]
        fixed = meters * prices["grid_fixed_per_meter"] * fixed_cost_share(case, year)
        cost = mwh * prices["commodity_per_mwh"] * commodity[i]
        cost += (mwh * prices["grid_per_mwh"] + fixed) * grid[i]
        cost += meters * energy_tax_per_meter(case, 1000 * mwh / meters) * tax[i]
        costs.append(stress_factor(case, "elec_factor") * cost)
    return costs


def asset_amount(case: dict, asset: dict) -> float:
    """Amount of an asset; those counted per connection follow the uptake."""
    return asset["amount"] * (case["connections"]["uptake"] if asset.get("per_connection") else 1.0)


def total_assets(case: dict) -> float:
    """Sum of the asset amounts, before the capex stress."""
    return sum(asset_amount(case, asset) for asset in case["capex"]["asset"])


def operating_cost(case: dict) -> list[float]:
    """Upkeep, management, insurance and the source charge; its capital part has no index and no stress."""
    opex = case["opex"]
    upkeep = opex["waterboard_fee_om"]
    for asset in case["capex"]["asset"]:
        upkeep += asset_amount(case, asset) * asset["om_share"]
    insurance = opex["insurance_share_of_capex"] * total_assets(case)
    maintenance, wages, cpi = (price_index(case, name) for name in ("maintenance", "wages", "cpi"))
    costs = []
    for i, year in enumerate(years_of(case)):
        indexed = upkeep * maintenance[i] + opex["management_and_billing"] * wages[i] + insurance * cpi[i]
        cost = stress_factor(case, "opex_factor") * indexed + opex["waterboard_fee_capital"]
        costs.append(fixed_cost_share(case, year) * cost)
    return costs


def revenue(case: dict, sold: list[float]) -> list[float]:
    """Fixed charge where kw = 0, capacity charge where kw > 0, heat price for all, less bad debt."""
    tariff = case["tariff"]
    small = sum(segment["count"] for segment in case["segment"] if segment["kw"] == 0)
    kilowatts = sum(segment["count"] * segment["kw"] for segment in case["segment"])
    standing = small * tariff["fixed_per_connection"] + kilowatts * tariff["per_kw"]
    scale = (1 - tariff["bad_debt_share"]) * stress_factor(case, "tariff_scale")
    index = price_index(case, "heat_tariff")
    amounts = []
    for i, year in enumerate(years_of(case)):
        connected = case["connections"]["uptake"] * connection_shares(case, year)[0]
        amounts.append(scale * index[i] * (standing * connected + sold[i] * tariff["per_gj"]))
    return amounts


def capex(case: dict) -> list[float]:
    """The year's share of all asset amounts, times the capex stress."""
    shares = case["capex"]["yearly_share"]
    total = total_assets(case) * stress_factor(case, "capex_factor")
    return [shares.get(str(year), 0.0) * total for year in years_of(case)]


def subsidy(case: dict) -> list[float]:
    """The year's share of all grants together; uptake does not touch them."""
    table = case["funding"]["subsidies"]
    total = sum(amount for name, amount in table.items() if name != "yearly_share")
    return [table["yearly_share"].get(str(year), 0.0) * total for year in years_of(case)]


def connection_fees(case: dict) -> list[float]:
    """Total fees x uptake x the share newly connected in the year."""
    total = case["funding"]["connection_fees"]["total"] * case["connections"]["uptake"]
    return [total * connection_shares(case, year)[2] for year in years_of(case)]


def replacements(case: dict) -> list[tuple[int, float, int]]:
    """(year, amount, life) of every replacement: each life after the last construction year, indexed."""
    index = price_index(case, "reinvestment")
    first_year, last_year = case["time"]["first_year"], case["time"]["last_year"]
    found = []
    for asset in case["capex"]["asset"]:
        life = asset["life_years"]
        year = case["time"]["first_repayment_year"] - 1 + life
        while year <= last_year:
            amount = asset_amount(case, asset) * asset["replace_share"] * index[year - first_year]
            found.append((year, amount, life))
            year += life
    return found
