"""Buildings and dwellings on the page: each role sees what it may, and a move is confirmed before it is recorded."""

from typing import Any

import pytest
import sqlalchemy as sa

from ecoop.governance.tenures import TenureKind
from ecoop.models import Dwelling, HeatContract, Membership, PartyRecord, StructuralUnit, Tenure
from tests.support.web import KETELHUIS, PageClient, Site
from tests.web.addresses import building_id

HOME = f"/cooperatives/{KETELHUIS}"
MOVE = {"kind": "tenant", "day": "2026-03-02", "fate": "hand_over", "name": "Zeynep de Nieuwe"}
NEW = {
    "kind": "dwelling", "street": "Kruidenpad", "house_number": "900", "postcode": "1054ac", "city": "Amsterdam",
    "segment": "flat_small_rent", "valid_from": "2026-03-01",
}  # fmt: skip


@pytest.fixture
def silvia(demo: Site) -> PageClient:
    """The secretary."""
    return demo.signed_in("Silvia Schrijfgraag")


def building(site: Site, name: str) -> str:
    return f"{HOME}/buildings/{building_id(site, KETELHUIS, name)}/"


def home_of(site: Site, name: str) -> str:
    """The page of the dwelling where somebody lives."""
    with site.inside(KETELHUIS) as session:
        key = session.scalars(
            sa.select(Tenure.dwelling_id)
            .join(
                PartyRecord,
                (PartyRecord.party_id == Tenure.party_id) & (PartyRecord.cooperative_id == Tenure.cooperative_id),
            )
            .where(PartyRecord.name == name, Tenure.known_until.is_(None))
        ).first()
    return f"{HOME}/dwellings/{key}/"


def texts(client: PageClient, path: str, **asked: str) -> list[list[str]]:
    """The rows of the table of dwellings: the last on the page."""
    page = client.get(path, query=asked)
    tables = [one for one in page.all("table") if "data-sortable" in one.attrib]
    rows = list(tables[-1].iter("tr"))[1:]
    return [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in rows]


def test_the_buildings_lead_to_their_dwellings(silvia: PageClient, demo: Site) -> None:
    page = silvia.get(f"{HOME}/buildings")

    links = {one.get("href") for one in page.all("a")}
    assert building(demo, "Paviljoen 3") in links
    assert "van 1.102 hebben een lid" in page.words()


def test_the_menu_marks_buildings_on_the_pages_of_dwellings(silvia: PageClient, demo: Site) -> None:
    for path in (building(demo, "Paviljoen 3"), home_of(demo, "Mo Meterkast")):
        marked = [one for one in silvia.get(path).all("a") if one.get("aria-current") == "page"]
        assert "Gebouwen" in ["".join(one.itertext()).strip() for one in marked]


def test_a_building_counts_per_structural_unit(silvia: PageClient, demo: Site) -> None:
    table = silvia.get(building(demo, "Paviljoen 3")).table("Per bouwkundige eenheid")

    assert [row[0] for row in table[1:]] == ["Noordvleugel", "Zuidvleugel", "Samen"]
    for column in (1, 2, 3, 5, 7):
        assert int(table[1][column]) + int(table[2][column]) == int(table[3][column])
    assert int(table[3][1]) + int(table[3][2]) == 46


def test_dwellings_are_found_by_address_name_unit_and_state(silvia: PageClient, demo: Site) -> None:
    path = building(demo, "Paviljoen 3")

    assert [row[0] for row in texts(silvia, path, text="mo meterkast")] == ["Kruidenpad 12"]
    assert len(texts(silvia, path, text="kruidenpad 12")) == 1
    members, others = texts(silvia, path, show="member"), texts(silvia, path, show="no_member")
    assert 0 < len(members) < len(others)
    assert len(members) + len(others) == len(texts(silvia, path)) == 46
    with demo.inside(KETELHUIS) as session:
        unit_id = session.scalars(
            sa.select(StructuralUnit.id).where(
                StructuralUnit.name == "Zuidvleugel",
                StructuralUnit.building_id == building_id(demo, KETELHUIS, "Paviljoen 3"),
            )
        ).one()
    assert len(texts(silvia, path, unit=str(unit_id))) == 23
    assert silvia.get(path, query={"text": "nergens"}).says("No dwelling fits this question.")
    assert silvia.get(path, query={"unit": "x", "show": "alles", "on": "ooit"}).status == 200


