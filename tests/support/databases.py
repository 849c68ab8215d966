"""Fresh databases: made once with all migrations, then copied for every test."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from ecoop import migrations
from ecoop.db import Database, Scope, ScopedSession, open_database
from tests.support.postgresql import Server

TEMPLATE = "migrated"
_numbers = count(1)


def migrated_sqlite_file(folder: Path) -> Path:
    """A SQLite file with all tables and no rows."""
    file = folder / "migrated.sqlite3"
    _migrate(f"sqlite:///{file}")
    return file


def copied_sqlite(template: Path, folder: Path) -> str:
    """The address of a copy of `template` in `folder`."""
    file = folder / f"ecoop{next(_numbers)}.sqlite3"
    shutil.copyfile(template, file)
    return f"sqlite:///{file}"


def prepare_template(server: Server) -> None:
    """Make the PostgreSQL database from which the tests' databases are copied."""
    _migrate(server.create(TEMPLATE))


@contextmanager
def postgresql_database(server: Server, *, template: str | None) -> Iterator[str]:
    """The address of a database of its own for one test, removed afterwards."""
    name = f"test_{next(_numbers)}"
    address = server.create(name, template)
    try:
        yield address
    finally:
        server.drop(name)


@contextmanager
def opened(address: str) -> Iterator[Database]:
    """The database at `address`, its connections closed afterwards."""
    database = open_database(address)
    try:
        yield database
    finally:
        database.dispose()


@contextmanager
def furnishing(database: Database) -> Iterator[ScopedSession]:
    """A session for setting up a test: it may write in every cooperative that is made in it."""
    with database.work(Scope(may_write=True)) as session:
        yield session


def _migrate(address: str) -> None:
    with opened(address) as database:
        migrations.upgrade(database)
