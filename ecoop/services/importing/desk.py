"""The way of a sheet: kept as evidence, its columns chosen, looked at, taken over in the background, undone."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import InvalidInput, Problem, Refused
from ecoop.governance.audit import Action
from ecoop.governance.register_import import ImportReason, ImportStatus, RowOutcome
from ecoop.governance.register_sheet import Sheet, doubt_mapping
from ecoop.governance.roles import Actor
from ecoop.governance.sheet_values import CLASSES, tidy
from ecoop.models import SheetImport
from ecoop.services import audit, jobs
from ecoop.services.importing import undoing
from ecoop.services.importing.known import read_known
from ecoop.services.importing.planning import Plan, Tell, make_plan
from ecoop.services.importing.rows import ColumnChoice
from ecoop.services.importing.undoing import Blocker
from ecoop.services.importing.views import (
    OPEN,
    ImportView,
    found,
    held,
    query_of,
    require_keeper,
    status_of,
    view_of,
    written,
)
from ecoop.services.importing.writing import RegisterMoved, Writer
from ecoop.services.statutes import read_classes
from ecoop.vault import Vault

TAKE_OVER, TAKE_BACK = "register.import", "register.import_undo"
"""The kinds of jobs."""
LONGEST_FILE_NAME = 200


def known_classes(session: ScopedSession, cooperative_id: int, day: date) -> dict[str, str]:
    """What the kinds of membership of a cooperative are called in a sheet, each with its code.

    A sheet tells of former members as well, so kinds that earlier statutes knew are known too.
    """
    found = read_classes(session, cooperative_id=cooperative_id, day=day)
    if found is None:
        return {tidy(code): code for code in sorted(set(CLASSES.values()))}
    named = {tidy(name): code for code, names in found.names.items() for name in (code, *names)}
    return named | {tidy(name): code for code in found.in_force for name in (code, *found.names[code])}


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
        sheet_rows=len(sheet.rows), columns=written(choice), status=ImportStatus.UPLOADED, created_at=now,
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


def choose_columns(
    session: ScopedSession, actor: Actor, *, cooperative_id: int, import_id: int, choice: ColumnChoice
) -> None:
    """Say what each column is. Raises InvalidInput where that cannot be, Refused once it was taken over."""
    require_keeper(actor)
    row = held(session, cooperative_id, import_id)
    if status_of(session, row) not in OPEN:
        raise Refused(ImportReason.NOT_WAITING)
    require_sound(choice)
    row.columns = written(choice)
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
    today = clock.legal_day(now)
    return make_plan(
        read_known(session, cooperative_id), sheet, choice, classes=known_classes(session, cooperative_id, today),
        today=today, doubtful_as_new=doubtful_as_new, tell=tell,
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
    row = held(session, cooperative_id, import_id)
    if status_of(session, row) not in OPEN:
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
    row = held(session, cooperative_id, import_id)
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
    row = session.scalar(query_of(cooperative_id, import_id))
    if row is None or row.status is not wanted:
        return None
    by_id = row.undone_by_id if wanted is ImportStatus.UNDOING else row.recorded_by_id
    actor = None if by_id is None else Actor(account_id=by_id, name="", roles=())
    return Errand(view=view_of(row, row.status, None), actor=actor, plan_digest=row.plan_digest)


def discard(session: ScopedSession, actor: Actor, *, cooperative_id: int, import_id: int, now: datetime) -> None:
    """Put a sheet aside without taking anything over. The file is kept."""
    require_keeper(actor)
    row = held(session, cooperative_id, import_id)
    if status_of(session, row) not in OPEN:
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
    row = found(session, cooperative_id, import_id)
    return undoing.find_blockers(session, row) if row.status is ImportStatus.DONE else ()


def ask_undo(session: ScopedSession, actor: Actor, *, cooperative_id: int, import_id: int, now: datetime) -> None:
    """Have an import undone in the background. Raises Refused where something was built upon it."""
    require_keeper(actor)
    row = held(session, cooperative_id, import_id)
    if status_of(session, row) is not ImportStatus.DONE:
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
    row = held(session, cooperative_id, import_id)
    if row.status not in {ImportStatus.DONE, ImportStatus.UNDOING}:
        raise Refused(ImportReason.NOT_DONE)
    blockers = undoing.find_blockers(session, row)
    if blockers:
        raise Refused(ImportReason.BUILT_UPON, count=len(blockers))
    undoing.take_back(session, actor, row, now=now, tell=tell)
