"""Backups while others write, and backups that are ended halfway: nothing is half, nothing is lost."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from ecoop import clock
from ecoop.cli import main
from ecoop.db import Database
from ecoop.errors import Refused
from ecoop.models import AuditEntry, Letter
from ecoop.models.letters import LetterState
from ecoop.safekeeping.archive import opened_archive
from ecoop.safekeeping.backing_up import make_backup
from ecoop.safekeeping.restoring import restore
from ecoop.services import cooperatives
from ecoop.vault import Vault
from tests.cli.processes import PROGRAM
from tests.support.databases import furnishing, opened
from tests.support.factories import NOW, an_account
from tests.support.keeping import contents, verdicts
from tests.support.web import SECRET

WRITERS, BACKUPS, KILLS = 3, 4, 5
LETTERS = 8_000

pytestmark = pytest.mark.slow


@contextmanager
def writers(database: Database, papers: Path, cooperative_id: int) -> Iterator[list["subprocess.Popen[bytes]"]]:
    """Processes that write; they are killed at the end, wherever they are."""
    address = database.writer.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.support.writing", address, str(papers), str(cooperative_id)]
    with ExitStack() as stack:
        running = [stack.enter_context(subprocess.Popen([*command, f"writer {number}"])) for number in range(WRITERS)]
        try:
            yield running
        finally:
            for process in running:
                process.kill()


def founded(database: Database) -> int:
    """An installation with one cooperative and one account; the number of the cooperative."""
    with furnishing(database) as session:
        cooperatives.found_installation(session, demo_day=None, now=NOW)
        an_account(session)
        return cooperatives.found_cooperative(session, slug="west", name="West", place="Wageningen", now=NOW).id


def letters_of(database: Database) -> int:
    with database.reader.connect() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(Letter)) or 0


def wait_for_letters(database: Database) -> None:
    """Until everybody is at work."""
    deadline = time.monotonic() + 60
    while letters_of(database) < 20:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def require_sound(database: Database, vault: Vault) -> int:
    """The promise of `write_once`: as many letters as entries, every paper there, every chain whole."""
    assert all(verdict.holds for verdict in verdicts(database))
    with database.reader.connect() as connection:
        digests = connection.scalars(sa.select(Letter.subject)).all()
        added = sa.select(sa.func.count()).select_from(AuditEntry).where(AuditEntry.action == "building.added")
        assert len(digests) == connection.scalar(added)
    assert set(digests) <= set(vault.digests())
    return len(digests)


def test_a_backup_under_load_holds_one_instant(database: Database, tmp_path: Path) -> None:
    vault, cooperative_id = Vault(tmp_path / "papers"), founded(database)
    with writers(database, vault.folder, cooperative_id) as running:
        wait_for_letters(database)
        for number in range(BACKUPS):
            make_backup(database, vault, tmp_path / f"{number}.zip", now=clock.now())
            time.sleep(0.2)
        assert [process.poll() for process in running] == [None] * WRITERS
    counts = []
    for number in range(BACKUPS):
        elsewhere = Vault(tmp_path / f"papers-{number}")
        with opened(f"sqlite:///{tmp_path / str(number)}.sqlite3") as fresh:
            with opened_archive(tmp_path / f"{number}.zip") as archive:
                restore(fresh, elsewhere, archive, replace=False, aside=tmp_path / "none", now=NOW)
            counts.append(require_sound(fresh, elsewhere))

    assert counts == sorted(set(counts))  # others wrote between any two of them
    assert counts[-1] <= require_sound(database, vault)


def settings_of(database: Database, folder: Path) -> dict[str, str]:
    return {
        "ECOOP_DATA": str(folder),
        "ECOOP_DATABASE_URL": database.writer.url.render_as_string(hide_password=False),
        "ECOOP_SECRET": SECRET,
    }


def test_a_backup_that_is_killed_leaves_the_one_before(database: Database, tmp_path: Path) -> None:
    founded(database)
    with database.writer.begin() as connection:
        rows = [
            {"recipient": "x@example.org", "subject": f"{number}", "body": random.Random(number).randbytes(200).hex(),
             "written_at": NOW, "kind": "other", "token": f"{number:024}", "name": "", "language": "nl",
             "is_secret": False, "state": LetterState.WAITING, "next_try_at": NOW}
            for number in range(LETTERS)
        ]  # fmt: skip
        connection.execute(sa.insert(Letter), rows)
    before, file, dice = contents(database), tmp_path / "b.zip", random.Random(3)
    settings = settings_of(database, tmp_path / "data")
    assert CliRunner().invoke(main, ["backup", str(file)], env=settings).exit_code == 0
    kept = file.read_bytes()

    halves = 0
    for _ in range(KILLS):
        halves += _kill_halfway([*PROGRAM, "backup", str(file)], settings, tmp_path, after=dice.random() * 0.1)
        for left in tmp_path.glob(".b.zip.arriving-*"):
            with suppress(Refused), opened_archive(left) as archive:
                assert archive.manifest.rows == sum(len(rows) for rows in before.values())
            left.unlink()
        with opened_archive(file) as archive:
            assert archive.manifest.tables["letter"].rows == LETTERS
        file.write_bytes(kept)

    assert halves >= KILLS - 1
    assert contents(database) == before
    with opened(f"sqlite:///{tmp_path / 'back.sqlite3'}") as fresh, opened_archive(file) as archive:
        restore(fresh, Vault(tmp_path / "papers"), archive, replace=False, aside=tmp_path / "none", now=NOW)
        assert contents(fresh) == before


def _kill_halfway(command: list[str], settings: dict[str, str], folder: Path, *, after: float) -> bool:
    """Kill the command a moment after it began to write; whether it was at work still."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith("ECOOP_")} | settings
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 30
        while not list(folder.glob(".*.arriving-*")) and process.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.002)
        time.sleep(after)
        process.kill()
    return process.returncode == -signal.SIGKILL


def test_a_restore_that_is_killed_leaves_an_empty_database(
    demo_backup: Path, demo_database: Database, empty_database: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    settings = settings_of(empty_database, folder)
    environment = {name: text for name, text in os.environ.items() if not name.startswith("ECOOP_")} | settings
    for wait in (0.0, 0.05, 0.15):
        with subprocess.Popen([*PROGRAM, "restore", str(demo_backup)], cwd=tmp_path, env=environment,
                              stdout=subprocess.DEVNULL) as process:  # fmt: skip
            deadline = time.monotonic() + 30
            while not (folder / "papers").exists() and process.poll() is None:
                assert time.monotonic() < deadline
                time.sleep(0.002)
            time.sleep(wait)
            process.kill()
        assert process.returncode == -signal.SIGKILL
        with empty_database.reader.connect() as connection:
            assert sa.inspect(connection).get_table_names() == []
        empty_database.dispose()

    done = CliRunner().invoke(main, ["restore", str(demo_backup)], env=settings)

    assert done.exit_code == 0, done.output
    assert contents(empty_database) == contents(demo_database)
