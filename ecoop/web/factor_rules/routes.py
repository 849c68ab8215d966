"""Which roles want a second step: the board sets it, with a day from which it counts."""

from datetime import timedelta

from flask import Blueprint, abort, render_template
from werkzeug.wrappers import Response

from ecoop import language
from ecoop.governance.roles import Permission, Role
from ecoop.language import gettext as _
from ecoop.language.names import role_name
from ecoop.services import factor_rules
from ecoop.web.access import actor, allow, day, db, known, now, place
from ecoop.web.factor_rules import pages
from ecoop.web.factor_rules.forms import RuleForm
from ecoop.web.flow import go_to, tell, trying
from ecoop.web.forms import PlainForm

bp = Blueprint("factor_rules", __name__, url_prefix="/cooperatives/<slug:cooperative>/second-step")

Answer = str | tuple[str, int] | Response
USUAL_GRACE = timedelta(days=28)


@bp.route("/", methods=["GET", "POST"])
@allow(Permission.GRANT_ROLES)
def show(cooperative: str) -> Answer:
    """Which roles want a second step, who would be stopped, and setting it for one more."""
    form = RuleForm(since=day() + USUAL_GRACE)
    form.role.choices = pages.role_choices()
    messages: list[str] = []
    if form.validate_on_submit():
        with trying(form) as trial:
            _set(form)
        if not trial.refused:
            return go_to("factor_rules.show", cooperative=cooperative)
        messages = trial.messages
    page = pages.rules_page(
        factor_rules.read_rules(db(), place().id),
        factor_rules.read_without(db(), place().id, day=day()),
        day=day(),
    )
    status = 400 if form.is_submitted() else 200
    shown = {"page": page, "place": place(), "form": form, "plain": PlainForm(), "messages": messages}
    return render_template("factor_rules/show.html", **shown), status


def _set(form: RuleForm) -> None:
    role = Role(form.role.data)
    factor_rules.set_rule(
        db(),
        actor(),
        cooperative_id=place().id,
        role=role,
        since=form.since.data,
        has_second=known().has_second_factor,
        now=now(),
    )
    tell(
        _(
            "%(role)s: from %(day)s on, signing in asks for a second step.",
            role=role_name(role),
            day=language.day(form.since.data),
        )
    )


@bp.post("/<string:role>/end")
@allow(Permission.GRANT_ROLES)
def end(cooperative: str, role: str) -> Response:
    """No longer want a second step of a role."""
    if role not in set(Role):
        abort(404)
    factor_rules.end_rule(db(), actor(), cooperative_id=place().id, role=Role(role), now=now())
    tell(_("%(role)s: a second step is no longer asked.", role=role_name(role)))
    return go_to("factor_rules.show", cooperative=cooperative)
