"""The year engine as one would write it first: plain NumPy by year over all scenarios, nothing tuned.

It gives the same answers for an annuity with capitalised interest and no cap on losses other than the case's own, and
is what the tuned engine is compared with. It works on whole arrays of scenarios, without pieces and without reuse.
"""

import itertools
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ecoop.finance.indices import index_paths
from ecoop.finance.inputs import CaseInputs

Floats = NDArray[np.float64]


def connected(inputs: CaseInputs, year: int, delay: Floats) -> tuple[Floats, Floats, Floats]:
    """Average, heat-weighted and new share of one year."""
    at = [year_ * 12 + month - 1 for (year_, month), _ in inputs.connections.anchors]
    shares = [share for _, share in inputs.connections.anchors]
    if year * 12 - 1 >= at[-1] + delay.max():
        return np.ones_like(delay), np.ones_like(delay), np.zeros_like(delay)
    if year * 12 + 11 <= at[0]:
        return np.zeros_like(delay), np.zeros_like(delay), np.zeros_like(delay)
    ends = [np.interp(year * 12 + month - delay, at, shares) for month in range(-1, 12)]
    middles = [(before + after) / 2.0 for before, after in itertools.pairwise(ends)]
    weighted = sum(
        weight * middle for weight, middle in zip(inputs.connections.heat_weight_month, middles, strict=True)
    )
    return np.asarray(sum(middles)) / 12.0, np.asarray(weighted), ends[12] - ends[0]


def tax_and_losses(profit: Floats, losses: Floats, inputs: CaseInputs) -> tuple[Floats, Floats]:
    """Corporate tax of one year and the losses left."""
    rules = inputs.tax
    most = np.minimum(profit, rules.loss_offset_free) + rules.loss_offset_share_above * np.maximum(
        profit - rules.loss_offset_free, 0.0
    )
    used = np.where(profit > 0.0, np.minimum(losses, most), 0.0)
    base = np.where(profit > 0.0, (profit - used) * (1.0 - rules.member_profit_deduction_share), 0.0)
    low = np.minimum(base, rules.vpb_low_limit) * rules.vpb_low_rate
    high = np.maximum(base - rules.vpb_low_limit, 0.0) * rules.vpb_high_rate
    return low + high, np.where(profit < 0.0, losses - profit, losses - used)


def energy_tax(per_meter_kwh: Floats, inputs: CaseInputs) -> Floats:
    """Marginal bracket sum per meter."""
    electricity = inputs.electricity
    uppers = [*electricity.tax_bracket_upper_kwh[:-1], np.inf]
    total = np.zeros_like(per_meter_kwh)
    lower = 0.0
    for upper, rate in zip(uppers, electricity.tax_bracket_eur_per_kwh, strict=True):
        total = total + rate * np.clip(per_meter_kwh - lower, 0.0, upper - lower)
        lower = upper
    return total


