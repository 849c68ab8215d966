"""The shape of a letter to a group, and of choosing which letters to get."""

import secrets
from functools import partial

from wtforms import BooleanField, HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Optional

from ecoop.services.mailings import LONGEST_SUBJECT, LONGEST_TEXT
from ecoop.web.forms import AtMost, EcoopForm, Required


class WriteForm(EcoopForm):
    """To whom, and what."""

    once = HiddenField(default=partial(secrets.token_urlsafe, 12), validators=[AtMost(40)])
    """Which sheet it is, so that pressing the button twice sends one letter."""
    role = SelectMultipleField(validators=[Optional()])
    building = SelectMultipleField(validators=[Optional()])
    member_class = SelectMultipleField(validators=[Optional()])
    subject_nl = StringField(validators=[Required(), AtMost(LONGEST_SUBJECT)])
    text_nl = TextAreaField(validators=[Required(), AtMost(LONGEST_TEXT)], render_kw={"rows": 10})
    subject_en = StringField(validators=[AtMost(LONGEST_SUBJECT)])
    text_en = TextAreaField(validators=[AtMost(LONGEST_TEXT)], render_kw={"rows": 6})


class ChoiceForm(EcoopForm):
    """Which letters about waiting work somebody wants."""

    same_day = BooleanField()
    digest = BooleanField()
