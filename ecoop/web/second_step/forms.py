"""The shape of what is filled in for a second step."""

from wtforms import HiddenField, StringField

from ecoop.web.forms import AtMost, EcoopForm, Required


class CodeForm(EcoopForm):
    """One code, from an app or from paper."""

    code = StringField(
        validators=[Required(), AtMost(40)],
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"},
    )


class AnswerForm(EcoopForm):
    """What a passkey answered; a script fills it in."""

    credential = HiddenField(validators=[Required()])
    next = HiddenField()


class PasskeyForm(AnswerForm):
    """A new passkey and what to call it."""

    name = StringField(validators=[Required(), AtMost(60)])
