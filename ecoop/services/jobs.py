"""Work that is done later: put down with the change that asks for it, taken by one worker, taken over when that dies.

A job runs at least once. A worker that dies leaves a lease that runs out, and another begins the job again: so
whatever a job does must be harmless to do twice (a key that the database refuses twice, a state that is asked first).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, delete, func, or_, select

from ecoop.db import ScopedSession
from ecoop.errors import EcoopError, Forbidden, NotFound, Refused
from ecoop.governance.audit import Action
from ecoop.governance.roles import Actor, Permission
from ecoop.models import Account, Cooperative, Job
from ecoop.models.jobs import JobState
from ecoop.services import audit
from ecoop.services.once import add_once

__all__ = ["JobState"]

LEASE = timedelta(minutes=2)
"""How long a worker may be silent before another takes its job over; it is heard six times in that while."""
MOST_ATTEMPTS = 4
RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
CRASHED = "worker_lost"

Argument = int | str | list[int] | list[str] | None


class JobReason(StrEnum):
    """Why a job cannot be stopped."""

    JOB_OVER = "job_over"


class LeaseLost(EcoopError):
    """The worker was silent for too long and another has the job: what it still does must not be kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobView:
    """One piece of work as pages show it."""

    id: int
    cooperative_id: int | None
    kind: str
    state: JobState
    due_at: datetime
    created_at: datetime
    created_by: str | None
    attempts: int
    done: int
    total: int | None
    cancel_asked: bool
    finished_at: datetime | None
    problem: str | None
    arguments: Mapping[str, Argument]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenJob:
    """A job in the hands of a worker."""

    id: int
    cooperative_id: int | None
    kind: str
    arguments: Mapping[str, Argument]
    attempt: int
    worker: str
    due_at: datetime


def enqueue(
    session: ScopedSession,
    kind: str,
    *,
    cooperative_id: int | None = None,
    arguments: Mapping[str, Argument] | None = None,
    key: str | None = None,
    created_by_id: int | None = None,
    due_at: datetime | None = None,
    now: datetime,
) -> int | None:
    """Put a job down, in the same piece of work as the change that asks for it; its number.

    None where a job with this `key` was put down before, by whichever process: that one stands.
    """
    row = Job(
        cooperative_id=cooperative_id, kind=kind, key=key, arguments=json.dumps(dict(arguments or {}), sort_keys=True),
        state=JobState.WAITING, created_at=now, created_by_id=created_by_id, due_at=due_at or now, attempts=0, done=0,
    )  # fmt: skip
    if key is None:
        session.add(row)
        session.flush()
        return row.id
    return row.id if add_once(session, row) else None


def something_is_due(session: ScopedSession, *, now: datetime) -> bool:
    """Whether a job could be taken: asked first, so that an idle worker keeps nobody waiting. The session carries."""
    return session.scalar(select(Job.id).where(_can_be_taken(now)).limit(1)) is not None


def _can_be_taken(now: datetime) -> ColumnElement[bool]:
    return or_(
        and_(Job.state == JobState.WAITING, Job.due_at <= now),
        and_(Job.state == JobState.RUNNING, Job.lease_until <= now),
    )


def take(session: ScopedSession, worker: str, *, now: datetime) -> TakenJob | None:
    """The job that is due longest, for this worker alone: on PostgreSQL others skip it, on SQLite they wait.

    One whose worker was lost is begun again, or has failed when that happened too often. The session carries.
    """
    query = select(Job).where(_can_be_taken(now)).order_by(Job.due_at, Job.id).limit(1)
    while (row := session.scalar(query.with_for_update(skip_locked=True))) is not None:
        if row.state is JobState.RUNNING and row.cancel_asked_at is not None:
            _finish(row, JobState.CANCELLED, now)
        elif row.attempts >= MOST_ATTEMPTS:
            _finish(row, JobState.FAILED, now, problem=row.problem or CRASHED)
        else:
            row.state, row.worker, row.lease_until = JobState.RUNNING, worker, now + LEASE
            row.attempts += 1
            row.started_at, row.done, row.total = now, 0, None
            session.flush()
            return TakenJob(
                id=row.id, cooperative_id=row.cooperative_id, kind=row.kind, arguments=json.loads(row.arguments),
                attempt=row.attempts, worker=worker, due_at=row.due_at,
            )  # fmt: skip
        session.flush()
    return None


def heartbeat(session: ScopedSession, job: TakenJob, *, now: datetime) -> bool:
    """Say that the worker still lives; whether somebody asked to stop. Raises LeaseLost."""
    row = _held(session, job)
    row.lease_until = now + LEASE
    session.flush()
    return row.cancel_asked_at is not None


def report_progress(session: ScopedSession, job: TakenJob, done: int, total: int | None, *, now: datetime) -> bool:
    """Note how far it is; whether somebody asked to stop. Raises LeaseLost."""
    row = _held(session, job)
    row.done, row.total, row.lease_until = min(done, total) if total is not None else done, total, now + LEASE
    session.flush()
    return row.cancel_asked_at is not None


def finish(session: ScopedSession, job: TakenJob, *, cancelled: bool = False, now: datetime) -> None:
    """It is done, or stopped as was asked. Raises LeaseLost."""
    row = _held(session, job)
    _finish(row, JobState.CANCELLED if cancelled else JobState.DONE, now)
    session.flush()


