"""The umbrella and its member cooperatives."""

from flask import Blueprint, render_template

from ecoop.governance.roles import Permission
from ecoop.services.cooperatives import read_umbrella_members
from ecoop.web.access import allow, day, db, place
from ecoop.web.umbrella import pages

bp = Blueprint("umbrella", __name__, url_prefix="/umbrellas/<slug:umbrella>")


@bp.get("/")
@allow(Permission.SEE_UMBRELLA)
def show(umbrella: str) -> str:
    """The member cooperatives of the umbrella."""
    members = read_umbrella_members(db(), umbrella_id=place().id, day=day())
    return render_template("umbrella/show.html", page=pages.umbrella_page(place(), members))
