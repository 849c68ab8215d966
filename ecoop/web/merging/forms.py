"""The shape of a merge."""

from wtforms import StringField, TextAreaField

from ecoop.web.forms import AtMost, EcoopForm


class FindForm(EcoopForm):
    """Whom to merge with: asking changes nothing, so it travels in the address."""

    class Meta(EcoopForm.Meta):
        """A question needs no token against forgery."""

        csrf = False

    text = StringField(validators=[AtMost(100)])


class MergeForm(EcoopForm):
    """Why. Which value of each field stays is read beside it: the fields differ from pair to pair."""

    why = TextAreaField(validators=[AtMost(500)], render_kw={"rows": 3})
