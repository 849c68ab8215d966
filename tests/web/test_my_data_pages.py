"""Your data on the page: the own record and nobody else's, changed from a day on."""

import pytest
import sqlalchemy as sa

from ecoop.governance.roles import Role
from ecoop.models import Party
from tests.support.web import KETELHUIS, PageClient, Site, only

MINE = f"/cooperatives/{KETELHUIS}/my-data"
MOVED = {
    "valid_from": "2026-03-02",
    "street": "Nieuwe Kade",
    "house_number": "8",
    "postcode": "1054zz",
    "city": "Amsterdam",
    "country": "NL",
    "language": "nl",
    "name": "Mo Meterkast",
}


@pytest.fixture
def mo(demo: Site) -> PageClient:
    """A member."""
    return demo.signed_in("Mo Meterkast")


def test_one_sees_what_the_register_keeps_of_oneself(mo: PageClient) -> None:
    page = mo.get(f"{MINE}/")

    assert "mo.meterkast@example.org" in page.words()
    assert page.says("Change your address")


def test_a_new_address_is_in_the_register_at_once(mo: PageClient) -> None:
    page = mo.follow(mo.post(f"{MINE}/change", MOVED))

    assert "Nieuwe Kade 8, 1054 ZZ Amsterdam" in page.words()


def test_a_move_to_come_is_shown_beside_the_present_address(mo: PageClient) -> None:
    page = mo.follow(mo.post(f"{MINE}/change", MOVED | {"valid_from": "2026-04-01"}))

    assert page.says("From %(day)s: %(address)s", day="1 april 2026", address="Nieuwe Kade 8, 1054 ZZ Amsterdam")


def test_another_name_is_refused_here_and_asked_for_there(mo: PageClient) -> None:
    page = mo.post(f"{MINE}/change", MOVED | {"name": "Mo Iemand Anders"})
    assert page.status == 400
    assert page.says("This is another name. Ask for it further down; the secretary takes it over.")

    page = mo.follow(mo.post(f"{MINE}/name", {"name": "Mo Iemand Anders"}))
    assert page.says("You asked for a correction. It waits for the secretary.")


def test_two_who_share_an_address_see_each_only_the_own_record(demo: Site) -> None:
    dina, daan = (demo.signed_in(name).get(f"{MINE}/").words() for name in ("Dina Dubbelglas", "Daan Dubbelglas"))

    assert ("Daan Dubbelglas" in dina.replace("Uitloggen", ""), "Dina Dubbelglas" in daan) == (False, False)


def test_the_record_of_somebody_else_is_not_there(mo: PageClient) -> None:
    with mo.site.inside(KETELHUIS) as session:
        theirs = session.scalars(sa.select(Party.id).where(Party.account_id == mo.site.account_id("Dina Dubbelglas")))
        number = theirs.one()

    for page in ("change", "name", "notice"):
        assert mo.get(f"{MINE}/{page}", query={"party": str(number)}).status == 404
        assert mo.post(f"{MINE}/{page}?party={number}", MOVED).status == 404


def test_a_member_without_a_record_is_told_what_to_do(staffed: Site) -> None:
    page = staffed.signed_in(only(Role.MEMBER)).get(f"{MINE}/")

    assert page.says(
        "%(cooperative)s keeps nothing about you in the register. Are you a member? Ask the secretary to link your "
        "login.",
        cooperative="KetelhuisWG",
    )


def test_the_secretary_takes_a_new_name_over(demo: Site) -> None:
    silvia = demo.signed_in("Silvia Schrijfgraag")
    page = silvia.get(f"{MINE}/requests")
    (path,) = (one.get("action") for one in page.all("form") if "/requests/" in (one.get("action") or ""))
    answer = silvia.follow(silvia.post(str(path), {"outcome": "accepted", "valid_from": "2026-03-01"}))
    assert answer.says("The request is answered.")

    assert "Loes Leiding-de Ketel" in demo.signed_in("Loes Leiding").get(f"{MINE}/").words()