def test_a_building_can_be_seen_as_it_was(silvia: PageClient, demo: Site) -> None:
    early = silvia.get(building(demo, "Paviljoen 3"), query={"on": "1995-06-01"})

    assert "0 van 46 woningen en bedrijfsruimten hebben een lid" in early.words()


@pytest.mark.parametrize(
    ("name", "where", "sees"),
    [
        ("Petra Prijspeil", "Tuinmanshof", True),
        ("Kees Kasboek", "Tuinmanshof", True),
        ("Gijs Gevelgroen", "Tuinmanshof", True),
        ("Hanna Huurhuis", "Paviljoen 3", False),
        ("Victor Vleugelraam", "Poortgebouw", False),
    ],
)
def test_names_are_told_to_who_may_see_residents(demo: Site, name: str, where: str, sees: bool) -> None:
    resident = {"Tuinmanshof": "Gijs Gevelgroen", "Paviljoen 3": "Mo Meterkast", "Poortgebouw": "Vera Vastrecht"}[where]
    client = demo.signed_in(name)
    page = client.get(building(demo, where))

    cells = {" ".join("".join(cell.itertext()).split()) for cell in page.all("td")}
    assert (resident in cells) is sees
    one = client.get(home_of(demo, resident))
    assert one.status == 200
    assert (resident in {"".join(cell.itertext()) for cell in one.all("th")}) is sees
    assert one.says("Your role sees the dwelling and its states, not the people.") is not sees


def test_a_landlord_is_told_nothing_of_members_in_the_file_either(demo: Site) -> None:
    hanna = demo.signed_in("Hanna Huurhuis")

    answer = hanna.get(f"{building(demo, 'Paviljoen 3')}download.csv")

    assert answer.status == 200
    assert "Kruidenpad 12" in answer.text
    assert "Mo Meterkast" not in answer.text
    assert "nr. " not in answer.text
    assert hanna.get(f"{building(demo, 'Paviljoen 3')}residents.csv").status == 403


def test_a_limited_role_finds_no_other_building(demo: Site) -> None:
    gijs = demo.signed_in("Gijs Gevelgroen")

    assert gijs.get(building(demo, "Paviljoen 3")).status == 404
    assert gijs.get(home_of(demo, "Mo Meterkast")).status == 404
    assert gijs.get(f"{building(demo, 'Paviljoen 3')}download.xlsx").status == 404
    assert gijs.get(f"{building(demo, 'Paviljoen 3')}residents.xlsx").status == 404


def test_an_ambassador_sees_names_and_no_addresses_of_mail(demo: Site) -> None:
    gijs = demo.signed_in("Gijs Gevelgroen")

    for path in (building(demo, "Tuinmanshof"), home_of(demo, "Petra Prijspeil")):
        text = gijs.get(path).words()
        assert "Petra Prijspeil" in text
        assert "@example.org" not in text


def test_an_ambassador_finds_the_own_buildings_with_what_is_counted(demo: Site) -> None:
    page = demo.signed_in("Gijs Gevelgroen").get(f"{HOME}/my-buildings")

    table = page.table("Gebouwen en wat erin is aangesloten")
    assert [row[0] for row in table[1:3]] == ["Kapelhof", "Tuinmanshof"]
    assert building(demo, "Kapelhof") in {one.get("href") for one in page.all("a")}


def test_looking_at_a_dwelling_is_noted_for_who_lives_there(silvia: PageClient, demo: Site) -> None:
    silvia.get(home_of(demo, "Mo Meterkast"))

    seen = demo.signed_in("Mo Meterkast").get(f"{HOME}/about-me/").words()
    assert "De pagina van een woning" in seen


