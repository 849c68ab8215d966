"""Signing in and out, the own account."""

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from ecoop import language
from ecoop.db import Scope
from ecoop.language import gettext as _
from ecoop.language.reasons import sentence
from ecoop.services import account_events, accounts, browser_sessions, cooperatives, second_factors
from ecoop.services.accounts import AccountReason, AccountView
from ecoop.services.demo_accounts import read_demo_accounts
from ecoop.services.second_factors import Proof
from ecoop.web import entrance
from ecoop.web.access import LANGUAGE_KEY, account, db, door, known, now, public, signed_in
from ecoop.web.accounts import pages
from ecoop.web.accounts.forms import AddressForm, PasswordForm, ProofForm, SignInForm
from ecoop.web.flow import go_to, local_path, tell, trying
from ecoop.web.forms import PlainForm
from ecoop.web.letters import send_links
from ecoop.web.platform import platform
from ecoop.web.sign_in import find_half, half_key

bp = Blueprint("accounts", __name__)

Answer = str | tuple[str, int] | Response
CANDIDATES_KEY = "candidates"


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Answer:
    """The sign-in page; in a demo also one button per role."""
    form = SignInForm(next=request.args.get("next", ""))
    if form.validate_on_submit():
        found = accounts.authenticate(
            db(), email=form.email.data, password=form.password.data, network=request.remote_addr or "", now=now()
        )
        if isinstance(found, tuple):
            return _enter_as_one_of(found, form.next.data)
        form.password.errors = [sentence(found, {})]
        status = 429 if found is AccountReason.TOO_MANY_TRIES else 403
        return render_template("accounts/sign_in.html", page=_sign_in_page(), form=form), status
    status = 400 if form.is_submitted() else 200
    return render_template("accounts/sign_in.html", page=_sign_in_page(), form=form), status


def _sign_in_page() -> pages.SignInPage:
    if not platform().is_demo:
        return pages.sign_in_page((), passkeys_work=entrance.party() is not None)
    with platform().database.work(Scope()) as reading:
        ids = frozenset(found.id for found in cooperatives.read_cooperatives(reading))
    with platform().database.work(Scope(cooperative_ids=ids)) as reading:
        return pages.sign_in_page(read_demo_accounts(reading), passkeys_work=entrance.party() is not None)


def _enter_as_one_of(found: tuple[AccountView, ...], wanted: str | None) -> Response:
    if len(found) == 1:
        return entrance.enter(found[0], wanted)
    session[CANDIDATES_KEY] = {"keys": [half_key(one) for one in found], "next": local_path(wanted)}
    return go_to("accounts.choose_identity")


@bp.route("/sign-in/identity", methods=["GET", "POST"])
@public
def choose_identity() -> Answer:
    """Members of one household who share address and password say which of them it is."""
    candidates = session.get(CANDIDATES_KEY)
    if not candidates:
        return go_to("accounts.sign_in")
    found = [one for one in map(find_half, candidates["keys"]) if one]
    form = PlainForm()
    if form.validate_on_submit():
        for one in found:
            if str(one.id) == request.form.get("account"):
                return entrance.enter(one, candidates["next"])
        abort(400)
    return render_template("accounts/identity.html", page=pages.identity_page(found), form=form)


@bp.route("/sign-in/forgotten", methods=["GET", "POST"])
@public
def request_link() -> Answer:
    """Ask for a link by mail. The answer is the same whether the address is known or not."""
    form = AddressForm()
    if form.validate_on_submit():
        send_links(form.email.data, network=request.remote_addr or "")
        return render_template("accounts/link_sent.html", page=pages.link_sent_page())
    status = 400 if form.is_submitted() else 200
    return render_template("accounts/forgotten.html", page=pages.forgotten_page(), form=form), status


@bp.route("/sign-in/link/<string:secret>", methods=["GET", "POST"])
@public
def redeem(secret: str) -> Answer:
    """A page with a button: programs that open links in mail must not use the link up."""
    form = PlainForm()
    messages: list[str] = []
    if form.validate_on_submit():
        with trying() as trial:
            one = accounts.redeem_link(db(), secret, now=now())
        if not trial.refused:
            return entrance.enter(one, by_link=True)
        messages = trial.messages
    status = 409 if messages else 200
    return render_template("accounts/link.html", page=pages.link_page(secret, messages), form=form), status


