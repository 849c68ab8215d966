"""Who may do what: giving and ending roles, and letting an administrator look in."""

from typing import Any

import pytest
import sqlalchemy as sa

from ecoop import language
from ecoop.governance.roles import RULES, SUPPORT_PERMISSIONS, Reach, Role, roles_reaching
from ecoop.language import Language
from ecoop.language.names import role_name
from ecoop.language.reasons import REASONS
from ecoop.models import Building
from tests.support.factories import a_building, a_role, an_account
from tests.support.queries import counted_queries
from tests.support.web import (
    KETELHUIS,
    REAL_CHAIR,
    REAL_COOPERATIVE,
    ZONNEDAK,
    Page,
    PageClient,
    Site,
    only,
)
from tests.web.addresses import fill, grant_id, support_id

PEOPLE = f"/cooperatives/{KETELHUIS}/people/"
FORM = {"name": "Nora Nieuw", "email": "nora@example.org", "role": "member", "starts_on": "2026-03-02"}


@pytest.fixture
def chair(demo: Site) -> PageClient:
    """The chair's browser."""
    return demo.signed_in("Vera Vastrecht")


def _grant(client: PageClient, **given: Any) -> Page:
    return client.post(f"{PEOPLE}grant", FORM | given)


def _rows_of(page: Page, name: str) -> list[str]:
    return ["".join(row.itertext()) for row in page.tree.iter("tr") if name in "".join(row.itertext())]


# what the page shows


def test_the_table_of_roles_is_the_declaration(demo: Site) -> None:
    page = demo.signed_in("Mo Meterkast").get(PEOPLE)
    matrix = page.all("table", class_="data matrix")[0]
    rows = list(matrix.find("tbody") or [])
    ticks = [sum("icon" in (one.get("class") or "") for one in row.iter()) for row in rows]

    granted = [len(RULES[role].permissions) for role in roles_reaching(Reach.COOPERATIVE)]
    assert ticks == [*granted, len(SUPPORT_PERMISSIONS)]


def test_everybody_in_a_cooperative_sees_who_holds_which_role(demo: Site) -> None:
    page = demo.signed_in("Mo Meterkast").get(PEOPLE)

    assert _rows_of(page, "Petra Prijspeil")
    assert _rows_of(page, "Kees Kasboek")


def test_nobody_of_another_cooperative_is_shown(demo: Site) -> None:
    page = demo.signed_in("Mo Meterkast").get(PEOPLE)

    assert "Zonnestraal" not in page.text
    assert "Paneel" not in page.text


def test_a_role_that_has_ended_is_not_among_those_held(demo: Site) -> None:
    rows = _rows_of(demo.signed_in("Mo Meterkast").get(PEOPLE), "Kees Kasboek")

    with language.speaking(Language.DUTCH):
        treasurer, audit_committee = role_name(Role.TREASURER), role_name(Role.AUDIT_COMMITTEE)
    assert any(audit_committee in row for row in rows)
    assert not any(treasurer in row for row in rows)


def test_an_address_is_not_shown_to_members(demo: Site) -> None:
    assert "@example.org" not in demo.signed_in("Mo Meterkast").get(PEOPLE).text


def test_only_who_may_give_roles_is_offered_to(demo: Site, chair: PageClient) -> None:
    assert f"{PEOPLE}grant" in chair.get(PEOPLE).actions()
    assert f"{PEOPLE}grant" not in demo.signed_in("Mo Meterkast").get(PEOPLE).actions()


# giving


def test_a_given_role_is_held_at_once(demo: Site, chair: PageClient) -> None:
    assert _grant(chair).status == 303

    assert demo.signed_in("Nora Nieuw").get(fill(demo, "home.own_page")).status == 200


def test_who_gave_a_role_is_remembered(chair: PageClient) -> None:
    _grant(chair)

    assert "Vera Vastrecht" in _rows_of(chair.get(PEOPLE), "Nora Nieuw")[0]


def test_who_gets_a_role_gets_a_letter_with_a_way_in(demo: Site, chair: PageClient) -> None:
    _grant(chair)

    assert demo.rows("letter", "recipient")[-1] == "nora@example.org"
    assert "/sign-in/link/" in demo.rows("letter", "body")[-1]


