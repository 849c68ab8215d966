"""Evaluate one case, and keep everything that was found."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from ecoop.finance.cashflow import CASH_SERIES, Outcome, run_years
from ecoop.finance.choices import LoanProfile, Payer
from ecoop.finance.comparison import compare
from ecoop.finance.demand import first_full_year
from ecoop.finance.digest import canonical_digest
from ecoop.finance.indices import Floats
from ecoop.finance.inputs import CaseInputs, Segment
from ecoop.finance.metrics import (
    InternalRates,
    cover_of_life,
    internal_rates,
    net_present_value,
    payback_years,
)
from ecoop.finance.nmdn import Reference, ReferenceBills
from ecoop.finance.operation import OPERATION_SERIES, Ledger, Plan, make_plan, operate, single_drivers
from ecoop.finance.uses import SourcesUses, sources_and_uses

CASH_TOLERANCE_EUR = 1e-6
RATIO_TOLERANCE = 1e-9


class Requirement(StrEnum):
    """What a feasible case must pass."""

    CASH = "cash"
    """Cash is never below the minimum at the end of a year."""
    DSCR = "dscr"
    """The debt service cover ratio is never below the covenant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A test that failed, and the first year in which it did."""

    test: Requirement
    year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanSummary:
    """The loan in a few figures [EUR]."""

    start_balance_eur: float
    """At the start of repayment."""
    capitalised_interest_eur: float
    annual_payment_eur: float | None
    """The level payment of an annuity; None for profiles whose payments differ from year to year."""
    total_interest_eur: float
    """Capitalised interest and guarantee premium included."""
    sculpting_ratio: float | None
    """The one cover ratio of a sculpted loan; None otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratios:
    """Cover ratios [-] and returns; None where undefined."""

    min_dscr: float | None
    min_dscr_year: int | None
    adscr: float | None
    llcr: float | None
    plcr: float | None
    min_dscr_after_reserve: float | None
    irr: InternalRates
    equity_irr: InternalRates | None
    npv_eur: float
    payback_years: float | None
    discounted_payback_years: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """Everything the engine says about one case."""

    inputs: CaseInputs
    years: NDArray[np.int64]
    series: Mapping[str, Floats]
    """Rows by name, each of shape (years,); `dscr` rows are infinite where undefined."""
    loan: LoanSummary
    ratios: Ratios
    min_cash_eur: float
    min_cash_year: int
    sources_uses: SourcesUses
    nmdn: Mapping[Reference, ReferenceBills]
    first_full_year: int | None
    """First year in which everybody who will be connected is so from January on; None if beyond the horizon."""
    failures: tuple[Failure, ...]

    @property
    def feasible(self) -> bool:
        """Whether cash and cover ratio hold in every year; Not more than now is reported beside it."""
        return not self.failures

    @property
    def digest(self) -> str:
        """Fingerprint of the inputs."""
        return canonical_digest(self.inputs)

    def position(self, year: int) -> int:
        """Where a calendar year stands in the rows."""
        return int(year) - int(self.years[0])

    def share_not_paying_more(self, reference: Reference, year: int | None) -> float | None:
        """Share of connections that do not pay more in a calendar year; None where unknown."""
        return None if year is None else self.nmdn[reference].share_ok(self.position(year))

    def bill_cap_cost_eur(self, reference: Reference, year: int) -> float | None:
        """Cost of refunding everybody who pays more in a calendar year [EUR]; None where unknown."""
        return self.nmdn[reference].bill_cap_eur(self.position(year))


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentYear:
    """Now against then for one segment in one year: means per connection, None where unknown.

    Including VAT unless the customer reclaims it.
    """

    segment: str
    payer: Payer
    connections: int
    then_eur: float | None
    now_eur: Mapping[Reference, float | None]
    share_ok: Mapping[Reference, float | None]
    slack_npv_eur: Mapping[Reference, float | None]


def segments_in_year(result: CaseResult, year: int) -> tuple[SegmentYear, ...]:
    """Now against then of every segment in a calendar year, under every reference."""
    return tuple(_segment_in_year(result, segment, result.position(year)) for segment in result.inputs.segment)


def _segment_in_year(result: CaseResult, segment: Segment, at: int) -> SegmentYear:
    bills = {name: one.segments.get(segment.name) for name, one in result.nmdn.items() if segment.count}
    known = {name: one for name, one in bills.items() if one is not None and result.nmdn[name].known[at]}
    everyone = result.nmdn[Reference.CONTRACT].segments[segment.name]
    nothing: dict[Reference, float | None] = dict.fromkeys(Reference)
    return SegmentYear(
        segment=segment.name,
        payer=segment.payer,
        connections=segment.count,
        then_eur=float(everyone.then_eur[at]) if segment.count else None,
        now_eur=nothing | {name: float(one.now_eur[at]) for name, one in known.items()},
        share_ok=nothing | {name: float(one.ok[at]) / segment.count for name, one in known.items()},
        slack_npv_eur=nothing | {name: one.slack_npv_eur for name, one in known.items()},
    )


