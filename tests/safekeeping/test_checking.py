"""`check`: silent where all is well, and each thing that is wrong named with what to do."""

import os
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
import sqlalchemy as sa

from ecoop.db import Database
from ecoop.governance.audit import Action
from ecoop.migrations import server_time
from ecoop.safekeeping import checking
from ecoop.safekeeping.backing_up import note_backup
from ecoop.safekeeping.checking import MOUNTS, Finding, Severity, disk_kind
from ecoop.sealing import new_key
from ecoop.services import audit, cooperatives, letters
from ecoop.vault import Vault
from tests.safekeeping.conftest import on_postgresql
from tests.support.databases import furnishing
from tests.support.factories import NOW, an_account

LATER = NOW + timedelta(hours=2)


class House(NamedTuple):
    """A real installation in which all is well, and what tells where it stands."""

    database: Database
    settings: dict[str, str]
    folder: Path

    def findings(self, **changed: str) -> tuple[Finding, ...]:
        """What a look now finds."""
        return checking.check(self.settings | changed, now=server_time(self.database) or LATER)

    def keys(self, **changed: str) -> list[str]:
        """About what there is something wrong."""
        return [one.key for one in self.findings(**changed)]


def furnish(database: Database, folder: Path, *, demo_day: date | None = None) -> House:
    folder.mkdir(mode=0o700)
    for name, key in (("secret", "s" * 40), ("encryption-key", new_key())):
        (folder / name).touch(mode=0o600)
        (folder / name).write_text(key)
    (folder / "papers").mkdir(mode=0o700)
    Vault(folder / "papers").put(b"minutes")
    with furnishing(database) as session:
        cooperatives.found_installation(session, demo_day=demo_day, now=NOW)
        cooperatives.found_cooperative(session, slug="west", name="West", place="Wageningen", now=NOW)
        an_account(session)
    settings = {
        "ECOOP_DATABASE_URL": database.writer.url.render_as_string(hide_password=False),
        "ECOOP_DATA": str(folder),
        "ECOOP_HOSTS": "ecoop.example.org",
        "ECOOP_SMTP_HOST": "mail.example.org",
        "ECOOP_MAIL_FROM": "ecoop <post@example.org>",
    }
    house = House(database, settings, folder)
    note_backup(folder, now=server_time(database) or LATER)
    return house


@pytest.fixture
def house(sqlite_database: Database, tmp_path: Path) -> House:
    """On SQLite: most that can be wrong is the same on both."""
    Path(str(sqlite_database.writer.url.database)).chmod(0o600)
    return furnish(sqlite_database, tmp_path / "data")


@pytest.fixture
def either(database: Database, tmp_path: Path) -> House:
    """On both databases."""
    if database.writer.dialect.name == "sqlite":
        Path(str(database.writer.url.database)).chmod(0o600)
    return furnish(database, tmp_path / "data")


def test_where_all_is_well_nothing_is_found(either: House) -> None:
    assert either.findings() == ()


def test_looking_changes_nothing(house: House, tmp_path: Path) -> None:
    def everything() -> dict[Path, bytes]:
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        return {path: path.read_bytes() for path in files if path.suffix != ".sqlite3-shm"}  # who reads is noted there

    before = everything()

    house.findings()

    assert everything() == before


def test_looking_makes_no_keys_and_no_database(tmp_path: Path) -> None:
    found = checking.check({"ECOOP_DATA": str(tmp_path / "nowhere")}, now=NOW)

    assert [one.key for one in found] == ["folder", "keys", "keys", "schema"]
    assert list(tmp_path.iterdir()) == []


def test_every_wrong_setting_is_named_at_once(house: House) -> None:
    found = house.findings(
        ECOOP_SECRET="short", ECOOP_ENCRYPTION_KEY="no key", ECOOP_SMTP_PORT="mail", ECOOP_SMTP_STARTTLS="yes",
        ECOOP_INSECURE_COOKIES="maybe", ECOOP_MAIL_FROM="the board", ECOOP_DATABSE_URL="x",
    )  # fmt: skip
    told = " ".join(one.sentence % one.values for one in found if one.key == "settings")

    assert [name for name in (
        "ECOOP_SECRET", "ECOOP_ENCRYPTION_KEY", "ECOOP_SMTP_PORT", "ECOOP_SMTP_STARTTLS", "ECOOP_INSECURE_COOKIES",
        "ECOOP_MAIL_FROM", "ECOOP_DATABSE_URL",
    ) if name not in told] == []  # fmt: skip
    assert [one.key for one in found if one.key != "settings"] == ["mail"]  # nobody can write without a sender


@pytest.mark.parametrize(
    ("changed", "key", "told"),
    [
        ({"ECOOP_HOSTS": ""}, "hosts", "ECOOP_HOSTS"),
        ({"ECOOP_INSECURE_COOKIES": "1"}, "hosts", "ECOOP_INSECURE_COOKIES"),
        ({"ECOOP_SMTP_HOST": ""}, "mail", "ECOOP_SMTP_HOST"),
        ({"ECOOP_SMTP_USER": "ecoop"}, "mail", "ECOOP_SMTP_PASSWORD"),
        (
            {"ECOOP_SMTP_USER": "ecoop", "ECOOP_SMTP_PASSWORD": "x", "ECOOP_SMTP_STARTTLS": "0"},
            "mail",
            "ECOOP_SMTP_STARTTLS",
        ),
        ({"ECOOP_DATABASE_URL": "postgresql+psycopg://127.0.0.1:1/ecoop"}, "database", "ECOOP_DATABASE_URL"),
        ({"ECOOP_DATABASE_URL": "not an address"}, "database", "ECOOP_DATABASE_URL"),
    ],
)
def test_settings_that_do_not_fit_are_named(house: House, changed: dict[str, str], key: str, told: str) -> None:
    (found,) = house.findings(**changed)

    assert found.key == key
    assert told in found.sentence


