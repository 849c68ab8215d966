"""Sheets as people hand them in: read as text, or refused in a sentence, whatever is in the file."""

import io
from contextlib import suppress
from datetime import datetime
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from ecoop.errors import InvalidInput
from ecoop.exchange import example_sheet
from ecoop.exchange.sheets import SheetReason, read_sheet
from ecoop.governance.register_sheet import Sheet, guess
from ecoop.governance.sheet_fields import RULES
from ecoop.language import Language, speaking
from tests.support import office_files as made

LIMIT = 1_000_000


def read(content: bytes | str, limit: int = LIMIT) -> Sheet:
    return read_sheet(content.encode() if isinstance(content, str) else content, limit_bytes=limit)


def reason(content: bytes | str, limit: int = LIMIT) -> str:
    with pytest.raises(InvalidInput) as refused:
        read(content, limit)
    return refused.value.problems[0].reason


def a_book(*rows: list[Any], **given_: Any) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet, days = book.add_worksheet(), book.add_format({"num_format": "dd-mm-yyyy"})
        for line, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, datetime):
                    sheet.write_datetime(line, column, value, days)
                else:
                    sheet.write(line, column, value)
        for (line, column), value in given_.get("far", {}).items():
            sheet.write(line, column, value)
    return stream.getvalue()


@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
def test_the_mark_between_columns_is_found(mark: str) -> None:
    found = read(f"Nr{mark}Naam\n1{mark}Jan\n")

    assert (found.header, found.rows) == (("Nr", "Naam"), (("1", "Jan"),))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_accents_are_read_in_every_usual_encoding(encoding: str) -> None:
    assert read("Nr;Naam\n1;Zoë\n".encode(encoding)).rows == (("1", "Zoë"),)


def test_a_cell_may_hold_a_line_end_and_the_mark() -> None:
    assert read('Nr;Naam\r\n1;"De Vries;\r\n Jan"\r\n').rows == (("1", "De Vries; Jan"),)


def test_a_title_above_the_header_is_passed_over_and_rows_keep_their_numbers() -> None:
    found = read("Ledenlijst 2025\n\nNr;Naam\n1;Jan\n;\n2;Piet\n;\n")

    assert (found.header, found.first_row) == (("Nr", "Naam"), 4)
    assert found.rows == (("1", "Jan"), ("", ""), ("2", "Piet"))


def test_a_text_that_we_made_harmless_is_what_it_was() -> None:
    assert read("Nr;Tel\n1;'+31 6 1\n2;'s-Graveland\n").rows == (("1", "+31 6 1"), ("2", "'s-Graveland"))


def test_a_workbook_gives_days_and_numbers_as_text() -> None:
    found = read(a_book(["Nr", "Lid sinds", "Bedrag", "Naam"], [1, datetime(2019, 12, 31), 12.5, "Jan"]))

    assert found.rows == (("1", "2019-12-31", "12,5", "Jan"),)


def test_a_letter_is_no_sheet_and_macros_are_refused() -> None:
    assert reason(made.docx()) == SheetReason.NOT_A_SHEET
    assert reason(made.xlsx(**{"xl/vbaProject.bin": b"x"})) == SheetReason.MACROS


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", SheetReason.EMPTY),
        (b"\n;;\n", SheetReason.EMPTY),
        (b"Nr;Naam\n", SheetReason.NO_ROWS),
        (b"%PDF-1.4 %%EOF", SheetReason.NOT_A_SHEET),
        (bytes(range(256)), SheetReason.NOT_A_SHEET),
        (b"PK\x03\x04 half", SheetReason.DAMAGED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 half", SheetReason.DAMAGED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), SheetReason.ENCRYPTED),
        (b'Nr;Naam\n1;"Jan\n2;Piet\n', SheetReason.QUOTE_OPEN),
        (b"Nr;Naam\n1;" + b"x" * 2_001 + b"\n", SheetReason.CELL_TOO_LONG),
        (b"a;" * 201 + b"a\n" + b"1;" * 201 + b"1\n", SheetReason.TOO_MANY_COLUMNS),
    ],
)
def test_what_cannot_be_read_is_told(content: bytes, why: SheetReason) -> None:
    assert reason(content) == why


def test_a_file_above_the_limit_is_refused() -> None:
    assert reason("Nr;Naam\n1;Jan\n", limit=5) == SheetReason.TOO_LARGE


def test_too_many_rows_are_refused() -> None:
    assert reason("Nr;N\n" + "1;J\n" * 50_001) == SheetReason.TOO_MANY_ROWS


def test_a_workbook_that_asks_for_all_memory_ends_only_its_own_process() -> None:
    assert reason(a_book(["Nr"], [1], far={(1_048_575, 16_383): "x"})) == SheetReason.DAMAGED


@pytest.mark.parametrize("spoken", Language)
def test_the_example_holds_every_field_under_a_header_that_is_known_again(spoken: Language) -> None:
    with speaking(spoken):
        found = read(example_sheet.as_xlsx())

    assert guess(found.header, found.rows) == tuple(rule.field for rule in RULES)
    used = {place for row in found.rows for place, cell in enumerate(row) if cell}
    assert used == set(range(len(RULES)))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300) | st.text(alphabet=";,\t\"\n\r'=aé0", max_size=80).map(str.encode))
def test_whatever_is_handed_in_is_read_or_refused(content: bytes) -> None:
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return  # read in a process of its own, which the tests above do
    with suppress(InvalidInput):
        found = read(content)
        assert all(len(row) == len(found.header) for row in found.rows)
