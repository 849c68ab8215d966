"""The account of one member: what is booked, bank accounts and mandates, and a whole number with a reason."""

from dataclasses import dataclass, field

from flask import make_response, render_template

from ecoop.errors import InvalidInput, Problem
from ecoop.governance.holdings import EntryKind, LedgerAccount, LedgerReason
from ecoop.governance.mandates import MandateEventKind, MandateScheme, SigningWay
from ecoop.governance.roles import Permission
from ecoop.language import gettext as _
from ecoop.services import balances, bank_accounts, ledger, mandates
from ecoop.services.access_log import AccessKind
from ecoop.services.ledger import NewEntry
from ecoop.services.mandates import NewMandate
from ecoop.web.access import actor, allow, day, db, note_reading, now, place
from ecoop.web.flow import go_to, tell, trying
from ecoop.web.forms import PlainForm
from ecoop.web.membership_money import account_pages, forms
from ecoop.web.membership_money.common import Answer, bp, key, tell_refusals
from ecoop.web.membership_money.forms import (
    BankAccountForm,
    BookForm,
    MandateEventForm,
    MandateForm,
    ReasonForm,
    TransferForm,
)

MEMBER = "/members/<int:membership_id>"


@dataclass(slots=True, kw_only=True)
class Sheet:
    """The forms on the page of an account; the one that was sent keeps what was filled in."""

    book: BookForm
    transfer: TransferForm
    bank: BankAccountForm
    mandate: MandateForm
    event: MandateEventForm
    reason: ReasonForm
    plain: PlainForm
    messages: list[str] = field(default_factory=list)


def _sheet(**sent: object) -> Sheet:
    today = day()
    given = {
        "book": BookForm(formdata=None, booked_on=today),
        "transfer": TransferForm(formdata=None, prefix="to", booked_on=today),
        "bank": BankAccountForm(formdata=None, prefix="bank", valid_from=today),
        "mandate": MandateForm(formdata=None, signed_on=today),
        "event": MandateEventForm(formdata=None, day=today),
        "reason": ReasonForm(formdata=None),
        "plain": PlainForm(formdata=None),
    } | sent
    sheet = Sheet(**given)  # type: ignore[arg-type]
    forms.offer(sheet.book, account=forms.account_choices(), kind=forms.kind_choices())
    forms.offer(sheet.mandate, signing=forms.signing_choices(), scheme=forms.scheme_choices())
    forms.offer(sheet.event, kind=forms.mandate_choices())
    return sheet


def _shown(membership_id: int, sheet: Sheet, revealed: tuple[int, str] | None = None) -> str:
    home = place().id
    found = balances.read_account(db(), actor(), cooperative_id=home, membership_id=membership_id, day=day())
    if sheet.bank.holder.data is None:
        sheet.bank.holder.data = found.name[:70]
    page = account_pages.account_page(
        found,
        bank_accounts.read_bank_accounts(db(), actor(), cooperative_id=home, party_id=found.party_id),
        mandates.read_mandates(db(), actor(), cooperative_id=home, party_id=found.party_id, day=day()),
        actor(), day=day(), revealed=revealed,
    )  # fmt: skip
    return render_template("membership_money/account.html", page=page, sheet=sheet, place=place(), number=membership_id)


@bp.get(f"{MEMBER}/")
@allow(Permission.SEE_MONEY)
def account(cooperative: str, membership_id: int) -> str:
    """What one member has with the cooperative. Looking is noted."""
    shown = _shown(membership_id, _sheet())
    found = balances.read_account(db(), actor(), cooperative_id=place().id, membership_id=membership_id, day=day())
    note_reading(AccessKind.MONEY, subject=f"membership:{membership_id}", about_account_id=found.account_id)
    return shown


def _back(cooperative: str, membership_id: int) -> Answer:
    return go_to("membership_money.account", cooperative=cooperative, membership_id=membership_id)


@bp.post(f"{MEMBER}/book")
@allow(Permission.KEEP_MONEY)
def book(cooperative: str, membership_id: int) -> Answer:
    """Book something on the account of a member."""
    sheet = _sheet(book=BookForm())
    form = sheet.book
    if form.validate_on_submit():
        new = NewEntry(
            membership_id=membership_id, account=LedgerAccount(form.account.data), kind=EntryKind(form.kind.data),
            cents=form.amount.data, booked_on=form.booked_on.data, year=form.year.data,
            tranche=form.tranche.data or None, reference=form.reference.data or None,
        )  # fmt: skip
        with trying(form) as trial:
            ledger.book_entries(db(), actor(), cooperative_id=place().id, new=(new,), why=form.why.data, now=now())
            tell(_("Booked."))
        sheet.messages = trial.messages
        if not trial.refused:
            return _back(cooperative, membership_id)
    return _shown(membership_id, sheet), 400


@bp.post(f"{MEMBER}/transfer")
@allow(Permission.KEEP_MONEY)
def transfer(cooperative: str, membership_id: int) -> Answer:
    """Capital passes from this member to another."""
    sheet = _sheet(transfer=TransferForm(prefix="to"))
    form = sheet.transfer
    if form.validate_on_submit():
        with trying(form) as trial:
            ledger.transfer_capital(
                db(), actor(), cooperative_id=place().id, from_membership_id=membership_id,
                to_membership_id=_numbered(form.to_number.data), cents=form.amount.data,
                booked_on=form.booked_on.data, why=form.why.data, now=now(),
            )  # fmt: skip
            tell(_("The capital has passed to the other member."))
        sheet.messages = trial.messages
        if not trial.refused:
            return _back(cooperative, membership_id)
    return _shown(membership_id, sheet), 400


