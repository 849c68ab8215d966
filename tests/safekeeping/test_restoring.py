"""Putting a backup back: exactly what was kept, on both databases, or nothing at all."""

import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ecoop import migrations
from ecoop.db import Database, Scope
from ecoop.errors import Refused
from ecoop.migrations import SchemaState
from ecoop.models import Letter
from ecoop.safekeeping import archive as archives
from ecoop.safekeeping.archive import opened_archive
from ecoop.safekeeping.backing_up import make_backup
from ecoop.safekeeping.reasons import SafekeepingReason
from ecoop.safekeeping.restoring import Restored, restore
from ecoop.services import letters
from ecoop.vault import Vault
from tests.safekeeping.conftest import PAPERS, on_postgresql
from tests.support.databases import furnishing, opened
from tests.support.factories import NOW, a_cooperative, an_account
from tests.support.keeping import contents, verdicts

FLIPS = 400


def put_back(database: Database, vault: Vault, file: Path, *, replace: bool = False) -> Restored:
    aside = vault.folder.parent / "aside.zip"
    with opened_archive(file) as archive:
        return restore(database, vault, archive, replace=replace, aside=aside, now=NOW)


def test_what_was_kept_comes_back_on_both_databases(
    demo_backup: Path, demo_database: Database, empty_database: Database, vault: Vault
) -> None:
    put_back(empty_database, vault, demo_backup)

    assert contents(empty_database) == contents(demo_database)
    assert all(verdict.holds for verdict in verdicts(empty_database))
    assert sorted(vault.read(digest) for digest in vault.digests()) == sorted(PAPERS)
    assert migrations.schema_state(empty_database) is SchemaState.CURRENT


def test_a_house_can_move_to_the_other_database_and_back(
    demo_backup: Path, demo_database: Database, empty_database: Database, vault: Vault, tmp_path: Path
) -> None:
    put_back(empty_database, vault, demo_backup)
    make_backup(empty_database, vault, tmp_path / "second.zip", now=NOW)

    with opened(f"sqlite:///{tmp_path / 'back.sqlite3'}") as back:
        put_back(back, vault, tmp_path / "second.zip")

        assert contents(back) == contents(demo_database)


def test_work_goes_on_after_a_restore(demo_backup: Path, empty_database: Database, vault: Vault) -> None:
    put_back(empty_database, vault, demo_backup)

    with furnishing(empty_database) as session:
        an_account(session)
        a_cooperative(session)
        letters.write_letter(session, account_id=1, recipient="x@example.org", subject="x", body="x", now=NOW)


@pytest.mark.parametrize("statement", ["UPDATE installation_entry SET number = 9", "DELETE FROM audit_entry"])
def test_what_only_grows_does_so_after_a_restore(
    demo_backup: Path, empty_database: Database, vault: Vault, statement: str
) -> None:
    put_back(empty_database, vault, demo_backup)

    with pytest.raises(sa.exc.IntegrityError, match="only grows"), empty_database.writer.begin() as connection:
        connection.exec_driver_sql(statement)


def test_references_are_watched_after_a_restore(demo_backup: Path, empty_database: Database, vault: Vault) -> None:
    put_back(empty_database, vault, demo_backup)

    with pytest.raises(sa.exc.IntegrityError), empty_database.writer.begin() as connection:
        connection.exec_driver_sql("DELETE FROM cooperative")


@pytest.mark.parametrize(
    ("empty_database", "database_url"),
    [("sqlite", "sqlite"), pytest.param("postgresql", "postgresql", marks=pytest.mark.postgres)],
    indirect=True,
    ids=["sqlite", "postgresql"],
)
def test_the_tables_are_those_of_the_migrations(
    demo_backup: Path, empty_database: Database, database: Database, vault: Vault
) -> None:
    put_back(empty_database, vault, demo_backup)

    assert _shape(empty_database) == _shape(database)


