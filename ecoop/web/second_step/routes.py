"""The second step of signing in: taking it, setting it up, taking it away."""

from flask import Blueprint, Response, abort, render_template, request, url_for
from werkzeug.wrappers import Response as Answered

from ecoop.language import gettext as _
from ecoop.language.names import role_name, together
from ecoop.language.reasons import sentence
from ecoop.services import browser_sessions, passkeys, recovery, second_factors
from ecoop.services.accounts import AccountView
from ecoop.services.second_factors import FactorReason, Proof
from ecoop.web import entrance
from ecoop.web.access import account, db, door, known, now, public, signed_in
from ecoop.web.flow import go_to, local_path, tell, trying
from ecoop.web.forms import PlainForm
from ecoop.web.letters import send_recovery_letter
from ecoop.web.platform import platform
from ecoop.web.second_step import pages
from ecoop.web.second_step.forms import AnswerForm, CodeForm, PasskeyForm

bp = Blueprint("second_step", __name__)

Answer = str | tuple[str, int] | Answered


# taking it


@bp.route("/sign-in/second-step", methods=["GET", "POST"])
@public
def ask() -> Answer:
    """The second step, for who gave a password or a link a moment ago."""
    half = entrance.half_in()
    if half is None:
        return go_to("accounts.sign_in")
    form = CodeForm()
    status = 400 if form.is_submitted() else 200
    if form.validate_on_submit():
        found = second_factors.check(db(), half.id, form.code.data, key=_key(), now=now())
        if isinstance(found, Proof):
            return _let_in(half, found)
        form.code.errors = [sentence(found, {})]
        status = 429 if found is FactorReason.CODE_TOO_MANY else 403
    return _ask(half, form), status


def _ask(half: AccountView, form: CodeForm) -> str:
    page = pages.ask_page(
        second_factors.read_state(db(), half.id),
        passkeys_work=entrance.party() is not None,
        letter_waits=bool(recovery.read_due(db(), now=now(), account_id=half.id)),
    )
    return render_template(
        "second_step/ask.html", page=page, form=form, answer=AnswerForm(formdata=None), plain=PlainForm()
    )


def _let_in(half: AccountView, proof: Proof) -> Answered:
    answer = entrance.finish(half)
    if proof is Proof.RECOVERY_CODE:  # told once the session is a fresh one, or it would be forgotten with the old
        left = second_factors.read_state(db(), half.id).codes_left
        told = _("You used a recovery code. %(left)s are left. Lost your phone? Then set up a new app.", left=left)
        tell(told, "warning")
    return answer


@bp.post("/sign-in/second-step/letter")
@public
def send_letter() -> Answered:
    """Send the letter of a recovery whose waiting time is over, to who proved the first step."""
    half = entrance.half_in()
    if half is None:
        return go_to("accounts.sign_in")
    for recovery_id in recovery.read_due(db(), now=now(), account_id=half.id):
        opened = recovery.open_link(db(), recovery_id, actor_id=half.id, now=now())
        send_recovery_letter(opened)
    tell(_("The letter with your link is on its way to your address."))
    return go_to("second_step.ask")


@bp.get("/sign-in/passkey/options")
@public
def passkey_options() -> Response:
    """What a browser needs to sign in with a passkey; the script asks for it when the button is pressed."""
    party = entrance.party()
    if party is None:
        abort(404)
    challenge = passkeys.new_challenge(now())
    entrance.keep_challenge(challenge)
    return Response(passkeys.options_to_use(party, challenge), mimetype="application/json")


@bp.post("/sign-in/passkey")
@public
def use_passkey() -> Answered:
    """Sign in with a passkey: which one also says who it is, so no address is asked."""
    form, party, challenge = AnswerForm(), entrance.party(), entrance.take_challenge()
    if not passkeys.may_try(db(), request.remote_addr or "", now=now()):
        tell(sentence("too_many_tries", {}), "danger")
        return go_to("accounts.sign_in")
    if party is None or not form.validate_on_submit():
        tell(sentence(FactorReason.PASSKEY_WRONG, {}), "danger")
        return go_to("accounts.sign_in")
    with trying() as trial:
        one = passkeys.sign_in(db(), form.credential.data, party=party, challenge=challenge, now=now())
    if trial.refused:
        for message in trial.messages:
            tell(message, "danger")
        return go_to("accounts.sign_in", next=local_path(form.next.data))
    half = entrance.half_in()
    if half is not None and half.id == one.id:
        return entrance.finish(one)
    return entrance.come_in(one, form.next.data)


# setting it up


@bp.get("/account/second-step")
@signed_in
def show() -> str:
    """What one has for a second step, and what one can add."""
    state = second_factors.read_state(db(), account().id)
    page = pages.steps_page(
        state,
        passkeys.read_passkeys(db(), account().id),
        wanted_by=_wanted_by() if not state.has_any else "",
        passkeys_work=entrance.party() is not None,
    )
    form = PasskeyForm(formdata=None)
    return render_template("second_step/show.html", page=page, form=form, plain=PlainForm())


