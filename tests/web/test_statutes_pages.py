"""The statutes on the page: the rules in plain words, and recording another version."""

from typing import Any

import pytest

from tests.support.web import KETELHUIS, PageClient, Site

STATUTES = f"/cooperatives/{KETELHUIS}/statutes"
RULES: dict[str, Any] = {
    "valid_from": "2026-02-01",
    "legal_form": "excluded",
    "entry_rule": "decision",
    "notice_weeks": "4",
    "notice_end": "end_of_month",
    "year_ends_month": "12",
    "year_ends_day": "31",
    "proxy_holder": "entitled_voter",
    "smallest_board": "3",
    "classes-0-code": "tenant",
    "classes-0-name_nl": "Bewoner",
    "classes-0-name_en": "Resident",
    "classes-0-votes": "1,5",
    "classes-0-open_to": ["person", "household"],
    "classes-1-code": "",
}
CODE_RULE = "A short name begins with a small letter and holds small letters, digits and low lines, at most 40."


@pytest.fixture
def silvia(demo: Site) -> PageClient:
    """The secretary."""
    return demo.signed_in("Silvia Schrijfgraag")


def test_the_rules_in_force_are_told_in_plain_words(silvia: PageClient) -> None:
    words = silvia.get(f"{STATUTES}/").words()

    assert "De statuten van 1 juni 2023 gelden, met 5 soorten lidmaatschap." in words
    assert "artikel 7 lid 1" in words
    assert "art. 2:36 BW niet geverifieerd" in words


def test_a_new_version_counts_from_its_day_and_names_its_kinds_everywhere(silvia: PageClient) -> None:
    page = silvia.follow(silvia.post(f"{STATUTES}/record", RULES))

    assert "De statuten van 1 februari 2026 gelden, met 1 soort lidmaatschap." in page.words()
    assert "1,5" in page.words()
    members = silvia.get(f"/cooperatives/{KETELHUIS}/members/", query={"text": "nico de ketel"}).words()
    assert "Bewoner" in members


def test_the_form_begins_with_the_rules_in_force(silvia: PageClient) -> None:
    page = silvia.get(f"{STATUTES}/record")

    (code,) = page.all("input", name="classes-0-code")
    (weeks,) = page.all("input", name="notice_weeks")
    assert (code.get("value"), weeks.get("value")) == ("owner_occupier", "4")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"valid_from": ""}, "Fill this in."),
        ({"classes-0-votes": "veel"}, "This is not a number."),
        ({"classes-0-code": "Huurder"}, CODE_RULE),
        ({"classes-1-code": "tenant", "classes-1-name_nl": "Nog een"},
         "Two kinds of membership have the same short name. Give each its own."),
        ({"year_ends_month": "13"}, "This rule cannot be read. Fill it in again."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_and_nothing_is_recorded(
    silvia: PageClient, demo: Site, wrong: dict[str, str], sentence: str
) -> None:
    before = demo.rows("statutes_version", "id")
    page = silvia.post(f"{STATUTES}/record", RULES | wrong)

    assert page.status == 400
    assert page.says(sentence)
    assert demo.rows("statutes_version", "id") == before


def test_where_there_are_none_the_page_says_how_to_begin(demo: Site) -> None:
    words = demo.signed_in("Zoë Zonnestraal").get("/cooperatives/zonnedak-de-dageraad/statutes/").words()

    assert "Er zijn nog geen statuten vastgelegd." in words
    assert "De statuten vastleggen" in words


def test_who_only_reads_finds_no_form(demo: Site) -> None:
    kees = demo.signed_in("Kees Kasboek")

    assert "vastleggen" not in kees.get(f"{STATUTES}/").words()
    assert kees.get(f"{STATUTES}/record").status == 403


def test_the_statutes_of_the_example_are_told_to_be_invented(demo: Site) -> None:
    words = demo.signed_in("Silvia Schrijfgraag").get(f"/cooperatives/{KETELHUIS}/statutes/").words()

    assert "Dit zijn niet de echte statuten van KetelhuisWG: ze zijn verzonnen voor dit voorbeeld." in words
    assert "de statuten en de besluiten zijn verzonnen" in words
