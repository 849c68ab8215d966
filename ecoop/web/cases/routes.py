"""The business case on screen, and as files."""

import orjson
from flask import Blueprint, Response, abort, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from ecoop.errors import Problem
from ecoop.exchange.tables import WRITERS
from ecoop.finance import as_document
from ecoop.governance.roles import Permission
from ecoop.language import gettext as _
from ecoop.services.case_files import decode
from ecoop.services.cases import has_case, import_case, read_current_case
from ecoop.services.figures import read_figures
from ecoop.web.access import actor, allow, db, now, place
from ecoop.web.case_words import household_references
from ecoop.web.cases import pages, tables
from ecoop.web.cases.forms import ReplaceForm
from ecoop.web.flow import go_to, tell, trying
from ecoop.web.security import allow_charts

bp = Blueprint("cases", __name__, url_prefix="/cooperatives/<slug:cooperative>/case")

Answer = str | tuple[str, int] | AnyResponse


@bp.get("/")
@allow(Permission.SEE_CASE)
def show(cooperative: str) -> str:
    """The business case."""
    if not has_case(db(), cooperative_id=place().id):
        return render_template("cases/empty.html", page=pages.no_case_page(place()), place=place())
    case = read_current_case(db(), cooperative_id=place().id)
    allow_charts()
    stated = read_figures(db(), cooperative_id=place().id)
    page = pages.case_page(place(), case, stated, request.args.get("year"))
    return render_template("cases/show.html", page=page, place=place())


@bp.get("/tables/<slug:name>.<slug:kind>")
@allow(Permission.SEE_CASE)
def download(cooperative: str, name: str, kind: str) -> Response:
    """One table of the page as a file."""
    if kind not in WRITERS:
        abort(404)
    case = read_current_case(db(), cooperative_id=place().id)
    year = pages.chosen_year(case.result, request.args.get("year"))
    found = tables.all_tables(case, case.result.position(year), household_references())
    if name not in found:
        abort(404)
    writer, media_type = WRITERS[kind]
    return _file(writer(found[name]), media_type, f"{place().slug}-{name}.{kind}")


@bp.get("/result.json")
@allow(Permission.SEE_CASE)
def download_document(cooperative: str) -> Response:
    """The whole result at full precision, as the command line gives it."""
    case = read_current_case(db(), cooperative_id=place().id)
    body = orjson.dumps(as_document(case.result), option=orjson.OPT_INDENT_2)
    return _file(body, "application/json", f"{place().slug}-case.json")


def _file(body: bytes, media_type: str, name: str) -> Response:
    return Response(body, mimetype=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@bp.route("/replace", methods=["GET", "POST"])
@allow(Permission.REPLACE_CASE)
def replace(cooperative: str) -> Answer:
    """Replace the case by a file; what is wrong with it is told all at once, and then nothing is stored."""
    form = ReplaceForm()
    problems: tuple[Problem, ...] = ()
    if form.validate_on_submit():
        with trying() as trial:
            text = decode(form.file.data.read())
            import_case(db(), actor(), cooperative_id=place().id, text=text, now=now())
        if not trial.refused:
            tell(_("The new business case is in use. The one before stays in the records."))
            return go_to("cases.show", cooperative=cooperative)
        problems = trial.problems
    status = 400 if form.is_submitted() else 200
    page = pages.replace_page(problems)
    return render_template("cases/replace.html", page=page, form=form, place=place()), status
