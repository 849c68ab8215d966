"""The member register on the page: any day can be asked for, what is written is checked, and looking is noted."""

from typing import Any

import pytest

from ecoop.governance.roles import RULES, Permission, Role
from tests.support.web import KETELHUIS, PageClient, Site, only
from tests.web.addresses import membership_id

MEMBERS = f"/cooperatives/{KETELHUIS}/members"
NEW = {
    "party_kind": "person",
    "class_code": "tenant",
    "valid_from": "2026-03-01",
    "name": "Zeynep de Nieuwe",
    "given_names": "Zeynep",
    "name_prefix": "de",
    "family_name": "Nieuwe",
    "postcode": "1054ab",
    "country": "NL",
}


@pytest.fixture
def silvia(demo: Site) -> PageClient:
    """The secretary."""
    return demo.signed_in("Silvia Schrijfgraag")


def names(client: PageClient, **asked: str) -> list[str]:
    page = client.get(f"{MEMBERS}/", query=asked)
    return [row[1] for row in page.table("Leden")[1:]] if page.all("tbody") else []


def test_the_register_says_how_many_members_there_are(silvia: PageClient) -> None:
    assert "leden vandaag" in silvia.get(f"{MEMBERS}/").words()


def test_members_are_found_by_name_and_status(silvia: PageClient) -> None:
    assert names(silvia, text="mo meterkast") == ["Mo Meterkast"]
    assert len(names(silvia, status="applicant")) == 8
    assert names(silvia, text="niemand heet zo") == []


def test_any_day_can_be_asked_for(silvia: PageClient) -> None:
    early = names(silvia, on="2019-04-01")

    assert 0 < len(early) < len(names(silvia))
    assert silvia.get(f"{MEMBERS}/", query={"on": "ooit"}).says("This is not a date. Write it as 31-12-2026.")


def test_a_day_can_be_asked_for_as_it_was_known(silvia: PageClient) -> None:
    page = silvia.get(f"{MEMBERS}/", query={"on": "2026-03-02", "known": "2020-06-01"})

    assert page.says("As it was known at the end of %(day)s.", day="1 juni 2020")


def test_a_new_member_gets_the_next_number(silvia: PageClient) -> None:
    answer = silvia.follow(silvia.post(f"{MEMBERS}/add", NEW | {"why": "Kennismaking op 20 februari."}))

    assert "Toegelaten als lid, Huurder" in answer.words()
    assert "Kennismaking op 20 februari." in answer.words()
    assert names(silvia, text="de nieuwe") == ["Zeynep de Nieuwe"]


def test_everything_that_is_wrong_is_told_beside_its_field_and_nothing_is_stored(
    silvia: PageClient, demo: Site
) -> None:
    before = demo.counts()
    wrong = NEW | {"name": "", "postcode": "12", "birth_date": "2190-01-01", "email": "geen adres"}

    page = silvia.post(f"{MEMBERS}/add", wrong)

    assert page.status == 400
    assert demo.counts() == before
    page = silvia.post(f"{MEMBERS}/add", wrong | {"name": "Zeynep"})
    assert page.says("A Dutch postcode has four digits and two letters.")
    assert page.says("Is the year right? Choose a date of birth in the past 120 years.")
    assert page.says("This is not an e-mail address.")
    assert demo.counts() == before


def test_what_happened_is_written_down(silvia: PageClient, demo: Site) -> None:
    number = membership_id(demo, KETELHUIS)
    event = {"kind": "suspended", "valid_from": "2026-03-02", "why": "Niet betaald."}

    answer = silvia.follow(silvia.post(f"{MEMBERS}/{number}/events", event))

    assert "geschorst lid" in answer.words()
    again = silvia.post(f"{MEMBERS}/{number}/events", event)
    assert again.status == 400
    assert again.says("This membership is suspended already on that day.")


def test_the_page_tells_the_story_with_who_and_why_and_says_which_data_changed(silvia: PageClient) -> None:
    path = silvia.post(f"{MEMBERS}/add", NEW | {"why": "Kennismaking op 20 februari."}).location
    silvia.post(f"{path}change", {**NEW, "phone": "0612345678", "valid_from": "2026-03-02"})

    rows = silvia.get(path).table("Wat er gebeurde")[1:]
    assert [row[1] for row in rows] == [
        "Gegevens gewijzigd: Telefoon",
        "Toegelaten als lid, Huurder“Kennismaking op 20 februari.”",
    ]
    assert all(row[2].startswith("Silvia Schrijfgraag") for row in rows)


