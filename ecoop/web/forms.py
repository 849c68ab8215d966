"""Fields and validators that many forms share; their messages are ours, in the reader's language."""

from flask_wtf import FlaskForm
from wtforms import Field, FileField, Form
from wtforms.validators import StopValidation

from ecoop.language import gettext as _


class Required:
    """Something must be filled in; spaces alone are nothing."""

    field_flags = {"required": True}

    def __call__(self, _form: Form, field: Field) -> None:
        given = "".join(str(value) for value in field.raw_data or ()).strip()
        if given and field.process_errors:  # what is wrong with it is told already
            raise StopValidation
        if field.data in (None, "", []) or (isinstance(field.data, str) and not field.data.strip()):
            field.errors = []
            raise StopValidation(_("Choose a file first.") if isinstance(field, FileField) else _("Fill this in."))


class AtMost:
    """No more than so many characters."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.field_flags = {"maxlength": length}

    def __call__(self, _form: Form, field: Field) -> None:
        if len(field.data or "") > self.length:
            raise StopValidation(_("At most %(length)s characters.", length=self.length))


class PlainForm(FlaskForm):  # type: ignore[misc]
    """A button without fields: only the token against forgery."""
