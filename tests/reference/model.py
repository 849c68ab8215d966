"""The slow reference model of the business case: a second reading of the same text, in plain Python.

It exists to disagree with the engine. Nothing here is fast, and nothing here is shared with the engine.
"""

from .cash import annuity, discounted_cfads, loan_and_cash, loan_rate
from .households import not_more_than_now
from .operations import (
    capex,
    connection_fees,
    electricity_cost,
    electricity_use,
    heat_sold,
    operating_cost,
    revenue,
    subsidy,
    years_of,
)
from .roots import internal_rates

CASH_TOLERANCE_EUR = 1e-6


def operating_streams(case: dict) -> dict:
    """Everything that does not depend on the loan; EBITDA is revenue less electricity and operating cost."""
    sold = heat_sold(case)
    used = electricity_use(case, sold)
    income, power, running = revenue(case, sold), electricity_cost(case, used), operating_cost(case)
    return {
        "heat_sold_gj": sold,
        "electricity_mwh": used,
        "revenue_eur": income,
        "electricity_cost_eur": power,
        "opex_eur": running,
        "ebitda_eur": [r - e - o for r, e, o in zip(income, power, running, strict=True)],
        "capex_eur": capex(case),
        "subsidy_eur": subsidy(case),
        "connection_fees_eur": connection_fees(case),
    }


def cover_ratios(case: dict, series: dict) -> list[float | None]:
    """CFADS (EBITDA less tax) over debt service in repayment years that have any."""
    ratios = []
    for i, year in enumerate(years_of(case)):
        service = series["debt_service_eur"][i]
        if year < case["time"]["first_repayment_year"] or service <= 0:
            ratios.append(None)
        else:
            ratios.append((series["ebitda_eur"][i] - series["tax_eur"][i]) / service)
    return ratios


def loan_summary(case: dict, series: dict, start_balance: float) -> dict:
    """Balance, capitalised and total interest; one yearly payment exists for the annuity only."""
    loan = case["funding"]["loan"]
    start = case["time"]["first_repayment_year"] - case["time"]["first_year"]
    payment = None
    if loan["profile"] == "annuity":
        payment = annuity(start_balance, loan_rate(case), loan["repayment_years"])
    return {
        "start_balance_eur": start_balance,
        "capitalised_interest_eur": sum(series["interest_eur"][:start]) if loan["capitalise_interest"] else 0.0,
        "annual_payment_eur": payment,
        "total_interest_eur": sum(series["interest_eur"]),
    }


def life_cover(case: dict, series: dict, start_balance: float, years: int) -> float | None:
    """Discounted CFADS of the first repayment years over the balance; None without a loan."""
    if start_balance == 0:
        return None
    return discounted_cfads(case, series, series, years, only_positive=False) / start_balance


def ratio_summary(case: dict, series: dict, start_balance: float) -> dict:
    """Lowest and mean cover, life covers over loan and project, and the rates of the project flow."""
    years = years_of(case)
    known = [(ratio, year) for ratio, year in zip(series["dscr"], years, strict=True) if ratio is not None]
    lowest, lowest_year = min(known) if known else (None, None)
    horizon = case["time"]["last_year"] - case["time"]["first_repayment_year"] + 1
    flow = [
        series["subsidy_eur"][i]
        + series["connection_fees_eur"][i]
        + series["ebitda_eur"][i]
        - series["tax_eur"][i]
        - series["capex_eur"][i]
        - series["replacement_eur"][i]
        for i in range(len(years))
    ]
    return {
        "min_dscr": lowest,
        "min_dscr_year": lowest_year,
        "adscr": sum(ratio for ratio, _ in known) / len(known) if known else None,
        "llcr": life_cover(case, series, start_balance, case["funding"]["loan"]["repayment_years"]),
        "plcr": life_cover(case, series, start_balance, horizon),
        "irr": internal_rates(flow),
    }


def verdict(case: dict, series: dict) -> dict:
    """Cover and cash tests only, each named with the first year that fails it."""
    failed = []
    for i, year in enumerate(years_of(case)):
        ratio = series["dscr"][i]
        if ratio is not None and ratio < case["covenants"]["min_dscr"]:
            failed.append({"test": "dscr", "year": year})
            break
    for i, year in enumerate(years_of(case)):
        if series["cash_eur"][i] < case["cash"]["minimum"] - CASH_TOLERANCE_EUR:
            failed.append({"test": "cash", "year": year})
            break
    return {"feasible": not failed, "failed": failed}


def evaluate(case: dict) -> dict:
    """The whole year model of one case, as plain lists and numbers."""
    streams = operating_streams(case)
    recorded, start_balance = loan_and_cash(case, streams)
    series = {**streams, **recorded}
    series["dscr"] = cover_ratios(case, series)
    lowest_cash, lowest_cash_year = min(zip(series["cash_eur"], years_of(case), strict=True))
    return {
        "years": years_of(case),
        "series": series,
        "loan": loan_summary(case, series, start_balance),
        "ratios": ratio_summary(case, series, start_balance),
        "liquidity": {"min_cash_eur": lowest_cash, "min_cash_year": lowest_cash_year},
        "nmdn": not_more_than_now(case),
        "verdict": verdict(case, series),
    }
