"""The shape of what somebody changes about oneself."""

from wtforms import EmailField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from ecoop.web.forms import AtMost, EcoopForm, LocalDateField, Required


class OwnForm(EcoopForm):
    """Where one lives and how one is reached."""

    valid_from = LocalDateField(validators=[Required()])
    street = StringField(validators=[AtMost(120)])
    house_number = StringField(validators=[AtMost(20)])
    postcode = StringField(validators=[AtMost(12)])
    city = StringField(validators=[AtMost(80)])
    country = StringField(validators=[Required(), AtMost(2)])
    phone = StringField(validators=[AtMost(30)])
    email = EmailField(validators=[AtMost(254)])
    name = StringField(validators=[Required(), AtMost(200)])
    language = SelectField(validators=[Required()])


class NameForm(EcoopForm):
    """Another name or date of birth, to be asked for."""

    name = StringField(validators=[Required(), AtMost(200)])
    given_names = StringField(validators=[AtMost(120)])
    name_prefix = StringField(validators=[AtMost(40)])
    family_name = StringField(validators=[AtMost(120)])
    birth_date = LocalDateField(validators=[Optional()])


class NoticeForm(EcoopForm):
    """Giving notice."""

    why = TextAreaField(validators=[AtMost(500)])


class AnswerForm(EcoopForm):
    """Taking a correction over from a day on, or refusing it."""

    valid_from = LocalDateField(validators=[Required()])
    outcome = SelectField(validators=[Required()])
    why = TextAreaField(validators=[AtMost(500)])
