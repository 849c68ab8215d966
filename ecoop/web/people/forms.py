"""The shape of what is filled in when a role is given."""

from wtforms import DateField, EmailField, SelectField, SelectMultipleField, StringField
from wtforms.validators import Optional

from ecoop.language import gettext as _
from ecoop.web.forms import AtMost, EcoopForm, Required


class LocalDateField(DateField):  # type: ignore[misc]
    """A day; what is not a day is told in the reader's language."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("This is not a date. Write it as 31-12-2026.")) from error


DATE_FORMATS = ["%Y-%m-%d", "%d-%m-%Y"]


class GrantForm(EcoopForm):
    """Who gets which role, when and for what."""

    name = StringField(validators=[Required(), AtMost(200)])
    email = EmailField(validators=[Required(), AtMost(254)])
    role = SelectField(validators=[Required()])
    starts_on = LocalDateField(format=DATE_FORMATS, validators=[Required()])
    ends_on = LocalDateField(format=DATE_FORMATS, validators=[Optional()])
    building_ids = SelectMultipleField(coerce=int, validators=[Optional()])
    concerns = StringField(validators=[AtMost(200)])
