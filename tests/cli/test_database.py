"""`ecoop db`: the tables, and databases that cannot be used."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from ecoop.db import Database
from tests.cli.conftest import Run

UPGRADE = "ecoop db upgrade"


def _settings(database: Database) -> dict[str, str]:
    return {"ECOOP_DATABASE_URL": database.writer.url.render_as_string(hide_password=False)}


def _note_revision(database: Database, revision: str) -> None:
    with database.writer.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


def test_upgrading_makes_folder_and_tables(run: Run, workplace: Path) -> None:
    assert run("db", "upgrade").exit_code == 0

    assert (workplace / "var" / "ecoop.sqlite3").is_file()
    assert run("db", "state").exit_code == 0


def test_an_empty_database_is_brought_up_to_date(run: Run, empty_database: Database) -> None:
    settings = _settings(empty_database)
    before = run("db", "state", settings=settings)

    answer = run("db", "upgrade", settings=settings)

    assert (before.exit_code, answer.exit_code) == (1, 0)
    assert UPGRADE in before.stdout
    assert run("db", "state", settings=settings).stdout == "The database is up to date.\n"


def test_upgrading_twice_is_harmless(run: Run) -> None:
    assert run("db", "upgrade").exit_code == 0
    assert run("db", "upgrade").exit_code == 0


def test_asking_for_the_state_makes_no_database(run: Run, workplace: Path) -> None:
    answer = run("db", "state")

    assert answer.exit_code == 1
    assert not (workplace / "var" / "ecoop.sqlite3").exists()


def test_a_database_of_a_newer_release_is_left_alone(run: Run, database: Database) -> None:
    _note_revision(database, "9999")

    state = run("db", "state", settings=_settings(database))
    upgrade = run("db", "upgrade", settings=_settings(database))

    assert (state.exit_code, upgrade.exit_code) == (1, 1)
    assert "newer release" in state.stdout
    assert "newer release" in upgrade.stderr


def test_a_database_of_an_older_release_is_told(
    run: Run, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ScriptDirectory, "get_current_head", lambda _: "a later one")

    answer = run("db", "state", settings=_settings(sqlite_database))

    assert answer.exit_code == 1
    assert "older release" in answer.stdout
    assert UPGRADE in answer.stdout


@pytest.mark.parametrize("command", [["db", "state"], ["db", "upgrade"], ["serve"], ["letters", "send"], ["init"]])
@pytest.mark.parametrize(
    "address",
    [
        "postgresql+psycopg://somebody:very-secret@127.0.0.1:1/ecoop",
        "not an address",
        "oracle://127.0.0.1/ecoop",
        "nosuch+driver://127.0.0.1/ecoop",
    ],
)
def test_a_database_that_cannot_be_reached_is_told(run: Run, command: list[str], address: str) -> None:
    answer = run(*command, settings={"ECOOP_DATABASE_URL": address})

    assert answer.exit_code == 1
    assert answer.stderr.startswith("The database cannot be used. Check the setting ECOOP_DATABASE_URL.")
    assert "very-secret" not in answer.output


def test_a_file_that_is_no_database_is_told(run: Run, workplace: Path) -> None:
    file = workplace / "notes.txt"
    file.write_text("This is not a database, but a text.", encoding="utf-8")

    answer = run("db", "upgrade", settings={"ECOOP_DATABASE_URL": f"sqlite:///{file}"})

    assert answer.exit_code == 1
    assert "file is not a database" in answer.stderr
