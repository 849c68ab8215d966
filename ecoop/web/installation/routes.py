"""Running the installation: which cooperatives there are, asking to look in, the outbox."""

from flask import Blueprint, render_template
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from ecoop.db import Scope
from ecoop.governance.roles import Permission
from ecoop.language import gettext as _
from ecoop.services import support
from ecoop.services.cooperatives import CooperativeView, read_cooperatives
from ecoop.services.letters import count_letters, read_letters
from ecoop.web.access import actor, allow, db, now, public
from ecoop.web.flow import go_to, tell, trying
from ecoop.web.installation import pages
from ecoop.web.installation.forms import SupportForm
from ecoop.web.platform import platform

bp = Blueprint("installation", __name__, url_prefix="/installation")

Answer = str | tuple[str, int] | Response


@bp.get("/")
@allow(Permission.RUN_INSTALLATION)
def show() -> str:
    """The cooperatives of this installation by their public names, and one's own requests to look in."""
    page = pages.installation_page(
        read_cooperatives(db()), support.read_support(db()), now=now(), is_demo=platform().is_demo
    )
    return render_template("installation/show.html", page=page)


@bp.route("/support/<slug:wanted>", methods=["GET", "POST"])
@allow(Permission.RUN_INSTALLATION)
def ask_support(wanted: str) -> Answer:
    """Ask the board of a cooperative to look in."""
    cooperative = _find(wanted)
    form = SupportForm(hours=4)
    if form.validate_on_submit():
        with trying(form) as trial:
            support.ask_support(
                db(), actor(), cooperative_id=cooperative.id, reason=form.reason.data, hours=form.hours.data, now=now()
            )
        if not trial.refused:
            tell(_("The board of %(name)s sees your request.", name=cooperative.name))
            return go_to("installation.show")
    status = 400 if form.is_submitted() else 200
    return render_template("installation/ask.html", page=pages.ask_page(cooperative), form=form), status


def _find(slug: str) -> CooperativeView:
    for cooperative in read_cooperatives(db()):
        if cooperative.slug == slug:
            return cooperative
    raise NotFound


@bp.get("/outbox")
@allow(Permission.RUN_INSTALLATION)
def outbox() -> str:
    """How many letters wait: what is in them is for their readers."""
    with platform().database.work(Scope(carries=True)) as carrying:
        counts = count_letters(carrying)
    return render_template("installation/outbox.html", page=pages.outbox_page(counts))


@bp.get("/example-letters")
@public
def example_letters() -> str:
    """The letters of a demo, which are never sent; no other installation has this page."""
    if not platform().is_demo:
        raise NotFound
    with platform().database.work(Scope(carries=True)) as carrying:  # all of it is invented
        found = read_letters(carrying, show_secrets=True)
    return render_template("installation/outbox.html", page=pages.example_letters_page(found))
