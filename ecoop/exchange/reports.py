"""A report on paper: headings, sentences and tables as one PDF (tagged, PDF/UA)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of a report: sentences, then a table where there are rows."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that stands on paper, in words of the reader's language. `foot` is a fingerprint, or nothing."""

    language: str
    sender: str
    title: str
    lead: tuple[str, ...]
    sections: tuple[Section, ...]
    foot: str = ""


def print_report(report: Report) -> bytes:
    """The report as a PDF. The same report gives the same bytes. Nothing in it is ever read as layout."""
    import typst

    data = {
        "language": report.language, "sender": report.sender, "title": report.title, "lead": report.lead,
        "foot": report.foot, "sections": [_data(section) for section in report.sections],
    }  # fmt: skip
    made = typst.compile(find_layout().read_bytes(), sys_inputs={"data": json.dumps(data)}, pdf_standards=["ua-1"])
    assert isinstance(made, bytes)  # noqa: S101  one document gives one file
    return made


def _data(section: Section) -> dict[str, object]:
    return {"heading": section.heading, "paragraphs": section.paragraphs, "columns": section.columns,
            "rows": section.rows, "widths": _widths(section)}  # fmt: skip


def _widths(section: Section) -> list[int]:
    """How wide each column is beside the others, by its longest cell; none is squeezed out."""
    columns: Sequence[Sequence[str]] = list(zip(section.columns, *section.rows, strict=True))
    return [min(60, max(8, *(len(cell) for cell in column))) for column in columns]


def find_layout() -> Path:
    """The layout of a report: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parents[1]
    for folder in (package / "templates", package.parent / "templates"):
        file = folder / "reports" / "report.typ"
        if file.is_file():
            return file
    raise FileNotFoundError("The layout of reports is missing: templates/reports/report.typ.")
