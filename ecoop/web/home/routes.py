"""First pages: where somebody lands, the state of affairs, buildings, help."""

from collections.abc import Mapping

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ecoop.db import Scope
from ecoop.governance.roles import Permission
from ecoop.services.building_counts import Counts, read_building_counts
from ecoop.services.buildings import read_buildings
from ecoop.services.cases import has_case, read_current_case
from ecoop.services.cooperatives import CooperativeView, read_cooperatives, read_installation
from ecoop.services.dwelling_views import read_own_dwellings
from ecoop.services.public_page import read_published
from ecoop.services.support import read_support
from ecoop.services.turns import read_turns
from ecoop.web.access import account, actor, allow, day, db, door, now, place, public
from ecoop.web.help_pages import read_help, read_index
from ecoop.web.home import pages
from ecoop.web.home.waiting import read_waiting
from ecoop.web.navigation import place_url
from ecoop.web.platform import platform

bp = Blueprint("home", __name__)


@bp.get("/")
@public
def start() -> str | AnyResponse:
    """Where everybody begins: signed in, the first page of the own place."""
    found = door()
    if found.account is None:
        return render_template("home/welcome.html", page=pages.welcome_page(_published(), demo=platform().is_demo))
    if not found.all_places:
        return redirect(url_for("accounts.show"), 303)
    return redirect(place_url(found.all_places[0]), 303)


def _published() -> tuple[CooperativeView, ...]:
    """The cooperatives that have a public page."""
    known = frozenset(one.id for one in read_cooperatives(db()))
    with platform().database.work(Scope(cooperative_ids=known)) as reading:
        return read_published(reading)


@bp.get("/healthz")
@public
def health() -> Response:
    """Whether the process answers and the database can be read."""
    founded = read_installation(db()) is not None
    return Response("ok\n" if founded else "not founded\n", status=200 if founded else 503, mimetype="text/plain")


@bp.get("/cooperatives/<slug:cooperative>/")
@allow(Permission.SEE_COOPERATIVE)
def overview(cooperative: str) -> str:
    """Stand van zaken: the money, the promise, what waits for an answer."""
    case = read_current_case(db(), cooperative_id=place().id) if _sees_case() else None
    page = pages.overview_page(
        place(),
        case=case,
        buildings=read_buildings(db(), actor()),
        support=read_support(db(), cooperative_id=place().id) if actor().may(Permission.GRANT_SUPPORT) else (),
        waits=read_turns(db(), cooperative_id=place().id, actor=actor()),
        noticed=read_waiting(db(), place(), now=now()),
        now=now(),
    )
    return render_template("home/overview.html", page=page)


def _sees_case() -> bool:
    return actor().may(Permission.SEE_CASE) and has_case(db(), cooperative_id=place().id)


@bp.get("/cooperatives/<slug:cooperative>/for-you")
@allow(Permission.SEE_OWN_PAGE)
def own_page(cooperative: str) -> str:
    """Voor jou: what the promise means for a household like the member's own."""
    case = read_current_case(db(), cooperative_id=place().id) if _sees_case() else None
    mine = read_own_dwellings(db(), cooperative_id=place().id, account_id=account().id, day=day())
    page = pages.own_page(place(), case=case, segment=request.args.get("household"), mine=mine)
    return render_template("home/own_page.html", page=page)


@bp.get("/cooperatives/<slug:cooperative>/buildings")
@allow(Permission.SEE_BUILDINGS)
def buildings(cooperative: str) -> str:
    """All buildings."""
    page = pages.buildings_page(place(), read_buildings(db(), actor()), _counts())
    return render_template("home/buildings.html", page=page)


def _counts() -> Mapping[int, Counts] | None:
    """What is counted over the dwellings of each building, for who may see them."""
    if not actor().may(Permission.SEE_DWELLINGS):
        return None
    return read_building_counts(db(), actor(), cooperative_id=place().id, day=day())


@bp.get("/cooperatives/<slug:cooperative>/my-buildings")
@allow(Permission.SEE_OWN_BUILDINGS)
def own_buildings(cooperative: str) -> str:
    """The buildings of a limited role."""
    page = pages.buildings_page(place(), read_buildings(db(), actor()), _counts(), own=True)
    return render_template("home/buildings.html", page=page)


@bp.get("/help/")
@public
def help_index() -> str:
    """All pages of explanation."""
    return render_template("home/help_index.html", page=read_index())


@bp.get("/help/<slug:name>")
@public
def help_page(name: str) -> str:
    """A page of explanation."""
    found = read_help(name)
    if found is None:
        abort(404)
    return render_template("home/help.html", page=found)
