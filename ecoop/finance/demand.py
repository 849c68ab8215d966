"""Who is connected when, and how much heat they take."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecoop.finance.indices import Floats
from ecoop.finance.inputs import CaseInputs, Segment, YearAndMonth
from ecoop.units import MONTHS_PER_YEAR


def month_number(month: YearAndMonth) -> int:
    """Count months so that following months differ by one, also across years."""
    return month[0] * MONTHS_PER_YEAR + month[1] - 1


def month_end_share(
    anchors: tuple[tuple[YearAndMonth, float], ...], months: NDArray[np.float64], delay_months: Floats | float
) -> Floats:
    """Cumulative share of the planned connections made at the end of each month.

    Parameters
    ----------
    anchors : tuple of ((year, month), share)
        Month ends with the cumulative share [0..1]; linear between them, flat outside.
    months : NDArray[np.float64]
        Month numbers (see `month_number`).
    delay_months : Floats or float
        Shift of all anchors [months], >= 0, fractions allowed; broadcasts against `months`.

    Returns
    -------
    Floats
        Share [0..1] in the broadcast shape.
    """
    at = [float(month_number(month)) for month, _ in anchors]
    return np.asarray(np.interp(months - delay_months, at, [share for _, share in anchors]))


Amount = Floats | float
"""One number for all scenarios, or one per scenario: shape (scenarios,)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearShares:
    """Connected share of one year as the engine needs it."""

    average: Amount
    """Mean over the months of the share in mid-month [0..1]."""
    weighted: Amount
    """The same, weighted by the heat of each month [0..1]."""
    new: Amount
    """Share connected during the year [0..1]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareTable:
    """Connected shares for delays of 0, 1, 2, ... whole months, each of shape (delays, years).

    Anchors lie at month ends, so between two whole delays every share is linear in the delay: interpolating the
    yearly figures is exact and costs no walk over months per scenario.
    """

    average: Floats
    weighted: Floats
    new: Floats

    def at(self, delay_months: Floats) -> list[YearShares]:
        """Connected shares of every year for delays [months] of shape (scenarios,), within the table.

        Years that no delay in the table moves get one number for all scenarios.
        """
        before = np.minimum(delay_months.astype(np.intp), len(self.average) - 2)
        part = delay_months - before
        columns = (_between(table, before, part) for table in (self.average, self.weighted, self.new))
        return [
            YearShares(average=average, weighted=weighted, new=new)
            for average, weighted, new in zip(*columns, strict=True)
        ]


def _between(table: Floats, before: NDArray[np.intp], part: Floats) -> list[Amount]:
    """Interpolate every year between the whole delays."""
    steps = np.diff(table, axis=0)
    years: list[Amount] = list(table[0].tolist())
    for year in np.flatnonzero(steps.any(axis=0)).tolist():
        years[year] = table[before, year] + part * steps[before, year]
    return years


def share_table(inputs: CaseInputs, longest_delay_months: float) -> ShareTable:
    """Tabulate the connected shares of a case for whole delays up to the longest one.

    Parameters
    ----------
    inputs : CaseInputs
        The case.
    longest_delay_months : float
        The longest delay that will be asked [months], >= 0.

    Notes
    -----
    c(t) is the cumulative share at month end, mid(t) = (c(t-1) + c(t)) / 2; per year
    average = mean of mid, weighted = sum of heat weight x mid, new = c(December) - c(December before).
    """
    first, last = inputs.time.first_year, inputs.time.last_year
    months = np.arange(month_number((first - 1, 12)), month_number((last, 12)) + 1, dtype=np.float64)
    delays = np.arange(np.floor(longest_delay_months) + 2.0)
    ends = month_end_share(inputs.connections.anchors, months, delays[:, np.newaxis])
    middles = ((ends[:, :-1] + ends[:, 1:]) / 2.0).reshape(len(delays), -1, MONTHS_PER_YEAR)
    decembers = ends[:, ::MONTHS_PER_YEAR]
    return ShareTable(
        average=middles.mean(axis=2),
        weighted=middles @ np.array(inputs.connections.heat_weight_month),
        new=np.diff(decembers, axis=1),
    )


def first_full_year(inputs: CaseInputs) -> int | None:
    """First year that starts with everybody connected who will be, delay included; None beyond the horizon."""
    anchors = inputs.connections.anchors
    done = next(month for month, share in anchors if share == anchors[-1][1])
    end = month_number(done) + inputs.stress.delay_months
    year = max(math.floor(-(-end // MONTHS_PER_YEAR)), inputs.time.first_year)
    december_before = month_number((year - 1, MONTHS_PER_YEAR))
    year += int(december_before < end)
    return year if year <= inputs.time.last_year else None


def cooking_m3(segment: Segment, inputs: CaseInputs) -> float:
    """Gas a connection of this segment cooks on [m3/year]."""
    return inputs.reference_gas.cooking_m3 if segment.cooks_on_gas else 0.0


def heat_per_connection_gj(segment: Segment, inputs: CaseInputs) -> float:
    """Useful heat one connection takes in the first year [GJ]: (gas - cooking gas) x useful GJ per m3."""
    return (segment.gas_m3 - cooking_m3(segment, inputs)) * segment.useful_gj_per_m3


def full_heat_gj(inputs: CaseInputs) -> float:
    """Heat of all planned connections in the first year's demand [GJ/year]."""
    return sum(segment.count * heat_per_connection_gj(segment, inputs) for segment in inputs.segment)


def lost_heat_gj(full: float, loss_share: float) -> float:
    """Heat the whole network loses in a year [GJ]: loss / (1 - loss) x full heat.

    `loss_share` is the share of the heat fed in, 0 <= share < 1. It is to be multiplied by the connected share. The
    pipes are as warm with fewer or thriftier customers: uptake, trend and demand do not scale the loss.
    """
    return loss_share / (1.0 - loss_share) * full
