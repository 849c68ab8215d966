"""Electricity that heat production needs, and what it costs."""

import numpy as np

from ecoop.finance.indices import Floats, IndexPaths
from ecoop.finance.inputs import CaseInputs, Electricity, Opex, Production
from ecoop.units import GJ_PER_MWH, KWH_PER_MWH

FIRST_SHARED_YEAR = 2026
"""Fixed costs start in this year, with the shares the case gives for it and for the next."""


def fixed_cost_share(opex: Opex, years: np.typing.NDArray[np.int64]) -> Floats:
    """Share of the yearly fixed costs that is due [0..1]: 0 before 2026, then as the case says, 1 from 2028."""
    early = {FIRST_SHARED_YEAR: opex.fixed_cost_share_2026, FIRST_SHARED_YEAR + 1: opex.fixed_cost_share_2027}
    return np.array([early.get(int(year), float(year > FIRST_SHARED_YEAR)) for year in years])


def electricity_per_gj(production: Production, scop: Floats) -> Floats:
    """Electricity per heat fed in [MWh/GJ], in the shape of `scop`.

    Notes
    -----
    ((1 - peak) / SCOP + peak / efficiency + auxiliary) / 3.6.
    """
    peak = production.peak_share
    constant = peak / production.peak_efficiency + production.aux_share
    return np.asarray(((1.0 - peak) / scop + constant) / GJ_PER_MWH)


def bracket_sum(amount: Floats, limits: tuple[float, ...], rates: tuple[float, ...]) -> Floats:
    """Sum of marginal brackets; the last rate also holds above the last limit.

    Parameters
    ----------
    amount : Floats
        What is taxed, >= 0, shape (years, scenarios).
    limits : tuple of float
        Upper limits of the brackets, increasing, in the unit of `amount`.
    rates : tuple of float
        Rate inside each bracket, as many as limits.

    Returns
    -------
    Floats
        In the shape of `amount`.

    Notes
    -----
    r1 x + sum over k of (r(k+1) - r(k)) max(x - limit k, 0). A year whose scenarios all lie on one side of a
    limit needs no maximum there, which is nearly always so and much faster.
    """
    lowest, highest = amount.min(axis=1), amount.max(axis=1)
    slope = np.full(len(amount), rates[0])
    constant = np.zeros(len(amount))
    bends = []
    for limit, lower, upper in zip(limits, rates, rates[1:], strict=False):
        step = upper - lower
        passed = lowest >= limit
        slope[passed] += step
        constant[passed] -= step * limit
        bends.append((limit, step, np.flatnonzero(~passed & (highest > limit))))
    total = amount * slope[:, np.newaxis]
    total += constant[:, np.newaxis]
    for limit, step, rows in bends:
        if len(rows):
            total[rows] += step * np.maximum(amount[rows] - limit, 0.0)
    return total


def electricity_cost(
    use_mwh: Floats, electricity: Electricity, index: IndexPaths, fixed_share: Floats, factor: Floats
) -> Floats:
    """Cost of electricity: commodity, grid and energy tax.

    Parameters
    ----------
    use_mwh : Floats
        Electricity used [MWh/year], shape (years, scenarios).
    electricity : Electricity
        Prices in the price level of the base year, number of meters, tax brackets per meter.
    index : IndexPaths
        Index of each part.
    fixed_share : Floats
        Share of the fixed costs due [0..1], shape (years,).
    factor : Floats
        Price factor [-], shape (scenarios,).

    Returns
    -------
    Floats
        Cost [EUR/year], shape (years, scenarios).

    Notes
    -----
    factor x (E com I_com + (E grid + M fixed phi) I_grid + M T(1000 E / M) I_tax), T the bracket sum per meter.
    Summed over M equal meters the brackets simply widen by M.
    """
    meters = electricity.meters
    limits_mwh = tuple(limit * meters / KWH_PER_MWH for limit in electricity.tax_bracket_upper_kwh)
    rates_mwh = tuple(rate * KWH_PER_MWH for rate in electricity.tax_bracket_eur_per_kwh)
    per_mwh = electricity.commodity_per_mwh * index.elec_commodity + electricity.grid_per_mwh * index.elec_grid
    fixed = meters * electricity.grid_fixed_per_meter * fixed_share * index.elec_grid
    cost = bracket_sum(use_mwh, limits_mwh, rates_mwh)
    cost *= index.elec_tax[:, np.newaxis]
    cost += use_mwh * per_mwh[:, np.newaxis]
    cost += fixed[:, np.newaxis]
    cost *= factor
    return cost


def operating_costs(inputs: CaseInputs, index: IndexPaths, fixed_share: Floats) -> tuple[Floats, Floats, Floats]:
    """Yearly costs besides electricity, split by what moves them.

    Returns
    -------
    tuple of Floats
        Part that does not depend on uptake, part per unit of uptake (both are multiplied by the opex factor), and
        the flat capital part of the water board fee [EUR/year], each of shape (years,).

    Notes
    -----
    phi (of ((sum A om + fee_om) I_maintenance + management I_wages + insurance sum A I_cpi) + fee_capital).
    """
    opex = inputs.opex
    parts = {False: np.zeros(len(fixed_share)), True: np.zeros(len(fixed_share))}
    for asset in inputs.capex.asset:
        maintenance = asset.om_share * index.maintenance
        parts[asset.per_connection] += asset.amount * (maintenance + opex.insurance_share_of_capex * index.cpi)
    parts[False] += opex.waterboard_fee_om * index.maintenance + opex.management_and_billing * index.wages
    flat = opex.waterboard_fee_capital * fixed_share
    return parts[False] * fixed_share, parts[True] * fixed_share, flat