def _numbered(number: int) -> int:
    names = balances.read_names(db(), actor(), cooperative_id=place().id, day=day())
    for membership_id, (known, _name) in names.items():
        if known == number:
            return membership_id
    raise InvalidInput((Problem(key="to_number", reason=LedgerReason.MEMBER_UNKNOWN),))


@bp.post(f"{MEMBER}/entries/<int:entry_id>/correct")
@allow(Permission.KEEP_MONEY)
def correct(cooperative: str, membership_id: int, entry_id: int) -> Answer:
    """Take an entry back by a counter entry."""
    sheet = _sheet(reason=ReasonForm())
    if sheet.reason.validate_on_submit():
        with trying() as trial:
            ledger.correct_entry(
                db(), actor(), cooperative_id=place().id, entry_id=entry_id, why=sheet.reason.why.data, now=now()
            )
            tell(_("Taken back by a counter entry."))
        tell_refusals(trial)
    else:
        tell(_("Say why it is taken back."), "danger")
    return _back(cooperative, membership_id)


@bp.post(f"{MEMBER}/bank-accounts")
@allow(Permission.KEEP_MONEY)
def add_bank_account(cooperative: str, membership_id: int) -> Answer:
    """Add an account of a member."""
    sheet = _sheet(bank=BankAccountForm(prefix="bank"))
    form = sheet.bank
    if form.validate_on_submit():
        party_id = bank_accounts.party_of(db(), cooperative_id=place().id, membership_id=membership_id)
        with trying(form) as trial:
            bank_accounts.add_bank_account(
                db(), actor(), cooperative_id=place().id, party_id=party_id, iban=form.iban.data,
                holder=form.holder.data, valid_from=form.valid_from.data, key=key(), now=now(),
            )  # fmt: skip
            tell(_("The account is kept, and shown masked."))
        sheet.messages = trial.messages
        if not trial.refused:
            return _back(cooperative, membership_id)
    return _shown(membership_id, sheet), 400


@bp.post(f"{MEMBER}/bank-accounts/<int:bank_account_id>/end")
@allow(Permission.KEEP_MONEY)
def end_bank_account(cooperative: str, membership_id: int, bank_account_id: int) -> Answer:
    """The account is not used any more from today; its mandates end."""
    with trying() as trial:
        bank_accounts.end_bank_account(
            db(), actor(), cooperative_id=place().id, bank_account_id=bank_account_id, valid_until=day(), now=now()
        )
        tell(_("The account is not used any more, and its mandates have ended."))
    tell_refusals(trial)
    return _back(cooperative, membership_id)


@bp.post(f"{MEMBER}/bank-accounts/<int:bank_account_id>/reveal")
@allow(Permission.KEEP_MONEY)
def reveal(cooperative: str, membership_id: int, bank_account_id: int) -> Answer:
    """The whole number, once, on this page. The reason stands in the trail; the member can see that it was shown."""
    sheet = _sheet(reason=ReasonForm())
    revealed = None
    if sheet.reason.validate_on_submit():
        with trying(sheet.reason) as trial:
            number = bank_accounts.reveal_iban(
                db(), actor(), cooperative_id=place().id, bank_account_id=bank_account_id, key=key(),
                why=sheet.reason.why.data, now=now(),
            )  # fmt: skip
            revealed = (bank_account_id, number)
        sheet.messages = trial.messages
    else:
        sheet.messages = [_("Say what you need the whole number for.")]
    answer = make_response(_shown(membership_id, sheet, revealed), 200 if revealed else 400)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post(f"{MEMBER}/bank-accounts/<int:bank_account_id>/sign")
@allow(Permission.KEEP_MONEY)
def sign(cooperative: str, membership_id: int, bank_account_id: int) -> Answer:
    """Keep a mandate that was signed for an account."""
    sheet = _sheet(mandate=MandateForm())
    form = sheet.mandate
    if form.validate_on_submit():
        new = NewMandate(
            bank_account_id=bank_account_id, signed_on=form.signed_on.data, signing=SigningWay(form.signing.data),
            scheme=MandateScheme(form.scheme.data), reference=form.reference.data or None,
        )  # fmt: skip
        with trying(form) as trial:
            mandates.sign_mandate(db(), actor(), cooperative_id=place().id, new=new, now=now())
            tell(_("The mandate is kept and in use."))
        sheet.messages = trial.messages
        if not trial.refused:
            return _back(cooperative, membership_id)
    return _shown(membership_id, sheet), 400


@bp.post(f"{MEMBER}/mandates/<int:mandate_id>")
@allow(Permission.KEEP_MONEY)
def change_mandate(cooperative: str, membership_id: int, mandate_id: int) -> Answer:
    """Write down what happened to a mandate."""
    sheet = _sheet(event=MandateEventForm())
    form = sheet.event
    if form.validate_on_submit():
        with trying(form) as trial:
            mandates.add_mandate_event(
                db(), actor(), cooperative_id=place().id, mandate_id=mandate_id,
                kind=MandateEventKind(form.kind.data), day=form.day.data, now=now(),
            )  # fmt: skip
            tell(_("Written down."))
        sheet.messages = trial.messages
        if not trial.refused:
            return _back(cooperative, membership_id)
    return _shown(membership_id, sheet), 400
