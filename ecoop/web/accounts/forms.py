"""The shape of what is filled in when signing in."""

from wtforms import EmailField, HiddenField, PasswordField, StringField

from ecoop.web.forms import AtMost, EcoopForm, Required


class SignInForm(EcoopForm):
    """Address and password."""

    email = EmailField(validators=[Required(), AtMost(254)])
    password = PasswordField(validators=[Required(), AtMost(200)])
    next = HiddenField()


class AddressForm(EcoopForm):
    """Only an address."""

    email = EmailField(validators=[Required(), AtMost(254)])


class PasswordForm(EcoopForm):
    """A new password, and the old one."""

    current = PasswordField(validators=[Required()])
    password = PasswordField(validators=[Required()])


class ProofForm(EcoopForm):
    """Who one is, once more: by password or by a code."""

    password = PasswordField(validators=[AtMost(200)])
    code = StringField(validators=[AtMost(40)], render_kw={"autocomplete": "one-time-code"})
    next = HiddenField()