def test_a_role_from_a_later_day_is_not_held_yet(demo: Site, chair: PageClient) -> None:
    _grant(chair, starts_on="2026-03-03")
    client = demo.signed_in("Nora Nieuw")
    assert client.get(PEOPLE).status == 404

    demo.clock.move(days=1)

    assert client.get(PEOPLE).status == 200


def test_a_role_until_a_day_is_not_held_on_that_day(demo: Site, chair: PageClient) -> None:
    _grant(chair, ends_on="2026-03-04")
    client = demo.signed_in("Nora Nieuw")
    demo.clock.move(days=1)
    assert client.get(PEOPLE).status == 200

    demo.clock.move(days=1)

    assert client.get(PEOPLE).status == 404


def test_a_dutch_date_is_a_date(chair: PageClient) -> None:
    assert _grant(chair, starts_on="02-03-2026").status == 303


WRONG = [
    ({"name": " "}, "Fill this in."),
    ({"email": "nobody"}, REASONS["not_an_address"]),
    ({"starts_on": ""}, "Fill this in."),
    ({"starts_on": "31-02-2026"}, "This is not a date. Write it as 31-12-2026."),
    ({"ends_on": "soon"}, "This is not a date. Write it as 31-12-2026."),
    ({"ends_on": "2026-03-02"}, REASONS["period_empty"]),
    ({"role": "building_ambassador"}, REASONS["buildings_missing"]),
    ({"role": "teller"}, REASONS["concerns_missing"]),
    ({"role": "funder", "concerns": " "}, REASONS["concerns_missing"]),
    ({"name": "Vera Vastrecht", "email": "vera.vastrecht@example.org", "role": "chair"}, REASONS["already_held"]),
]


@pytest.mark.parametrize(("given", "sentence"), WRONG)
def test_what_is_wrong_with_a_role_is_told_and_nothing_is_stored(
    demo: Site, chair: PageClient, given: dict[str, str], sentence: str
) -> None:
    before = demo.contents()

    answer = _grant(chair, **given)

    assert answer.status == 400
    assert answer.says(sentence)
    assert demo.contents() == before


def test_everything_that_is_wrong_with_a_role_is_told_at_once(chair: PageClient) -> None:
    answer = _grant(chair, role="building_ambassador", ends_on="2026-03-01")

    assert len(answer.all("p", class_="wrong")) == 2


def test_a_choice_that_is_not_offered_is_refused_in_the_language_of_the_reader(chair: PageClient) -> None:
    answer = _grant(chair, role="administrator")

    assert answer.status == 400
    assert [part.text for part in answer.all("p", class_="wrong")] != []
    assert not answer.says("Not a valid choice")


def test_what_was_filled_in_stays_when_something_is_wrong(chair: PageClient) -> None:
    answer = _grant(chair, email="nobody")

    assert answer.all("input", name="name")[0].get("value") == "Nora Nieuw"


def _building(site: Site, slug: str) -> str:
    with site.inside(slug) as session:
        return str(session.scalars(sa.select(Building.id)).first())


def test_an_ambassador_sees_the_own_building_and_no_other(demo: Site, chair: PageClient) -> None:
    _grant(chair, role="building_ambassador", building_ids=[_building(demo, KETELHUIS)])

    table = demo.signed_in("Nora Nieuw").get(fill(demo, "home.own_buildings")).tree.find(".//tbody")

    assert table is not None
    assert len(list(table)) == 1


@pytest.mark.parametrize("building", ["1", "x", "9" * 30])
def test_a_building_that_is_not_there_cannot_be_given(demo: Site, chair: PageClient, building: str) -> None:
    before = demo.contents()

    assert _grant(chair, role="building_ambassador", building_ids=[building]).status == 400
    assert demo.contents() == before


def test_a_building_of_another_cooperative_cannot_be_given(demo: Site, chair: PageClient) -> None:
    answer = _grant(chair, role="building_ambassador", building_ids=[_building(demo, ZONNEDAK)])

    assert answer.status == 400


