"""What columns probably are, and names and addresses taken apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecoop.governance.register_sheet import MappingReason, Sheet, apply_names, doubt_mapping, guess
from ecoop.governance.sheet_fields import NOT_KEPT, RULE_OF, RULES, Field
from ecoop.governance.sheet_names import city_parts, name_parts, street_parts


def test_at_least_forty_fields_are_kept() -> None:
    assert len(set(RULE_OF) - NOT_KEPT) >= 40
    assert set(RULE_OF) == set(Field)


def test_no_name_of_a_header_means_two_things() -> None:
    names = [name for rule in RULES for name in rule.called]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.field.value)
def test_every_field_is_known_by_its_code_and_by_a_dutch_header(rule: object) -> None:
    assert guess([rule.field.value]) == guess([rule.called[1].upper()]) == (rule.field,)  # type: ignore[attr-defined]


def test_headers_are_known_without_their_marks_and_with_a_typing_error() -> None:
    assert guess(["Lid-nr.", "Geb.datum", "Woonplaat", "Iets anders", ""]) == (
        Field.NUMBER, Field.BIRTH_DATE, Field.CITY, None, None,
    )  # fmt: skip


def test_a_name_beside_initials_is_the_family_name() -> None:
    assert guess(["Voorletters", "Naam"]) == (Field.INITIALS, Field.FAMILY_NAME)
    assert guess(["Naam"]) == (Field.FULL_NAME,)


def test_an_address_beside_house_numbers_is_the_street() -> None:
    assert guess(["Adres", "Huisnummer"]) == (Field.STREET, Field.HOUSE_NUMBER)


@pytest.mark.parametrize(
    ("days", "field"),
    [(["01-01-2020", "01-07-2021"], Field.FIRST_DAY_WITHOUT), (["31-12-2019", "30-06-2021"], Field.LAST_DAY)],
)
def test_days_tell_whether_the_end_is_the_last_day_or_the_day_after(days: list[str], field: Field) -> None:
    assert guess(["Einddatum"], [[day] for day in days]) == (field,)


def test_one_field_is_given_to_one_column() -> None:
    found = guess(["Lidnummer", "Nummer", "Lidnr"])

    assert found.count(Field.NUMBER) == 1


@given(st.lists(st.text(max_size=20), max_size=12))
def test_any_header_gets_a_guess_without_doubles(header: list[str]) -> None:
    found = [one for one in guess(header) if one is not None]

    assert len(found) == len(set(found))


def test_a_mapping_needs_a_name_and_an_entry_and_each_field_once() -> None:
    told = doubt_mapping([Field.NUMBER, Field.NUMBER])

    assert [reason for reason, _field in told] == [
        MappingReason.TWICE, MappingReason.NO_NAME, MappingReason.NO_ENTRY,
    ]  # fmt: skip
    assert doubt_mapping([Field.FULL_NAME, Field.ADMITTED_ON]) == ()
    assert doubt_mapping([None]) == ((MappingReason.NOTHING, None),)


def test_what_a_mapping_tells_goes_before_the_guess() -> None:
    header = ["Naam", "Nr", "Oud nr"]

    columns, wrong = apply_names(header, {"oud nr": "number", "naam": ""}, guess(header))

    assert (columns, wrong) == ((None, None, Field.NUMBER), ())


def test_a_mapping_that_names_what_is_not_there_is_told() -> None:
    _columns, wrong = apply_names(["Naam"], {"Foo": "number", "Naam": "bar"}, (None,))

    assert wrong == ((MappingReason.COLUMN_UNKNOWN, "Foo"), (MappingReason.FIELD_UNKNOWN, "bar"))


def test_samples_are_cells_that_hold_something() -> None:
    sheet = Sheet(header=("A", "B"), rows=(("", "1"), ("x", "2"), ("", "3"), ("", "4")))

    assert (sheet.samples(0), sheet.samples(1)) == (("x",), ("1", "2", "3"))


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("Vries, J. de", ("J. de Vries", "J.", "de", "Vries")),
        ("Jan de Vries", ("Jan de Vries", "Jan", "de", "Vries")),
        ("M.C. van 't Hof", ("M.C. van 't Hof", "M.C.", "van 't", "Hof")),
        ("Jan Jansen", ("Jan Jansen", "Jan", None, "Jansen")),
        ("Anna Maria Bakker Smit", ("Anna Maria Bakker Smit", None, None, None)),
        ("Cher", ("Cher", None, None, None)),
    ],
)
def test_a_name_is_taken_apart_as_far_as_that_is_certain(written: str, parts: tuple[str | None, ...]) -> None:
    found = name_parts(written)

    assert tuple(found.get(key) for key in ("name", "given_names", "name_prefix", "family_name")) == parts


@pytest.mark.parametrize(
    ("written", "parts"),
    [("Kade 12-hs", ("Kade", "12-hs")), ("1e Jan van Galenstraat 12 hs", ("1e Jan van Galenstraat", "12 hs")),
     ("Kade", ("Kade", ""))],
)  # fmt: skip
def test_street_and_number_are_taken_apart(written: str, parts: tuple[str, str]) -> None:
    assert street_parts(written) == parts


def test_postcode_and_place_are_taken_apart() -> None:
    assert city_parts("1054 AB Amsterdam") == ("1054 AB", "Amsterdam")
    assert city_parts("Amsterdam") == ("", "Amsterdam")
