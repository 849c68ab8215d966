"""The shape of an administrator's request."""

from wtforms import IntegerField, TextAreaField

from ecoop.language import gettext as _
from ecoop.web.forms import AtMost, EcoopForm, Required


class WholeNumberField(IntegerField):  # type: ignore[misc]
    """A whole number; anything else is told in the reader's language."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("This is not a whole number.")) from error


class SupportForm(EcoopForm):
    """Why an administrator wants to look in, and for how long."""

    reason = TextAreaField(validators=[Required(), AtMost(500)])
    hours = WholeNumberField(validators=[Required()])