def test_a_file_with_names_is_noted_and_one_without_is_not(silvia: PageClient, demo: Site) -> None:
    before = len(demo.rows("access_entry", "id"))

    plain = silvia.get(f"{building(demo, 'Paviljoen 3')}download.csv")
    assert "Mo Meterkast" not in plain.text
    assert len(demo.rows("access_entry", "id")) == before
    named = silvia.get(f"{building(demo, 'Paviljoen 3')}residents.csv", query={"show": "member"})
    assert "Mo Meterkast" in named.text
    assert len(demo.rows("access_entry", "id")) == before + 1
    assert silvia.get(f"{building(demo, 'Paviljoen 3')}residents.pdf").status == 404
    assert silvia.get(f"{building(demo, 'Paviljoen 3')}residents.xlsx").status == 200


def test_the_page_of_a_member_leads_to_the_own_dwelling(silvia: PageClient, demo: Site) -> None:
    with demo.inside(KETELHUIS) as session:
        key = session.scalars(
            sa.select(Membership.id)
            .join(PartyRecord, PartyRecord.party_id == Membership.party_id)
            .where(PartyRecord.name == "Mo Meterkast")
        ).one()

    page = silvia.get(f"{HOME}/members/{key}/")
    assert home_of(demo, "Mo Meterkast") in {one.get("href") for one in page.all("a")}


# moving


def test_a_move_is_confirmed_in_words_before_anything_is_written_down(silvia: PageClient, demo: Site) -> None:
    path = home_of(demo, "Mo Meterkast")
    before = demo.contents()

    asked = silvia.post(f"{path}move", MOVE)

    assert asked.status == 200
    assert asked.says(
        "%(names)s will have left %(address)s on %(day)s.", names="Mo Meterkast", address="Kruidenpad 12",
        day="2 maart 2026",
    )  # fmt: skip
    assert asked.says("Memberships stay as they are: a move is no notice.")
    assert demo.contents() == before


def test_a_confirmed_move_is_one_act(silvia: PageClient, demo: Site) -> None:
    path = home_of(demo, "Mo Meterkast")

    page = silvia.follow(silvia.post(f"{path}move", MOVE | {"confirmed": "yes"}))

    assert page.says("%(name)s rents it from %(other)s.", name="Zeynep de Nieuwe",
                     other="Woonstichting De Warme Wal")  # fmt: skip
    assert "Niet meer Huurder: Mo Meterkast" in page.words()
    contracts = page.table("Warmtecontracten")
    assert [row[:2] for row in contracts[1:]] == [["Zeynep de Nieuwe", "aangeboden"], ["Mo Meterkast", "overgedragen"]]
    assert demo.signed_in("Mo Meterkast").get(f"{HOME}/for-you").words().count("je huis") == 0


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"number": "99999"}, "Nobody in the register fits this. Record the person or organisation first."),
        ({"name": "", "number": ""}, "A contract is handed over to somebody. Say who comes, or let it end."),
        ({"day": "2020-01-01"}, "Somebody else rents this dwelling in that time. Record that they leave first."),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_stored(
    silvia: PageClient, demo: Site, given: dict[str, str], sentence: str
) -> None:
    path, before = home_of(demo, "Mo Meterkast"), demo.contents()

    page = silvia.post(f"{path}move", MOVE | {"confirmed": "yes"} | given)

    assert page.status == 400
    assert page.says(sentence)
    assert demo.contents() == before


def test_a_member_moves_by_number_or_by_name_not_both(silvia: PageClient, demo: Site) -> None:
    page = silvia.post(f"{home_of(demo, 'Mo Meterkast')}move", MOVE | {"number": "1"})

    assert page.says("Give a member number or the name of somebody new, not both.")


# writing down


