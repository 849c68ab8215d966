"""`ecoop audit`: whole or broken, said in a sentence and in the exit code."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.support.web import demo_file

__all__ = ["demo_file"]

COOP = "ketelhuiswg"


@pytest.fixture
def settings(demo_file: Path, workplace: Path) -> dict[str, str]:
    """The settings with which a demo is found."""
    shutil.copyfile(demo_file, workplace / "demo.sqlite3")
    return {"ECOOP_DATABASE_URL": f"sqlite:///{workplace / 'demo.sqlite3'}"}


def _change(settings: dict[str, str], *statements: str) -> None:
    with closing(sqlite3.connect(settings["ECOOP_DATABASE_URL"].removeprefix("sqlite:///"))) as connection:
        for name in ("update", "delete"):
            connection.execute(f"DROP TRIGGER audit_entry_refuses_{name}")
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_every_trail_is_checked(run: Run, settings: dict[str, str]) -> None:
    answer = run("audit", "verify", settings=settings)

    assert answer.exit_code == 0
    assert [line.partition(":")[0] for line in answer.output.splitlines()] == [
        "KetelhuisWG",
        "Zonnedak De Dageraad",
        "Installation",
    ]


def test_a_broken_trail_is_named_with_its_first_entry(run: Run, settings: dict[str, str]) -> None:
    _change(settings, "UPDATE audit_entry SET action = 'role.ended' WHERE number = 5 AND cooperative_id = 1")

    answer = run("audit", "verify", settings=settings)

    assert answer.exit_code == 1
    assert "KetelhuisWG: Entry 5 was changed." in answer.output
    assert "Zonnedak De Dageraad" in answer.output


def _head(output: str) -> str:
    return output.splitlines()[0].rpartition(" ")[2]


def test_a_fingerprint_seen_before_must_still_stand_in_it(run: Run, settings: dict[str, str]) -> None:
    seen = _head(run("audit", "verify", COOP, settings=settings).output)
    _change(
        settings,
        "DELETE FROM audit_note",
        "DELETE FROM audit_entry WHERE cooperative_id = 1 AND number > 20",
        "UPDATE audit_head SET number = 20, digest = (SELECT digest FROM audit_entry WHERE cooperative_id = 1 "
        "AND number = 20) WHERE cooperative_id = 1",
    )

    assert run("audit", "verify", settings=settings).exit_code == 0  # whoever cut it short did so neatly
    answer = run("audit", "verify", COOP, "--head", seen, settings=settings)

    assert answer.exit_code == 1
    assert "does not occur" in answer.output


def test_a_fingerprint_of_another_trail_does_not_count(run: Run, settings: dict[str, str]) -> None:
    seen = _head(run("audit", "verify", COOP, settings=settings).output)

    assert run("audit", "verify", "--head", seen, settings=settings).exit_code == 0
    assert run("audit", "verify", "zonnedak-de-dageraad", "--head", seen, settings=settings).exit_code == 1


@pytest.mark.parametrize("head", ["x", "", "0" * 63])
def test_what_is_no_fingerprint_is_bad_input(run: Run, settings: dict[str, str], head: str) -> None:
    answer = run("audit", "verify", "--head", head, settings=settings)

    assert answer.exit_code == 2
    assert "64" in answer.output


def test_an_unknown_cooperative_is_bad_input(run: Run, settings: dict[str, str], workplace: Path) -> None:
    assert run("audit", "verify", "nobody", settings=settings).exit_code == 2
    assert run("audit", "export", "nobody", "x.jsonl", settings=settings).exit_code == 2
    assert not (workplace / "x.jsonl").exists()


def test_an_exported_trail_is_checked_without_a_database(run: Run, settings: dict[str, str], workplace: Path) -> None:
    file = workplace / "trail.jsonl"

    assert run("audit", "export", COOP, file, settings=settings).exit_code == 0
    assert run("audit", "verify", "--file", file).exit_code == 0

    file.write_bytes(file.read_bytes().replace(b"chair", b"Chair", 1))
    answer = run("audit", "verify", "--file", file)
    assert answer.exit_code == 1
    assert "was changed" in answer.output


def test_a_file_of_another_kind_is_no_whole_trail(run: Run, workplace: Path) -> None:
    (workplace / "photo.png").write_bytes(bytes(range(256)))

    assert run("audit", "verify", "--file", "photo.png").exit_code == 1
