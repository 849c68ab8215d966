"""The inbox on the page: what waits is seen at a glance, deciding asks once more, and letters go out."""

from typing import Any

import pytest
import sqlalchemy as sa

from ecoop.models import Application, Letter
from tests.support.web import KETELHUIS, PageClient, Site
from tests.web.test_joining_pages import applies, link_of

INBOX = f"/cooperatives/{KETELHUIS}/applications/"
MEMBERS = f"/cooperatives/{KETELHUIS}/members/"


@pytest.fixture
def silvia(demo: Site) -> PageClient:
    """The secretary."""
    return demo.signed_in("Silvia Schrijfgraag")


def number_of(site: Site, name: str) -> int:
    with site.inside(KETELHUIS) as session:
        return session.scalars(sa.select(Application.id).where(Application.name == name)).one()  # type: ignore[no-any-return]


def newest_letter(site: Site) -> Letter:
    with site.inside(KETELHUIS) as session:
        found: Letter = session.scalars(sa.select(Letter).order_by(Letter.id.desc()).limit(1)).one()
    return found


def test_the_overview_says_that_applications_wait_and_leads_there(silvia: PageClient) -> None:
    page = silvia.get(f"/cooperatives/{KETELHUIS}/")

    assert "Iemand heeft zich aangemeld als lid" in page.words()
    assert INBOX in {link.get("href") for link in page.all("a")}


def test_the_inbox_tells_age_what_is_missing_and_who_is_known(silvia: PageClient, demo: Site) -> None:
    with demo.inside(KETELHUIS) as session:
        waiting = sa.select(Application.name).where(
            Application.outcome.is_(None), Application.confirmed_at.is_not(None)
        )
        names = session.scalars(waiting).all()
    rows = silvia.get(INBOX).table("Wacht op het bestuur")[1:]
    told = " ".join(" ".join(row) for row in rows)

    assert len(rows) == len(names) >= 6
    assert "volledig adres" in told
    assert "lijkt op Mo Meterkast" in told
    assert "4 dagen" in told


def test_several_are_admitted_at_once_after_a_page_that_says_what_that_means(silvia: PageClient, demo: Site) -> None:
    ids = [number_of(demo, name) for name in ("Aron Atelier", "Half Ingevuld")]
    page = silvia.follow(silvia.get(f"{INBOX}decide?verb=admit&chosen={ids[0]}&chosen={ids[1]}"))

    assert page.says("A letter goes to each, with the number.")
    given = {"chosen": ids, "valid_from": "2026-03-02", "class_code": "", "decision": "Bestuur 2 maart, punt 4"}
    answer = silvia.follow(silvia.post(f"{INBOX}admit", given))

    assert "2 leden toegelaten, met de nummers" in answer.words()
    with demo.inside(KETELHUIS) as session:
        letters = session.scalars(sa.select(Letter).where(Letter.kind == "admission")).all()
        assert {letter.name for letter in letters} == {"Wim Welkom", "Aron Atelier", "Half Ingevuld"}
        assert all("Je lidnummer is" in letter.body for letter in letters)
        assert "Het besluit: Bestuur 2 maart, punt 4." in letters[-1].body


def test_all_or_none_is_admitted_and_the_page_says_whose_it_is(silvia: PageClient, demo: Site) -> None:
    ids = [number_of(demo, name) for name in ("Aron Atelier", "Mo Meterkast")]
    before = demo.counts()

    page = silvia.post(f"{INBOX}admit", {"chosen": ids, "valid_from": "2026-03-02"})

    assert page.status == 400
    assert page.says("%(name)s looks like somebody known. Say first whether it is the same.", name="Mo Meterkast")
    assert demo.counts() == before


def test_choosing_nobody_leads_back(silvia: PageClient) -> None:
    assert silvia.follow(silvia.get(f"{INBOX}decide?verb=admit")).says("Choose at least one application.")


