"""The way of a sheet: kept as evidence, its columns chosen, looked at, taken over in the background, undone."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, select

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, InvalidInput, NotFound, Problem, Refused
from ecoop.governance.audit import Action
from ecoop.governance.register_import import ImportReason, ImportStatus, RowOutcome
from ecoop.governance.register_sheet import Sheet, doubt_mapping
from ecoop.governance.roles import Actor, Permission
from ecoop.governance.sheet_fields import Field
from ecoop.governance.sheet_values import CLASSES, tidy
from ecoop.models import Account, Job, SheetImport
from ecoop.models.jobs import JobState
from ecoop.services import audit, jobs
from ecoop.services.importing import undoing
from ecoop.services.importing.known import read_known
from ecoop.services.importing.planning import Plan, Tell, make_plan
from ecoop.services.importing.rows import ColumnChoice
from ecoop.services.importing.undoing import Blocker
from ecoop.services.importing.writing import RegisterMoved, Writer
from ecoop.vault import Vault

TAKE_OVER, TAKE_BACK = "register.import", "register.import_undo"
"""The kinds of jobs."""
LONGEST_FILE_NAME = 200
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


def known_classes(session: ScopedSession, cooperative_id: int) -> dict[str, str]:
    """What the kinds of membership of a cooperative are called in a sheet, each with its code."""
    return {tidy(code): code for code in sorted(set(CLASSES.values()))}


def require_keeper(actor: Actor | None) -> None:
    """Only who keeps the register takes sheets over. `actor` is None on the command line."""
    if actor is not None and not actor.may(Permission.KEEP_REGISTER):
        raise Forbidden


def keep_sheet(
    session: ScopedSession,
    vault: Vault,
    actor: Actor | None,
    *,
    cooperative_id: int,
    content: bytes,
    file_name: str,
    sheet: Sheet,
    choice: ColumnChoice,
    now: datetime,
) -> int:
    """Keep the file as evidence, with what its columns probably are; the number of the import."""
    require_keeper(actor)
    digest = vault.put(content)
    row = SheetImport(
        cooperative_id=cooperative_id, file_name=_clean_name(file_name), digest=digest, size=len(content),
        sheet_rows=len(sheet.rows), columns=_written(choice), status=ImportStatus.UPLOADED, created_at=now,
        created_by_id=actor.account_id if actor else None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.record(
        session, actor, Action.SHEET_KEPT, cooperative_id=cooperative_id, subject=f"sheet_import:{row.id}",
        details={"file_digest": digest, "count": row.sheet_rows}, now=now,
    )  # fmt: skip
    return row.id


def _clean_name(given: str) -> str:
    last = given.replace("\\", "/").rpartition("/")[2]
    visible = " ".join("".join(one if one.isprintable() else " " for one in last).split())
    return visible[-LONGEST_FILE_NAME:] or "sheet"


def _written(choice: ColumnChoice) -> str:
    columns = [None if one is None else one.value for one in choice.columns]
    return json.dumps({"columns": columns, "class": choice.class_code})


def _choice(text: str) -> ColumnChoice:
    told = json.loads(text)
    known = {one.value: one for one in Field}
    columns = tuple(known.get(one) if one else None for one in told["columns"])
    return ColumnChoice(columns=columns, class_code=told["class"])


def choose_columns(
    session: ScopedSession, actor: Actor, *, cooperative_id: int, import_id: int, choice: ColumnChoice
) -> None:
    """Say what each column is. Raises InvalidInput where that cannot be, Refused once it was taken over."""
    require_keeper(actor)
    row = _held(session, cooperative_id, import_id)
    if _status(session, row) not in OPEN:
        raise Refused(ImportReason.NOT_WAITING)
    require_sound(choice)
    row.columns = _written(choice)
    session.flush()


def require_sound(choice: ColumnChoice) -> None:
    """Raises InvalidInput naming what is wrong with the choice of columns as a whole."""
    problems = []
    for reason, field in doubt_mapping(choice.columns):
        problems.append(Problem(key=f"column.{field}" if field else "", reason=reason, details={"field": field or ""}))
    if problems:
        raise InvalidInput(tuple(problems))


def plan_import(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    sheet: Sheet,
    choice: ColumnChoice,
    doubtful_as_new: bool = False,
    now: datetime,
    tell: Tell = lambda _done, _total: None,
) -> Plan:
    """What taking over a sheet would do now. Changes nothing."""
    require_keeper(actor)
    return make_plan(
        read_known(session, cooperative_id), sheet, choice, classes=known_classes(session, cooperative_id),
        today=clock.legal_day(now), doubtful_as_new=doubtful_as_new, tell=tell,
    )  # fmt: skip


def confirm(
    session: ScopedSession,
    actor: Actor,
    *,
    cooperative_id: int,
    import_id: int,
    plan: Plan,
    good_rows_only: bool,
    doubtful_as_new: bool,
    now: datetime,
) -> int:
    """Have it taken over in the background, as the preview showed; the number of the job."""
    require_keeper(actor)
    row = _held(session, cooperative_id, import_id)
    if _status(session, row) not in OPEN:
        raise Refused(ImportReason.NOT_WAITING)
    require_runnable(plan, good_rows_only=good_rows_only)
    row.status, row.plan_digest, row.recorded_by_id = ImportStatus.RUNNING, plan.digest, actor.account_id
    row.good_rows_only, row.doubtful_as_new = good_rows_only, doubtful_as_new
    row.job_id = jobs.enqueue(
        session, TAKE_OVER, cooperative_id=cooperative_id, arguments={"import_id": import_id},
        created_by_id=actor.account_id, now=now,
    )  # fmt: skip
    session.flush()
    assert row.job_id is not None  # noqa: S101  it has no key, so it is always put down
    return row.job_id


def require_runnable(plan: Plan, *, good_rows_only: bool) -> None:
    """Raises Refused where rows are wrong and not to be left out, or where nothing would change."""
    if plan.left_out and not good_rows_only:
        raise Refused(ImportReason.PROBLEMS_LEFT, count=plan.left_out)
    if not plan.at_work:
        raise Refused(ImportReason.NOTHING_TO_DO)


def take_over(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    import_id: int,
    plan: Plan,
    good_rows_only: bool,
    agreed: bool = False,
    now: datetime,
    tell: Tell = lambda _done, _total: None,
) -> None:
    """Write a plan into the register, all of it or nothing. Raises RegisterMoved where the plan is out of date.

    `agreed` is said by the job: who keeps the register agreed to this plan when it was put down (`confirm`).
    """
    if not agreed:
        require_keeper(actor)
    require_runnable(plan, good_rows_only=good_rows_only)
    row = _held(session, cooperative_id, import_id)
    known = read_known(session, cooperative_id)
    if known.head != plan.head:
        raise RegisterMoved
    writer = Writer(session=session, actor=actor, sheet_import=row, known=known, now=now, tell=tell)
    row.audit_number = writer.take_over(plan)
    row.status, row.recorded_at, row.good_rows_only = ImportStatus.DONE, now, good_rows_only
    row.recorded_by_id = actor.account_id if actor else None
    row.rows_new = plan.counts.get(RowOutcome.NEW, 0)
    row.rows_changed = plan.counts.get(RowOutcome.CHANGED, 0)
    row.rows_same = plan.counts.get(RowOutcome.SAME, 0)
    row.rows_left_out = plan.left_out
    session.flush()


def import_at_once(
    session: ScopedSession,
    vault: Vault,
    *,
    cooperative_id: int,
    content: bytes,
    file_name: str,
    sheet: Sheet,
    choice: ColumnChoice,
    plan: Plan,
    good_rows_only: bool,
    now: datetime,
    tell: Tell = lambda _done, _total: None,
) -> int:
    """Keep a sheet and take it over in one piece of work, as the command line does; the number of the import.

    Raises RegisterMoved where somebody wrote in the cooperative after the plan was made.
    """
    require_runnable(plan, good_rows_only=good_rows_only)
    import_id = keep_sheet(
        session, vault, None, cooperative_id=cooperative_id, content=content, file_name=file_name, sheet=sheet,
        choice=choice, now=now,
    )  # fmt: skip
    take_over(
        session, None, cooperative_id=cooperative_id, import_id=import_id,
        plan=replace(plan, head=plan.head + 1),  # that it was kept stands in the trail now
        good_rows_only=good_rows_only, now=now, tell=tell,
    )  # fmt: skip
    return import_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What a job has to do: for which import, agreed to by whom, and with which preview."""

    view: ImportView
    actor: Actor | None
    plan_digest: str | None


