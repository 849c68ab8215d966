"""The running business before money from lenders: heat, revenue, electricity, costs, per year and scenario."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from ecoop.finance import demand, funding, production, tariffs
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
        full_heat_gj=demand.full_heat_gj(inputs),
        capital=funding.capital_plan(inputs, index, years),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """The running business, each of shape (years, scenarios)."""

    connected_share: Floats
    heat_sold_gj: Floats
    heat_fed_gj: Floats
    electricity_mwh: Floats
    revenue_eur: Floats
    electricity_cost_eur: Floats
    opex_eur: Floats
    ebitda_eur: Floats
    connection_fees_eur: Floats


OPERATION_SERIES = tuple(field.name for field in fields(Operation))
"""Names of the yearly rows of the running business."""


def operate(plan: Plan, drivers: Drivers) -> Operation:
    """Run the business of every year for every scenario.

    Notes
    -----
    EBITDA = revenue - electricity - operating costs; connection fees = total x uptake x share connected in the year.
    """
    inputs, uptake = plan.inputs, drivers.uptake
    connected = plan.shares.at(drivers.delay_months)
    taking = uptake * drivers.demand_factor
    sold = demand.heat_sold_gj(plan.full_heat_gj, connected.weighted, plan.trend, taking)
    fed = demand.heat_lost_gj(plan.full_heat_gj, connected.average, inputs.production.network_loss_share)
    fed += sold
    use = fed * production.electricity_per_gj(inputs.production, drivers.scop)
    cost = production.electricity_cost(use, inputs.electricity, plan.index, plan.fixed_share, drivers.elec_factor)
    joined = np.multiply(connected.average, uptake, out=connected.average)
    earned = tariffs.revenue(inputs, plan.index, sold, joined, drivers.tariff_scale)
    opex = plan.costs_per_uptake_eur[:, np.newaxis] * uptake
    opex += plan.costs_fixed_eur[:, np.newaxis]
    opex *= drivers.opex_factor
    opex += plan.costs_flat_eur[:, np.newaxis]
    ebitda = earned - cost
    ebitda -= opex
    fees = np.multiply(connected.new, inputs.funding.connection_fees.total * uptake, out=connected.new)
    return Operation(
        connected_share=joined,
        heat_sold_gj=sold,
        heat_fed_gj=fed,
        electricity_mwh=use,
        revenue_eur=earned,
        electricity_cost_eur=cost,
        opex_eur=opex,
        ebitda_eur=ebitda,
        connection_fees_eur=fees,
    )