def test_a_refusal_goes_out_with_the_reason_and_the_way_to_appeal(silvia: PageClient, demo: Site) -> None:
    number = number_of(demo, "Bakkerij Bakplaat")
    page = silvia.get(f"{INBOX}refuse?chosen={number}")
    assert page.says("not verified")

    given = {"chosen": [number], "reason": "other", "words": ""}
    assert silvia.post(f"{INBOX}refuse", given).says("Say in your own words why: the reason you chose does not say it.")
    silvia.post(f"{INBOX}refuse", given | {"words": "We nemen dit jaar\ngeen bedrijven aan."})

    body = newest_letter(demo).body
    assert "We nemen dit jaar\ngeen bedrijven aan." in body
    assert "De volgende algemene vergadering neemt daarover een besluit." in body


def test_a_question_is_answered_through_the_link_and_stands_in_the_story(silvia: PageClient, demo: Site) -> None:
    path = f"{INBOX}{number_of(demo, 'Half Ingevuld')}/"
    silvia.follow(silvia.post(f"{path}ask", {"text": "Op welk nummer woon je?"}))
    stranger, link = demo.client(), link_of(demo)

    assert "Op welk nummer woon je?" in stranger.get(link).words()
    stranger.follow(stranger.post(f"{link}/answer", {"text": "Op nummer 12."}))

    assert "Op nummer 12." in silvia.get(path).words()


def test_a_member_who_applied_again_is_recognised_and_told(silvia: PageClient, demo: Site) -> None:
    path = f"{INBOX}{number_of(demo, 'Mo Meterkast')}/"
    page = silvia.get(path)
    known = [one.get("value") for one in page.all("input", name="party_id") if one.get("value")]

    answer = silvia.follow(silvia.post(f"{path}who", {"party_id": known[0]}))

    assert "is al lid" in answer.words()
    assert silvia.post(f"{INBOX}admit", {"chosen": path.split("/")[-2], "valid_from": "2026-03-02"}).status == 400


def test_what_a_role_may_not_see_is_not_on_the_page(demo: Site) -> None:
    keeper = demo.signed_in("Silvia Schrijfgraag")
    treasurer = demo.signed_in("Petra Prijspeil")
    path = f"{INBOX}{number_of(demo, 'Aron Atelier')}/"

    assert "12 september 1991" in keeper.get(path).words()
    page = treasurer.get(path)
    assert "12 september 1991" not in page.words()
    assert not page.all("textarea")
    assert treasurer.post(f"{INBOX}admit", {"chosen": ["1"]}).status == 403


def test_a_member_may_not_look_into_the_inbox(demo: Site) -> None:
    assert demo.signed_in("Mo Meterkast").get(INBOX).status == 403


def test_looking_at_an_application_is_noted(silvia: PageClient, demo: Site) -> None:
    silvia.get(f"{INBOX}{number_of(demo, 'Aron Atelier')}/")

    assert demo.rows("access_entry", "kind") == ["application"]


def test_the_form_is_closed_and_its_texts_are_written_anew(silvia: PageClient, demo: Site) -> None:
    answer = silvia.follow(silvia.post(f"{INBOX}settings/open", {"wanted": "closed"}))
    assert answer.says("The public form is closed.")
    silvia.post(f"{INBOX}settings/open", {"wanted": "open"})

    silvia.post(f"{INBOX}settings/privacy/nl", {"text": "Een nieuwe tekst."})
    assert "Een nieuwe tekst." in demo.client().get(f"/cooperatives/{KETELHUIS}/join/").words()
    assert silvia.post(f"{INBOX}settings/privacy/nl", {"text": "Een nieuwe tekst."}).says(
        "This is the text that counts already."
    )


def test_an_applicant_who_used_the_link_is_admitted_with_a_number(silvia: PageClient, demo: Site) -> None:
    stranger = demo.client()
    stranger.post(f"{applies(stranger)}/confirm")
    given = {"chosen": [number_of(demo, "Noor Nieuw")], "valid_from": "2026-03-02"}

    silvia.follow(silvia.post(f"{INBOX}admit", given))

    letter = newest_letter(demo)
    assert (letter.recipient, letter.subject) == ("noor.nieuw@example.org", "Welkom als lid van KetelhuisWG")


# recording by hand, and merging


