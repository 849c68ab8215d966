"""The shape of what is filled in about the second step of a role."""

from wtforms import DateField, SelectField

from ecoop.language import gettext as _
from ecoop.web.forms import EcoopForm, Required


class DayField(DateField):  # type: ignore[misc]
    """A day; what is not a day is told in the reader's language."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("This is not a date. Write it as 31-12-2026.")) from error


class RuleForm(EcoopForm):
    """Which role, and from which day on."""

    role = SelectField(validators=[Required()])
    since = DayField(format=["%Y-%m-%d", "%d-%m-%Y"], validators=[Required()])
