"""Counting what is asked of a database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from ecoop.db import Database

HOUSEKEEPING = ("BEGIN", "PRAGMA", "SET TRANSACTION", "SAVEPOINT", "RELEASE", "ROLLBACK")


@contextmanager
def counted_queries(database: Database) -> Iterator[list[str]]:
    """The statements that reach `database` inside the block, transaction housekeeping left out."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(HOUSEKEEPING):
            seen.append(statement)

    event.listen(database.writer, "before_cursor_execute", note)  # the reader stands on the same engine
    try:
        yield seen
    finally:
        event.remove(database.writer, "before_cursor_execute", note)
