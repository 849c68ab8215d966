"""Not more than now (Niet Meer Dan Nu): what customers pay with gas and with heat, household by household.

Three references answer what "now" is: the average of the past years that the supply contract promises (`contract`),
where gas prices are heading (`gas_path`), and the national maxima for small users (`acm`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from ecoop.finance.demand import cooking_m3
from ecoop.finance.indices import Floats, IndexPaths
from ecoop.finance.inputs import CaseInputs, Segment

TOLERANCE_EUR = 0.005
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
SLACK_YEARS = 30
SMALL_USER_KW = 100.0
"""A small user (kleinverbruiker) has at most this capacity; the national maxima are for small users only."""


class Reference(StrEnum):
    """What heat is compared with."""

    CONTRACT = "contract"
    GAS_PATH = "gas_path"
    ACM = "acm"


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """A yearly bill that is `standing` + `per_m3` x gas for heat in the first year's demand; shape (years,) each."""

    standing: Floats
    """[EUR/year]"""
    per_m3: Floats
    """[EUR per m3 and year]; the demand trend is inside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentBills:
    """Means per connection of one segment under one reference; each array of shape (years,).

    Including VAT unless the customer reclaims it. Where `known` of the reference is False, `now_eur` and `share_ok`
    hold 0 and mean nothing.
    """

    connections: int
    now_eur: Floats
    then_eur: Floats
    ok: Floats
    """Connections that do not pay more."""
    bill_cap_eur: Floats
    """What it would cost to refund everybody who pays more [EUR/year]."""
    slack_npv_eur: float | None
    """Mean worth per connection of now minus then over 30 years from the first full year [EUR]; None if unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstHousehold:
    """Who gains least (or loses most) in the first full year."""

    segment: str
    gas_m3: float
    slack_eur: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceBills:
    """Everything about one reference."""

    known: NDArray[np.bool_]
    """In which years the reference is known, shape (years,)."""
    segments: Mapping[str, SegmentBills]
    """Segments the reference speaks about, by name."""
    excluded: tuple[str, ...]
    """Segments it does not speak about: under `acm` those above 100 kW."""
    slack_quantiles_eur: Mapping[float, float]
    """Now minus then in the first full year: quantiles over all connections [EUR/year]; empty if unknown."""
    worst: WorstHousehold | None

    @property
    def connections(self) -> int:
        """Connections the reference speaks about."""
        return sum(segment.connections for segment in self.segments.values())

    def share_ok(self, year: int) -> float | None:
        """Share of connections that do not pay more in a year (by position); None if unknown."""
        if not self.known[year] or not self.connections:
            return None
        return float(sum(segment.ok[year] for segment in self.segments.values())) / self.connections

    def bill_cap_eur(self, year: int) -> float | None:
        """Cost of refunding everybody who pays more in a year (by position) [EUR]; None if unknown."""
        if not self.known[year]:
            return None
        return float(sum(segment.bill_cap_eur[year] for segment in self.segments.values()))


def gas_lattice(segment: Segment, inputs: CaseInputs) -> Floats:
    """Yearly gas of the connections of a segment [m3], ascending, without random numbers.

    Returns
    -------
    Floats
        Shape (count,).

    Notes
    -----
    u_i = (i - 0.5) / n; gas_i = mean exp(sigma z(u_i) - sigma^2 / 2), not below cooking gas + 1.
    """
    count, sigma = segment.count, segment.sigma_log
    places = (np.arange(1.0, count + 1.0) - 0.5) / max(count, 1)
    gas = segment.gas_m3 * np.exp(sigma * ndtri(places) - sigma**2 / 2.0)
    return np.asarray(np.maximum(gas, cooking_m3(segment, inputs) + 1.0))


def _vat_kept(segment: Segment, inputs: CaseInputs) -> float:
    """What a price including VAT is divided by for this customer."""
    return 1.0 if segment.pays_vat else 1.0 + inputs.tax.vat


