"""The choices a case can make."""

from enum import StrEnum


class LoanProfile(StrEnum):
    """How a loan is repaid."""

    ANNUITY = "annuity"
    LINEAR = "linear"
    BULLET = "bullet"
    SCULPTED = "sculpted"


class TariffRegime(StrEnum):
    """The rule by which a tariff is set: national maximum, cost, or the promise in the supply contract."""

    ACM_NMDA = "acm_nmda"
    COST_BASED = "cost_based"
    CONTRACT_NMDN = "contract_nmdn"


class Payer(StrEnum):
    """Who pays the energy bill: a tenant (the landlord pays the boiler) or the owner of the dwelling."""

    TENANT = "tenant"
    OWNER = "owner"


NO_GRANTS = (
    "connection_fees", "loan_draws", "capitalised_interest", "use_of_opening_cash", "operating_result",
    "shortage", "total", "grants",
)  # fmt: skip
"""What no grant may be called: rows that stand beside the grants, and the list of grants itself."""
