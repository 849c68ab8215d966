"""What is filled in on the way of a sheet."""

from collections.abc import Sequence

from wtforms import BooleanField, FileField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from ecoop.governance.sheet_fields import Field
from ecoop.services.importing import ColumnChoice
from ecoop.web.forms import AtMost, EcoopForm, Required

PREFIX = "column-"


class SheetForm(EcoopForm):
    """A sheet that is put in."""

    file = FileField(validators=[Required()])


class ColumnsForm(EcoopForm):
    """What each column is; one select for each is added to it."""

    class_code = SelectField(validators=[Optional()])
    name = StringField(validators=[AtMost(80)])


class TakeOverForm(EcoopForm):
    """What to do with rows that are wrong or doubtful, and which preview was seen."""

    digest = StringField(validators=[AtMost(64)])
    good_rows_only = BooleanField()
    doubtful_as_new = BooleanField()


def columns_form(header: Sequence[str], chosen: ColumnChoice, choices: Sequence[SelectChoice]) -> ColumnsForm:
    """The form for these columns, filled with what was chosen."""
    fields = {f"{PREFIX}{place}": SelectField(validators=[Optional()], choices=choices) for place in range(len(header))}
    form = type("ColumnsOfSheet", (ColumnsForm,), fields)
    told = {f"{PREFIX}{place}": "" if one is None else one.value for place, one in enumerate(chosen.columns)}
    filled: ColumnsForm = form(data=told | {"class_code": chosen.class_code or ""})
    return filled


def chosen_columns(form: ColumnsForm, header: Sequence[str]) -> ColumnChoice:
    """What was chosen."""
    codes = [form[f"{PREFIX}{place}"].data for place in range(len(header))]
    return ColumnChoice(
        columns=tuple(Field(code) if code else None for code in codes), class_code=form.class_code.data or None
    )
