"""The shape of decisions about applications, and of the texts for newcomers."""

from wtforms import HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Optional

from ecoop.web.forms import AtMost, EcoopForm, LocalDateField, Required


class ChosenForm(EcoopForm):
    """Which applications: asking changes nothing, so it travels in the address."""

    class Meta(EcoopForm.Meta):
        """A question needs no token against forgery."""

        csrf = False

    chosen = SelectMultipleField(coerce=int, validate_choice=False)


class AdmitForm(EcoopForm):
    """From when on, as what, and by which decision."""

    chosen = SelectMultipleField(coerce=int, validate_choice=False)
    valid_from = LocalDateField(validators=[Required()])
    class_code = SelectField(validators=[Optional()])
    decision = StringField(validators=[AtMost(120)])


class RefuseForm(EcoopForm):
    """Why, in a code and in own words."""

    chosen = SelectMultipleField(coerce=int, validate_choice=False)
    reason = SelectField(validators=[Required()])
    words = TextAreaField(validators=[AtMost(2000)], render_kw={"rows": 5})
    decision = StringField(validators=[AtMost(120)])


class AskForm(EcoopForm):
    """A question."""

    text = TextAreaField(validators=[Required(), AtMost(2000)], render_kw={"rows": 5})


class WhoForm(EcoopForm):
    """Whose application it is: a number of a party, or nothing for somebody new."""

    party_id = HiddenField()


class TextForm(EcoopForm):
    """One text in one language."""

    text = TextAreaField(validators=[AtMost(5000)], render_kw={"rows": 6})


class OpenForm(EcoopForm):
    """Whether newcomers may apply through the web."""

    wanted = HiddenField(validators=[Required()])
