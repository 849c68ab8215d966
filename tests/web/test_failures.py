"""What goes wrong is told on a page of ours, in both languages, and never shows what is behind it."""

import pytest
import sqlalchemy as sa

from ecoop import language
from ecoop.db import Database
from ecoop.errors import EcoopError, Forbidden, InvalidInput, NotFound, Problem, Refused
from ecoop.language import Language
from ecoop.language.reasons import REASONS
from ecoop.services.roles import RoleReason
from ecoop.web.access import public
from ecoop.web.errors import STATUS_OF, TEXTS
from tests.support.web import KETELHUIS, Page, PageClient, Site
from tests.web.addresses import fill

LANGUAGES = [one.value for one in Language]


def _client(site: Site, code: str) -> PageClient:
    client = site.signed_in("Petra Prijspeil")
    client.speak(code)
    return client


def _failing(site: Site, error: Exception) -> str:
    """The address of a page that always fails with this error."""

    @public
    def fail() -> str:
        raise error

    site.app.add_url_rule("/failing", "failing", fail, methods=["GET", "POST"])
    return "/failing"


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("status", [403, 404, 405, 400, 413])
def test_a_failure_is_told_in_the_readers_language(demo: Site, status: int, code: str) -> None:
    client = _client(demo, code)
    asked = {
        403: lambda: demo_member(demo, code).get(fill(demo, "cases.replace")),
        404: lambda: client.get("/no-such-page"),
        405: lambda: client.post("/healthz"),
        400: lambda: client.post("/sign-out", token=""),
        413: lambda: _send_large(client, demo),
    }

    page = asked[status]()

    assert page.status == status
    assert page.tree.get("lang") == code
    assert page.says(TEXTS[status][0])
    assert page.says(TEXTS[status][1])


def demo_member(site: Site, code: str) -> PageClient:
    """A member's browser."""
    client = site.signed_in("Mo Meterkast")
    client.speak(code)
    return client


def _send_large(client: PageClient, site: Site) -> Page:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="case.toml"\r\n\r\n'
    body = head + b"#" * site.settings.upload_limit_bytes + b"\r\n--x--\r\n"
    kind = "multipart/form-data; boundary=x"
    return client.send("POST", fill(site, "cases.replace"), data=body, content_type=kind)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound(), 404),
        (Forbidden(), 403),
        (Refused(RoleReason.LAST_BOARD_MEMBER), 409),
        (InvalidInput((Problem(key="email", reason="not_an_address"),)), 400),
        (sa.exc.IntegrityError("INSERT", {}, Exception("secret detail")), 409),
        (EcoopError("secret detail"), 500),
        (RuntimeError("secret detail"), 500),
        (sa.exc.OperationalError("SELECT", {}, Exception("secret detail")), 500),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_every_error_of_ours_has_its_page(demo: Site, error: Exception, status: int, code: str) -> None:
    path = _failing(demo, error)

    page = _client(demo, code).get(path, fault=True)

    assert page.status == status
    assert page.tree.get("lang") == code
    assert page.says(TEXTS[status][0])
    assert "secret detail" not in page.text
    assert "Traceback" not in page.text


def test_a_refusal_says_why(demo: Site) -> None:
    page = demo.client().get(_failing(demo, Refused(RoleReason.LAST_BOARD_MEMBER)))

    assert page.says(REASONS["last_board_member"])


def test_a_fault_is_written_down_with_its_cause(demo: Site, caplog: pytest.LogCaptureFixture) -> None:
    demo.client().get(_failing(demo, RuntimeError("the cause")), fault=True)

    assert "the cause" in caplog.text


def test_every_kind_of_error_has_a_status() -> None:
    assert set(STATUS_OF.values()) <= set(TEXTS)


def test_work_that_fails_is_undone(demo: Site) -> None:
    @public
    def half() -> str:
        from ecoop.services.letters import write_letter
        from ecoop.web.access import db, now

        write_letter(db(), account_id=1, recipient="x@example.org", subject="x", body="x", now=now())
        raise RuntimeError

    demo.app.add_url_rule("/half", "half", half, methods=["POST"])

    before = demo.rows("letter", "id")

    demo.client().post("/half", fault=True)

    assert demo.rows("letter", "id") == before


