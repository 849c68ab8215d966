"""What is asked of the roll of voters, and what is said when one is frozen."""

from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import Optional

from ecoop.web.forms import AtMost, EcoopForm, LocalDateField, Required


class RollForm(EcoopForm):
    """Which lines of the roll: asking changes nothing, so it travels in the address."""

    class Meta(EcoopForm.Meta):
        """A question needs no token against forgery."""

        csrf = False

    on = LocalDateField(validators=[Optional()])
    text = StringField(validators=[AtMost(100)])
    reason = SelectField(validators=[Optional()])
    page = IntegerField(validators=[Optional()])


class FreezeForm(EcoopForm):
    """What a roll is frozen for."""

    on = LocalDateField(validators=[Required()])
    purpose = StringField(validators=[Required(), AtMost(200)])
