"""What is filled in about decisions, offices and representatives."""

from collections.abc import Sequence

from wtforms import EmailField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from ecoop.governance.offices import Body, Office
from ecoop.governance.representation import Matter
from ecoop.governance.statutes import PartyKind
from ecoop.language import gettext as _
from ecoop.language.governing import body_name, matter_name, office_name
from ecoop.services.offices import DecisionView
from ecoop.services.papers import PaperView
from ecoop.web.forms import AtMost, EcoopForm, LocalDateField, Required

Choices = list[tuple[str, str]]


class DecisionForm(EcoopForm):
    """A decision."""

    body = SelectField(validators=[Required()])
    decided_on = LocalDateField(validators=[Required()])
    subject = StringField(validators=[Required(), AtMost(200)])
    text = TextAreaField(validators=[AtMost(10_000)])
    annuls_id = SelectField(validators=[Optional()])
    paper_id = SelectField(validators=[Optional()])


class AppointForm(EcoopForm):
    """Somebody in an office, because of a decision."""

    party_id = StringField(validators=[Required(), AtMost(200)])
    office = SelectField(validators=[Required()])
    starts_on = LocalDateField(validators=[Required()])
    ends_on = LocalDateField(validators=[Optional()])
    decision_id = SelectField(validators=[Required()])


class EndForm(EcoopForm):
    """The end of a term before its time."""

    ends_on = LocalDateField(validators=[Required()])
    decision_id = SelectField(validators=[Required()])


class RepresentForm(EcoopForm):
    """Somebody acts for another: a person of the register, or one who is recorded along with it."""

    matter = SelectField(validators=[Required()])
    representative_id = StringField(validators=[AtMost(200)])
    new_name = StringField(validators=[AtMost(200)])
    new_email = EmailField(validators=[AtMost(254)])
    valid_from = LocalDateField(validators=[Required()])
    valid_until = LocalDateField(validators=[Optional()])
    proof = StringField(validators=[AtMost(200)])
    paper_id = SelectField(validators=[Optional()])


class EndRepresentationForm(EcoopForm):
    """The first day on which somebody acts no longer."""

    valid_until = LocalDateField(validators=[Required()])


def body_choices() -> Choices:
    """Who can decide."""
    return [("", _("Choose who decided")), *((one.value, body_name(one)) for one in Body)]


def office_choices() -> Choices:
    """The offices."""
    return [("", _("Choose an office")), *((one.value, office_name(one)) for one in Office)]


def matter_choices(kind: PartyKind) -> Choices:
    """In what somebody can act; a person votes in person."""
    return [(one.value, matter_name(one)) for one in Matter if one is not Matter.VOTE or kind is not PartyKind.PERSON]


def decision_choices(decisions: Sequence[DecisionView], first: str) -> Choices:
    """The decisions that still stand."""
    standing = [one for one in decisions if one.annulled_by is None]
    return [("", first), *((str(one.id), f"{one.number}. {one.subject}") for one in standing)]


def paper_choices(papers: Sequence[PaperView]) -> Choices:
    """The papers that can prove it."""
    return [("", _("None of the papers")), *((str(one.id), one.title) for one in papers)]
