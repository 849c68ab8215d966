"""The shape of what is filled in when signing in."""

from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField

from ecoop.web.forms import AtMost, Required


class SignInForm(FlaskForm):  # type: ignore[misc]
    """Address and password."""

    email = EmailField(validators=[Required(), AtMost(254)])
    password = PasswordField(validators=[Required(), AtMost(200)])
    next = HiddenField()


class AddressForm(FlaskForm):  # type: ignore[misc]
    """Only an address."""

    email = EmailField(validators=[Required(), AtMost(254)])


class PasswordForm(FlaskForm):  # type: ignore[misc]
    """A new password, and the old one."""

    current = PasswordField(validators=[Required()])
    password = PasswordField(validators=[Required()])
