"""The shape of what is filled in for a figure."""

from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Optional

from ecoop.governance.evidence import Bound, Subject
from ecoop.governance.figures import Basis, Status, Unit
from ecoop.language import gettext as _
from ecoop.language.cases import SUBJECTS
from ecoop.language.figures import BASES, BOUND_NAMES, STATUSES, UNITS
from ecoop.web.forms import DATE_FORMATS, AtMost, EcoopForm, LocalDateField, Required

OTHER = "other"


class FigureForm(EcoopForm):
    """One figure as one source gives it."""

    subject = SelectField(validators=[Required()])
    own_subject = StringField(validators=[AtMost(80)])
    bound = SelectField(validators=[Required()], default=Bound.EXACT.value)
    value = StringField(validators=[AtMost(40)])
    unit = SelectField(validators=[Required()])
    basis = SelectField(validators=[Required()], default=Basis.NONE.value)
    status = SelectField(validators=[Required()], default=Status.REPORTED.value)
    as_at = LocalDateField(format=DATE_FORMATS, validators=[Optional()])
    period_start = LocalDateField(format=DATE_FORMATS, validators=[Optional()])
    period_end = LocalDateField(format=DATE_FORMATS, validators=[Optional()])
    marked_partial = BooleanField()
    source = StringField(validators=[Required(), AtMost(500)])
    source_url = StringField(validators=[AtMost(1000)])


class ReasonForm(EcoopForm):
    """Why a figure is chosen or withdrawn."""

    reason = StringField(validators=[Required(), AtMost(500)])


def offer_choices(form: FigureForm) -> None:
    """Fill the lists to choose from, in the reader's language."""
    nothing = ("", _("Choose"))
    form.subject.choices = [
        nothing,
        *((one.value, _(SUBJECTS[one])) for one in Subject),
        (OTHER, _("Something else, in our own words")),
    ]
    form.bound.choices = [(one.value, _(BOUND_NAMES[one])) for one in Bound]
    form.unit.choices = [nothing, *((one.value, _(UNITS[one])) for one in Unit)]
    form.basis.choices = [(one.value, _(BASES[one])) for one in Basis]
    form.status.choices = [(one.value, _(STATUSES[one])) for one in Status]
