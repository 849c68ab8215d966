"""The shape of what is filled in for a paper."""

from flask_wtf.file import FileField
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.validators import Optional

from ecoop.governance.papers import READERS, PaperKind
from ecoop.language import gettext as _
from ecoop.language.papers import PAPER_KINDS, reader_name
from ecoop.web.forms import DATE_FORMATS, AtMost, EcoopForm, LocalDateField, Required


def kind_choices() -> list[tuple[str, str]]:
    """The kinds of paper; none is chosen beforehand."""
    return [("", _("Choose a kind")), *((kind.value, _(PAPER_KINDS[kind])) for kind in PaperKind)]


def reader_choices() -> list[tuple[str, str]]:
    """Who a paper can be opened to."""
    return [(reader, reader_name(reader)) for reader in READERS]


class VersionForm(EcoopForm):
    """A file, and what is different in it."""

    file = FileField(validators=[Required()])
    remark = StringField(validators=[AtMost(500)])


class PaperForm(VersionForm):
    """A new paper with its first version."""

    title = StringField(validators=[Required(), AtMost(200)])
    kind = SelectField(validators=[Required()])
    readers = SelectMultipleField(validators=[Optional()])


class ReadersForm(EcoopForm):
    """Who may read a paper, and until when."""

    readers = SelectMultipleField(validators=[Optional()])
    until = LocalDateField(format=DATE_FORMATS, validators=[Optional()])


class WithdrawForm(EcoopForm):
    """Why a paper is withdrawn."""

    why = StringField(validators=[AtMost(500)])
