"""Privacy: what is kept and until when, letting it go, holding it back, what people agreed to."""

from flask import Blueprint, Response, abort, render_template
from werkzeug.wrappers import Response as AnyResponse

from ecoop.exchange.reports import print_report
from ecoop.governance.consents import ConsentHow, ConsentMove, ConsentPurpose
from ecoop.governance.retention import Purpose
from ecoop.governance.roles import Permission
from ecoop.language import gettext as _
from ecoop.services import access_log, consents, legal_holds, retention
from ecoop.services.access_log import AccessKind
from ecoop.services.consents import NewConsent
from ecoop.services.legal_holds import Whom
from ecoop.services.register import find_account
from ecoop.web.access import actor, allow, asked, day, db, note_reading, now, place
from ecoop.web.flow import go_to, tell, trying
from ecoop.web.forms import PlainForm
from ecoop.web.privacy import pages, person_pages
from ecoop.web.privacy.forms import AskForm, ConsentForm, GoForm, HoldForm, RuleForm, TextForm

bp = Blueprint("privacy", __name__, url_prefix="/cooperatives/<slug:cooperative>/privacy")

Answer = str | tuple[str, int] | AnyResponse


@bp.get("/")
@allow(Permission.SEE_REGISTER)
def show(cooperative: str) -> str:
    """What we keep and until when, what is held back, what went, and who sees which field."""
    here = place().id
    page = pages.privacy_page(
        retention.read_rules(db(), cooperative_id=here, day=day()),
        retention.read_settings(db(), cooperative_id=here),
        legal_holds.read_holds(db(), actor(), cooperative_id=here, day=day()),
        retention.read_runs(db(), actor(), cooperative_id=here),
        retention.try_out(db(), actor(), cooperative_id=here, day=day()),
        actor(),
    )
    return render_template("privacy/show.html", page=page, place=place(), form=PlainForm())


@bp.get("/due")
@allow(Permission.SEE_REGISTER)
def due(cooperative: str) -> str:
    """What would go on a day: who, which fields, because of which rule. Nothing is changed by looking."""
    form = AskForm(formdata=asked())
    on = form.on.data if form.validate() and form.on.data else day()
    trial = retention.try_out(db(), actor(), cooperative_id=place().id, day=on)
    page = pages.due_page(trial, actor(), today=day())
    go = GoForm(formdata=None, seen=trial.digest)
    return render_template("privacy/due.html", page=page, place=place(), form=form, go=go, keep=PlainForm())


@bp.post("/keep-trial")
@allow(Permission.KEEP_PRIVACY)
def keep_trial(cooperative: str) -> AnyResponse:
    """Keep what would go today as a run that was tried out."""
    run_id = retention.keep_trial(db(), actor(), cooperative_id=place().id, day=day(), now=now())
    tell(_("The trial run is kept. Nothing was changed."))
    return go_to("privacy.proof", cooperative=cooperative, run_id=run_id)


@bp.post("/minimise")
@allow(Permission.KEEP_PRIVACY)
def minimise(cooperative: str) -> AnyResponse:
    """Let go what was shown; refused where something else would go by now."""
    form = GoForm()
    if not form.validate():
        return go_to("privacy.due", cooperative=cooperative)
    with trying() as trial:
        run_id = retention.minimise(db(), actor(), cooperative_id=place().id, day=day(), seen=form.seen.data, now=now())
        tell(_("What was shown is destroyed. This is the proof."))
    if not trial.refused:
        return go_to("privacy.proof", cooperative=cooperative, run_id=run_id)
    for message in trial.messages:
        tell(message, "danger")
    return go_to("privacy.due", cooperative=cooperative)


@bp.get("/runs/<int:run_id>/")
@allow(Permission.SEE_REGISTER)
def proof(cooperative: str, run_id: int) -> str:
    """One run with its proof."""
    found = retention.read_proof(db(), actor(), cooperative_id=place().id, run_id=run_id)
    return render_template("privacy/proof.html", page=pages.proof_page(found), place=place(), number=run_id)


@bp.get("/runs/<int:run_id>/proof.<string:kind>")
@allow(Permission.SEE_REGISTER)
def download(cooperative: str, run_id: int, kind: str) -> Response:
    """The proof as a file: JSON of which anybody can make the fingerprint, or a PDF to be filed."""
    if kind not in {"json", "pdf"}:
        abort(404)
    found = retention.read_proof(db(), actor(), cooperative_id=place().id, run_id=run_id)
    if kind == "json":
        answer = Response(found.text, mimetype="application/json")
    else:
        content = print_report(pages.proof_report(found, cooperative=place().name))
        answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{place().slug}-proof-{run_id}.{kind}"'
    return answer


@bp.route("/rules/<string:purpose>", methods=["GET", "POST"])
@allow(Permission.KEEP_PRIVACY)
def rule(cooperative: str, purpose: str) -> Answer:
    """Keep what belongs to a purpose for another time from a day on."""
    if purpose not in set(Purpose):
        abort(404)
    known = retention.read_rules(db(), cooperative_id=place().id, day=day())[Purpose(purpose)]
    form = RuleForm(kept_months=known.kept_months, starts_on=day())
    if form.validate_on_submit():
        with trying(form) as trial:
            retention.set_rule(
                db(), actor(), cooperative_id=place().id, purpose=known.purpose, kept_months=form.kept_months.data,
                starts_on=form.starts_on.data, why=form.why.data, now=now(),
            )  # fmt: skip
            tell(_("The new period is kept."))
        if not trial.refused:
            return go_to("privacy.show", cooperative=cooperative)
    status = 400 if form.is_submitted() else 200
    return render_template("privacy/rule.html", page=pages.rule_page(known), form=form, place=place()), status


