"""What is filled in about money: amounts as one writes them, and everything else as usual."""

import re
from decimal import Decimal
from typing import Any

from wtforms import FileField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from ecoop.governance.direct_debits import ANNOUNCE_DAYS
from ecoop.governance.holdings import EntryKind, LedgerAccount
from ecoop.governance.mandates import LAPSE_MONTHS, MandateEventKind, MandateScheme, SigningWay
from ecoop.language import gettext as _
from ecoop.language.money import account_name, entry_name, mandate_event, scheme_name, signing_name
from ecoop.language.register import CLASSES, class_name
from ecoop.money import to_cents
from ecoop.web.forms import AtMost, EcoopForm, LocalDateField, Required

_AMOUNT = re.compile(r"(\d{1,3}(?:[. ]\d{3})+|\d+)(?:,(\d{1,2}))?|(\d{1,3}(?:,\d{3})+|\d+)\.(\d{1,2})")
BOOKABLE = (
    EntryKind.RECEIVED,
    EntryKind.CHARGED,
    EntryKind.PROMISED,
    EntryKind.PROMISE_LAPSED,
    EntryKind.PAID_OUT,
    EntryKind.REFUNDED,
    EntryKind.WRITTEN_OFF,
    EntryKind.RETURNED,
)
"""What the treasurer books by hand; the other kinds come about by themselves."""


def read_cents(text: str) -> int | None:
    """The cents of an amount as one writes it: 1.234,50 or 1234.50 or € 20; None where it is no amount."""
    found = _AMOUNT.fullmatch(text.replace("€", "").replace("\u00a0", " ").strip())
    if found is None:
        return None
    whole, part = (found[1], found[2]) if found[1] is not None else (found[3], found[4])
    digits = re.sub(r"\D", "", whole)
    return to_cents(Decimal(f"{digits}.{(part or '0').ljust(2, '0')}"))


class MoneyField(StringField):  # type: ignore[misc]
    """An amount in euros; its data are cents."""

    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data // 100},{self.data % 100:02}"

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the amount as one writes it."""
        self.data = None
        if valuelist and valuelist[0].strip():
            self.data = read_cents(valuelist[0])
            if self.data is None or len(valuelist[0]) > 20:
                self.data = None
                raise ValueError(_("This is not an amount. Write it as 12,50."))


class ChargeForm(EcoopForm):
    """A contribution for every member of a kind."""

    class_code = SelectField(validators=[Required()])
    year = IntegerField(validators=[Required()])
    amount = MoneyField(validators=[Required()])
    booked_on = LocalDateField(validators=[Required()])


class PreviewForm(ChargeForm):
    """The same as a question: asking changes nothing, so it travels in the address."""

    class Meta(ChargeForm.Meta):
        """A question needs no token against forgery."""

        csrf = False


class DayForm(EcoopForm):
    """On which day a list is asked."""

    class Meta(EcoopForm.Meta):
        """A question needs no token against forgery."""

        csrf = False

    on = LocalDateField(validators=[Optional()])
    page = IntegerField(validators=[Optional()])


class YearForm(EcoopForm):
    """Which year is closed."""

    year = IntegerField(validators=[Required()])


class CreditorForm(EcoopForm):
    """As whom is collected."""

    identifier = StringField(validators=[Required(), AtMost(35)])
    name = StringField(validators=[Required(), AtMost(70)])
    iban = StringField(validators=[Required(), AtMost(42)])
    announce_days = IntegerField(validators=[Optional()], default=ANNOUNCE_DAYS)
    lapse_months = IntegerField(validators=[Optional()], default=LAPSE_MONTHS)
    valid_from = LocalDateField(validators=[Required()])


class BookForm(EcoopForm):
    """One booking on the account of a member."""

    account = SelectField(validators=[Required()])
    kind = SelectField(validators=[Required()])
    amount = MoneyField(validators=[Required()])
    booked_on = LocalDateField(validators=[Required()])
    year = IntegerField(validators=[Optional()])
    tranche = StringField(validators=[AtMost(40)])
    reference = StringField(validators=[AtMost(70)])
    why = TextAreaField(validators=[AtMost(500)])


class TransferForm(EcoopForm):
    """Capital that passes to another member."""

    to_number = IntegerField(validators=[Required()])
    amount = MoneyField(validators=[Required()])
    booked_on = LocalDateField(validators=[Required()])
    why = TextAreaField(validators=[AtMost(500)])


class BankAccountForm(EcoopForm):
    """An account of a member, perhaps with the mandate that was signed for it."""

    iban = StringField(validators=[Required(), AtMost(42)])
    holder = StringField(validators=[Required(), AtMost(70)])
    valid_from = LocalDateField(validators=[Required()])


class MandateForm(EcoopForm):
    """A mandate as it was signed."""

    signed_on = LocalDateField(validators=[Required()])
    signing = SelectField(validators=[Required()])
    scheme = SelectField(validators=[Required()])
    reference = StringField(validators=[AtMost(35)])


class MandateEventForm(EcoopForm):
    """What happened to a mandate."""

    kind = SelectField(validators=[Required()])
    day = LocalDateField(validators=[Required()])


class ReasonForm(EcoopForm):
    """Why something is done."""

    why = StringField(validators=[Required(), AtMost(500)])


class DebitForm(EcoopForm):
    """A direct debit to be drafted."""

    collection_on = LocalDateField(validators=[Required()])
    description = StringField(validators=[Required(), AtMost(100)])
    scheme = SelectField(validators=[Required()])


class ReturnsForm(EcoopForm):
    """What came back from the bank: a line each, with the number of the line and the code of the bank."""

    returns = TextAreaField(validators=[AtMost(20_000)])


def offer(form: Any, **chosen: list[tuple[str, str]]) -> None:
    """Fill the lists of a form."""
    for name, choices in chosen.items():
        form[name].choices = choices


def class_choices() -> list[tuple[str, str]]:
    """Kinds of membership."""
    return [("", _("Choose a kind")), *((code, class_name(code)) for code in CLASSES)]


def account_choices() -> list[tuple[str, str]]:
    """For what money is kept."""
    return [(one.value, account_name(one)) for one in LedgerAccount]


def kind_choices() -> list[tuple[str, str]]:
    """What can be booked by hand."""
    return [(one.value, entry_name(one)) for one in BOOKABLE]


def scheme_choices() -> list[tuple[str, str]]:
    """Under which scheme is collected."""
    return [(one.value, scheme_name(one)) for one in MandateScheme]


def signing_choices() -> list[tuple[str, str]]:
    """How a mandate was signed."""
    return [(one.value, signing_name(one)) for one in (SigningWay.ON_PAPER, SigningWay.TAKEN_OVER)]


def mandate_choices() -> list[tuple[str, str]]:
    """What can be done with a mandate by hand."""
    kinds = (MandateEventKind.SUSPENDED, MandateEventKind.RESUMED, MandateEventKind.REVOKED, MandateEventKind.ENDED)
    return [(one.value, mandate_event(one)) for one in kinds]


class BankFileForm(EcoopForm):
    """A statement of the bank."""

    file = FileField(validators=[Required()])


class BankChoicesForm(EcoopForm):
    """The lines of a bank file, sealed; a choice for each is added to it."""

    sealed = HiddenField()
