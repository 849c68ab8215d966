"""The file in which a demo is kept: looked at before it is used, and replaced as a whole or not at all."""

import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from ecoop import migrations
from ecoop.db import DatabaseUnreachable, open_database, told_plainly
from ecoop.demo.building import build_demo
from ecoop.errors import EcoopError
from ecoop.migrations import SchemaState

FILE_NAME = "demo.sqlite3"


class NotADemo(EcoopError):
    """Where the demo would be kept stands something else, which is left alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A demo that was found, of this release or of another."""

    day: date
    is_current: bool


def address_of(file: Path) -> str:
    """The address of the demo in `file`."""
    return f"sqlite:///{file.absolute()}"


def keep_demo(file: Path, *, day: date | None, today: date, rebuild: bool) -> bool:
    """Make sure that `file` holds a demo of this release, of `day` where that is given; whether it was built now.

    Raises NotADemo where the file holds anything else.
    """
    found = _look(file)
    if found is not None and found.is_current and not rebuild and day in (None, found.day):
        return False
    _build(file, day or today)
    return True


def _look(file: Path) -> _Found | None:
    if not file.exists():
        return None
    database = open_database(address_of(file))
    try:
        with told_plainly():
            state = migrations.schema_state(database)
            # by name and not through the model: a demo of another release may have other columns
            with database.reader.connect() as connection:
                kind, day = connection.execute(sa.text("SELECT kind, demo_day FROM installation")).one()
    except (DatabaseUnreachable, sa.exc.NoResultFound) as error:
        raise NotADemo(str(file)) from error
    finally:
        database.dispose()
    if kind != "demo":
        raise NotADemo(str(file))
    return _Found(day=date.fromisoformat(str(day)), is_current=state is SchemaState.CURRENT)


def _build(file: Path, day: date) -> None:
    """Build beside the file and put it in its place when it is done: an interrupted build is never used."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="building-", dir=file.parent) as folder:
        fresh = Path(folder) / FILE_NAME
        database = open_database(address_of(fresh))
        try:
            migrations.upgrade(database)
            build_demo(database, day)
        finally:
            database.dispose()
        for companion in ("-wal", "-shm"):  # of the old file: they must not be taken for the new one's
            file.with_name(file.name + companion).unlink(missing_ok=True)
        fresh.replace(file)