def read_errand(session: ScopedSession, *, cooperative_id: int, import_id: int, wanted: ImportStatus) -> Errand | None:
    """What is still to be done for an import; None where it was done already, or is not there."""
    row = session.scalar(_query(cooperative_id, import_id))
    if row is None or row.status is not wanted:
        return None
    by_id = row.undone_by_id if wanted is ImportStatus.UNDOING else row.recorded_by_id
    actor = None if by_id is None else Actor(account_id=by_id, name="", roles=())
    return Errand(view=_view(row, row.status, None), actor=actor, plan_digest=row.plan_digest)


def discard(session: ScopedSession, actor: Actor, *, cooperative_id: int, import_id: int, now: datetime) -> None:
    """Put a sheet aside without taking anything over. The file is kept."""
    require_keeper(actor)
    row = _held(session, cooperative_id, import_id)
    if _status(session, row) not in OPEN:
        raise Refused(ImportReason.NOT_WAITING)
    row.status = ImportStatus.DISCARDED
    session.flush()
    audit.record(
        session, actor, Action.SHEET_DISCARDED, cooperative_id=cooperative_id, subject=f"sheet_import:{row.id}",
        now=now,
    )  # fmt: skip


# undoing


def read_blockers(session: ScopedSession, actor: Actor, *, cooperative_id: int, import_id: int) -> tuple[Blocker, ...]:
    """What was built upon an import, so that it cannot be undone; nothing where it can."""
    require_keeper(actor)
    row = _found(session, cooperative_id, import_id)
    return undoing.find_blockers(session, row) if row.status is ImportStatus.DONE else ()


