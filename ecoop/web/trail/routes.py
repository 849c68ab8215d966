"""The audit trail: reading it, checking it, taking it along, and erasing a reason that names a person."""

from flask import Blueprint, Response, render_template
from werkzeug.wrappers import Response as AnyResponse

from ecoop.governance.audit import is_digest
from ecoop.governance.roles import Permission
from ecoop.language import gettext as _
from ecoop.services import access_log, audit_reading
from ecoop.services.audit_reading import Trail, TrailFilter
from ecoop.web.access import actor, allow, asked, day, db, now, place
from ecoop.web.flow import go_to, tell, trying
from ecoop.web.forms import PlainForm
from ecoop.web.trail import pages
from ecoop.web.trail.forms import TrailForm

bp = Blueprint("trail", __name__, url_prefix="/cooperatives/<slug:cooperative>/trail")


@bp.get("/")
@allow(Permission.SEE_TRAIL)
def show(cooperative: str) -> str:
    """The trail, newest first, with filters."""
    form = TrailForm(formdata=asked())
    known = _read(TrailFilter())
    lists = pages.choices(known)
    form.who.choices, form.what.choices = lists["who"], lists["what"]
    form.validate()
    wanted = form.wanted()
    is_filtered = wanted != TrailFilter()
    page = pages.trail_page(_read(wanted) if is_filtered else known, actor(), is_filtered=is_filtered)
    older = {**{key: value for key, value in asked().items() if key in form}, "before": page.older}
    return render_template("trail/show.html", page=page, form=form, older=older, place=place(), button=PlainForm())


def _read(wanted: TrailFilter) -> Trail:
    return audit_reading.read_trail(db(), actor(), cooperative_id=place().id, wanted=wanted, day=day())


@bp.get("/check")
@allow(Permission.SEE_TRAIL)
def check(cooperative: str) -> str:
    """Look at every entry, and whether a fingerprint from earlier minutes still stands in the trail."""
    given = "".join(asked().get("head", "").split()).lower()
    trouble = _("A fingerprint has 64 characters: digits and the letters a to f.") if given else ""
    head = given if is_digest(given) else None
    verdict = audit_reading.verify_trail(db(), cooperative_id=place().id, known_head=head)
    page = pages.check_page(verdict, asked=given, trouble="" if head else trouble)
    return render_template("trail/check.html", page=page, place=place())


@bp.get("/looked")
@allow(Permission.SEE_TRAIL)
def looked(cooperative: str) -> str:
    """Who looked at what privacy law asks after."""
    rows = access_log.read_accesses(db(), cooperative_id=place().id)
    return render_template("trail/looked.html", page=pages.looks_page(rows), place=place())


@bp.post("/export")
@allow(Permission.SEE_TRAIL)
def export(cooperative: str) -> Response:
    """The whole trail as a file. That it left is recorded, in the file as well."""
    text = audit_reading.export_trail(db(), actor(), cooperative_id=place().id, now=now())
    answer = Response(text, mimetype="application/x-ndjson")
    answer.headers["Content-Disposition"] = f'attachment; filename="{cooperative}-trail.jsonl"'
    return answer


@bp.post("/<int:number>/erase")
@allow(Permission.ERASE_REASONS)
def erase(cooperative: str, number: int) -> AnyResponse:
    """Erase the reason of an entry."""
    with trying() as trial:
        audit_reading.erase_reason(db(), actor(), cooperative_id=place().id, number=number, now=now())
        tell(_("The reason is erased. What was done stays in the trail, and that the reason was erased as well."))
    for message in trial.messages:
        tell(message, "danger")
    return go_to("trail.show", cooperative=cooperative)
