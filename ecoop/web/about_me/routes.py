"""Who can see what of me, who looked: for everybody inside."""

from flask import Blueprint, render_template

from ecoop.governance.roles import Permission
from ecoop.services import access_log, browser_sessions, letters, roles, second_factors
from ecoop.web.about_me import pages
from ecoop.web.access import account, allow, day, db, now, place

bp = Blueprint("about_me", __name__, url_prefix="/cooperatives/<slug:cooperative>/about-me")


@bp.get("/")
@allow(Permission.SEE_COOPERATIVE)
def show(cooperative: str) -> str:
    """What is kept about me here, who may see it, and who looked."""
    mine = account().id
    page = pages.about_me_page(
        place(),
        account(),
        holders=roles.read_holders(db(), cooperative_id=place().id, day=day()),
        state=second_factors.read_state(db(), mine),
        letters=letters.count_letters_to(db(), account_id=mine),
        sessions=len(browser_sessions.read_sessions(db(), mine, now=now())),
        looked=access_log.read_looks_at(
            db(),
            cooperative_id=place().id,
            account_id=mine,
            since=roles.read_first_day(db(), cooperative_id=place().id, account_id=mine),
        ),
        day=day(),
    )
    return render_template("about_me/show.html", page=page, place=place())
