"""`ecoop demo`: made once, used again, replaced as a whole, and never in the way of real data."""

import signal
import socket
import sqlite3
import urllib.request
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from alembic.script import ScriptDirectory

from ecoop.db import Scope, open_database
from ecoop.demo import keeping
from ecoop.services import cooperatives
from tests.cli.conftest import Run
from tests.cli.processes import PROGRAM, serving
from tests.support.databases import furnishing, opened

FILE = Path("var/demo/demo.sqlite3")


def _day(file: Path = FILE) -> date | None:
    with opened(keeping.address_of(file)) as database, database.work(Scope()) as session:
        installation = cooperatives.read_installation(session)
    assert installation is not None
    return installation.demo_day


def _leave_a_trace(file: Path = FILE) -> None:
    with opened(keeping.address_of(file)) as database, furnishing(database) as session:
        cooperatives.found_umbrella(session, slug="trace", name="Trace", now=datetime.now(UTC))


def _has_trace(file: Path = FILE) -> bool:
    with opened(keeping.address_of(file)) as database, database.reader.connect() as connection:
        return bool(connection.scalar(sa.text("SELECT count(*) FROM umbrella WHERE slug = 'trace'")))


def test_it_is_made_and_its_people_are_shown(run: Run) -> None:
    answer = run("demo", "--no-serve", "--day", "2026-03-02")

    assert answer.exit_code == 0
    assert f"The demo of 2 March 2026 has been made in {FILE}." in answer.stdout
    assert "  Petra Prijspeil      Treasurer, Member (KetelhuisWG)\n" in answer.stdout
    assert "  Ada Algoritme        Administrator\n" in answer.stdout
    assert "Member (KetelhuisWG); Secretary (Zonnedak De Dageraad)" in answer.stdout


def test_it_speaks_dutch(run: Run) -> None:
    answer = run("demo", "--no-serve", "--day", "2026-03-02", spoken="nl")

    assert "De demo van 2 maart 2026 is gemaakt" in answer.stdout


def test_its_day_is_today_in_amsterdam(run: Run) -> None:
    with time_machine.travel("2026-06-30T22:30:00Z", tick=False):
        run("demo", "--no-serve")

    assert _day() == date(2026, 7, 1)


def test_only_the_file_itself_stays_behind(run: Run) -> None:
    run("demo", "--no-serve")

    assert sorted(file.name for file in FILE.parent.iterdir()) == ["demo.sqlite3", "encryption-key", "papers", "secret"]


def test_it_is_used_again(run: Run) -> None:
    run("demo", "--no-serve", "--day", "2026-03-02")
    _leave_a_trace()

    again = run("demo", "--no-serve")
    same_day = run("demo", "--no-serve", "--day", "2026-03-02")

    assert "stands in" in again.stdout
    assert "stands in" in same_day.stdout
    assert _has_trace()


@pytest.mark.parametrize("options", [["--rebuild"], ["--day", "2026-03-03"]])
def test_it_is_made_anew_when_asked(run: Run, options: list[str]) -> None:
    run("demo", "--no-serve", "--day", "2026-03-02")
    _leave_a_trace()

    answer = run("demo", "--no-serve", *options)

    assert "has been made" in answer.stdout
    assert not _has_trace()


