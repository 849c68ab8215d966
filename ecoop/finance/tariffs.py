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


def revenue(inputs: CaseInputs, index: IndexPaths, sold_gj: Floats, connected: Floats, scale: Floats) -> Floats:
    """Revenue from heat customers after bad debt.

    Parameters
    ----------
    inputs : CaseInputs
        The tariff in the price level of the base year, and the segments.
    index : IndexPaths
        The tariff follows `heat_tariff`.
    sold_gj : Floats
        Heat sold [GJ/year], shape (years, scenarios).
    connected : Floats
        Uptake x connected share [0..1], shape (years, scenarios).
    scale : Floats
        Tariff scale [-], shape (scenarios,).

    Returns
    -------
    Floats
        Revenue [EUR/year], shape (years, scenarios).

    Notes
    -----
    (1 - bad debt) scale I_heat (n_small U a f + sold v + kW_total U a c).
    """
    tariff, counted = inputs.tariff, charged(inputs)
    standing = counted.small_connections * tariff.fixed_per_connection + counted.capacity_kw * tariff.per_kw
    earned = sold_gj * tariff.per_gj
    earned += connected * standing
    earned *= ((1.0 - tariff.bad_debt_share) * index.heat_tariff)[:, np.newaxis]
    earned *= scale
    return earned
