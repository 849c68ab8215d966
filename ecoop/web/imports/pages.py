"""What the pages on the way of a sheet show."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from wtforms.fields.choices import SelectChoice

from ecoop import language
from ecoop.errors import Problem, Refused
from ecoop.exchange.tables import Column, Kind, Table
from ecoop.governance.membership import EventKind
from ecoop.governance.register_import import ImportReason, ImportStatus, RowOutcome
from ecoop.governance.register_sheet import Sheet
from ecoop.governance.sheet_fields import RULES
from ecoop.governance.sheet_values import read_day
from ecoop.language import gettext as _
from ecoop.language import ngettext
from ecoop.language.jobs import job_problem
from ecoop.language.reasons import problem_text, refusal_text, sentence
from ecoop.language.register import class_name, end_reason_name, event_name
from ecoop.language.register_sheet import (
    area_name,
    fact_name,
    field_name,
    import_status_name,
    later_name,
    outcome_name,
)
from ecoop.services.importing import Blocker, Difference, ImportView, MappingView, Plan, PlannedRow, RowProblem
from ecoop.services.jobs import JobView
from ecoop.web.imports.forms import PREFIX, ColumnsForm

MOST_PROBLEMS, MOST_DIFFERENCES, MOST_NEW = 200, 100, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRow:
    """One sheet that was put in."""

    id: int
    name: str
    when: str
    who: str
    rows: str
    status: str
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """Every sheet that was put in."""

    title: str
    answer: str
    limit: int
    rows: tuple[ImportRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRow:
    """One column of a sheet with examples."""

    field: str
    label: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnsPage:
    """Which column is what."""

    title: str
    answer: str
    rows: tuple[ColumnRow, ...]
    kept: tuple[tuple[int, str], ...]
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemRow:
    """One thing about one row."""

    row: str
    column: str
    value: str
    what: str
    stops: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedRow:
    """What would be another about somebody in the register."""

    row: str
    name: str
    changes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPage:
    """What taking a sheet over would do."""

    title: str
    answer: str
    problems: tuple[ProblemRow, ...]
    more_problems: str
    changed: tuple[ChangedRow, ...]
    more_changed: str
    new: tuple[tuple[str, str, str, str], ...]
    more_new: str
    messages: tuple[str, ...]
    left_out: int
    doubtful: bool
    doubtful_as_new: bool
    can_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPage:
    """How far an import is, or what it did."""

    title: str
    answer: str
    facts: tuple[tuple[str, str], ...]
    problem: str
    done: int
    total: int
    progress: str
    at_work: bool
    can_undo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoPage:
    """Undoing an import, or what stands in the way."""

    title: str
    answer: str
    blockers: tuple[tuple[str, str, str, str], ...]
    messages: tuple[str, ...]
    can_undo: bool


def refusal(reason: ImportReason) -> str:
    """Why it is not possible."""
    return refusal_text(Refused(reason))


def list_page(found: Sequence[ImportView], *, limit: int) -> ListPage:
    """Every sheet that was put in, the newest first."""
    waiting = sum(one.status is ImportStatus.UPLOADED for one in found)
    answer = (
        ngettext("%(count)s sheet waits for you.", "%(count)s sheets wait for you.", waiting)
        if waiting
        else _("Take an existing member sheet over, with its numbers and days.")
    )
    return ListPage(title=_("Import"), answer=answer, limit=limit, rows=tuple(_import_row(one) for one in found))


def _import_row(one: ImportView) -> ImportRow:
    return ImportRow(
        id=one.id, name=one.file_name, when=language.moment(one.created_at), who=one.created_by or _("command line"),
        rows=language.number(one.sheet_rows), status=import_status_name(one.status),
        is_open=one.status in {ImportStatus.UPLOADED, ImportStatus.FAILED},
    )  # fmt: skip


def field_choices() -> list[SelectChoice]:
    """What a column can be, by what it is about."""
    nothing = SelectChoice("", _("Not taken over"), optgroup=_("Leave out"))
    fields = [SelectChoice(rule.field.value, field_name(rule.field), optgroup=area_name(rule.area)) for rule in RULES]
    return [nothing, *fields]


def class_choices(known: Mapping[str, str]) -> list[tuple[str, str]]:
    """The kind of membership where the sheet does not say it."""
    return [("", _("The sheet says it")), *((code, class_name(code)) for code in sorted(set(known.values())))]


def columns_page(
    found: ImportView, sheet: Sheet, form: ColumnsForm, kept: Sequence[MappingView], messages: Sequence[str]
) -> ColumnsPage:
    """Every column with the first cells that hold something."""
    rows = tuple(
        ColumnRow(field=f"{PREFIX}{place}", label=name or _("Column %(number)s, without a header", number=place + 1),
                  samples=sheet.samples(place))
        for place, name in enumerate(sheet.header)
    )  # fmt: skip
    chosen = sum(bool(form[row.field].data) for row in rows)
    answer = _("%(chosen)s of %(all)s columns are recognised. Change what is not right.", chosen=chosen, all=len(rows))
    return ColumnsPage(
        title=_("Columns of %(name)s", name=found.file_name), answer=answer, rows=rows,
        kept=tuple((one.id, one.name) for one in kept), messages=tuple(messages),
    )  # fmt: skip


def column_messages(problems: Sequence[Problem], others: Sequence[str]) -> list[str]:
    """What is wrong with the choice as a whole, with the name of the field it is about."""
    told = []
    for problem in problems:
        field = str(problem.details.get("field") or "")
        text = problem_text(problem)
        told.append(f"{field_name(field)}: {text}" if field else text)
    return told or list(others)


# the preview


def preview_page(
    found: ImportView, sheet: Sheet, plan: Plan, messages: Sequence[str], *, doubtful_as_new: bool, today: date
) -> PreviewPage:
    """What would be done, with everything that is wrong, and every difference."""
    told = list(_problem_rows(plan, sheet))
    changed = [row for row in plan.rows if row.outcome is RowOutcome.CHANGED]
    new = [row for row in plan.rows if row.outcome is RowOutcome.NEW]
    return PreviewPage(
        title=_("Preview of %(name)s", name=found.file_name),
        answer=_answer(plan),
        problems=tuple(told[:MOST_PROBLEMS]),
        more_problems=_more(len(told) - MOST_PROBLEMS),
        changed=tuple(_changed_row(row) for row in changed[:MOST_DIFFERENCES]),
        more_changed=_more(len(changed) - MOST_DIFFERENCES),
        new=tuple(_new_row(row, today) for row in new[:MOST_NEW]),
        more_new=_more(len(new) - MOST_NEW),
        messages=tuple(messages),
        left_out=plan.left_out,
        doubtful=plan.counts.get(RowOutcome.DOUBTFUL, 0) > 0,
        doubtful_as_new=doubtful_as_new,
        can_run=plan.at_work > 0,
    )  # fmt: skip


def _answer(plan: Plan) -> str:
    if not plan.at_work and not plan.left_out:
        return _("Everything in this sheet is in the register already.")
    parts = {
        "new": language.number(plan.counts.get(RowOutcome.NEW, 0)),
        "changed": language.number(plan.counts.get(RowOutcome.CHANGED, 0)),
        "same": language.number(plan.counts.get(RowOutcome.SAME, 0)),
    }
    if not plan.left_out:
        return _("%(new)s new, %(changed)s changed, %(same)s the same, no problems.", **parts)
    return ngettext(
        "%(new)s new, %(changed)s changed, %(same)s the same, %(count)s row with a problem.",
        "%(new)s new, %(changed)s changed, %(same)s the same, %(count)s rows with a problem.",
        plan.left_out, **parts,
    )  # fmt: skip


def _more(count: int) -> str:
    return ngettext("And %(count)s more.", "And %(count)s more.", count) if count > 0 else ""


def _problem_rows(plan: Plan, sheet: Sheet) -> Iterator[ProblemRow]:
    """Everything about the rows, what stops them first."""
    found = [(one.is_warning, row.row, one) for row in plan.rows for one in row.problems]
    found.sort(key=lambda told: told[:2])
    for is_warning, row, one in found:
        yield ProblemRow(
            row=str(row), column=_column(one, sheet), value=one.value, what=_what(one), stops=not is_warning
        )


def _column(one: RowProblem, sheet: Sheet) -> str:
    return sheet.header[one.column] if one.column is not None and one.column < len(sheet.header) else ""


def _what(one: RowProblem) -> str:
    details = dict(one.details)
    if "paid" in details:
        details["paid"] = language.day(read_day(str(details["paid"])))
    return sentence(one.reason, details)


def problem_table(plan: Plan, sheet: Sheet) -> Table:
    """Everything about the rows as a file."""
    rows = tuple(
        (int(one.row), one.column, one.value, one.what, _("stops") if one.stops else _("to know"))
        for one in _problem_rows(plan, sheet)
    )
    return Table(
        name="problems",
        caption=_("What to look at"),
        columns=(
            Column(label=_("Row"), kind=Kind.YEAR),
            Column(label=_("Column")),
            Column(label=_("Value")),
            Column(label=_("What to do")),
            Column(label=_("Weight")),
        ),
        rows=rows,
    )


def _changed_row(row: PlannedRow) -> ChangedRow:
    name = row.read.facts.name
    return ChangedRow(
        row=str(row.row), name=name, changes=tuple(_change(one) for one in row.differences)
    )  # fmt: skip


def _change(one: Difference) -> tuple[str, str, str]:
    """What, now, then."""
    kind, _dot, event = one.what.partition(".")
    if kind == "event":
        return event_name(EventKind(event)), _event(one.now), _event(one.then)
    label = fact_name(one.what)
    if one.what == "birth_date":
        return label, _day(one.now), _day(one.then)
    return label, one.now or _("unknown"), one.then or _("unknown")


def _day(told: str | None) -> str:
    return language.day(read_day(told)) if told else _("unknown")


def _event(told: str | None) -> str:
    """A day, with the kind of membership or the reason where there is one."""
    if not told:
        return "–"
    day, *others = told.split(" ")
    return ", ".join([language.day(read_day(day)), *(_named(code) for code in others)])


def _named(code: str) -> str:
    try:
        return end_reason_name(code)
    except KeyError:
        return class_name(code)


def _new_row(row: PlannedRow, today: date) -> tuple[str, str, str, str]:
    gets_next = row.number is None and row.membership_id is None and row.wants_number(today)
    number = _("next") if gets_next else "–" if row.number is None else str(row.number)
    days = ", ".join(f"{event_name(one.kind)} {language.day(one.on)}" for one in row.add)
    return str(row.row), number, row.read.facts.name, days


# the result


def result_page(found: ImportView, job: JobView | None) -> ResultPage:
    """How it stands, in a sentence, and the numbers."""
    at_work = found.status in {ImportStatus.RUNNING, ImportStatus.UNDOING}
    done, total = (job.done, job.total or 0) if job is not None else (0, 0)
    return ResultPage(
        title=found.file_name,
        answer=_result(found),
        facts=tuple(_result_facts(found)),
        problem=job_problem(job.problem) if job is not None else "",
        done=done,
        total=total,
        progress=_("%(done)s of %(total)s", done=language.number(done), total=language.number(total)) if total else "",
        at_work=at_work,
        can_undo=found.status is ImportStatus.DONE,
    )


def _result(found: ImportView) -> str:
    match found.status:
        case ImportStatus.DONE:
            count = found.counts[RowOutcome.NEW] + found.counts[RowOutcome.CHANGED]
            return ngettext(
                "%(count)s row of this sheet was taken over.", "%(count)s rows of this sheet were taken over.", count
            )
        case ImportStatus.UNDONE:
            return _("This import was undone. The register is what it was before.")
        case ImportStatus.RUNNING:
            return _("The sheet is being taken over.")
        case ImportStatus.UNDOING:
            return _("The import is being undone.")
        case _:
            return _("Nothing of this sheet is in the register.")


def _result_facts(found: ImportView) -> Iterator[tuple[str, str]]:
    yield _("Put in"), f"{language.moment(found.created_at)}, {found.created_by or _('command line')}"
    yield _("Rows in the sheet"), language.number(found.sheet_rows)
    if found.recorded_at is not None:
        yield _("Taken over"), language.moment(found.recorded_at)
        for outcome, count in found.counts.items():
            yield outcome_name(outcome).capitalize(), language.number(count)
        yield _("Left out"), language.number(found.left_out)
    if found.undone_at is not None:
        yield _("Undone"), language.moment(found.undone_at)
    yield _("Fingerprint of the file"), found.digest


def undo_page(found: ImportView, blockers: Iterable[Blocker], messages: Sequence[str]) -> UndoPage:
    """What undoing means, or which rows stand in the way."""
    rows = tuple(
        (str(one.sheet_row), "–" if one.number is None else str(one.number), one.name or _("unknown"),
         later_name(one.what))
        for one in blockers
    )  # fmt: skip
    count = found.counts[RowOutcome.NEW] + found.counts[RowOutcome.CHANGED]
    can = found.status is ImportStatus.DONE and not rows
    if rows:
        answer = _("This import cannot be undone: something was built upon it.")
    elif can:
        answer = ngettext(
            "Undoing takes %(count)s row out of the register again.",
            "Undoing takes %(count)s rows out of the register again.",
            count,
        )
    else:
        answer = _("This sheet is not in the register, so there is nothing to undo.")
    return UndoPage(title=_("Undo the import"), answer=answer, blockers=rows, messages=tuple(messages), can_undo=can)
