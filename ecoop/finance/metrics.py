"""Figures that sum up a row of yearly flows. Where mathematics has no answer, a status or None says so."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.optimize import brentq

from ecoop.finance.debt import NOTHING_EUR
from ecoop.finance.indices import Floats

GRID_POINTS = 129
DOUBLE_ROOT_TOLERANCE = 1e-13
ROUNDING = 1e-12
"""What is smaller than this part of the largest flow is what adding up leaves behind, no flow."""


class RootStatus(StrEnum):
    """How many internal rates of return a flow has."""

    NONE = "none"
    SINGLE = "single"
    MULTIPLE = "multiple"


@dataclass(frozen=True, slots=True, kw_only=True)
class InternalRates:
    """All internal rates of return above -100 % [share/year], ascending."""

    status: RootStatus
    roots: tuple[float, ...]
    sign_changes: int
    """Changes of sign in the flow; there are never more rates than these (Descartes)."""


def net_present_value(flow: Floats, rate: float) -> float:
    """Worth today of yearly flows, the first not discounted.

    Parameters
    ----------
    flow : Floats
        [EUR], shape (years,).
    rate : float
        Discount rate [share/year], > -1.

    Returns
    -------
    float
        [EUR]: sum of flow[i] / (1 + rate)^i.
    """
    return float(flow @ (1.0 + rate) ** -np.arange(float(len(flow))))


def internal_rates(flow: Floats) -> InternalRates:
    """Find every rate at which the flows are worth nothing today.

    Parameters
    ----------
    flow : Floats
        Yearly flows [EUR], shape (years,), finite.

    Returns
    -------
    InternalRates
        No rate, one, or several: two well-known libraries silently return one of several, we return all.

    Notes
    -----
    With x = 1 / (1 + rate) the worth is a polynomial in x and every rate above -1 is a root x > 0. Between two
    neighbouring turning points a polynomial crosses zero at most once, so the turning points (and, for safety against
    rounding in them, a grid up to Cauchy's bound) split the axis into pieces that are each searched by Brent's method.
    A root that only touches zero shows at a turning point.
    """
    size = np.abs(flow)
    flow = np.where(size > ROUNDING * size.max(), flow, 0.0)
    filled = np.flatnonzero(flow)
    if not len(filled) or size.max() <= NOTHING_EUR:
        return InternalRates(status=RootStatus.NONE, roots=(), sign_changes=0)
    coefficients = flow[filled[0] : filled[-1] + 1] / size.max()
    signs = np.sign(flow[filled])
    changes = int(np.count_nonzero(signs[1:] != signs[:-1]))
    found = _positive_roots(coefficients) if changes else []
    rates = sorted(1.0 / root - 1.0 for root in found)
    status = (RootStatus.NONE, RootStatus.SINGLE, RootStatus.MULTIPLE)[min(len(rates), 2)]
    return InternalRates(status=status, roots=tuple(rates), sign_changes=changes)


def _worth(coefficients: Floats, at: Floats) -> tuple[Floats, Floats]:
    """Value of the polynomial and the size of its terms; above 1 both divided by x^degree, against overflow."""
    small = at <= 1.0
    base = np.where(small, at, 1.0 / at)
    powers = base[:, np.newaxis] ** np.arange(float(len(coefficients)))
    terms = powers * np.where(small[:, np.newaxis], coefficients, coefficients[::-1])
    return terms.sum(axis=1), np.abs(terms).sum(axis=1)


def _positive_roots(coefficients: Floats) -> list[float]:
    """All roots x > 0 of a polynomial (lowest power first, first and last coefficient not zero)."""
    size = np.abs(coefficients)
    lowest = 1.0 / (1.0 + float(size[1:].max() / size[0]))
    highest = 1.0 + float(size[:-1].max() / size[-1])
    slopes = coefficients[1:] * np.arange(1.0, len(coefficients))
    turning = np.roots(slopes[::-1]).real
    turning = turning[(turning > lowest) & (turning < highest)]
    grid = np.unique(np.concatenate([np.geomspace(lowest, highest, GRID_POINTS), turning]))
    worth, terms = _worth(coefficients, grid)
    touching = np.isin(grid, turning) & (np.abs(worth) <= DOUBLE_ROOT_TOLERANCE * terms)
    signs = np.where(touching, 0.0, np.sign(worth))
    roots = [float(point) for point in grid[signs == 0.0]]
    crossings = np.flatnonzero(signs[:-1] * signs[1:] < 0.0)
    return roots + [_between(coefficients, float(grid[at]), float(grid[at + 1])) for at in crossings]


def _between(coefficients: Floats, low: float, high: float) -> float:
    """The root between two points of opposite sign, by Horner's rule from the side that cannot overflow."""
    upward, downward = coefficients.tolist(), coefficients[::-1].tolist()

    def worth(point: float) -> float:
        base, terms = (point, downward) if point <= 1.0 else (1.0 / point, upward)
        total = 0.0
        for term in terms:
            total = total * base + term
        return float(total)

    return float(brentq(worth, low, high, xtol=1e-300, rtol=4.0 * np.finfo(float).eps))


def payback_years(flow: Floats, rate: float = 0.0) -> float | None:
    """Years until the flows have paid themselves back for good, linear inside the year.

    Parameters
    ----------
    flow : Floats
        [EUR], shape (years,); the first flow stands at time 0.
    rate : float
        Discount rate [share/year], > -1; 0 gives the plain payback.

    Returns
    -------
    float or None
        Years after the first flow; None when they never pay back, or do so and undo it later.
    """
    total = np.cumsum(flow * (1.0 + rate) ** -np.arange(float(len(flow))))
    below = np.flatnonzero(total < -ROUNDING * np.abs(flow).max())
    if not len(below):
        return 0.0
    last = int(below[-1])
    if last == len(flow) - 1:
        return None
    return last + float(-total[last] / (total[last + 1] - total[last]))


def cover_of_life(cfads: Floats, rate: float, balance: float) -> float | None:
    """Cash flow of coming years, discounted, against the loan balance: LLCR or PLCR.

    Parameters
    ----------
    cfads : Floats
        Cash flow available for debt service [EUR], from the first payment on: to the last payment for the loan life
        cover ratio, to the last year for the project life cover ratio. Shape (years,).
    rate : float
        Loan rate including guarantee premium [share/year].
    balance : float
        Balance at the start of repayment [EUR].

    Returns
    -------
    float or None
        sum over j = 1.. of cfads_j / (1 + rate)^j / balance; None without a loan.
    """
    if balance <= NOTHING_EUR:
        return None
    return float(cfads @ (1.0 + rate) ** -np.arange(1.0, len(cfads) + 1.0)) / balance
