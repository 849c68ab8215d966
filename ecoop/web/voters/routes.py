"""Who may vote on a day and why, frozen rolls of voters, and what a look at the register finds."""

from datetime import date

from flask import Blueprint, Response, abort, render_template
from werkzeug.wrappers import Response as AnyResponse

from ecoop.exchange.tables import WRITERS
from ecoop.governance.roles import Permission
from ecoop.language import gettext as _
from ecoop.services import register_check, voters
from ecoop.services.access_log import AccessKind
from ecoop.services.voters import RollView
from ecoop.web.access import actor, allow, asked, day, db, note_reading, now, place
from ecoop.web.flow import go_to, tell, trying
from ecoop.web.voters import pages
from ecoop.web.voters.forms import FreezeForm, RollForm
from ecoop.web.voters.pages import RollQuestion

bp = Blueprint("voters", __name__, url_prefix="/cooperatives/<slug:cooperative>/voters")

Answer = str | tuple[str, int] | AnyResponse


@bp.get("/")
@allow(Permission.SEE_REGISTER)
def show(cooperative: str) -> str:
    """Who may vote on a day, with how many votes and why; who not, and why."""
    found, form = _asked_roll()
    page = pages.roll_page(found, _question(form), actor(), today=day(), frozen=None)
    frozen = voters.read_frozen_rolls(db(), actor(), cooperative_id=place().id)
    return render_template(
        "voters/show.html", page=page, form=form, kept=_kept(form), place=place(), on=found.roll.on.isoformat(),
        frozen=[pages.frozen_row(one) for one in frozen],
    )  # fmt: skip


def _asked_day() -> date:
    form = RollForm(formdata=asked())
    form.reason.choices = []
    return (form.on.data if form.on.validate(form) else None) or day()


def _asked_roll() -> tuple[RollView, RollForm]:
    form = RollForm(formdata=asked())
    found = voters.read_vote_roll(db(), actor(), cooperative_id=place().id, day=_asked_day())
    form.reason.choices = pages.reason_choices(found)
    form.validate()
    form.on.data = form.on.data or found.roll.on
    return found, form


def _question(form: RollForm) -> RollQuestion:
    """What was asked; a field that cannot be read asks for nothing."""
    return RollQuestion(
        text="" if form.text.errors else form.text.data or "",
        reason="" if form.reason.errors else form.reason.data or "",
        page=form.page.data if isinstance(form.page.data, int) and 0 < form.page.data < 10**6 else 1,
    )


def _kept(form: RollForm) -> dict[str, str]:
    return {name: value for name, value in asked().items() if name in form and name != "page" and value}


@bp.get("/download.<string:kind>")
@allow(Permission.SEE_REGISTER)
def download(cooperative: str, kind: str) -> Response:
    """The lines that were asked for as a file; that it left is noted."""
    if kind not in WRITERS:
        abort(404)
    found, form = _asked_roll()
    note_reading(AccessKind.REGISTER, subject=f"voters:{found.roll.on.isoformat()}")
    return _file(found, _question(form), kind)


def _file(found: RollView, question: RollQuestion, kind: str) -> Response:
    write, mimetype = WRITERS[kind]
    answer = Response(write(pages.roll_table(found, question)), mimetype=mimetype)
    answer.headers.set("Content-Disposition", "attachment", filename=f"voters-{found.roll.on.isoformat()}.{kind}")
    return answer


@bp.route("/freeze", methods=["GET", "POST"])
@allow(Permission.KEEP_REGISTER)
def freeze(cooperative: str) -> Answer:
    """Keep the roll of a day for ever, once the consequence was read."""
    form = FreezeForm(on=_asked_day())
    messages: list[str] = []
    if form.validate_on_submit():
        with trying(form) as trial:
            roll_id = voters.freeze_vote_roll(
                db(), actor(), cooperative_id=place().id, day=form.on.data, purpose=form.purpose.data, now=now()
            )
            tell(_("The roll is frozen."))
        if not trial.refused:
            return go_to("voters.roll", cooperative=cooperative, roll_id=roll_id)
        messages = trial.messages
    on = form.on.data if form.on.data and not form.on.errors else day()
    found = voters.read_vote_roll(db(), actor(), cooperative_id=place().id, day=on)
    page = pages.freeze_page(found, messages)
    status = 400 if form.is_submitted() else 200
    return render_template("voters/freeze.html", page=page, form=form, place=place()), status


@bp.get("/rolls/<int:roll_id>")
@allow(Permission.SEE_REGISTER)
def roll(cooperative: str, roll_id: int) -> str:
    """A frozen roll, as it was known when it was frozen."""
    header, found = voters.read_frozen(db(), actor(), cooperative_id=place().id, roll_id=roll_id)
    form = RollForm(formdata=asked())
    form.reason.choices = pages.reason_choices(found)
    form.validate()
    page = pages.roll_page(found, _question(form), actor(), today=day(), frozen=header)
    return render_template(
        "voters/roll.html", page=page, form=form, kept=_kept(form), place=place(), frozen=pages.frozen_row(header)
    )


@bp.get("/rolls/<int:roll_id>/download.<string:kind>")
@allow(Permission.SEE_REGISTER)
def download_roll(cooperative: str, roll_id: int, kind: str) -> Response:
    """A frozen roll as a file; that it left is noted."""
    if kind not in WRITERS:
        abort(404)
    _header, found = voters.read_frozen(db(), actor(), cooperative_id=place().id, roll_id=roll_id)
    note_reading(AccessKind.REGISTER, subject=f"vote_roll:{roll_id}")
    return _file(found, RollQuestion(), kind)


@bp.get("/check")
@allow(Permission.SEE_REGISTER)
def check(cooperative: str) -> str:
    """What contradicts itself, the statutes, or the roles on the platform."""
    found = register_check.check_register(db(), actor(), cooperative_id=place().id, day=day())
    return render_template("voters/check.html", page=pages.check_page(found, cooperative=cooperative), place=place())
