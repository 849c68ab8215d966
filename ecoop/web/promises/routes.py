"""Promises of members, written down and settled by the treasurer."""

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from ecoop.errors import Problem
from ecoop.governance.leaving import LeavingReason, ObligationKind, ObligationOutcome
from ecoop.governance.roles import Permission
from ecoop.language import gettext as _
from ecoop.language.reasons import problem_text
from ecoop.services import obligations
from ecoop.services.obligations import NewObligation
from ecoop.web.access import actor, allow, day, db, now, place
from ecoop.web.flow import Trial, go_to, tell, trying
from ecoop.web.promises import pages
from ecoop.web.promises.forms import PromiseForm, SettleForm

bp = Blueprint("promises", __name__, url_prefix="/cooperatives/<slug:cooperative>/promises")

Answer = str | tuple[str, int] | Response


@bp.get("/")
@allow(Permission.SEE_REGISTER)
def show(cooperative: str) -> str:
    """Every promise."""
    return _page(_form())


def _form() -> PromiseForm:
    form = PromiseForm(agreed_on=day())
    form.kind.choices = pages.kind_choices()
    return form


def _settling() -> SettleForm:
    form = SettleForm(settled_on=day())
    form.outcome.choices = pages.outcome_choices()
    return form


def _page(form: PromiseForm, trial: Trial | None = None) -> str:
    found = obligations.read_obligations(db(), actor(), cooperative_id=place().id, day=day())
    return render_template(
        "promises/show.html", page=pages.promises_page(found, actor()), form=form, settling=_settling(), place=place(),
        messages=trial.messages if trial else [],
    )  # fmt: skip


@bp.post("/")
@allow(Permission.KEEP_MONEY)
def add(cooperative: str) -> Answer:
    """Write down what a member promised."""
    form, trial = _form(), None
    if form.validate_on_submit():
        new = NewObligation(
            kind=ObligationKind(form.kind.data), agreed_on=form.agreed_on.data, amount_cents=form.amount.cents,
            runs_until=form.runs_until.data, why=form.why.data,
        )  # fmt: skip
        number = obligations.find_member(db(), cooperative_id=place().id, number=form.number.data)
        if number is None:
            form.number.errors = [problem_text(Problem(key="number", reason=LeavingReason.NUMBER_UNKNOWN))]
        else:
            with trying(form) as trial:
                obligations.record_obligation(
                    db(), actor(), cooperative_id=place().id, membership_id=number, new=new, now=now()
                )
                tell(_("The promise is written down."))
            if not trial.refused:
                return go_to("promises.show", cooperative=cooperative)
    return _page(form, trial), 400


@bp.post("/<int:obligation_id>/settle")
@allow(Permission.KEEP_MONEY)
def settle(cooperative: str, obligation_id: int) -> Answer:
    """Write down how a promise ended."""
    form, trial = _settling(), Trial()
    if form.validate_on_submit():
        with trying() as trial:
            obligations.settle_obligation(
                db(), actor(), cooperative_id=place().id, obligation_id=obligation_id,
                outcome=ObligationOutcome(form.outcome.data), settled_on=form.settled_on.data, now=now(),
            )  # fmt: skip
            tell(_("The promise is settled."))
        if not trial.refused:
            return go_to("promises.show", cooperative=cooperative)
    return _page(_form(), trial), 400
