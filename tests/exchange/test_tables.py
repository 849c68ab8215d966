"""Tables as text: what is unknown says so, and numbers are written as the reader does."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecoop import language
from ecoop.exchange.tables import Column, Kind, Table, as_csv
from ecoop.language import Language

CASES = [
    (Kind.EURO, 1234.5, "€\xa01.235", "€\xa01,235"),
    (Kind.EURO, -0.2, "€\xa00", "€\xa00"),
    (Kind.COUNT, 1000, "1.000", "1,000"),
    (Kind.NUMBER, 0.25, "0,3", "0.3"),
    (Kind.RATIO, 1.3, "1,30", "1.30"),
    (Kind.PERCENT, 0.925, "92,5%", "92.5%"),
    (Kind.YEAR, 2030, "2030", "2030"),
    (Kind.TEXT, "a", "a", "a"),
]


@pytest.mark.parametrize(("kind", "value", "dutch", "english"), CASES)
def test_a_value_is_written_as_the_reader_does(kind: Kind, value: float | str, dutch: str, english: str) -> None:
    column = Column(label="x", kind=kind)

    with language.speaking(Language.DUTCH):
        assert column.text(value) == dutch
    with language.speaking(Language.ENGLISH):
        assert column.text(value) == english


@pytest.mark.parametrize("kind", list(Kind))
def test_what_is_unknown_is_never_shown_as_nothing(kind: Kind) -> None:
    with language.speaking(Language.ENGLISH):
        assert Column(label="x", kind=kind).text(None) == "unknown"
        assert Column(label="x", kind=kind, none="–").text(None) == "–"


def _read(table: Table, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(as_csv(table).decode("utf-8-sig"), newline=""), delimiter=delimiter))


PRINTABLE = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\0"))


@given(st.lists(PRINTABLE, min_size=1, max_size=4), st.floats(allow_nan=False, allow_infinity=False))
def test_a_file_holds_every_value_in_full(texts: list[str], value: float) -> None:
    columns = (*(Column(label="x") for _ in texts), Column(label="n", kind=Kind.NUMBER))
    table = Table(name="t", caption="t", columns=columns, rows=((*texts, value),))

    with language.speaking(Language.DUTCH):
        (_head, row) = _read(table, ";")

    assert float(row[-1].replace(",", ".")) == value
    assert [cell.removeprefix("'") for cell in row[:-1]] == [text.removeprefix("'") for text in texts]


@given(PRINTABLE)
def test_no_cell_begins_as_a_formula_does(text: str) -> None:
    table = Table(name="t", caption="t", columns=(Column(label=text),), rows=((text,),))

    with language.speaking(Language.DUTCH):
        rows = _read(table, ";")
    for row in rows:
        assert row == [] or row[0][:1] not in {"=", "+", "-", "@", "\t", "\r", "\n"}


def test_what_is_unknown_is_an_empty_cell() -> None:
    table = Table(name="t", caption="t", columns=(Column(label="a"), Column(label="b")), rows=((None, 1),))

    with language.speaking(Language.DUTCH):
        assert _read(table, ";")[1] == ["", "1"]