def ask_undo(session: ScopedSession, actor: Actor, *, cooperative_id: int, import_id: int, now: datetime) -> None:
    """Have an import undone in the background. Raises Refused where something was built upon it."""
    require_keeper(actor)
    row = _held(session, cooperative_id, import_id)
    if _status(session, row) is not ImportStatus.DONE:
        raise Refused(ImportReason.NOT_DONE)
    blockers = undoing.find_blockers(session, row)
    if blockers:
        raise Refused(ImportReason.BUILT_UPON, count=len(blockers))
    row.status, row.undone_by_id = ImportStatus.UNDOING, actor.account_id
    row.job_id = jobs.enqueue(
        session, TAKE_BACK, cooperative_id=cooperative_id, arguments={"import_id": import_id},
        created_by_id=actor.account_id, now=now,
    )  # fmt: skip
    session.flush()


def undo(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    import_id: int,
    now: datetime,
    tell: Tell = lambda _done, _total: None,
) -> None:
    """Undo an import as a whole, or raise Refused where something was built upon it."""
    row = _held(session, cooperative_id, import_id)
    if row.status not in {ImportStatus.DONE, ImportStatus.UNDOING}:
        raise Refused(ImportReason.NOT_DONE)
    blockers = undoing.find_blockers(session, row)
    if blockers:
        raise Refused(ImportReason.BUILT_UPON, count=len(blockers))
    undoing.take_back(session, actor, row, now=now, tell=tell)


# reading


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
    return tuple(_view(row, _effective(row.status, state), name) for row, name, state in session.execute(query))


def read_import(session: ScopedSession, actor: Actor, *, cooperative_id: int, import_id: int) -> ImportView:
    """One sheet that was put in. Raises NotFound."""
    require_keeper(actor)
    row = _found(session, cooperative_id, import_id)
    name = session.scalar(select(Account.name).where(Account.id == row.created_by_id))
    return _view(row, _status(session, row), name)


def _effective(status: ImportStatus, job: JobState | None) -> ImportStatus:
    """How it stands: what was to be done by a job that ended without doing it, is not being done."""
    if job in _ENDED and status is ImportStatus.RUNNING:
        return ImportStatus.FAILED
    return ImportStatus.DONE if job in _ENDED and status is ImportStatus.UNDOING else status


def _status(session: ScopedSession, row: SheetImport) -> ImportStatus:
    state = None if row.job_id is None else session.scalar(select(Job.state).where(Job.id == row.job_id))
    return _effective(row.status, state)


def _query(cooperative_id: int, import_id: int) -> Select[SheetImport]:
    return select(SheetImport).where(SheetImport.cooperative_id == cooperative_id, SheetImport.id == import_id)


def _found(session: ScopedSession, cooperative_id: int, import_id: int) -> SheetImport:
    row = session.scalar(_query(cooperative_id, import_id))
    if row is None:
        raise NotFound
    return row


def _held(session: ScopedSession, cooperative_id: int, import_id: int) -> SheetImport:
    query = _query(cooperative_id, import_id).with_for_update().execution_options(populate_existing=True)
    row = session.scalar(query)
    if row is None:
        raise NotFound
    return row


def _view(row: SheetImport, status: ImportStatus, created_by: str | None) -> ImportView:
    return ImportView(
        id=row.id, file_name=row.file_name, digest=row.digest, size=row.size, sheet_rows=row.sheet_rows,
        status=status, choice=_choice(row.columns), good_rows_only=row.good_rows_only,
        doubtful_as_new=row.doubtful_as_new, created_at=row.created_at, created_by=created_by, job_id=row.job_id,
        recorded_at=row.recorded_at, left_out=row.rows_left_out, undone_at=row.undone_at,
        counts={RowOutcome.NEW: row.rows_new, RowOutcome.CHANGED: row.rows_changed, RowOutcome.SAME: row.rows_same},
    )  # fmt: skip
