"""Figures side by side; adding one, choosing which is used, withdrawing one."""

from datetime import date, timedelta

from flask import Blueprint, Response, abort, render_template
from werkzeug.wrappers import Response as AnyResponse

from ecoop.errors import InvalidInput, Problem
from ecoop.exchange.tables import WRITERS
from ecoop.governance.evidence import Bound
from ecoop.governance.figures import Basis, FigureReason, SourcedFigure, Status, Unit
from ecoop.governance.roles import Permission
from ecoop.language import gettext as _
from ecoop.services import figures
from ecoop.web.access import actor, allow, db, now, place
from ecoop.web.flow import go_to, tell, trying
from ecoop.web.sourced_figures import pages
from ecoop.web.sourced_figures.forms import OTHER, FigureForm, ReasonForm, offer_choices

bp = Blueprint("figures", __name__, url_prefix="/cooperatives/<slug:cooperative>/figures")

Answer = str | tuple[str, int] | AnyResponse


@bp.get("/")
@allow(Permission.SEE_FIGURES)
def show(cooperative: str) -> str:
    """All figures by subject."""
    found = figures.read_side_by_side(db(), cooperative_id=place().id)
    page = pages.figures_page(found, actor())
    return render_template("sourced_figures/show.html", page=page, place=place(), form=ReasonForm(formdata=None))


@bp.get("/figures.<slug:kind>")
@allow(Permission.SEE_FIGURES)
def download(cooperative: str, kind: str) -> Response:
    """All figures that count, as a file."""
    if kind not in WRITERS:
        abort(404)
    writer, media_type = WRITERS[kind]
    found = figures.read_side_by_side(db(), cooperative_id=place().id)
    name = f"{place().slug}-figures.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(writer(pages.figures_table(found)), mimetype=media_type, headers=headers)


@bp.route("/add", methods=["GET", "POST"])
@allow(Permission.RECORD_FIGURES)
def add(cooperative: str) -> Answer:
    """Add a figure."""
    form = FigureForm()
    messages: list[str] = []
    offer_choices(form)
    if form.validate_on_submit():
        with trying(form) as trial:
            figure = _figure(form)
            figures.record_figure(db(), actor(), cooperative_id=place().id, figure=figure, now=now())
            tell(_("The figure was added. It stands beside the others."))
        if not trial.refused:
            return go_to("figures.show", cooperative=cooperative)
        messages = trial.messages
    status = 400 if form.is_submitted() else 200
    return render_template("sourced_figures/add.html", page=pages.add_page(messages), form=form, place=place()), status


def _figure(form: FigureForm) -> SourcedFigure:
    """The figure that was filled in. Raises InvalidInput naming the fields that contradict each other."""
    written = (form.value.data or "").strip()
    value = figures.parse_value(written)
    if value is None and written:
        raise InvalidInput((Problem(key="value", reason=FigureReason.VALUE_UNUSABLE),))
    return figures.build_figure(
        subject=(form.own_subject.data or "") if form.subject.data == OTHER else form.subject.data,
        value=value,
        bound=Bound(form.bound.data),
        unit=Unit(form.unit.data),
        basis=Basis(form.basis.data),
        status=Status(form.status.data),
        as_at=form.as_at.data,
        period_start=form.period_start.data,
        period_end=_day_after(form.period_end.data),
        marked_partial=form.marked_partial.data,
        source=form.source.data,
        source_url=(form.source_url.data or "").strip() or None,
    )


def _day_after(last: date | None) -> date | None:
    """A period is filled in with its last day, and kept with the day after it."""
    return None if last is None else min(last, date.max - timedelta(days=1)) + timedelta(days=1)


@bp.post("/<int:figure_id>/choose")
@allow(Permission.RECORD_FIGURES)
def choose(cooperative: str, figure_id: int) -> AnyResponse:
    """Use this figure."""
    form = ReasonForm()
    if form.validate_on_submit():
        with trying() as trial:
            figures.choose_figure(
                db(), actor(), cooperative_id=place().id, figure_id=figure_id, reason=form.reason.data, now=now()
            )
            tell(_("This figure is in use from now on. Everybody inside can read why."))
        _tell_refusal(trial.messages)
    else:
        _tell_refusal([_("Say why: everybody inside can read it. Nothing was changed.")])
    return go_to("figures.show", cooperative=cooperative)


@bp.post("/<int:figure_id>/withdraw")
@allow(Permission.RECORD_FIGURES)
def withdraw(cooperative: str, figure_id: int) -> AnyResponse:
    """Withdraw a figure."""
    form = ReasonForm()
    if form.validate_on_submit():
        with trying() as trial:
            figures.withdraw_figure(
                db(), actor(), cooperative_id=place().id, figure_id=figure_id, reason=form.reason.data, now=now()
            )
            tell(_("The figure was withdrawn. It stays readable, with the reason."))
        _tell_refusal(trial.messages)
    else:
        _tell_refusal([_("Say why: everybody inside can read it. Nothing was changed.")])
    return go_to("figures.show", cooperative=cooperative)


def _tell_refusal(messages: list[str]) -> None:
    for message in messages:
        tell(message, "danger")