# one person


@bp.get("/people/<int:party_id>/")
@allow(Permission.KEEP_PRIVACY)
def person(cooperative: str, party_id: int) -> Answer:
    """What is kept about one person, until when and why, what was agreed to, and who looked. Looking is noted."""
    return _person(party_id, hold=HoldForm(formdata=None), consent=_consent_form(fresh=True))


def _person(party_id: int, *, hold: HoldForm, consent: ConsentForm) -> str:
    whom = _whom(party_id)
    about = find_account(db(), cooperative_id=place().id, party_id=party_id)
    note_reading(AccessKind.PRIVACY, subject=f"party:{party_id}", about_account_id=about)
    here = place().id
    page = person_pages.person_page(
        whom,
        retention.read_leaving(db(), cooperative_id=here, day=day(), party_ids=[party_id]),
        legal_holds.read_holds(db(), actor(), cooperative_id=here, party_id=party_id, day=day()),
        consents.read_consents(db(), actor(), cooperative_id=here, party_id=party_id, day=day()),
        access_log.read_accesses(db(), cooperative_id=here, about_account_id=about, subjects=_subjects(whom), limit=50),
        day=day(),
    )
    return render_template(
        "privacy/person.html", page=page, place=place(), hold=hold, consent=consent, lift=PlainForm()
    )


def _subjects(whom: Whom) -> list[str]:
    """How this person is called in the log of who looked."""
    return [f"party:{whom.party_id}", *([f"membership:{whom.membership_id}"] if whom.membership_id else [])]


def _whom(party_id: int) -> Whom:
    return legal_holds.read_one(db(), actor(), cooperative_id=place().id, party_id=party_id, day=day())


def _consent_form(*, fresh: bool = False) -> ConsentForm:
    form = ConsentForm(formdata=None, valid_from=day()) if fresh else ConsentForm()
    form.purpose.choices = person_pages.purpose_choices()
    form.move.choices = person_pages.move_choices()
    form.how.choices = person_pages.how_choices()
    return form


@bp.post("/people/<int:party_id>/hold")
@allow(Permission.KEEP_PRIVACY)
def place_hold(cooperative: str, party_id: int) -> Answer:
    """Let nothing of a person go until the hold is lifted."""
    _whom(party_id)
    form = HoldForm()
    if form.validate():
        with trying(form) as trial:
            legal_holds.place_hold(
                db(), actor(), cooperative_id=place().id, party_id=party_id, why=form.why.data, now=now()
            )
            tell(_("Nothing of this person goes until the hold is lifted."))
        for message in trial.messages:
            tell(message, "danger")
        if not trial.problems:
            return go_to("privacy.person", cooperative=cooperative, party_id=party_id)
    return _person(party_id, hold=form, consent=_consent_form(fresh=True)), 400


@bp.post("/holds/<int:hold_id>/lift")
@allow(Permission.KEEP_PRIVACY)
def lift_hold(cooperative: str, hold_id: int) -> AnyResponse:
    """Let the rules count again."""
    with trying() as trial:
        legal_holds.lift_hold(db(), actor(), cooperative_id=place().id, hold_id=hold_id, now=now())
        tell(_("The legal hold is lifted. The rules count again."))
    for message in trial.messages:
        tell(message, "danger")
    return go_to("privacy.show", cooperative=cooperative)


@bp.post("/people/<int:party_id>/consents")
@allow(Permission.KEEP_PRIVACY)
def consent(cooperative: str, party_id: int) -> Answer:
    """Write down that somebody agreed with the newest text, or took that back."""
    _whom(party_id)
    form = _consent_form()
    if form.validate():
        new = NewConsent(
            purpose=ConsentPurpose(form.purpose.data), move=ConsentMove(form.move.data),
            valid_from=form.valid_from.data, how=ConsentHow(form.how.data),
        )  # fmt: skip
        with trying(form) as trial:
            consents.record_consent(db(), actor(), cooperative_id=place().id, party_id=party_id, new=new, now=now())
            tell(_("The consent is written down."))
        for message in trial.messages:
            tell(message, "danger")
        if not trial.problems:
            return go_to("privacy.person", cooperative=cooperative, party_id=party_id)
    return _person(party_id, hold=HoldForm(formdata=None), consent=form), 400


# the texts to which people agree


@bp.get("/texts")
@allow(Permission.SEE_CONTACT)
def texts(cooperative: str) -> str:
    """Every version of every text."""
    return _texts(_text_form(fresh=True))


def _texts(form: TextForm) -> str:
    page = person_pages.texts_page(consents.read_texts(db(), cooperative_id=place().id), actor())
    return render_template("privacy/texts.html", page=page, place=place(), form=form)


def _text_form(*, fresh: bool = False) -> TextForm:
    form = TextForm(formdata=None) if fresh else TextForm()
    form.purpose.choices = person_pages.purpose_choices()
    form.language.choices = person_pages.language_choices()
    return form


@bp.post("/texts")
@allow(Permission.KEEP_PRIVACY)
def record_text(cooperative: str) -> Answer:
    """A new version of a text; who agreed to an older one agreed to that one only."""
    form = _text_form()
    if form.validate():
        with trying(form) as trial:
            consents.record_text(
                db(), actor(), cooperative_id=place().id, purpose=ConsentPurpose(form.purpose.data),
                language=form.language.data, text=form.text.data, now=now(),
            )  # fmt: skip
            tell(_("The text is kept as a new version."))
        if not trial.refused:
            return go_to("privacy.texts", cooperative=cooperative)
    return _texts(form), 400