def _shape(database: Database) -> Any:
    with database.reader.connect() as connection:
        if connection.dialect.name == "sqlite":
            return sorted(connection.exec_driver_sql("SELECT name, sql FROM sqlite_master").all(), key=repr)
        constraints = connection.exec_driver_sql(
            "SELECT conrelid::regclass::text, conname, contype::text, convalidated, pg_get_constraintdef(oid) "
            "FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2"
        )
        triggers = connection.exec_driver_sql("SELECT tgname, tgenabled::text FROM pg_trigger "
                                              "WHERE NOT tgisinternal ORDER BY 1")  # fmt: skip
        indices = connection.exec_driver_sql("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1")
        return constraints.all(), triggers.all(), indices.all()


@on_postgresql  # the other always numbers on from the highest row
def test_numbers_that_were_given_out_are_not_given_again(database: Database, vault: Vault, tmp_path: Path) -> None:
    with furnishing(database) as session:
        for _ in range(3):
            letters.write_letter(session, account_id=an_account(session).id, recipient="x@example.org", subject="x",
                                 body="x", now=NOW)  # fmt: skip
        session.delete(session.get_one(Letter, 3))
    make_backup(database, vault, tmp_path / "b.zip", now=NOW)

    put_back(database, vault, tmp_path / "b.zip", replace=True)

    with furnishing(database) as session:
        letters.write_letter(session, account_id=1, recipient="x@example.org", subject="x", body="x", now=NOW)
        assert session.scalars(sa.select(sa.func.max(Letter.id)).select_from(Letter)).one() == 4


def test_a_database_that_is_not_empty_is_refused(demo_backup: Path, database: Database, vault: Vault) -> None:
    with furnishing(database) as session:
        an_account(session)
    before = contents(database)

    with pytest.raises(Refused) as refused:
        put_back(database, vault, demo_backup)

    assert refused.value.reason is SafekeepingReason.DATABASE_NOT_EMPTY
    assert contents(database) == before
    assert list(vault.digests()) == []


def test_tables_without_rows_are_empty_enough(
    demo_backup: Path, database: Database, vault: Vault, demo_database: Database
) -> None:
    put_back(database, vault, demo_backup)

    assert contents(database) == contents(demo_database)


def test_what_is_replaced_is_kept_first(
    demo_backup: Path, database: Database, vault: Vault, demo_database: Database, tmp_path: Path
) -> None:
    with furnishing(database) as session:
        an_account(session, "Somebody Before")
    before = contents(database)

    restored = put_back(database, vault, demo_backup, replace=True)

    assert contents(database) == contents(demo_database)
    assert restored.set_aside is not None
    with opened(f"sqlite:///{tmp_path / 'before.sqlite3'}") as earlier:
        put_back(earlier, vault, restored.set_aside)
        assert contents(earlier) == before


@pytest.mark.parametrize("replace", [False, True])
def test_tables_of_another_program_are_never_replaced(
    demo_backup: Path, empty_database: Database, vault: Vault, replace: bool
) -> None:
    with empty_database.writer.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE recipes (id INTEGER PRIMARY KEY)")

    with pytest.raises(Refused) as refused:
        put_back(empty_database, vault, demo_backup, replace=replace)

    assert refused.value.reason is SafekeepingReason.DATABASE_NOT_OURS


def test_a_database_in_use_is_not_replaced(demo_backup: Path, sqlite_url: str, vault: Vault) -> None:
    with opened(sqlite_url) as other, opened(sqlite_url) as database, other.work(Scope()) as session:
        with furnishing(database) as writing:
            an_account(writing)
        session.scalars(sa.select(Letter)).all()

        with pytest.raises(Refused) as refused:
            put_back(database, vault, demo_backup, replace=True)

    assert refused.value.reason is SafekeepingReason.DATABASE_IN_USE


