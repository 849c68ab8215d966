"""Sessions, another address, a lost phone, invitations, and who can see what: on their pages."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecoop.db import Scope
from ecoop.services import accounts, second_factors
from tests.support.web import ENCRYPTION_KEY, REAL_CHAIR, Page, PageClient, Site
from tests.web.addresses import fill, support_id

pytestmark = pytest.mark.usefixtures("cheap_passwords")

PASSWORD = "vier woorden op een rij"


def _is_in(client: PageClient) -> bool:
    return client.get("/account").status == 200


def _links(site: Site) -> list[str]:
    """The links in all letters, newest last."""
    bodies = site.rows("letter", "body")
    return [found[1] for body in bodies if (found := re.search(r"http://localhost(/\S+)", body))]


def _set_up(site: Site, name: str) -> None:
    account_id, before = site.account_id(name), site.clock() - timedelta(seconds=30)
    with site.database.work(Scope(may_write=True)) as session:
        second_factors.begin_app(session, account_id, key=ENCRYPTION_KEY, now=before)
        secret = second_factors.read_new_secret(session, account_id, key=ENCRYPTION_KEY) or ""
        code = second_factors.code_of(secret, now=before)
        second_factors.confirm_app(session, account_id, code, key=ENCRYPTION_KEY, now=before)


# sessions on the server


def test_a_copied_cookie_dies_with_signing_out(real: Site) -> None:
    client, thief = real.signed_in(REAL_CHAIR), real.client()
    thief.flask.set_cookie("ecoop", client.cookie().value)
    assert _is_in(thief)

    client.post("/sign-out")

    assert not _is_in(thief)


def test_the_account_page_names_every_browser_and_ends_one(real: Site) -> None:
    one, other = real.signed_in(REAL_CHAIR), real.signed_in(REAL_CHAIR)
    page = one.get("/account")
    (path,) = (path for path in page.actions() if re.fullmatch(r"/account/sessions/\d+/end", path))

    assert one.post(path).location == "/account"

    assert _is_in(one)
    assert not _is_in(other)
    assert one.get("/account").says("Signed out in one browser")


def test_nobody_ends_the_session_of_another(real: Site) -> None:
    client = real.signed_in(REAL_CHAIR)
    (number,) = real.rows("browser_session", "id")

    assert real.signed_in("Niels Neighbour").post(f"/account/sessions/{number}/end").status == 404
    assert _is_in(client)


def test_signing_in_anew_ends_the_session_of_before(demo: Site) -> None:
    client, thief = demo.signed_in("Mo Meterkast"), demo.client()
    thief.flask.set_cookie("ecoop", client.cookie().value)

    client.post(f"/demo/sign-in/{demo.account_id('Vera Vastrecht')}")

    assert not _is_in(thief)


def test_a_session_notes_the_day_of_its_last_change_and_reading_notes_nothing(real: Site) -> None:
    client = real.signed_in(REAL_CHAIR)
    real.clock.move(days=1)
    before = real.contents()
    client.get("/account")
    assert real.contents() == before

    client.speak("en")

    assert [str(day) for day in real.rows("browser_session", "last_seen_on")] == ["2026-03-03"]


def test_choosing_a_password_and_signing_out_everywhere_are_told_to_their_owner(real: Site) -> None:
    client = real.signed_in(REAL_CHAIR)
    client.post("/account/password", {"password": PASSWORD})
    client.post("/account/sign-out-everywhere")

    page = real.signed_in(REAL_CHAIR).get("/account")

    assert page.says("Password chosen")
    assert page.says("Signed out everywhere")


# another address


def _ask_address(client: PageClient, email: str = "nieuw@example.org") -> Page:
    return client.post("/account/address", {"email": email})


def test_an_address_is_changed_by_a_link_and_given_back_by_another(real: Site) -> None:
    client = real.signed_in(REAL_CHAIR)
    assert _ask_address(client).location == "/account"
    assert real.rows("letter", "recipient") == ["nieuw@example.org"]
    assert "carla@example.org" in client.get("/account").words()

    anybody = real.client()
    assert anybody.get(_links(real)[-1]).status == 200
    assert anybody.post(_links(real)[-1]).status == 303
    assert "nieuw@example.org" in client.get("/account").words()
    assert real.rows("letter", "recipient")[-1] == "carla@example.org"

    assert anybody.post(_links(real)[-1]).location == "/sign-in/forgotten"
    assert not _is_in(client)
    assert "carla@example.org" in real.signed_in(REAL_CHAIR).get("/account").words()


def test_looking_at_a_link_changes_nothing(real: Site) -> None:
    _ask_address(real.signed_in(REAL_CHAIR))
    before = real.contents()

    for path in (_links(real)[-1], "/account/address/undo/x", "/sign-in/recovery/x", "/sign-in/recovery/stop/x"):
        assert real.client().get(path).status == 200

    assert real.contents() == before


@pytest.mark.parametrize(
    "path",
    ["/account/address/confirm/x", "/account/address/undo/x", "/sign-in/recovery/x", "/sign-in/recovery/stop/x"],
)
def test_an_invented_link_does_nothing(real: Site, path: str) -> None:
    before = real.contents()

    assert real.client().post(path).status == 409
    assert real.contents() == before


def test_another_address_asks_for_a_fresh_proof(real: Site) -> None:
    client = real.signed_in(REAL_CHAIR)
    real.clock.move(minutes=15)

    assert _ask_address(client).location.startswith("/account/prove")
    assert real.rows("letter", "id") == []


def test_the_own_address_is_not_another(real: Site) -> None:
    answer = _ask_address(real.signed_in(REAL_CHAIR), "Carla@example.org")

    assert answer.status == 400
    assert answer.all("p", class_="wrong")


VISIBLE = st.characters(categories=["L", "N", "P", "S", "Zs"])


# a lost phone


def _start(site: Site, name: str, by: str = "Silvia Schrijfgraag", reason: str = "Ik heb hem gezien.") -> Page:
    form = {"account_id": str(site.account_id(name)), "reason": reason}
    return site.signed_in(by).post(fill(site, "recovery.show"), form)


def test_the_board_lets_a_member_in_again_after_a_day(demo: Site) -> None:
    _set_up(demo, "Mo Meterkast")
    assert _start(demo, "Mo Meterkast").status == 303
    stop = _links(demo)[-1]
    number = max(demo.rows("account_recovery", "id"))
    path = fill(demo, "recovery.send", recovery_id=number)
    silvia = demo.signed_in("Silvia Schrijfgraag")
    silvia.post(path)
    assert _links(demo)[-1] == stop

    demo.clock.move(hours=24)
    silvia.post(path)
    client = demo.client()

    assert client.get(_links(demo)[-1]).status == 200
    assert client.post(_links(demo)[-1]).location == "/account/password"
    assert client.get("/account").says("Account recovered: the old second step is gone")


def test_for_somebody_on_the_board_a_second_board_member_agrees_first(demo: Site) -> None:
    _set_up(demo, "Petra Prijspeil")
    _start(demo, "Petra Prijspeil")
    number = max(demo.rows("account_recovery", "id"))
    agree = fill(demo, "recovery.agree", recovery_id=number)
    demo.clock.move(hours=24)
    silvia = demo.signed_in("Silvia Schrijfgraag")
    assert agree not in silvia.get(fill(demo, "recovery.show")).actions()

    vera = demo.signed_in("Vera Vastrecht")
    assert agree in vera.get(fill(demo, "recovery.show")).actions()
    vera.post(agree)
    demo.clock.move(hours=24)

    send = fill(demo, "recovery.send", recovery_id=number)
    assert send in demo.signed_in("Vera Vastrecht").get(fill(demo, "recovery.show")).actions()


def test_the_person_stops_a_recovery_from_the_letter(demo: Site) -> None:
    _set_up(demo, "Mo Meterkast")
    _start(demo, "Mo Meterkast")

    assert demo.client().post(_links(demo)[-1]).status == 303

    demo.clock.move(hours=24)
    page = demo.signed_in("Silvia Schrijfgraag").get(fill(demo, "recovery.show"))
    number = max(demo.rows("account_recovery", "id"))
    assert fill(demo, "recovery.send", recovery_id=number) not in page.actions()


def test_the_person_asks_for_the_letter_at_the_second_step(demo: Site) -> None:
    _set_up(demo, "Mo Meterkast")
    _start(demo, "Mo Meterkast")
    client = demo.client()
    enter = f"/demo/sign-in/{demo.account_id('Mo Meterkast')}"
    page = client.follow(client.post(enter))
    assert "/sign-in/second-step/letter" not in page.actions()
    demo.clock.move(hours=24)
    page = client.follow(client.post(enter))
    assert "/sign-in/second-step/letter" in page.actions()

    client.post("/sign-in/second-step/letter")

    assert client.post(_links(demo)[-1]).location == "/account/password"


def test_the_recovery_of_another_cooperative_is_not_there(demo: Site) -> None:
    before = demo.contents()
    zoe = demo.signed_in("Zoë Zonnestraal")

    for endpoint in ("recovery.agree", "recovery.send", "recovery.stop"):
        assert zoe.post(fill(demo, endpoint, slug="zonnedak-de-dageraad")).status == 404

    assert demo.contents()["account_recovery"] == before["account_recovery"]
    assert "Victor" not in zoe.get(fill(demo, "recovery.show", slug="zonnedak-de-dageraad")).words()


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    account_id=st.text(VISIBLE, max_size=30) | st.integers().map(str),
    reason=st.text(VISIBLE, max_size=600),
    role=st.text(VISIBLE, max_size=20),
    since=st.text(VISIBLE, max_size=12) | st.dates().map(str),
    email=st.text(VISIBLE, max_size=60),
)
def test_nonsense_is_refused_and_stores_nothing(
    demo: Site, account_id: str, reason: str, role: str, since: str, email: str
) -> None:
    client = demo.signed_in("Silvia Schrijfgraag")
    before = {name: rows for name, rows in demo.contents().items() if name != "attempt"}

    answers = [
        client.post(fill(demo, "recovery.show"), {"account_id": account_id, "reason": reason}),
        client.post(fill(demo, "factor_rules.show"), {"role": role, "since": since}),
        client.post("/account/address", {"email": email.replace("@", "")}),
    ]

    assert {answer.status for answer in answers} == {400}
    assert {name: rows for name, rows in demo.contents().items() if name != "attempt"} == before


# invitations


def test_the_board_sees_who_never_came_in_and_invites_again(demo: Site) -> None:
    client = demo.signed_in("Silvia Schrijfgraag")
    path = fill(demo, "people.invite", account_id=demo.account_id("Iris IJsbloem"))
    assert path in client.get(fill(demo, "people.show")).actions()

    client.post(path)
    first = _links(demo)[-1]
    client.post(path)

    assert demo.client().post(first).status == 409
    iris = demo.client()
    assert iris.post(_links(demo)[-1]).location == "/account/password"
    assert path not in client.get(fill(demo, "people.show")).actions()


def test_who_is_not_on_the_board_does_not_see_who_never_came_in(demo: Site) -> None:
    page = demo.signed_in("Kees Kasboek").get(fill(demo, "people.show"))

    assert not page.says("not yet come in")
    assert not any("/invitations/" in path for path in page.actions())


# who can see what of me


@pytest.fixture
def visited(demo: Site) -> Iterator[Site]:
    """The demo after the administrator looked in."""
    demo.signed_in("Vera Vastrecht").post(
        f"/cooperatives/ketelhuiswg/people/support/{support_id(demo, 'ketelhuiswg')}/grant"
    )
    demo.signed_in("Ada Algoritme").get("/cooperatives/ketelhuiswg/")
    return demo


def test_a_member_reads_that_the_administrator_looked_in(visited: Site) -> None:
    page = visited.signed_in("Mo Meterkast").get(fill(visited, "about_me.show"))

    assert page.says("%(name)s, as administrator", name="Ada Algoritme")
    assert page.says("A page, as an administrator whom the board let look in")


def test_offices_are_named_and_members_are_a_kind(visited: Site) -> None:
    words = visited.signed_in("Mo Meterkast").get(fill(visited, "about_me.show")).words()

    assert "Vera Vastrecht" in words
    assert "Iris IJsbloem" not in words


def test_nobody_looked_is_told_as_well(demo: Site) -> None:
    page = demo.signed_in("Mo Meterkast").get(fill(demo, "about_me.show"))

    assert page.says("Nobody looked at anything about you in %(place)s.", place="KetelhuisWG")


def test_who_came_later_does_not_read_who_looked_before(visited: Site) -> None:
    visited.clock.move(days=3)
    silvia = visited.signed_in("Silvia Schrijfgraag")
    form = {"name": "Nora Nieuw", "email": "nora@example.org", "role": "member", "starts_on": "2026-03-05"}
    assert silvia.post(fill(visited, "people.grant"), form).status == 303

    page = visited.signed_in("Nora Nieuw").get(fill(visited, "about_me.show"))

    assert "Ada Algoritme" not in page.words()


def test_the_account_page_leads_there(demo: Site) -> None:
    assert fill(demo, "about_me.show") in demo.signed_in("Mo Meterkast").get("/account").actions()


def test_accounts_are_made_by_no_page_of_the_way_back(real: Site) -> None:
    before = real.rows("account", "id")
    with real.database.work(Scope(may_write=True)) as session:
        assert accounts.find_by_address(session, "nobody@example.org") == ()

    real.client().post("/sign-in/forgotten", {"email": "nobody@example.org"})

    assert real.rows("account", "id") == before
