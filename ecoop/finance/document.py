"""The result as a plain document for JSON: floats, whole numbers, text and None; never NaN, never infinity."""

import dataclasses
from typing import Any

import numpy as np

from ecoop.finance.digest import ENGINE_VERSION
from ecoop.finance.indices import Floats
from ecoop.finance.metrics import InternalRates
from ecoop.finance.nmdn import Reference
from ecoop.finance.results import CaseResult, Ratios, SegmentYear, segments_in_year

SERIES = (
    "heat_sold_gj", "electricity_mwh", "revenue_eur", "electricity_cost_eur", "opex_eur", "ebitda_eur", "tax_eur",
    "capex_eur", "subsidy_eur", "connection_fees_eur", "draw_eur", "interest_eur", "principal_eur",
    "debt_service_eur", "replacement_eur", "reserve_eur", "loan_balance_eur", "cash_eur", "dscr",
    "connected_share", "heat_fed_gj", "cash_interest_eur", "upfront_fee_eur", "depreciation_eur", "cfads_eur",
    "reserve_contribution_eur", "dscr_after_reserve",
)  # fmt: skip
"""Rows of the document, in order; the cover ratios are None in years without debt service."""

Document = dict[str, Any]


def as_document(result: CaseResult) -> Document:
    """Write a result as a document that any JSON writer can take."""
    loan = result.loan
    first_year = segments_in_year(result, int(result.years[0]))
    return {
        "case": {
            "name": result.inputs.name,
            "schema": result.inputs.schema,
            "digest": result.digest,
            "engine_version": ENGINE_VERSION,
        },
        "years": result.years.tolist(),
        "series": {name: _row(result.series[name]) for name in SERIES},
        "loan": {
            "start_balance_eur": loan.start_balance_eur,
            "capitalised_interest_eur": loan.capitalised_interest_eur,
            "annual_payment_eur": loan.annual_payment_eur,
            "total_interest_eur": loan.total_interest_eur,
            "sculpting_ratio": loan.sculpting_ratio,
        },
        "ratios": _ratios(result.ratios),
        "liquidity": {"min_cash_eur": result.min_cash_eur, "min_cash_year": result.min_cash_year},
        "sources_uses": {
            "sources": dict(result.sources_uses.sources),
            "uses": dict(result.sources_uses.uses),
            "total_sources_eur": result.sources_uses.total_sources_eur,
            "total_uses_eur": result.sources_uses.total_uses_eur,
        },
        "nmdn": {str(name): _reference(result, name, first_year) for name in Reference},
        "first_full_year": result.first_full_year,
        "verdict": {
            "feasible": result.feasible,
            "failed": [{"test": str(failure.test), "year": failure.year} for failure in result.failures],
        },
    }


def _row(row: Floats) -> list[float | None]:
    return [value if finite else None for value, finite in zip(row.tolist(), np.isfinite(row), strict=True)]


def _ratios(ratios: Ratios) -> Document:
    return {
        "min_dscr": ratios.min_dscr,
        "min_dscr_year": ratios.min_dscr_year,
        "adscr": ratios.adscr,
        "llcr": ratios.llcr,
        "plcr": ratios.plcr,
        "min_dscr_after_reserve": ratios.min_dscr_after_reserve,
        "irr": _rates(ratios.irr),
        "equity_irr": None if ratios.equity_irr is None else _rates(ratios.equity_irr),
        "npv_eur": ratios.npv_eur,
        "payback_years": ratios.payback_years,
        "discounted_payback_years": ratios.discounted_payback_years,
    }


def _rates(rates: InternalRates) -> Document:
    return {"status": str(rates.status), "roots": list(rates.roots), "sign_changes": rates.sign_changes}


def _reference(result: CaseResult, name: Reference, first_year: tuple[SegmentYear, ...]) -> Document:
    """One reference: shares and costs for all years, segments in the first year."""
    bills = result.nmdn[name]
    positions = range(len(result.years))
    return {
        "share_ok": [bills.share_ok(year) for year in positions],
        "bill_cap_cost_eur": [bills.bill_cap_eur(year) for year in positions],
        "segments": {
            row.segment: {
                "connections": row.connections,
                "now_eur": row.now_eur[name],
                "then_eur": row.then_eur,
                "share_ok": row.share_ok[name],
                "slack_npv_eur": row.slack_npv_eur[name],
            }
            for row in first_year
        },
        "slack_quantiles_eur": {str(part): slack for part, slack in bills.slack_quantiles_eur.items()},
        "worst": None if bills.worst is None else dataclasses.asdict(bills.worst),
    }
