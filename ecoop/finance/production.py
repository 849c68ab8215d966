"""Electricity that heat production needs, and what it costs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecoop.finance.indices import Floats, IndexPaths
from ecoop.finance.inputs import CaseInputs, Electricity, Opex, Production
from ecoop.units import GJ_PER_MWH, KWH_PER_MWH

FIRST_SHARED_YEAR = 2026
"""Fixed costs start in this year, with the shares the case gives for it and for the next."""


def fixed_cost_share(opex: Opex, years: NDArray[np.int64]) -> Floats:
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


def bracket_sum(amount: Floats, limits: Sequence[float], rates: Sequence[float]) -> Floats:
    """Sum of marginal brackets; the last rate also holds above the last limit.

    Parameters
    ----------
    amount : Floats
        What is taxed, >= 0, shape (scenarios,), at least one.
    limits : Sequence[float]
        Upper limits of the brackets, increasing, in the unit of `amount`.
    rates : Sequence[float]
        Rate inside each bracket, as many as limits.

    Returns
    -------
    Floats
        In the shape of `amount`.

    Notes
    -----
    r1 x + sum over k of (r(k+1) - r(k)) max(x - limit k, 0). A limit with all scenarios on one side of it needs no
    maximum, which is nearly always so and much faster.
    """
    lowest, highest = amount.min(), amount.max()
    slope, constant, bends = rates[0], 0.0, []
    for limit, lower, upper in zip(limits, rates, rates[1:], strict=False):
        if lowest >= limit:
            slope += upper - lower
            constant -= (upper - lower) * limit
        elif highest > limit:
            bends.append((upper - lower) * np.maximum(amount - limit, 0.0))
    total = amount * slope
    total += constant
    for bend in bends:
        total += bend
    return total


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectricityPrices:
    """What electricity costs per year; arrays of shape (years,)."""

    per_mwh: Floats
    """Commodity and grid, nominal [EUR/MWh]."""
    fixed_eur: Floats
    """Grid cost that does not depend on use, of all meters [EUR/year]."""
    tax_index: Floats
    """Index of the energy tax [-]."""
    limits_mwh: tuple[float, ...]
    """Limits of the tax brackets for all meters together [MWh]."""
    rates_mwh: tuple[float, ...]
    """Tax inside each bracket in the price level of the base year [EUR/MWh]."""

    def cost(self, year: int, use_mwh: Floats, factor: Floats) -> Floats:
        """Cost of electricity in one year (by position).

        Parameters
        ----------
        year : int
            Position of the year.
        use_mwh : Floats
            Electricity used [MWh], shape (scenarios,).
        factor : Floats
            Price factor [-], shape (scenarios,).

        Returns
        -------
        Floats
            [EUR], shape (scenarios,).

        Notes
        -----
        factor x (E com I_com + (E grid + M fixed phi) I_grid + M T(1000 E / M) I_tax), T the bracket sum per meter.
        Summed over M equal meters the brackets simply widen by M.
        """
        indexed = [rate * float(self.tax_index[year]) + float(self.per_mwh[year]) for rate in self.rates_mwh]
        cost = bracket_sum(use_mwh, self.limits_mwh, indexed)
        cost += self.fixed_eur[year]
        cost *= factor
        return cost


def electricity_prices(electricity: Electricity, index: IndexPaths, fixed_share: Floats) -> ElectricityPrices:
    """Follow the prices of electricity over the years; `fixed_share` is phi [0..1], shape (years,)."""
    meters = electricity.meters
    commodity = electricity.commodity_per_mwh * index.elec_commodity
    return ElectricityPrices(
        per_mwh=commodity + electricity.grid_per_mwh * index.elec_grid,
        fixed_eur=meters * electricity.grid_fixed_per_meter * fixed_share * index.elec_grid,
        tax_index=index.elec_tax,
        limits_mwh=tuple(limit * meters / KWH_PER_MWH for limit in electricity.tax_bracket_upper_kwh),
        rates_mwh=tuple(rate * KWH_PER_MWH for rate in electricity.tax_bracket_eur_per_kwh),
    )


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
