"""XLSX, XLS and ODS read in a process of its own, with an end to its memory and its time.

The reader takes room for every cell between the first and the last: a file of a few kB that fills the last cell of a
sheet asks for hundreds of GB and would end the whole site. Apart, it only ends itself.
"""

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

MEMORY_BYTES = 2 * 1024**3
SECONDS = 60
PASSWORD, BROKEN, TOO_MANY_ROWS, TOO_MANY_COLUMNS = "password", "broken", "rows", "columns"


class OfficeUnreadable(Exception):
    """The file gives no cells; `problem` says why: a password, broken, too many rows or columns."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def read_office(content: bytes, *, most_rows: int, most_columns: int) -> list[list[str]]:
    """The cells of the first sheet with something in it, as text, from its corner on. Raises OfficeUnreadable."""
    command = [sys.executable, "-m", "ecoop.exchange.office_sheets", str(most_rows), str(most_columns)]
    try:
        answer = subprocess.run(  # noqa: S603  our own program, and the file only on its input
            command, input=content, capture_output=True, timeout=SECONDS, check=False
        )
        told = json.loads(answer.stdout) if answer.returncode == 0 else {}
    except (subprocess.TimeoutExpired, ValueError) as error:
        raise OfficeUnreadable(BROKEN) from error
    if "rows" not in told:
        raise OfficeUnreadable(told.get("problem", BROKEN))
    rows: list[list[str]] = told["rows"]
    return rows


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(MEMORY_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def _read(content: bytes, most_rows: int, most_columns: int) -> dict[str, Any]:
    import python_calamine as calamine

    try:
        book = calamine.load_workbook(io.BytesIO(content))
        for rows in _sheets(book, most_rows, most_columns):
            if any(any(row) for row in rows):
                return {"rows": rows}
    except calamine.PasswordError:
        return {"problem": PASSWORD}
    except OfficeUnreadable as unreadable:
        return {"problem": unreadable.problem}
    except (calamine.CalamineError, OSError, ValueError, OverflowError, MemoryError):
        return {"problem": BROKEN}
    return {"rows": []}


def _sheets(book: Any, most_rows: int, most_columns: int) -> Iterator[list[list[str]]]:
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        if sheet.total_height > most_rows:
            raise OfficeUnreadable(TOO_MANY_ROWS)
        if sheet.total_width > most_columns:
            raise OfficeUnreadable(TOO_MANY_COLUMNS)
        yield [[cell_text(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]


def cell_text(value: object) -> str:
    """A cell as text: a day as 2019-12-31, a whole number without a point, a broken number with a comma."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time | timedelta):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.10g}".replace(".", ",")
    return "" if value is None else str(value)


if __name__ == "__main__":
    _limit_memory()
    sys.stdout.write(json.dumps(_read(sys.stdin.buffer.read(), int(sys.argv[1]), int(sys.argv[2]))))
