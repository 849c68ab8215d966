"""Checks of values that belong together: sums, orders, years and names."""

import itertools
import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ecoop.errors import Problem
from ecoop.finance.reasons import InputReason

TOLERANCE_EUR = 0.005
LONGEST_HORIZON = 150


def check_together(values: Mapping[str, Any]) -> Iterator[Problem]:
    """Every problem between values that were each read well.

    Parameters
    ----------
    values : Mapping[str, Any]
        The good values by key path; a check whose values are not all there says nothing.
    """
    checks = (
        _time, _prices, _growth_years, _capex, _schedule_years, _loan, _offers, _rates, _anchors,
        _lengths, _segments, _months, _correlations,
    )  # fmt: skip
    for check in checks:
        yield from check(values)


def _problem(key: str, reason: InputReason, **details: object) -> Problem:
    return Problem(key=key, reason=str(reason), details=details)


def _horizon(values: Mapping[str, Any]) -> tuple[int, int] | None:
    first, last = values.get("time.first_year"), values.get("time.last_year")
    if first is None or last is None or not first <= last <= first + LONGEST_HORIZON:
        return None
    return first, last


def _all(values: Mapping[str, Any], *keys: str) -> list[Any] | None:
    found = [values.get(key) for key in keys]
    return None if any(value is None for value in found) else found


def _month_text(month: tuple[int, int]) -> str:
    return f"{month[0]}-{month[1]:02d}"


def _outside(key: str, year: int, horizon: tuple[int, int]) -> Iterator[Problem]:
    if not horizon[0] <= year <= horizon[1]:
        yield _problem(key, InputReason.YEAR_OUTSIDE_HORIZON, year=year, first_year=horizon[0], last_year=horizon[1])


def _time(values: Mapping[str, Any]) -> Iterator[Problem]:
    years = _all(values, "time.first_year", "time.last_year")
    if years and years[1] < years[0]:
        yield _problem(
            "time.last_year", InputReason.WRONG_ORDER,
            value=years[1], other="time.first_year", other_value=years[0],
        )  # fmt: skip
    elif years and years[1] > years[0] + LONGEST_HORIZON:
        yield _problem(
            "time.last_year", InputReason.OUT_OF_RANGE,
            value=years[1], low=years[0], high=years[0] + LONGEST_HORIZON,
        )  # fmt: skip
    horizon = _horizon(values)
    for key in ("time.construction_start", "time.first_heat", "time.last_connection"):
        if horizon and key in values:
            yield from _outside(key, values[key][0], horizon)
    if horizon and "time.first_repayment_year" in values:
        yield from _outside("time.first_repayment_year", values["time.first_repayment_year"], horizon)
    order = (("time.construction_start", "time.first_heat"), ("time.first_heat", "time.last_connection"))
    for earlier, later in order:
        pair = _all(values, earlier, later)
        if pair and pair[1] < pair[0]:
            yield _problem(
                later, InputReason.WRONG_ORDER,
                value=_month_text(pair[1]), other=earlier, other_value=_month_text(pair[0]),
            )  # fmt: skip


def _prices(values: Mapping[str, Any]) -> Iterator[Problem]:
    years = _all(values, "time.price_base_year", "time.first_year")
    if years and years[0] != years[1]:
        yield _problem(
            "time.price_base_year", InputReason.PRICE_BASE_NOT_FIRST_YEAR, year=years[0], first_year=years[1]
        )


def _growth_years(values: Mapping[str, Any]) -> Iterator[Problem]:
    horizon = _horizon(values)
    tables = {key: rows for key, rows in values.items() if key.startswith("index.") and isinstance(rows, tuple)}
    if horizon is None:
        return
    for key, rows in tables.items():
        given = [year for year, _ in rows]
        for year in given:
            yield from _outside(f"{key}.{year}", year, horizon)
        for year in range(horizon[0] + 1, horizon[1] + 1):
            if year not in given:
                yield _problem(key, InputReason.MISSING_YEAR, year=year)


def _capex(values: Mapping[str, Any]) -> Iterator[Problem]:
    found = _all(values, "capex.total", "capex.asset")
    if found is None:
        return
    parts = math.fsum(asset.amount for asset in found[1])
    if abs(parts - found[0]) > TOLERANCE_EUR:
        yield _problem("capex.total", InputReason.SUM_NOT_TOTAL, parts=parts, total=found[0])


def _schedule_years(values: Mapping[str, Any]) -> Iterator[Problem]:
    horizon = _horizon(values)
    if horizon is None:
        return
    for key in ("capex.yearly_share", "funding.subsidies.yearly_share"):
        for year, _ in values.get(key, ()):
            yield from _outside(f"{key}.{year}", year, horizon)


