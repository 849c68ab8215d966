"""Privacy on the page: tried out, done once more asked, proven, held back, agreed to; and what leaves is noted."""

import hashlib
import json
from io import BytesIO
from zipfile import ZipFile

import pytest
import sqlalchemy as sa

from ecoop.governance.retention import Purpose
from ecoop.models import LegalHold, Minimisation, Party, PartyRecord
from ecoop.services.register_export import EXPORT
from tests.support.web import KETELHUIS, PageClient, Site

HOME = f"/cooperatives/{KETELHUIS}"
GONE, HELD = "Wieneke Weggegaan", "Herre Heengegaan"


@pytest.fixture
def silvia(demo: Site) -> PageClient:
    """The secretary."""
    return demo.signed_in("Silvia Schrijfgraag")


def party_of(site: Site, name: str) -> int:
    with site.inside(KETELHUIS) as session:
        found: int = session.scalars(sa.select(PartyRecord.party_id).where(PartyRecord.name == name)).first()
        return found


def seen(client: PageClient) -> str:
    page = client.get(f"{HOME}/privacy/due")
    return page.all("input", name="seen")[0].get("value") or ""


def test_the_page_says_how_much_may_go_and_what_was_not_verified(silvia: PageClient) -> None:
    page = silvia.get(f"{HOME}/privacy/")

    assert "1 persoon of organisatie" in page.words()
    rules = {row[0]: row[1] for row in page.table("Wat we bewaren en tot wanneer")[1:]}
    assert len(rules) == len(Purpose)
    assert page.says("not verified")


def test_a_dry_run_names_who_and_why_and_changes_nothing(silvia: PageClient, demo: Site) -> None:
    before = demo.contents()
    page = silvia.get(f"{HOME}/privacy/due")

    assert GONE in page.words()
    assert HELD not in page.words()
    assert demo.contents() == before


def test_another_day_can_be_tried_but_not_done(silvia: PageClient) -> None:
    page = silvia.get(f"{HOME}/privacy/due", query={"on": "2060-01-01"})

    assert len(page.table("Wat weg mag")) > 5
    assert f"{HOME}/privacy/minimise" not in page.actions()


def test_what_was_shown_goes_and_leaves_a_proof_that_anybody_can_check(silvia: PageClient, demo: Site) -> None:
    answer = silvia.post(f"{HOME}/privacy/minimise", {"seen": seen(silvia)})
    page = silvia.follow(answer)

    assert page.says("The proof is still the one of which the fingerprint was kept.")
    text = silvia.get(f"{answer.location}proof.json").text
    assert hashlib.sha256(text.encode()).hexdigest() in page.words()
    assert GONE not in text
    assert silvia.get(f"{answer.location}proof.pdf").response.get_data().startswith(b"%PDF")
    with demo.inside(KETELHUIS) as session:
        gone = session.scalars(sa.select(PartyRecord).where(PartyRecord.name == GONE)).all()
        assert {(one.email, one.birth_date, one.street) for one in gone} == {(None, None, None)}


def test_what_was_not_shown_does_not_go(silvia: PageClient, demo: Site) -> None:
    page = silvia.follow(silvia.post(f"{HOME}/privacy/minimise", {"seen": "0" * 64}))

    assert page.says("Something changed since you looked, so nothing was done. Look again what would go now.")
    with demo.inside(KETELHUIS) as session:
        assert session.scalars(sa.select(Minimisation.is_dry)).all() == [True]


def test_a_trial_run_is_kept_without_changing_anything(silvia: PageClient) -> None:
    page = silvia.follow(silvia.post(f"{HOME}/privacy/keep-trial"))

    assert page.says("The trial run is kept. Nothing was changed.")


def test_the_page_of_a_leaver_says_when_the_birth_date_leaves_and_why(silvia: PageClient, demo: Site) -> None:
    page = silvia.get(f"{HOME}/privacy/people/{party_of(demo, GONE)}/")

    rows = {row[0]: row[1:] for row in page.table("Tot wanneer we het bewaren")[1:]}
    assert rows["Geboortedatum"] == ["gaat weg op 1 januari 2024", "Contact met oud-leden: 2 jaar"]


def test_a_hold_is_placed_with_a_reason_and_lifted(silvia: PageClient, demo: Site) -> None:
    party_id = party_of(demo, GONE)
    assert silvia.post(f"{HOME}/privacy/people/{party_id}/hold", {"why": ""}).status == 400
    silvia.post(f"{HOME}/privacy/people/{party_id}/hold", {"why": "Er loopt een klacht."})
    assert silvia.get(f"{HOME}/privacy/").says("Nothing is kept longer than the rules below allow.")

    with demo.inside(KETELHUIS) as session:
        hold_id = session.scalars(sa.select(LegalHold.id).where(LegalHold.party_id == party_id)).one()
    silvia.post(f"{HOME}/privacy/holds/{hold_id}/lift")
    assert GONE in silvia.get(f"{HOME}/privacy/due").words()


