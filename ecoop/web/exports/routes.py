"""What leaves: everything of the cooperative, everything about one person, the hand-over; and who looked."""

from flask import Blueprint, Response, render_template
from werkzeug.wrappers import Response as AnyResponse

from ecoop.errors import NotFound
from ecoop.exchange.bundles import as_zip
from ecoop.exchange.reports import print_report
from ecoop.governance.roles import Permission
from ecoop.language import gettext as _
from ecoop.services import access_log, handover, jobs, person_export, register_export
from ecoop.services.access_log import AccessKind
from ecoop.services.jobs import JobState
from ecoop.services.person_export import PersonExport
from ecoop.web.access import actor, allow, day, db, note_reading, now, place
from ecoop.web.exports import handover_pages, pages
from ecoop.web.flow import go_to, tell
from ecoop.web.forms import PlainForm
from ecoop.web.platform import platform

bp = Blueprint("exports", __name__, url_prefix="/cooperatives/<slug:cooperative>/exports")


@bp.get("/")
@allow(Permission.SEE_CONTACT)
def show(cooperative: str) -> str:
    """What left and who looked; taking everything along, and the hand-over for a new board."""
    may_take = actor().may(Permission.KEEP_PRIVACY)
    page = pages.exports_page(
        register_export.read_exports(db(), actor(), cooperative_id=place().id) if may_take else (),
        register_export.read_departures(db(), cooperative_id=place().id),
        access_log.read_accesses(db(), cooperative_id=place().id, kinds=pages.LOOKED_AT),
        is_there=_is_there,
        may_take=may_take,
    )
    return render_template("exports/show.html", page=page, place=place(), form=PlainForm())


def _is_there(job_id: int) -> bool:
    return register_export.export_file(platform().settings.folder, job_id).is_file()


@bp.post("/ask")
@allow(Permission.KEEP_PRIVACY)
def ask(cooperative: str) -> AnyResponse:
    """Have everything written as files in the background."""
    register_export.ask_export(db(), actor(), cooperative_id=place().id, now=now())
    tell(_("Everything is being written. This page shows when it is ready."))
    return go_to("exports.show", cooperative=cooperative)


@bp.get("/<int:job_id>/download")
@allow(Permission.KEEP_PRIVACY)
def download(cooperative: str, job_id: int) -> AnyResponse:
    """The files as one zip; that they left is noted."""
    asked = jobs.read_job(db(), cooperative_id=place().id, job_id=job_id)
    file = register_export.export_file(platform().settings.folder, job_id)
    if asked.kind != register_export.EXPORT or asked.state is not JobState.DONE or not file.is_file():
        tell(_("These files are not there any more. Have them written again."), "warning")
        return go_to("exports.show", cooperative=cooperative)
    note_reading(AccessKind.EXPORT, subject=f"job:{job_id}")
    return _taken(file.read_bytes(), "application/zip", f"{place().slug}-{day()}.zip")


def _taken(content: bytes, media_type: str, name: str) -> Response:
    """A file that nobody keeps a copy of on the way."""
    answer = Response(content, mimetype=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/people/<int:party_id>")
@allow(Permission.KEEP_PRIVACY)
def person(cooperative: str, party_id: int) -> Response:
    """Everything about one person as a zip."""
    found = person_export.export_person(db(), actor(), cooperative_id=place().id, party_id=party_id, now=now())
    return _bundle(found)


@bp.post("/mine")
@allow(Permission.SEE_OWN_PAGE)
def mine(cooperative: str) -> AnyResponse:
    """Everything about who asks."""
    try:
        party_id = person_export.find_own_party(db(), actor(), cooperative_id=place().id)
    except NotFound:
        tell(_("Your login does not belong to anybody in the register yet. Ask the board to link it."), "warning")
        return go_to("about_me.show", cooperative=cooperative)
    found = person_export.export_person(db(), actor(), cooperative_id=place().id, party_id=party_id, now=now())
    return _bundle(found)


def _bundle(found: PersonExport) -> Response:
    note_reading(AccessKind.EXPORT, subject=f"party:{found.party_id}", about_account_id=found.account_id)
    report = pages.person_report(found, cooperative=place().name, day=day())
    files = pages.person_files(found) | {"overview.pdf": print_report(report)}
    return _taken(as_zip(files), "application/zip", f"{place().slug}-person-{found.party_id}.zip")


@bp.get("/handover")
@allow(Permission.SEE_CONTACT)
def hand_over(cooperative: str) -> str:
    """What a new board takes over."""
    found = handover.read_handover(db(), actor(), cooperative_id=place().id, day=day())
    may_take = actor().may(Permission.KEEP_PRIVACY)
    page = handover_pages.handover_page(found, cooperative=place().name, may_take=may_take)
    return render_template("exports/handover.html", page=page, place=place(), form=PlainForm())


@bp.post("/handover/report")
@allow(Permission.KEEP_PRIVACY)
def hand_over_report(cooperative: str) -> Response:
    """The same on paper; that it was taken along is recorded."""
    found = handover.read_handover(db(), actor(), cooperative_id=place().id, day=day())
    handover.record_handover(db(), actor(), cooperative_id=place().id, now=now())
    page = handover_pages.handover_page(found, cooperative=place().name, may_take=True)
    content = print_report(handover_pages.handover_report(page, cooperative=place().name))
    return _taken(content, "application/pdf", f"{place().slug}-handover-{day()}.pdf")
