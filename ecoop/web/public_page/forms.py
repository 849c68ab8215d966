"""The shape of what is filled in for the public page."""

from wtforms import HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Optional

from ecoop.web.forms import AtMost, EcoopForm, Required


class PageForm(EcoopForm):
    """Who we are, how to reach us, and what is shown."""

    about_nl = TextAreaField(validators=[Required(), AtMost(10_000)])
    about_en = TextAreaField(validators=[AtMost(10_000)])
    contact = StringField(validators=[AtMost(200)])
    paper_ids = SelectMultipleField(coerce=int, validators=[Optional()])
    figure_ids = SelectMultipleField(coerce=int, validators=[Optional()])


class PublishForm(EcoopForm):
    """Which text is published: the one that was read."""

    version = HiddenField()
