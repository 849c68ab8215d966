"""The shape of what is filled in while somebody leaves."""

from wtforms import (
    EmailField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional

from ecoop.web.forms import AmountField, AtMost, EcoopForm, LocalDateField, Required


class BeginForm(EcoopForm):
    """Why, said by whom, and when."""

    cause = SelectField(validators=[Required()])
    given_by = SelectField(validators=[Required()])
    received_on = LocalDateField(validators=[Required()])
    decision = StringField(validators=[AtMost(80)])
    why = TextAreaField(validators=[AtMost(500)])


class HandOverForm(EcoopForm):
    """From which day, what goes along, and who takes over: a member by number, or somebody new."""

    ends_on = LocalDateField(validators=[Required()])
    dwelling = SelectField(validators=[Optional()])
    class_code = SelectField(validators=[Required()])
    successor = IntegerField(validators=[Optional()])
    name = StringField(validators=[AtMost(200)])
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
    why = TextAreaField(validators=[AtMost(500)])


class DayForm(EcoopForm):
    """The first day without the membership."""

    ends_on = LocalDateField(validators=[Required()])


class AnswersForm(EcoopForm):
    """What was arranged."""

    answered = SelectMultipleField(validators=[Optional()])
    why = TextAreaField(validators=[AtMost(500)])


class MoneyForm(EcoopForm):
    """What becomes of the capital."""

    goes = SelectField(validators=[Required()])
    amount = AmountField(validators=[AtMost(20)])
    on = LocalDateField(validators=[Optional()])


class ContractForm(EcoopForm):
    """What becomes of the heat contract."""

    contract = SelectField(validators=[Required()])


class UndoForm(EcoopForm):
    """Why everything is put back."""

    reason = TextAreaField(validators=[Required(), AtMost(500)])


class PaidForm(EcoopForm):
    """On which day the money moved."""

    paid_on = LocalDateField(validators=[Required()])
