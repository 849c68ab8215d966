"""Rows of words in columns, for a terminal."""

from collections.abc import Iterator, Sequence

Row = tuple[str, ...]


def aligned(rows: Sequence[Row], *, right: tuple[int, ...]) -> Iterator[str]:
    """The rows in columns; those in `right` end below each other."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        cells = [
            text.rjust(width) if at in right else text.ljust(width)
            for at, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()
