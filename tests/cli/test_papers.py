"""`ecoop papers`: what is missing or altered, and what must go."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from ecoop import clock
from ecoop.db import Database
from ecoop.governance.papers import PaperKind
from ecoop.governance.roles import Actor, HeldRole, Role
from ecoop.services import papers
from ecoop.services.papers import NewPaper, Upload
from ecoop.vault import Vault
from tests.cli.conftest import Run
from tests.support import office_files as made
from tests.support.databases import furnishing
from tests.support.factories import LONG_AGO, a_cooperative, an_account

NEW = NewPaper(title="Voorstel", kind=PaperKind.PROPOSAL)


@pytest.fixture
def settings(sqlite_database: Database, tmp_path: Path) -> dict[str, str]:
    """An installation with one paper, which was withdrawn."""
    now = clock.now()
    with furnishing(sqlite_database) as session:
        cooperative, account = a_cooperative(session, "warmte-west"), an_account(session)
        secretary = Actor(account_id=account.id, name="x", roles=(HeldRole(role=Role.SECRETARY, starts_on=LONG_AGO),))
        upload = Upload(content=made.PDF, name="voorstel.pdf")
        shared = {"cooperative_id": cooperative.id, "now": now}
        number = papers.add_paper(
            session, Vault(tmp_path / "papers"), secretary, new=NEW, upload=upload, limit_bytes=10_000, **shared
        )
        papers.withdraw(session, secretary, paper_id=number, why=None, **shared)
    return {"ECOOP_DATABASE_URL": str(sqlite_database.writer.url), "ECOOP_DATA": str(tmp_path)}


def _files(settings: dict[str, str]) -> list[Path]:
    return [path for path in (Path(settings["ECOOP_DATA"]) / "papers").rglob("*") if path.is_file()]


def test_files_that_are_as_they_were_put_in_are_counted(run: Run, settings: dict[str, str]) -> None:
    answer = run("papers", "check", settings=settings)

    assert (answer.exit_code, answer.stdout, answer.stderr) == (0, "1 file was looked at.\n", "")


@pytest.mark.parametrize(("harm", "word"), [("write", "altered"), ("remove", "missing")])
def test_a_file_that_is_not_is_named(run: Run, settings: dict[str, str], harm: str, word: str) -> None:
    (file,) = _files(settings)
    if harm == "write":
        file.write_bytes(b"something else")
    else:
        file.unlink()

    answer = run("papers", "check", settings=settings)

    assert answer.exit_code == 1
    assert answer.stderr.startswith("warmte-west, paper ")
    assert f"version 1: {word} ({file.name})" in answer.stderr


def test_a_rehearsal_tells_what_would_go_and_keeps_it(run: Run, settings: dict[str, str]) -> None:
    with time_machine.travel(clock.now() + timedelta(days=1000)):
        answer = run("papers", "purge", "--dry-run", settings=settings)

    assert answer.exit_code == 0
    assert "warmte-west, paper " in answer.stdout
    assert answer.stdout.endswith("1 file would be destroyed.\n")
    assert len(_files(settings)) == 1


def test_what_must_go_goes_once(run: Run, settings: dict[str, str]) -> None:
    with time_machine.travel(clock.now() + timedelta(days=1000)):
        first = run("papers", "purge", settings=settings)
        second = run("papers", "purge", settings=settings)

    assert first.stdout.endswith("1 file was destroyed.\n")
    assert second.stdout == "0 files were destroyed.\n"
    assert _files(settings) == []
    assert run("papers", "check", settings=settings).stdout == "0 files were looked at.\n"


def test_nothing_goes_before_its_time(run: Run, settings: dict[str, str]) -> None:
    assert run("papers", "purge", settings=settings).stdout == "0 files were destroyed.\n"
    assert len(_files(settings)) == 1
