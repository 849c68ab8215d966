"""The public form: everybody may fill it in, nothing depends on what is known, and a link does the rest."""

import re
from typing import Any

import pytest

from tests.support.web import KETELHUIS, ZONNEDAK, PageClient, Site

JOIN = f"/cooperatives/{KETELHUIS}/join/"
FILLED = {
    "kind": "person",
    "given_names": "Noor",
    "family_name": "Nieuw",
    "birth_date": "1990-06-07",
    "street": "Kade",
    "house_number": "7",
    "postcode": "1054 cd",
    "city": "Amsterdam",
    "email": "noor.nieuw@example.org",
    "class_code": "tenant",
    "living": "tenant",
    "statutes": "y",
    "privacy": "y",
}


@pytest.fixture
def noor(demo: Site) -> PageClient:
    """A stranger."""
    return demo.client()


def link_of(site: Site) -> str:
    """The link in the newest letter."""
    found = re.findall(r"http://[^/\s]+(/cooperatives/\S+)", site.rows("letter", "body")[-1])
    assert found
    return str(found[0])


def applies(client: PageClient, **given: Any) -> str:
    """Fill in the form; the link in the letter."""
    assert client.post(JOIN, FILLED | given).location == f"{JOIN}sent"
    return link_of(client.site)


def test_the_public_page_leads_to_the_form(noor: PageClient) -> None:
    page = noor.get(f"/about/{KETELHUIS}")

    assert JOIN in {link.get("href") for link in page.all("a")}
    assert noor.get(JOIN).says("Become a member of %(name)s", name="KetelhuisWG")


def test_a_cooperative_that_did_not_open_its_form_shows_none(noor: PageClient) -> None:
    page = noor.get(f"/cooperatives/{ZONNEDAK}/join/")

    assert page.says("%(name)s takes no applications through this page now.", name="Zonnedak De Dageraad")
    assert noor.post(f"/cooperatives/{ZONNEDAK}/join/", FILLED).status == 400


def test_a_cooperative_that_does_not_exist_has_no_form(noor: PageClient) -> None:
    assert noor.get("/cooperatives/nergens/join/").status == 404


def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_kept(noor: PageClient, demo: Site) -> None:
    before = demo.counts()

    page = noor.post(JOIN, FILLED | {"family_name": "", "email": "", "birth_date": ""})
    assert page.status == 400
    page = noor.post(JOIN, {name: value for name, value in FILLED.items() if name != "privacy"} | {"postcode": "12"})

    assert page.says("Tick the box if you agree. Without it we cannot take the application.")
    assert page.says("A Dutch postcode has four digits and two letters.")
    assert demo.counts() == before


def test_the_answer_is_the_same_whatever_is_known_about_an_address(noor: PageClient) -> None:
    known = noor.post(JOIN, FILLED | {"email": "mo.meterkast@example.org"})
    unknown = noor.post(JOIN, FILLED)
    fourth = [noor.post(JOIN, FILLED) for _ in range(3)][-1]

    assert {page.location for page in (known, unknown, fourth)} == {f"{JOIN}sent"}


def test_a_machine_that_fills_in_everything_is_told_the_same_and_kept_out(noor: PageClient, demo: Site) -> None:
    before = demo.counts()["application"]

    assert noor.post(JOIN, FILLED | {"website": "https://example.org"}).location == f"{JOIN}sent"
    assert demo.counts()["application"] == before


def test_looking_at_the_link_does_nothing_and_the_button_does(noor: PageClient, demo: Site) -> None:
    path = applies(noor)
    before = demo.counts()["party"]

    assert noor.get(path).says("Is this right: does %(name)s want to be a member?", name="Noor Nieuw")
    assert demo.counts()["party"] == before
    answer = noor.follow(noor.post(f"{path}/confirm"))

    assert answer.says("Thank you. The board sees your application, and you hear from it.")
    assert demo.counts()["party"] == before + 1


def test_an_unknown_link_says_that_it_does_not_work(noor: PageClient) -> None:
    page = noor.get(f"{JOIN}unknown")

    assert page.status == 409
    assert page.says("This link does not work any more. Apply again, or ask the board of the cooperative.")


def test_an_application_is_taken_back_through_its_link(noor: PageClient) -> None:
    path = applies(noor)
    noor.post(f"{path}/confirm")

    answer = noor.follow(noor.post(f"{path}/withdraw"))

    assert answer.says("Your application is taken back.")
    assert not answer.all("textarea")


def test_an_organisation_gives_its_name_and_who_acts_for_it(noor: PageClient, demo: Site) -> None:
    given = {"kind": "organisation", "name": "Bakkerij Nieuw", "registration_number": "12345678",
             "class_code": "business"}  # fmt: skip

    assert noor.post(JOIN, FILLED | given).status == 400
    applies(noor, **given, representative="Noor Nieuw")

    assert demo.rows("application", "name")[-1] == "Bakkerij Nieuw"
    assert demo.rows("application", "family_name")[-1] is None


def test_who_reads_english_gets_the_english_texts_and_letter(noor: PageClient, demo: Site) -> None:
    noor.speak("en")

    assert "I want to be a member and keep to the statutes." in noor.get(JOIN).words()
    applies(noor)
    assert demo.rows("letter", "subject")[-1] == "Is this right? You want to be a member of KetelhuisWG"


def test_the_link_of_a_letter_is_shown_to_nobody(noor: PageClient, demo: Site) -> None:
    secret = applies(noor).rpartition("/")[2]
    secretary = demo.signed_in("Silvia Schrijfgraag")

    letters = secretary.get(f"/cooperatives/{KETELHUIS}/letters/")

    assert secret not in letters.text


def test_everything_that_misses_is_told_at_once(noor: PageClient) -> None:
    page = noor.post(JOIN, {"kind": "person"})

    assert page.status == 400
    for name in ("family_name", "birth_date", "street", "email", "class_code", "statutes", "privacy"):
        assert f'id="{name}-errors"' in page.text, name
