"""Jobs: taken once, retried, stopped, taken over; seen in their own cooperative only."""

import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from ecoop.db import Scope, ScopeError
from ecoop.errors import Forbidden, NotFound, Refused
from ecoop.governance.roles import Role
from ecoop.models import Job
from ecoop.services import jobs
from ecoop.services.jobs import JobState, JobView, LeaseLost, TakenJob
from ecoop.worker import JobFailed, Work
from tests.services.conftest import World
from tests.support.factories import NOW
from tests.support.web import MovableClock
from tests.worker.conftest import a_worker, work_it_off

CARRIER = Scope(carries=True, may_write=True)


def _put_down(world: World, kind: str = "test", **given: object) -> int:
    with world.inside() as session:
        number = jobs.enqueue(session, kind, cooperative_id=world.home, now=NOW, **given)  # type: ignore[arg-type]
        session.commit()
    assert number is not None
    return number


def _read(world: World, number: int) -> JobView:
    with world.reading() as session:
        return jobs.read_job(session, cooperative_id=world.home, job_id=number)


def _take(world: World, worker: str = "a", **later: float) -> TakenJob | None:
    with world.database.work(CARRIER) as session:
        return jobs.take(session, worker, now=NOW + timedelta(**later))


def test_a_job_is_put_down_with_the_change_or_not_at_all(world: World) -> None:
    with world.inside() as session:
        jobs.enqueue(session, "test", cooperative_id=world.home, now=NOW)
        session.rollback()

    assert _take(world) is None


def test_a_job_runs_once_and_is_done(world: World, clock: MovableClock, tmp_path: Path) -> None:
    number = _put_down(world, arguments={"number": 7})
    seen: list[object] = []

    def kind(work: Work) -> None:
        seen.append(work.job.arguments["number"])
        work.progress(1, 3)

    assert work_it_off(a_worker(world.database, clock, tmp_path, kinds={"test": kind})) == 1
    done = _read(world, number)
    assert seen == [7]
    assert (done.state, done.done, done.total, done.attempts) == (JobState.DONE, 1, 3, 1)


def test_what_is_due_later_waits(world: World, clock: MovableClock, tmp_path: Path) -> None:
    number = _put_down(world, due_at=clock() + timedelta(hours=1))
    worker = a_worker(world.database, clock, tmp_path, kinds={"test": lambda _work: None})

    assert work_it_off(worker) == 0
    clock.move(hours=1)
    assert work_it_off(worker) == 1
    assert _read(world, number).state is JobState.DONE


def test_a_key_is_put_down_once(world: World) -> None:
    _put_down(world, key="once")

    with world.inside() as session:
        assert jobs.enqueue(session, "test", cooperative_id=world.home, key="once", now=NOW) is None
        assert jobs.enqueue(session, "test", cooperative_id=world.home, key="other", now=NOW) is not None