def bill_then(segment: Segment, inputs: CaseInputs, index: IndexPaths, trend: Floats) -> BillLine:
    """The bill with heat, and with electricity to cook on where gas cooked before.

    Notes
    -----
    scale (f + c kw + v gj G tau) I_heat (1 + VAT if household) + cooking electricity I_cpi; f where kw = 0. Who
    reclaims VAT does so on electricity too: both sides of the comparison are then without it.
    """
    tariff, gas = inputs.tariff, inputs.reference_gas
    vat = 1.0 + inputs.tax.vat if segment.pays_vat else 1.0
    scale = inputs.stress.tariff_scale * index.heat_tariff * vat
    charge = tariff.fixed_per_connection if segment.kw == 0.0 else tariff.per_kw * segment.kw
    cooking = gas.cooking_elec_kwh * gas.household_elec_price_incl if segment.cooks_on_gas else 0.0
    cooking /= _vat_kept(segment, inputs)
    return BillLine(
        standing=charge * scale + cooking * index.cpi,
        per_m3=tariff.per_gj * segment.useful_gj_per_m3 * trend * scale,
    )


def bill_now_contract(segment: Segment, inputs: CaseInputs, index: IndexPaths, trend: Floats) -> BillLine:
    """The bill with gas at the plain mean of the prices of the reference years, indexed with `cpi`."""
    gas = inputs.reference_gas
    price = sum(gas.variable_price_incl) / len(gas.years)
    fixed = segment.now_fixed_incl
    if fixed is None:
        fixed = sum(gas.fixed_per_year_incl) / len(gas.years)
    per_euro = index.cpi / _vat_kept(segment, inputs)
    return BillLine(standing=(cooking_m3(segment, inputs) * price + fixed) * per_euro, per_m3=trend * price * per_euro)


def bill_now_gas_path(segment: Segment, inputs: CaseInputs, index: IndexPaths, trend: Floats) -> BillLine:
    """The bill with gas at the prices of the last reference year, each component with its own index.

    Notes
    -----
    Tax part = energy tax (1 + VAT); commodity part = variable price - tax part; fixed = grid part I_gas_grid +
    supplier part I_cpi. A segment's own fixed amount follows `cpi`.
    """
    gas = inputs.reference_gas
    tax_part = gas.energy_tax_m3_2025 * (1.0 + inputs.tax.vat)
    price = tax_part * index.gas_tax + (gas.variable_price_incl[-1] - tax_part) * index.gas_commodity
    fixed = gas.fixed_grid_incl_2025 * index.gas_grid + gas.fixed_supplier_incl_2025 * index.cpi
    if segment.now_fixed_incl is not None:
        fixed = segment.now_fixed_incl * index.cpi
    kept = _vat_kept(segment, inputs)
    return BillLine(standing=(cooking_m3(segment, inputs) * price + fixed) / kept, per_m3=trend * price / kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcmPath:
    """The national maxima of every year of the case, including VAT; each of shape (years,)."""

    eur_per_gj: Floats
    fixed_eur: Floats
    known: NDArray[np.bool_]


def acm_path(inputs: CaseInputs, index: IndexPaths, years: NDArray[np.int64]) -> AcmPath:
    """Follow the maxima: as published, and after the last known year indexed with `heat_tariff`.

    A maximum of 0 was not collected: such a year, and every year before the table or in a gap of it, is unknown.
    """
    table, first = inputs.acm_maximum, int(years[0])
    rows = zip(table.year, table.eur_per_gj_incl, table.fixed_total_incl, strict=True)
    published = {year: (price, fixed) for year, price, fixed in rows if price > 0.0 and fixed > 0.0}
    maxima = np.zeros((2, len(years)))
    known = np.zeros(len(years), dtype=np.bool_)
    for at, year in enumerate(years.tolist()):
        last = max(published, default=year)
        if year in published:
            maxima[:, at], known[at] = published[year], True
        elif published and year > table.year[-1]:
            growth = index.heat_tariff[at] / index.heat_tariff[max(last - first, 0)]
            maxima[:, at], known[at] = np.array(published[last]) * growth, True
    return AcmPath(eur_per_gj=maxima[0], fixed_eur=maxima[1], known=known)


def bill_now_acm(segment: Segment, inputs: CaseInputs, maxima: AcmPath, trend: Floats) -> BillLine:
    """The bill at the national maxima for the heat this customer uses."""
    kept = _vat_kept(segment, inputs)
    return BillLine(
        standing=maxima.fixed_eur / kept, per_m3=maxima.eur_per_gj * segment.useful_gj_per_m3 * trend / kept
    )
