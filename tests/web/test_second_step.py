"""The second step on its pages: signing in with it, setting it up, taking it away."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecoop.db import Scope
from ecoop.language.reasons import REASONS
from ecoop.services import accounts, second_factors
from tests.support.authenticator import Authenticator
from tests.support.queries import counted_queries
from tests.support.web import ENCRYPTION_KEY, KETELHUIS, REAL_CHAIR, Page, PageClient, Site
from tests.web.addresses import fill

pytestmark = pytest.mark.usefixtures("cheap_passwords")

ADDRESS, PASSWORD = "carla@example.org", "vier woorden op een rij"


@pytest.fixture
def site(real: Site) -> Iterator[Site]:
    """A real installation whose chair has a password."""
    with real.database.work(Scope(may_write=True)) as session:
        accounts.set_password(session, real.account_id(REAL_CHAIR), PASSWORD, now=real.clock())
    return real


def _set_up(site: Site, name: str = REAL_CHAIR) -> tuple[str, tuple[str, ...]]:
    """Give somebody an app with codes, half a minute ago."""
    account_id, before = site.account_id(name), site.clock() - timedelta(seconds=30)
    with site.database.work(Scope(may_write=True)) as session:
        second_factors.begin_app(session, account_id, key=ENCRYPTION_KEY, now=before)
        secret = second_factors.read_new_secret(session, account_id, key=ENCRYPTION_KEY) or ""
        code = second_factors.code_of(secret, now=before)
        codes = second_factors.confirm_app(session, account_id, code, key=ENCRYPTION_KEY, now=before)
    assert isinstance(codes, tuple)
    return secret, codes


def _code(site: Site, secret: str) -> str:
    return second_factors.code_of(secret, now=site.clock())


def _sign_in(client: PageClient, **more: str) -> Page:
    return client.post("/sign-in", {"email": ADDRESS, "password": PASSWORD, **more})


def _link(site: Site, name: str = REAL_CHAIR) -> str:
    with site.database.work(Scope(may_write=True)) as session:
        return f"/sign-in/link/{accounts.issue_link(session, site.account_id(name), now=site.clock())}"


def _is_in(client: PageClient) -> bool:
    return client.get("/account").status == 200


# signing in


def test_after_the_password_comes_the_second_step(site: Site) -> None:
    secret, _codes = _set_up(site)
    client = site.client()

    page = client.follow(_sign_in(client, next="/account"))
    assert page.path == "/sign-in/second-step"
    assert not _is_in(client)

    assert client.post(page.path, {"code": _code(site, secret)}).location == "/account"
    assert _is_in(client)


def test_after_a_link_comes_the_second_step_and_then_a_password_may_be_chosen(site: Site) -> None:
    secret, _codes = _set_up(site)
    client = site.client()
    assert client.post(_link(site)).location == "/sign-in/second-step"
    assert not _is_in(client)

    assert client.post("/sign-in/second-step", {"code": _code(site, secret)}).location == "/account/password"
    assert client.post("/account/password", {"password": "vijf woorden op een rijtje"}).status == 303


def test_the_door_of_the_demo_asks_for_a_second_step_that_a_visitor_set_up(demo: Site) -> None:
    secret, _codes = _set_up(demo, "Mo Meterkast")
    client = demo.client()

    page = client.follow(client.post(f"/demo/sign-in/{demo.account_id('Mo Meterkast')}"))

    assert page.path == "/sign-in/second-step"
    assert client.post(page.path, {"code": _code(demo, secret)}).status == 303
    assert _is_in(client)


def test_of_a_household_only_who_has_a_second_step_takes_it(demo: Site) -> None:
    for name in ("Dina Dubbelglas", "Daan Dubbelglas"):
        with demo.database.work(Scope(may_write=True)) as session:
            accounts.set_password(session, demo.account_id(name), PASSWORD, now=demo.clock())
    _set_up(demo, "Dina Dubbelglas")
    answers = {}
    for name in ("Dina Dubbelglas", "Daan Dubbelglas"):
        client = demo.client()
        client.post("/sign-in", {"email": "dubbelglas@example.org", "password": PASSWORD})
        answers[name] = client.post("/sign-in/identity", {"account": str(demo.account_id(name))}).location

    assert answers == {"Dina Dubbelglas": "/sign-in/second-step", "Daan Dubbelglas": "/"}


HALF_OPEN = ["/account", "/account/second-step", "/account/password", "/account/address", "/account/prove"]


@pytest.mark.parametrize("path", [*HALF_OPEN, f"/cooperatives/{KETELHUIS}/"])
def test_half_in_is_not_in(site: Site, path: str) -> None:
    _set_up(site)
    client = site.client()
    _sign_in(client)

    assert client.get(path).location.startswith("/sign-in?")


def test_half_in_nothing_can_be_changed(site: Site) -> None:
    _set_up(site)
    client = site.client()
    _sign_in(client)
    before = site.contents()

    for path in ("/account/password", "/account/second-step/app/remove", "/account/second-step/codes"):
        assert client.post(path, {"password": "vijf woorden op een rijtje"}).location.startswith("/sign-in")

    assert site.contents() == before


def test_half_in_lasts_ten_minutes(site: Site) -> None:
    secret, _codes = _set_up(site)
    client = site.client()
    _sign_in(client)
    site.clock.move(minutes=10)

    assert client.post("/sign-in/second-step", {"code": _code(site, secret)}).location == "/sign-in"
    assert not _is_in(client)


def test_signing_out_everywhere_ends_what_is_half_in(site: Site) -> None:
    secret, _codes = _set_up(site)
    client = site.client()
    _sign_in(client)
    with site.database.work(Scope(may_write=True)) as session:
        accounts.sign_out_everywhere(session, site.account_id(REAL_CHAIR), now=site.clock())

    assert client.post("/sign-in/second-step", {"code": _code(site, secret)}).location == "/sign-in"


@pytest.mark.parametrize("code", ["000000", "abc", "१२३४५६", "\ufeff123456", "1" * 40])
def test_a_wrong_code_is_told_beside_its_field(site: Site, code: str) -> None:
    _set_up(site)
    client = site.client()
    _sign_in(client)

    answer = client.post("/sign-in/second-step", {"code": code})

    assert answer.status == 403
    assert answer.says(REASONS["wrong_code"])
    assert not _is_in(client)


def test_guessing_codes_is_limited_also_after_a_restart(site: Site) -> None:
    secret, _codes = _set_up(site)
    client = site.client()
    _sign_in(client)
    for _ in range(4):  # the code that set the app up was the first
        assert client.post("/sign-in/second-step", {"code": "000000"}).status == 403

    again = site.restarted().client()
    _sign_in(again)

    assert again.post("/sign-in/second-step", {"code": _code(site, secret)}).status == 429
    assert not _is_in(again)


def test_a_recovery_code_lets_its_owner_in_and_says_how_many_are_left(site: Site) -> None:
    _secret, codes = _set_up(site)
    client = site.client()
    _sign_in(client)

    answer = client.post("/sign-in/second-step", {"code": codes[3].upper()})

    assert answer.status == 303
    page = client.get("/account")
    assert page.says("You used a recovery code. %(left)s are left. Lost your phone? Then set up a new app.", left=9)
    assert page.says("Recovery code used")


def test_the_second_step_stands_open_to_nobody_else(site: Site) -> None:
    assert site.client().get("/sign-in/second-step").location == "/sign-in"


# setting up an app


def _begin_app(client: PageClient) -> Page:
    return client.follow(client.post("/account/second-step/app/begin"))


def _shown_secret(page: Page) -> str:
    return "".join((page.all("code", class_="secret")[0].text or "").split())


def test_an_app_is_set_up_by_picture_or_by_text(site: Site) -> None:
    client = site.signed_in(REAL_CHAIR)
    page = _begin_app(client)
    picture = client.get(urlsplit(page.all("img")[0].get("src") or "").path)
    assert picture.response.mimetype == "image/svg+xml"

    answer = client.post("/account/second-step/app", {"code": _code(site, _shown_secret(page))})

    assert len(answer.all("ol", class_="codes")[0].findall("li")) == 10
    assert client.get("/account/second-step").says("Set up. Signing in asks for the code that the app shows.")


def test_the_recovery_codes_are_shown_once(site: Site) -> None:
    client = site.signed_in(REAL_CHAIR)
    page = _begin_app(client)
    answer = client.post("/account/second-step/app", {"code": _code(site, _shown_secret(page))})
    codes = re.findall(r"<li><code>([a-z0-9-]{19})</code>", answer.text)

    pages = [client.get(path).text for path in ("/account", "/account/second-step")]
    assert len(codes) == 10
    assert not any(code in page for code in codes for page in pages)


def test_the_picture_is_gone_once_the_app_counts(site: Site) -> None:
    client = site.signed_in(REAL_CHAIR)
    page = _begin_app(client)
    client.post("/account/second-step/app", {"code": _code(site, _shown_secret(page))})

    assert client.get("/account/second-step/app/qr.svg").status == 404
    assert client.get("/account/second-step/app").location == "/account/second-step"


def test_a_secret_that_was_not_confirmed_changes_nothing_at_sign_in(site: Site) -> None:
    _begin_app(site.signed_in(REAL_CHAIR))

    assert _sign_in(site.client()).location == "/"


def test_nobody_sees_the_picture_of_another(site: Site) -> None:
    _begin_app(site.signed_in(REAL_CHAIR))

    assert site.signed_in("Niels Neighbour").get("/account/second-step/app/qr.svg").status == 404


def test_a_second_step_ends_the_sessions_that_began_without_it(site: Site) -> None:
    client, other = site.signed_in(REAL_CHAIR), site.signed_in(REAL_CHAIR)
    page = _begin_app(client)

    client.post("/account/second-step/app", {"code": _code(site, _shown_secret(page))})

    assert _is_in(client)
    assert not _is_in(other)


# a fresh proof

DELICATE = ["/account/second-step/app/begin", "/account/second-step/app/remove", "/account/second-step/codes"]


@pytest.mark.parametrize("path", DELICATE)
def test_what_is_delicate_asks_for_a_fresh_proof(site: Site, path: str) -> None:
    _set_up(site)
    client = site.signed_in(REAL_CHAIR)
    site.clock.move(minutes=15)
    before = site.contents()

    answer = client.post(path)

    assert answer.location.startswith("/account/prove?next=")
    assert site.contents() == before


@pytest.mark.parametrize("by", ["password", "code", "recovery code"])
def test_a_proof_opens_what_is_delicate_for_a_quarter_of_an_hour(site: Site, by: str) -> None:
    secret, codes = _set_up(site)
    client = site.signed_in(REAL_CHAIR)
    site.clock.move(hours=1)
    given = {"password": {"password": PASSWORD}, "code": {"code": _code(site, secret)}}
    proof = given.get(by, {"code": codes[0]})

    assert client.post("/account/prove", {**proof, "next": "/account/second-step"}).location == "/account/second-step"
    assert client.post("/account/second-step/app/remove").location == "/account/second-step"
    assert _sign_in(site.client()).location == "/"


@pytest.mark.parametrize("given", [{"password": "x"}, {"code": "000000"}, {}, {"password": "", "code": ""}], ids=str)
def test_a_wrong_proof_opens_nothing(site: Site, given: dict[str, str]) -> None:
    _set_up(site)
    client = site.signed_in(REAL_CHAIR)
    site.clock.move(hours=1)

    assert client.post("/account/prove", given).status == 400
    assert client.post("/account/second-step/codes").location.startswith("/account/prove")


def test_proving_never_leads_to_another_site(site: Site) -> None:
    client = site.signed_in(REAL_CHAIR)

    assert client.post("/account/prove", {"password": PASSWORD, "next": "//evil.example"}).location == "/account"


# passkeys


def _add_passkey(client: PageClient, key: Authenticator, name: str = "telefoon") -> Page:
    options = client.get("/account/passkeys/options").text
    return client.post("/account/passkeys", {"credential": key.make(options), "name": name})


def _use_passkey(client: PageClient, key: Authenticator, **more: str) -> Page:
    options = client.get("/sign-in/passkey/options").text
    return client.post("/sign-in/passkey", {"credential": key.use(options), **more})


def test_a_passkey_signs_in_without_an_address_and_without_a_second_step(site: Site) -> None:
    key = Authenticator()
    assert _add_passkey(site.signed_in(REAL_CHAIR), key).all("ol", class_="codes")
    client = site.client()

    assert _use_passkey(client, key, next="/account").location == "/account"
    assert REAL_CHAIR in client.get("/account").words()


def test_a_passkey_is_the_second_step_after_a_password(site: Site) -> None:
    key, client = Authenticator(), site.client()
    _add_passkey(site.signed_in(REAL_CHAIR), key)
    assert _sign_in(client, next="/account").location == "/sign-in/second-step"

    assert _use_passkey(client, key).location == "/account"


def test_an_answer_of_a_passkey_cannot_be_sent_twice(site: Site) -> None:
    key, client = Authenticator(counts=False), site.client()
    _add_passkey(site.signed_in(REAL_CHAIR), key)
    answer = key.use(client.get("/sign-in/passkey/options").text)
    stolen = client.cookie().value
    client.post("/sign-in/passkey", {"credential": answer})

    thief = site.client()
    thief.flask.set_cookie("ecoop", stolen)
    thief.post("/sign-in/passkey", {"credential": answer})

    assert _is_in(client)
    assert not _is_in(thief)


def test_a_refused_passkey_is_told(site: Site) -> None:
    client = site.client()

    page = client.follow(_use_passkey(client, Authenticator()))

    assert page.path == "/sign-in"
    assert page.says(REASONS["passkey_wrong"])


def test_tries_with_passkeys_are_limited_per_network(site: Site) -> None:
    client = site.client()
    for _ in range(30):
        _use_passkey(client, Authenticator())
    key = Authenticator()
    _add_passkey(site.signed_in(REAL_CHAIR), key)

    page = client.follow(_use_passkey(client, key))

    assert page.says(REASONS["too_many_tries"])
    assert not _is_in(client)


def test_where_the_site_is_asked_for_by_a_number_there_are_no_passkeys(site: Site) -> None:
    base = {"base_url": "http://127.0.0.1/"}

    assert site.client().get("/sign-in/passkey/options", **base).status == 404
    assert "/sign-in/passkey" not in site.client().get("/sign-in", **base).actions()


def test_a_host_that_is_not_ours_gets_no_question(site: Site) -> None:
    assert site.client().get("/sign-in/passkey/options", base_url="http://evil.example/").status == 400


def test_the_question_to_a_passkey_names_this_site(site: Site) -> None:
    options = json.loads(site.client().get("/sign-in/passkey/options").text)

    assert options["rpId"] == "localhost"
    assert options["userVerification"] == "required"


# a role that wants a second step


def _want(site: Site, role: str, since: str = "2026-03-02") -> Page:
    return site.signed_in("Vera Vastrecht").post(fill(site, "factor_rules.show"), {"role": role, "since": since})


def test_a_role_that_wants_a_second_step_opens_nothing_without(demo: Site) -> None:
    client = demo.signed_in("Silvia Schrijfgraag")
    assert client.get(fill(demo, "people.grant")).status == 200
    assert _want(demo, "secretary").status == 303

    page = client.follow(client.get(fill(demo, "people.grant")))

    assert page.path.startswith("/account/second-step?")
    assert "KetelhuisWG" in page.words()
    assert client.post(fill(demo, "people.grant"), {"name": "X"}).location.startswith("/account/second-step?")


def test_other_roles_and_other_places_keep_working(demo: Site) -> None:
    _want(demo, "secretary")

    assert demo.signed_in("Silvia Schrijfgraag").get(fill(demo, "home.own_page")).status == 200
    assert demo.signed_in("Noud Netaansluiting").get("/cooperatives/zonnedak-de-dageraad/people/grant").status == 200


def test_with_a_second_step_the_role_opens_again(demo: Site) -> None:
    _want(demo, "secretary")
    _set_up(demo, "Silvia Schrijfgraag")
    client = demo.client()
    with demo.database.work(Scope(may_write=True)) as session:
        codes = second_factors.renew_codes(session, demo.account_id("Silvia Schrijfgraag"), now=demo.clock())
    client.post(f"/demo/sign-in/{demo.account_id('Silvia Schrijfgraag')}")
    client.post("/sign-in/second-step", {"code": codes[0]})

    assert client.get(fill(demo, "people.grant")).status == 200


def test_before_its_day_a_rule_stops_nobody(demo: Site) -> None:
    _want(demo, "secretary", "2026-03-09")
    client = demo.signed_in("Silvia Schrijfgraag")
    assert client.get(fill(demo, "people.grant")).status == 200

    demo.clock.move(days=7)

    assert client.get(fill(demo, "people.grant")).location.startswith("/account/second-step?")


def test_the_board_cannot_lock_itself_out_at_once(demo: Site) -> None:
    answer = _want(demo, "chair")

    assert answer.status == 400
    assert answer.says(REASONS["rule_stops_you"])


def test_the_page_of_rules_names_who_would_be_stopped(demo: Site) -> None:
    page = demo.signed_in("Vera Vastrecht").get(fill(demo, "factor_rules.show"))

    assert "Petra Prijspeil" in page.words()
    assert demo.signed_in("Mo Meterkast").get(fill(demo, "factor_rules.show")).status == 403


# what it costs, and nonsense


def test_a_request_costs_at_most_one_query_more_than_before(demo: Site) -> None:
    client = demo.signed_in("Petra Prijspeil")
    client.get("/account/password")

    with counted_queries(demo.database) as with_none:
        client.get(fill(demo, "cases.replace"))
    _set_up(demo, "Petra Prijspeil")
    with counted_queries(demo.database) as with_app:
        client.get(fill(demo, "cases.replace"))

    assert len(with_none) == len(with_app) + 1
    assert sum("browser_session" in query for query in with_app) == 1


NONSENSE = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=60)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    code=NONSENSE,
    credential=NONSENSE
    | st.dictionaries(
        st.sampled_from(["id", "rawId", "type", "response"]),
        st.none() | st.integers() | NONSENSE | st.dictionaries(NONSENSE, NONSENSE),
    ).map(json.dumps),
    name=NONSENSE,
)
def test_nonsense_stores_nothing_half_and_lets_nobody_in(site: Site, code: str, credential: str, name: str) -> None:
    _half(site)
    before = {table: rows for table, rows in site.contents().items() if table != "attempt"}
    client = site.client()
    client.post("/sign-in", {"email": "niels@example.org", "password": code})
    client.get("/sign-in/passkey/options")
    client.post("/sign-in/passkey", {"credential": credential, "next": name})
    client.post("/sign-in/second-step", {"code": code})
    client.post("/account/passkeys", {"credential": credential, "name": name})
    for path in (f"/account/address/confirm/{name.replace('/', '') or 'x'}", "/sign-in/recovery/x"):
        assert client.post(path).status in {303, 400, 404, 405, 409}

    assert {table: rows for table, rows in site.contents().items() if table != "attempt"} == before


def _half(site: Site) -> None:
    if not site.rows("totp_factor", "account_id"):
        _set_up(site)
