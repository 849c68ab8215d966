"""The shape of what is filled in when a role is given."""

from wtforms import EmailField, SelectField, SelectMultipleField, StringField
from wtforms.validators import Optional

from ecoop.web.forms import DATE_FORMATS, AtMost, EcoopForm, LocalDateField, Required


class GrantForm(EcoopForm):
    """Who gets which role, when and for what."""

    name = StringField(validators=[Required(), AtMost(200)])
    email = EmailField(validators=[Required(), AtMost(254)])
    role = SelectField(validators=[Required()])
    starts_on = LocalDateField(format=DATE_FORMATS, validators=[Required()])
    ends_on = LocalDateField(format=DATE_FORMATS, validators=[Optional()])
    building_ids = SelectMultipleField(coerce=int, validators=[Optional()])
    concerns = StringField(validators=[AtMost(200)])
