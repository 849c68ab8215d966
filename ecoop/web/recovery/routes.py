"""Another e-mail address, and the way back in for who lost a phone: asked, told, waited for, and undone by a link."""

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from ecoop.governance.roles import Permission
from ecoop.language import gettext as _
from ecoop.services import addresses, recovery, roles
from ecoop.web import entrance
from ecoop.web.access import account, actor, allow, day, db, known, now, place, public, signed_in
from ecoop.web.flow import go_to, tell, trying
from ecoop.web.forms import PlainForm
from ecoop.web.letters import (
    send_address_link,
    send_address_notice,
    send_recovery_letter,
    send_recovery_notice,
)
from ecoop.web.recovery import pages
from ecoop.web.recovery.forms import AddressForm, StartForm

bp = Blueprint("recovery", __name__)

Answer = str | tuple[str, int] | Response
INSIDE = "/cooperatives/<slug:cooperative>/recoveries"


# another address


@bp.route("/account/address", methods=["GET", "POST"])
@signed_in
def change_address() -> Answer:
    """Ask for another address; it counts once the link that goes there was used."""
    asked = entrance.ask_proof(url_for("recovery.change_address"))
    if asked is not None:
        return asked
    form = AddressForm()
    messages: list[str] = []
    if form.validate_on_submit():
        with trying(form) as trial:
            address, secret = addresses.ask(db(), account().id, form.email.data, now=now())
            send_address_link(account(), address=address, secret=secret)
            tell(_("A letter with a link is on its way to %(address)s. It works for a day.", address=address))
        if not trial.refused:
            return go_to("accounts.show")
        messages = trial.messages
    status = 400 if form.is_submitted() else 200
    page = pages.address_page(account())
    return render_template("recovery/address.html", page=page, form=form, messages=messages), status


@bp.route("/account/address/confirm/<string:secret>", methods=["GET", "POST"])
@public
def confirm_address(secret: str) -> Answer:
    """The button behind the link at the new address."""
    form = PlainForm()
    messages: list[str] = []
    if form.validate_on_submit():
        with trying() as trial:
            changed = addresses.confirm(db(), secret, now=now())
            send_address_notice(changed)
            tell(_("Your new address counts from now on."))
        if not trial.refused:
            return go_to("home.start")
        messages = trial.messages
    return _behind_link(pages.confirm_page(messages), form)


@bp.route("/account/address/undo/<string:secret>", methods=["GET", "POST"])
@public
def undo_address(secret: str) -> Answer:
    """The button behind the link at the old address."""
    form = PlainForm()
    messages: list[str] = []
    if form.validate_on_submit():
        with trying() as trial:
            addresses.undo(db(), secret, now=now())
            tell(_("Your old address counts again. Ask for a link to sign in."))
        if not trial.refused:
            return go_to("accounts.request_link")
        messages = trial.messages
    return _behind_link(pages.undo_page(messages), form)


def _behind_link(page: pages.LinkPage, form: PlainForm) -> tuple[str, int]:
    return render_template("recovery/link.html", page=page, form=form), 409 if page.messages else 200


# a lost phone: the person


@bp.route("/sign-in/recovery/<string:secret>", methods=["GET", "POST"])
@public
def use(secret: str) -> Answer:
    """The button behind the link that ends a recovery."""
    form = PlainForm()
    messages: list[str] = []
    if form.validate_on_submit():
        with trying() as trial:
            one = recovery.use_link(db(), secret, now=now())
        if not trial.refused:
            return entrance.enter(one, by_link=True)
        messages = trial.messages
    return _behind_link(pages.use_page(messages), form)


@bp.route("/sign-in/recovery/stop/<string:secret>", methods=["GET", "POST"])
@public
def stop_by_link(secret: str) -> Answer:
    """The button that stops a recovery that one did not ask for."""
    form = PlainForm()
    messages: list[str] = []
    if form.validate_on_submit():
        with trying() as trial:
            recovery.stop_by_link(db(), secret, now=now())
            tell(_("The recovery is stopped. Nothing changed."))
        if not trial.refused:
            return go_to("home.start")
        messages = trial.messages
    return _behind_link(pages.stop_page(messages), form)


# a lost phone: the board


@bp.route(f"{INSIDE}/", methods=["GET", "POST"])
@allow(Permission.GRANT_ROLES)
def show(cooperative: str) -> Answer:
    """Those whom the board helps back in, and helping somebody."""
    form = StartForm()
    holders = roles.read_holders(db(), cooperative_id=place().id, day=day())
    form.account_id.choices = pages.person_choices(holders, actor=actor(), day=day())
    messages: list[str] = []
    if form.validate_on_submit():
        with trying(form) as trial:
            _start(form)
        if not trial.refused:
            return go_to("recovery.show", cooperative=cooperative)
        messages = trial.messages
    rows = recovery.read_recoveries(db(), cooperative_id=place().id)
    page = pages.recoveries_page(rows, actor=actor(), now=now())
    status = 400 if form.is_submitted() else 200
    shown = {"page": page, "place": place(), "form": form, "plain": PlainForm(), "messages": messages}
    return render_template("recovery/show.html", **shown), status


def _start(form: StartForm) -> None:
    started = recovery.start(
        db(),
        actor(),
        cooperative_id=place().id,
        account_id=form.account_id.data,
        reason=form.reason.data,
        site=request.host_url,
        now=now(),
    )
    send_recovery_notice(started, cooperative=place().name, started_by=actor().name)
    tell(
        _("%(name)s has a notice, and can stop this. The letter goes out after a day.", name=started.account.name)
        if started.opens_at
        else _("%(name)s has a notice. Now a second board member has to agree.", name=started.account.name)
    )


@bp.post(f"{INSIDE}/<int:recovery_id>/agree")
@allow(Permission.GRANT_ROLES)
def agree(cooperative: str, recovery_id: int) -> Response:
    """Agree as a second board member."""
    with trying() as trial:
        recovery.agree(db(), actor(), cooperative_id=place().id, recovery_id=recovery_id, now=now())
        tell(_("You agreed. The letter goes out after a day."))
    return _back(cooperative, trial.messages)


@bp.post(f"{INSIDE}/<int:recovery_id>/send")
@allow(Permission.GRANT_ROLES)
def send(cooperative: str, recovery_id: int) -> Response:
    """Send the letter with the link, once the waiting time is over."""
    with trying() as trial:
        opened = recovery.open_link(
            db(), recovery_id, cooperative_id=place().id, actor_id=known().account.id, now=now()
        )
        send_recovery_letter(opened)
        tell(_("The letter is on its way."))
    return _back(cooperative, trial.messages)


@bp.post(f"{INSIDE}/<int:recovery_id>/stop")
@allow(Permission.GRANT_ROLES)
def stop(cooperative: str, recovery_id: int) -> Response:
    """Stop a recovery."""
    with trying() as trial:
        recovery.stop(db(), actor(), cooperative_id=place().id, recovery_id=recovery_id, now=now())
        tell(_("The recovery is stopped. Nothing changed."))
    return _back(cooperative, trial.messages)


def _back(cooperative: str, messages: list[str]) -> Response:
    for message in messages:
        tell(message, "danger")
    return go_to("recovery.show", cooperative=cooperative)