def _loan(values: Mapping[str, Any]) -> Iterator[Problem]:
    horizon = _horizon(values)
    start = values.get("time.first_repayment_year")
    years = values.get("funding.loan.availability_years")
    if horizon is None or start is None:
        return
    available = horizon[1] - start + 1
    repayment = values.get("funding.loan.repayment_years")
    if repayment is not None and repayment > available >= 1:
        yield _problem(
            "funding.loan.repayment_years", InputReason.TOO_MANY_REPAYMENT_YEARS,
            years=repayment, available=available,
        )  # fmt: skip
    if years is None:
        return
    for year in years:
        yield from _outside("funding.loan.availability_years", year, horizon)
    expected = range(start - len(years), start)
    missing = [year for year in expected if year not in years]
    if missing:
        yield _problem(
            "funding.loan.availability_years", InputReason.AVAILABILITY_NOT_UNTIL_REPAYMENT, year=missing[-1]
        )


def _offers(values: Mapping[str, Any]) -> Iterator[Problem]:
    horizon = _horizon(values)
    start = values.get("time.first_repayment_year")
    if horizon is None or start is None or not horizon[0] <= start <= horizon[1]:
        return
    available = horizon[1] - start + 1
    for offer in values.get("offer", ()):
        if offer.repayment_years > available:
            yield _problem(
                f"offer.{offer.name}.repayment_years", InputReason.TOO_MANY_REPAYMENT_YEARS,
                years=offer.repayment_years, available=available,
            )  # fmt: skip


def _rates(values: Mapping[str, Any]) -> Iterator[Problem]:
    shift = values.get("stress.rate_shift", 0.0)
    parts = _all(values, "funding.loan.rate", "funding.loan.guarantee_premium")
    offers = [(offer.rate, offer.guarantee_premium, f"offer.{offer.name}.rate") for offer in values.get("offer", ())]
    loan = [(*parts, "funding.loan.rate")] if parts else []
    for rate, premium, key in (*loan, *offers):
        if rate + premium + shift >= 1.0:
            yield _problem(key, InputReason.RATE_TOO_HIGH, rate=rate + premium + shift)


def _anchors(values: Mapping[str, Any]) -> Iterator[Problem]:
    horizon = _horizon(values)
    for at, (month, _) in enumerate(values.get("connections.anchors", ()), start=1):
        # an anchor at the end of the December before the first year starts a rise in January
        if horizon and month != (horizon[0] - 1, 12):
            yield from _outside(f"connections.anchors.{at}", month[0], horizon)


def _lengths(values: Mapping[str, Any]) -> Iterator[Problem]:
    together = (
        ("reference_gas.years", "reference_gas.variable_price_incl"),
        ("reference_gas.years", "reference_gas.fixed_per_year_incl"),
        ("acm_maximum.year", "acm_maximum.eur_per_gj_incl"),
        ("acm_maximum.year", "acm_maximum.fixed_total_incl"),
        ("electricity.tax_bracket_upper_kwh", "electricity.tax_bracket_eur_per_kwh"),
    )
    for other, key in together:
        pair = _all(values, other, key)
        if pair and len(pair[0]) != len(pair[1]):
            yield _problem(key, InputReason.LENGTHS_DIFFER, other=other, length=len(pair[1]), other_length=len(pair[0]))


def _segments(values: Mapping[str, Any]) -> Iterator[Problem]:
    cooking = values.get("reference_gas.cooking_m3")
    for segment in values.get("segment", ()):
        if cooking is not None and segment.cooks_on_gas and segment.gas_m3 < cooking:
            yield _problem(
                f"segment.{segment.name}.gas_m3", InputReason.COOKING_EXCEEDS_USE,
                gas_m3=segment.gas_m3, cooking_m3=cooking,
            )  # fmt: skip


def _months(values: Mapping[str, Any]) -> Iterator[Problem]:
    together = (
        ("capex.yearly_share", "liquidity.capex_active_months"),
        ("funding.subsidies.yearly_share", "liquidity.subsidy_months"),
    )
    horizon = _horizon(values)
    if horizon is None:
        return
    for shares, key in together:
        given = [year for year, _ in values.get(key, ())]
        for year in given:
            yield from _outside(f"{key}.{year}", year, horizon)
        for year, share in values.get(shares, ()) if given else ():
            if share > 0.0 and year not in given:
                yield _problem(key, InputReason.MISSING_YEAR, year=year)


def _correlations(values: Mapping[str, Any]) -> Iterator[Problem]:
    rows = values.get("monte_carlo.correlation", ())
    names = sorted({name for first, second, _ in rows for name in (first, second)})
    for (*left, _), (*right, _) in itertools.combinations(rows, 2):
        if set(left) == set(right):
            yield _problem("monte_carlo.correlation", InputReason.DUPLICATE_NAME, name=" ".join(left))
            return
    matrix = np.eye(len(names))
    for first, second, value in rows:
        here, there = names.index(first), names.index(second)
        matrix[here, there] = matrix[there, here] = value
    if names and float(np.linalg.eigvalsh(matrix)[0]) < -TOLERANCE_EUR * 1e-6:
        yield _problem("monte_carlo.correlation", InputReason.CORRELATION_IMPOSSIBLE)