def test_two_of_a_household_at_one_address_stay_two(demo: Site, chair: PageClient) -> None:
    before = len(demo.rows("account", "id"))
    _grant(chair)
    _grant(chair, name="Niek Nieuw")
    _grant(chair, name="nora nieuw", role="secretary")

    assert len(demo.rows("account", "id")) == before + 2


def test_a_name_is_shown_as_it_is_and_never_as_a_page(chair: PageClient) -> None:
    _grant(chair, name="<script>alert(1)</script>")
    page = chair.get(PEOPLE)

    assert _rows_of(page, "<script>alert(1)</script>")


# ending


def _end(client: PageClient, number: int) -> Page:
    return client.follow(client.post(f"{PEOPLE}{number}/end"))


def test_an_ended_role_is_held_no_longer(demo: Site, chair: PageClient) -> None:
    secretary = demo.signed_in("Silvia Schrijfgraag")
    assert secretary.get(f"{PEOPLE}grant").status == 200

    _end(chair, grant_id(demo, KETELHUIS, Role.SECRETARY))

    assert secretary.get(f"{PEOPLE}grant").status == 403
    assert secretary.get(PEOPLE).status == 200


def test_a_role_given_today_can_be_ended_today(demo: Site, chair: PageClient) -> None:
    _grant(chair, role="secretary")
    client = demo.signed_in("Nora Nieuw")
    assert client.get(f"{PEOPLE}grant").status == 200

    _end(chair, max(demo.rows("role_grant", "id")))

    assert client.get(f"{PEOPLE}grant").status == 404
    assert not _rows_of(chair.get(PEOPLE), "Nora Nieuw")


def test_a_role_that_is_withdrawn_before_its_first_day_never_begins(demo: Site, chair: PageClient) -> None:
    _grant(chair, role="secretary", starts_on="2026-04-01")
    _end(chair, max(demo.rows("role_grant", "id")))
    client = demo.signed_in("Nora Nieuw")

    for _ in range(35):
        demo.clock.move(days=1)
        assert client.get(PEOPLE).status == 404


def test_a_role_that_was_withdrawn_can_be_given_again(demo: Site, chair: PageClient) -> None:
    _grant(chair, role="secretary", starts_on="2026-04-01")
    _end(chair, max(demo.rows("role_grant", "id")))

    assert _grant(chair, role="secretary").status == 303


def test_a_role_cannot_be_ended_twice(demo: Site, chair: PageClient) -> None:
    _grant(chair)
    number = max(demo.rows("role_grant", "id"))
    _end(chair, number)

    assert _end(chair, number).says(REASONS["already_ended"])


def test_the_row_of_an_ended_role_stays(demo: Site, chair: PageClient) -> None:
    _grant(chair)
    before = demo.counts()["role_grant"]

    _end(chair, max(demo.rows("role_grant", "id")))

    assert demo.counts()["role_grant"] == before


def test_the_last_of_the_board_stays(real: Site) -> None:
    client = real.signed_in(REAL_CHAIR)
    number = grant_id(real, REAL_COOPERATIVE, Role.CHAIR)

    answer = client.follow(client.post(f"/cooperatives/{REAL_COOPERATIVE}/people/{number}/end"))

    assert answer.says(REASONS["last_board_member"])
    assert client.get(f"/cooperatives/{REAL_COOPERATIVE}/people/grant").status == 200


def test_a_board_member_who_comes_later_does_not_count_as_the_last(real: Site) -> None:
    client = real.signed_in(REAL_CHAIR)
    people = f"/cooperatives/{REAL_COOPERATIVE}/people/"
    client.post(f"{people}grant", FORM | {"role": "treasurer", "starts_on": "2026-03-03"})
    number = grant_id(real, REAL_COOPERATIVE, Role.CHAIR)

    answer = client.follow(client.post(f"{people}{number}/end"))

    assert answer.says(REASONS["last_board_member"])


def test_ending_ones_own_role_shuts_the_door_behind_one(demo: Site, chair: PageClient) -> None:
    chair.post(f"{PEOPLE}{grant_id(demo, KETELHUIS, Role.CHAIR)}/end")

    assert chair.get(f"{PEOPLE}grant").status == 403


