"""Help as pages: an index by reader, headings with an address, tables in a frame, and lists that the code keeps."""

import re
from collections.abc import Iterator

import pytest

from ecoop.finance import unit_of
from ecoop.finance.inputs import CaseInputs
from ecoop.finance.schema import NamedAmounts, Rule, Table, Tables, rules_of
from ecoop.governance.roles import RULES
from ecoop.language import Language, gettext, speaking
from ecoop.language.access import ACCESS_KINDS
from ecoop.language.assumptions import FIELDS, unit_words
from ecoop.language.glossary import TERMS
from ecoop.language.law import LAW, rules_about
from ecoop.language.names import permission_name
from ecoop.web.help_lists import ANY_NAME, inputs, roles
from ecoop.web.help_pages import GROUPS, NAMES
from tests.support.web import Page, Site

in_both_languages = pytest.mark.parametrize("spoken", list(Language))


def opened(site: Site, path: str, spoken: Language = Language.DUTCH) -> Page:
    client = site.client()
    client.speak(spoken.value)
    return client.get(path)


@in_both_languages
def test_the_index_leads_to_every_page_with_a_sentence(demo: Site, spoken: Language) -> None:
    page = opened(demo, "/help/", spoken)

    assert {f"/help/{name}" for name in NAMES} <= page.actions()
    with speaking(spoken):
        for group in GROUPS:
            assert gettext(group.title) in page.words()
            assert all(gettext(entry.about) in page.words() for entry in group.entries)


def test_no_page_stands_in_two_groups() -> None:
    assert len(set(NAMES)) == len(NAMES)


def test_the_foot_of_every_page_leads_to_the_index(demo: Site) -> None:
    assert "/help/" in demo.client().get("/").actions()


@pytest.mark.parametrize("name", NAMES)
def test_beside_a_page_stand_all_others_by_reader(demo: Site, name: str) -> None:
    page = opened(demo, f"/help/{name}", Language.ENGLISH)
    beside = page.tree.find(".//nav[@class='help-list']")

    assert beside is not None
    assert [link.get("href") for link in beside.iter("a")] == [f"/help/{other}" for other in NAMES]
    assert [link.get("href") for link in beside.iter("a") if link.get("aria-current")] == [f"/help/{name}"]
    assert len(list(beside.iter("p"))) == len(GROUPS)


def headings(page: Page) -> list[str]:
    article = page.tree.find(".//article")
    assert article is not None
    return [one.get("id") or "" for one in article.iter() if one.tag in {"h2", "h3"}]


@pytest.mark.parametrize("name", NAMES)
def test_a_heading_has_the_same_address_in_both_languages(demo: Site, name: str) -> None:
    dutch, english = (headings(opened(demo, f"/help/{name}", spoken)) for spoken in Language)

    assert dutch == english
    assert all(dutch)
    assert len(set(dutch)) == len(dutch)


@in_both_languages
@pytest.mark.parametrize("name", NAMES)
def test_every_table_scrolls_inside_a_frame_with_a_name_of_its_own(demo: Site, name: str, spoken: Language) -> None:
    page = opened(demo, f"/help/{name}", spoken)
    frames = [one for one in page.tree.iter("div") if one.get("class") == "table-frame"]
    framed = [table for frame in frames for table in frame.iter("table")]

    assert len(framed) == len(list(page.tree.iter("table")))
    assert {(frame.get("role"), frame.get("tabindex")) for frame in frames} <= {("region", "0")}
    labels = [frame.get("aria-label") for frame in frames]
    assert all(labels)
    assert len(set(labels)) == len(labels)


def test_an_amount_is_never_parted_from_its_euro_sign(demo: Site) -> None:
    text = opened(demo, "/help/model").text

    assert "€\u00a01.905.417" in text
    assert not re.search(r"€ \d", text)


@in_both_languages
def test_the_glossary_shows_every_term_and_leads_to_it(demo: Site, spoken: Language) -> None:
    page = opened(demo, "/help/glossary", spoken)
    rows = {row.get("id") for row in page.tree.iter("tr") if row.get("id")}
    led_to = {(link.get("href") or "")[1:] for link in page.tree.iter("a") if (link.get("href") or "").startswith("#t")}

    assert rows == led_to == {term.anchor for term in TERMS}
    words = page.words()
    for term in TERMS:
        assert all(word in words for word in (*term.dutch, *term.english, *term.codes))


def keys_of(shape: type, before: str = "") -> Iterator[tuple[str, Rule]]:
    """Every key of a case with its rule, found without the page."""
    for name, rule in rules_of(shape).items():
        if isinstance(rule, Table | Tables):
            inside = f"{name}.{ANY_NAME}" if isinstance(rule, Tables) else name
            yield from keys_of(rule.shape, f"{before}{inside}.")
        else:
            yield f"{before}{ANY_NAME if isinstance(rule, NamedAmounts) else name}", rule


def test_the_list_of_inputs_holds_every_key_once() -> None:
    listed = [row.key for group in inputs().groups for row in group.rows]

    assert sorted(listed) == sorted(key for key, _rule in keys_of(CaseInputs))
    assert len(listed) == len(FIELDS)


@in_both_languages
def test_an_input_has_the_unit_that_the_engine_gives_it(spoken: Language) -> None:
    with speaking(spoken):
        for row in (row for group in inputs().groups for row in group.rows):
            unit = unit_of(row.key)
            assert row.unit == unit_words(unit) if unit else row.unit
            assert row.unit


def test_an_input_that_may_stay_away_may_stay_away() -> None:
    optional = {row.key for group in inputs().groups for row in group.rows if row.optional}

    assert "tariff.regime" in optional
    assert "tariff.per_gj" not in optional
    assert {key for key, _rule in keys_of(CaseInputs) if key.startswith(("stress.", "offer."))} <= optional


@in_both_languages
def test_the_rules_show_every_role_with_all_it_may_do(spoken: Language) -> None:
    with speaking(spoken):
        rows = roles().rows
        shown = {permission for row in rows for permission in row.permissions}
        assert shown == {permission_name(one) for rule in RULES.values() for one in rule.permissions}
    assert len(rows) == len(set(RULES.values()))


def test_the_rules_name_everything_of_which_reading_is_noted(demo: Site) -> None:
    words = opened(demo, "/help/rules", Language.ENGLISH).words()

    assert all(name in words for name in ACCESS_KINDS.values())


@pytest.mark.parametrize(
    ("spoken", "mark"), [(Language.DUTCH, "niet geverifieerd"), (Language.ENGLISH, "not verified")]
)
def test_what_nobody_looked_up_is_marked_and_the_rest_has_its_source(demo: Site, spoken: Language, mark: str) -> None:
    page = opened(demo, "/help/rules", spoken)
    shown = [one for one in page.tree.iter("li") if one.find("span[@class='law-source']") is not None]
    marked = [one for one in shown if any(mark in (tag.text or "") for tag in one.iter("strong"))]
    sources = [link.get("href") for one in shown for link in one.iter("a")]

    assert len(shown) == len(LAW)
    assert len(marked) == sum(not rule.verified for rule in LAW)
    assert sources == [rule.source for rule in (*rules_about("meeting"), *rules_about("consent")) if rule.verified]


@pytest.mark.parametrize(
    ("spoken", "advice"), [(Language.DUTCH, "juridisch advies"), (Language.ENGLISH, "legal advice")]
)
def test_the_rules_say_that_they_are_no_legal_advice(demo: Site, spoken: Language, advice: str) -> None:
    words = opened(demo, "/help/rules", spoken).words()

    assert re.search(rf"\b{advice}\b", words[: len(words) // 4])
