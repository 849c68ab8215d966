"""What a browser is told to refuse, what it may keep, and that nothing comes from elsewhere."""

import gzip
import re

import pytest

from ecoop.governance.roles import Role
from ecoop.web import assets
from ecoop.web.assets import _sources, read_asset
from ecoop.web.help_pages import NAMES
from ecoop.web.security import chart_styles, content_security_policy
from tests.support.web import KETELHUIS, REAL_CHAIR, Site, only
from tests.web.addresses import bare_app, fill

ENDPOINTS = sorted({rule.endpoint for rule in bare_app().url_map.iter_rules()})
READABLE = sorted({rule.endpoint for rule in bare_app().url_map.iter_rules() if "GET" in (rule.methods or set())})
ASK_AGAIN = ("public_page.show", "public_page.download")
"""What is public may stay in a browser that asks each time whether it still is."""
PAGES_OF_ADMINISTRATOR = ("installation.show", "installation.outbox", "installation.ask_support")


def _visitor(site: Site, endpoint: str) -> str:
    if endpoint.startswith("installation."):
        return only(Role.ADMINISTRATOR)
    if endpoint.startswith("umbrella."):
        return only(Role.COORDINATOR)
    if endpoint == "home.own_page":
        return only(Role.MEMBER)
    return only(Role.BUILDING_AMBASSADOR if endpoint == "home.own_buildings" else Role.TREASURER)


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_every_answer_carries_the_headers(staffed: Site, endpoint: str) -> None:
    client = staffed.signed_in(_visitor(staffed, endpoint))
    path = fill(staffed, endpoint)

    for answer in (client.get(path), client.post(path), staffed.client().get(path)):
        headers = answer.response.headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe-inline" not in headers["Content-Security-Policy"]
        assert "unsafe-eval" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        kept = {"no-store"} | ({"private, no-cache"} if endpoint in ASK_AGAIN else set())
        assert headers["Cache-Control"] in kept


@pytest.mark.parametrize("charts", [False, True])
def test_the_policy_allows_nothing_from_elsewhere(charts: bool) -> None:
    policy = content_security_policy(charts=charts)

    assert "http" not in policy
    assert "*" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy


def test_the_policy_of_a_page_with_charts_is_wider_only_for_styles_and_pictures() -> None:
    plain = dict(part.strip().partition(" ")[::2] for part in content_security_policy(charts=False).split(";"))
    charts = dict(part.strip().partition(" ")[::2] for part in content_security_policy(charts=True).split(";"))

    changed = {name for name in charts if charts[name] != plain.get(name)}
    assert changed == {"img-src", "style-src-elem", "style-src-attr"}


def test_the_styles_that_plotly_sets_itself_are_still_found() -> None:
    empty = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    elements, attributes = (hashes.split() for hashes in chart_styles())

    assert elements[0] == attributes[0] == empty
    assert len(elements) == 2
    assert len(attributes) == 2


def test_only_a_page_with_charts_may_set_their_styles(demo: Site) -> None:
    client = demo.signed_in("Petra Prijspeil")

    policies = {
        path: client.get(path).response.headers["Content-Security-Policy"]
        for path in (fill(demo, "cases.show"), fill(demo, "home.overview"), fill(demo, "cases.replace"))
    }

    assert [path for path, policy in policies.items() if "style-src-attr" in policy] == [fill(demo, "cases.show")]


def test_an_encrypted_site_is_kept_to(demo: Site) -> None:
    answer = demo.app.test_client().get("/", base_url="https://localhost")

    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_an_unencrypted_site_asks_for_no_encryption(demo: Site) -> None:
    assert "Strict-Transport-Security" not in demo.client().get("/").response.headers


@pytest.mark.parametrize("endpoint", READABLE)
def test_no_page_names_a_distributor_of_scripts(staffed: Site, endpoint: str) -> None:
    text = (
        staffed.signed_in(_visitor(staffed, endpoint))
        .get(fill(staffed, endpoint))
        .response.get_data()
        .decode("latin-1")
    )

    assert not re.search(r"cdn|jsdelivr|unpkg|googleapis|cloudflare", text, re.IGNORECASE)


def test_no_style_of_ours_loads_anything_from_elsewhere() -> None:
    for name in _sources():
        asset = read_asset(name)
        assert asset is not None
        if name.endswith(".css"):
            assert not re.search(rb"url\(\s*['\"]?(https?:)?//", asset.body)
            assert b"@import" not in asset.body