def evaluate(inputs: CaseInputs, draws: Mapping[str, Floats]) -> dict[str, Floats]:
    """Lowest cover ratio, lowest cash with its year, and starting balance of every scenario."""
    index, loan, cash_rules = index_paths(inputs), inputs.funding.loan, inputs.cash
    start, first = inputs.time.first_repayment_year, inputs.time.first_year
    uptake, rate = draws["uptake"], loan.rate + loan.guarantee_premium + draws["rate_shift"]
    cooking = inputs.reference_gas.cooking_m3
    full = sum(
        segment.count * (segment.gas_m3 - cooking * segment.cooks_on_gas) * segment.useful_gj_per_m3
        for segment in inputs.segment
    )
    small = sum(segment.count for segment in inputs.segment if segment.kw == 0.0)
    kilowatts = sum(segment.count * segment.kw for segment in inputs.segment)
    amounts = {
        asset.name: asset.amount * (uptake if asset.per_connection else np.ones_like(uptake))
        for asset in inputs.capex.asset
    }
    assets = sum(amounts.values())
    capex_shares, grant_shares = dict(inputs.capex.yearly_share), dict(inputs.funding.subsidies.yearly_share)
    grants = sum(amount for _, amount in inputs.funding.subsidies.grants)
    shares = {year: connected(inputs, year, draws["delay_months"]) for year in range(first, inputs.time.last_year + 1)}
    fees_of = {year: inputs.funding.connection_fees.total * uptake * shares[year][2] for year in shares}
    production, prices, opex_rules = inputs.production, inputs.electricity, inputs.opex
    peak = production.peak_share
    per_gj = ((1 - peak) / draws["scop"] + peak / production.peak_efficiency + production.aux_share) / 3.6
    cash, balance = np.full_like(uptake, cash_rules.opening), np.zeros_like(uptake)
    losses, construction_interest = np.zeros_like(uptake), np.zeros_like(uptake)
    lowest, lowest_year = np.full_like(uptake, np.inf), np.zeros_like(uptake)
    lowest_cover, payment, per_euro = np.full_like(uptake, np.inf), np.zeros_like(uptake), np.zeros_like(uptake)
    for i, year in enumerate(shares):
        average, weighted, _ = shares[year]
        sold = full * uptake * weighted * (1.0 + inputs.connections.demand_trend) ** i * draws["demand_factor"]
        lost = production.network_loss_share / (1.0 - production.network_loss_share) * full * average
        use = (sold + lost) * per_gj
        due = {2026: opex_rules.fixed_cost_share_2026, 2027: opex_rules.fixed_cost_share_2027}.get(
            year, float(year > 2027)
        )
        electricity = draws["elec_factor"] * (
            use * prices.commodity_per_mwh * index.elec_commodity[i]
            + (use * prices.grid_per_mwh + prices.meters * prices.grid_fixed_per_meter * due) * index.elec_grid[i]
            + prices.meters * energy_tax(1000.0 * use / prices.meters, inputs) * index.elec_tax[i]
        )
        upkeep = sum(amounts[asset.name] * asset.om_share for asset in inputs.capex.asset)
        opex = due * (
            draws["opex_factor"]
            * (
                (upkeep + opex_rules.waterboard_fee_om) * index.maintenance[i]
                + opex_rules.management_and_billing * index.wages[i]
                + opex_rules.insurance_share_of_capex * assets * index.cpi[i]
            )
            + opex_rules.waterboard_fee_capital
        )
        revenue = (
            (1.0 - inputs.tariff.bad_debt_share)
            * inputs.stress.tariff_scale
            * index.heat_tariff[i]
            * (
                small * uptake * average * inputs.tariff.fixed_per_connection
                + sold * inputs.tariff.per_gj
                + kilowatts * uptake * average * inputs.tariff.per_kw
            )
        )
        ebitda = revenue - electricity - opex
        capex = capex_shares.get(year, 0.0) * assets * draws["capex_factor"]
        flow = grant_shares.get(year, 0.0) * grants + fees_of[year] - capex
        earned = cash_rules.interest_on_positive * np.maximum(cash, 0.0)
        if year < start:
            tax, losses = tax_and_losses(ebitda + earned, losses, inputs)
            fee = loan.upfront_fee_share * loan.limit * (year == loan.availability_years[0])
            before = cash + ebitda + earned - tax + flow - fee
            room = (loan.limit / (1 + rate) ** (start - 1 - year) - balance * (1 + rate)) / (1 + rate / 2)
            draw = np.clip(cash_rules.minimum - before, 0.0, np.maximum(room, 0.0))
            interest = rate * (balance + draw / 2.0)
            balance = balance + draw + interest
            construction_interest = construction_interest + interest
            cash = before + draw
        else:
            if year == start:
                payment = balance * rate / (1.0 - (1.0 + rate) ** -loan.repayment_years)
                start_balance = balance
                basis = assets * draws["capex_factor"] + construction_interest - grants - sum(fees_of.values())
                basis = basis + loan.upfront_fee_share * loan.limit
                per_euro = np.maximum(basis, 0.0) / assets
            write_off, replacement = np.zeros_like(uptake), np.zeros_like(uptake)
            for asset in inputs.capex.asset:
                age = year - start
                if age < asset.life_years:
                    write_off = write_off + per_euro * amounts[asset.name] / asset.life_years
                bought = [
                    again
                    for again in range(start - 1 + asset.life_years, year + 1, asset.life_years)
                    if asset.replace_share > 0.0
                ]
                for again in bought:
                    cost = amounts[asset.name] * asset.replace_share * index.reinvestment[again - first]
                    if again == year:
                        replacement = replacement + cost
                    elif year <= again + asset.life_years:
                        write_off = write_off + cost / asset.life_years
            interest = rate * balance
            tax, losses = tax_and_losses(ebitda + earned - interest - write_off, losses, inputs)
            service = payment if year < start + loan.repayment_years else np.zeros_like(uptake)
            balance = balance + interest - service
            cash = cash + ebitda - tax + earned + flow - service - replacement
            cover = np.divide(ebitda - tax, service, out=np.full_like(uptake, np.inf), where=service > 0.0)
            lowest_cover = np.minimum(lowest_cover, cover)
        lowest_year = np.where(cash < lowest - 1e-6, year, lowest_year)
        lowest = np.minimum(lowest, cash)
    return {
        "min_dscr": lowest_cover,
        "min_cash_eur": lowest,
        "min_cash_year": lowest_year,
        "start_balance_eur": start_balance,
    }
