"""What only the owner of the tables does when they are filled anew from a backup: references, old tables, numbering."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import sqlalchemy as sa

LOCK_PATIENCE = "15s"


def drop_everything(connection: sa.Connection) -> None:
    """Remove every table of a PostgreSQL database, or wait no longer than a moment for who still uses them."""
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_PATIENCE}'")
    quote = connection.dialect.identifier_preparer.quote
    for table in sa.inspect(connection).get_table_names():
        connection.exec_driver_sql(f"DROP TABLE {quote(table)} CASCADE")


@contextmanager
def references_at_the_end(connection: sa.Connection) -> Iterator[None]:
    """Inside the block rows may come in any order; at its end every reference is looked at.

    On SQLite `changing_tables` does so already. PostgreSQL looks when a reference is made anew.
    """
    found = [] if connection.dialect.name == "sqlite" else _references(connection)
    for table, name, _ in found:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    yield
    for table, name, definition in found:
        connection.exec_driver_sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def _references(connection: sa.Connection) -> list[tuple[str, str, str]]:
    rows = connection.exec_driver_sql(
        "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1, 2"
    )
    return [(row[0], row[1], row[2]) for row in rows]


def read_numbering(connection: sa.Connection) -> dict[str, int]:
    """The last number that each numbered table gave out, by table and column: it may be of a row that is gone."""
    if connection.dialect.name == "sqlite":
        return {}  # numbers on from the highest that is there
    found = {}
    for table, column, sequence in _sequences(connection):
        last, used = connection.exec_driver_sql(f"SELECT last_value, is_called FROM {sequence}").one()  # noqa: S608
        if used:
            found[f"{table}.{column}"] = int(last)
    return found


def set_numbering(connection: sa.Connection, last: Mapping[str, int]) -> None:
    """Let every table number on from the highest of its rows, and of what `read_numbering` told."""
    quote = connection.dialect.identifier_preparer.quote
    for table, column, sequence in [] if connection.dialect.name == "sqlite" else _sequences(connection):
        statement = f"SELECT max({quote(column)}) FROM {quote(table)}"  # noqa: S608  names from the catalogue
        highest = max(connection.exec_driver_sql(statement).scalar() or 0, last.get(f"{table}.{column}", 0))
        if highest:
            connection.exec_driver_sql(f"SELECT setval('{sequence}', {highest})")


def _sequences(connection: sa.Connection) -> list[tuple[str, str, str]]:
    rows = connection.exec_driver_sql(
        "SELECT table_name, column_name, pg_get_serial_sequence(quote_ident(table_name), column_name) AS sequence "
        "FROM information_schema.columns WHERE table_schema = current_schema() "
        "AND pg_get_serial_sequence(quote_ident(table_name), column_name) IS NOT NULL ORDER BY 1, 2"
    )
    return [(row[0], row[1], row[2]) for row in rows]
