"""The page that leads to everything with which a cooperative runs itself."""

from flask import Blueprint, render_template

from ecoop.governance.roles import Permission
from ecoop.web.access import allow, place
from ecoop.web.organisation import pages

bp = Blueprint("organisation", __name__, url_prefix="/cooperatives/<slug:cooperative>/organisation")


@bp.get("/")
@allow(Permission.SEE_COOPERATIVE)
def show(cooperative: str) -> str:
    """What there is for who looks."""
    return render_template("organisation/show.html", page=pages.organisation_page(place()))
