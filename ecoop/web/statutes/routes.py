"""The statutes: the rules in force in plain words, every version, and recording a new one."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from ecoop.governance.roles import Permission
from ecoop.language import gettext as _
from ecoop.services import papers, statutes
from ecoop.services.papers import PaperView
from ecoop.web.access import actor, allow, day, db, now, place
from ecoop.web.flow import go_to, tell, trying
from ecoop.web.statutes import pages
from ecoop.web.statutes.forms import CLAUSED, StatutesForm, filled

bp = Blueprint("statutes", __name__, url_prefix="/cooperatives/<slug:cooperative>/statutes")

Answer = str | tuple[str, int] | AnyResponse


@bp.get("/")
@allow(Permission.SEE_REGISTER)
def show(cooperative: str) -> str:
    """The rules in force, and every version."""
    present = statutes.read_statutes(db(), cooperative_id=place().id, day=day())
    versions = statutes.read_versions(db(), cooperative_id=place().id)
    titles = {one.id: one.title for one in _papers()}
    page = pages.statutes_page(present, versions, titles, actor(), today=day())
    return render_template("statutes/show.html", page=page, place=place())


def _papers() -> tuple[PaperView, ...]:
    return papers.read_papers(db(), actor(), cooperative_id=place().id, day=day())


@bp.route("/record", methods=["GET", "POST"])
@allow(Permission.KEEP_REGISTER)
def record(cooperative: str) -> Answer:
    """Record a version of the statutes, beginning from the one in force."""
    present = statutes.read_statutes(db(), cooperative_id=place().id, day=day())
    form = StatutesForm(**({} if request.method == "POST" else filled(present.statutes if present else None)))
    form.choose_from(_papers())
    messages: list[str] = []
    if form.validate_on_submit():
        with trying(form) as trial:
            _keep(form)
            tell(_("The statutes are recorded."))
        if not trial.refused:
            return go_to("statutes.show", cooperative=cooperative)
        messages = trial.messages
    status = 400 if form.is_submitted() else 200
    page = pages.record_page(CLAUSED, messages)
    return render_template("statutes/record.html", page=page, form=form, place=place()), status


def _keep(form: StatutesForm) -> None:
    statutes.record_statutes(
        db(), actor(), cooperative_id=place().id, statutes=form.read(),
        paper_id=int(form.paper_id.data) if form.paper_id.data else None, why=form.why.data, now=now(),
    )  # fmt: skip