def test_any_flipped_bit_is_noticed(demo_backup: Path, tmp_path: Path) -> None:
    whole, file, dice = demo_backup.read_bytes(), tmp_path / "flipped.zip", random.Random(7)
    positions = [dice.randrange(len(whole) * 8) for _ in range(FLIPS)] + list(
        range((len(whole) - 90) * 8, len(whole) * 8)
    )
    for position in positions:
        flipped = bytearray(whole)
        flipped[position // 8] ^= 1 << position % 8
        file.write_bytes(flipped)
        with pytest.raises(Refused) as refused, opened_archive(file):
            raise AssertionError(position)
        assert refused.value.reason is SafekeepingReason.BACKUP_DAMAGED


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: whole[:-1],
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole + b"0",
        lambda whole: b"",
        lambda whole: b"0" * 64,
        lambda whole: b"This is not a backup, but a long enough text about something else altogether, all the same.",
        lambda whole: whole[:200] + whole[201:],
    ],
)
def test_what_was_cut_or_is_no_backup_is_refused(
    demo_backup: Path, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    file = tmp_path / "damaged.zip"
    file.write_bytes(damage(demo_backup.read_bytes()))

    with pytest.raises(Refused) as refused, opened_archive(file):
        raise AssertionError

    assert refused.value.reason is SafekeepingReason.BACKUP_DAMAGED


def resealed(source: Path, target: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """A backup in which members were changed, sealed anew as if it was made so."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        new.comment = b"0" * 64
    with target.open("r+b") as stream:
        seal = archives._digest_before_seal(stream)
        stream.seek(-64, 2)
        stream.write(seal)
    return target


def manifest_with(**changes: object) -> Callable[[str, bytes], bytes]:
    def change(name: str, content: bytes) -> bytes:
        return json.dumps(json.loads(content) | changes).encode() if name == "manifest.json" else content

    return change


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"format": 2, "version": "9.0"}, SafekeepingReason.BACKUP_FORMAT_NEWER),
        ({"revision": "9999", "version": "9.0"}, SafekeepingReason.BACKUP_SCHEMA_NEWER),
        ({"heads": {}}, SafekeepingReason.BACKUP_DIFFERS),
    ],
)
def test_a_backup_of_a_newer_release_and_one_at_odds_with_itself_are_refused(
    demo_backup: Path, empty_database: Database, vault: Vault, tmp_path: Path, changes: dict[str, Any],
    reason: SafekeepingReason,
) -> None:  # fmt: skip
    file = resealed(demo_backup, tmp_path / "newer.zip", manifest_with(**changes))

    with pytest.raises(Refused) as refused:
        put_back(empty_database, vault, file)

    assert refused.value.reason is reason
    assert migrations.schema_state(empty_database) is SchemaState.EMPTY


def test_a_row_that_refers_to_nothing_leaves_no_half_database(
    demo_backup: Path, empty_database: Database, vault: Vault, tmp_path: Path
) -> None:
    def lose_accounts(name: str, content: bytes) -> bytes:
        if name == "manifest.json":
            told = json.loads(content)
            told["tables"]["account"]["rows"] = 0
            return json.dumps(told).encode()
        return b"" if name == "database/account.jsonl" else content

    file = resealed(demo_backup, tmp_path / "broken.zip", lose_accounts)

    with pytest.raises((sa.exc.IntegrityError, migrations.BrokenReferences)):
        put_back(empty_database, vault, file)

    assert migrations.schema_state(empty_database) is SchemaState.EMPTY
    assert list(tmp_path.glob(".*restoring*")) == []


def test_a_backup_of_an_older_release_is_brought_up_to_date(
    empty_database: Database, vault: Vault, tmp_path: Path
) -> None:
    migrations.upgrade(empty_database, "0001")
    with empty_database.writer.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO cooperative (id, slug, name, place, created_at) "
            "VALUES (7, 'west', 'West', 'Wageningen', '2026-03-02 09:30:00+00:00')"
            if connection.dialect.name != "sqlite"
            else "INSERT INTO cooperative (id, slug, name, place, created_at) "
            "VALUES (7, 'west', 'West', 'Wageningen', '2026-03-02 09:30:00.000000')"
        )
    make_backup(empty_database, vault, tmp_path / "old.zip", now=NOW)

    put_back(empty_database, vault, tmp_path / "old.zip", replace=True)

    assert migrations.schema_state(empty_database) is SchemaState.CURRENT
    assert [row[0] for row in contents(empty_database)["cooperative"]] == [7]
