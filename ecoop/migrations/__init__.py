"""The history of the tables, and whether a database has kept up with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from ecoop.db import Database
from ecoop.errors import EcoopError

_HERE = Path(__file__).parent


class SchemaState(StrEnum):
    """How the tables of a database relate to this release."""

    EMPTY = "empty"
    CURRENT = "current"
    OLDER = "older"
    UNKNOWN = "unknown"
    """Made by a newer release, or not ours."""


class BrokenReferences(EcoopError):
    """A migration would leave rows that refer to nothing. The tables stay as they were."""


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the tables up to `revision`; a failure leaves them as they were."""
    with changing_tables(database) as connection:
        upgrade_within(connection, revision)


def downgrade(database: Database, revision: str) -> None:
    """Take the tables back to `revision` ("base" removes them all)."""
    with changing_tables(database) as connection:
        command.downgrade(_config(connection), revision)


def upgrade_within(connection: sa.Connection, revision: str = "head") -> None:
    """Bring the tables up to `revision` as a part of what `changing_tables` began."""
    command.upgrade(_config(connection), revision)


def known_revisions() -> frozenset[str]:
    """The revisions that this release has passed through."""
    return frozenset(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def revision_of(connection: sa.Connection) -> str | None:
    """The revision noted in the database; None where there is none."""
    return MigrationContext.configure(connection).get_current_revision()


def schema_state(database: Database) -> SchemaState:
    """Compare the revision noted in the database with the newest one known here."""
    with database.reader.connect() as connection:
        current = revision_of(connection)
    scripts = ScriptDirectory.from_config(_config())
    if current is None:
        return SchemaState.EMPTY
    if current == scripts.get_current_head():
        return SchemaState.CURRENT
    return SchemaState.OLDER if current in known_revisions() else SchemaState.UNKNOWN


def broken_rows(database: Database) -> tuple[str, ...]:
    """The tables in which rows are damaged or refer to nothing, as the database itself sees it."""
    with database.snapshot() as connection:
        if connection.dialect.name == "sqlite":
            damaged = [row[0] for row in connection.exec_driver_sql("PRAGMA quick_check(5)") if row[0] != "ok"]
            broken = {row[0] for row in connection.exec_driver_sql("PRAGMA foreign_key_check")}
            return (*damaged, *sorted(broken))
        unwatched = connection.exec_driver_sql(
            "SELECT conrelid::regclass::text FROM pg_constraint "
            "WHERE NOT convalidated AND connamespace = current_schema()::regnamespace ORDER BY 1"
        )
        return tuple(row[0] for row in unwatched)


def server_time(database: Database) -> datetime | None:
    """What time it is on the machine of the database; None for SQLite, which has no clock of its own."""
    with database.reader.connect() as connection:
        if connection.dialect.name == "sqlite":
            return None
        told = connection.scalar(sa.select(sa.func.clock_timestamp(type_=sa.DateTime(timezone=True))))
        return told.astimezone(UTC) if told is not None else None


@contextmanager
def changing_tables(database: Database) -> Iterator[sa.Connection]:
    """One transaction for all changes.

    SQLite changes a table by making it anew, and may not drop the old one while other rows refer to it. So there
    the references are not watched during the change, and all looked at before it counts.
    """
    with database.writer.connect() as connection:
        driver = connection.connection.driver_connection if connection.dialect.name == "sqlite" else None
        if driver is not None:
            driver.execute("PRAGMA foreign_keys=OFF")  # has no effect once a transaction runs
        try:
            with connection.begin():
                yield connection
                if driver is not None and (broken := driver.execute("PRAGMA foreign_key_check").fetchone()):
                    raise BrokenReferences(f"A row of {broken[0]} refers to a row of {broken[2]} that is not there.")
        finally:
            if driver is not None:
                driver.execute("PRAGMA foreign_keys=ON")


def _config(connection: sa.Connection | None = None) -> Config:
    config = Config()
    config.attributes["connection"] = connection
    config.set_main_option("script_location", str(_HERE))
    config.set_main_option("path_separator", "newline")
    return config