def _wanted_by() -> str:
    """Which place sent somebody here, and for which roles, in a sentence."""
    waiting = request.args.get("roles", "").split()
    for one in door().all_places:
        names = [role_name(held.role) for held in one.actor.roles if held.role in waiting]
        if one.slug == request.args.get("place") and names:
            return _(
                "%(cooperative)s asks for a second step. Until you have one, this waits for you there: %(roles)s.",
                cooperative=one.name,
                roles=together(names),
            )
    return ""


@bp.post("/account/second-step/app/begin")
@signed_in
def begin_app() -> Answered:
    """Make a fresh secret for an app."""
    asked = entrance.ask_proof(url_for("second_step.show"))
    if asked is not None:
        return asked
    with trying() as trial:
        second_factors.begin_app(db(), account().id, key=_key(), now=now())
    for message in trial.messages:
        tell(message, "danger")
    return go_to("second_step.show" if trial.refused else "second_step.app")


@bp.route("/account/second-step/app", methods=["GET", "POST"])
@signed_in
def app() -> Answer:
    """The secret as a picture and as text, until a right code was given."""
    secret = second_factors.read_new_secret(db(), account().id, key=_key())
    if secret is None:
        return go_to("second_step.show")
    asked = entrance.ask_proof(url_for("second_step.app"))
    if asked is not None:
        return asked
    form = CodeForm()
    status = 400 if form.is_submitted() else 200
    if form.validate_on_submit():
        found = second_factors.confirm_app(db(), account().id, form.code.data, key=_key(), now=now())
        if not isinstance(found, FactorReason):
            return _added(found)
        form.code.errors = [sentence(found, {})]
        status = 429 if found is FactorReason.CODE_TOO_MANY else 403
    return render_template("second_step/app.html", page=pages.app_page(secret), form=form), status


@bp.get("/account/second-step/app/qr.svg")
@signed_in
def picture() -> Response:
    """The QR code of an app that is being set up; of one that counts there is no picture any more."""
    secret = second_factors.read_new_secret(db(), account().id, key=_key())
    if secret is None or entrance.ask_proof("") is not None:
        abort(404)
    address = second_factors.address_of_secret(secret, account=account().email, issuer="ecoop")
    return Response(second_factors.picture_of_secret(address), mimetype="image/svg+xml")


@bp.post("/account/second-step/app/remove")
@signed_in
def remove_app() -> Answered:
    """Take the app away."""
    asked = entrance.ask_proof(url_for("second_step.show"))
    if asked is not None:
        return asked
    second_factors.remove_app(db(), account().id, now=now())
    tell(_("The app no longer counts."))
    return go_to("second_step.show")


@bp.post("/account/second-step/codes")
@signed_in
def renew_codes() -> Answer:
    """Ten new recovery codes, shown once."""
    asked = entrance.ask_proof(url_for("second_step.show"))
    if asked is not None:
        return asked
    return _codes(second_factors.renew_codes(db(), account().id, now=now()))


@bp.get("/account/passkeys/options")
@signed_in
def new_passkey_options() -> Response:
    """What a browser needs to make a passkey."""
    party = entrance.party()
    if party is None or entrance.ask_proof("") is not None:
        abort(404)
    challenge = passkeys.new_challenge(now())
    entrance.keep_challenge(challenge)
    return Response(passkeys.options_to_make(db(), account(), party, challenge), mimetype="application/json")


@bp.post("/account/passkeys")
@signed_in
def add_passkey() -> Answer:
    """Keep a new passkey."""
    asked = entrance.ask_proof(url_for("second_step.show"))
    if asked is not None:
        return asked
    form, party, challenge = PasskeyForm(), entrance.party(), entrance.take_challenge()
    if party is None or not form.validate_on_submit():
        tell(sentence(FactorReason.PASSKEY_NAME, {"maximum": passkeys.LONGEST_NAME}), "danger")
        return go_to("second_step.show")
    with trying() as trial:
        codes = passkeys.add(
            db(), account().id, form.credential.data, name=form.name.data, party=party, challenge=challenge, now=now()
        )
    if not trial.refused:
        return _added(codes)
    for message in trial.messages:
        tell(message, "danger")
    return go_to("second_step.show")


@bp.post("/account/passkeys/<int:passkey_id>/remove")
@signed_in
def remove_passkey(passkey_id: int) -> Answered:
    """Forget a passkey."""
    asked = entrance.ask_proof(url_for("second_step.show"))
    if asked is not None:
        return asked
    passkeys.remove(db(), account().id, passkey_id, now=now())
    tell(_("The passkey no longer opens your account."))
    return go_to("second_step.show")


def _added(codes: tuple[str, ...]) -> Answer:
    """After the first second step come the codes on paper. Sessions that began without one end."""
    browser_sessions.end_others(db(), account().id, known().id, now=now())
    if codes:
        return _codes(codes)
    tell(_("From now on signing in asks for a second step."))
    return go_to("second_step.show")


def _codes(codes: tuple[str, ...]) -> str:
    return render_template("second_step/codes.html", page=pages.codes_page(codes, account()))


def _key() -> str:
    return platform().settings.encryption_key
