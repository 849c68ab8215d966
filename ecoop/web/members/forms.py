"""What is asked of the register, and the shape of what is written in it."""

from wtforms import EmailField, IntegerField, SelectField, StringField, SubmitField, TextAreaField
from wtforms.validators import Optional

from ecoop.web.forms import AtMost, EcoopForm, LocalDateField, Required


class ListForm(EcoopForm):
    """Which lines of the register: asking changes nothing, so it travels in the address."""

    class Meta(EcoopForm.Meta):
        """A question needs no token against forgery."""

        csrf = False

    text = StringField(validators=[AtMost(100)])
    on = LocalDateField(validators=[Optional()])
    known = LocalDateField(validators=[Optional()])
    status = SelectField(validators=[Optional()])
    kind = SelectField(validators=[Optional()])
    order = SelectField(validators=[Optional()])
    page = IntegerField(validators=[Optional()])


class PartyForm(EcoopForm):
    """What is known of a party."""

    name = StringField(validators=[Required(), AtMost(200)])
    given_names = StringField(validators=[AtMost(120)])
    name_prefix = StringField(validators=[AtMost(40)])
    family_name = StringField(validators=[AtMost(120)])
    birth_date = LocalDateField(validators=[Optional()])
    email = EmailField(validators=[AtMost(254)])
    phone = StringField(validators=[AtMost(30)])
    street = StringField(validators=[AtMost(120)])
    house_number = StringField(validators=[AtMost(20)])
    postcode = StringField(validators=[AtMost(12)])
    city = StringField(validators=[AtMost(80)])
    country = StringField(validators=[AtMost(2)], default="NL")
    registration_number = StringField(validators=[AtMost(20)])
    valid_from = LocalDateField(validators=[Required()])
    somebody_else = SubmitField()
    """The button that says that who is alike was seen, and is another."""


class MemberForm(PartyForm):
    """A new member: who, and as what."""

    party_kind = SelectField(validators=[Required()])
    class_code = SelectField(validators=[Required()])
    why = TextAreaField(validators=[AtMost(500)])


class EventForm(EcoopForm):
    """What happened to a membership."""

    kind = SelectField(validators=[Required()])
    valid_from = LocalDateField(validators=[Required()])
    class_code = SelectField(validators=[Optional()])
    corrects = SelectField(validators=[Optional()])
    why = TextAreaField(validators=[AtMost(500)])
