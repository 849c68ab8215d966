"""The file in which a demo is kept: looked at before it is used, and replaced as a whole or not at all."""

import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ecoop import migrations
from ecoop.db import open_database
from ecoop.demo.building import build_demo
from ecoop.errors import EcoopError
from ecoop.migrations import SchemaState
from ecoop.vault import Vault

FILE_NAME = "demo.sqlite3"
PAPERS = "papers"
"""The folder of its files, beside it."""


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


def keep_demo(
    file: Path, *, day: date | None, today: date, rebuild: bool, key: Callable[[], str] | None = None
) -> bool:
    """Make sure that `file` holds a demo of this release, of `day` where that is given; whether it was built now.

    `key` gives the key with which its account numbers are sealed; it is asked only when the demo is built. Raises
    NotADemo where the file holds anything else.
    """
    found = _look(file)
    if found is not None and found.is_current and not rebuild and day in (None, found.day):
        return False
    _build(file, day or today, key)
    return True


def _look(file: Path) -> _Found | None:
    if not file.exists():
        return None
    kind, day = _peek(file)
    if kind != "demo":
        raise NotADemo(str(file))
    database = open_database(address_of(file))
    try:
        state = migrations.schema_state(database)
    finally:
        database.dispose()
    return _Found(day=date.fromisoformat(day), is_current=state is SchemaState.CURRENT)


def _peek(file: Path) -> tuple[str, str]:
    """What the file says it is, read without changing a byte of it, whatever release or program made it."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute("SELECT kind, demo_day FROM installation").fetchone()
    except sqlite3.Error as error:
        raise NotADemo(str(file)) from error
    return ("", "") if found is None else (str(found[0]), str(found[1]))


def _build(file: Path, day: date, key: Callable[[], str] | None) -> None:
    """Build beside the file and put it in its place when it is done: an interrupted build is never used.

    The files of the papers are put in place first: they are known by their digest, so they take nothing's place.
    """
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix="building-", dir=file.parent) as folder:
        fresh = Path(folder) / FILE_NAME
        database = open_database(address_of(fresh))
        try:
            migrations.upgrade(database)
            papers = Vault(Path(folder) / PAPERS)
            build_demo(database, day, papers, key=key() if key else None)
        finally:
            database.dispose()
        kept = Vault(file.parent / PAPERS)
        for digest in papers.digests():
            kept.put(papers.read(digest))
        for companion in ("-wal", "-shm"):  # of the old file: they must not be taken for the new one's
            file.with_name(file.name + companion).unlink(missing_ok=True)
        fresh.replace(file)
