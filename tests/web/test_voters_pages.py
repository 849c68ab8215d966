"""Who may vote, on the page: a sentence, a list with reasons, and a roll that is frozen for good."""

from collections.abc import Iterator

import pytest

from tests.support.web import KETELHUIS, PageClient, Site
from tests.web.addresses import VoteRoll, first_id

VOTERS = f"/cooperatives/{KETELHUIS}/voters"
HOME = f"/cooperatives/{KETELHUIS}/"


@pytest.fixture
def silvia(demo: Site) -> PageClient:
    """The secretary."""
    return demo.signed_in("Silvia Schrijfgraag")


def lines(client: PageClient, **asked: str) -> Iterator[tuple[str, str, str]]:
    """Name, votes and reason of each line."""
    page = client.get(f"{VOTERS}/", query=asked)
    rows = page.table("Wie mag stemmen")[1:] if "Lidmaatschapssoort" in page.words() else []
    return ((row[1], row[3], row[4]) for row in rows)


def test_the_answer_says_how_many_may_vote_and_how_many_may_not(silvia: PageClient) -> None:
    assert "leden mogen stemmen, met samen" in silvia.get(f"{VOTERS}/").words()


def test_each_line_says_why(silvia: PageClient) -> None:
    found = {name: (votes, why) for name, votes, why in lines(silvia, text="studio de warme oven 462")}

    assert found == {"Studio De Warme Oven 462": ("0", "Er is niemand vastgelegd die ervoor stemt")}


def test_an_association_votes_through_somebody_who_has_an_own_vote_as_well(silvia: PageClient) -> None:
    association = silvia.get(f"{VOTERS}/", query={"text": "vve poortgebouw"})
    victor = silvia.get(f"{VOTERS}/", query={"text": "vleugelraam"})

    assert "via Victor Vleugelraam" in association.words()
    assert "stemt ook voor 1 ander lid" in victor.words()
    assert "niemand telt dubbel" in victor.words()


def test_lines_are_asked_for_by_reason(silvia: PageClient) -> None:
    suspended = list(lines(silvia, reason="voting_suspended"))
    may_not = list(lines(silvia, reason="may_not"))

    assert {why for _name, _votes, why in suspended} == {"Het lidmaatschap is geschorst"}
    assert {votes for _name, votes, _why in may_not} == {"0"}


def test_before_the_founding_nobody_may_vote(silvia: PageClient) -> None:
    page = silvia.get(f"{VOTERS}/", query={"on": "2017-01-01"})

    assert page.says("No statutes are recorded for that day, so nobody may vote.")


def test_a_roll_leaves_as_a_file_and_that_is_noted(silvia: PageClient, demo: Site) -> None:
    answer = silvia.get(f"{VOTERS}/download.csv", query={"on": "2026-03-02"})

    assert answer.text.lstrip("\ufeff").startswith("Nr.;Naam;")
    assert "voters:2026-03-02" in demo.rows("access_entry", "subject")


def test_the_consequence_is_told_before_a_roll_is_frozen(silvia: PageClient) -> None:
    assert "verandert nooit meer" in silvia.get(f"{VOTERS}/freeze").words()


def test_a_frozen_roll_shows_its_whole_fingerprint(silvia: PageClient, demo: Site) -> None:
    page = silvia.follow(silvia.post(f"{VOTERS}/freeze", {"on": "2026-03-02", "purpose": "ALV van maart"}))

    assert "ALV van maart" in page.words()
    assert demo.rows("vote_roll", "digest")[-1] in page.words()


def test_a_roll_without_a_purpose_is_not_frozen(silvia: PageClient, demo: Site) -> None:
    before = demo.rows("vote_roll", "id")
    page = silvia.post(f"{VOTERS}/freeze", {"on": "2026-03-02", "purpose": ""})

    assert page.status == 400
    assert demo.rows("vote_roll", "id") == before


def test_a_roll_in_which_nobody_votes_is_refused_in_words(silvia: PageClient) -> None:
    page = silvia.post(f"{VOTERS}/freeze", {"on": "2017-01-01", "purpose": "ALV"})

    assert page.says("Nobody may vote on that day, so there is nothing to freeze. Look at the statutes first.")


def test_the_treasurer_reads_rolls_and_freezes_none(demo: Site) -> None:
    petra = demo.signed_in("Petra Prijspeil")
    roll_id = first_id(demo, KETELHUIS, VoteRoll)

    assert "Stemlijst van" in petra.get(f"{VOTERS}/rolls/{roll_id}").words()
    assert "Deze stemlijst vastzetten" not in petra.get(f"{VOTERS}/").words()
    assert petra.get(f"{VOTERS}/freeze").status == 403


def test_the_first_page_of_the_board_leads_to_what_was_found(silvia: PageClient) -> None:
    assert "Het register bekijken" in silvia.get(HOME).words()
    page = silvia.get(f"{VOTERS}/check")
    assert page.says("%(name)s has nobody who votes for it.", name="Studio De Warme Oven 462")


def test_a_member_is_not_told_what_was_found(demo: Site) -> None:
    assert "Het register bekijken" not in demo.signed_in("Mo Meterkast").get(HOME).words()
