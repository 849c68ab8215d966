"""`ecoop backup` and `ecoop restore`: what they say, and what they leave alone."""

from pathlib import Path

import pytest

from ecoop.db import Database
from ecoop.safekeeping.archive import opened_archive
from tests.cli.conftest import Run
from tests.support.databases import furnishing
from tests.support.factories import an_account


def _settings(database: Database, folder: Path) -> dict[str, str]:
    address = database.writer.url.render_as_string(hide_password=False)
    return {"ECOOP_DATABASE_URL": address, "ECOOP_DATA": str(folder)}


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> dict[str, str]:
    """Of an installation with one account."""
    with furnishing(database) as session:
        an_account(session, "Noor de Wit")
    database.dispose()  # nobody uses it while it is replaced
    return _settings(database, tmp_path / "data")


def test_a_backup_is_made_without_the_keys(run: Run, settings: dict[str, str], workplace: Path) -> None:
    answer = run("backup", "b.zip", settings=settings)

    assert answer.exit_code == 0
    assert answer.stdout == (
        "The backup is in b.zip: 1 rows and 0 papers.\n"
        "The keys are not in it. Keep them apart: ecoop backup --keys KEYFILE\n"
    )
    secret = (Path(settings["ECOOP_DATA"]) / "secret").read_bytes()
    assert secret not in (workplace / "b.zip").read_bytes()


def test_a_house_moves_with_its_keys(
    run: Run, settings: dict[str, str], empty_database: Database, tmp_path: Path
) -> None:
    elsewhere = _settings(empty_database, tmp_path / "elsewhere")
    assert run("backup", "b.zip", "--keys", "k", settings=settings).exit_code == 0

    answer = run("restore", "b.zip", "--keys", "k", settings=elsewhere)

    assert answer.exit_code == 0
    assert "Everything is back: 1 rows and 0 papers." in answer.stdout
    for key in ("secret", "encryption-key"):
        there, here = (Path(one["ECOOP_DATA"]) / key for one in (elsewhere, settings))
        assert there.read_bytes() == here.read_bytes()
    assert [path.name for path in (tmp_path / "elsewhere").iterdir() if "before" in path.name] == []
    assert run("db", "state", settings=elsewhere).exit_code == 0


def test_keys_alone_need_no_database(run: Run, tmp_path: Path) -> None:
    answer = run("backup", "--keys", "k", settings={"ECOOP_DATABASE_URL": "postgresql+psycopg://127.0.0.1:1/ecoop"})

    assert answer.exit_code == 0


@pytest.mark.parametrize("given", [[], ["same", "--keys", "same"]])
def test_what_cannot_be_meant_is_bad_input(run: Run, settings: dict[str, str], given: list[str]) -> None:
    assert run("backup", *given, settings=settings).exit_code == 2


def test_the_database_itself_is_not_overwritten(run: Run, sqlite_database: Database, tmp_path: Path) -> None:
    file = Path(str(sqlite_database.writer.url.database))
    before = file.read_bytes()

    answer = run("backup", file, settings=_settings(sqlite_database, tmp_path))

    assert answer.exit_code == 2
    assert file.read_bytes() == before


def test_an_empty_database_has_no_backup(run: Run, empty_database: Database, tmp_path: Path) -> None:
    answer = run("backup", "b.zip", settings=_settings(empty_database, tmp_path))

    assert answer.exit_code == 1
    assert answer.stderr.startswith("The database is empty.")


def test_a_folder_that_is_not_there_is_told(run: Run, settings: dict[str, str]) -> None:
    answer = run("backup", "nowhere/b.zip", settings=settings)

    assert answer.exit_code == 1
    assert "cannot be used" in answer.stderr


def test_a_damaged_paper_is_told_in_the_exit_code(run: Run, settings: dict[str, str], workplace: Path) -> None:
    folder = Path(settings["ECOOP_DATA"]) / "papers" / "ab"
    folder.mkdir(parents=True)
    (folder / ("ab" * 32)).write_bytes(b"something else")

    answer = run("backup", "b.zip", settings=settings)

    assert answer.exit_code == 1
    assert "ab" * 32 in answer.stderr
    with opened_archive(workplace / "b.zip") as archive:
        assert archive.manifest.tables["account"].rows == 1


def test_a_restore_over_something_asks_for_a_choice(run: Run, settings: dict[str, str], tmp_path: Path) -> None:
    assert run("backup", "b.zip", settings=settings).exit_code == 0

    refused = run("restore", "b.zip", settings=settings)
    replaced = run("restore", "b.zip", "--replace", settings=settings)

    assert refused.exit_code == 1
    assert "--replace" in refused.stderr
    assert replaced.exit_code == 0
    assert "What was there is kept in" in replaced.stdout
    assert len(list((tmp_path / "data").glob("before-restore-*.zip"))) == 1


def test_looking_changes_nothing(run: Run, settings: dict[str, str], empty_database: Database, tmp_path: Path) -> None:
    assert run("backup", "b.zip", settings=settings).exit_code == 0
    elsewhere = _settings(empty_database, tmp_path / "elsewhere")

    answer = run("restore", "b.zip", "--look", settings=elsewhere)

    assert answer.exit_code == 0
    assert answer.stdout.startswith("The backup is whole.")
    assert run("db", "state", settings=elsewhere).exit_code == 1


def test_a_damaged_backup_is_told(run: Run, settings: dict[str, str], workplace: Path) -> None:
    (workplace / "b.zip").write_bytes(b"This is no backup.")

    answer = run("restore", "b.zip", settings=settings)

    assert answer.exit_code == 1
    assert answer.stderr == "b.zip is damaged, or is not a backup of ecoop. Nothing was changed. Take another backup.\n"
