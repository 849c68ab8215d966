"""Getting in and out: passwords, links, households, limits."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from ecoop import language
from ecoop.db import Scope
from ecoop.governance.roles import RULES, Role
from ecoop.language import Language
from ecoop.language.reasons import REASONS
from ecoop.models import Account
from ecoop.services import accounts
from ecoop.web.flow import local_path
from tests.support.web import NOON, REAL_CHAIR, REAL_COOPERATIVE, Page, PageClient, Site, opened_site
from tests.web.addresses import bare_app, declared, fill

pytestmark = pytest.mark.usefixtures("cheap_passwords")

ADDRESS = "carla@example.org"
PASSWORD = "vier woorden op een rij"
OTHER_PASSWORD = "vijf woorden op een rijtje"


@pytest.fixture
def site(real: Site) -> Iterator[Site]:
    """A real installation whose chair has a password."""
    _give_password(real, REAL_CHAIR, PASSWORD)
    return real


def _give_password(site: Site, name: str, password: str) -> None:
    account_id = site.account_id(name)
    with site.database.work(Scope(may_write=True)) as session:
        accounts.set_password(session, account_id, password, now=site.clock())


def _sign_in(client: PageClient, email: str = ADDRESS, password: str = PASSWORD, **more: str) -> Page:
    return client.post("/sign-in", {"email": email, "password": password, **more})


def _is_in(client: PageClient) -> bool:
    return client.get("/account").status == 200


def _link(site: Site, name: str = REAL_CHAIR) -> str:
    account_id = site.account_id(name)
    with site.database.work(Scope(may_write=True)) as session:
        return f"/sign-in/link/{accounts.issue_link(session, account_id, now=site.clock())}"


# passwords


def test_a_password_lets_its_owner_in(site: Site) -> None:
    client = site.client()

    answer = _sign_in(client)

    assert answer.location == "/"
    assert REAL_CHAIR in client.get("/account").words()


def test_capitals_and_spaces_around_an_address_do_not_matter(site: Site) -> None:
    assert _sign_in(site.client(), email="  Carla@Example.ORG ").status == 303


def test_a_wrong_password_is_told(site: Site) -> None:
    answer = _sign_in(site.client(), password=OTHER_PASSWORD)

    assert answer.status == 403
    assert answer.says(REASONS["wrong_password"])


def test_an_unknown_address_gets_the_same_answer_as_a_wrong_password(site: Site) -> None:
    known = _sign_in(site.client(), password=OTHER_PASSWORD)
    unknown = _sign_in(site.client(), email="nobody@example.org", password=OTHER_PASSWORD)

    assert known.status == unknown.status
    assert known.words() == unknown.words()


@pytest.mark.parametrize(
    "email", [ADDRESS, "nobody@example.org", "niels@example.org"], ids=["wrong", "unknown", "none"]
)
def test_every_refusal_costs_one_verification(site: Site, email: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hasher = accounts._hasher()
    tried: list[str] = []

    class Counting:
        def verify(self, password_hash: str, password: str) -> bool:
            tried.append(password)
            return hasher.verify(password_hash, password)

    monkeypatch.setattr(accounts, "_hasher", Counting)

    assert _sign_in(site.client(), email=email, password=OTHER_PASSWORD).status == 403
    assert tried == [OTHER_PASSWORD]


def test_a_password_costs_what_the_library_advises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    hasher = accounts._hasher()

    assert hasher.memory_cost >= 19 * 1024
    assert hasher.type.name == "ID"


def test_a_form_without_an_address_is_asked_again(site: Site) -> None:
    answer = _sign_in(site.client(), email=" ", password="")

    assert answer.status == 400
    assert len(answer.all("p", class_="wrong")) == 2


def test_a_closed_account_is_not_let_in(site: Site) -> None:
    _close(site, REAL_CHAIR)

    assert _sign_in(site.client()).status == 403


def test_closing_an_account_ends_its_sessions(site: Site) -> None:
    client = site.signed_in(REAL_CHAIR)

    _close(site, REAL_CHAIR)

    assert not _is_in(client)


def _close(site: Site, name: str) -> None:
    with site.database.work(Scope(may_write=True)) as session:
        session.scalars(sa.select(Account).where(Account.name == name)).one().closed_at = NOON


# limits


def _fail(site: Site, times: int, email: str = ADDRESS) -> None:
    client = site.client()
    for _ in range(times):
        assert _sign_in(client, email=email, password=OTHER_PASSWORD).status == 403


def test_the_eleventh_try_is_refused_even_with_the_right_password(site: Site) -> None:
    _fail(site, 10)

    answer = _sign_in(site.client())

    assert answer.status == 429
    assert answer.says(REASONS["too_many_tries"])


def test_an_unknown_address_is_limited_in_the_same_way(site: Site) -> None:
    _fail(site, 10, "nobody@example.org")

    assert _sign_in(site.client(), email="nobody@example.org").status == 429


def test_the_limit_survives_a_restart(site: Site) -> None:
    _fail(site, 10)

    assert _sign_in(site.restarted().client()).status == 429


def test_after_a_quarter_of_an_hour_one_may_try_again(site: Site) -> None:
    _fail(site, 10)
    site.clock.move(minutes=15)

    assert _sign_in(site.client()).status == 303


def test_the_right_password_starts_the_count_anew(site: Site) -> None:
    _fail(site, 9)
    assert _sign_in(site.client()).status == 303

    _fail(site, 9)


def test_one_network_may_not_try_address_after_address(site: Site) -> None:
    client = site.client()
    for number in range(60):
        _sign_in(client, email=f"guess{number}@example.org")

    assert _sign_in(client, email="guess60@example.org").status == 429


def test_no_address_is_kept_for_counting(site: Site) -> None:
    _fail(site, 1)

    assert not any("carla" in key or "127.0" in key for key in site.rows("attempt", "key"))


# a household


@pytest.fixture
def household(demo: Site) -> Site:
    """The demo, in which Dina and Daan share an address, and now a password as well."""
    for name in ("Dina Dubbelglas", "Daan Dubbelglas"):
        _give_password(demo, name, PASSWORD)
    return demo


def _knock(site: Site) -> tuple[PageClient, Page]:
    client = site.client()
    return client, client.follow(_sign_in(client, email="dubbelglas@example.org", next="/account"))


def test_two_people_behind_one_password_say_who_they_are(household: Site) -> None:
    client, page = _knock(household)
    assert page.path == "/sign-in/identity"
    assert "Dina Dubbelglas" in page.words()

    answer = client.post("/sign-in/identity", {"account": str(household.account_id("Daan Dubbelglas"))})

    assert answer.location == "/account"
    assert "Daan Dubbelglas" in client.get("/account").words()


def test_until_they_say_so_nobody_is_signed_in(household: Site) -> None:
    client, _page = _knock(household)

    assert not _is_in(client)


def test_nobody_else_can_be_chosen(household: Site) -> None:
    client, _page = _knock(household)

    answer = client.post("/sign-in/identity", {"account": str(household.account_id("Vera Vastrecht"))})

    assert answer.status == 400
    assert not _is_in(client)


def test_the_question_who_one_is_stands_open_for_ten_minutes(household: Site) -> None:
    client, _page = _knock(household)
    household.clock.move(minutes=10)

    answer = client.post("/sign-in/identity", {"account": str(household.account_id("Daan Dubbelglas"))})

    assert answer.location == "/sign-in"
    assert not _is_in(client)


def test_with_different_passwords_each_of_a_household_is_let_in_at_once(household: Site) -> None:
    _give_password(household, "Daan Dubbelglas", OTHER_PASSWORD)
    client = household.client()

    assert _sign_in(client, email="dubbelglas@example.org", password=OTHER_PASSWORD).location == "/"
    assert "Daan Dubbelglas" in client.get("/account").words()


def test_the_question_who_one_is_stands_open_to_nobody_else(household: Site) -> None:
    assert household.client().get("/sign-in/identity").location == "/sign-in"


# sessions


def test_signing_in_leaves_nothing_of_an_earlier_visitor(site: Site) -> None:
    client = site.client()
    with client.flask.session_transaction() as kept:
        kept["planted"] = "by somebody else"

    _sign_in(client)

    with client.flask.session_transaction() as kept:
        assert "planted" not in kept
        assert "candidates" not in kept


def test_the_token_against_forgery_changes_at_sign_in(site: Site) -> None:
    client = site.client()
    before = client.token()
    _sign_in(client)

    assert client.post("/sign-out", token=before).status == 400


def test_signing_out_ends_the_session(site: Site) -> None:
    client = site.signed_in(REAL_CHAIR)

    client.post("/sign-out")

    assert not _is_in(client)


def test_signing_out_in_one_browser_leaves_the_other(site: Site) -> None:
    one, other = site.signed_in(REAL_CHAIR), site.signed_in(REAL_CHAIR)

    one.post("/sign-out")

    assert _is_in(other)


def test_signing_out_everywhere_ends_another_browsers_session(site: Site) -> None:
    one, other = site.signed_in(REAL_CHAIR), site.signed_in(REAL_CHAIR)

    one.post("/account/sign-out-everywhere")

    assert not _is_in(one)
    assert not _is_in(other)


def _change(client: PageClient, password: str = OTHER_PASSWORD, *, current: str = PASSWORD) -> Page:
    return client.post("/account/password", {"current": current, "password": password})


def test_a_new_password_ends_every_session_but_this_one(site: Site) -> None:
    one, other = site.signed_in(REAL_CHAIR), site.signed_in(REAL_CHAIR)

    assert _change(one).status == 303

    assert _is_in(one)
    assert not _is_in(other)


def test_a_new_password_replaces_the_old_one(site: Site) -> None:
    _change(site.signed_in(REAL_CHAIR))

    assert _sign_in(site.client()).status == 403
    assert _sign_in(site.client(), password=OTHER_PASSWORD).status == 303


@pytest.mark.parametrize("password", ["", "elf tekens.", "x" * 201, ADDRESS, REAL_CHAIR.lower() + "  "])
def test_a_weak_password_is_refused_beside_its_field(site: Site, password: str) -> None:
    answer = _change(site.signed_in(REAL_CHAIR), password)

    assert answer.status == 400
    assert answer.all("p", class_="wrong")
    assert _sign_in(site.client()).status == 303


@pytest.mark.parametrize("current", ["", OTHER_PASSWORD])
def test_who_has_a_password_gives_it_to_change_it(site: Site, current: str) -> None:
    answer = _change(site.signed_in(REAL_CHAIR), current=current)

    assert answer.status == 400
    assert _sign_in(site.client()).status == 303


def test_guessing_the_present_password_is_limited(site: Site) -> None:
    client = site.signed_in(REAL_CHAIR)
    for _ in range(10):
        _change(client, current=OTHER_PASSWORD)

    answer = _change(client)

    assert answer.status == 400
    assert answer.says(REASONS["too_many_tries"])


def test_who_came_in_by_a_link_needs_no_old_password(site: Site) -> None:
    client = site.client()
    client.post(_link(site))

    assert client.post("/account/password", {"password": OTHER_PASSWORD}).status == 303
    assert _sign_in(site.client(), password=OTHER_PASSWORD).status == 303


def test_a_link_spares_the_old_password_for_a_quarter_of_an_hour(site: Site) -> None:
    client = site.client()
    client.post(_link(site))
    site.clock.move(minutes=15)

    assert client.post("/account/password", {"password": OTHER_PASSWORD}).status == 400


def test_who_has_no_password_yet_chooses_one(demo: Site) -> None:
    client = demo.signed_in("Mo Meterkast")

    assert client.post("/account/password", {"password": OTHER_PASSWORD}).status == 303


def test_a_session_for_an_account_that_is_gone_is_nobodys(site: Site) -> None:
    client = site.client()
    with client.flask.session_transaction() as kept:
        kept["_user_id"] = "4711.key"

    assert not _is_in(client)


@pytest.mark.parametrize("user_id", ["", "x", "1", "1.", "1.wrong", ".", "-1.key", "²." + "k" * 20])
def test_a_damaged_session_is_nobodys(site: Site, user_id: str) -> None:
    client = site.client()
    with client.flask.session_transaction() as kept:
        kept["_user_id"] = user_id

    assert not _is_in(client)


# links


def test_looking_at_a_link_does_not_use_it_up(site: Site) -> None:
    link, client = _link(site), site.client()
    for _ in range(3):
        assert client.get(link).status == 200
    assert not _is_in(client)

    assert client.post(link).location == "/account/password"
    assert _is_in(client)


def test_a_link_works_once(site: Site) -> None:
    link = _link(site)
    site.client().post(link)
    again = site.client()

    answer = again.post(link)

    assert answer.status == 409
    assert answer.says(REASONS["link_spent"])
    assert not _is_in(again)


def test_a_link_grows_too_old_after_a_quarter_of_an_hour(site: Site) -> None:
    link, client = _link(site), site.client()
    site.clock.move(minutes=15)

    assert client.post(link).status == 409
    assert not _is_in(client)


def test_a_newer_link_ends_the_older(site: Site) -> None:
    older, newer = _link(site), _link(site)

    assert site.client().post(older).status == 409
    assert site.client().post(newer).status == 303


def test_an_invented_link_opens_nothing(site: Site) -> None:
    assert site.client().post("/sign-in/link/x").status == 409


def test_a_used_link_cannot_be_found_in_the_database(site: Site) -> None:
    secret = _link(site).rpartition("/")[2]

    assert secret not in repr(site.contents())


def _ask_link(site: Site, email: str) -> Page:
    return site.client().post("/sign-in/forgotten", {"email": email})


def test_asking_for_a_link_tells_nobody_whether_the_address_is_known(site: Site) -> None:
    known, unknown = _ask_link(site, ADDRESS), _ask_link(site, "nobody@example.org")

    assert known.status == unknown.status == 200
    assert known.words() == unknown.words()


def test_only_a_known_address_gets_a_letter(site: Site) -> None:
    _ask_link(site, "nobody@example.org")
    assert site.rows("letter", "recipient") == []

    _ask_link(site, " Carla@example.org")

    assert site.rows("letter", "recipient") == [ADDRESS]


def test_the_link_in_the_letter_lets_its_reader_in(site: Site) -> None:
    _ask_link(site, ADDRESS)
    link = re.search(r"http://localhost(/sign-in/link/\S+)", site.rows("letter", "body")[0])
    assert link is not None
    client = site.client()

    assert client.post(link[1]).status == 303
    assert _is_in(client)


def test_everybody_of_a_household_gets_an_own_letter(household: Site) -> None:
    before = len(household.rows("letter", "id"))
    _ask_link(household, "dubbelglas@example.org")

    bodies = household.rows("letter", "body")[before:]
    assert sorted("Dina" in body for body in bodies) == [False, True]


def test_a_letter_is_written_in_the_language_of_its_reader(site: Site) -> None:
    with site.database.work(Scope(may_write=True)) as session:
        accounts.choose_language(session, site.account_id(REAL_CHAIR), Language.ENGLISH)

    _ask_link(site, ADDRESS)

    with language.speaking(Language.ENGLISH):
        assert site.rows("letter", "subject") == [language.gettext("Your link to sign in to ecoop")]


def test_nobodys_mailbox_can_be_filled(site: Site) -> None:
    answers = [_ask_link(site, ADDRESS).words() for _ in range(5)]

    assert len(site.rows("letter", "id")) == 3
    assert len(set(answers)) == 1


def test_something_that_is_no_address_gets_the_same_answer(site: Site) -> None:
    assert _ask_link(site, "not an address").words() == _ask_link(site, ADDRESS).words()


# the door of the demo


def test_the_door_of_the_demo_is_not_there_in_a_real_installation(site: Site) -> None:
    client = site.client()

    assert client.post(f"/demo/sign-in/{site.account_id(REAL_CHAIR)}").status == 404
    assert not _is_in(client)


def test_a_real_installation_names_nobody_on_its_sign_in_page(site: Site) -> None:
    page = site.client().get("/sign-in")

    assert REAL_CHAIR not in page.words()
    assert not any(path.startswith("/demo/") for path in page.actions())


def test_the_demo_offers_a_door_to_everybody_in_it(demo: Site) -> None:
    page = demo.client().get("/sign-in")

    assert {f"/demo/sign-in/{number}" for number in demo.rows("account", "id")} <= page.actions()


def test_nobody_unknown_comes_in_by_the_door_of_the_demo(demo: Site) -> None:
    assert demo.client().post("/demo/sign-in/4711").status == 404


def test_the_door_of_the_demo_does_not_open_by_a_link(demo: Site) -> None:
    assert demo.client().get("/demo/sign-in/1").status == 405


# where one goes next

AWAY = [
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/\r\nSet-Cookie: x=1",
    "///evil.example",
    "/\t/[evil.example",
    "account",
    "",
]


@pytest.mark.parametrize("wanted", AWAY)
def test_signing_in_never_leads_to_another_site(site: Site, wanted: str) -> None:
    assert _sign_in(site.client(), next=wanted).location == "/"


@pytest.mark.parametrize("wanted", AWAY)
def test_choosing_a_language_never_leads_to_another_site(site: Site, wanted: str) -> None:
    assert site.client().post("/language/en", {"next": wanted}).location == "/"


@pytest.mark.parametrize("wanted", ["/account", "/cooperatives/warmte-west/case/?year=2030", "/help/settings#x"])
def test_signing_in_leads_on_to_the_page_that_was_wanted(site: Site, wanted: str) -> None:
    assert _sign_in(site.client(), next=wanted).location == wanted


def test_nothing_is_a_path_of_ours_either() -> None:
    assert local_path(None) is None


def test_the_page_that_was_wanted_travels_through_the_sign_in_page(site: Site) -> None:
    client = site.client()
    page = client.follow(client.get("/cooperatives/warmte-west/case/?year=2030"))
    wanted = page.all("input", name="next", id="next")[0].get("value")

    assert wanted == "/cooperatives/warmte-west/case/?year=2030"


# language


def test_a_chosen_language_lasts(site: Site) -> None:
    client = site.client()
    assert client.get("/").tree.get("lang") == "nl"

    client.speak("en")

    assert client.get("/").tree.get("lang") == "en"


def test_a_chosen_language_lasts_through_signing_in_and_out(site: Site) -> None:
    client = site.client()
    client.speak("en")
    _sign_in(client)

    assert client.get("/account").tree.get("lang") == "en"


def test_a_chosen_language_is_remembered_with_the_account(site: Site) -> None:
    site.signed_in(REAL_CHAIR).speak("en")

    assert site.signed_in(REAL_CHAIR).get("/account").tree.get("lang") == "en"


def test_a_page_that_is_not_there_speaks_the_language_of_the_account(site: Site) -> None:
    site.signed_in(REAL_CHAIR).speak("en")

    page = site.signed_in(REAL_CHAIR).get("/no-such-page")

    assert page.tree.get("lang") == "en"
    assert REAL_CHAIR in page.words()


def test_a_language_that_we_do_not_speak_is_not_there(site: Site) -> None:
    assert site.client().post("/language/fr").status == 404


def test_after_choosing_a_language_one_stays_on_the_page(site: Site) -> None:
    client = site.client()
    page = client.get("/help/settings")
    form = next(form for form in page.tree.iter("form") if (form.get("action") or "").startswith("/language/"))
    wanted = next(one.get("value") for one in form.iter("input") if one.get("name") == "next")

    assert client.post(form.get("action") or "", {"next": wanted}).location.rstrip("?") == "/help/settings"


# the token against forgery

POSTS = sorted(rule.endpoint for rule in bare_app().url_map.iter_rules() if "POST" in (rule.methods or set()))
DECLARED = declared()
SENDERS = (
    ("Silvia Schrijfgraag", RULES[Role.SECRETARY].permissions | RULES[Role.MEMBER].permissions),
    ("Petra Prijspeil", RULES[Role.TREASURER].permissions),
    ("Ada Algoritme", RULES[Role.ADMINISTRATOR].permissions),
)
"""People of the demo with what they may do: everything that can be sent is sent by somebody who may."""


@pytest.fixture(scope="module")
def untouched(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One demo for what changes nothing."""
    with opened_site(demo_file, tmp_path_factory.mktemp("untouched")) as site:
        yield site


