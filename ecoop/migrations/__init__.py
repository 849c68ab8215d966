"""The history of the tables, and whether a database has kept up with it."""

from enum import StrEnum
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from ecoop.db import Database

_HERE = Path(__file__).parent


class SchemaState(StrEnum):
    """How the tables of a database relate to this release."""

    EMPTY = "empty"
    CURRENT = "current"
    OLDER = "older"
    UNKNOWN = "unknown"
    """Made by a newer release, or not ours."""


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the tables up to `revision`; a failure leaves them as they were."""
    with database.writer.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def downgrade(database: Database, revision: str) -> None:
    """Take the tables back to `revision` ("base" removes them all)."""
    with database.writer.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def schema_state(database: Database) -> SchemaState:
    """Compare the revision noted in the database with the newest one known here."""
    with database.reader.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    scripts = ScriptDirectory.from_config(_config())
    if current is None:
        return SchemaState.EMPTY
    if current == scripts.get_current_head():
        return SchemaState.CURRENT
    known = {script.revision for script in scripts.walk_revisions()}
    return SchemaState.OLDER if current in known else SchemaState.UNKNOWN


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.set_main_option("path_separator", "newline")
    return config
