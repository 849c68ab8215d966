"""Becoming a member: the form for everybody, and what an applicant does through the link in a letter.

Nobody is signed in here. What is answered never depends on what is known about an address.
"""

from collections.abc import Callable

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from ecoop import language
from ecoop.admission_letters import write_confirmation
from ecoop.errors import Refused
from ecoop.governance.admission import Living
from ecoop.governance.statutes import PartyKind
from ecoop.language import gettext as _
from ecoop.language.reasons import refusal_text
from ecoop.services import application_texts, joining
from ecoop.services.application_texts import TextView
from ecoop.services.joining import NewApplication, OwnApplication
from ecoop.services.parties import FIELDS, PartyFacts
from ecoop.web.access import db, now, visited, visiting
from ecoop.web.flow import go_to, tell, trying
from ecoop.web.forms import PlainForm
from ecoop.web.joining import pages
from ecoop.web.joining.forms import AnswerForm, JoinForm

bp = Blueprint("joining", __name__, url_prefix="/cooperatives/<slug:name>/join")

Answer = str | tuple[str, int] | Response


@bp.route("/", methods=["GET", "POST"])
@visiting
def show(name: str) -> Answer:
    """The form; sending it leads to the same page whatever is known about the address."""
    form = _form()
    texts = application_texts.read_texts(db(), cooperative_id=visited().id, language=language.current().value)
    is_open = application_texts.is_open(db(), cooperative_id=visited().id)
    form.to_accept = frozenset(one.kind.value for one in joining.to_accept(texts))
    messages: list[str] = []
    if form.is_submitted() and form.website.data:
        return go_to("joining.sent", name=name)  # filled in by a machine
    if form.validate_on_submit():
        with trying(form) as trial:
            _apply(form, texts)
        if not trial.refused:
            return go_to("joining.sent", name=name)
        messages = trial.messages
    page = pages.join_page(visited(), texts, is_open=is_open, messages=messages)
    return render_template("joining/show.html", page=page, form=form), 400 if form.is_submitted() else 200


def _form() -> JoinForm:
    form = JoinForm()
    form.kind.choices = pages.kind_choices()
    form.class_code.choices = pages.class_choices()
    form.living.choices = pages.living_choices()
    return form


def _apply(form: JoinForm, texts: tuple[TextView, ...]) -> None:
    new = NewApplication(
        kind=PartyKind(form.kind.data),
        facts=_facts(form),
        class_code=form.class_code.data or None,
        living=Living(form.living.data) if form.living.data else None,
        representative=None if form.is_person else form.representative.data,
        remark=form.remark.data,
        accepted=frozenset(one.id for one in texts if one.is_accepted and form[one.kind.value].data),
    )
    made = joining.apply(db(), cooperative_id=visited().id, new=new, network=request.remote_addr or "", now=now())
    if made is None:
        return
    link = url_for("joining.own", name=visited().slug, secret=made.secret, _external=True)
    write_confirmation(
        db(), made, cooperative_id=visited().id, cooperative=visited().name, link=link, now=now()
    )  # fmt: skip


def _facts(form: JoinForm) -> PartyFacts:
    """What was filled in; the parts of a name are those of a person, the KvK number that of somebody else."""
    given = {name: form[name].data for name in FIELDS if name in form}
    parts = ("given_names", "name_prefix", "family_name", "birth_date")
    if form.is_person:
        given["name"] = " ".join(part.strip() for name in parts[:3] if (part := given[name] or ""))
        given["registration_number"] = None
    else:
        given |= dict.fromkeys(parts)
    values = {name: value for name, value in given.items() if value not in (None, "")}
    return PartyFacts(**({"name": ""} | values | {"language": language.current().value}))


@bp.get("/sent")
@visiting
def sent(name: str) -> str:
    """The form was sent."""
    return render_template("joining/sent.html", page=pages.sent_page(visited()))


@bp.get("/<string:secret>")
@visiting
def own(name: str, secret: str) -> Answer:
    """The own application: confirm it, answer, or take it back."""
    return _own(secret, AnswerForm(formdata=None), [])


def _own(secret: str, form: AnswerForm, messages: list[str]) -> tuple[str, int]:
    found: OwnApplication | None = None
    status = 400 if messages or form.errors else 200
    try:
        found = joining.read_by_link(db(), secret, cooperative_id=visited().id, now=now())
    except Refused as refused:
        messages, status = [refusal_text(refused)], 409
    page = pages.own_page(visited(), found, secret=secret, messages=messages)
    return render_template("joining/own.html", page=page, form=form, plain=PlainForm(formdata=None)), status


@bp.post("/<string:secret>/confirm")
@visiting
def confirm(name: str, secret: str) -> Answer:
    """The application is right."""
    return _do(secret, joining.confirm, _("Thank you. The board sees your application, and you hear from it."))


@bp.post("/<string:secret>/withdraw")
@visiting
def withdraw(name: str, secret: str) -> Answer:
    """Take the application back."""
    return _do(secret, joining.withdraw, _("Your application is taken back."))


def _do(secret: str, verb: Callable[..., None], told: str) -> Answer:
    with trying() as trial:
        verb(db(), secret, cooperative_id=visited().id, now=now())
        tell(told)
    if trial.refused:
        return _own(secret, AnswerForm(formdata=None), trial.messages)
    return go_to("joining.own", name=visited().slug, secret=secret)


@bp.post("/<string:secret>/answer")
@visiting
def answer(name: str, secret: str) -> Answer:
    """Answer the board, or add something."""
    form = AnswerForm()
    messages: list[str] = []
    if form.validate_on_submit():
        with trying(form) as trial:
            joining.answer(db(), secret, form.text.data, cooperative_id=visited().id, now=now())
            tell(_("The board has your answer."))
        if not trial.refused:
            return go_to("joining.own", name=name, secret=secret)
        messages = trial.messages
    return _own(secret, form, messages)
