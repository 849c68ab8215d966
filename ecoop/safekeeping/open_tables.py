"""A table as an open file: CSV that reads back to the same values, told in a Frictionless Table Schema.

An empty cell is unknown. A text that a spreadsheet could take for a formula, that is empty or that begins with an
apostrophe gets an apostrophe before it; taking that one away gives the text again. So the file is harmless and exact.
"""

import base64
import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import IO, Any

QUOTED = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
TYPES: Mapping[str, str] = {
    "switch": "boolean",
    "number": "integer",
    "text": "string",
    "instant": "datetime",
    "day": "date",
    "bytes": "string",
    "float": "number",
}
"""How a kind of column is called in a Table Schema (https://specs.frictionlessdata.io/table-schema/)."""


def _instant(value: datetime) -> str:
    known = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return known.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _text(value: str) -> str:
    return "'" + value if value == "" or value.startswith(QUOTED) else value


_WRITE: Mapping[str, Callable[[Any], str]] = {
    "switch": lambda value: "true" if value else "false",
    "number": str,
    "text": _text,
    "instant": _instant,
    "day": date.isoformat,
    "bytes": lambda value: base64.b64encode(value).decode(),
    "float": repr,
}
_READ: Mapping[str, Callable[[str], Any]] = {
    "switch": {"true": True, "false": False}.__getitem__,
    "number": int,
    "text": lambda cell: cell.removeprefix("'"),
    "instant": datetime.fromisoformat,
    "day": date.fromisoformat,
    "bytes": base64.b64decode,
    "float": float,
}


def cell_of(value: Any, kind: str) -> str:
    """The value as it stands in a cell; nothing where it is unknown."""
    return "" if value is None else _WRITE[kind](value)


def value_of(cell: str, kind: str) -> Any:
    """The value of a cell. Raises ValueError or KeyError for what `cell_of` cannot have written."""
    return None if cell == "" else _READ[kind](cell)


def write_table(stream: IO[str], columns: Mapping[str, str], rows: Iterable[Iterable[Any]]) -> int:
    """Write a head and the rows; how many there were. The same rows give the same bytes."""
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(columns)
    count = 0
    for row in rows:
        writer.writerow([cell_of(value, kind) for value, kind in zip(row, columns.values(), strict=True)])
        count += 1
    return count


def read_table(stream: IO[str], columns: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """The rows as they were. Raises ValueError where the head is another, or a row has other cells."""
    reader = csv.reader(stream)
    if next(reader, None) != list(columns):
        raise ValueError("The head is another.")
    for row in reader:
        yield {name: value_of(cell, kind) for cell, (name, kind) in zip(row, columns.items(), strict=True)}