@bp.post("/demo/sign-in/<int:account_id>")
@public
def demo_sign_in(account_id: int) -> Response:
    """One click in a demo; no other installation has this door."""
    if not platform().is_demo:
        abort(404)
    one = accounts.find_account(db(), account_id)
    if one is None:
        abort(404)
    return entrance.enter(one)


@bp.post("/sign-out")
@public
def sign_out() -> Response:
    """End this browser's session, here and on the server."""
    entrance.leave()
    return go_to("accounts.sign_in")


@bp.get("/account")
@signed_in
def show() -> str:
    """The own account: places, ways of signing in, open sessions, and what happened with it."""
    page = pages.account_page(
        door(),
        account(),
        state=second_factors.read_state(db(), account().id),
        sessions=browser_sessions.read_sessions(db(), account().id, now=now()),
        present=known().id,
        events=account_events.read_events(db(), account().id),
    )
    return render_template("accounts/show.html", page=page, form=PlainForm())


@bp.post("/account/sessions/<int:session_id>/end")
@signed_in
def end_session(session_id: int) -> Response:
    """Sign out one browser, also when it is this one."""
    browser_sessions.end_another(db(), account().id, session_id, now=now())
    if session_id == known().id:
        entrance.leave()
        return go_to("accounts.sign_in")
    tell(_("That browser is signed out."))
    return go_to("accounts.show")


@bp.route("/account/prove", methods=["GET", "POST"])
@signed_in
def prove() -> Answer:
    """Prove again who one is, before something delicate."""
    wanted = local_path(request.args.get("next") or request.form.get("next"))
    state = second_factors.read_state(db(), account().id)
    form = ProofForm(next=wanted or "")
    if not account().has_password:
        del form.password
    if not state.has_any:
        del form.code
    if form.validate_on_submit() and _proves(form):
        browser_sessions.note_proof(db(), known().id, now())
        return redirect(wanted or url_for("accounts.show"), 303)
    status = 400 if form.is_submitted() else 200
    page = pages.proof_page(can_prove="password" in form or "code" in form)
    return render_template("accounts/prove.html", page=page, form=form), status


def _proves(form: ProofForm) -> bool:
    """Whether the password or the code is right; what is not is told beside its field."""
    if "code" in form and (form.code.data or "").strip():
        key = platform().settings.encryption_key
        found = second_factors.check(db(), account().id, form.code.data, key=key, now=now())
        if isinstance(found, Proof):
            return True
        form.code.errors = [sentence(found, {})]
    elif "password" in form:
        doubt = accounts.doubt_password(db(), account().id, form.password.data or "", now=now())
        if doubt is None:
            return True
        form.password.errors = [sentence(doubt, {})]
    return False


@bp.route("/account/password", methods=["GET", "POST"])
@signed_in
def set_password() -> Answer:
    """Choose a password; every other session ends. Who has one already gives it, or came in by a link."""
    form = PasswordForm()
    if not account().has_password or entrance.came_by_link():
        del form.current
    if form.validate_on_submit() and _set_password(form):
        tell(_("Your password is set. You were signed out everywhere else."))
        return go_to("home.start")
    status = 400 if form.is_submitted() else 200
    page = pages.password_page(account())
    return render_template("accounts/password.html", page=page, form=form), status


def _set_password(form: PasswordForm) -> bool:
    if "current" in form:
        doubt = accounts.doubt_password(db(), account().id, form.current.data, now=now())
        if doubt is not None:  # outside the savepoint below: the try is counted also when it fails
            form.current.errors = [sentence(doubt, {})]
            return False
    with trying(form) as trial:
        renewed = accounts.set_password(db(), account().id, form.password.data, now=now())
    if not trial.refused:
        entrance.begin(renewed)
    return not trial.refused


@bp.post("/account/sign-out-everywhere")
@signed_in
def sign_out_everywhere() -> Response:
    """End every session of this account, this one too."""
    accounts.sign_out_everywhere(db(), account().id, now=now())
    entrance.leave()
    return go_to("accounts.sign_in")


@bp.post("/language/<string:code>")
@public
def choose_language(code: str) -> Response:
    """Read on in another language, remembered with the account."""
    chosen = language.parse_language(code)
    if chosen is None:
        abort(404)
    session[LANGUAGE_KEY] = chosen.value
    found = door().account
    if found is not None:
        accounts.choose_language(db(), found.id, chosen)
    return redirect(local_path(request.form.get("next")) or url_for("home.start"), 303)
