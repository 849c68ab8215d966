"""The same engine for many scenarios at once, in pieces that stay small in memory."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from ecoop.finance.cashflow import CASH_SERIES, run_years
from ecoop.finance.indices import Floats
from ecoop.finance.inputs import CaseInputs
from ecoop.finance.operation import DRIVER_NAMES, OPERATION_SERIES, Drivers, Ledger, make_plan, operate, stated_drivers

CHUNK = 16384
"""Scenarios calculated together: small enough for the fast memory, large enough to hide the cost of a call."""

SHORTAGE_EUR = 1.0
"""A year-end below the minimum by more than this is a shortage."""

LIMITS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "capex_factor": (0.0, 1000.0),
        "delay_months": (0.0, 1200.0),
        "uptake": (0.0, 1.0),
        "demand_factor": (0.0, 1000.0),
        "scop": (0.01, 100.0),
        "elec_factor": (0.0, 1000.0),
        "opex_factor": (0.0, 1000.0),
        "rate_shift": (-0.5, 0.99),
        "tariff_scale": (0.0, 1000.0),
    }
)
"""Lowest and highest value that a draw of each driver may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioResult:
    """What the engine says about each scenario, each array of shape (scenarios,)."""

    years: NDArray[np.int64]
    min_dscr: Floats
    """Lowest debt service cover ratio [-]; infinite where there is no debt service."""
    min_dscr_year: NDArray[np.int64]
    """Its first year; the first year of the case where there is no debt service."""
    min_cash_eur: Floats
    """Lowest cash at the end of a year [EUR]."""
    min_cash_year: NDArray[np.int64]
    """Its first year."""
    min_cash_construction_eur: Floats
    """Lowest cash before the first repayment year [EUR]; infinite when there is no such year."""
    min_cash_later_eur: Floats
    """Lowest cash from the first repayment year on [EUR]."""
    start_balance_eur: Floats
    """Loan balance at the start of repayment [EUR]."""
    capitalised_interest_eur: Floats
    """[EUR]"""
    shortage_eur: Floats
    """How far the lowest cash lies below the minimum [EUR], >= 0."""
    shortage: NDArray[np.bool_]
    """Whether that is more than EUR 1."""
    series: Mapping[str, Floats]
    """The rows asked for, each of shape (years, scenarios); cover ratios are infinite where undefined."""


def evaluate_scenarios(
    inputs: CaseInputs, draws: Mapping[str, Floats], *, chunk: int = CHUNK, series: Collection[str] = ()
) -> ScenarioResult:
    """Calculate a case for many values of its uncertain inputs.

    Parameters
    ----------
    inputs : CaseInputs
        The case; where `draws` says nothing about an input, the value of the case (stress table included) holds.
    draws : Mapping[str, Floats]
        Values by name, all of one shape (scenarios,): `capex_factor`, `delay_months`, `uptake`, `demand_factor`,
        `scop`, `elec_factor`, `opex_factor`, `rate_shift`, `tariff_scale`.
    chunk : int
        Scenarios to calculate together, >= 1; changes speed and memory, never the answer.
    series : Collection[str]
        Names of yearly rows to keep, from `OPERATION_SERIES` and `CASH_SERIES`.

    Returns
    -------
    ScenarioResult
        One entry per scenario, in the order of the draws.

    Raises
    ------
    ValueError
        For unknown names, unequal shapes, values that are not finite or outside `LIMITS`.
    """
    drivers = _drivers(inputs, draws)
    count = len(drivers.uptake)
    unknown = set(series) - {*OPERATION_SERIES, *CASH_SERIES}
    if unknown or chunk < 1:
        raise ValueError(f"unknown series {sorted(unknown)} or chunk {chunk} below 1")
    plan = make_plan(inputs, float(drivers.delay_months.max()))
    kept = {name: np.empty((len(plan.years), count)) for name in series}
    found: dict[str, NDArray[np.generic]] = {}
    for begin in range(0, count, chunk):
        part = slice(begin, min(begin + chunk, count))
        piece = drivers.part(part.start, part.stop)
        ledger = Ledger(wanted=series, shape=(len(plan.years), part.stop - part.start))
        outcome = run_years(plan, piece, operate(plan, piece, ledger), ledger)
        for name, rows in kept.items():
            rows[:, part] = ledger.series[name]
        lowest = outcome.cash_in_construction.then(outcome.cash_later)
        figures = {
            "min_dscr": outcome.dscr.value,
            "min_dscr_year": plan.years[outcome.dscr.year],
            "min_cash_eur": lowest.value,
            "min_cash_year": plan.years[lowest.year],
            "min_cash_construction_eur": outcome.cash_in_construction.value,
            "min_cash_later_eur": outcome.cash_later.value,
            "start_balance_eur": outcome.start_balance_eur,
            "capitalised_interest_eur": outcome.capitalised_interest_eur,
        }
        for name, figure in figures.items():
            found.setdefault(name, np.empty(count, dtype=figure.dtype))[part] = figure
    return _gather(inputs, plan.years, found, kept)


def _gather(
    inputs: CaseInputs,
    years: NDArray[np.int64],
    found: Mapping[str, NDArray[np.generic]],
    series: Mapping[str, Floats],
) -> ScenarioResult:
    short = np.maximum(inputs.cash.minimum - np.asarray(found["min_cash_eur"], dtype=np.float64), 0.0)
    return ScenarioResult(
        years=years,
        shortage_eur=short,
        shortage=np.asarray(short > SHORTAGE_EUR),
        series=MappingProxyType(dict(series)),
        **found,  # type: ignore[arg-type]  # dtypes follow the figures above
    )


def _drivers(inputs: CaseInputs, draws: Mapping[str, Floats]) -> Drivers:
    """Check the draws and fill in what the case states itself."""
    unknown = set(draws) - set(DRIVER_NAMES)
    if unknown or not draws:
        raise ValueError(f"unknown inputs: {sorted(unknown)}" if unknown else "no draws given")
    arrays = {name: np.asarray(draw, dtype=np.float64) for name, draw in draws.items()}
    shapes = {array.shape for array in arrays.values()}
    if len(shapes) > 1 or any(len(shape) != 1 or shape == (0,) for shape in shapes):
        raise ValueError(f"draws must all be of one shape (scenarios,), got {sorted(shapes)}")
    for name, array in arrays.items():
        low, high = LIMITS[name]
        if not np.all((array >= low) & (array <= high)):  # also refuses what is not a number
            raise ValueError(f"{name} must be finite and between {low} and {high}")
    shape = shapes.pop()
    stated = {name: np.full(shape, value) for name, value in stated_drivers(inputs).items() if name not in arrays}
    return Drivers(**stated, **arrays)
