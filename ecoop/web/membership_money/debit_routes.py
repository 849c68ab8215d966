"""Direct debits: draft, announce, file, results. The file goes to the bank by hand."""

from flask import Response, render_template

from ecoop.exchange.sepa import write_direct_debits
from ecoop.governance.mandates import MandateScheme
from ecoop.governance.roles import Permission
from ecoop.language import gettext as _
from ecoop.services import balances, creditors, direct_debit_results, direct_debits
from ecoop.services.access_log import AccessKind
from ecoop.web.access import actor, allow, asked, day, db, note_reading, now, place
from ecoop.web.flow import go_to, tell, trying
from ecoop.web.forms import PlainForm
from ecoop.web.membership_money import debit_pages, forms
from ecoop.web.membership_money.common import Answer, bp, key, tell_refusals
from ecoop.web.membership_money.forms import DebitForm, ReasonForm, ReturnsForm

ONE = "/debits/<int:direct_debit_id>"


@bp.get("/debits/")
@allow(Permission.SEE_MONEY)
def debits(cooperative: str) -> str:
    """Every batch, and what could be collected now."""
    return _debits(DebitForm(formdata=None, description=_("Contribution %(year)s", year=str(day().year))))


def _debits(form: DebitForm, messages: tuple[str, ...] = ()) -> str:
    home = place().id
    forms.offer(form, scheme=forms.scheme_choices())
    could = direct_debits.collectable(db(), actor(), cooperative_id=home, day=day(), today=day())
    open_count = len(balances.read_open_charges(db(), cooperative_id=home, day=day()))
    held = direct_debits.count_in_batches(db(), cooperative_id=home)
    page = debit_pages.debits_page(
        direct_debit_results.read_batches(db(), actor(), cooperative_id=home),
        (len(could), sum(charge.cents for charge, _mandate in could), max(0, open_count - len(could) - held)),
        creditors.read_creditor(db(), actor(), cooperative_id=home, day=day()),
        actor(),
    )
    return render_template("membership_money/debits.html", page=page, form=form, messages=messages, place=place())


@bp.post("/debits/")
@allow(Permission.KEEP_MONEY)
def draft(cooperative: str) -> Answer:
    """Draft a batch of everything that is open and has a mandate."""
    form = DebitForm()
    forms.offer(form, scheme=forms.scheme_choices())
    messages: tuple[str, ...] = ()
    if form.validate_on_submit():
        with trying(form) as trial:
            made = direct_debits.draft_direct_debit(
                db(), actor(), cooperative_id=place().id, collection_on=form.collection_on.data,
                description=form.description.data, scheme=MandateScheme(form.scheme.data), now=now(),
            )  # fmt: skip
            tell(_("The direct debit is drafted. Nobody was told yet."))
        if not trial.refused:
            return go_to("membership_money.debit", cooperative=cooperative, direct_debit_id=made)
        messages = tuple(trial.messages)
    return _debits(form, messages), 400


@bp.get(f"{ONE}/")
@allow(Permission.SEE_MONEY)
def debit(cooperative: str, direct_debit_id: int) -> str:
    """One batch. Looking is noted: it tells who pays what."""
    shown = _debit(direct_debit_id, ReturnsForm(formdata=None))
    note_reading(AccessKind.MONEY, subject=f"direct_debit:{direct_debit_id}")
    return shown


def _debit(direct_debit_id: int, returns: ReturnsForm, messages: tuple[str, ...] = ()) -> str:
    home = place().id
    number = asked().get("page", "1")
    page = int(number) if number.isdecimal() and 0 < len(number) < 6 and int(number) > 0 else 1
    one = direct_debit_results.read_batch(db(), actor(), cooperative_id=home, direct_debit_id=direct_debit_id)
    lines = direct_debit_results.read_lines(
        db(), actor(), cooperative_id=home, direct_debit_id=direct_debit_id, day=day(), page=page
    )
    return render_template(
        "membership_money/debit.html", page=debit_pages.debit_page(one, lines, page, actor(), day=day()),
        returns=returns, reason=ReasonForm(formdata=None), plain=PlainForm(formdata=None), messages=messages,
        place=place(), number=direct_debit_id,
    )  # fmt: skip