def test_work_that_is_refused_is_undone(demo: Site) -> None:
    @public
    def refused() -> str:
        from ecoop.services.letters import write_letter
        from ecoop.web.access import db, now

        write_letter(db(), account_id=1, recipient="x@example.org", subject="x", body="x", now=now())
        raise Refused(RoleReason.ALREADY_ENDED)

    demo.app.add_url_rule("/refused", "refused", refused, methods=["POST"])

    before = demo.rows("letter", "id")

    assert demo.client().post("/refused").status == 409
    assert demo.rows("letter", "id") == before


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "ecoop@evil.example", "evil.example:80"])
def test_a_request_for_another_host_is_refused(demo: Site, host: str) -> None:
    page = demo.client().get("/", headers={"Host": host})

    assert page.status == 400
    assert host not in page.text


def test_a_request_for_another_host_is_refused_before_anything_is_done(demo: Site) -> None:
    client = demo.client()
    token = client.token()
    before = demo.contents()

    answer = client.post("/sign-in/forgotten", {"email": "mo.meterkast@example.org"}, token=token,
                         headers={"Host": "evil.example"})  # fmt: skip

    assert answer.status == 400
    assert demo.contents() == before


def test_a_file_over_the_limit_is_not_stored(demo: Site) -> None:
    client = _client(demo, "nl")
    before = demo.contents()

    _send_large(client, demo)

    assert demo.contents() == before


def test_a_form_over_the_limit_is_refused(demo: Site) -> None:
    page = _client(demo, "nl").post(fill(demo, "people.grant"), {"name": "x" * 3_000_000})

    assert page.status == 413


def test_a_page_that_is_not_there_keeps_the_way_back(demo: Site) -> None:
    page = _client(demo, "nl").get(f"/cooperatives/{KETELHUIS}/no-such-page")

    assert "/" in page.actions()
    assert "Petra Prijspeil" in page.words()


@pytest.mark.parametrize("code", LANGUAGES)
def test_both_texts_of_a_failure_are_there_in_every_language(code: str) -> None:
    with language.speaking(Language(code)):
        assert all(language.gettext(title) and language.gettext(text) for title, text in TEXTS.values())


@pytest.mark.parametrize("field", ["name", "email", "concerns"])
def test_a_character_that_no_text_holds_is_refused(demo: Site, field: str) -> None:
    form = {
        "name": "Nora",
        "email": "nora@example.org",
        "role": "member",
        "starts_on": "2026-03-02",
        field: "a\0b@c.nl",
    }
    client = _client(demo, "nl")
    before = demo.contents()

    assert client.post(fill(demo, "people.grant"), form | {field: "a\0b@c.nl"}).status == 400
    assert demo.contents() == before


@pytest.mark.parametrize(
    ("visitor", "path"),
    [
        ("Vera Vastrecht", f"/cooperatives/{KETELHUIS}/"),
        ("Vera Vastrecht", "/no-such-page"),
        (None, "/"),
        (None, "/no-such-page"),
    ],
)
def test_a_database_that_does_not_answer_is_told(
    demo: Site, monkeypatch: pytest.MonkeyPatch, visitor: str | None, path: str
) -> None:
    site = demo.restarted()  # which has not asked yet what it is
    client = site.signed_in(visitor) if visitor else site.client()

    def unreachable(*_: object, **__: object) -> None:
        raise sa.exc.OperationalError("SELECT", {}, Exception("secret detail"))

    monkeypatch.setattr(Database, "session", unreachable)
    page = client.get(path, fault=True)

    assert page.status == 500
    assert "secret detail" not in page.text
    with language.speaking(Language.DUTCH):
        assert language.gettext(TEXTS[500][0]) in page.text


def test_a_request_of_another_kind_is_told_which_are_taken(demo: Site) -> None:
    answer = demo.client().send("PUT", "/sign-in")

    assert answer.status == 405
    assert answer.response.headers["Allow"] == "GET, HEAD, OPTIONS, POST"