def test_a_dwelling_is_added_with_its_unit(silvia: PageClient, demo: Site) -> None:
    path = f"{building(demo, 'Paviljoen 3')}add"

    page = silvia.follow(silvia.post(path, NEW | {"structural_unit_id": "", "new_unit": "Uitbouw"}))

    assert "Kruidenpad 900" in page.words()
    assert "Paviljoen 3, Uitbouw" in page.words()
    again = silvia.post(path, NEW | {"structural_unit_id": "", "new_unit": "Uitbouw"})
    assert again.status == 400
    assert "heeft al een bouwkundige eenheid met die naam" in again.words()


def test_an_address_is_taken_once(silvia: PageClient, demo: Site) -> None:
    before = demo.counts()
    with demo.inside(KETELHUIS) as session:
        unit = session.scalars(sa.select(Dwelling.structural_unit_id).where(Dwelling.street == "Kruidenpad")).first()

    taken: dict[str, Any] = NEW | {"structural_unit_id": str(unit), "house_number": "12"}
    page = silvia.post(f"{building(demo, 'Paviljoen 3')}add", taken)

    assert page.says("There is a dwelling at this address already. Give it an addition, or look there.")
    assert demo.counts() == before


def test_what_happened_to_a_connection_and_a_contract_is_written_down(silvia: PageClient, demo: Site) -> None:
    path = home_of(demo, "Mo Meterkast")
    laid = {"step": "laid", "valid_from": "2026-03-01", "why": "Aangelegd."}

    page = silvia.follow(silvia.post(f"{path}connection", laid))
    assert "Aansluiting: aangelegd" in page.words()
    assert silvia.post(f"{path}connection", laid).status == 400

    with demo.inside(KETELHUIS) as session:
        key = session.scalars(
            sa.select(HeatContract.id).where(HeatContract.dwelling_id == int(path.split("/")[-2]))
        ).one()
    page = silvia.follow(silvia.post(f"{path}contracts/{key}/events", {"step": "notice", "valid_from": "2026-03-02"}))
    assert "Warmtecontract van Mo Meterkast: opgezegd" in page.words()
    assert silvia.post(f"{path}contracts/1/events", {"step": "notice", "valid_from": "2026-03-02"}).status == 404


def test_a_contract_can_be_the_landlords(silvia: PageClient, demo: Site) -> None:
    path = home_of(demo, "Silvia Schrijfgraag")
    with demo.inside(KETELHUIS) as session:
        landlord = session.scalars(sa.select(Tenure.party_id).where(Tenure.kind == TenureKind.LANDLORD)).first()

    given = {"holder_id": str(landlord), "contract_step": "offered", "contract_from": "2026-03-01",
             "version": "Huur met warmte 2026", "through_landlord": "y"}  # fmt: skip
    page = silvia.follow(silvia.post(f"{path}contracts", given))

    assert "via de verhuurder, in de huurovereenkomst" in page.words()
    assert silvia.post(f"{path}contracts", given | {"holder_id": "1"}).status == 400


# the own page


def test_a_member_is_greeted_with_the_own_dwelling(demo: Site) -> None:
    page = demo.signed_in("Mo Meterkast").get(f"{HOME}/for-you")

    assert "Mo, je huis: Paviljoen 3, Kruidenpad 12" in page.words()
    assert "Je aansluiting: gepland." in page.words()
    assert "Kleine huurwoning: met warmte" in page.words()


def test_another_kind_can_still_be_looked_at(demo: Site) -> None:
    mo = demo.signed_in("Mo Meterkast")

    page = mo.get(f"{HOME}/for-you", query={"household": "monument_large"})
    assert "Grote monumentwoning: met warmte" in page.words()
    assert "Mo, je huis: Paviljoen 3, Kruidenpad 12" in page.words()


def test_the_landlords_contract_is_told_to_the_tenant(demo: Site) -> None:
    words = demo.signed_in("Tessa Telraam").get(f"{HOME}/for-you").words()

    assert "Het warmtecontract van deze woning staat niet op jouw naam." in words
