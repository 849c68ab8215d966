"""The inbox of applications: what waits, deciding on one or several, asking, and what newcomers read and accept."""

from collections.abc import Callable

from flask import Blueprint, abort, render_template, url_for
from werkzeug.wrappers import Response

from ecoop.admission_letters import write_admission, write_question, write_refusal
from ecoop.errors import NotFound
from ecoop.governance.admission import RefusalReason, TextKind
from ecoop.governance.roles import Permission
from ecoop.governance.statutes import Statutes
from ecoop.language import Language, ngettext, parse_language
from ecoop.language import gettext as _
from ecoop.services import admission, application_intake, application_texts, applications, statutes
from ecoop.services.access_log import AccessKind
from ecoop.services.admission import AdmissionChoice
from ecoop.services.applications import ApplicationView
from ecoop.web.access import actor, allow, asked, day, db, note_reading, now, place
from ecoop.web.applications import pages
from ecoop.web.applications.forms import AdmitForm, AskForm, ChosenForm, OpenForm, RefuseForm, TextForm, WhoForm
from ecoop.web.flow import Trial, go_to, tell, trying
from ecoop.web.forms import PlainForm

bp = Blueprint("applications", __name__, url_prefix="/cooperatives/<slug:cooperative>/applications")

Answer = str | tuple[str, int] | Response


def _statutes() -> Statutes | None:
    found = statutes.read_statutes(db(), cooperative_id=place().id, day=day())
    return found.statutes if found is not None else None


@bp.get("/")
@allow(Permission.SEE_REGISTER)
def show(cooperative: str) -> str:
    """The inbox."""
    found = applications.read_inbox(db(), actor(), cooperative_id=place().id, statutes=_statutes(), now=now())
    page = pages.inbox_page(found, actor())
    return render_template("applications/show.html", page=page, place=place(), plain=PlainForm(formdata=None))


@bp.get("/<int:application_id>/")
@allow(Permission.SEE_REGISTER)
def application(cooperative: str, application_id: int) -> Answer:
    """One application. Looking is noted."""
    note_reading(AccessKind.APPLICATION, subject=f"application:{application_id}")
    return _page(application_id, AskForm(formdata=None), [])


def _page(application_id: int, form: AskForm, messages: list[str]) -> Answer:
    found = applications.read_application(
        db(), actor(), cooperative_id=place().id, application_id=application_id, statutes=_statutes(), now=now()
    )
    page = pages.application_page(found, actor(), cooperative=place().name)
    shown = {"page": page, "place": place(), "form": form, "plain": PlainForm(formdata=None), "messages": messages}
    return render_template("applications/application.html", **shown), 400 if messages or form.errors else 200


# deciding


def _chosen(ids: list[int]) -> tuple[ApplicationView, ...]:
    return applications.read_applications(
        db(), actor(), cooperative_id=place().id, application_ids=ids, statutes=_statutes(), now=now()
    )


@bp.get("/decide")
@allow(Permission.KEEP_REGISTER)
def decide(cooperative: str) -> Response:
    """From the check boxes of the inbox to the page that asks once more."""
    chosen = [one for one in asked().getlist("chosen") if one.isascii() and one.isdigit()]
    if not chosen:
        return _none_chosen(cooperative)
    verb = "refuse" if asked().get("verb") == "refuse" else "admit"
    return go_to(f"applications.{verb}", cooperative=cooperative, chosen=chosen)


def _none_chosen(cooperative: str) -> Response:
    tell(_("Choose at least one application."), "danger")
    return go_to("applications.show", cooperative=cooperative)


@bp.route("/admit", methods=["GET", "POST"])
@allow(Permission.KEEP_REGISTER)
def admit(cooperative: str) -> Answer:
    """Admit the chosen applicants, after saying what that means."""
    form = AdmitForm(valid_from=day())
    form.class_code.choices = pages.class_choices()
    ids = form.chosen.data if form.is_submitted() else ChosenForm(formdata=asked()).chosen.data
    if not ids:
        return _none_chosen(cooperative)
    found, messages = _chosen(ids), list[str]()
    if form.validate_on_submit():
        with trying(form) as trial:
            _admit(form)
        if not trial.refused:
            return go_to("applications.show", cooperative=cooperative)
        messages = trial.messages
    page = pages.admit_page(found, _statutes(), messages=messages)
    status = 400 if form.is_submitted() else 200
    return render_template("applications/admit.html", page=page, place=place(), form=form), status


def _admit(form: AdmitForm) -> None:
    choice = AdmissionChoice(
        valid_from=form.valid_from.data, class_code=form.class_code.data or None, decision=form.decision.data
    )
    done = admission.admit(
        db(), actor(), cooperative_id=place().id, application_ids=form.chosen.data, choice=choice,
        statutes=_statutes(), now=now(),
    )  # fmt: skip
    for one in done:
        write_admission(db(), one, cooperative_id=place().id, cooperative=place().name, now=now())
    numbers = ", ".join(str(one.number) for one in done)
    tell(
        ngettext(
            "%(count)s member admitted, under number %(numbers)s. The letter is on its way.",
            "%(count)s members admitted, under numbers %(numbers)s. The letters are on their way.",
            len(done),
            numbers=numbers,
        )
    )


