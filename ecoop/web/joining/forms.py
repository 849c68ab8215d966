"""The shape of what a newcomer fills in."""

from wtforms import BooleanField, EmailField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from ecoop.governance.statutes import PartyKind
from ecoop.language import gettext as _
from ecoop.web.forms import AtMost, EcoopForm, LocalDateField, Required


class JoinForm(EcoopForm):
    """Who wants to be a member, and as what."""

    kind = SelectField(validators=[Required()], default=PartyKind.PERSON.value)
    name = StringField(validators=[AtMost(200)])
    given_names = StringField(validators=[AtMost(120)])
    name_prefix = StringField(validators=[AtMost(40)])
    family_name = StringField(validators=[AtMost(120)])
    birth_date = LocalDateField(validators=[Optional()])
    registration_number = StringField(validators=[AtMost(20)])
    representative = StringField(validators=[AtMost(200)])
    street = StringField(validators=[Required(), AtMost(120)])
    house_number = StringField(validators=[Required(), AtMost(20)])
    postcode = StringField(validators=[Required(), AtMost(12)])
    city = StringField(validators=[Required(), AtMost(80)])
    email = EmailField(validators=[Required(), AtMost(254)])
    phone = StringField(validators=[AtMost(30)])
    class_code = SelectField(validators=[Required()])
    living = SelectField(validators=[Optional()])
    remark = TextAreaField(validators=[AtMost(2000)], render_kw={"rows": 4})
    statutes = BooleanField()
    privacy = BooleanField()
    website = StringField()
    """For machines that fill in everything: people do not see it."""
    to_accept: frozenset[str] = frozenset()
    """The boxes with a text that has to be accepted."""

    @property
    def is_person(self) -> bool:
        """Whether a natural person applies, whose name is made of parts."""
        return bool(self.kind.data == PartyKind.PERSON.value)

    def validate(self, extra_validators: object = None) -> bool:
        """A person has a family name, everybody else one name; what else misses is told at the same time."""
        fine = bool(super().validate(extra_validators))
        needed = self.family_name if self.is_person else self.name
        if not (needed.data or "").strip():
            needed.errors = [*needed.errors, _("Fill this in.")]
            fine = False
        if not fine:
            self._tell_the_rest()
        return fine

    def _tell_the_rest(self) -> None:
        """What the service asks as well, and tells by itself once the form is whole."""
        if self.is_person and self.birth_date.data is None and not self.birth_date.errors:
            self.birth_date.errors = [_("Fill this in.")]
        for box in (self[name] for name in sorted(self.to_accept)):
            if not box.data:
                box.errors = [_("Tick the box if you agree. Without it we cannot take the application.")]


class AnswerForm(EcoopForm):
    """An answer of the applicant."""

    text = TextAreaField(validators=[Required(), AtMost(2000)], render_kw={"rows": 6})
