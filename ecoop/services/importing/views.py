"""Imports as pages show them: how each stands, and which columns were chosen."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, NotFound
from ecoop.governance.register_import import ImportStatus, RowOutcome
from ecoop.governance.roles import Actor, Permission
from ecoop.governance.sheet_fields import Field
from ecoop.models import Account, Job, SheetImport
from ecoop.models.jobs import JobState
from ecoop.services.importing.rows import ColumnChoice

OPEN = frozenset({ImportStatus.UPLOADED, ImportStatus.FAILED})
"""Where the columns can still be chosen."""
_ENDED = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportView:
    """An import as pages show it."""

    id: int
    file_name: str
    digest: str
    size: int
    sheet_rows: int
    status: ImportStatus
    choice: ColumnChoice
    good_rows_only: bool
    doubtful_as_new: bool
    created_at: datetime
    created_by: str | None
    job_id: int | None
    recorded_at: datetime | None
    counts: Mapping[RowOutcome, int]
    left_out: int
    undone_at: datetime | None


def require_keeper(actor: Actor | None) -> None:
    """Only who keeps the register takes sheets over. `actor` is None on the command line."""
    if actor is not None and not actor.may(Permission.KEEP_REGISTER):
        raise Forbidden


def written(choice: ColumnChoice) -> str:
    columns = [None if one is None else one.value for one in choice.columns]
    return json.dumps({"columns": columns, "class": choice.class_code})


def choice_of(text: str) -> ColumnChoice:
    told = json.loads(text)
    known = {one.value: one for one in Field}
    columns = tuple(known.get(one) if one else None for one in told["columns"])
    return ColumnChoice(columns=columns, class_code=told["class"])


def read_imports(session: ScopedSession, actor: Actor, *, cooperative_id: int) -> tuple[ImportView, ...]:
    """Every sheet that was put in, the newest first."""
    require_keeper(actor)
    query = (
        select(SheetImport, Account.name, Job.state)
        .outerjoin(Account, Account.id == SheetImport.created_by_id)
        .outerjoin(Job, Job.id == SheetImport.job_id)
        .where(SheetImport.cooperative_id == cooperative_id)
        .order_by(SheetImport.created_at.desc(), SheetImport.id.desc())
        .limit(200)
    )
    return tuple(view_of(row, _effective(row.status, state), name) for row, name, state in session.execute(query))


def read_import(session: ScopedSession, actor: Actor, *, cooperative_id: int, import_id: int) -> ImportView:
    """One sheet that was put in. Raises NotFound."""
    require_keeper(actor)
    row = found(session, cooperative_id, import_id)
    name = session.scalar(select(Account.name).where(Account.id == row.created_by_id))
    return view_of(row, status_of(session, row), name)


def _effective(status: ImportStatus, job: JobState | None) -> ImportStatus:
    """How it stands: what was to be done by a job that ended without doing it, is not being done."""
    if job in _ENDED and status is ImportStatus.RUNNING:
        return ImportStatus.FAILED
    return ImportStatus.DONE if job in _ENDED and status is ImportStatus.UNDOING else status


def status_of(session: ScopedSession, row: SheetImport) -> ImportStatus:
    state = None if row.job_id is None else session.scalar(select(Job.state).where(Job.id == row.job_id))
    return _effective(row.status, state)


def query_of(cooperative_id: int, import_id: int) -> Select[SheetImport]:
    return select(SheetImport).where(SheetImport.cooperative_id == cooperative_id, SheetImport.id == import_id)


def found(session: ScopedSession, cooperative_id: int, import_id: int) -> SheetImport:
    row = session.scalar(query_of(cooperative_id, import_id))
    if row is None:
        raise NotFound
    return row


def held(session: ScopedSession, cooperative_id: int, import_id: int) -> SheetImport:
    query = query_of(cooperative_id, import_id).with_for_update().execution_options(populate_existing=True)
    row = session.scalar(query)
    if row is None:
        raise NotFound
    return row


def view_of(row: SheetImport, status: ImportStatus, created_by: str | None) -> ImportView:
    return ImportView(
        id=row.id, file_name=row.file_name, digest=row.digest, size=row.size, sheet_rows=row.sheet_rows,
        status=status, choice=choice_of(row.columns), good_rows_only=row.good_rows_only,
        doubtful_as_new=row.doubtful_as_new, created_at=row.created_at, created_by=created_by, job_id=row.job_id,
        recorded_at=row.recorded_at, left_out=row.rows_left_out, undone_at=row.undone_at,
        counts={RowOutcome.NEW: row.rows_new, RowOutcome.CHANGED: row.rows_changed, RowOutcome.SAME: row.rows_same},
    )  # fmt: skip
