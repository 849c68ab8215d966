"""`ecoop register import`: an existing member sheet into the register, or what that would do."""

import json
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ecoop.cli.database import opened, require_current
from ecoop.cli.failures import BAD_INPUT, Failure, complain, tell_problem
from ecoop.cli.words import Command, Option
from ecoop.config import Settings, read_settings
from ecoop.errors import InvalidInput, Problem
from ecoop.language import gettext as _
from ecoop.language import mark, ngettext

if TYPE_CHECKING:
    from ecoop.db import Database
    from ecoop.governance.register_sheet import Sheet
    from ecoop.services.importing import ColumnChoice, Plan

TRIES = 3
STEP = 500
COMPARED = mark("Compared: %(done)s of %(total)s rows.")
WRITTEN = mark("Written: %(done)s of %(total)s rows.")


@click.command(
    name="import",
    cls=Command,
    help=mark("Take a member sheet (CSV, XLSX, XLS or ODS) over into the register, all of it or nothing."),
)
@click.argument("cooperative", metavar="COOP")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--mapping",
    metavar="FILE",
    type=click.Path(path_type=Path),
    cls=Option,
    help=mark("TOML or JSON that says what the columns are. Default: what their headers tell."),
)
@click.option("--dry-run", is_flag=True, cls=Option, help=mark("Only tell what would be done."))
@click.option("--good-rows", is_flag=True, cls=Option, help=mark("Leave out rows that are wrong or doubtful."))
@click.option(
    "--doubtful-as-new",
    is_flag=True,
    cls=Option,
    help=mark("Take rows that look like somebody who is known already for somebody else."),
)
@click.pass_context
def import_(
    ctx: click.Context,
    cooperative: str,
    file: Path,
    mapping: Path | None,
    dry_run: bool,
    good_rows: bool,
    doubtful_as_new: bool,
) -> None:
    """Read, compare, tell every problem, and write."""
    from ecoop.exchange.sheets import read_sheet

    settings = read_settings()
    content = _content(file)
    sheet = read_sheet(content, limit_bytes=settings.paper_limit_bytes)
    choice = _choice(sheet, {} if mapping is None else _told(mapping))
    with opened(settings.database_url) as database:
        require_current(database)
        own = _cooperative(database, cooperative)
        work = _Work(database, settings, own, sheet, choice, doubtful_as_new)
        plan = work.plan()
        stops = _tell_problems(plan, sheet, good_rows=good_rows)
        if stops:
            ctx.exit(BAD_INPUT)
        if not dry_run and plan.at_work:
            work.take_over(plan, content, file.name, good_rows=good_rows)
    _tell_counts(plan, dry_run=dry_run)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        why = error.strerror or str(error)
        raise Failure(_("%(file)s cannot be read: %(why)s.", file=file, why=why), exit_code=BAD_INPUT) from error


def _told(file: Path) -> Mapping[str, Any]:
    """What a mapping file says: a table `columns` from header to field, and perhaps one `class` for all rows."""
    content = _content(file)
    try:
        text = content.decode("utf-8-sig")
        told = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        message = " ".join(str(error).split())[:200]
        sentence = _("%(file)s is not a mapping: %(message)s", file=file, message=message)
        raise Failure(sentence, exit_code=BAD_INPUT) from error
    columns = told.get("columns", {}) if isinstance(told, dict) else None
    if not isinstance(columns, dict) or not all(isinstance(one, str) for one in columns.values()):
        sentence = _("%(file)s is not a mapping: it needs a table called columns, from header to field.", file=file)
        raise Failure(sentence, exit_code=BAD_INPUT)
    return told


def _choice(sheet: "Sheet", told: Mapping[str, Any]) -> "ColumnChoice":
    from ecoop.governance.register_sheet import apply_names, guess
    from ecoop.services import importing

    columns, wrong = apply_names(sheet.header, told.get("columns", {}), guess(sheet.header, sheet.rows[:200]))
    if wrong:
        raise InvalidInput(importing.mapping_problems(wrong))
    class_code = told.get("class")
    choice = importing.ColumnChoice(columns=columns, class_code=class_code if isinstance(class_code, str) else None)
    importing.require_sound(choice)
    return choice