@bp.route("/refuse", methods=["GET", "POST"])
@allow(Permission.KEEP_REGISTER)
def refuse(cooperative: str) -> Answer:
    """Refuse the chosen applications, after saying what that means."""
    form = RefuseForm()
    form.reason.choices = pages.refusal_choices()
    ids = form.chosen.data if form.is_submitted() else ChosenForm(formdata=asked()).chosen.data
    if not ids:
        return _none_chosen(cooperative)
    found, messages = _chosen(ids), list[str]()
    if form.validate_on_submit():
        with trying(form) as trial:
            _refuse(form)
        if not trial.refused:
            return go_to("applications.show", cooperative=cooperative)
        messages = trial.messages
    texts = application_texts.read_texts(db(), cooperative_id=place().id, language=found[0].language)
    appeal = next((one for one in texts if one.kind is TextKind.APPEAL), None)
    page = pages.refuse_page(found, appeal, messages=messages)
    status = 400 if form.is_submitted() else 200
    return render_template("applications/refuse.html", page=page, place=place(), form=form), status


def _refuse(form: RefuseForm) -> None:
    done = admission.refuse(
        db(), actor(), cooperative_id=place().id, application_ids=form.chosen.data,
        reason=RefusalReason(form.reason.data), words=form.words.data, decision=form.decision.data, now=now(),
    )  # fmt: skip
    for one in done:
        write_refusal(db(), one, cooperative_id=place().id, cooperative=place().name, now=now())
    tell(
        ngettext(
            "%(count)s application refused. The letter is on its way.",
            "%(count)s applications refused. The letters are on their way.",
            len(done),
        )
    )


@bp.post("/<int:application_id>/ask")
@allow(Permission.KEEP_REGISTER)
def ask(cooperative: str, application_id: int) -> Answer:
    """Put a question to the applicant."""
    form = AskForm()
    messages: list[str] = []
    if form.validate_on_submit():
        with trying(form) as trial:
            _ask(application_id, form.text.data)
        if not trial.refused:
            return go_to("applications.application", cooperative=cooperative, application_id=application_id)
        messages = trial.messages
    return _page(application_id, form, messages)


def _ask(application_id: int, text: str) -> None:
    done = admission.ask(db(), actor(), cooperative_id=place().id, application_id=application_id, text=text, now=now())
    link = url_for("joining.own", name=place().slug, secret=done.secret, _external=True)
    write_question(db(), done, cooperative_id=place().id, cooperative=place().name, link=link, now=now())
    tell(_("The question is on its way. You see the answer here."))


@bp.post("/<int:application_id>/who")
@allow(Permission.KEEP_REGISTER)
def who(cooperative: str, application_id: int) -> Answer:
    """Say whose application it is: of somebody known, or of somebody new."""
    given = WhoForm().party_id.data or ""
    if given and not (given.isascii() and given.isdigit() and len(given) < 20):
        raise NotFound
    with trying() as trial:
        admission.say_who(
            db(), actor(), cooperative_id=place().id, application_id=application_id,
            party_id=int(given) if given else None, now=now(),
        )  # fmt: skip
        tell(_("Noted. Now the application can be decided."))
    if trial.refused:
        return _page(application_id, AskForm(formdata=None), trial.messages)
    return go_to("applications.application", cooperative=cooperative, application_id=application_id)


@bp.post("/take-in")
@allow(Permission.KEEP_REGISTER)
def take_in(cooperative: str) -> Response:
    """Put applicants of the register in the inbox."""
    count = application_intake.take_in(db(), actor(), cooperative_id=place().id, now=now())
    tell(ngettext("%(count)s application is in the inbox.", "%(count)s applications are in the inbox.", count))
    return go_to("applications.show", cooperative=cooperative)


# what newcomers may do and read


@bp.get("/settings/")
@allow(Permission.SEE_REGISTER)
def settings(cooperative: str) -> Answer:
    """Whether newcomers may apply through the web, and what they read and accept."""
    return _settings({}, [])


def _settings(forms: dict[str, TextForm], messages: list[str]) -> Answer:
    texts = application_texts.read_all_texts(db(), cooperative_id=place().id)
    is_open = application_texts.is_open(db(), cooperative_id=place().id)
    page = pages.settings_page(texts, actor(), is_open=is_open, messages=messages)
    shown = {row.key: forms.get(row.key) or TextForm(formdata=None, text=row.text) for row in page.texts}
    for key, form in shown.items():
        form.text.id = f"text-{key}"  # several on one page
    status = 400 if forms or messages else 200
    plain = PlainForm(formdata=None)
    return render_template("applications/settings.html", page=page, place=place(), forms=shown, plain=plain), status


@bp.post("/settings/open")
@allow(Permission.KEEP_REGISTER)
def set_open(cooperative: str) -> Answer:
    """Open or close the public form."""
    wanted = OpenForm().wanted.data == "open"

    def change() -> None:
        application_texts.set_open(db(), actor(), cooperative_id=place().id, wanted=wanted, now=now())
        tell(_("The form is open to everybody.") if wanted else _("The form is closed."))

    trial = _tried(change)
    return _settings({}, trial.messages) if trial.refused else go_to("applications.settings", cooperative=cooperative)


@bp.post("/settings/<string:kind>/<string:language>")
@allow(Permission.KEEP_REGISTER)
def save_text(cooperative: str, kind: str, language: str) -> Answer:
    """Keep a new version of a text."""
    spoken = parse_language(language)
    if kind not in set(TextKind) or spoken is None:
        abort(404)
    form = TextForm()
    if form.validate_on_submit():
        with trying(form) as trial:
            _save(TextKind(kind), spoken, form.text.data or "")
        if not trial.refused:
            return go_to("applications.settings", cooperative=cooperative)
    return _settings({f"{kind}-{language}": form}, [])


def _save(kind: TextKind, spoken: Language, text: str) -> None:
    application_texts.save_text(
        db(), actor(), cooperative_id=place().id, kind=kind, language=spoken.value, text=text, now=now()
    )
    tell(_("The text counts from now on. Who applied before accepted the one of then."))


def _tried(verb: Callable[[], None]) -> Trial:
    with trying() as trial:
        verb()
    return trial
