"""Taking an existing member sheet over: put in, choose columns, look at what would change, take over, undo."""

from flask import Blueprint, Response, abort, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from ecoop.errors import InvalidInput, NotFound
from ecoop.exchange import example_sheet
from ecoop.exchange.sheets import read_sheet
from ecoop.exchange.tables import WRITERS
from ecoop.governance.register_import import ImportReason
from ecoop.governance.register_sheet import Sheet, apply_names, guess
from ecoop.governance.roles import Permission
from ecoop.language import gettext as _
from ecoop.language.reasons import problem_text
from ecoop.services import importing, jobs
from ecoop.services.access_log import AccessKind
from ecoop.services.importing import ColumnChoice, ImportView, Plan
from ecoop.vault import NotKept, Vault
from ecoop.web.access import actor, allow, asked, day, db, note_reading, now, place
from ecoop.web.flow import go_to, tell, trying
from ecoop.web.forms import PlainForm
from ecoop.web.imports import pages
from ecoop.web.imports.forms import ColumnsForm, SheetForm, TakeOverForm, chosen_columns, columns_form
from ecoop.web.platform import platform
from ecoop.web.uploads import as_download, largest_file, takes_papers

bp = Blueprint("imports", __name__, url_prefix="/cooperatives/<slug:cooperative>/imports")

Answer = str | tuple[str, int] | AnyResponse
XLSX = WRITERS["xlsx"][1]


def vault() -> Vault:
    """Where the files lie."""
    return Vault(platform().settings.papers_folder)


def _found(import_id: int) -> ImportView:
    return importing.read_import(db(), actor(), cooperative_id=place().id, import_id=import_id)


def _sheet(found: ImportView) -> Sheet:
    """The sheet as it was put in; where it is damaged the page says so as for any file."""
    content = vault().read(found.digest)
    return read_sheet(content, limit_bytes=len(content))


def _note(import_id: int) -> None:
    """Note that somebody sees what is in a sheet. A form that comes back shows what was noted when it was asked for."""
    if request.method == "GET":
        note_reading(AccessKind.REGISTER, subject=f"sheet_import:{import_id}")


@bp.get("/")
@allow(Permission.KEEP_REGISTER)
def show(cooperative: str) -> str:
    """Every sheet that was put in, and how to begin."""
    return _list(SheetForm(formdata=None))


