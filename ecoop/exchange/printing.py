"""On paper, as tagged PDF (PDF/UA): letters, each beginning on a page of its own, and tables."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from ecoop import language
from ecoop.exchange.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One letter to be printed, every text of it as data."""

    language: str
    sender: str
    place: str
    day: str
    addressee: list[str]
    """Name and lines of the address."""
    subject: str
    body: str


def print_letters(sheets: Sequence[Sheet]) -> bytes:
    """One PDF of all letters. The same letters give the same bytes. Nothing in a letter is ever read as layout."""
    data = {"language": sheets[0].language, "title": sheets[0].sender, "letters": [_data(s) for s in sheets]}
    return _print("letter.typ", data)


WIDE = 6
"""A table with more columns than this lies on its side."""
_NARROWEST, _WIDEST = 4, 28


def print_table(table: Table, *, place: str, notes: Sequence[str] = (), footnote: str = "") -> bytes:
    """A table as PDF in the reader's language: its head on every page, its footnote (a fingerprint) too."""
    words = [[column.text(value) for column, value in zip(table.columns, row, strict=True)] for row in table.rows]
    cut = len(words) - table.totals
    head = [column.label for column in table.columns]
    return _print(
        "table.typ",
        {
            "language": language.current().value,
            "title": table.caption,
            "place": place,
            "notes": list(notes),
            "footnote": footnote,
            "wide": len(head) > WIDE,
            "head": head,
            "numeric": [column.is_number for column in table.columns],
            "widths": [_width([head[at], *(row[at] for row in words)]) for at in range(len(head))],
            "rows": words[:cut],
            "totals": words[cut:],
        },
    )


def _width(texts: Sequence[str]) -> int:
    """The share of the page that a column gets: as its longest text, within bounds."""
    return min(_WIDEST, max(_NARROWEST, *(len(text) for text in texts)))


def _print(template: str, data: Mapping[str, object]) -> bytes:
    """The same data give the same bytes. Nothing in the data is ever read as layout."""
    import typst

    given = {"data": json.dumps(data)}
    made = typst.compile(find_template(template).read_bytes(), sys_inputs=given, pdf_standards=["ua-1"])
    assert isinstance(made, bytes)  # noqa: S101  one document gives one file
    return made


def _data(sheet: Sheet) -> dict[str, object]:
    paragraphs = [part.split("\n") for part in sheet.body.strip().split("\n\n") if part.strip()]
    return asdict(sheet) | {"paragraphs": paragraphs}


def find_template(name: str = "letter.typ") -> Path:
    """The layout of what is printed: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parents[1]
    for folder in (package / "templates", package.parent / "templates"):
        file = folder / "letters" / name
        if file.is_file():
            return file
    raise FileNotFoundError(f"A layout is missing: templates/letters/{name}.")