def _back(cooperative: str, direct_debit_id: int) -> Answer:
    return go_to("membership_money.debit", cooperative=cooperative, direct_debit_id=direct_debit_id)


@bp.post(f"{ONE}/announce")
@allow(Permission.KEEP_MONEY)
def announce(cooperative: str, direct_debit_id: int) -> Answer:
    """Have every payer told."""
    with trying() as trial:
        direct_debits.announce(
            db(), actor(), cooperative_id=place().id, direct_debit_id=direct_debit_id, now=now()
        )  # fmt: skip
        tell(_("The letters to the payers are being written. They go out by themselves."))
    tell_refusals(trial)
    return _back(cooperative, direct_debit_id)


@bp.post(f"{ONE}/file")
@allow(Permission.KEEP_MONEY)
def make_file(cooperative: str, direct_debit_id: int) -> Answer:
    """Make the file for the bank."""
    with trying() as trial:
        direct_debits.make_file(
            db(), actor(), cooperative_id=place().id, direct_debit_id=direct_debit_id, key=key(),
            write=write_direct_debits, now=now(),
        )  # fmt: skip
        tell(_("The file is made, and passes the schema of pain.008.001.08."))
    tell_refusals(trial)
    return _back(cooperative, direct_debit_id)


@bp.post(f"{ONE}/take")
@allow(Permission.KEEP_MONEY)
def take_file(cooperative: str, direct_debit_id: int) -> Answer:
    """The file, as it was made. That it left is told."""
    with trying() as trial:
        content = direct_debits.take_file(
            db(), actor(), cooperative_id=place().id, direct_debit_id=direct_debit_id, key=key(), now=now()
        )
    if trial.refused:
        tell_refusals(trial)
        return _back(cooperative, direct_debit_id)
    name = f"{place().slug}-direct-debit-{direct_debit_id}.xml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, mimetype="application/xml", headers=headers)


@bp.post(f"{ONE}/results")
@allow(Permission.KEEP_MONEY)
def results(cooperative: str, direct_debit_id: int) -> Answer:
    """Book what the bank did; or what came back later, once that is done."""
    form = ReturnsForm()
    if not form.validate_on_submit():
        return _debit(direct_debit_id, form), 400
    home = place().id
    lines = direct_debit_results.read_lines(
        db(), actor(), cooperative_id=home, direct_debit_id=direct_debit_id, day=day()
    )
    returns, unread = debit_pages.read_returns(form.returns.data or "", lines)
    if unread:
        form.returns.errors = [_("This could not be read: %(rows)s", rows="; ".join(unread[:5]))]
        return _debit(direct_debit_id, form), 400
    with trying(form) as trial:
        direct_debit_results.book_bank_file(
            db(), actor(), cooperative_id=home, direct_debit_id=direct_debit_id, returns=returns, now=now()
        )
        tell(_("Booked."))
    if trial.refused:
        return _debit(direct_debit_id, form, tuple(dict.fromkeys(trial.messages))), 400
    return _back(cooperative, direct_debit_id)


@bp.post(f"{ONE}/cancel")
@allow(Permission.KEEP_MONEY)
def cancel(cooperative: str, direct_debit_id: int) -> Answer:
    """Give a batch up."""
    form = ReasonForm()
    if form.validate_on_submit():
        with trying() as trial:
            direct_debits.cancel(
                db(), actor(), cooperative_id=place().id, direct_debit_id=direct_debit_id, why=form.why.data,
                now=now(),
            )  # fmt: skip
            tell(_("The direct debit is cancelled."))
        tell_refusals(trial)
    else:
        tell(_("Say why it is cancelled."), "danger")
    return _back(cooperative, direct_debit_id)
