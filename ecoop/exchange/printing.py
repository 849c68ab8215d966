"""Letters on paper: one PDF (tagged, PDF/UA) in which every letter begins on a page of its own."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


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
    import typst

    data = json.dumps(
        {"language": sheets[0].language, "title": sheets[0].sender, "letters": [_data(s) for s in sheets]}
    )
    made = typst.compile(find_template().read_bytes(), sys_inputs={"data": data}, pdf_standards=["ua-1"])
    assert isinstance(made, bytes)  # noqa: S101  one document gives one file
    return made


def _data(sheet: Sheet) -> dict[str, object]:
    paragraphs = [part.split("\n") for part in sheet.body.strip().split("\n\n") if part.strip()]
    return asdict(sheet) | {"paragraphs": paragraphs}


def find_template() -> Path:
    """The layout of a letter: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parents[1]
    for folder in (package / "templates", package.parent / "templates"):
        file = folder / "letters" / "letter.typ"
        if file.is_file():
            return file
    raise FileNotFoundError("The layout of letters is missing: templates/letters/letter.typ.")
