"""The running business before money from lenders: heat, revenue, electricity, costs, per year and scenario."""

from collections.abc import Collection
from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from ecoop.finance import demand, funding, production, tariffs
from ecoop.finance.demand import Amount
from ecoop.finance.indices import Floats, IndexPaths, horizon, index_paths, trend_path
from ecoop.finance.inputs import CaseInputs


@dataclass(frozen=True, slots=True, kw_only=True)
class Drivers:
    """The uncertain inputs, each of shape (scenarios,); a single case is one scenario."""

    capex_factor: Floats
    """Multiplies the capex [-]."""
    delay_months: Floats
    """Shifts the connection anchors, not capex nor grants [months]."""
    uptake: Floats
    """Share of the planned connections that joins [0..1]."""
    demand_factor: Floats
    """Multiplies the heat sold [-]."""
    scop: Floats
    """Seasonal performance of the heat pumps [MWh heat / MWh electricity]."""
    elec_factor: Floats
    """Multiplies the cost of electricity [-]."""
    opex_factor: Floats
    """Multiplies the other costs except the capital part of the water board fee [-]."""
    rate_shift: Floats
    """Is added to the loan rate [share/year]."""
    tariff_scale: Floats
    """Multiplies the whole tariff [-]."""

    def part(self, begin: int, end: int) -> "Drivers":
        """The scenarios from `begin` up to `end`."""
        return Drivers(**{name: getattr(self, name)[begin:end] for name in DRIVER_NAMES})


DRIVER_NAMES = tuple(field.name for field in fields(Drivers))
"""Names of the uncertain inputs, as in `[monte_carlo]`, and `tariff_scale`."""


def stated_drivers(inputs: CaseInputs) -> dict[str, float]:
    """The one value of every driver that the case itself states, stress table included."""
    stress = inputs.stress
    return {
        "capex_factor": stress.capex_factor,
        "delay_months": stress.delay_months,
        "uptake": inputs.connections.uptake,
        "demand_factor": stress.demand_factor,
        "scop": inputs.production.scop_heat_pump,
        "elec_factor": stress.elec_factor,
        "opex_factor": stress.opex_factor,
        "rate_shift": stress.rate_shift,
        "tariff_scale": stress.tariff_scale,
    }


def single_drivers(inputs: CaseInputs) -> Drivers:
    """The drivers of the case itself, as one scenario."""
    return Drivers(**{name: np.array([value]) for name, value in stated_drivers(inputs).items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a case fixes for all its scenarios."""

    inputs: CaseInputs
    years: NDArray[np.int64]
    index: IndexPaths
    trend: Floats
    shares: demand.ShareTable
    fixed_share: Floats
    costs_fixed_eur: Floats
    costs_per_uptake_eur: Floats
    costs_flat_eur: Floats
    prices: production.ElectricityPrices
    tariff: tariffs.TariffPath
    full_heat_gj: float
    capital: funding.CapitalPlan

    @property
    def first_repayment(self) -> int:
        """Position of the first repayment year."""
        return self.inputs.time.first_repayment_year - self.inputs.time.first_year


def make_plan(inputs: CaseInputs, longest_delay_months: float) -> Plan:
    """Work out everything that does not depend on the scenario, for delays up to the given one [months]."""
    years, index = horizon(inputs), index_paths(inputs)
    fixed_share = production.fixed_cost_share(inputs.opex, years)
    costs_fixed, costs_per_uptake, costs_flat = production.operating_costs(inputs, index, fixed_share)
    return Plan(
        inputs=inputs,
        years=years,
        index=index,
        trend=trend_path(inputs.connections.demand_trend, len(years)),
        shares=demand.share_table(inputs, longest_delay_months),
        fixed_share=fixed_share,
        costs_fixed_eur=costs_fixed,
        costs_per_uptake_eur=costs_per_uptake,
        costs_flat_eur=costs_flat,
        prices=production.electricity_prices(inputs.electricity, index, fixed_share),
        tariff=tariffs.tariff_path(inputs, index),
        full_heat_gj=demand.full_heat_gj(inputs),
        capital=funding.capital_plan(inputs, index, years),
    )


OPERATION_SERIES = (
    "connected_share", "heat_sold_gj", "heat_fed_gj", "electricity_mwh", "revenue_eur", "electricity_cost_eur",
    "opex_eur", "ebitda_eur", "connection_fees_eur",
)  # fmt: skip
"""Names of the yearly rows of the running business."""


@dataclass(slots=True, kw_only=True)
class Ledger:
    """Keeps the yearly rows that were asked for, each of shape (years, scenarios)."""

    wanted: Collection[str]
    shape: tuple[int, int]
    series: dict[str, Floats] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make room; what is never entered stays 0, a cover ratio stays undefined (infinite)."""
        for name in self.wanted:
            self.series[name] = np.full(self.shape, np.inf if name.startswith("dscr") else 0.0)

    def enter(self, year: int, **amounts: Amount) -> None:
        """Write amounts of one year (by position), those that are wanted."""
        if self.series:
            for name in self.series.keys() & amounts.keys():
                self.series[name][year] = amounts[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What the running business leaves, per year."""

    ebitda_eur: Floats
    """Before interest, tax and depreciation [EUR], shape (years, scenarios)."""
    connection_fees_eur: tuple[Amount, ...]
    """Connection fees of each year [EUR]; a plain 0 where nobody joins."""


def operate(plan: Plan, drivers: Drivers, ledger: Ledger) -> Operation:
    """Run the business of every year for every scenario, year by year so that all stays in fast memory.

    Notes
    -----
    sold = full heat x uptake x weighted share x trend x demand factor; EBITDA = revenue - electricity - other costs;
    connection fees = total x uptake x share connected in the year.
    """
    inputs, uptake = plan.inputs, drivers.uptake
    taking = plan.full_heat_gj * uptake * drivers.demand_factor
    lost = demand.lost_heat_gj(plan.full_heat_gj, inputs.production.network_loss_share)
    per_gj = production.electricity_per_gj(inputs.production, drivers.scop)
    ebitda = np.empty((len(plan.years), len(uptake)))
    fees: list[Amount] = []
    for year, share in enumerate(plan.shares.at(drivers.delay_months)):
        sold = taking * (share.weighted * plan.trend[year])
        fed = sold + share.average * lost
        use = fed * per_gj
        joined = uptake * share.average
        earned = plan.tariff.revenue(year, sold, joined, drivers.tariff_scale)
        cost = plan.prices.cost(year, use, drivers.elec_factor)
        opex = uptake * plan.costs_per_uptake_eur[year]
        opex += plan.costs_fixed_eur[year]
        opex *= drivers.opex_factor
        opex += plan.costs_flat_eur[year]
        np.subtract(earned, cost, out=ebitda[year])
        ebitda[year] -= opex
        nobody = isinstance(share.new, float) and share.new == 0.0
        fees.append(0.0 if nobody else uptake * (share.new * inputs.funding.connection_fees.total))
        ledger.enter(
            year, connected_share=joined, heat_sold_gj=sold, heat_fed_gj=fed, electricity_mwh=use, revenue_eur=earned,
            electricity_cost_eur=cost, opex_eur=opex, ebitda_eur=ebitda[year], connection_fees_eur=fees[year],
        )  # fmt: skip
    return Operation(ebitda_eur=ebitda, connection_fees_eur=tuple(fees))
