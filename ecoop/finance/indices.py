"""Price indices: one path per stream, 1 in the first year."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from ecoop.finance.inputs import ByYearNumbers, CaseInputs

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexPaths:
    """Index of every stream [-], each of shape (years,); multiply a price of the base year once, never twice."""

    cpi: Floats
    heat_tariff: Floats
    wages: Floats
    maintenance: Floats
    reinvestment: Floats
    elec_commodity: Floats
    elec_grid: Floats
    elec_tax: Floats
    gas_commodity: Floats
    gas_grid: Floats
    gas_tax: Floats


def horizon(inputs: CaseInputs) -> NDArray[np.int64]:
    """Calendar years of the case, shape (years,)."""
    return np.arange(inputs.time.first_year, inputs.time.last_year + 1)


def index_path(growth: float | ByYearNumbers, years: NDArray[np.int64]) -> Floats:
    """Follow one stream's growth from 1 in the first year.

    Parameters
    ----------
    growth : float or tuple of (year, float)
        Yearly growth [share/year], above -1; per year it covers every year after the first.
    years : NDArray[np.int64]
        Calendar years, shape (years,).

    Returns
    -------
    Floats
        Index [-], shape (years,).

    Notes
    -----
    I[0] = 1; I[i] = I[i-1] (1 + g[year i]).
    """
    by_year = dict(growth) if isinstance(growth, tuple) else {}
    scalar = growth if isinstance(growth, float) else 0.0
    steps = [1.0 + by_year.get(int(year), scalar) for year in years[1:]]
    return np.cumprod(np.array([1.0, *steps]))


def index_paths(inputs: CaseInputs) -> IndexPaths:
    """Follow every stream of the case."""
    years = horizon(inputs)
    names = (field.name for field in fields(IndexPaths))
    return IndexPaths(**{name: index_path(getattr(inputs.index, name), years) for name in names})


def trend_path(trend: float, length: int) -> Floats:
    """Heat demand per connection relative to the first year [-]: (1 + trend)^i, shape (length,)."""
    return np.power(1.0 + trend, np.arange(length, dtype=np.float64))
