"""The shape of a promise, and of its end."""

from wtforms import IntegerField, SelectField, TextAreaField
from wtforms.validators import Optional

from ecoop.web.forms import AmountField, AtMost, EcoopForm, LocalDateField, Required


class PromiseForm(EcoopForm):
    """What a member promised."""

    number = IntegerField(validators=[Required()])
    kind = SelectField(validators=[Required()])
    amount = AmountField(validators=[AtMost(20)])
    agreed_on = LocalDateField(validators=[Required()])
    runs_until = LocalDateField(validators=[Optional()])
    why = TextAreaField(validators=[AtMost(500)])


class SettleForm(EcoopForm):
    """How a promise ended."""

    outcome = SelectField(validators=[Required()])
    settled_on = LocalDateField(validators=[Required()])