def test_a_long_story_shows_its_newest_lines_and_a_way_to_the_rest(silvia: PageClient, demo: Site) -> None:
    number = membership_id(demo, KETELHUIS)
    for day in range(1, 18):
        for kind in ("suspended", "reinstated"):
            event = {"kind": kind, "valid_from": f"2026-02-{day:02}"}
            assert silvia.post(f"{MEMBERS}/{number}/events", event).status == 303

    page = silvia.get(f"{MEMBERS}/{number}/")
    assert len(page.table("Wat er gebeurde")) == 1 + 30
    (more,) = [one.get("href") or "" for one in page.all("a") if "story=all" in (one.get("href") or "")]
    assert len(silvia.get(more.partition("#")[0]).table("Wat er gebeurde")) > 1 + 34


def test_new_data_hold_from_a_day_and_the_old_stay_readable(silvia: PageClient, demo: Site) -> None:
    silvia.post(f"{MEMBERS}/add", NEW)
    path = next(
        one.get("href") or ""
        for one in silvia.get(f"{MEMBERS}/", query={"text": "de nieuwe"}).tree.iter("a")
        if (one.text or "") == "Zeynep de Nieuwe"
    )
    changed: dict[str, Any] = {**NEW, "name": "Zeynep Anders", "family_name": "Anders", "valid_from": "2026-03-02"}

    assert silvia.follow(silvia.post(f"{path}change", changed)).status == 200
    assert names(silvia, text="anders") == ["Zeynep Anders"]
    assert names(silvia, text="nieuwe", on="2026-03-01") == ["Zeynep de Nieuwe"]


def test_looking_at_a_member_is_noted_for_that_member(silvia: PageClient, demo: Site) -> None:
    path = next(
        one.get("href") or ""
        for one in silvia.get(f"{MEMBERS}/", query={"text": "mo meterkast"}).tree.iter("a")
        if (one.text or "") == "Mo Meterkast"
    )
    silvia.get(path)

    seen = demo.signed_in("Mo Meterkast").get(f"/cooperatives/{KETELHUIS}/about-me/")
    assert "Silvia Schrijfgraag" in seen.words()
    assert "De pagina van één lid" in seen.words()


@pytest.mark.parametrize("kind", ["csv", "xlsx", "pdf"])
def test_a_list_can_be_taken_along_and_that_is_noted(silvia: PageClient, demo: Site, kind: str) -> None:
    page = silvia.get(f"{MEMBERS}/download.{kind}", query={"on": "2026-03-02"})

    assert page.status == 200
    assert "attachment" in page.response.headers["Content-Disposition"]
    assert demo.rows("access_entry", "kind") == ["register"]
    assert silvia.get(f"{MEMBERS}/download.exe").status == 404


@pytest.mark.parametrize("role", [Role.TREASURER, Role.AUDIT_COMMITTEE, Role.MEMBER, Role.LANDLORD, Role.SECRETARY])
def test_only_who_keeps_the_register_sees_how_to_change_it(staffed: Site, role: Role) -> None:
    client = staffed.signed_in(only(role))
    may = RULES[role].permissions

    page = client.get(f"{MEMBERS}/")

    assert page.status == (200 if Permission.SEE_REGISTER in may else 403)
    assert (f"{MEMBERS}/add" in page.actions()) == (Permission.KEEP_REGISTER in may)


def test_a_mistake_is_taken_out_by_a_correction_and_stays_readable(silvia: PageClient, demo: Site) -> None:
    line = _line(silvia, "mo meterkast")
    silvia.post(f"{line}events", {"kind": "suspended", "valid_from": "2026-03-01", "why": "Verkeerde regel."})
    event = max(demo.rows("membership_event", "id"))

    answer = silvia.post(f"{line}events", {"kind": "corrected", "valid_from": "2026-03-02", "corrects": str(event)})

    page = silvia.follow(answer)
    assert page.says("corrected")
    assert "Verkeerde regel." in page.words()
    assert names(silvia, text="mo meterkast", status="suspended") == []


def test_an_end_is_not_written_down_past_what_hangs_on_it(silvia: PageClient) -> None:
    line = _line(silvia, "mo meterkast")

    assert silvia.post(f"{line}events", {"kind": "ended", "valid_from": "2026-03-02"}).status == 400


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_beyond_a_lifetime_is_told_beside_the_field(silvia: PageClient, day: str) -> None:
    page = silvia.post(f"{_line(silvia, 'mo meterkast')}events", {"kind": "suspended", "valid_from": day})

    assert page.status == 400
    assert page.says("Is the year right? Choose a day between %(first)s and %(last)s.", first=1800, last=2200)


def _line(client: PageClient, text: str) -> str:
    """The address of the page of a member."""
    links = [link.get("href") or "" for link in client.get(f"{MEMBERS}/", query={"text": text}).all("a")]
    return next(href for href in links if href.startswith(f"{MEMBERS}/") and href.rstrip("/")[-1].isdigit())