def _cooperative(database: "Database", slug: str) -> int:
    from ecoop.db import Scope
    from ecoop.services.cooperatives import read_cooperatives

    with database.work(Scope()) as session:
        ids = {one.slug: one.id for one in read_cooperatives(session)}
    if slug not in ids:
        sentence = _("There is no cooperative with the short name %(slug)s.", slug=slug)
        raise Failure(sentence, exit_code=BAD_INPUT)
    return ids[slug]


class _Work:
    """One sheet and one cooperative."""

    def __init__(
        self,
        database: "Database",
        settings: Settings,
        cooperative_id: int,
        sheet: "Sheet",
        choice: "ColumnChoice",
        doubtful_as_new: bool,
    ) -> None:
        self.database, self.settings, self.cooperative_id = database, settings, cooperative_id
        self.sheet, self.choice, self.doubtful_as_new = sheet, choice, doubtful_as_new

    def plan(self) -> "Plan":
        """What would be done now."""
        from ecoop import clock
        from ecoop.db import Scope
        from ecoop.services import importing

        with self.database.work(Scope(cooperative_ids=frozenset({self.cooperative_id}))) as session:
            classes = importing.known_classes(session, self.cooperative_id, clock.legal_day(clock.now()))
            if self.choice.class_code is not None and self.choice.class_code not in classes.values():
                raise InvalidInput((Problem(key="class", reason="cell_no_class"),))
            return importing.plan_import(
                session, None, cooperative_id=self.cooperative_id, sheet=self.sheet, choice=self.choice,
                doubtful_as_new=self.doubtful_as_new, now=clock.now(), tell=_progress(COMPARED),
            )  # fmt: skip

    def take_over(self, plan: "Plan", content: bytes, name: str, *, good_rows: bool) -> None:
        """Keep the file and write the plan; compared again where somebody else wrote meanwhile."""
        from ecoop import clock
        from ecoop.db import Scope
        from ecoop.services import importing
        from ecoop.vault import Vault

        scope = Scope(cooperative_ids=frozenset({self.cooperative_id}), may_write=True)
        for attempt in range(TRIES):
            try:
                with self.database.work(scope) as session:
                    importing.import_at_once(
                        session, Vault(self.settings.papers_folder), cooperative_id=self.cooperative_id,
                        content=content, file_name=name, sheet=self.sheet, choice=self.choice, plan=plan,
                        good_rows_only=good_rows, now=clock.now(), tell=_progress(WRITTEN),
                    )  # fmt: skip
            except importing.RegisterMoved:
                if attempt == TRIES - 1:
                    raise Failure(_("Others write in the register at this moment. Try again later.")) from None
                plan = self.plan()
            else:
                return


def _progress(sentence: str) -> Callable[[int, int], None]:
    """Tell on the error output how far it is, now and then; nothing for a small sheet."""

    def tell(done: int, total: int) -> None:
        if total > STEP and done:
            complain(_(sentence, done=done, total=total))

    return tell


def _tell_problems(plan: "Plan", sheet: "Sheet", *, good_rows: bool) -> bool:
    """One line for each thing about a row; whether that stops the import."""
    for row in plan.rows:
        for problem in row.problems:
            place = _("row %(row)s", row=row.row)
            if problem.column is not None and problem.column < len(sheet.header):
                place = f"{place}, {sheet.header[problem.column]}"
            tell_problem(Problem(key=place, reason=problem.reason, details=problem.details))
    return bool(plan.left_out) and not good_rows


def _tell_counts(plan: "Plan", *, dry_run: bool) -> None:
    from ecoop.governance.register_import import RowOutcome

    new, changed, same = (plan.counts.get(one, 0) for one in (RowOutcome.NEW, RowOutcome.CHANGED, RowOutcome.SAME))
    told = (
        ngettext("%(count)s row is new", "%(count)s rows are new", new),
        ngettext("%(count)s row is changed", "%(count)s rows are changed", changed),
        ngettext("%(count)s row is the same", "%(count)s rows are the same", same),
        ngettext("%(count)s row is left out", "%(count)s rows are left out", plan.left_out),
    )
    click.echo("\n".join(f"{one}." for one in told))
    if dry_run:
        click.echo(_("Nothing was stored: this only tells what would be done."))
