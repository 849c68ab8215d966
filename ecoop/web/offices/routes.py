"""Offices with their terms, decisions with their numbers, and who acts for whom."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from ecoop.errors import NotFound
from ecoop.governance.offices import Body, Office
from ecoop.governance.representation import Acting, Matter
from ecoop.governance.roles import Permission
from ecoop.governance.statutes import PartyKind
from ecoop.language import gettext as _
from ecoop.services import (
    beneficial_owners,
    offices,
    papers,
    parties,
    register,
    register_check,
    representations,
    statutes,
)
from ecoop.services.access_log import AccessKind
from ecoop.services.finding_people import find_person
from ecoop.services.offices import NewDecision, OfficeView
from ecoop.services.parties import PartyFacts
from ecoop.services.register import MemberView
from ecoop.web.access import actor, allow, asked, day, db, note_reading, now, place
from ecoop.web.flow import go_to, tell, trying
from ecoop.web.offices import forms, pages
from ecoop.web.offices.forms import AppointForm, DecisionForm, EndForm, EndRepresentationForm, RepresentForm
from ecoop.web.representing import read_acting

bp = Blueprint("offices", __name__, url_prefix="/cooperatives/<slug:cooperative>/offices")

Answer = str | tuple[str, int] | AnyResponse


@bp.get("/")
@allow(Permission.SEE_REGISTER)
def show(cooperative: str) -> str:
    """Who is in which office, what the board should look at, and the decisions."""
    home = place().id
    present = statutes.read_statutes(db(), cooperative_id=home, day=day())
    rules = present.statutes if present else None
    wanted = asked().get("page", "1")
    page = pages.offices_page(
        offices.read_offices(db(), cooperative_id=home, day=day()),
        offices.read_decisions(db(), cooperative_id=home),
        register_check.check_offices(db(), cooperative_id=home, statutes=rules, day=day()),
        beneficial_owners.read_owners(db(), actor(), cooperative_id=place().id, day=day()),
        rules,
        actor(),
        day=day(),
        page=int(wanted) if wanted.isdecimal() and len(wanted) < 6 else 1,
    )
    return render_template("offices/show.html", page=page, place=place())


@bp.route("/decide", methods=["GET", "POST"])
@allow(Permission.KEEP_REGISTER)
def decide(cooperative: str) -> Answer:
    """Record a decision under the next number."""
    form = DecisionForm(decided_on=day())
    form.body.choices, form.paper_id.choices = forms.body_choices(), _papers()
    form.annuls_id.choices = _decisions(_("No other decision"))
    messages: list[str] = []
    if form.validate_on_submit():
        new = NewDecision(
            body=Body(form.body.data), decided_on=form.decided_on.data, subject=form.subject.data,
            text=form.text.data, annuls_id=_key(form.annuls_id.data), paper_id=_key(form.paper_id.data),
        )  # fmt: skip
        with trying(form) as trial:
            offices.record_decision(db(), actor(), cooperative_id=place().id, new=new, now=now())
            tell(_("The decision is recorded."))
        if not trial.refused:
            return go_to("offices.show", cooperative=cooperative)
        messages = trial.messages
    status = 400 if form.is_submitted() else 200
    return render_template("offices/decide.html", page=pages.decide_page(messages), form=form, place=place()), status


def _key(chosen: str | None) -> int | None:
    return int(chosen) if chosen else None


def _papers() -> forms.Choices:
    return forms.paper_choices(papers.read_papers(db(), actor(), cooperative_id=place().id, day=day()))


def _decisions(first: str) -> forms.Choices:
    return forms.decision_choices(offices.read_decisions(db(), cooperative_id=place().id), first)


@bp.route("/appoint", methods=["GET", "POST"])
@allow(Permission.KEEP_REGISTER)
def appoint(cooperative: str) -> Answer:
    """Record that somebody was appointed by a decision."""
    form = AppointForm(starts_on=day())
    form.office.choices, form.decision_id.choices = forms.office_choices(), _decisions(_("Choose a decision"))
    messages: list[str] = []
    if form.validate_on_submit():
        with trying(form) as trial:
            _appoint(form)
        if not trial.refused:
            return go_to("offices.show", cooperative=cooperative)
        messages = trial.messages
    status = 400 if form.is_submitted() else 200
    return render_template("offices/appoint.html", page=pages.appoint_page(messages), form=form, place=place()), status


def _appoint(form: AppointForm) -> None:
    person = find_person(db(), cooperative_id=place().id, text=form.party_id.data, day=day(), key="party_id")
    offices.appoint(
        db(), actor(), cooperative_id=place().id, party_id=person.party_id, office=Office(form.office.data),
        starts_on=form.starts_on.data, ends_on=form.ends_on.data, decision_id=int(form.decision_id.data), now=now(),
    )  # fmt: skip
    tell(_("The appointment of %(name)s is recorded.", name=person.name))


@bp.route("/<int:term_id>/end", methods=["GET", "POST"])
@allow(Permission.KEEP_REGISTER)
def end(cooperative: str, term_id: int) -> Answer:
    """Record that a term ended before its time, by a decision."""
    term = _term(term_id)
    form = EndForm(ends_on=day())
    form.decision_id.choices = _decisions(_("Choose a decision"))
    messages: list[str] = []
    if form.validate_on_submit():
        with trying(form) as trial:
            offices.end_office(
                db(), actor(), cooperative_id=place().id, term_id=term_id, ends_on=form.ends_on.data,
                decision_id=int(form.decision_id.data), now=now(),
            )  # fmt: skip
            tell(_("The end of the office is recorded."))
        if not trial.refused:
            return go_to("offices.show", cooperative=cooperative)
        messages = trial.messages
    status = 400 if form.is_submitted() else 200
    page = pages.end_page(term, messages)
    return render_template("offices/end.html", page=page, form=form, place=place(), number=term_id), status


def _term(term_id: int) -> OfficeView:
    found = offices.read_offices(db(), cooperative_id=place().id, day=day())
    term = next((one for one in found if one.id == term_id), None)
    if term is None:
        raise NotFound
    return term


@bp.route("/representatives/<int:membership_id>", methods=["GET", "POST"])
@allow(Permission.KEEP_REGISTER)
def represent(cooperative: str, membership_id: int) -> Answer:
    """Who acts for a member, and recording somebody who does."""
    member = _member(membership_id)
    form = RepresentForm(valid_from=day())
    form.matter.choices, form.paper_id.choices = forms.matter_choices(member.party.kind), _papers()
    messages: list[str] = []
    if form.validate_on_submit():
        with trying(form) as trial:
            _represent(form, member)
            tell(_("It is recorded who acts for %(name)s.", name=member.party.facts.name))
        if not trial.refused:
            return go_to("members.member", cooperative=cooperative, membership_id=membership_id)
        messages = trial.messages
    return _representatives(member, membership_id, form, EndRepresentationForm(valid_until=day()), messages)


def _member(membership_id: int) -> MemberView:
    """The member; that somebody looks at the page is noted."""
    found = register.read_member(db(), actor(), cooperative_id=place().id, membership_id=membership_id, day=day())
    if request.method == "GET":  # on a write the page of the member was looked at before
        about = found.party.account_id
        note_reading(AccessKind.MEMBER, subject=f"membership:{membership_id}", about_account_id=about)
    return found


def _representatives(
    member: MemberView, membership_id: int, form: RepresentForm, ending: EndRepresentationForm, messages: list[str]
) -> Answer:
    acting = read_acting(db(), member.party, cooperative_id=place().id, day=day())
    page = pages.represent_page(member.party.facts.name, messages)
    status = 400 if form.is_submitted() else 200
    return render_template(
        "offices/represent.html", page=page, acting=acting, form=form, ending=ending, place=place(),
        number=membership_id,
    ), status  # fmt: skip


def _represent(form: RepresentForm, member: MemberView) -> None:
    new = Acting(
        represented_id=member.party.id, representative_id=_representative(form), matter=Matter(form.matter.data),
        valid_from=form.valid_from.data, valid_until=form.valid_until.data,
    )  # fmt: skip
    representations.record_representation(
        db(), actor(), cooperative_id=place().id, new=new, proof=form.proof.data, paper_id=_key(form.paper_id.data),
        now=now(),
    )  # fmt: skip


def _representative(form: RepresentForm) -> int:
    """Somebody in the register, or somebody who is recorded now without becoming a member."""
    home = place().id
    if (form.new_name.data or "").strip() and not (form.representative_id.data or "").strip():
        facts = PartyFacts(name=form.new_name.data, email=form.new_email.data or None)
        return parties.record_party(
            db(), actor(), cooperative_id=home, kind=PartyKind.PERSON, facts=facts, valid_from=form.valid_from.data,
            now=now(),
        )  # fmt: skip
    text = form.representative_id.data or ""
    return find_person(db(), cooperative_id=home, text=text, day=day(), key="representative_id").party_id


@bp.post("/representatives/<int:membership_id>/<int:representation_id>/end")
@allow(Permission.KEEP_REGISTER)
def end_representation(cooperative: str, membership_id: int, representation_id: int) -> Answer:
    """Record the first day on which somebody acts no longer for a member."""
    member = _member(membership_id)
    ending = EndRepresentationForm()
    messages: list[str] = []
    if ending.validate_on_submit():
        with trying(ending) as trial:
            representations.end_representation(
                db(), actor(), cooperative_id=place().id, representation_id=representation_id,
                valid_until=ending.valid_until.data, now=now(),
            )  # fmt: skip
            tell(_("The end is recorded."))
        if not trial.refused:
            return go_to("members.member", cooperative=cooperative, membership_id=membership_id)
        messages = trial.messages
    messages += [str(error) for error in ending.valid_until.errors]
    form = RepresentForm(formdata=None, valid_from=day())
    form.matter.choices, form.paper_id.choices = forms.matter_choices(member.party.kind), _papers()
    return _representatives(member, membership_id, form, ending, messages)
