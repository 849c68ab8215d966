"""`ecoop db`: bring the tables up to date, and tell how they stand. Opening a database for the other commands."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from ecoop.cli.failures import Failure
from ecoop.cli.words import Group
from ecoop.config import read_settings
from ecoop.language import gettext, mark

if TYPE_CHECKING:
    from ecoop.db import Database
    from ecoop.migrations import SchemaState
    from ecoop.services.cooperatives import InstallationView

STATES: Mapping[str, str] = {
    "empty": mark("The database is empty. To make the tables: ecoop db upgrade"),
    "current": mark("The database is up to date."),
    "older": mark("The database was made by an older release. Make a backup, then: ecoop db upgrade"),
    "unknown": mark("The database was made by a newer release, or is not ours. Install the release that made it."),
}
"""How the tables stand, and the exact command that mends it."""


@click.group(cls=Group, help=mark("The tables of the database."), no_args_is_help=True)
def db() -> None:
    """Everything is a subcommand."""


@db.command(help=mark("Make the tables, or bring them up to date. What is in them stays."))
def upgrade() -> None:
    """Create the folder and the tables where needed."""
    from ecoop import migrations
    from ecoop.db import sqlite_file
    from ecoop.migrations import SchemaState

    with opened(read_settings().database_url) as database:
        state = state_of(database)
        if state is SchemaState.UNKNOWN:
            raise Failure(gettext(STATES[state]))
        file = sqlite_file(database)
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        migrations.upgrade(database)
        click.echo(gettext(STATES[SchemaState.CURRENT]))


@db.command(help=mark("Tell how the tables stand. Exit code 0: up to date."))
@click.pass_context
def state(ctx: click.Context) -> None:
    """Say it in a sentence and in the exit code; nothing is changed."""
    from ecoop.migrations import SchemaState

    with opened(read_settings().database_url) as database:
        found = state_of(database)
    click.echo(gettext(STATES[found]))
    ctx.exit(0 if found is SchemaState.CURRENT else 1)


@contextmanager
def opened(url: str) -> Iterator["Database"]:
    """The database at `url`, closed afterwards; one that cannot be reached ends the command with a sentence."""
    from ecoop.db import DatabaseUnreachable, open_database, told_plainly

    try:
        with told_plainly():
            database = open_database(url)
            try:
                yield database
            finally:
                database.dispose()
    except DatabaseUnreachable as trouble:
        sentence = gettext(
            "The database cannot be used. Check the setting ECOOP_DATABASE_URL. The answer was: %(why)s", why=trouble
        )
        raise Failure(sentence) from trouble


def state_of(database: "Database") -> "SchemaState":
    """How the tables stand; a SQLite file that does not exist is empty, and is not made by asking."""
    from ecoop import migrations
    from ecoop.db import sqlite_file

    file = sqlite_file(database)
    if file is not None and not file.exists():
        return migrations.SchemaState.EMPTY
    return migrations.schema_state(database)


def require_current(database: "Database") -> None:
    """Stop unless the tables are those of this release."""
    from ecoop.migrations import SchemaState

    found = state_of(database)
    if found is not SchemaState.CURRENT:
        raise Failure(gettext(STATES[found]))


def installation_of(database: "Database") -> "InstallationView | None":
    """What this database is; None before it was founded."""
    from ecoop.db import Scope
    from ecoop.services.cooperatives import read_installation

    with database.work(Scope()) as session:
        return read_installation(session)
