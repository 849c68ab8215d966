"""Offices, decisions and representatives on the page."""

import pytest

from tests.support.web import KETELHUIS, PageClient, Site
from tests.web.addresses import running_term_id

OFFICES = f"/cooperatives/{KETELHUIS}/offices"
MEMBERS = f"/cooperatives/{KETELHUIS}/members"


@pytest.fixture
def silvia(demo: Site) -> PageClient:
    """The secretary."""
    return demo.signed_in("Silvia Schrijfgraag")


def membership_of(demo: Site, name: str) -> int:
    """The membership of a party of the demo, by its name."""
    import sqlalchemy as sa

    from ecoop.models import Membership, PartyRecord

    with demo.inside(KETELHUIS) as session:
        return session.scalars(
            sa.select(Membership.id)
            .join(PartyRecord, sa.and_(PartyRecord.cooperative_id == Membership.cooperative_id,
                                       PartyRecord.party_id == Membership.party_id))
            .where(PartyRecord.name == name)
        ).one()  # fmt: skip


def decision_id(demo: Site, number: int = 1) -> str:
    """A decision by its number."""
    numbers = demo.rows("decision", "number")
    return str(demo.rows("decision", "id")[numbers.index(number)])


def test_the_board_and_its_terms_are_shown_with_the_decision(silvia: PageClient) -> None:
    words = silvia.get(f"{OFFICES}/").words()

    assert "Het bestuur heeft 4 leden; de statuten vragen er minstens 3." in words
    assert "De termijn van bestuurslid Bram Buffervat eindigt op" in words
    assert "Niemand heeft meer dan een kwart van de stemmen of van " in words


def test_an_appointment_rests_on_a_decision(silvia: PageClient, demo: Site) -> None:
    silvia.post(f"{OFFICES}/decide", {"body": "general_meeting", "decided_on": "2026-02-20", "subject": "Benoeming Mo"})
    newest = decision_id(demo, max(demo.rows("decision", "number")))
    form = {"party_id": "mo meterkast", "office": "board_member", "starts_on": "2026-03-01", "decision_id": newest}

    page = silvia.follow(silvia.post(f"{OFFICES}/appoint", form))

    assert "Het bestuur heeft 5 leden" in page.words()
    assert "KvK" in page.words()


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("niemand", "Nobody in the register fits this. Fill in a member number or a name."),
        ("bakkerij", "Nobody in the register fits this. Fill in a member number or a name."),
        ("%", "Nobody in the register fits this. Fill in a member number or a name."),
    ],
)
def test_who_is_not_found_is_told_beside_the_field(silvia: PageClient, demo: Site, who: str, sentence: str) -> None:
    form = {"party_id": who, "office": "board_member", "starts_on": "2026-03-01", "decision_id": decision_id(demo)}
    page = silvia.post(f"{OFFICES}/appoint", form)

    assert page.status == 400
    assert page.says(sentence)


def test_several_people_with_one_name_are_told_apart_by_their_numbers(silvia: PageClient, demo: Site) -> None:
    form = {
        "party_id": "dubbelglas",
        "office": "signatory",
        "starts_on": "2026-03-01",
        "decision_id": decision_id(demo),
    }
    words = silvia.post(f"{OFFICES}/appoint", form).words()

    assert "Hier passen meer mensen bij: " in words
    assert "Vul het lidnummer in." in words


def test_ending_an_office_tells_the_consequence_and_asks_a_decision(silvia: PageClient, demo: Site) -> None:
    address = f"{OFFICES}/{running_term_id(demo, KETELHUIS)}/end"

    assert "kan zo niet meer besluiten" in silvia.get(address).words()
    assert silvia.post(address, {"ends_on": "2020-01-01", "decision_id": ""}).status == 400


def test_a_decision_is_annulled_by_another_and_both_stay(silvia: PageClient, demo: Site) -> None:
    form = {
        "body": "general_meeting",
        "decided_on": "2026-02-20",
        "subject": "Intrekking",
        "annuls_id": decision_id(demo),
    }
    words = silvia.follow(silvia.post(f"{OFFICES}/decide", form)).words()

    assert "trekt besluit 1 in" in words
    assert "ingetrokken door besluit" in words


def test_who_acts_for_an_association_stands_on_its_page_and_on_that_of_the_person(
    silvia: PageClient, demo: Site
) -> None:
    association = silvia.get(f"{MEMBERS}/{membership_of(demo, 'VvE Poortgebouw')}/").words()
    victor = silvia.get(f"{MEMBERS}/{membership_of(demo, 'Victor Vleugelraam')}/").words()

    assert "Victor Vleugelraam stemt ervoor." in association
    assert "Stemt ook voor VvE Poortgebouw: een apart recht, naast de eigen stem." in victor


def test_somebody_who_is_no_member_can_be_recorded_as_representative(silvia: PageClient, demo: Site) -> None:
    number = membership_of(demo, "Studio De Warme Oven 462")
    form = {"matter": "vote", "new_name": "Klaas Klei", "valid_from": "2026-03-01", "proof": "Uittreksel KvK"}

    page = silvia.follow(silvia.post(f"{OFFICES}/representatives/{number}", form))

    assert "Klaas Klei stemt ervoor." in page.words()
    assert len(demo.rows("membership", "id")) == len(set(demo.rows("membership", "party_id")))


def test_a_second_person_who_votes_is_refused_and_nobody_is_recorded(silvia: PageClient, demo: Site) -> None:
    before = demo.rows("party", "id")
    number = membership_of(demo, "VvE Poortgebouw")
    form = {"matter": "vote", "new_name": "Klaas Klei", "valid_from": "2026-03-01", "proof": "Zomaar"}
    page = silvia.post(f"{OFFICES}/representatives/{number}", form)

    assert page.status == 400
    assert page.says("Somebody else votes for it in that period. End that first: one person votes at a time.")
    assert demo.rows("party", "id") == before


def test_a_representation_ends_on_the_day_that_is_given(silvia: PageClient, demo: Site) -> None:
    number = membership_of(demo, "Bakkerij De Warme Oven 440")
    parties = dict(zip(demo.rows("membership", "id"), demo.rows("membership", "party_id"), strict=True))
    ids = dict(zip(demo.rows("representation", "id"), demo.rows("representation", "represented_id"), strict=True))
    running = next(one for one, represented in ids.items() if represented == parties[number])

    page = silvia.follow(
        silvia.post(f"{OFFICES}/representatives/{number}/{running}/end", {"valid_until": "2026-03-01"})
    )

    assert "Het einde is vastgelegd." in page.words()


def test_a_role_without_the_register_finds_no_offices(demo: Site) -> None:
    assert demo.signed_in("Mo Meterkast").get(f"{OFFICES}/").status == 403
