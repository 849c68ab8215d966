"""The jobs that take a member sheet over into the register, and that take it back."""

from collections.abc import Callable

from ecoop.db import sqlite_file
from ecoop.errors import InvalidInput, Refused
from ecoop.exchange.sheets import read_sheet
from ecoop.governance.register_import import ImportReason, ImportStatus
from ecoop.governance.register_sheet import Sheet
from ecoop.services import importing
from ecoop.services.importing import ImportView, Plan, RegisterMoved
from ecoop.services.importing.desk import Errand
from ecoop.vault import NotKept, Vault
from ecoop.worker.work import JobFailed, Work

TRIES = 3
"""How often it is compared again when somebody else writes in the register meanwhile."""


def _errand(work: Work, wanted: ImportStatus) -> tuple[int, int, Errand | None]:
    cooperative_id, import_id = work.job.cooperative_id, work.job.arguments.get("import_id")
    if cooperative_id is None or not isinstance(import_id, int):
        raise JobFailed("not_there")
    with work.reading() as session:
        found = importing.read_errand(session, cooperative_id=cooperative_id, import_id=import_id, wanted=wanted)
    return cooperative_id, import_id, found


def _sheet(work: Work, view: ImportView) -> Sheet:
    try:
        content = Vault(work.settings.papers_folder).read(view.digest)
        return read_sheet(content, limit_bytes=len(content))
    except (NotKept, InvalidInput) as error:
        raise JobFailed(ImportReason.FILE_GONE.value) from error


def _while_writing(work: Work, after: int) -> Callable[[int, int], None]:
    """Tell how far the writing is. SQLite has one writer, which is this job itself: there it is told afterwards."""
    if sqlite_file(work.database) is not None or work.database.writer.dialect.name == "sqlite":
        return lambda _done, _total: None
    return lambda done, total: work.progress(after + done, after + total)


def take_over(work: Work) -> None:
    """Compare once more and write it all, or nothing: where the register moved, the preview counts no longer."""
    cooperative_id, import_id, found = _errand(work, ImportStatus.RUNNING)
    if found is None:
        return  # done by an earlier try
    sheet, rows = _sheet(work, found.view), found.view.sheet_rows
    for _try in range(TRIES):
        with work.reading() as session:
            plan = importing.plan_import(
                session, None, cooperative_id=cooperative_id, sheet=sheet, choice=found.view.choice,
                doubtful_as_new=found.view.doubtful_as_new, now=work.now(),
                tell=lambda done, _total: work.progress(done, 2 * rows),
            )  # fmt: skip
        if plan.digest != found.plan_digest:
            raise JobFailed(ImportReason.PREVIEW_OLD.value)
        work.progress(rows, 2 * rows)
        try:
            _write(work, found, plan, cooperative_id, import_id)
        except RegisterMoved:
            continue
        except Refused as refused:
            raise JobFailed(str(refused.reason)) from refused
        work.progress(2 * rows, 2 * rows)
        return
    raise JobFailed(ImportReason.PREVIEW_OLD.value)


def _write(work: Work, found: Errand, plan: Plan, cooperative_id: int, import_id: int) -> None:
    with work.writing() as session:
        importing.take_over(
            session, found.actor, cooperative_id=cooperative_id, import_id=import_id, plan=plan,
            good_rows_only=found.view.good_rows_only, now=work.now(), agreed=True,
            tell=_while_writing(work, found.view.sheet_rows),
        )  # fmt: skip


def take_back(work: Work) -> None:
    """Undo an import as a whole; not where something was built upon it since."""
    cooperative_id, import_id, found = _errand(work, ImportStatus.UNDOING)
    if found is None:
        return
    rows = sum(found.view.counts.values())
    work.progress(0, rows)
    try:
        with work.writing() as session:
            importing.undo(
                session, found.actor, cooperative_id=cooperative_id, import_id=import_id, now=work.now(),
                tell=_while_writing(work, 0),
            )  # fmt: skip
    except Refused as refused:
        raise JobFailed(str(refused.reason)) from refused
    work.progress(rows, rows)
