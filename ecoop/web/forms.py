"""Fields and validators that many forms share; their messages are ours, in the reader's language."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateField, Field, FileField, Form, StringField
from wtforms.i18n import get_translations
from wtforms.validators import StopValidation

from ecoop import money
from ecoop.language import Language, current
from ecoop.language import gettext as _

YEARS = (1800, 2200)
"""No day that anybody writes down lies before or after: beyond it a slip of the finger is far likelier."""
DATE_FORMATS = ["%Y-%m-%d", "%d-%m-%Y"]


class LocalDateField(DateField):  # type: ignore[misc]
    """A day, as a browser sends it or as one writes it; what is not a day is told in the reader's language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"format": DATE_FORMATS} | kwargs))

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("This is not a date. Write it as 31-12-2026.")) from error
        if isinstance(self.data, date) and not YEARS[0] <= self.data.year <= YEARS[1]:
            raise ValueError(_("Is the year right? Choose a day between %(first)s and %(last)s.", first=YEARS[0],
                               last=YEARS[1]))  # fmt: skip


_AMOUNT = re.compile(r"\d{1,9}(?:[.,]\d{1,2})?")


class AmountField(StringField):  # type: ignore[misc]
    """An amount in euros as one writes it, with a comma or a point; `cents` holds it."""

    cents: int | None = None

    def pre_validate(self, form: Form) -> None:
        """Read the amount; what is none is told."""
        text = (self.data or "").replace("€", "").replace(" ", "").replace("\u00a0", "")
        if not text:
            return
        if not _AMOUNT.fullmatch(text):
            raise StopValidation(_("This is not an amount. Write it as 1250,50."))
        self.cents = money.to_cents(Decimal(text.replace(",", ".")))


class Required:
    """Something must be filled in; spaces alone are nothing."""

    field_flags = {"required": True}

    def __call__(self, _form: Form, field: Field) -> None:
        given = "".join(str(value) for value in field.raw_data or ()).strip()
        if given and field.process_errors:  # what is wrong with it is told already
            raise StopValidation
        if field.data in (None, "", []) or (isinstance(field.data, str) and not field.data.strip()):
            field.errors = []
            raise StopValidation(_("Choose a file first.") if isinstance(field, FileField) else _("Fill this in."))


class AtMost:
    """No more than so many characters."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.field_flags = {"maxlength": length}

    def __call__(self, _form: Form, field: Field) -> None:
        if len(field.data or "") > self.length:
            raise StopValidation(_("At most %(length)s characters.", length=self.length))


class EcoopForm(FlaskForm):  # type: ignore[misc]
    """The form under all our forms: with a token against forgery, and the library's own words in our language."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """How WTForms finds its words."""

        def get_translations(self, form: Form) -> object:
            """The words of WTForms in the language of the moment; English is what it speaks by itself."""
            return get_translations([current().value]) if current() is not Language.ENGLISH else None


class PlainForm(EcoopForm):
    """A button without fields: only the token against forgery."""
