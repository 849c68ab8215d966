"""Niet Meer Dan Nu: the bill of every household before and after, under three references."""

import math
from collections.abc import Callable
from statistics import NormalDist, fmean

from .operations import cooking_gas, demand_path, price_index, stress_factor, years_of

ROUNDING_EUR = 0.005
SMALL_USER_KW = 100


def household_gas(case: dict, segment: dict) -> list[float]:
    """Gas per household [m3]: lognormal quantiles at (i - 0.5)/n, at least one above the cooking gas."""
    sigma = segment["sigma_log"]
    lowest = cooking_gas(case, segment) + 1
    gas = []
    for i in range(1, segment["count"] + 1):
        z = NormalDist().inv_cdf((i - 0.5) / segment["count"])
        gas.append(max(lowest, segment["gas_m3"] * math.exp(sigma * z - sigma**2 / 2)))
    return gas


def without_reclaimed_vat(case: dict, segment: dict, amount_incl: float) -> float:
    """An amount incl. VAT as this customer feels it."""
    return amount_incl if segment["pays_vat"] else amount_incl / (1 + case["tax"]["vat"])


def level(case: dict, year: int) -> dict:
    """All indices of one year, with the heat demand of a connection and the year itself."""
    i = year - case["time"]["first_year"]
    found = {name: price_index(case, name)[i] for name in case["index"]}
    return {**found, "demand": demand_path(case)[i], "year": year}


def bill_then(case: dict, segment: dict, gas_m3: float, at: dict) -> float:
    """Heat bill at the scaled tariff and its index, plus electricity for cooking that used to be on gas."""
    tariff = case["tariff"]
    charge = tariff["per_kw"] * segment["kw"] if segment["kw"] > 0 else tariff["fixed_per_connection"]
    heat = segment["useful_gj_per_m3"] * (gas_m3 - cooking_gas(case, segment)) * at["demand"]
    bill = (charge + tariff["per_gj"] * heat) * stress_factor(case, "tariff_scale") * at["heat_tariff"]
    if segment["pays_vat"]:
        bill *= 1 + case["tax"]["vat"]
    if segment["cooks_on_gas"]:
        gas = case["reference_gas"]
        cooking = gas["cooking_elec_kwh"] * gas["household_elec_price_incl"] * at["cpi"]
        bill += without_reclaimed_vat(case, segment, cooking)
    return bill


def gas_use(case: dict, segment: dict, gas_m3: float, at: dict) -> float:
    """Gas of the year [m3]: heating follows the demand trend, cooking does not."""
    cooking = cooking_gas(case, segment)
    return (gas_m3 - cooking) * at["demand"] + cooking


def now_contract(case: dict, segment: dict, gas_m3: float, at: dict) -> float:
    """Mean gas price and mean fixed charge of the reference years, both with the CPI."""
    gas = case["reference_gas"]
    fixed = segment.get("now_fixed_incl", sum(gas["fixed_per_year_incl"]) / len(gas["years"]))
    price = sum(gas["variable_price_incl"]) / len(gas["years"])
    return (gas_use(case, segment, gas_m3, at) * price + fixed) * at["cpi"]


def now_gas_path(case: dict, segment: dict, gas_m3: float, at: dict) -> float:
    """Last reference year's price in parts: commodity, energy tax with VAT, grid and supplier charge."""
    gas = case["reference_gas"]
    tax = gas["energy_tax_m3_2025"] * (1 + case["tax"]["vat"])
    commodity = gas["variable_price_incl"][-1] - tax
    price = commodity * at["gas_commodity"] + tax * at["gas_tax"]
    if "now_fixed_incl" in segment:
        fixed = segment["now_fixed_incl"] * at["cpi"]
    else:
        fixed = gas["fixed_grid_incl_2025"] * at["gas_grid"] + gas["fixed_supplier_incl_2025"] * at["cpi"]
    return gas_use(case, segment, gas_m3, at) * price + fixed


def known_maxima(case: dict) -> dict[int, tuple[float, float]]:
    """(EUR/GJ, fixed EUR) per collected year; a zero means that nobody collected it."""
    table = case["acm_maximum"]
    listed = zip(table["year"], table["eur_per_gj_incl"], table["fixed_total_incl"], strict=True)
    return {year: (per_gj, fixed) for year, per_gj, fixed in listed if per_gj > 0 and fixed > 0}


def acm_maximum(case: dict, at: dict) -> tuple[float, float] | None:
    """The year's maximum; after the last listed year the last known one, with the heat index."""
    known = known_maxima(case)
    if at["year"] <= max(case["acm_maximum"]["year"]):
        return known.get(at["year"])
    last = max(known)
    growth = at["heat_tariff"] / price_index(case, "heat_tariff")[last - case["time"]["first_year"]]
    return known[last][0] * growth, known[last][1] * growth


def now_acm(case: dict, segment: dict, gas_m3: float, at: dict) -> float | None:
    """The maximum tariff on the heat used; None for large users and for years without a maximum."""
    maximum = at["acm"]
    if maximum is None or segment["kw"] > SMALL_USER_KW:
        return None
    heat = segment["useful_gj_per_m3"] * (gas_m3 - cooking_gas(case, segment)) * at["demand"]
    return maximum[0] * heat + maximum[1]


def segment_bills(case: dict, segment: dict, gas: list[float], now_of: Callable, at: dict) -> list[tuple]:
    """(now or None, then) of every household of a segment in one year."""
    pairs = []
    for gas_m3 in gas:
        now = now_of(case, segment, gas_m3, at)
        if now is not None:
            now = without_reclaimed_vat(case, segment, now)
        pairs.append((now, bill_then(case, segment, gas_m3, at)))
    return pairs


def share_ok(pairs: list[tuple]) -> float | None:
    """Share of the households with a known reference that pay no more than it; None if there are none."""
    known = [then <= now + ROUNDING_EUR for now, then in pairs if now is not None]
    return fmean(known) if known else None


def bill_cap_cost(pairs: list[tuple]) -> float | None:
    """What topping up every dearer bill would cost; None if no reference is known."""
    excess = [max(0.0, then - now) for now, then in pairs if now is not None]
    return math.fsum(excess) if excess else None


def segment_summary(pairs: list[tuple]) -> dict:
    """Means per connection of one segment."""
    known = [now for now, _ in pairs if now is not None]
    return {
        "connections": len(pairs),
        "now_eur": fmean(known) if known else None,
        "then_eur": fmean(then for _, then in pairs),
        "share_ok": share_ok(pairs),
    }


def one_reference(case: dict, population: dict, now_of: Callable) -> dict:
    """Share of households and cost of a bill cap per year, with the segments of the first year."""
    result = {"share_ok": [], "bill_cap_cost_eur": [], "segments": {}}
    for year in years_of(case):
        at = level(case, year)
        at["acm"] = acm_maximum(case, at)
        everybody = []
        for segment in case["segment"]:
            pairs = segment_bills(case, segment, population[segment["name"]], now_of, at)
            everybody.extend(pairs)
            if year == case["time"]["first_year"]:
                result["segments"][segment["name"]] = segment_summary(pairs)
        result["share_ok"].append(share_ok(everybody))
        result["bill_cap_cost_eur"].append(bill_cap_cost(everybody))
    return result


def not_more_than_now(case: dict) -> dict:
    """The three references over the same population."""
    population = {segment["name"]: household_gas(case, segment) for segment in case["segment"]}
    return {
        "contract": one_reference(case, population, now_contract),
        "gas_path": one_reference(case, population, now_gas_path),
        "acm": one_reference(case, population, now_acm),
    }
