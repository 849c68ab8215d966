"""The language in which the inputs of a case declare themselves: one rule per field, as data.

A rule says which unit a value has and which values are allowed. `inputs.py` declares a rule with every field,
`reading.py` applies the rules, and `unit_of` answers which unit stands behind a key path.
"""

import dataclasses
from dataclasses import dataclass
from typing import Any

from ecoop.units import Unit

LARGEST = 1e12
"""No amount, price or quantity of a cooperative comes near this; larger numbers are slips of the hand."""

RULE = "rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A finite number, `low <= value <= high`, the ends left out where `open_low` or `open_high` say so."""

    unit: Unit
    low: float = 0.0
    high: float = LARGEST
    open_low: bool = False
    open_high: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """Yes or no."""

    unit: Unit = Unit.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Text that is not empty; one of `choices` where there are any."""

    choices: tuple[str, ...] = ()
    unit: Unit = Unit.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name that can stand in a key path: letters, digits, `_` and `-`."""

    unit: Unit = Unit.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class YearMonth:
    """A month of a year, written "2025-05", kept as (year, month)."""

    unit: Unit = Unit.MONTH


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """A list of numbers, each after the same rule; `length` items where it is given, else at least one."""

    item: Number
    length: int | None = None
    sums_to_one: bool = False
    increasing: bool = False

    @property
    def unit(self) -> Unit:
        """The unit of each item."""
        return self.item.unit


@dataclass(frozen=True, slots=True, kw_only=True)
class ByYear:
    """A table year = number, kept as pairs (year, number) in order of the years."""

    item: Number
    sums_to_one: bool = False

    @property
    def unit(self) -> Unit:
        """The unit of the number of each year."""
        return self.item.unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """Yearly growth: one number, or a table that gives a number for every year after the first."""

    item: Number

    @property
    def unit(self) -> Unit:
        """The unit of the growth of each year."""
        return self.item.unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchors:
    """A list of [month, cumulative share], kept as ((year, month), share)."""

    unit: Unit = Unit.SHARE


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthsByYear:
    """A table year = list of months 1..12, kept as pairs; with `span` the list is [first, last]."""

    span: bool = False
    unit: Unit = Unit.MONTH


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedAmounts:
    """The keys of the table that no other field claims: name = amount, kept as pairs (name, amount)."""

    item: Number
    reserved: tuple[str, ...] = ()
    """Names that mean something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """A distribution: `{ dist = "triangular", low = 0.0, mode = 1.0, high = 12.0 }` and its like."""

    unit: Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlations:
    """A list of [name, name, correlation] between the uncertain inputs."""

    unit: Unit = Unit.RATIO


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of its own, declared by a data class; may stay away where `optional`."""

    shape: type
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """A list of tables with unique names, declared by a data class; may stay away where `optional`."""

    shape: type
    optional: bool = False


Rule = (
    Number | Flag | Text | Name | YearMonth | Numbers | ByYear | Growth | Anchors | MonthsByYear | NamedAmounts
    | Chance | Correlations | Table | Tables
)  # fmt: skip

DISTRIBUTIONS: dict[str, tuple[str, ...]] = {
    "lognormal": ("median", "sigma"),
    "triangular": ("low", "mode", "high"),
    "normal": ("mean", "sd"),
}
"""The distributions we know and the numbers each of them needs."""


def declared(rule: Rule, *, default: Any = dataclasses.MISSING) -> Any:
    """Declare a field of an input data class by its rule; a default makes the key optional."""
    return dataclasses.field(default=default, metadata={RULE: rule})


def rules_of(shape: type) -> dict[str, Rule]:
    """Every field of an input data class with its rule, in the order of declaration."""
    return {field.name: field.metadata[RULE] for field in dataclasses.fields(shape)}


def defaults_of(shape: type) -> dict[str, Any]:
    """The values of the keys that may stay away."""
    return {
        field.name: field.default for field in dataclasses.fields(shape) if field.default is not dataclasses.MISSING
    }


def amount(unit: Unit = Unit.EUR, *, default: Any = dataclasses.MISSING) -> Any:
    """Declare a number that may be zero but not negative."""
    return declared(Number(unit=unit), default=default)


def positive(unit: Unit, *, high: float = LARGEST) -> Any:
    """Declare a number above zero."""
    return declared(Number(unit=unit, high=high, open_low=True))


def share(*, open_high: bool = False, default: Any = dataclasses.MISSING) -> Any:
    """Declare a share, 0 to 1, never a percentage."""
    return declared(Number(unit=Unit.SHARE, high=1.0, open_high=open_high), default=default)


def whole(unit: Unit, *, low: int = 1, high: float = LARGEST) -> Any:
    """Declare a whole number."""
    return declared(Number(unit=unit, low=low, high=high, whole=True))


def growth() -> Any:
    """Declare a yearly growth, from -99 % to +100 %; closer to -100 % a long path ends at a plain 0."""
    return declared(Growth(item=Number(unit=Unit.SHARE_PER_YEAR, low=-0.99, high=1.0)))