def fail(session: ScopedSession, job: TakenJob, problem: str, *, for_good: bool = False, now: datetime) -> None:
    """It went wrong: tried again later, or failed for good after the last try. Raises LeaseLost."""
    row = _held(session, job)
    if for_good or row.attempts >= MOST_ATTEMPTS:
        _finish(row, JobState.FAILED, now, problem=problem)
    else:
        row.state, row.worker, row.lease_until = JobState.WAITING, None, None
        row.due_at, row.problem = now + RETRY_AFTER[row.attempts - 1], problem[:120]
    session.flush()


def _finish(row: Job, state: JobState, now: datetime, *, problem: str | None = None) -> None:
    row.state, row.worker, row.lease_until, row.finished_at = state, None, None, now
    row.problem = problem[:120] if problem else None


def _held(session: ScopedSession, job: TakenJob) -> Job:
    row = session.scalar(select(Job).where(Job.id == job.id).with_for_update())
    if row is None or (row.state, row.worker, row.attempts) != (JobState.RUNNING, job.worker, job.attempt):
        raise LeaseLost
    return row


def ask_cancel(session: ScopedSession, actor: Actor, *, cooperative_id: int, job_id: int, now: datetime) -> None:
    """Stop a job: at once when it waits, at its next report when it runs. What it did by then stays."""
    if not actor.may(Permission.SEE_JOBS):
        raise Forbidden
    row = session.scalar(select(Job).where(Job.cooperative_id == cooperative_id, Job.id == job_id).with_for_update())
    if row is None:
        raise NotFound
    if row.state not in {JobState.WAITING, JobState.RUNNING}:
        raise Refused(JobReason.JOB_OVER)
    if row.state is JobState.WAITING:
        _finish(row, JobState.CANCELLED, now)
    row.cancel_asked_at = now
    session.flush()
    audit.record(session, actor, Action.JOB_CANCELLED, cooperative_id=cooperative_id, subject=f"job:{row.id}", now=now)


def read_jobs(session: ScopedSession, *, cooperative_id: int, limit: int = 100) -> tuple[JobView, ...]:
    """The jobs of a cooperative, newest first."""
    query = (
        select(Job, Account.name)
        .outerjoin(Account, Account.id == Job.created_by_id)
        .where(Job.cooperative_id == cooperative_id)
        .order_by(Job.id.desc())
        .limit(limit)
    )
    return tuple(_view(row, name) for row, name in session.execute(query))


def read_job(session: ScopedSession, *, cooperative_id: int, job_id: int) -> JobView:
    """One job of a cooperative. Raises NotFound."""
    query = (
        select(Job, Account.name)
        .outerjoin(Account, Account.id == Job.created_by_id)
        .where(Job.cooperative_id == cooperative_id, Job.id == job_id)
    )
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound
    return _view(*found)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFailure:
    """A job that failed, without whose it is beyond the public name."""

    kind: str
    cooperative: str | None
    problem: str | None
    finished_at: datetime


def count_jobs(session: ScopedSession) -> dict[JobState, int]:
    """How many jobs there are in each state, of all cooperatives and the installation. The session carries."""
    rows = session.execute(select(Job.state, func.count(Job.id)).group_by(Job.state))
    return {state: count for state, count in rows}  # noqa: C416  rows are no pairs to mypy


def read_failures(session: ScopedSession, *, limit: int = 50) -> tuple[JobFailure, ...]:
    """What failed on this installation, newest first: kind and reason, nothing of its content. The session carries."""
    query = (
        select(Job.kind, Cooperative.name, Job.problem, Job.finished_at)
        .outerjoin(Cooperative, Cooperative.id == Job.cooperative_id)
        .where(Job.state == JobState.FAILED)
        .order_by(Job.id.desc())
        .limit(limit)
    )
    return tuple(
        JobFailure(kind=kind, cooperative=name, problem=problem, finished_at=at)
        for kind, name, problem, at in session.execute(query)
        if at is not None
    )


def last_due(session: ScopedSession, kind: str) -> tuple[datetime | None, bool]:
    """When the newest dated job of this kind is or was due, and whether it is still to be done. The session carries."""
    query = select(Job.due_at, Job.state).where(Job.kind == kind, Job.key.is_not(None)).order_by(Job.id.desc()).limit(1)
    found = session.execute(query).one_or_none()
    return (None, False) if found is None else (found[0], found[1] in {JobState.WAITING, JobState.RUNNING})


def forget_old(session: ScopedSession, *, before: datetime) -> None:
    """Remove what the installation itself finished before a moment; the work of cooperatives stays. It carries."""
    session.execute(delete(Job).where(Job.cooperative_id.is_(None), Job.finished_at < before))


def _view(row: Job, created_by: str | None) -> JobView:
    return JobView(
        id=row.id,
        cooperative_id=row.cooperative_id,
        kind=row.kind,
        state=row.state,
        due_at=row.due_at,
        created_at=row.created_at,
        created_by=created_by,
        attempts=row.attempts,
        done=row.done,
        total=row.total,
        cancel_asked=row.cancel_asked_at is not None,
        finished_at=row.finished_at,
        problem=row.problem,
        arguments=json.loads(row.arguments),
    )