def evaluate(inputs: CaseInputs) -> CaseResult:
    """Calculate one case.

    Parameters
    ----------
    inputs : CaseInputs
        A validated case, stress table included.

    Returns
    -------
    CaseResult
        The same figures as a scenario axis of length one gives, and the comparison for customers.
    """
    plan = make_plan(inputs, inputs.stress.delay_months)
    drivers = single_drivers(inputs)
    ledger = Ledger(wanted=(*OPERATION_SERIES, *CASH_SERIES), shape=(len(plan.years), 1))
    outcome = run_years(plan, drivers, operate(plan, drivers, ledger), ledger)
    series = _rows(ledger)
    full = first_full_year(inputs)
    lowest = outcome.cash_in_construction.then(outcome.cash_later)
    focus = plan.years[-1] if full is None else full
    return CaseResult(
        inputs=inputs,
        years=plan.years,
        series=series,
        loan=_loan(inputs, outcome, series),
        ratios=_ratios(plan, series, outcome),
        min_cash_eur=float(lowest.value[0]),
        min_cash_year=int(plan.years[lowest.year[0]]),
        sources_uses=sources_and_uses(inputs, plan.capital, series, plan.first_repayment),
        nmdn=compare(plan, int(focus - plan.years[0])),
        first_full_year=full,
        failures=_failures(inputs, plan.years, series),
    )


def _rows(ledger: Ledger) -> Mapping[str, Floats]:
    rows = {name: row[:, 0] for name, row in ledger.series.items()}
    for row in rows.values():
        row.setflags(write=False)
    return MappingProxyType(rows)


def _loan(inputs: CaseInputs, outcome: Outcome, series: Mapping[str, Floats]) -> LoanSummary:
    ratio = float(outcome.sculpting_ratio[0])
    level = inputs.funding.loan.profile == LoanProfile.ANNUITY
    return LoanSummary(
        start_balance_eur=float(outcome.start_balance_eur[0]),
        capitalised_interest_eur=float(outcome.capitalised_interest_eur[0]),
        annual_payment_eur=float(outcome.payment_eur[0]) if level else None,
        total_interest_eur=float(series["interest_eur"].sum()),
        sculpting_ratio=ratio if np.isfinite(ratio) else None,
    )


def project_flow(series: Mapping[str, Floats]) -> Floats:
    """Flow of the works themselves [EUR/year]: - capex + grants + fees + EBITDA - tax - replacements."""
    flow = series["subsidy_eur"] + series["connection_fees_eur"] + series["cfads_eur"]
    return np.asarray(flow - series["capex_eur"] - series["replacement_eur"])


def equity_flow(series: Mapping[str, Floats]) -> Floats:
    """Flow to and from own money [EUR/year]: the project flow + draws - debt service."""
    return np.asarray(project_flow(series) + series["draw_eur"] - series["debt_service_eur"])


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _ratios(plan: Plan, series: Mapping[str, Floats], outcome: Outcome) -> Ratios:
    loan, rate = plan.inputs.funding.loan, plan.inputs.appraisal.discount_rate
    interest = loan.rate + loan.guarantee_premium + plan.inputs.stress.rate_shift
    balance = float(outcome.start_balance_eur[0])
    cover, cfads = series["dscr"], series["cfads_eur"][plan.first_repayment :]
    defined = cover[np.isfinite(cover)]
    project, equity = project_flow(series), equity_flow(series)
    own_money = bool((equity[: plan.first_repayment] < -CASH_TOLERANCE_EUR).any())
    return Ratios(
        min_dscr=_finite(outcome.dscr.value[0]),
        min_dscr_year=int(plan.years[outcome.dscr.year[0]]) if len(defined) else None,
        adscr=float(defined.mean()) if len(defined) else None,
        llcr=cover_of_life(cfads[: loan.repayment_years], interest, balance),
        plcr=cover_of_life(cfads, interest, balance),
        min_dscr_after_reserve=_finite(series["dscr_after_reserve"].min()),
        irr=internal_rates(project),
        equity_irr=internal_rates(equity) if own_money else None,
        npv_eur=net_present_value(project, rate),
        payback_years=payback_years(project),
        discounted_payback_years=payback_years(project, rate),
    )


def _failures(inputs: CaseInputs, years: NDArray[np.int64], series: Mapping[str, Floats]) -> tuple[Failure, ...]:
    missed = {
        Requirement.CASH: series["cash_eur"] < inputs.cash.minimum - CASH_TOLERANCE_EUR,
        Requirement.DSCR: series["dscr"] < inputs.covenants.min_dscr - RATIO_TOLERANCE,
    }
    return tuple(Failure(test=test, year=int(years[np.argmax(fails)])) for test, fails in missed.items() if fails.any())
