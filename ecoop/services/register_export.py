"""Asking for everything of a cooperative in open files, and noting that it left."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from ecoop.db import ScopedSession
from ecoop.errors import Forbidden
from ecoop.governance.audit import Action, Detail
from ecoop.governance.roles import Actor, Permission
from ecoop.models import Account, AuditEntry
from ecoop.services import audit, jobs
from ecoop.services.jobs import JobView

EXPORT = "cooperative.export"
"""The job that writes the files."""
_LEFT = (Action.COOPERATIVE_EXPORTED, Action.PERSON_EXPORTED, Action.HANDOVER_MADE, Action.TRAIL_EXPORTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """One time that something left the platform, as the audit trail tells."""

    at: datetime
    action: str
    name: str | None
    subject: str | None


def ask_export(session: ScopedSession, actor: Actor, *, cooperative_id: int, now: datetime) -> int:
    """Have everything written in the background; the number of the job. That it was asked is recorded at once."""
    if not actor.may(Permission.KEEP_PRIVACY):
        raise Forbidden
    job_id = jobs.enqueue(session, EXPORT, cooperative_id=cooperative_id, created_by_id=actor.account_id, now=now)
    assert job_id is not None  # noqa: S101  a job without a key is always put down
    record_export(session, actor, cooperative_id=cooperative_id, now=now, job_id=job_id)
    return job_id


def record_export(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    now: datetime,
    job_id: int | None = None,
    digest: str | None = None,
    opened: bool = False,
) -> None:
    """Note in the trail that everything left, with opened account numbers or not. `actor` None: the command line."""
    details: dict[str, Detail] = {"file_digest": digest} if digest else {}
    audit.record(
        session, actor, Action.COOPERATIVE_EXPORTED, cooperative_id=cooperative_id,
        subject=f"job:{job_id}" if job_id else None,
        details={**details, **({"outcome": "opened"} if opened else {})}, now=now,
    )  # fmt: skip


def export_file(folder: Path, job_id: int) -> Path:
    """Where the files of an export lie, inside the data folder."""
    return folder / "exports" / f"{job_id}.zip"


def read_exports(session: ScopedSession, actor: Actor, *, cooperative_id: int) -> tuple[JobView, ...]:
    """The exports that were asked for, newest first."""
    if not actor.may(Permission.KEEP_PRIVACY):
        raise Forbidden
    found = jobs.read_jobs(session, cooperative_id=cooperative_id)
    return tuple(one for one in found if one.kind == EXPORT)[:10]


def read_departures(
    session: ScopedSession, *, cooperative_id: int, subject: str | None = None, limit: int = 100
) -> tuple[Departure, ...]:
    """What left, newest first: everything, or about one party (`party:12`) only."""
    wanted = AuditEntry.action.in_([one.value for one in _LEFT])
    query = (
        select(AuditEntry, Account.name)
        .outerjoin(Account, Account.id == AuditEntry.actor_id)
        .where(AuditEntry.cooperative_id == cooperative_id, wanted)
        .order_by(AuditEntry.number.desc())
        .limit(limit)
    )
    if subject is not None:
        query = query.where(AuditEntry.subject == subject)
    return tuple(
        Departure(at=row.recorded_at, action=row.action, name=name, subject=row.subject)
        for row, name in session.execute(query)
    )
