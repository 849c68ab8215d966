"""The export of a cooperative in the background: a zip that loads again, cleared away after a week; and the nightly
look at what may go."""

import os
import zipfile
from pathlib import Path

import sqlalchemy as sa

from ecoop.db import Database, Scope
from ecoop.governance.roles import Role
from ecoop.models import Turn
from ecoop.safekeeping.loading import load_export
from ecoop.services import jobs, register_export, retention
from ecoop.services.jobs import JobState
from ecoop.services.register_export import export_file
from ecoop.vault import Vault
from ecoop.worker import exporting
from tests.services.conftest import World
from tests.services.test_retention import a_leaver
from tests.support.factories import NOW
from tests.support.web import MovableClock
from tests.worker.conftest import a_worker, work_it_off


def asked(world: World) -> int:
    with world.inside() as session:
        a_leaver(world, session)
        number = register_export.ask_export(session, world.acting(Role.SECRETARY), cooperative_id=world.home, now=NOW)
        session.commit()
    return number


def test_what_is_asked_for_becomes_a_zip_that_loads_again(
    world: World, clock: MovableClock, tmp_path: Path, sqlite_database: Database
) -> None:
    number = asked(world)
    work_it_off(a_worker(world.database, clock, tmp_path))

    file = export_file(tmp_path, number)
    assert oct(file.stat().st_mode & 0o777) == "0o600"
    with zipfile.ZipFile(file) as bundle:
        bundle.extractall(tmp_path / "out")
    assert load_export(sqlite_database, Vault(tmp_path / "papers"), tmp_path / "out").cooperative_id == world.home
    assert [one.name for one in file.parent.iterdir()] == [f"{number}.zip"]


def test_a_job_for_a_cooperative_that_is_gone_fails(world: World, clock: MovableClock, tmp_path: Path) -> None:
    with world.database.work(Scope(carries=True, may_write=True)) as session:
        jobs.enqueue(session, register_export.EXPORT, now=NOW)
    work_it_off(a_worker(world.database, clock, tmp_path))

    with world.database.work(Scope(carries=True)) as session:
        assert jobs.count_jobs(session)[JobState.FAILED] == 1


def test_exports_are_removed_after_a_week(tmp_path: Path) -> None:
    old, fresh = export_file(tmp_path, 1), export_file(tmp_path, 2)
    old.parent.mkdir(parents=True)
    for file in (old, fresh):
        file.write_bytes(b"zip")
    (old.parent / "writing-left").mkdir()
    for file in (old, old.parent / "writing-left"):
        os.utime(file, (NOW.timestamp() - 1, NOW.timestamp() - 1))

    exporting.remove_exports(tmp_path, before=NOW)

    assert [file.name for file in old.parent.iterdir()] == ["2.zip"]


def test_the_night_says_that_something_may_go(world: World, clock: MovableClock, tmp_path: Path) -> None:
    with world.inside() as session:
        a_leaver(world, session)
        session.commit()
    with world.database.work(Scope(carries=True, may_write=True)) as session:
        jobs.enqueue(session, "checks.nightly", now=NOW)
    work_it_off(a_worker(world.database, clock, tmp_path))

    with world.reading() as session:
        assert session.scalars(sa.select(Turn.kind).where(Turn.kind == retention.TURN)).all() == [retention.TURN]
