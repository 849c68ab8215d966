"""The one type for a number: what it refuses, and what may be made of several."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ecoop.governance.evidence import Bound
from ecoop.governance.figures import (
    Basis,
    Difference,
    FigureReason,
    NotTogether,
    SourcedFigure,
    Unit,
    average,
    choose,
    compare,
    from_scaled,
    to_scaled,
    total,
)

LARGEST = 10**18 - 1
VALUES = st.integers(-LARGEST, LARGEST).map(from_scaled)
KNOWN = st.sampled_from([Bound.EXACT, Bound.OVER, Bound.ALMOST, Bound.ABOUT])


def a_figure(value: str | Decimal | None = "1", **given: Any) -> SourcedFigure:
    kept = None if value is None else Decimal(value)
    bound = Bound.UNKNOWN if value is None else Bound.EXACT
    return SourcedFigure(
        **({"subject": "members", "value": kept, "bound": bound, "unit": Unit.MEMBERS, "source": "Krant"} | given)
    )


CONTRADICTIONS = {
    "unknown with a value": {"value": Decimal(0), "bound": Bound.UNKNOWN},
    "known without a value": {"value": None, "bound": Bound.EXACT},
    "seven decimals": {"value": Decimal("0.0000001")},
    "too large": {"value": Decimal(10) ** 12},
    "no number": {"value": Decimal("NaN")},
    "without end": {"value": Decimal("Infinity")},
    "no source": {"source": "  "},
    "about nothing": {"subject": ""},
    "a day and a period": {"as_at": date(2026, 1, 1), "period_start": date(2025, 1, 1), "period_end": date(2026, 1, 1)},
    "half a period": {"period_start": date(2025, 1, 1)},
    "an empty period": {"period_start": date(2025, 1, 1), "period_end": date(2025, 1, 1)},
}


@pytest.mark.parametrize("given_values", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_figure_that_contradicts_itself_cannot_be_made(given_values: dict[str, Any]) -> None:
    sound = {"subject": "members", "value": Decimal(1), "unit": Unit.MEMBERS, "source": "Krant"}

    with pytest.raises(ValueError, match="figure_"):
        SourcedFigure(**(sound | given_values))


@given(st.integers(-LARGEST, LARGEST))
def test_a_value_comes_back_exact_from_its_column(scaled: int) -> None:
    assert to_scaled(from_scaled(scaled)) == scaled


PERIODS = {
    "a calendar year": (date(2025, 1, 1), date(2026, 1, 1), False),
    "two years": (date(2024, 1, 1), date(2026, 1, 1), False),
    "a broken book year": (date(2024, 7, 1), date(2025, 7, 1), False),
    "nine months": (date(2025, 1, 1), date(2025, 10, 1), True),
    "a month": (date(2022, 11, 1), date(2022, 12, 1), True),
    "a year that is not over": (date(2026, 1, 1), date(2027, 1, 1), True),
}


@pytest.mark.parametrize(("start", "end", "partial"), PERIODS.values(), ids=PERIODS)
def test_a_partial_year_is_marked_by_itself(start: date, end: date, partial: bool) -> None:
    entered = datetime(2026, 3, 2, tzinfo=UTC)

    assert a_figure(period_start=start, period_end=end, entered_at=entered).is_partial is partial


def test_a_partial_year_can_be_marked_by_hand() -> None:
    whole = {"period_start": date(2025, 1, 1), "period_end": date(2026, 1, 1)}

    assert a_figure(**whole, marked_partial=True).is_partial


# several together


def test_unknown_is_left_out_of_an_average_and_told() -> None:
    found = average([a_figure("10"), a_figure("20"), a_figure(None)])

    assert (found.value, found.counted, found.unknown) == (Decimal(15), 2, 1)


def test_the_average_of_nothing_known_is_unknown_and_not_zero() -> None:
    found = average([a_figure(None), a_figure(None)])

    assert (found.value, found.bound, found.counted) == (None, Bound.UNKNOWN, 0)


def test_a_sum_with_an_unknown_part_is_unknown() -> None:
    assert total([a_figure("10"), a_figure(None)]).value is None
    assert total([a_figure("10"), a_figure("5")]).value == Decimal(15)


BOUNDS = [
    ((Bound.EXACT, Bound.EXACT), Bound.EXACT),
    ((Bound.EXACT, Bound.OVER), Bound.OVER),
    ((Bound.EXACT, Bound.ALMOST), Bound.ALMOST),
    ((Bound.EXACT, Bound.ABOUT), Bound.ABOUT),
    ((Bound.OVER, Bound.ABOUT), Bound.ABOUT),
    ((Bound.OVER, Bound.ALMOST), Bound.ABOUT),
]


@pytest.mark.parametrize(("bounds", "expected"), BOUNDS)
def test_how_sure_a_sum_is_follows_from_its_parts(bounds: tuple[Bound, ...], expected: Bound) -> None:
    parts = [a_figure("10", bound=bound) for bound in bounds]

    assert average(parts).bound is total(parts).bound is expected


def test_unknown_makes_what_is_known_no_less_sure() -> None:
    assert average([a_figure("10"), a_figure(None)]).bound is Bound.EXACT


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"unit": Unit.DWELLINGS}, FigureReason.MIXED_UNITS),
        ({"basis": Basis.EX_VAT}, FigureReason.MIXED_BASIS),
    ],
)
@pytest.mark.parametrize("together", [average, total])
def test_different_things_are_not_taken_together(together: Any, other: dict[str, Any], reason: FigureReason) -> None:
    with pytest.raises(NotTogether) as refused:
        together([a_figure("1"), a_figure("2", **other)])

    assert refused.value.reason is reason


@given(st.lists(st.one_of(st.none(), VALUES), min_size=1, max_size=8), st.data())
def test_an_average_lies_between_the_least_and_the_most_that_is_known(
    values: list[Decimal | None], data: st.DataObject
) -> None:
    known = [value for value in values if value is not None]
    assume(known)

    found = average([a_figure(value) for value in data.draw(st.permutations(values))])

    assert found.value is not None
    assert min(known) <= found.value <= max(known)
    assert (found.counted, found.unknown) == (len(known), len(values) - len(known))
    assert found.value == average([a_figure(value) for value in values]).value


@given(st.lists(st.integers(-(10**16), 10**16).map(from_scaled), min_size=1, max_size=8), KNOWN)
def test_a_sum_is_exact(values: list[Decimal], bound: Bound) -> None:
    found = total([a_figure(value, bound=bound) for value in values])

    assert found.value is not None
    assert to_scaled(found.value) == sum(to_scaled(value) for value in values)


def test_the_figure_in_use_is_the_marked_one_or_none() -> None:
    figures = [a_figure("1", id=7), a_figure("2", id=8)]

    assert choose(figures, 8) is figures[1]
    assert choose(figures, None) is None
    assert choose(figures, 9) is None


def test_two_figures_differ_by_an_amount_and_for_reasons() -> None:
    plan = a_figure("2500000", unit=Unit.EUR, source="Plan")
    told = a_figure("2600000", unit=Unit.EUR, source="Waterschap", as_at=date(2025, 3, 1))

    found = compare(plan, told)

    assert found.amount == Decimal(100000)
    assert found.reasons == (Difference.TIME, Difference.SOURCE)


@pytest.mark.parametrize("other", [{"unit": Unit.DWELLINGS}, {"basis": Basis.INCL_VAT}, {"value": None}])
def test_what_cannot_be_compared_has_no_difference(other: dict[str, Any]) -> None:
    assert compare(a_figure("1"), a_figure(**({"value": "2"} | other))).amount is None


@given(VALUES, VALUES)
def test_a_difference_turns_its_sign_the_other_way_round(first: Decimal, second: Decimal) -> None:
    there, back = compare(a_figure(first), a_figure(second)), compare(a_figure(second), a_figure(first))

    assert there.amount is not None
    assert back.amount is not None
    assert there.amount == -back.amount