def test_two_workers_never_get_the_same_job(world: World) -> None:
    numbers = {_put_down(world) for _ in range(6)}
    taken: list[int] = []

    def take_all(name: str) -> None:
        while (job := _take(world, name)) is not None:
            taken.append(job.id)

    threads = [threading.Thread(target=take_all, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(taken) == sorted(numbers)


def test_a_job_that_stumbles_is_tried_again_and_fails_at_last(
    world: World, clock: MovableClock, tmp_path: Path
) -> None:
    number = _put_down(world)
    tries: list[int] = []

    def kind(work: Work) -> None:
        tries.append(work.job.attempt)
        raise ZeroDivisionError("Loes Leiding")

    worker = a_worker(world.database, clock, tmp_path, kinds={"test": kind})
    for _ in range(6):
        work_it_off(worker)
        clock.move(hours=2)

    failed = _read(world, number)
    assert tries == [1, 2, 3, 4]
    assert (failed.state, failed.problem) == (JobState.FAILED, "ZeroDivisionError")  # never its words


def test_what_cannot_succeed_is_not_tried_again(world: World, clock: MovableClock, tmp_path: Path) -> None:
    number = _put_down(world, "unheard-of")

    assert work_it_off(a_worker(world.database, clock, tmp_path)) == 1
    assert (_read(world, number).state, _read(world, number).problem) == (JobState.FAILED, "unknown_kind")


def test_a_worker_that_is_silent_loses_its_job_to_another(world: World) -> None:
    _put_down(world)
    first = _take(world, "lost")
    assert first is not None
    assert _take(world, "other", minutes=1) is None

    second = _take(world, "other", minutes=3)

    assert second is not None
    assert (second.id, second.attempt) == (first.id, 2)
    with world.database.work(CARRIER) as session:
        for late in (
            lambda: jobs.heartbeat(session, first, now=NOW),
            lambda: jobs.report_progress(session, first, 1, 2, now=NOW),
            lambda: jobs.finish(session, first, now=NOW),
            lambda: jobs.fail(session, first, "x", now=NOW),
        ):
            with pytest.raises(LeaseLost):
                late()


def test_a_heart_that_beats_keeps_the_job(world: World) -> None:
    _put_down(world)
    first = _take(world, "alive")
    assert first is not None
    with world.database.work(CARRIER) as session:
        jobs.heartbeat(session, first, now=NOW + timedelta(minutes=1.5))

    assert _take(world, "other", minutes=3) is None


def test_a_job_that_takes_every_worker_down_fails_with_the_reason(world: World) -> None:
    number = _put_down(world)
    for attempt in range(jobs.MOST_ATTEMPTS):
        assert _take(world, f"worker {attempt}", minutes=3 * attempt) is not None

    assert _take(world, "last", minutes=60) is None
    assert (_read(world, number).state, _read(world, number).problem) == (JobState.FAILED, jobs.CRASHED)


def test_a_waiting_job_is_stopped_at_once(world: World, clock: MovableClock, tmp_path: Path) -> None:
    number = _put_down(world)
    with world.inside() as session:
        jobs.ask_cancel(session, world.treasurer, cooperative_id=world.home, job_id=number, now=NOW)
        session.commit()

    assert _read(world, number).state is JobState.CANCELLED
    assert work_it_off(a_worker(world.database, clock, tmp_path)) == 0


def test_a_running_job_stops_at_its_next_report(world: World, clock: MovableClock, tmp_path: Path) -> None:
    number = _put_down(world)
    done: list[int] = []

    def kind(work: Work) -> None:
        for step in range(5):
            done.append(step)
            if step == 1:
                with world.inside() as session:
                    jobs.ask_cancel(session, world.treasurer, cooperative_id=world.home, job_id=number, now=NOW)
                    session.commit()
            work.progress(step + 1, 5)

    work_it_off(a_worker(world.database, clock, tmp_path, kinds={"test": kind}))

    assert done == [0, 1]
    assert (_read(world, number).state, _read(world, number).done) == (JobState.CANCELLED, 2)


def test_what_is_over_cannot_be_stopped(world: World, clock: MovableClock, tmp_path: Path) -> None:
    number = _put_down(world)
    work_it_off(a_worker(world.database, clock, tmp_path, kinds={"test": lambda _work: None}))

    with world.inside() as session, pytest.raises(Refused, match="job_over"):
        jobs.ask_cancel(session, world.treasurer, cooperative_id=world.home, job_id=number, now=NOW)


def test_only_the_board_stops_a_job(world: World) -> None:
    number = _put_down(world)

    with world.inside() as session, pytest.raises(Forbidden):
        jobs.ask_cancel(session, world.acting(Role.MEMBER), cooperative_id=world.home, job_id=number, now=NOW)


def test_a_job_of_a_neighbour_is_not_there(world: World) -> None:
    number = _put_down(world)

    with world.reading(world.neighbour) as session:
        assert jobs.read_jobs(session, cooperative_id=world.home) == ()
        with pytest.raises(NotFound):
            jobs.read_job(session, cooperative_id=world.home, job_id=number)


def test_a_job_may_be_posted_to_a_neighbour_and_then_it_is_out_of_hand(world: World) -> None:
    with world.inside() as session:
        row = Job(cooperative_id=world.neighbour, kind="x", arguments="{}", state=JobState.WAITING, created_at=NOW,
                  due_at=NOW, attempts=0, done=0)  # fmt: skip
        session.add(row)
        session.flush()
        row.kind = "y"
        with pytest.raises(ScopeError):
            session.flush()


def test_the_carrier_sees_every_job_and_no_cooperative(world: World) -> None:
    _put_down(world)

    with world.database.work(Scope(carries=True)) as session:
        assert jobs.count_jobs(session) == {JobState.WAITING: 1}
        assert jobs.read_jobs(session, cooperative_id=world.home) != ()


def test_a_worker_survives_a_database_that_stumbles(world: World, clock: MovableClock, tmp_path: Path) -> None:
    worker = a_worker(world.database, clock, tmp_path)
    calls: list[int] = []

    def stumble() -> bool:
        calls.append(1)
        if len(calls) == 3:
            worker.stop()
        raise OSError("away")

    worker.work_once = stumble  # type: ignore[method-assign]
    worker.run(pause_seconds=0.001)

    assert len(calls) == 3


def test_the_heart_beats_while_a_job_is_silent(
    world: World, clock: MovableClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = _put_down(world)
    monkeypatch.setattr(jobs, "LEASE", timedelta(seconds=0.3))

    def kind(_work: Work) -> None:
        before = clock()
        clock.move(minutes=5)
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            with world.database.work(Scope(carries=True)) as session:
                row = session.get_one(Job, number)
            if row.lease_until is not None and row.lease_until > before + timedelta(minutes=4):
                return
            time.sleep(0.02)
        raise JobFailed("silent")

    work_it_off(a_worker(world.database, clock, tmp_path, kinds={"test": kind}))

    assert _read(world, number).state is JobState.DONE
