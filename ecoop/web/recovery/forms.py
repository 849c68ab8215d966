"""The shape of what is filled in on the way back in."""

from wtforms import EmailField, SelectField, TextAreaField

from ecoop.web.forms import AtMost, EcoopForm, Required


class AddressForm(EcoopForm):
    """Another address."""

    email = EmailField(validators=[Required(), AtMost(254)])


class StartForm(EcoopForm):
    """Whom the board helps, and how it made sure who it is."""

    account_id = SelectField(coerce=int, validators=[Required()])
    reason = TextAreaField(validators=[Required(), AtMost(500)], render_kw={"rows": 3})
