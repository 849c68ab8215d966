"""Merging two lines of the register that turned out to be the same: choosing, comparing, and doing it."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from ecoop.governance.membership import Status
from ecoop.governance.roles import Permission
from ecoop.language import gettext as _
from ecoop.services import merging, parties, register
from ecoop.services.access_log import AccessKind
from ecoop.services.duplicates import find_alike
from ecoop.services.parties import FIELDS
from ecoop.services.register import RegisterLine, RegisterQuestion
from ecoop.web.access import actor, allow, asked, day, db, note_reading, now, place
from ecoop.web.flow import go_to, tell, trying
from ecoop.web.merging import pages
from ecoop.web.merging.forms import FindForm, MergeForm

bp = Blueprint("merging", __name__, url_prefix="/cooperatives/<slug:cooperative>/merge")

Answer = str | tuple[str, int] | Response


@bp.get("/<int:party_id>/")
@allow(Permission.KEEP_REGISTER)
def choose(cooperative: str, party_id: int) -> str:
    """With whom a party may be the same: who is alike, or whom one searches for."""
    party = parties.read_party(db(), cooperative_id=place().id, party_id=party_id, day=day())
    note_reading(AccessKind.MEMBER, subject=f"party:{party_id}", about_account_id=party.account_id)
    form = FindForm(formdata=asked())
    text = (form.text.data or "").strip() if form.validate() else ""
    alike = find_alike(
        db(), cooperative_id=place().id, facts=party.facts, kind=party.kind, leaving_out=frozenset({party_id})
    )
    page = pages.choose_page(party, alike, _search(text), is_asked=bool(text))
    return render_template("merging/choose.html", page=page, place=place(), form=form)


def _search(text: str) -> tuple[RegisterLine, ...]:
    if not text:
        return ()
    question = RegisterQuestion(day=day(), text=text, statuses=frozenset(Status) - {Status.NONE})
    return register.read_register(db(), actor(), cooperative_id=place().id, asked=question).lines


@bp.route("/<int:party_id>/<int:gone_id>", methods=["GET", "POST"])
@allow(Permission.KEEP_REGISTER)
def compare(cooperative: str, party_id: int, gone_id: int) -> Answer:
    """The two side by side; sending it merges them."""
    form = MergeForm()
    chosen = frozenset(name for name in FIELDS if request.form.get(f"take-{name}") == "gone")
    messages: list[str] = []
    if form.validate_on_submit():
        with trying(form) as trial:
            merging.merge(
                db(), actor(), cooperative_id=place().id, kept_id=party_id, gone_id=gone_id, take=chosen,
                why=form.why.data, now=now(),
            )  # fmt: skip
            tell(_("The two lines are merged. Both stay readable in the register."))
        if not trial.refused:
            return _to_line(cooperative, party_id)
        messages = trial.messages
    plan = merging.plan_merge(
        db(), actor(), cooperative_id=place().id, kept_id=party_id, gone_id=gone_id, day=day()
    )  # fmt: skip
    if request.method == "GET":  # what is sent was looked at before
        for one in (plan.kept.party, plan.gone.party):
            note_reading(AccessKind.MEMBER, subject=f"party:{one.id}", about_account_id=one.account_id)
    page = pages.compare_page(plan, chosen=chosen, messages=[] if plan.problems else messages)
    status = 400 if form.is_submitted() else 200
    return render_template("merging/compare.html", page=page, place=place(), form=form), status


def _to_line(cooperative: str, party_id: int) -> Response:
    """The member page of the one that stays; the register where it is no member."""
    membership_id = merging.find_membership_of(db(), cooperative_id=place().id, party_id=party_id)
    if membership_id is None:
        return go_to("members.show", cooperative=cooperative)
    return go_to("members.member", cooperative=cooperative, membership_id=membership_id)