# looking in


def test_a_request_to_look_in_waits_on_the_first_page_of_the_board(demo: Site, chair: PageClient) -> None:
    page = chair.get(f"/cooperatives/{KETELHUIS}/")

    assert page.all("ul", class_="waiting")
    assert not demo.signed_in("Mo Meterkast").get(f"/cooperatives/{KETELHUIS}/").all("ul", class_="waiting")


def _answer(client: PageClient, what: str) -> Page:
    number = support_id(client.site, KETELHUIS)
    return client.follow(client.post(f"{PEOPLE}support/{number}/{what}"))


def test_a_request_is_granted_asked_and_ended(demo: Site, chair: PageClient) -> None:
    assert _answer(chair, "grant").says("The administrator can look in now. It ends by itself; you can end it earlier.")
    assert f"{PEOPLE}support/{support_id(demo, KETELHUIS)}/close" in chair.get(PEOPLE).actions()

    assert _answer(chair, "close").says("The administrator cannot look in.")
    assert f"{PEOPLE}support/{support_id(demo, KETELHUIS)}/close" not in chair.get(PEOPLE).actions()


def test_a_request_that_was_answered_is_not_answered_again(chair: PageClient) -> None:
    _answer(chair, "close")

    assert _answer(chair, "grant").says(REASONS["not_waiting"])


def test_everybody_in_the_cooperative_sees_who_looked_in(demo: Site, chair: PageClient) -> None:
    _answer(chair, "grant")

    assert "Ada Algoritme" in demo.signed_in("Mo Meterkast").get(PEOPLE).words()


@pytest.mark.parametrize("hours", ["0", "73", "-1", "x", "9" * 5000, ""])
def test_an_administrator_asks_for_at_most_three_days(demo: Site, hours: str) -> None:
    client = demo.signed_in("Ada Algoritme")
    before = demo.contents()

    answer = client.post(fill(demo, "installation.ask_support", slug=ZONNEDAK), {"reason": "Kapot", "hours": hours})

    assert answer.status == 400
    assert answer.all("p", class_="wrong")
    assert demo.contents() == before


def test_hours_that_are_no_number_are_told_as_such(demo: Site) -> None:
    path = fill(demo, "installation.ask_support", slug=ZONNEDAK)

    answer = demo.signed_in("Ada Algoritme").post(path, {"reason": "Kapot", "hours": "x"})

    assert answer.says("This is not a whole number.")


def test_an_administrator_says_why(demo: Site) -> None:
    path = fill(demo, "installation.ask_support", slug=ZONNEDAK)

    assert demo.signed_in("Ada Algoritme").post(path, {"reason": " ", "hours": "4"}).status == 400


def test_an_administrator_asks_once(demo: Site) -> None:
    answer = demo.signed_in("Ada Algoritme").post(
        fill(demo, "installation.ask_support"), {"reason": "Kapot", "hours": "4"}
    )

    assert answer.says(REASONS["already_asked"])


def test_a_request_of_one_administrator_is_not_shown_to_another(staffed: Site) -> None:
    page = staffed.signed_in(only(Role.ADMINISTRATOR)).get("/installation/")

    assert "Ada" not in page.words()


def test_an_administrator_asks_a_cooperative_that_is_there(demo: Site) -> None:
    assert demo.signed_in("Ada Algoritme").get("/installation/support/no-such-cooperative").status == 404


def test_the_letters_of_a_real_installation_are_not_shown(real: Site) -> None:
    real.client().post("/sign-in/forgotten", {"email": "carla@example.org"})
    with real.inside(may_write=True) as session:
        from ecoop.services.roles import make_administrator

        make_administrator(session, account_id=real.account_id(REAL_CHAIR), day=real.clock().date(), now=real.clock())

    page = real.signed_in(REAL_CHAIR).get("/installation/outbox")

    assert "carla@example.org" not in page.text
    assert "/sign-in/link/" not in page.text


def test_the_example_letters_are_not_there_in_a_real_installation(real: Site) -> None:
    assert real.client().get("/installation/example-letters").status == 404


