"""A table as it is shown, and the same table as a file."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ecoop import language
from ecoop.language import Language
from ecoop.language import gettext as _

Cell = str | int | float | None


class Kind(StrEnum):
    """How the values of a column are written."""

    TEXT = "text"
    YEAR = "year"
    COUNT = "count"
    EURO = "euro"
    NUMBER = "number"
    EXACT = "exact"
    RATIO = "ratio"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column; None in a cell is unknown or does not apply, which `none` says."""

    label: str
    kind: Kind = Kind.TEXT
    none: str = ""

    @property
    def is_number(self) -> bool:
        """Whether the column is set to the right."""
        return self.kind is not Kind.TEXT

    def text(self, value: Cell) -> str:
        """The value in words or figures of the reader's language."""
        if value is None:
            return self.none or _("unknown")
        if isinstance(value, str):
            return value
        match self.kind:
            case Kind.EURO:
                return language.euros(value)
            case Kind.COUNT:
                return language.number(value)
            case Kind.NUMBER:
                return language.number(value, 1)
            case Kind.EXACT:
                return language.number(value, len(repr(value).partition(".")[2].rstrip("0")))
            case Kind.RATIO:
                return language.number(value, 2)
            case Kind.PERCENT:
                return language.percent(value, 1)
            case _:
                return str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Named rows under columns; `totals` is how many of the last rows are sums."""

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: int = 0


def as_csv(table: Table) -> bytes:
    """The table as CSV: in Dutch with semicolons and decimal commas, as a Dutch spreadsheet expects."""
    dutch = language.current() is Language.DUTCH
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";" if dutch else ",", lineterminator="\r\n")
    writer.writerow([harmless(column.label) for column in table.columns])
    for row in table.rows:
        writer.writerow([_plain(value, comma=dutch) for value in row])
    return stream.getvalue().encode("utf-8-sig")


def _plain(value: Cell, *, comma: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return harmless(value)
    text = repr(value)
    return text.replace(".", ",") if comma else text


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return "'" + text if text[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"} else text


_FORMATS = {
    Kind.EURO: "€ #,##0;-€ #,##0",
    Kind.COUNT: "#,##0",
    Kind.NUMBER: "#,##0.0",
    Kind.RATIO: "0.00",
    Kind.PERCENT: "0.0%",
    Kind.YEAR: "0",
}


def as_xlsx(table: Table) -> bytes:
    """The table as a workbook with one sheet: full precision, formatted as on the page."""
    import xlsxwriter

    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        sheet = book.add_worksheet(_sheet_name(table.name))
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        formats = [book.add_format({"num_format": _FORMATS.get(column.kind, "General")}) for column in table.columns]
        for place, column in enumerate(table.columns):
            sheet.write_string(0, place, column.label, bold)
            sheet.set_column(place, place, _width(table, place))
        for line, row in enumerate(table.rows, start=1):
            for place, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(line, place, value)
                elif value is not None:
                    sheet.write_number(line, place, value, formats[place])
        sheet.freeze_panes(1, 1)
    return stream.getvalue()


def _sheet_name(name: str) -> str:
    return "".join(character for character in name if character not in "[]:*?/\\")[:31]


def _width(table: Table, place: int) -> float:
    longest: Sequence[int] = [len(str(row[place])) for row in table.rows if isinstance(row[place], str)]
    return min(60, max(12, max(longest, default=0) + 2, len(table.columns[place].label) * 0.6))


WRITERS = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
"""How a table becomes a file, by the ending of its name: the writer, and the kind of file for the browser."""
