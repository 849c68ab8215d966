"""All rows of a database as lines of text, and back: the same lines from SQLite and from PostgreSQL.

The tables are asked of the database itself, not of our models: it may have been made by an older release.
"""

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

import orjson
import sqlalchemy as sa

from ecoop.errors import Refused
from ecoop.safekeeping.reasons import SafekeepingReason

AT_ONCE = 2_000
REVISION_TABLE = "alembic_version"

KINDS: Mapping[str, tuple[type[sa.types.TypeEngine[Any]], sa.types.TypeEngine[Any]]] = {
    "switch": (sa.Boolean, sa.Boolean(create_constraint=False)),
    "number": (sa.Integer, sa.BigInteger()),
    "text": (sa.String, sa.Text()),
    "instant": (sa.DateTime, sa.DateTime(timezone=True)),
    "day": (sa.Date, sa.Date()),
    "bytes": (sa.LargeBinary, sa.LargeBinary()),
    "float": (sa.Float, sa.Float()),
}
"""What a column can hold: how the database calls it, and how it is read and written on both."""

_READ: Mapping[str, Callable[[Any], Any]] = {
    "instant": datetime.fromisoformat,
    "day": date.fromisoformat,
    "bytes": base64.b64decode,
}


@dataclass(frozen=True, slots=True)
class Layout:
    """One table: its columns with their kinds, and the columns of its key."""

    name: str
    columns: Mapping[str, str]
    key: tuple[str, ...]

    @property
    def table(self) -> sa.TableClause:
        """The table, to be named in statements."""
        return sa.table(self.name, *(sa.column(name, KINDS[kind][1]) for name, kind in self.columns.items()))


def read_layouts(connection: sa.Connection) -> tuple[Layout, ...]:
    """Every table, by name, but the one that notes the revision. Refuses a column of a kind that we cannot keep."""
    inspector = sa.inspect(connection)
    return tuple(
        Layout(
            name,
            {column["name"]: _kind(name, column["name"], column["type"]) for column in inspector.get_columns(name)},
            tuple(inspector.get_pk_constraint(name)["constrained_columns"]),
        )
        for name in sorted(inspector.get_table_names())
        if name != REVISION_TABLE
    )


def _kind(table: str, column: str, found: sa.types.TypeEngine[Any]) -> str:
    for kind, (family, _) in KINDS.items():
        if isinstance(found, family):
            return kind
    raise Refused(SafekeepingReason.COLUMN_UNKNOWN, column=f"{table}.{column}")


def read_lines(connection: sa.Connection, layout: Layout) -> Iterator[tuple[int, bytes]]:
    """The rows in the order of their key: some at a time, how many, and their lines."""
    table = layout.table
    query = sa.select(table).order_by(*(table.c[name] for name in layout.key))
    for rows in connection.execute(query, execution_options={"yield_per": AT_ONCE}).partitions():
        yield len(rows), b"".join(_line(row) for row in rows)


def _line(row: sa.Row[Any]) -> bytes:
    return orjson.dumps(tuple(row), default=_as_text, option=orjson.OPT_NAIVE_UTC | orjson.OPT_APPEND_NEWLINE)


def _as_text(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} has no line.")


def write_lines(connection: sa.Connection, layout: Layout, columns: Mapping[str, str], lines: Iterable[bytes]) -> int:
    """Add the rows of `lines`, whose values stand in the order of `columns`; how many there were."""
    if dict(columns) != dict(layout.columns):
        raise Refused(SafekeepingReason.BACKUP_DIFFERS, table=layout.name)
    reading = [(name, _READ.get(kind)) for name, kind in columns.items()]
    statement, waiting, count = sa.insert(layout.table), iter(lines), 0
    while batch := [_values(line, reading) for line in islice(waiting, AT_ONCE)]:
        connection.execute(statement, batch)
        count += len(batch)
    return count


def _values(line: bytes, reading: list[tuple[str, Callable[[Any], Any] | None]]) -> dict[str, Any]:
    return {
        name: value if read is None or value is None else read(value)
        for (name, read), value in zip(reading, orjson.loads(line), strict=True)
    }


def has_rows(connection: sa.Connection, layouts: Iterable[Layout]) -> bool:
    """Whether there is anything in the tables."""
    return any(connection.execute(sa.select(sa.exists(sa.select(one.table)))).scalar() for one in layouts)


def read_heads(connection: sa.Connection, layouts: Iterable[Layout]) -> dict[str, tuple[int, str]]:
    """Number and digest of the last entry of every audit chain."""
    known, found = {one.name: one.table for one in layouts}, {}
    if "audit_entry" in known:
        table, last = known["audit_entry"], known["audit_entry"].alias()
        newest = sa.select(sa.func.max(last.c.number)).where(last.c.cooperative_id == table.c.cooperative_id)
        query = sa.select(table.c.cooperative_id, table.c.number, table.c.digest)
        for row in connection.execute(query.where(table.c.number == newest.scalar_subquery())):
            found[f"cooperative:{row.cooperative_id}"] = (row.number, row.digest)
    if "installation_entry" in known:
        table = known["installation_entry"]
        query = sa.select(table.c.number, table.c.digest).order_by(table.c.number.desc()).limit(1)
        newest_of_all = connection.execute(query).first()
        if newest_of_all is not None:
            found["installation"] = (newest_of_all.number, newest_of_all.digest)
    return found