@pytest.fixture(scope="module")
def browsers(untouched: Site) -> dict[str, PageClient]:
    """A browser of each sender."""
    return {name: untouched.signed_in(name) for name, _permissions in SENDERS}


@pytest.mark.parametrize("token", ["", "invented"])
@pytest.mark.parametrize("endpoint", POSTS)
def test_a_form_without_its_token_changes_nothing(
    untouched: Site, browsers: dict[str, PageClient], endpoint: str, token: str
) -> None:
    access = DECLARED[endpoint]
    permission = access.permission if access else None
    sender = next((name for name, permissions in SENDERS if permission in permissions), "Petra Prijspeil")
    path = fill(untouched, endpoint)
    untouched.lost_work.take_stayed()

    answer = browsers[sender].post(path, {"name": "X", "email": "x@example.org"}, token=token)

    assert answer.status == 400
    assert answer.says("The form was open for too long, or came from another page. Load the page again.")
    assert untouched.lost_work.take_stayed() == []


def test_a_token_of_another_browser_does_not_count(demo: Site) -> None:
    stolen = demo.signed_in("Mo Meterkast").token()

    assert demo.signed_in("Vera Vastrecht").post("/sign-out", token=stolen).status == 400


# the cookie


def test_the_cookie_of_the_session_is_kept_from_scripts_and_other_sites(site: Site) -> None:
    cookie = site.signed_in(REAL_CHAIR).get("/account").response.headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Domain" not in cookie


def test_without_insecure_cookies_the_session_travels_by_https_only(site: Site, tmp_path: object) -> None:
    site.app.config["SESSION_COOKIE_SECURE"] = True
    answer = site.app.test_client().get("/sign-in", base_url="https://localhost")

    assert "Secure" in answer.headers["Set-Cookie"]


def test_somebody_without_any_role_lands_on_the_own_account(site: Site) -> None:
    with site.database.work(Scope(may_write=True)) as session:
        accounts.create_account(session, email="new@example.org", name="Nora Nieuw", now=NOON)
    client = site.signed_in("Nora Nieuw")

    page = client.follow(client.get("/"))

    assert page.path == "/account"
    assert page.says("You have no role anywhere today. Ask the board of your cooperative.")


def test_who_signs_in_lands_on_the_first_page_of_the_own_place(site: Site) -> None:
    client = site.signed_in(REAL_CHAIR)

    assert client.get("/").location == f"/cooperatives/{REAL_COOPERATIVE}/"
