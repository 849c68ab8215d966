"""What is asked of a building, and the shape of what is written about a dwelling."""

from wtforms import BooleanField, EmailField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import NumberRange, Optional

from ecoop.web.forms import AtMost, EcoopForm, LocalDateField, Required


class FilterForm(EcoopForm):
    """Which dwellings of a building: asking changes nothing, so it travels in the address."""

    class Meta(EcoopForm.Meta):
        """A question needs no token against forgery."""

        csrf = False

    text = StringField(validators=[AtMost(100)])
    unit = SelectField(validators=[Optional()])
    show = SelectField(validators=[Optional()])
    on = LocalDateField(validators=[Optional()])


class DwellingForm(EcoopForm):
    """A dwelling or business unit."""

    kind = SelectField(validators=[Required()])
    structural_unit_id = SelectField(validators=[Optional()])
    new_unit = StringField(validators=[AtMost(120)])
    street = StringField(validators=[Required(), AtMost(120)])
    house_number = StringField(validators=[Required(), AtMost(20)])
    addition = StringField(validators=[AtMost(20)])
    postcode = StringField(validators=[Required(), AtMost(12)])
    city = StringField(validators=[AtMost(80)])
    segment = SelectField(validators=[Optional()])
    floor_area_m2 = IntegerField(validators=[Optional(), NumberRange(1, 1_000_000)])
    landlord_reference = StringField(validators=[AtMost(40)])
    valid_from = LocalDateField(validators=[Required()])


class ConnectionForm(EcoopForm):
    """What happened to a connection."""

    step = SelectField(validators=[Required()])
    valid_from = LocalDateField(validators=[Required()])
    why = TextAreaField(validators=[AtMost(500)])


class ContractForm(EcoopForm):
    """A new heat contract for somebody who has the dwelling."""

    holder_id = SelectField(validators=[Required()])
    version = StringField(validators=[Required(), AtMost(60)])
    through_landlord = BooleanField()
    contract_step = SelectField(validators=[Required()])
    contract_from = LocalDateField(validators=[Required()])


class MoveForm(EcoopForm):
    """Who leaves, who comes, and what becomes of the contract. Nothing is confirmed until it is said."""

    kind = SelectField(validators=[Required()])
    day = LocalDateField(validators=[Required()])
    number = IntegerField(validators=[Optional(), NumberRange(1, 10**9)])
    name = StringField(validators=[AtMost(200)])
    email = EmailField(validators=[AtMost(254)])
    fate = SelectField(validators=[Required()])
    why = TextAreaField(validators=[AtMost(500)])
    confirmed = HiddenField(validators=[Optional()])