# work does not grow with rows


def _furnish(site: Site, number: int) -> None:
    with site.inside(KETELHUIS, may_write=True) as session:
        from ecoop.models import Cooperative

        cooperative = session.scalars(sa.select(Cooperative).where(Cooperative.slug == KETELHUIS)).one()
        for one in range(number):
            a_building(session, cooperative, f"Extra {one}")
            account = an_account(session, f"Extra {one}")
            a_role(session, cooperative, account, Role.MEMBER)


PAGES = [
    ("home.overview", "Vera Vastrecht"),
    ("home.own_page", "Mo Meterkast"),
    ("home.buildings", "Vera Vastrecht"),
    ("home.own_buildings", "Gijs Gevelgroen"),
    ("cases.show", "Petra Prijspeil"),
    ("people.show", "Vera Vastrecht"),
    ("people.grant", "Vera Vastrecht"),
    ("umbrella.show", "Koen Koepeldak"),
    ("installation.show", "Ada Algoritme"),
    ("installation.outbox", "Ada Algoritme"),
    ("accounts.show", "Noud Netaansluiting"),
    ("accounts.sign_in", "Mo Meterkast"),
]


@pytest.mark.parametrize(("endpoint", "name"), PAGES)
def test_a_page_asks_the_database_no_more_when_there_is_more_in_it(demo: Site, endpoint: str, name: str) -> None:
    client, path = demo.signed_in(name), fill(demo, endpoint)
    client.get(path)
    with counted_queries(demo.database) as few:
        client.get(path)
    _furnish(demo, 50)
    with counted_queries(demo.database) as many:
        client.get(path)

    assert len(many) == len(few)
    assert len(few) <= (40 if endpoint == "home.overview" else 20)  # it looks at everything that waits


def test_the_organisation_page_puts_together_what_belongs_together(demo: Site) -> None:
    board = demo.signed_in("Petra Prijspeil").get(f"/cooperatives/{KETELHUIS}/organisation/").words()
    member = demo.signed_in("Mo Meterkast").get(f"/cooperatives/{KETELHUIS}/organisation/").words()

    heads = ("Stukken en cijfers", "Mensen en rollen", "Brieven en werk", "Controle")
    places = [board.index(head) for head in heads]
    assert places == sorted(places)
    assert "Stukken en cijfers" in member
    assert "Brieven en werk" not in member


@pytest.mark.parametrize("path", ["people/", "people/grant", "letters/", "letters/write", "background/", "papers/add",
                                  "figures/add", "public-page/edit", "public-page/preview"])  # fmt: skip
def test_every_page_of_the_organisation_leads_back_to_it(demo: Site, path: str) -> None:
    page = demo.signed_in("Petra Prijspeil").get(f"/cooperatives/{KETELHUIS}/{path}")

    assert f'<a href="/cooperatives/{KETELHUIS}/organisation/">' in page.text
    assert f'<a href="/cooperatives/{KETELHUIS}/organisation/" aria-current="page">' in page.text


def test_the_state_of_affairs_tells_the_board_what_waits(demo: Site) -> None:
    board = demo.signed_in("Petra Prijspeil").get(f"/cooperatives/{KETELHUIS}/").words()
    member = demo.signed_in("Mo Meterkast").get(f"/cooperatives/{KETELHUIS}/").words()

    assert "1 brief kwam niet aan." in board
    assert "2 brieven moeten nog worden afgedrukt." in board
    assert "Over 4 dingen verschillen de bronnen" in board
    assert "de rol Penningmeester om een tweede stap" in board
    assert "afgedrukt" not in member
    assert "tweede stap" not in member


def test_a_member_reads_that_the_board_sees_letters_and_addresses(demo: Site) -> None:
    rows = demo.signed_in("Mo Meterkast").get(f"/cooperatives/{KETELHUIS}/about-me/").table("Wie kan wat zien")

    row = next(row for row in rows if row[0] == "Je e-mailadres, en de brieven van deze coöperatie aan jou")
    assert "Penningmeester" in row[1]
    assert "Petra Prijspeil" in row[2]