def test_it_is_made_anew_for_an_older_schema(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("demo", "--no-serve")
    _leave_a_trace()
    with monkeypatch.context() as patch:
        patch.setattr(ScriptDirectory, "get_current_head", lambda _: "a later one")
        assert keeping.keep_demo(FILE, day=None, today=date(2026, 3, 2), rebuild=False)

    assert not _has_trace()


def test_it_is_made_anew_for_an_unknown_schema(run: Run) -> None:
    run("demo", "--no-serve")
    _leave_a_trace()
    with opened(keeping.address_of(FILE)) as database, database.writer.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(sa.text("ALTER TABLE installation DROP COLUMN created_at"))

    answer = run("demo", "--no-serve")

    assert answer.exit_code == 0
    assert not _has_trace()


def test_an_interrupted_build_is_never_used(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def build_half(*_given: object, **_named: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(keeping, "build_demo", build_half)
        assert run("demo", "--no-serve").exit_code == 1
    assert {left.name for left in FILE.parent.iterdir()} <= {"encryption-key", "secret"}

    assert "has been made" in run("demo", "--no-serve").stdout


def test_its_papers_lie_beside_it(run: Run) -> None:
    run("demo", "--no-serve")
    settings = {"ECOOP_DATABASE_URL": keeping.address_of(FILE), "ECOOP_DATA": str(FILE.parent)}

    answer = run("papers", "check", settings=settings)

    assert answer.exit_code == 0
    assert "6 files were looked at." in answer.stdout


def test_an_interrupted_rebuild_leaves_the_old_one(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def build_half(*_given: object, **_named: object) -> None:
        raise KeyboardInterrupt

    run("demo", "--no-serve")
    _leave_a_trace()
    with monkeypatch.context() as patch:
        patch.setattr(keeping, "build_demo", build_half)
        run("demo", "--no-serve", "--rebuild")

    assert _has_trace()


def test_a_real_database_in_its_place_is_left_alone(run: Run, sqlite_url: str, workplace: Path) -> None:
    file = workplace / "demo.sqlite3"
    source = Path(sqlite_url.removeprefix("sqlite:///"))
    file.write_bytes(source.read_bytes())
    database = open_database(keeping.address_of(file))
    with furnishing(database) as session:
        cooperatives.found_installation(session, demo_day=None, now=datetime.now(UTC))
    database.dispose()
    before = file.read_bytes()

    answer = run("demo", "--no-serve", "--rebuild", "--folder", ".")

    assert answer.exit_code == 1
    assert "is not a demo and is left alone" in answer.stderr
    assert file.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"a text that is no database at all"])
def test_anything_else_in_its_place_is_left_alone(run: Run, workplace: Path, content: bytes) -> None:
    (workplace / "demo.sqlite3").write_bytes(content)

    answer = run("demo", "--no-serve", "--rebuild", "--folder", ".")

    assert answer.exit_code == 1
    assert "is not a demo" in answer.stderr


def test_another_database_is_not_touched(run: Run, sqlite_url: str) -> None:
    answer = run("demo", "--no-serve", settings={"ECOOP_DATABASE_URL": sqlite_url})

    assert answer.exit_code == 2
    assert answer.stderr.startswith("ECOOP_DATABASE_URL names another database.")
    assert not FILE.exists()


def test_a_database_of_another_program_is_not_changed_by_looking(run: Run, workplace: Path) -> None:
    file = workplace / "demo.sqlite3"
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE recipe (name TEXT)")
    before = file.read_bytes()

    answer = run("demo", "--no-serve", "--folder", ".")

    assert answer.exit_code == 1
    assert file.read_bytes() == before


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "02-03-2026"])
def test_a_day_that_is_none_is_told(run: Run, day: str) -> None:
    answer = run("demo", "--day", day)

    assert answer.exit_code == 2
    assert f"{day} is not a day; write it as 2026-03-01." in answer.stderr


def test_a_folder_that_cannot_be_made_is_told(run: Run, workplace: Path) -> None:
    (workplace / "var").write_text("no folder", encoding="utf-8")

    answer = run("demo", "--no-serve")

    assert answer.exit_code == 1
    assert "cannot be used" in answer.stderr


@pytest.mark.slow
def test_it_serves_on_the_next_port_that_is_free(run: Run, workplace: Path) -> None:
    run("demo", "--no-serve")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with serving([*PROGRAM, "demo", "--port", str(port)], workplace) as server:
            address = server.address
            with urllib.request.urlopen(address + "/sign-in", timeout=10) as answer:
                page, cookie = answer.read().decode(), answer.headers["Set-Cookie"]
            code = server.stop(signal.SIGTERM)

    assert code == 0
    assert f"Port {port} is taken, so the demo takes {address.rpartition(':')[2]}." in server.said
    assert "Vera Vastrecht" in page
    assert "Secure" not in cookie
