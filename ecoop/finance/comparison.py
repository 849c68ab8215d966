"""Compare now and then for all connections of all segments, in all years, under the three references."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from ecoop.finance.demand import cooking_m3
from ecoop.finance.indices import Floats
from ecoop.finance.inputs import Segment
from ecoop.finance.nmdn import (
    QUANTILES,
    SLACK_YEARS,
    SMALL_USER_KW,
    TOLERANCE_EUR,
    BillLine,
    Reference,
    ReferenceBills,
    SegmentBills,
    WorstHousehold,
    acm_path,
    bill_now_acm,
    bill_now_contract,
    bill_now_gas_path,
    bill_then,
    gas_lattice,
)
from ecoop.finance.operation import Plan


class _Population:
    """The connections of one segment: their gas and what heat will cost them."""

    def __init__(self, segment: Segment, plan: Plan) -> None:
        self.segment = segment
        self.gas_m3 = gas_lattice(segment, plan.inputs)
        self.heat_m3 = self.gas_m3 - cooking_m3(segment, plan.inputs)
        self.mean_heat_m3 = float(self.heat_m3.mean()) if segment.count else 0.0
        self.heat_range_m3 = (float(self.heat_m3[0]), float(self.heat_m3[-1])) if segment.count else (0.0, 0.0)
        self.then = bill_then(segment, plan.inputs, plan.index, plan.trend)

    def mean(self, line: BillLine) -> Floats:
        """Mean bill per connection [EUR/year], shape (years,)."""
        return line.standing + line.per_m3 * self.mean_heat_m3

    def rise(self, now: BillLine, years: NDArray[np.intp]) -> Floats:
        """Then minus now [EUR/year] in some years (by position), shape (years asked, connections)."""
        more = (self.then.per_m3 - now.per_m3)[years, np.newaxis] * self.heat_m3
        more += (self.then.standing - now.standing)[years, np.newaxis]
        return more

    def counted(self, now: BillLine) -> tuple[Floats, Floats]:
        """Connections that do not pay more, and what the others pay more together [EUR/year]; shape (years,).

        Bills are straight lines in gas, so where neither the smallest nor the largest user pays more, nobody does.
        """
        per_m3 = self.then.per_m3 - now.per_m3
        least, most = self.heat_range_m3
        highest = np.maximum(per_m3 * least, per_m3 * most) + (self.then.standing - now.standing)
        years = np.flatnonzero(highest > 0.0)
        rise = self.rise(now, years)
        fine, more = np.full(len(highest), float(len(self.heat_m3))), np.zeros(len(highest))
        fine[years] = np.count_nonzero(rise <= TOLERANCE_EUR, axis=1)
        more[years] = np.maximum(rise, 0.0).sum(axis=1)
        return fine, more


def compare(plan: Plan, focus_year: int) -> Mapping[Reference, ReferenceBills]:
    """Compare now and then.

    Parameters
    ----------
    plan : Plan
        The case; demand factor and uptake do not change the population, the tariff scale does change the bills.
    focus_year : int
        Position of the first full year, for quantiles, worst household and the worth of slack.

    Returns
    -------
    Mapping[Reference, ReferenceBills]
        A connection is fine when then <= now + EUR 0.005; a bill cap refunds max(0, then - now).
    """
    inputs, index, trend = plan.inputs, plan.index, plan.trend
    people = [_Population(segment, plan) for segment in inputs.segment]
    everybody = np.ones(len(plan.years), dtype=np.bool_)
    maxima = acm_path(inputs, index, plan.years)
    contract = {who.segment.name: bill_now_contract(who.segment, inputs, index, trend) for who in people}
    gas_path = {who.segment.name: bill_now_gas_path(who.segment, inputs, index, trend) for who in people}
    small = [who for who in people if who.segment.kw <= SMALL_USER_KW]
    acm = {who.segment.name: bill_now_acm(who.segment, inputs, maxima, trend) for who in small}
    return MappingProxyType(
        {
            Reference.CONTRACT: _reference(plan, people, contract, everybody, focus_year),
            Reference.GAS_PATH: _reference(plan, people, gas_path, everybody, focus_year),
            Reference.ACM: _reference(plan, people, acm, maxima.known, focus_year),
        }
    )


def _reference(
    plan: Plan,
    people: list[_Population],
    lines: Mapping[str, BillLine],
    known: NDArray[np.bool_],
    focus_year: int,
) -> ReferenceBills:
    """Compare under one reference the segments it has a line for."""
    rate = plan.inputs.appraisal.discount_rate
    years = slice(focus_year, focus_year + SLACK_YEARS)
    discount = (1.0 + rate) ** -np.arange(float(len(known[years])))
    asked = [who for who in people if who.segment.name in lines]
    segments: dict[str, SegmentBills] = {}
    slacks: list[Floats] = []
    for who in asked:
        now = lines[who.segment.name]
        fine, more = who.counted(now)
        now_eur, then_eur = who.mean(now), who.mean(who.then)
        worth = float((now_eur - then_eur)[years] @ discount) if known[years].all() else None
        segments[who.segment.name] = SegmentBills(
            connections=who.segment.count,
            now_eur=np.where(known, now_eur, 0.0),
            then_eur=then_eur,
            ok=fine * known,
            bill_cap_eur=more * known,
            slack_npv_eur=worth,
        )
        slacks.append(-who.rise(now, np.array([focus_year]))[0])
    quantiles, worst = _spread(asked, slacks) if known[focus_year] else ({}, None)
    return ReferenceBills(
        known=known,
        segments=MappingProxyType(segments),
        excluded=tuple(who.segment.name for who in people if who not in asked),
        slack_quantiles_eur=MappingProxyType(quantiles),
        worst=worst,
    )


def _spread(asked: list[_Population], slacks: list[Floats]) -> tuple[dict[float, float], WorstHousehold | None]:
    """Quantiles of slack over all connections, and the worst of them."""
    together = np.sort(np.concatenate([np.empty(0), *slacks]))
    if not len(together):
        return {}, None
    places = np.arange(len(together)) / max(len(together) - 1, 1)  # np.quantile's own rule, at a tenth of its time
    quantiles = {part: float(np.interp(part, places, together)) for part in QUANTILES}
    filled = [(who, slack, int(slack.argmin())) for who, slack in zip(asked, slacks, strict=True) if len(slack)]
    who, slack, at = min(filled, key=lambda item: float(item[1][item[2]]))
    return quantiles, WorstHousehold(segment=who.segment.name, gas_m3=float(who.gas_m3[at]), slack_eur=float(slack[at]))