NEW = {"party_kind": "person", "class_code": "tenant", "valid_from": "2026-03-01", "name": "Mo Meterkast",
       "given_names": "Mo", "family_name": "Meterkast", "country": "NL"}  # fmt: skip


def test_adding_somebody_who_is_known_warns_before_saving(silvia: PageClient, demo: Site) -> None:
    before = demo.counts()

    page = silvia.post(f"{MEMBERS}add", NEW)

    assert page.says("Nothing was saved yet: somebody in the register looks the same.")
    assert demo.counts() == before
    assert silvia.post(f"{MEMBERS}add", NEW | {"somebody_else": "y"}).status == 303


def test_a_change_that_makes_somebody_look_like_another_warns_once(silvia: PageClient, demo: Site) -> None:
    path = f"{MEMBERS}{_line(demo, silvia, 'fatima')}"
    changed: dict[str, Any] = {**NEW, "birth_date": "", "name_prefix": "", "valid_from": "2026-03-02"}

    assert silvia.post(f"{path}/change", changed).says(
        "Nothing was saved yet: somebody in the register looks the same."
    )
    assert silvia.post(f"{path}/change", changed | {"somebody_else": "y"}).status == 303
    assert silvia.post(f"{path}/change", changed | {"phone": "020-1"}).status == 303


def _line(site: Site, client: PageClient, text: str) -> str:
    links = client.get(MEMBERS, query={"text": text}).all("a")
    found = [href for link in links if (href := link.get("href") or "").startswith(MEMBERS) and href[-2].isdigit()]
    return found[0].removeprefix(MEMBERS).strip("/")


def test_two_lines_are_merged_side_by_side(silvia: PageClient, demo: Site) -> None:
    silvia.post(f"{MEMBERS}add", NEW | {"somebody_else": "y", "phone": "020-777"})
    kept, gone = (client_line for client_line in _lines(silvia, "mo meterkast"))
    events = dict(zip(demo.rows("membership_event", "membership_id"), demo.rows("membership_event", "id"), strict=True))
    taken_out = {"kind": "corrected", "valid_from": "2026-03-02", "corrects": str(events[int(gone)]), "why": "Dubbel."}
    assert silvia.post(f"{MEMBERS}{gone}/events", taken_out).status == 303
    party = dict(zip(demo.rows("membership", "id"), demo.rows("membership", "party_id"), strict=True))
    path = f"/cooperatives/{KETELHUIS}/merge/{party[int(kept)]}/"
    assert "Mo Meterkast" in silvia.get(path).words()

    page = silvia.get(f"{path}{party[int(gone)]}")
    assert page.says("What is lost and what moves")
    assert "020-777" in page.words()
    answer = silvia.follow(silvia.post(f"{path}{party[int(gone)]}", {"take-phone": "gone", "why": "Dubbel."}))

    assert "020-777" in answer.words()
    assert "Een andere regel bleek dezelfde te zijn" in answer.words()
    assert "Dit bleek dezelfde te zijn" in silvia.get(f"{MEMBERS}{gone}/").words()


def _lines(client: PageClient, text: str) -> list[str]:
    links = client.get(MEMBERS, query={"text": text, "order": "number"}).all("a")
    hrefs = [link.get("href") or "" for link in links]
    return [href.removeprefix(MEMBERS).strip("/") for href in hrefs if href.startswith(MEMBERS) and href[-2].isdigit()]


def test_two_members_are_not_merged_and_the_page_says_why(silvia: PageClient, demo: Site) -> None:
    silvia.post(f"{MEMBERS}add", NEW | {"somebody_else": "y"})
    party = dict(zip(demo.rows("membership", "id"), demo.rows("membership", "party_id"), strict=True))
    kept, gone = (party[int(one)] for one in _lines(silvia, "mo meterkast"))

    page = silvia.get(f"/cooperatives/{KETELHUIS}/merge/{kept}/{gone}")

    assert page.says("These two cannot be merged now")
    assert not page.all("textarea")
    assert silvia.post(f"/cooperatives/{KETELHUIS}/merge/{kept}/{gone}", {}).status == 400