def _damage_secret(house: House) -> None:
    (house.folder / "secret").write_text("")


def _open_keys(house: House) -> None:
    house.folder.chmod(0o755)
    (house.folder / "secret").chmod(0o644)


def _open_database(house: House) -> None:
    file = Path(str(house.database.writer.url.database))
    file.parent.chmod(0o755)
    file.chmod(0o644)


def _lose_folder(house: House) -> None:
    shutil.rmtree(house.folder)


def _damage_paper(house: House) -> None:
    vault = Vault(house.folder / "papers")
    vault.path(next(vault.digests())).write_bytes(b"something else")


def _leave_paper_halfway(house: House) -> None:
    left = house.folder / "papers" / "ab" / ".arriving-x"
    left.parent.mkdir()
    left.touch()
    os.utime(left, (NOW.timestamp() - 100_000,) * 2)


def _let_letter_wait(house: House) -> None:
    with furnishing(house.database) as session:
        letters.write_letter(session, account_id=1, recipient="x@example.org", subject="x", body="x", now=NOW)


def _record_in_the_future(house: House) -> None:
    with furnishing(house.database) as session:
        audit.record_for_installation(session, None, Action.TRAIL_EXPORTED, now=LATER + timedelta(days=1))


def _forget_backups(house: House) -> None:
    note_backup(house.folder, now=LATER - timedelta(days=3))


def _break_reference(house: House) -> None:
    with house.database.writer.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        connection.exec_driver_sql("DELETE FROM cooperative")
        connection.commit()
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]


def _edit_trail(house: House) -> None:
    with house.database.writer.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_entry_refuses_update")
        connection.exec_driver_sql("UPDATE audit_entry SET action = 'role.ended'")


def _age_schema(house: House) -> None:
    with house.database.writer.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))


def _not_ours(house: House) -> None:
    with house.database.writer.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))


@pytest.mark.parametrize(
    ("wrong", "key", "told"),
    [
        (_damage_secret, "settings", "is damaged"),
        (_open_keys, "rights", "chmod"),
        (_open_database, "rights", "chmod"),
        (_lose_folder, "folder", "is not there"),
        (_damage_paper, "papers", "older backup"),
        (_let_letter_wait, "letters", "ecoop worker"),
        (_record_in_the_future, "clock", "time server"),
        (_forget_backups, "backup", "ecoop backup FILE"),
        (_edit_trail, "chains", "does not hold"),
        (_age_schema, "schema", "ecoop db upgrade"),
        (_not_ours, "schema", "newer release"),
    ],
)
def test_what_is_wrong_is_named_with_what_to_do(
    house: House, wrong: Callable[[House], None], key: str, told: str
) -> None:
    wrong(house)

    found = [one for one in house.findings() if one.severity is Severity.WRONG]

    assert {one.key for one in found} == {key}
    assert told in found[0].sentence


def test_rows_that_refer_to_nothing_are_named(house: House) -> None:
    _break_reference(house)

    assert house.keys()[0] == "database"


def test_files_of_another_user_are_named(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 12345)

    assert set(house.keys()) == {"rights"}


def test_a_paper_left_halfway_is_a_notice(house: House) -> None:
    _leave_paper_halfway(house)

    (found,) = house.findings()
    assert (found.key, found.severity) == ("papers", Severity.NOTICE)


@on_postgresql  # the other has no clock of its own
def test_a_clock_that_differs_from_the_database_is_named(either: House) -> None:
    theirs = server_time(either.database)
    assert theirs is not None
    found = checking.check(either.settings, now=theirs + timedelta(minutes=1))

    assert [one.key for one in found] == ["clock"]
    assert 59 <= int(str(found[0].values["seconds"])) <= 61


def test_a_full_disk_is_named(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "ROOM_NEEDED", 1 << 62)

    assert set(house.keys()) == {"disk"}


def test_a_demo_needs_no_mail_and_no_host(sqlite_database: Database, tmp_path: Path) -> None:
    Path(str(sqlite_database.writer.url.database)).chmod(0o600)
    house = furnish(sqlite_database, tmp_path / "data", demo_day=date(2026, 3, 2))

    assert house.keys(ECOOP_HOSTS="", ECOOP_SMTP_HOST="", ECOOP_MAIL_FROM="") == []


@pytest.mark.parametrize(
    ("place", "kind"),
    [("/data/ecoop.sqlite3", "ext4"), ("/data/far away/x", "nfs4"), ("/database/x", "overlay"), ("/", "overlay")],
)
def test_the_kind_of_disk_is_that_of_the_nearest_mount(place: str, kind: str) -> None:
    mounts = "overlay / overlay rw 0 0\n/dev/sda1 /data ext4 rw 0 0\nnas:/x /data/far\\040away nfs4 rw 0 0\n"

    assert disk_kind(Path(place), mounts) == kind


def test_the_list_of_mounts_of_this_machine_can_be_read(tmp_path: Path) -> None:
    if MOUNTS.exists():
        assert disk_kind(tmp_path, MOUNTS.read_text()) != ""
