"""The shape of what is filled in when a case is replaced."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField

from ecoop.web.forms import Required


class ReplaceForm(FlaskForm):  # type: ignore[misc]
    """A case as a TOML file."""

    file = FileField(validators=[Required()])
