"""A sheet that somebody hands in, read as text: CSV as spreadsheets write it in the Netherlands, XLSX, XLS and ODS.

Nothing in a file is run or followed. What cannot be read is refused with a reason; however broken the bytes are, no
other error leaves this room.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from ecoop.errors import InvalidInput, Problem
from ecoop.exchange.office_sheets import PASSWORD, TOO_MANY_COLUMNS, TOO_MANY_ROWS, OfficeUnreadable, read_office
from ecoop.governance.papers import FileRefused, MediaType, PaperReason, check_file
from ecoop.governance.register_sheet import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Sheet

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e"
_MARKS = ";,\t|"
_LOOKED_AT = 30
"""Rows that are looked at to find out which mark parts the columns."""
_ODD = {"'=", "'+", "'-", "'@"}
"""How a text begins that we wrote with a mark in front, so that no spreadsheet would take it for a formula."""


class SheetReason(StrEnum):
    """Why a file cannot be read as a sheet."""

    EMPTY = "sheet_empty"
    TOO_LARGE = "sheet_too_large"
    NOT_A_SHEET = "sheet_not_a_sheet"
    DAMAGED = "sheet_damaged"
    ENCRYPTED = "sheet_encrypted"
    MACROS = "sheet_macros"
    NO_ROWS = "sheet_no_rows"
    TOO_MANY_ROWS = "sheet_too_many_rows"
    TOO_MANY_COLUMNS = "sheet_too_many_columns"
    CELL_TOO_LONG = "sheet_cell_too_long"
    QUOTE_OPEN = "sheet_quote_open"


_FROM_PAPERS = {
    PaperReason.EMPTY: SheetReason.EMPTY,
    PaperReason.TOO_LARGE: SheetReason.TOO_LARGE,
    PaperReason.ENCRYPTED: SheetReason.ENCRYPTED,
    PaperReason.MACROS: SheetReason.MACROS,
    PaperReason.DAMAGED: SheetReason.DAMAGED,
    PaperReason.UNPACKS_TOO_LARGE: SheetReason.TOO_LARGE,
}

_FROM_OFFICE: Mapping[str, tuple[SheetReason, dict[str, object]]] = {
    PASSWORD: (SheetReason.ENCRYPTED, {}),
    TOO_MANY_ROWS: (SheetReason.TOO_MANY_ROWS, {"maximum": MOST_ROWS}),
    TOO_MANY_COLUMNS: (SheetReason.TOO_MANY_COLUMNS, {"maximum": MOST_COLUMNS}),
}


def read_sheet(content: bytes, *, limit_bytes: int) -> Sheet:
    """The first sheet with something in it, as text. Raises InvalidInput naming what is wrong with the file.

    The header is the first row with more than one cell filled; a title above it is passed over.
    """
    if not content:
        raise _refused(SheetReason.EMPTY)
    if len(content) > limit_bytes:
        raise _refused(SheetReason.TOO_LARGE, maximum=limit_bytes // (1024 * 1024))
    if content.startswith((b"PK\x03\x04", _OLD_OFFICE)):
        return _as_sheet(_office_rows(content, limit_bytes))
    if content.startswith((b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"PK")):
        raise _refused(SheetReason.NOT_A_SHEET)
    return _as_sheet(_text_rows(_decoded(content)))


def _refused(reason: SheetReason, **details: object) -> InvalidInput:
    return InvalidInput((Problem(key="file", reason=reason, details=details),))


# office files


def _office_rows(content: bytes, limit_bytes: int) -> list[list[str]]:
    if content.startswith(_OLD_OFFICE):
        if _ENCRYPTED in content:
            raise _refused(SheetReason.ENCRYPTED)
    else:
        try:
            kind = check_file(content, limit_bytes=limit_bytes)
        except FileRefused as refused:
            reason = _FROM_PAPERS.get(refused.reason, SheetReason.NOT_A_SHEET)
            raise _refused(reason, maximum=limit_bytes // (1024 * 1024)) from refused
        if kind not in {MediaType.XLSX, MediaType.ODS}:
            raise _refused(SheetReason.NOT_A_SHEET)
    return _read_apart(content)


def _read_apart(content: bytes) -> list[list[str]]:
    try:
        rows = read_office(content, most_rows=MOST_ROWS + 100, most_columns=MOST_COLUMNS)
    except OfficeUnreadable as unreadable:
        reason, details = _FROM_OFFICE.get(unreadable.problem, (SheetReason.DAMAGED, {}))
        raise _refused(reason, **details) from unreadable
    return [[_clean(cell) for cell in row] for row in rows]


# text


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if any(ord(one) < 32 and one not in "\t\n\r\f\v" for one in set(text)):
            break
        return text
    raise _refused(SheetReason.NOT_A_SHEET)


def _text_rows(text: str) -> list[list[str]]:
    rows = _parted(text, _mark_of(text), None)
    if len(rows) > MOST_ROWS + 100:
        raise _refused(SheetReason.TOO_MANY_ROWS, maximum=MOST_ROWS)
    return [[_clean(cell) for cell in row] for row in rows]


def _mark_of(text: str) -> str:
    """The mark that parts the columns: the one that gives most rows the same number of cells, more than one."""
    best, most = ";", 0.0
    for mark in _MARKS:
        try:
            widths = [len(row) for row in _parted(text, mark, _LOOKED_AT) if any(row)]
        except InvalidInput:
            continue
        wide = [width for width in widths if width > 1]
        usual = max(set(wide), key=wide.count) if wide else 0
        score = wide.count(usual) / len(widths) * min(usual, 50) if wide else 0.0
        if score > most:
            best, most = mark, score
    return best


def _parted(text: str, mark: str, most: int | None) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append(row)
            if (most is not None and len(rows) >= most) or len(rows) > MOST_ROWS + 100:
                break
    except csv.Error as error:
        raise _refused(SheetReason.QUOTE_OPEN, line=len(rows) + 1) from error
    return rows


# cells and rows


def _clean(cell: str) -> str:
    """A cell without spaces around it, line ends and characters that nobody sees; a mark of ours in front goes."""
    if cell.isascii() and cell.isprintable():
        cell = cell.strip()
    else:
        kept = "".join(" " if one.isspace() else one for one in cell if one.isspace() or one.isprintable())
        cell = " ".join(kept.split())
    return cell[1:] if cell[:2] in _ODD else cell


def _as_sheet(rows: Sequence[Sequence[str]]) -> Sheet:
    place = next((number for number, row in enumerate(rows) if sum(map(bool, row)) > 1), None)
    if place is None:  # perhaps one column only
        place = next((number for number, row in enumerate(rows) if any(row)), None)
    if place is None:
        raise _refused(SheetReason.EMPTY)
    below = rows[place + 1 :]
    while below and not any(below[-1]):
        below = below[:-1]
    width = max((_width(row) for row in (rows[place], *below)), default=0)
    _refuse_large(rows[place], below, width)
    return Sheet(
        header=_filled(rows[place], width), rows=tuple(_filled(row, width) for row in below), first_row=place + 2
    )


def _refuse_large(header: Iterable[str], below: Sequence[Sequence[str]], width: int) -> None:
    if not below:
        raise _refused(SheetReason.NO_ROWS)
    if len(below) > MOST_ROWS:
        raise _refused(SheetReason.TOO_MANY_ROWS, maximum=MOST_ROWS)
    if width > MOST_COLUMNS:
        raise _refused(SheetReason.TOO_MANY_COLUMNS, maximum=MOST_COLUMNS)
    for number, row in enumerate((header, *below)):
        if any(len(cell) > LONGEST_CELL for cell in row):
            raise _refused(SheetReason.CELL_TOO_LONG, line=number + 1, maximum=LONGEST_CELL)


def _width(row: Sequence[str]) -> int:
    return max((place + 1 for place, cell in enumerate(row) if cell), default=0)


def _filled(row: Sequence[str], width: int) -> tuple[str, ...]:
    return (*row[:width], *("",) * (width - len(row)))