def test_no_asset_names_a_source_map() -> None:
    for name in _sources():
        asset = read_asset(name)
        assert asset is not None
        assert b"sourceMappingURL=" not in asset.body[-400:]


def _assets_on(site: Site, path: str) -> list[str]:
    page = site.signed_in("Petra Prijspeil").get(path)
    found = [one.get("src") for one in page.all("script")] + [one.get("href") for one in page.tree.iter("link")]
    return [path for path in found if path]


def test_every_asset_of_a_page_can_be_had_and_kept_for_ever(demo: Site) -> None:
    client = demo.client()
    paths = _assets_on(demo, fill(demo, "cases.show"))
    assert len(paths) >= 6

    for path in paths:
        answer = client.get(path)
        assert answer.status == 200
        assert answer.response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def _style(site: Site) -> str:
    return next(path for path in _assets_on(site, "/help/settings") if path.endswith("/ecoop.css"))


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [("gzip, br", True), ("gzip;q=0.5", True), ("*", True), ("", False), ("br", False), ("gzip;q=0", False)],
)
def test_an_asset_is_packed_only_for_who_can_unpack(demo: Site, accepted: str, packed: bool) -> None:
    answer = demo.client().get(_style(demo), headers={"Accept-Encoding": accepted})
    asset = read_asset("ecoop.css")
    assert asset is not None

    body = answer.response.get_data()
    assert (answer.response.headers.get("Content-Encoding") == "gzip") is packed
    assert (gzip.decompress(body) if packed else body) == asset.body
    assert answer.response.headers["Vary"] == "Accept-Encoding"


def test_an_asset_that_anybody_may_keep_carries_nobodys_cookie(demo: Site) -> None:
    answer = demo.signed_in("Petra Prijspeil").get(_style(demo))

    assert "public" in answer.response.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.response.headers


@pytest.mark.parametrize(
    "path",
    ["/assets/0000000000000000/ecoop.css", "/assets/0/no-such.css", "/assets/0/../app.py", "/assets/0/.", "/assets/0/"],
)
def test_an_asset_with_a_wrong_digest_or_name_is_not_there(demo: Site, path: str) -> None:
    assert demo.client().get(path).status == 404


def test_asking_for_assets_that_are_not_there_fills_no_memory(demo: Site) -> None:
    for number in range(30):
        demo.client().get(f"/assets/x/no-such-file-{number}.js")

    assert assets._read.cache_info().currsize <= len(_sources())


def test_the_files_of_a_table_are_saved_and_not_shown(demo: Site) -> None:
    answer = demo.signed_in("Petra Prijspeil").get(fill(demo, "cases.download"))

    assert answer.response.headers["Content-Disposition"] == f'attachment; filename="{KETELHUIS}-bills.csv"'


def test_a_key_is_never_shown(real: Site) -> None:
    page = real.signed_in(REAL_CHAIR).get("/account")

    for key in real.rows("account", "session_key"):
        assert key not in page.text
    assert real.settings.secret not in page.text
    assert real.settings.secret not in repr(real.settings)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("code", ["nl", "en"])
def test_every_help_page_is_there_in_both_languages(demo: Site, name: str, code: str) -> None:
    client = demo.client()
    client.speak(code)

    page = client.get(f"/help/{name}")

    assert page.status == 200
    assert len(page.words()) > 300


def test_a_help_page_that_is_not_there_is_not_there(demo: Site) -> None:
    assert demo.client().get("/help/no-such-page").status == 404


def test_the_help_pages_of_both_languages_differ(demo: Site) -> None:
    client = demo.client()
    dutch = client.get("/help/getting-started").words()
    client.speak("en")

    assert client.get("/help/getting-started").words() != dutch


def test_health_is_told_to_anybody(demo: Site) -> None:
    answer = demo.client().get("/healthz")

    assert answer.text == "ok\n"


def test_health_looks_at_the_database_every_time(demo: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    client = demo.client()
    client.get("/")
    monkeypatch.setattr(type(demo.database), "session", _out_of_order)

    assert client.get("/healthz", fault=True).status == 500


def _out_of_order(*_: object) -> None:
    raise OSError("no database")
