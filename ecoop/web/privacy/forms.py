"""What is written down about privacy."""

from wtforms import HiddenField, IntegerField, SelectField, TextAreaField
from wtforms.validators import Optional

from ecoop.web.forms import AtMost, EcoopForm, LocalDateField, Required


class RuleForm(EcoopForm):
    """How long what belongs to a purpose is kept, from a day on."""

    kept_months = IntegerField(validators=[Required()])
    starts_on = LocalDateField(validators=[Required()])
    why = TextAreaField(validators=[Required(), AtMost(500)])


class HoldForm(EcoopForm):
    """Why nothing of somebody may go."""

    why = TextAreaField(validators=[Required(), AtMost(500)])


class GoForm(EcoopForm):
    """Letting go what was shown: the fingerprint of what was shown goes along."""

    seen = HiddenField(validators=[Required()])


class TextForm(EcoopForm):
    """A text to which people agree."""

    purpose = SelectField(validators=[Required()])
    language = SelectField(validators=[Required()])
    text = TextAreaField(validators=[Required(), AtMost(5_000)])


class ConsentForm(EcoopForm):
    """What somebody agreed to, or took back."""

    purpose = SelectField(validators=[Required()])
    move = SelectField(validators=[Required()])
    valid_from = LocalDateField(validators=[Required()])
    how = SelectField(validators=[Required()])


class AskForm(EcoopForm):
    """Which day is asked for: asking changes nothing."""

    class Meta(EcoopForm.Meta):
        """A question needs no token against forgery."""

        csrf = False

    on = LocalDateField(validators=[Optional()])
