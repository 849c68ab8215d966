"""What can be asked of the trail. Asking changes nothing, so these forms travel in the address."""

from datetime import date

from wtforms import IntegerField, SelectField
from wtforms.validators import Optional

from ecoop.services.audit_reading import TrailFilter
from ecoop.web.forms import EcoopForm, LocalDateField


class TrailForm(EcoopForm):
    """Whose doings, of what kind, and when."""

    class Meta(EcoopForm.Meta):
        """A question needs no token against forgery."""

        csrf = False

    who = SelectField(validators=[Optional()])
    what = SelectField(validators=[Optional()])
    since = LocalDateField(validators=[Optional()])
    until = LocalDateField(validators=[Optional()])
    before = IntegerField(validators=[Optional()])

    def wanted(self) -> TrailFilter:
        """What was asked; a field that cannot be read asks for nothing."""
        return TrailFilter(
            actor_id=int(self.who.data) if (self.who.data or "").isdecimal() and not self.who.errors else None,
            area=self.what.data or None if not self.what.errors else None,
            first_day=_day(self.since),
            last_day=_day(self.until),
            before=self.before.data if not self.before.errors and _is_number(self.before.data) else None,
        )


def _day(field: LocalDateField) -> date | None:
    found = field.data
    return found if isinstance(found, date) and not field.errors and 1900 <= found.year <= 9998 else None


def _is_number(value: object) -> bool:
    return isinstance(value, int) and 0 < value < 2**31
