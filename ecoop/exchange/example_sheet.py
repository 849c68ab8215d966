"""A member sheet to fill in: a column for everything that can be taken over, invented rows, and what each column is."""

import io
from collections.abc import Mapping

from ecoop.governance.sheet_fields import RULES, Field, FieldRule
from ecoop.language import Language, current
from ecoop.language import gettext as _
from ecoop.language.register_sheet import area_name, field_name, field_note, reads_name

_PERSON = {
    Field.NUMBER: "1", Field.KIND: "persoon", Field.INITIALS: "W.", Field.GIVEN_NAMES: "Wilma",
    Field.NAME_PREFIX: "van", Field.FAMILY_NAME: "Buffervat", Field.BIRTH_DATE: "04-05-1958",
    Field.EMAIL: "wilma@example.org", Field.MOBILE: "06 00000001", Field.PHONE: "020 0000001",
    Field.STREET: "Paviljoenlaan", Field.HOUSE_NUMBER: "12", Field.HOUSE_LETTER: "A", Field.HOUSE_ADDITION: "2",
    Field.POSTCODE: "1054 AB", Field.CITY: "Amsterdam", Field.COUNTRY: "NL", Field.LANGUAGE: "nl",
    Field.ADDRESS_SINCE: "01-06-2021", Field.CLASS: "eigenaar-bewoner", Field.APPLIED_ON: "02-01-2019",
    Field.ADMITTED_ON: "15-01-2019", Field.CLASS_BEFORE: "huurder", Field.CLASS_SINCE: "01-06-2021",
    Field.FIRST_PAYMENT_ON: "20-01-2019",
}  # fmt: skip
_LEAVER = {
    Field.NUMBER: "2", Field.FULL_NAME: "Ketel, P. de", Field.STREET_AND_NUMBER: "Kruidenpad 7-hs",
    Field.POSTCODE_AND_CITY: "1054 AC Amsterdam", Field.CLASS: "huurder", Field.ADMITTED_ON: "01-03-2018",
    Field.SUSPENDED_FROM: "01-02-2020", Field.REINSTATED_ON: "01-03-2020", Field.NOTICE_ON: "10-10-2020",
    Field.LAST_DAY: "31-12-2020", Field.END_REASON: "opzegging", Field.READMITTED_ON: "01-01-2022",
    Field.LAST_DAY_AGAIN: "31-12-2023", Field.END_REASON_AGAIN: "overlijden",
}  # fmt: skip
_BUSINESS = {
    Field.NUMBER: "3", Field.ORGANISATION_NAME: "Bakkerij De Warme Oven", Field.REGISTRATION_NUMBER: "00000001",
    Field.STREET_AND_NUMBER: "Linnenstraat 3", Field.POSTCODE: "1054 AD", Field.CITY: "Amsterdam",
    Field.CLASS: "bedrijf", Field.ADMITTED_ON: "01-09-2020",
}  # fmt: skip
_VVE = {
    Field.NUMBER: "4", Field.ASSOCIATION_NAME: "VvE Kapelhof", Field.CLASS: "eigenaar-bewoner",
    Field.ADMITTED_ON: "01-04-2021",
}  # fmt: skip
_HOUSEHOLD = {
    Field.NUMBER: "5", Field.HOUSEHOLD_NAME: "Huishouden Leiding-Kraan", Field.CLASS: "huurder",
    Field.ADMITTED_ON: "01-04-2022", Field.FIRST_DAY_WITHOUT: "01-01-2024", Field.END_REASON: "verhuizing",
}  # fmt: skip
_REFUSED = {
    Field.FULL_NAME: "Ruud Radiator", Field.EMAIL: "ruud@example.org", Field.CLASS: "huurder",
    Field.APPLIED_ON: "01-05-2022", Field.REFUSED_ON: "01-06-2022",
}  # fmt: skip
_WITHDRAWN = {
    Field.FULL_NAME: "Olga Oude Pomp", Field.EMAIL: "olga@example.org", Field.CLASS: "huurder",
    Field.APPLIED_ON: "01-05-2023", Field.APPLICATION_WITHDRAWN_ON: "08-05-2023",
}  # fmt: skip
EXAMPLES: tuple[Mapping[Field, str], ...] = (_PERSON, _LEAVER, _BUSINESS, _VVE, _HOUSEHOLD, _REFUSED, _WITHDRAWN)


def header_of(rule: FieldRule) -> str:
    """What the column is called: a header by which it is known again."""
    name = rule.called[1] if current() is Language.DUTCH else rule.called[0]
    return name[:1].upper() + name[1:]


def as_xlsx() -> bytes:
    """The sheet to fill in, with a second sheet that explains every column."""
    import xlsxwriter

    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        text = book.add_format({"num_format": "@"})
        members = book.add_worksheet(_("members")[:31])
        for column, rule in enumerate(RULES):
            members.write_string(0, column, header_of(rule), bold)
            members.set_column(column, column, max(12, len(header_of(rule)) + 2), text)
            for line, example in enumerate(EXAMPLES, start=1):
                if rule.field in example:
                    members.write_string(line, column, example[rule.field], text)
        members.freeze_panes(1, 0)
        _explain(book.add_worksheet(_("explanation")[:31]), bold)
    return stream.getvalue()


def _explain(sheet: object, bold: object) -> None:
    titles = (_("Column"), _("What it is"), _("About"), _("How it is written"), _("Good to know"))
    for column, title in enumerate(titles):
        sheet.write_string(0, column, title, bold)  # type: ignore[attr-defined]
        sheet.set_column(column, column, (28, 32, 18, 28, 80)[column])  # type: ignore[attr-defined]
    for line, rule in enumerate(RULES, start=1):
        told = (header_of(rule), field_name(rule.field), area_name(rule.area), reads_name(rule.reads),
                field_note(rule.field))  # fmt: skip
        for column, cell in enumerate(told):
            sheet.write_string(line, column, cell)  # type: ignore[attr-defined]
