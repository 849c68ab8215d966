"""Power cuts, simulated with kill -9: nothing is lost, and nothing is done or sent twice but what cannot be helped."""

import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from ecoop import clock
from ecoop.db import Database, Scope
from ecoop.governance.roles import Role
from ecoop.services import cooperatives, jobs, letters, mailings
from ecoop.services.jobs import JobState
from ecoop.services.letters import LetterFilter, LetterState
from ecoop.services.mailings import Group, MailingText
from ecoop.worker import Worker
from tests.cli.processes import PROGRAM, Served, serving
from tests.mail.post_offices import PostOffice, post_office
from tests.services.conftest import World
from tests.support.databases import furnishing
from tests.support.factories import a_role, an_account
from tests.support.web import MovableClock
from tests.worker.conftest import a_worker, settings_of, work_it_off

PEOPLE = 40
PATIENCE_SECONDS = 30

SLOW_JOB = """
import pathlib, sys, time
from ecoop import clock
from ecoop.config import read_settings
from ecoop.db import open_database
from ecoop.worker import Worker

def job(work):
    for step in range(20):
        with open(sys.argv[1], "a") as file:
            file.write(f"{step}\\n")
        work.progress(step + 1, 20)
        print("step", step, flush=True)
        time.sleep(0.05)

settings = read_settings()
worker = Worker(open_database(settings.database_url), settings, clock.now, kinds={"test": job}, planned=())
print("begun", flush=True)
worker.run(pause_seconds=0.05)
"""

COUNTING = """
import sys, time
from ecoop import clock
from ecoop.config import read_settings
from ecoop.db import open_database
from ecoop.worker import Worker

def job(work):
    with open(sys.argv[1], "a") as file:
        file.write(work.job.arguments["number"] + "\\n")

settings = read_settings()
worker = Worker(open_database(settings.database_url), settings, clock.now, kinds={"test": job}, planned=())
print("begun", flush=True)
worker.run(pause_seconds=0.02)
"""


def _address(database: Database) -> str:
    return database.writer.url.render_as_string(hide_password=False)


def _until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@contextmanager
def _process(code: str, database: Database, folder: Path, file: Path) -> Iterator[Served]:
    settings = {"ECOOP_DATABASE_URL": _address(database), "ECOOP_DATA": str(folder)}
    with serving([sys.executable, "-c", code, str(file)], Path.cwd(), settings) as running:
        running.wait_for("begun")
        yield running


@pytest.mark.slow
def test_a_job_that_was_killed_is_begun_again_by_another_worker(world: World, tmp_path: Path) -> None:
    file = tmp_path / "steps"
    with world.inside() as session:
        number = jobs.enqueue(session, "test", cooperative_id=world.home, now=clock.now())
        session.commit()
    assert number is not None

    with _process(SLOW_JOB, world.database, tmp_path, file) as running:
        running.wait_for("step 3")
        running.stop(signal.SIGKILL)

    with world.reading() as session:
        left = jobs.read_job(session, cooperative_id=world.home, job_id=number)
    assert left.state is JobState.RUNNING  # nobody could tell
    assert left.done >= 4

    later = MovableClock(clock.now() + jobs.LEASE + timedelta(seconds=5))
    finished: list[int] = []
    work_it_off(
        a_worker(world.database, later, tmp_path, kinds={"test": lambda work: finished.append(work.job.attempt)})
    )

    with world.reading() as session:
        done = jobs.read_job(session, cooperative_id=world.home, job_id=number)
    assert finished == [2]
    assert done.state is JobState.DONE


@pytest.mark.slow
def test_two_worker_processes_run_every_job_exactly_once(world: World, tmp_path: Path) -> None:
    file = tmp_path / "done"
    with world.inside() as session:
        for number in range(40):
            key = f"dated:{number}"
            jobs.enqueue(session, "test", cooperative_id=world.home, arguments={"number": str(number)}, key=key,
                         now=clock.now())  # fmt: skip
        session.commit()

    def all_done() -> bool:
        with world.database.work(Scope(carries=True)) as session:
            return jobs.count_jobs(session) == {JobState.DONE: 40}

    with _process(COUNTING, world.database, tmp_path, file), _process(COUNTING, world.database, tmp_path, file):
        _until(all_done)

    assert Counter(file.read_text().split()) == Counter({str(number): 1 for number in range(40)})


def _members(world: World) -> None:
    with furnishing(world.database) as session:
        cooperatives.found_installation(session, demo_day=None, now=clock.now())
        session.include(world.home)
        for number in range(PEOPLE):
            account = an_account(session, f"Lid {number}", email=f"lid{number}@example.org")
            grant = a_role(session, _Home(world.home), account, Role.MEMBER)  # type: ignore[arg-type]
            assert grant.cooperative_id == world.home


