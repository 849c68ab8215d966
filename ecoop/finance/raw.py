"""What a raw value is, as a TOML reader gives it."""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

MOST_READABLE = 10**15


def kind_of(value: object) -> str:
    """The kind of a raw value, in the word a person would use."""
    match value:
        case bool():
            return "switch"
        case int() | float():
            return "number"
        case str():
            return "text"
        case Mapping():
            return "table"
        case Sequence():
            return "list"
        case dt.date():
            return "date"
        case _:
            return type(value).__name__


def is_list(value: object) -> TypeGuard[Sequence[Any]]:
    """Whether a raw value is a list; text is none."""
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def is_finite(value: float) -> bool:
    """Whether the engine can hold a number; digits written out in full can be more than it can, as 1e400 is."""
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def readable(value: float) -> float:
    """A number as a sentence can hold it: whole numbers of more digits than anybody reads become fractions."""
    return value if abs(value) < MOST_READABLE else float(value)
