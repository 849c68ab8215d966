"""The shape of what is filled in when a case is replaced."""

from flask_wtf.file import FileField

from ecoop.web.forms import EcoopForm, Required


class ReplaceForm(EcoopForm):
    """A case as a TOML file."""

    file = FileField(validators=[Required()])