def _list(form: SheetForm) -> str:
    found = importing.read_imports(db(), actor(), cooperative_id=place().id)
    page = pages.list_page(found, limit=platform().settings.paper_limit_bytes // (1024 * 1024))
    return render_template("imports/list.html", page=page, form=form, place=place())


@bp.post("/put-in")
@allow(Permission.KEEP_REGISTER)
@takes_papers
def put_in(cooperative: str) -> Answer:
    """Keep a sheet and propose what its columns are."""
    form = SheetForm()
    if form.validate_on_submit():
        with trying(form) as trial:
            import_id = _keep(form)
        if not trial.refused:
            return go_to("imports.columns", cooperative=cooperative, import_id=import_id)
    return _list(form), 400


def _keep(form: SheetForm) -> int:
    content = form.file.data.read()
    sheet = read_sheet(content, limit_bytes=largest_file() * 1024 * 1024)
    return importing.keep_sheet(
        db(), vault(), actor(), cooperative_id=place().id, content=content, file_name=form.file.data.filename or "",
        sheet=sheet, choice=ColumnChoice(columns=guess(sheet.header, sheet.rows[:200])), now=now(),
    )  # fmt: skip


@bp.get("/example.xlsx")
@allow(Permission.KEEP_REGISTER)
def example(cooperative: str) -> Response:
    """A sheet with every field, an example in each, and what they mean."""
    return as_download(example_sheet.as_xlsx(), media_type=XLSX, name=_("members-example.xlsx"))


@bp.route("/<int:import_id>/columns", methods=["GET", "POST"])
@allow(Permission.KEEP_REGISTER)
def columns(cooperative: str, import_id: int) -> Answer:
    """Say what each column is, with examples beside it."""
    found = _found(import_id)
    if found.status not in importing.OPEN:
        return go_to("imports.look", cooperative=cooperative, import_id=import_id)
    sheet, kept = _sheet(found), importing.read_mappings(db(), actor(), cooperative_id=place().id)
    form = columns_form(sheet.header, _proposed(found, sheet, kept), pages.field_choices())
    form.class_code.choices = pages.class_choices(importing.known_classes(db(), place().id, day()))
    messages: list[str] = []
    if form.validate_on_submit():
        messages, done = _choose(form, import_id, sheet)
        if done:
            return go_to("imports.look", cooperative=cooperative, import_id=import_id)
    _note(import_id)
    page = pages.columns_page(found, sheet, form, kept, messages)
    status = 400 if form.is_submitted() else 200
    return render_template("imports/columns.html", page=page, form=form, place=place(), number=import_id), status


def _proposed(found: ImportView, sheet: Sheet, kept: tuple[importing.MappingView, ...]) -> ColumnChoice:
    """What was chosen before, or what a choice under a name says of these columns."""
    named = next((one for one in kept if str(one.id) == asked().get("mapping")), None)
    if named is None:
        return found.choice
    known = {name: code for name, code in named.columns.items() if name in sheet.header}
    chosen, _wrong = apply_names(sheet.header, known, guess(sheet.header, sheet.rows[:200]))
    return ColumnChoice(columns=chosen, class_code=named.class_code)


def _choose(form: ColumnsForm, import_id: int, sheet: Sheet) -> tuple[list[str], bool]:
    choice = chosen_columns(form, sheet.header)
    with trying(form) as trial:
        importing.choose_columns(db(), actor(), cooperative_id=place().id, import_id=import_id, choice=choice)
        if form.name.data:
            importing.save_mapping(
                db(), actor(), cooperative_id=place().id, name=form.name.data, header=sheet.header, choice=choice,
                now=now(),
            )  # fmt: skip
    if trial.refused:
        return pages.column_messages(trial.problems, trial.messages), False
    return [], True


@bp.get("/<int:import_id>/")
@allow(Permission.KEEP_REGISTER)
def look(cooperative: str, import_id: int) -> Answer:
    """How a sheet stands: what it would change, how far it is, or what it changed."""
    found = _found(import_id)
    if found.status not in importing.OPEN:
        job = None
        if found.job_id is not None:
            job = jobs.read_job(db(), cooperative_id=place().id, job_id=found.job_id)
        page = pages.result_page(found, job)
        return render_template("imports/result.html", page=page, form=PlainForm(formdata=None), place=place(),
                               number=import_id)  # fmt: skip
    form = TakeOverForm(formdata=None, doubtful_as_new=asked().get("doubtful") == "new")
    return _preview(found, form)


def _preview(found: ImportView, form: TakeOverForm, messages: tuple[str, ...] = ()) -> Answer:
    sheet = _sheet(found)
    try:
        importing.require_sound(found.choice)
    except InvalidInput as invalid:
        for problem in invalid.problems:
            tell(problem_text(problem), "warning")
        return go_to("imports.columns", cooperative=place().slug, import_id=found.id)
    plan = _plan(found, sheet, doubtful_as_new=bool(form.doubtful_as_new.data))
    _note(found.id)
    form.digest.data = plan.digest
    page = pages.preview_page(
        found, sheet, plan, messages, doubtful_as_new=bool(form.doubtful_as_new.data), today=day()
    )
    return render_template("imports/preview.html", page=page, form=form, place=place(), number=found.id)


def _plan(found: ImportView, sheet: Sheet, *, doubtful_as_new: bool) -> Plan:
    return importing.plan_import(
        db(), actor(), cooperative_id=place().id, sheet=sheet, choice=found.choice, doubtful_as_new=doubtful_as_new,
        now=now(),
    )  # fmt: skip


@bp.get("/<int:import_id>/problems.<string:kind>")
@allow(Permission.KEEP_REGISTER)
def problems(cooperative: str, import_id: int, kind: str) -> Response:
    """Everything that is told about the rows, as a file to correct the sheet by."""
    found = _found(import_id)
    if kind not in WRITERS or found.status not in importing.OPEN:
        abort(404)
    sheet = _sheet(found)
    plan = _plan(found, sheet, doubtful_as_new=asked().get("doubtful") == "new")
    note_reading(AccessKind.REGISTER, subject=f"sheet_import:{import_id}")
    writer, media_type = WRITERS[kind]
    return as_download(writer(pages.problem_table(plan, sheet)), media_type=media_type, name=f"problems.{kind}")


@bp.post("/<int:import_id>/take-over")
@allow(Permission.KEEP_REGISTER)
def take_over(cooperative: str, import_id: int) -> Answer:
    """Have it taken over in the background, as the preview showed."""
    found, form = _found(import_id), TakeOverForm()
    if found.status not in importing.OPEN:
        return go_to("imports.look", cooperative=cooperative, import_id=import_id)
    plan = _plan(found, _sheet(found), doubtful_as_new=bool(form.doubtful_as_new.data))
    messages = [] if plan.digest == form.digest.data else [pages.refusal(ImportReason.PREVIEW_OLD)]
    if form.validate_on_submit() and not messages:
        with trying(form) as trial:
            importing.confirm(
                db(), actor(), cooperative_id=place().id, import_id=import_id, plan=plan,
                good_rows_only=form.good_rows_only.data, doubtful_as_new=form.doubtful_as_new.data, now=now(),
            )  # fmt: skip
            tell(_("The sheet is being taken over. You can leave this page: it goes on."))
        if not trial.refused:
            return go_to("imports.look", cooperative=cooperative, import_id=import_id)
        messages += trial.messages
    answer = _preview(found, form, tuple(messages))
    return (answer, 400) if isinstance(answer, str) else answer


@bp.post("/<int:import_id>/discard")
@allow(Permission.KEEP_REGISTER)
def discard(cooperative: str, import_id: int) -> AnyResponse:
    """Put a sheet aside."""
    with trying() as trial:
        importing.discard(db(), actor(), cooperative_id=place().id, import_id=import_id, now=now())
        tell(_("The sheet was put aside. Nothing of it is in the register."))
    for message in trial.messages:
        tell(message, "danger")
    return go_to("imports.show", cooperative=cooperative)


@bp.route("/<int:import_id>/undo", methods=["GET", "POST"])
@allow(Permission.KEEP_REGISTER)
def ask_undo(cooperative: str, import_id: int) -> Answer:
    """Undo an import as a whole: what would happen, or what stands in the way."""
    found, form = _found(import_id), PlainForm()
    messages: list[str] = []
    if form.validate_on_submit():
        with trying(form) as trial:
            importing.ask_undo(db(), actor(), cooperative_id=place().id, import_id=import_id, now=now())
            tell(_("The import is being undone. You can leave this page: it goes on."))
        if not trial.refused:
            return go_to("imports.look", cooperative=cooperative, import_id=import_id)
        messages = trial.messages
    blockers = importing.read_blockers(db(), actor(), cooperative_id=place().id, import_id=import_id)
    page = pages.undo_page(found, blockers, messages)
    status = 400 if request.method == "POST" else 200
    return render_template("imports/undo.html", page=page, form=form, place=place(), number=import_id), status


@bp.get("/<int:import_id>/file")
@allow(Permission.KEEP_REGISTER)
def download(cooperative: str, import_id: int) -> Response:
    """The file as it was put in. It is full of personal data, so who fetches it is noted."""
    found = _found(import_id)
    note_reading(AccessKind.REGISTER, subject=f"sheet_import:{import_id}")
    try:
        content = vault().read(found.digest)
    except NotKept as error:
        raise NotFound from error
    return as_download(content, media_type="application/octet-stream", name=found.file_name)