class _Home:
    def __init__(self, number: int) -> None:
        self.id = number


def _write_to_members(world: World) -> int:
    with world.inside() as session:
        number = mailings.send_mailing(
            session, world.treasurer, cooperative_id=world.home, group=Group(chosen={"role": ("member",)}),
            text=MailingText(subject_nl="Hallo", text_nl="Dag."), day=clock.legal_day(clock.now()), now=clock.now(),
        )  # fmt: skip
        session.commit()
    return number


def _mail_settings(database: Database, folder: Path, office: PostOffice) -> dict[str, str]:
    return {
        "ECOOP_DATABASE_URL": _address(database),
        "ECOOP_DATA": str(folder),
        "ECOOP_SMTP_HOST": "127.0.0.1",
        "ECOOP_SMTP_PORT": str(office.port),
        "ECOOP_SMTP_STARTTLS": "0",
        "ECOOP_MAIL_FROM": "ecoop <post@example.org>",
    }


def _letters(world: World, mailing_id: int) -> Counter[LetterState]:
    with world.reading() as session:
        found = letters.read_letters_of(session, cooperative_id=world.home, wanted=LetterFilter(mailing_id=mailing_id))
    return Counter(one.state for one in found)


@pytest.mark.slow
def test_a_power_cut_during_a_mail_run_loses_nothing_and_repeats_one_letter_at_most(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mail server runs in another process than the worker, and counts what it got before and after kill -9."""
    _members(world)
    number = _write_to_members(world)
    cuts = 0
    with post_office() as office:
        settings = _mail_settings(world.database, tmp_path, office)
        for wanted in (6, 15, 25):  # the power fails three times
            with serving([*PROGRAM, "worker"], tmp_path, settings) as running:
                running.wait_for("has begun")
                _until(lambda wanted=wanted: len(office.taken) >= wanted)  # type: ignore[misc]
                running.stop(signal.SIGKILL)
                cuts += 1
        later = MovableClock(clock.now() + letters.LEASE + timedelta(minutes=5))
        _work_on(Worker(world.database, _settings(tmp_path, office), later, planned=()), later)

    got = Counter(one.recipient for one in office.taken)
    repeated = {who for who, count in got.items() if count > 1}
    assert set(got) == {f"lid{one}@example.org" for one in range(PEOPLE)}  # nothing is lost
    assert max(got.values()) <= 2
    assert len(repeated) <= cuts  # one letter was in flight at each cut, and no other comes twice
    for who in repeated:
        names = {str(one.message["Message-ID"]) for one in office.taken if one.recipient == who}
        assert len(names) == 1  # a mail program sees that it is the same letter
    assert _letters(world, number) == Counter({LetterState.SENT: PEOPLE})


def _settings(folder: Path, office: PostOffice):  # type: ignore[no-untyped-def]
    return settings_of(
        folder, smtp_host="127.0.0.1", smtp_port=office.port, smtp_starttls=False, mail_from="ecoop <post@example.org>"
    )


def _work_on(worker: Worker, later: MovableClock) -> None:
    """What a worker does after the power came back: until nothing is left."""
    for _ in range(4):
        work_it_off(worker)
        later.move(minutes=11)


@pytest.mark.slow
def test_a_power_cut_while_a_mailing_is_written_writes_nobody_twice(world: World, tmp_path: Path) -> None:
    _members(world)
    number = _write_to_members(world)
    settings = {"ECOOP_DATABASE_URL": _address(world.database), "ECOOP_DATA": str(tmp_path)}

    with serving([*PROGRAM, "worker"], tmp_path, settings) as running:
        running.wait_for("has begun")
        _until(lambda: sum(_letters(world, number).values()) > 0)
        running.stop(signal.SIGKILL)
    later = MovableClock(clock.now() + jobs.LEASE + timedelta(seconds=5))
    work_it_off(a_worker(world.database, later, tmp_path, **_all_kinds()))

    assert _letters(world, number) == Counter({LetterState.WAITING: PEOPLE})


def _all_kinds() -> dict[str, object]:
    from ecoop.worker.kinds import KINDS

    return {"kinds": KINDS}


@pytest.mark.slow
def test_a_worker_that_is_told_to_stop_finishes_what_it_does(world: World, tmp_path: Path) -> None:
    _members(world)
    settings = {"ECOOP_DATABASE_URL": _address(world.database), "ECOOP_DATA": str(tmp_path)}
    with serving([*PROGRAM, "worker"], tmp_path, settings) as running:
        running.wait_for("has begun")
        number = _write_to_members(world)
        _until(lambda: sum(_letters(world, number).values()) > 0)

        code = running.stop(signal.SIGTERM)

    assert code == 0
    assert "The worker has stopped." in running.said
    assert _letters(world, number) == Counter({LetterState.WAITING: PEOPLE})
