"""The engine and the slow reference model read the same text and reach the same numbers."""

from collections.abc import Iterator

import pytest

from ecoop.finance import as_document, evaluate, read_case

from .cases import CASES, base_case, with_overrides
from .model import evaluate as reference

# Where several years share the lowest value, rounding alone decides which of them is named.
YEAR_OF_LOWEST = {"min_dscr_year": "dscr", "min_cash_year": "cash_eur"}


def same_number(expected: float, found: float) -> bool:
    """Equal to a millionth of a euro, or to nine digits where that is wider."""
    return abs(expected - found) <= max(1e-6, 1e-9 * abs(expected))


def differences(expected: object, found: object, path: str = "") -> Iterator[str]:
    """Every place where a document departs from the expected one; extra keys are the engine's own."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key, value in expected.items():
            if key not in found:
                yield f"{path}.{key}: missing"
            elif key not in YEAR_OF_LOWEST:
                yield from differences(value, found[key], f"{path}.{key}")
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for place, (left, right) in enumerate(zip(expected, found, strict=True)):
            yield from differences(left, right, f"{path}[{place}]")
    elif is_number(expected) and is_number(found):
        if not same_number(expected, found):
            yield f"{path}: expected {expected!r}, engine {found!r}"
    elif expected != found:
        yield f"{path}: expected {expected!r}, engine {found!r}"


def in_one_order(document: dict) -> dict:
    """The document with its failed tests sorted, because no order among them has a meaning."""
    failed = sorted(document["verdict"]["failed"], key=lambda entry: entry["test"])
    return {**document, "verdict": {**document["verdict"], "failed": failed}}


def is_number(value: object) -> bool:
    """Integers and floats, but not truth values."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def lowest_years(expected: dict, found: dict) -> Iterator[str]:
    """The engine may name any year that holds the lowest value."""
    for table, key in (("ratios", "min_dscr_year"), ("liquidity", "min_cash_year")):
        named, own = found[table][key], expected[table][key]
        if named is None or own is None:
            agreed = named is own
        else:
            values = expected["series"][YEAR_OF_LOWEST[key]]
            lowest = values[expected["years"].index(own)]
            agreed = same_number(lowest, values[expected["years"].index(named)])
        if not agreed:
            yield f"{table}.{key}: expected {own!r}, engine {named!r}"


@pytest.mark.parametrize("overrides", [pytest.param(overrides, id=name) for name, overrides in CASES])
def test_engine_and_reference_agree(overrides):
    case = with_overrides(base_case(), overrides)
    expected = in_one_order(reference(case))
    found = in_one_order(as_document(evaluate(read_case(case))))
    assert [*differences(expected, found), *lowest_years(expected, found)] == []
