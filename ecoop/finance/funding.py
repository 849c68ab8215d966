"""Capital: what is built, replaced and written off, and the grants that pay for it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecoop.finance.indices import Floats, IndexPaths
from ecoop.finance.inputs import Asset, ByYearNumbers, CaseInputs


@dataclass(frozen=True, slots=True, kw_only=True)
class UptakePath:
    """A yearly amount that is `fixed` + uptake x `per_uptake`, each of shape (years,)."""

    fixed: Floats
    per_uptake: Floats

    def at(self, year: int, uptake: Floats) -> Floats | float:
        """The amount of one year (by position), for each scenario; a plain 0 where there is nothing."""
        if self.per_uptake[year] == 0.0:
            return float(self.fixed[year])
        return np.asarray(self.fixed[year] + self.per_uptake[year] * uptake)


@dataclass(frozen=True, slots=True, kw_only=True)
class CapitalPlan:
    """Everything about capital that is known before the first year is calculated."""

    capex_share: Floats
    """Share of the capex paid in each year [0..1]."""
    subsidy_eur: Floats
    """Grants received in each year [EUR]."""
    assets_fixed_eur: float
    """Assets that do not scale with uptake [EUR]."""
    assets_per_uptake_eur: float
    """Assets that scale with uptake, at full uptake [EUR]."""
    replacement: UptakePath
    """Replacements [EUR/year, nominal]."""
    reserve_plan: UptakePath
    """What straight-line saving for the replacements asks [EUR/year]."""
    write_off: UptakePath
    """Sum of amount / life over the assets still being written off [EUR/year]; see `depreciation_share`."""
    replacement_write_off: UptakePath
    """Depreciation of replacements [EUR/year]."""

    def assets_eur(self, uptake: Floats) -> Floats:
        """All assets [EUR] for each uptake."""
        return np.asarray(self.assets_fixed_eur + self.assets_per_uptake_eur * uptake)


def by_year(rows: ByYearNumbers, years: NDArray[np.int64]) -> Floats:
    """Spread a table year = number over the horizon, 0 where it says nothing; shape (years,)."""
    table = dict(rows)
    return np.array([table.get(int(year), 0.0) for year in years])


def replacement_years(asset: Asset, first_repayment_year: int, last_year: int) -> list[int]:
    """Years in which an asset is replaced: its life after the works, then every further life, to the last year."""
    first = first_repayment_year - 1 + asset.life_years
    return list(range(first, last_year + 1, asset.life_years)) if asset.replace_share > 0.0 else []


def capital_plan(inputs: CaseInputs, index: IndexPaths, years: NDArray[np.int64]) -> CapitalPlan:
    """Lay out capex, grants, replacements, saving and writing off over the years.

    Notes
    -----
    A replacement in year t costs amount x replace share x I_reinvestment[t] (the capex factor does not apply). It is
    saved for in equal parts from max(first repayment year, t - life + 1) to t, and written off straight-line over
    its life from the year after. The works are written off straight-line over each life from the first repayment
    year.
    """
    start, last = inputs.time.first_repayment_year, inputs.time.last_year
    first = int(years[0])
    paths = {name: np.zeros((2, len(years))) for name in ("replace", "save", "write_off", "rewrite_off")}
    for asset in inputs.capex.asset:
        row, life = int(asset.per_connection), asset.life_years
        paths["write_off"][row, start - first : start - first + life] += asset.amount / life
        for year in replacement_years(asset, start, last):
            at = year - first
            cost = asset.amount * asset.replace_share * float(index.reinvestment[at])
            begin = max(start, year - life + 1) - first
            paths["replace"][row, at] += cost
            paths["save"][row, begin : at + 1] += cost / (at + 1 - begin)
            paths["rewrite_off"][row, at + 1 : at + 1 + life] += cost / life
    laid = {name: UptakePath(fixed=rows[0], per_uptake=rows[1]) for name, rows in paths.items()}
    grants = sum(amount for _, amount in inputs.funding.subsidies.grants)
    return CapitalPlan(
        capex_share=by_year(inputs.capex.yearly_share, years),
        subsidy_eur=by_year(inputs.funding.subsidies.yearly_share, years) * grants,
        assets_fixed_eur=sum(asset.amount for asset in inputs.capex.asset if not asset.per_connection),
        assets_per_uptake_eur=sum(asset.amount for asset in inputs.capex.asset if asset.per_connection),
        replacement=laid["replace"],
        reserve_plan=laid["save"],
        write_off=laid["write_off"],
        replacement_write_off=laid["rewrite_off"],
    )
