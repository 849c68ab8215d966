"""Where the money of the construction years comes from and where it goes."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ecoop.finance.funding import CapitalPlan
from ecoop.finance.indices import Floats
from ecoop.finance.inputs import CaseInputs

SMALLEST_SHORTAGE_EUR = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesUses:
    """Sources and uses of the years before repayment [EUR], rows by name in order; the totals are equal."""

    sources: Mapping[str, float]
    uses: Mapping[str, float]

    @property
    def total_sources_eur(self) -> float:
        """All sources, capitalised interest included."""
        return sum(self.sources.values())

    @property
    def total_uses_eur(self) -> float:
        """All uses, capitalised interest included."""
        return sum(self.uses.values())


def sources_and_uses(
    inputs: CaseInputs, capital: CapitalPlan, series: Mapping[str, Floats], first_repayment: int
) -> SourcesUses:
    """Add up the years before repayment.

    Parameters
    ----------
    inputs, capital, series
        The case, its capital plan, and the yearly rows, shape (years,).
    first_repayment : int
        Position of the first repayment year.

    Returns
    -------
    SourcesUses
        Capitalised interest is a row on both sides. When cash ends below the minimum, `shortage` is what is missing
        and opening cash is used down to the minimum; when cash has grown, `added_to_cash` is a use.
    """

    def total(name: str) -> float:
        return float(series[name][:first_repayment].sum())

    loan, cash = inputs.funding.loan, inputs.cash
    opening, closing = cash.opening, float(series["cash_eur"][first_repayment - 1])
    shortage = cash.minimum - closing
    missing = shortage > SMALLEST_SHORTAGE_EUR
    from_cash = opening - (cash.minimum if missing else closing)
    capitalised = total("interest_eur") if loan.capitalise_interest else 0.0
    granted = sum(amount for _, amount in inputs.funding.subsidies.grants)
    received = total("subsidy_eur") / granted if granted else 0.0
    sources = {name: amount * received for name, amount in inputs.funding.subsidies.grants}
    sources |= {
        "connection_fees": total("connection_fees_eur"),
        "loan_draws": total("draw_eur"),
        "use_of_opening_cash": max(from_cash, 0.0),
        "operating_result": total("ebitda_eur") + total("cash_interest_eur") - total("tax_eur"),
        "capitalised_interest": capitalised,
    }
    if missing:
        sources["shortage"] = shortage
    uses = {
        "capex": total("capex_eur"),
        "upfront_fee": total("upfront_fee_eur"),
        "paid_interest": total("debt_service_eur"),
        "replacements": total("replacement_eur"),
        "capitalised_interest": capitalised,
    }
    if from_cash < 0.0:
        uses["added_to_cash"] = -from_cash
    return SourcesUses(sources=MappingProxyType(sources), uses=MappingProxyType(uses))
