"""Backups: whole or not there, and the same from both databases."""

import json
import os
import stat
import zipfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from ecoop import __version__, migrations
from ecoop.db import Base, Database
from ecoop.errors import Refused
from ecoop.safekeeping.archive import opened_archive
from ecoop.safekeeping.backing_up import last_backup, make_backup, note_backup
from ecoop.safekeeping.keys import Keys, install_keys, read_keys, write_keys
from ecoop.safekeeping.reasons import SafekeepingReason
from ecoop.safekeeping.rows import KINDS, read_layouts
from ecoop.vault import Vault
from tests.safekeeping.conftest import PAPERS
from tests.support.databases import furnishing
from tests.support.factories import NOW, a_cooperative, an_account

KEYS = Keys(secret="s" * 40, encryption_key="dGhlIHRlc3RzIHNlYWwgbm90aGluZyByZWFsIGF0IGE=")


def test_a_backup_says_what_it_is(demo_backup: Path, demo_database: Database) -> None:
    with opened_archive(demo_backup) as archive:
        manifest = archive.manifest

    assert (manifest.version, manifest.database, manifest.made_at) == (__version__, "sqlite", NOW)
    assert manifest.papers == len(PAPERS)
    assert set(manifest.heads) == {"installation", "cooperative:1", "cooperative:2"}
    with demo_database.snapshot() as connection:
        assert manifest.revision == migrations.revision_of(connection)
        counted = {
            table.name: connection.scalar(sa.select(sa.func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
        }
    assert {name: table.rows for name, table in manifest.tables.items()} == counted


def test_a_backup_is_a_zip_that_any_program_opens(demo_backup: Path) -> None:
    with zipfile.ZipFile(demo_backup) as inside:
        assert inside.testzip() is None
        assert json.loads(inside.read("manifest.json"))["format"] == 1


def test_only_its_owner_may_read_a_backup(demo_backup: Path) -> None:
    assert stat.S_IMODE(demo_backup.stat().st_mode) == 0o600


def test_the_same_rows_give_the_same_lines_on_both_databases(database: Database, vault: Vault, tmp_path: Path) -> None:
    with furnishing(database) as session:
        a_cooperative(session, "west", name="Wärmte “West” \\ \N{GRINNING FACE}")
        an_account(
            session, "Åsa", email="asa@example.org", session_key="key", closed_at=NOW + timedelta(microseconds=7)
        )
    make_backup(database, vault, tmp_path / "b.zip", now=NOW)

    with opened_archive(tmp_path / "b.zip") as archive:
        (account,) = archive.lines("account")
        (cooperative,) = archive.lines("cooperative")

    assert (
        account
        == (
            '[1,"asa@example.org","Åsa",null,null,"key","2026-03-02T09:30:00+00:00","2026-03-02T09:30:00.000007+00:00"]\n'
        ).encode()
    )
    assert json.loads(cooperative)[2] == "Wärmte “West” \\ \N{GRINNING FACE}"


def test_every_column_of_ours_can_be_kept(database: Database) -> None:
    with database.snapshot() as connection:
        kinds = {kind for layout in read_layouts(connection) for kind in layout.columns.values()}

    assert kinds <= set(KINDS)


def test_a_column_that_cannot_be_kept_is_refused(sqlite_database: Database, vault: Vault, tmp_path: Path) -> None:
    with sqlite_database.writer.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE odd (id INTEGER PRIMARY KEY, price NUMERIC(10, 2))")

    with pytest.raises(Refused) as refused:
        make_backup(sqlite_database, vault, tmp_path / "b.zip", now=NOW)

    assert refused.value.reason is SafekeepingReason.COLUMN_UNKNOWN
    assert list(tmp_path.glob("*b.zip*")) == []


def test_a_database_that_is_not_ours_is_not_backed_up(empty_database: Database, vault: Vault, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        make_backup(empty_database, vault, tmp_path / "b.zip", now=NOW)

    assert refused.value.reason is SafekeepingReason.DATABASE_NOT_OURS


def test_an_older_backup_stays_when_the_new_one_fails(sqlite_database: Database, vault: Vault, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    make_backup(sqlite_database, vault, file, now=NOW)
    before = file.read_bytes()
    with sqlite_database.writer.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE zz_odd (id INTEGER PRIMARY KEY, price NUMERIC(10, 2))")

    with pytest.raises(Refused):
        make_backup(sqlite_database, vault, file, now=NOW)

    assert file.read_bytes() == before


def test_a_damaged_paper_is_named_and_the_older_backup_stays(
    sqlite_database: Database, vault: Vault, tmp_path: Path
) -> None:
    file = tmp_path / "b.zip"
    sound, damaged = vault.put(b"sound"), vault.put(b"as it was")
    make_backup(sqlite_database, vault, file, now=NOW)
    before = file.read_bytes()
    vault.path(damaged).write_bytes(b"as it was not")

    made = make_backup(sqlite_database, vault, file, now=NOW)

    assert made.damaged_papers == (damaged,)
    assert made.file.name == "b.zip.incomplete"
    assert file.read_bytes() == before
    with opened_archive(made.file) as archive:
        assert [digest for digest, _ in archive.papers()] == [sound]
        assert archive.manifest.damaged_papers == (damaged,)


def test_what_an_interrupted_backup_left_is_cleared_away_later(
    sqlite_database: Database, vault: Vault, tmp_path: Path
) -> None:
    left, recent = tmp_path / ".b.zip.arriving-old", tmp_path / ".b.zip.arriving-new"
    for file in (left, recent):
        file.write_bytes(b"half")
    os.utime(left, (NOW.timestamp() - 90_000,) * 2)
    os.utime(recent, (NOW.timestamp(),) * 2)

    make_backup(sqlite_database, vault, tmp_path / "b.zip", now=NOW)

    assert (left.exists(), recent.exists()) == (False, True)


def test_the_last_backup_is_remembered(tmp_path: Path) -> None:
    assert last_backup(tmp_path) is None

    note_backup(tmp_path, now=NOW)

    assert last_backup(tmp_path) == NOW


def test_keys_are_kept_and_put_back(tmp_path: Path) -> None:
    write_keys(KEYS, tmp_path / "keys", now=NOW)

    assert read_keys(tmp_path / "keys") == KEYS
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o600
    assert install_keys(KEYS, tmp_path / "data", now=NOW) == ()
    assert (tmp_path / "data" / "secret").read_text() == KEYS.secret
    assert (tmp_path / "data" / "encryption-key").read_text() == KEYS.encryption_key
    assert stat.S_IMODE((tmp_path / "data" / "secret").stat().st_mode) == 0o600


def test_other_keys_are_set_aside(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("another secret of at least 32 characters")

    (aside,) = install_keys(KEYS, tmp_path, now=NOW)

    assert aside.read_text() == "another secret of at least 32 characters"
    assert (tmp_path / "secret").read_text() == KEYS.secret


def test_a_damaged_file_of_keys_is_never_taken_for_other_keys(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    write_keys(KEYS, file, now=NOW)
    whole, taken = file.read_bytes(), []
    for position in range(len(whole) * 8):
        flipped = bytearray(whole)
        flipped[position // 8] ^= 1 << position % 8
        file.write_bytes(flipped)
        with suppress(Refused):
            taken.append(read_keys(file))

    assert [keys for keys in taken if keys != KEYS] == []  # a space may have become another space
    assert len(taken) < 16
