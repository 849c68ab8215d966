"""What the tariff brings in."""

from dataclasses import dataclass

import numpy as np

from ecoop.finance.indices import Floats, IndexPaths
from ecoop.finance.inputs import CaseInputs


@dataclass(frozen=True, slots=True, kw_only=True)
class Charged:
    """What the tariff is charged on when everybody joins."""

    small_connections: float
    """Connections that pay the fixed charge (kw = 0)."""
    capacity_kw: float
    """Capacity of the connections that pay per kW instead [kW]."""


def charged(inputs: CaseInputs) -> Charged:
    """Count what pays the fixed charge and what pays per kW."""
    return Charged(
        small_connections=float(sum(segment.count for segment in inputs.segment if segment.kw == 0.0)),
        capacity_kw=sum(segment.count * segment.kw for segment in inputs.segment),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffPath:
    """What the tariff brings in per year after bad debt, at scale 1; arrays of shape (years,)."""

    per_gj: Floats
    """Per heat sold [EUR/GJ]."""
    standing_eur: Floats
    """Fixed and capacity charges when everybody is connected [EUR/year]."""

    def revenue(self, year: int, sold_gj: Floats, connected: Floats, scale: Floats) -> Floats:
        """Revenue of one year (by position).

        Parameters
        ----------
        year : int
            Position of the year.
        sold_gj : Floats
            Heat sold [GJ], shape (scenarios,).
        connected : Floats
            Uptake x connected share [0..1], shape (scenarios,).
        scale : Floats
            Tariff scale [-], shape (scenarios,).

        Returns
        -------
        Floats
            [EUR], shape (scenarios,).
        """
        earned = sold_gj * self.per_gj[year]
        earned += connected * self.standing_eur[year]
        return np.asarray(earned * scale)


def tariff_path(inputs: CaseInputs, index: IndexPaths) -> TariffPath:
    """Follow the tariff over the years.

    Notes
    -----
    Revenue = (1 - bad debt) scale I_heat (n_small U a f + sold v + kW_total U a c).
    """
    tariff, counted = inputs.tariff, charged(inputs)
    kept = (1.0 - tariff.bad_debt_share) * index.heat_tariff
    standing = counted.small_connections * tariff.fixed_per_connection + counted.capacity_kw * tariff.per_kw
    return TariffPath(per_gj=kept * tariff.per_gj, standing_eur=kept * standing)
