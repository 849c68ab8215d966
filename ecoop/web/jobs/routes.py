"""What is done in the background: for a board its own, for an administrator the counts and what failed."""

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from ecoop.db import Scope
from ecoop.governance.roles import Permission
from ecoop.language import gettext as _
from ecoop.services import jobs
from ecoop.services.letters import count_letters
from ecoop.web.access import actor, allow, db, now, place
from ecoop.web.flow import go_to, tell, trying
from ecoop.web.forms import PlainForm
from ecoop.web.jobs import pages
from ecoop.web.platform import platform

bp = Blueprint("jobs", __name__)


@bp.get("/cooperatives/<slug:cooperative>/background/")
@allow(Permission.SEE_JOBS)
def show(cooperative: str) -> str:
    """The jobs of this cooperative, newest first."""
    page = pages.jobs_page(jobs.read_jobs(db(), cooperative_id=place().id))
    return render_template("jobs/show.html", page=page, place=place(), form=PlainForm())


@bp.post("/cooperatives/<slug:cooperative>/background/<int:job_id>/cancel")
@allow(Permission.SEE_JOBS)
def cancel(cooperative: str, job_id: int) -> Response:
    """Ask a job to stop."""
    with trying() as trial:
        jobs.ask_cancel(db(), actor(), cooperative_id=place().id, job_id=job_id, now=now())
        tell(_("The work stops. What was done by then stays."))
    for message in trial.messages:
        tell(message, "danger")
    return go_to("jobs.show", cooperative=cooperative)


@bp.get("/installation/background")
@allow(Permission.RUN_INSTALLATION)
def overview() -> str:
    """How much is waiting and what failed on this installation: numbers and codes, nothing of what it is about."""
    with platform().database.work(Scope(carries=True)) as carrying:
        page = pages.overview_page(
            jobs.count_jobs(carrying), count_letters(carrying), failures=jobs.read_failures(carrying)
        )
    return render_template("jobs/overview.html", page=page)