def test_a_period_is_changed_from_a_day_on_and_the_page_says_by_whom(silvia: PageClient) -> None:
    wrong = silvia.post(f"{HOME}/privacy/rules/contact", {"kept_months": "12", "starts_on": "2020-01-01", "why": "x"})
    assert wrong.says("Choose today or a later day: what was minimised does not come back.")

    silvia.post(f"{HOME}/privacy/rules/contact", {"kept_months": "12", "starts_on": "2026-03-02", "why": "Korter kan."})
    words = silvia.get(f"{HOME}/privacy/").words()
    assert "1 jaar na het einde van het lidmaatschap" in words
    assert "Korter kan." in words
    assert silvia.get(f"{HOME}/privacy/rules/nonsense").status == 404


def test_a_consent_is_written_down_with_the_version_of_its_text(silvia: PageClient, demo: Site) -> None:
    party_id = party_of(demo, HELD)
    given = {"purpose": "pictures", "move": "given", "valid_from": "2026-03-01", "how": "email"}
    page = silvia.follow(silvia.post(f"{HOME}/privacy/people/{party_id}/consents", given))
    assert "Versie 2" in page.words()

    again = silvia.follow(silvia.post(f"{HOME}/privacy/people/{party_id}/consents", given))
    assert again.says("This consent holds already, for the newest text.")
    assert silvia.post(f"{HOME}/privacy/people/{party_id}/consents", given | {"purpose": ""}).status == 400


def test_a_newer_text_is_a_new_version(silvia: PageClient) -> None:
    text = {"purpose": "newsletter", "language": "nl", "text": "We sturen je een nieuwsbrief."}
    page = silvia.follow(silvia.post(f"{HOME}/privacy/texts", text))

    assert "We sturen je een nieuwsbrief." in page.words()
    assert silvia.post(f"{HOME}/privacy/texts", text).says(
        "This is the same text as the newest version. Nothing was added."
    )


# what leaves


def test_everything_about_a_person_leaves_as_files_and_that_is_noted(silvia: PageClient, demo: Site) -> None:
    party_id = party_of(demo, "Mo Meterkast")
    answer = silvia.post(f"{HOME}/exports/people/{party_id}")

    with ZipFile(BytesIO(answer.response.get_data())) as bundle:
        told = json.loads(bundle.read("everything.json"))
        names = set(bundle.namelist())
        assert bundle.read("overview.pdf").startswith(b"%PDF")
    assert told["party_record"][0]["name"] == "Mo Meterkast"
    assert {"everything.json", "party_record.csv", "membership_event.csv", "account.csv"} <= names
    assert "password_hash" not in told["account"][0]
    mo = demo.signed_in("Mo Meterkast").get(f"{HOME}/about-me/").words()
    assert "Silvia Schrijfgraag" in mo
    assert "Alles van de coöperatie, of van één persoon, als bestanden" in mo


def test_a_member_takes_the_own_data_along(demo: Site) -> None:
    mo = demo.signed_in("Mo Meterkast")
    answer = mo.post(f"{HOME}/exports/mine")

    assert f"{HOME}/exports/mine" in mo.get(f"{HOME}/about-me/").actions()
    with ZipFile(BytesIO(answer.response.get_data())) as bundle:
        told = json.loads(bundle.read("everything.json"))
    assert {one["name"] for one in told["party_record"]} == {"Mo Meterkast"}


def test_everything_of_the_cooperative_is_asked_for_and_recorded(silvia: PageClient, demo: Site) -> None:
    page = silvia.follow(silvia.post(f"{HOME}/exports/ask"))

    assert page.says("Everything is being written. This page shows when it is ready.")
    assert demo.rows("job", "kind").count(EXPORT) == 1
    assert "Alles van de coöperatie geëxporteerd" in silvia.get(f"{HOME}/trail/").words()


def test_a_new_board_gets_a_report_on_the_page_and_on_paper(silvia: PageClient) -> None:
    words = silvia.get(f"{HOME}/exports/handover").words()
    for told in ("Petra Prijspeil", "Statuten in het kort (verzonnen voorbeeld)", HELD, "oud-lid"):
        assert told in words

    answer = silvia.post(f"{HOME}/exports/handover/report")
    assert answer.response.get_data().startswith(b"%PDF")
    assert "Overdrachtsverslag gemaakt" in silvia.get(f"{HOME}/exports/").words()


def test_who_looked_at_a_member_stands_on_the_page_of_that_person(silvia: PageClient, demo: Site) -> None:
    with demo.inside(KETELHUIS) as session:
        party = session.scalars(sa.select(Party).order_by(Party.id.desc()).limit(1)).one()
        number = party.id
    from ecoop.models import Membership

    with demo.inside(KETELHUIS) as session:
        membership_id = session.scalars(sa.select(Membership.id).where(Membership.party_id == number)).one()
    demo.signed_in("Petra Prijspeil").get(f"{HOME}/members/{membership_id}/")

    assert "Petra Prijspeil" in silvia.get(f"{HOME}/privacy/people/{number}/").words()
