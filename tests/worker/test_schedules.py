"""Dated jobs: when they are due in Amsterdam, and that they come once whoever plans."""

import threading
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from ecoop.db import Database
from ecoop.worker import Work
from ecoop.worker.kinds import KINDS
from ecoop.worker.schedules import EVERY_HOUR, MONDAY, SCHEDULES, Schedule, plan
from tests.support.web import MovableClock
from tests.worker.conftest import a_worker, work_it_off

NIGHTLY = Schedule(kind="night", times=(time(3, 30),))
WEEKLY = Schedule(kind="week", times=(time(7),), weekday=MONDAY)


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("schedule", "now", "due"),
    [
        (NIGHTLY, "2026-03-02T02:00", "2026-03-02T02:30"),  # winter: one hour ahead of UTC
        (NIGHTLY, "2026-03-02T02:30", "2026-03-03T02:30"),
        (NIGHTLY, "2026-07-01T00:00", "2026-07-01T01:30"),  # summer: two
        (NIGHTLY, "2026-03-28T12:00", "2026-03-29T01:30"),  # the night that the clock jumps ahead
        (Schedule(kind="x", times=(time(2, 30),)), "2026-03-28T12:00", "2026-03-29T01:30"),  # 2:30 does not exist
        (Schedule(kind="x", times=(time(2, 30),)), "2026-10-24T12:00", "2026-10-25T00:30"),  # 2:30 comes twice
        (Schedule(kind="x", times=(time(2, 30),)), "2026-10-25T00:30", "2026-10-26T01:30"),
        (WEEKLY, "2026-03-02T05:59", "2026-03-02T06:00"),
        (WEEKLY, "2026-03-02T06:00", "2026-03-09T06:00"),
        (WEEKLY, "2026-03-29T12:00", "2026-03-30T05:00"),  # the Monday after the clock jumped
    ],
)
def test_it_is_due_on_an_amsterdam_clock(schedule: Schedule, now: str, due: str) -> None:
    assert schedule.next_after(_utc(now)) == _utc(due)


@pytest.mark.parametrize("start", ["2026-03-28T22:00", "2026-10-24T22:00"])
def test_every_moment_comes_once_also_when_the_clock_is_changed(start: str) -> None:
    moment, found = _utc(start), []
    schedule = Schedule(kind="hour", times=EVERY_HOUR)
    for _ in range(30):
        moment = schedule.next_after(moment)
        found.append(moment)

    assert len(set(found)) == 30
    assert all(timedelta(0) < later - earlier <= timedelta(hours=2) for earlier, later in pairwise(found))


def test_every_schedule_has_a_kind_that_runs() -> None:
    assert {schedule.kind for schedule in SCHEDULES} <= set(KINDS)


def test_a_dated_job_runs_once_with_two_workers(database: Database, clock: MovableClock, tmp_path: Path) -> None:
    ran: Counter[str] = Counter()
    lock = threading.Lock()

    def kind(work: Work) -> None:
        with lock:
            ran[work.job.due_at.isoformat()] += 1

    workers = [a_worker(database, clock, tmp_path, kinds={"night": kind}, planned=(NIGHTLY,)) for _ in range(2)]
    for _ in range(4):
        clock.move(hours=24)
        threads = [threading.Thread(target=work_it_off, args=(worker,)) for worker in workers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert set(ran.values()) == {1}
    assert len(ran) == 3  # planned on the first day, then every night


def test_what_was_missed_is_caught_up_once(sqlite_database: Database, clock: MovableClock, tmp_path: Path) -> None:
    ran: list[datetime] = []
    worker = a_worker(
        sqlite_database, clock, tmp_path, kinds={"night": lambda work: ran.append(work.job.due_at)}, planned=(NIGHTLY,)
    )
    work_it_off(worker)
    clock.move(days=9)  # the machine stood still for nine nights

    work_it_off(worker)
    clock.move(minutes=2)
    work_it_off(worker)

    assert ran == [_utc("2026-03-03T02:30")]
    clock.move(days=1)
    work_it_off(worker)
    assert ran[1:] == [_utc("2026-03-12T02:30")]


def test_planning_twice_plans_once(database: Database, clock: MovableClock) -> None:
    threads = [threading.Thread(target=plan, args=(database, clock())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    from ecoop.db import Scope
    from ecoop.services import jobs

    with database.work(Scope(carries=True)) as session:
        assert sum(jobs.count_jobs(session).values()) == len(SCHEDULES)
