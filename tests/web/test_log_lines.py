"""The log: a line for every answer, with the number of the request, and nothing about anybody."""

import io
import json
import logging
import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from ecoop.services import accounts
from ecoop.web import log_lines
from ecoop.web.access import public
from ecoop.web.log_lines import GIVEN_ID, LogLines
from tests.support.web import KETELHUIS, NOON, Site
from tests.web.addresses import fill

NUMBER = re.compile(r"[0-9a-f]{32}")


@pytest.fixture(params=[True, False], ids=["json", "text"])
def written(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """Everything that is logged, down to the details, as the server writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LogLines(as_json=request.param))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield stream
    finally:
        root.removeHandler(handler)
        root.setLevel(before)


def lines_of(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def personal_data(site: Site) -> set[str]:
    """Whatever the database knows about people: names, addresses, keys."""
    names = set(site.rows("account", "name"))
    parts = {part for name in names for part in name.split() if len(part) > 4}
    return names | parts | set(site.rows("account", "email")) | set(site.rows("account", "session_key"))


@pytest.mark.parametrize("written", [True], indirect=True)
def test_every_answer_has_its_line(demo: Site, written: io.StringIO) -> None:
    answer = demo.client().get("/help/settings", query={"next": "/x"})

    (line,) = lines_of(written)
    assert line["message"] == "answered"
    assert (line["endpoint"], line["method"], line["status"]) == ("home.help_page", "GET", 200)
    assert isinstance(line["milliseconds"], float)
    assert line["request_id"] == answer.response.headers["X-Request-ID"]
    assert NUMBER.fullmatch(str(line["request_id"]))
    assert str(line["time"]).endswith("+00:00")


def test_a_whole_visit_leaves_nothing_about_anybody(real: Site, demo: Site, written: io.StringIO) -> None:
    secrets = {"wachtwoord-van-iemand", "192.0.2.77", "/sign-in/link/", "?", "next="}
    for site in (demo, real):
        person, address = site.rows("account", "name")[0], site.rows("account", "email")[0]
        with site.inside(may_write=True) as session:
            secret = accounts.issue_link(session, site.account_id(person), now=NOON)
        secrets.add(secret)
        for visitor in (site.client(), site.signed_in(person)):
            visitor.flask.environ_base["REMOTE_ADDR"] = "192.0.2.77"
            visitor.get(f"/sign-in/link/{secret}")
            visitor.post("/sign-in", {"email": address, "password": "wachtwoord-van-iemand"})
            visitor.post("/sign-in/forgotten", {"email": address})
            visitor.get("/no-such-page", query={"name": person})
            visitor.send("GET", f"/{address}")
            visitor.send("X-" + person.split()[0].upper(), "/")
            visitor.get("/", headers={"Host": address, "X-Request-ID": address, "User-Agent": person})
            visitor.post(f"/sign-in/link/{secret}")
    visitor = demo.signed_in("Petra Prijspeil")
    for rule in demo.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            visitor.get(fill(demo, rule.endpoint))
    visitor.post(fill(demo, "people.grant"), {"name": "Nieuwe Naam", "email": "nieuw@example.org", "role": "member",
                                              "starts_on": "2026-03-02"})  # fmt: skip

    text = written.getvalue().lower()
    told = {one for one in secrets | personal_data(demo) | personal_data(real) | {"Nieuwe", "nieuw@"}
            if one.lower() in text}  # fmt: skip
    assert text.count("answered") > 60
    assert told == set()


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("Noor de Wit, noor@example.org"),
        sa.exc.IntegrityError("INSERT", {"email": "noor@example.org"}, Exception("Key (email)=(noor@example.org)")),
        UnicodeDecodeError("utf-8", b"noor@example.org", 0, 1, "Noor"),
    ],
)
def test_a_fault_tells_where_it_is_and_not_what_was_in_it(demo: Site, written: io.StringIO, error: Exception) -> None:
    @public
    def fail() -> str:
        raise LookupError("noor@example.org") from error

    demo.app.add_url_rule("/failing", "failing", fail)
    page = demo.client().get("/failing", fault=True)
    logging.getLogger("ecoop").exception("Again", exc_info=error)

    text = written.getvalue()
    assert "noor" not in text.lower()
    assert "LookupError" in text
    assert type(error).__name__ in text
    assert "web/test_log_lines.py" in text
    assert page.response.headers["X-Request-ID"] in page.words()


def test_a_database_that_refuses_a_row_does_not_tell_the_row(demo: Site) -> None:
    with pytest.raises(sa.exc.IntegrityError) as refused, demo.database.writer.begin() as connection:
        connection.execute(sa.text("INSERT INTO account (email) VALUES (:email)"), {"email": "noor@example.org"})

    assert "noor@example.org" not in str(refused.value)


def test_what_libraries_fill_in_is_left_out(written: io.StringIO) -> None:
    logging.getLogger("waitress").warning("Client disconnected while serving %s", "/sign-in/link/secret")

    assert "Client disconnected while serving %s" in written.getvalue()
    assert "secret" not in written.getvalue()


@pytest.mark.parametrize("written", [True], indirect=True)
def test_the_number_of_a_trusted_proxy_is_kept_and_no_other(demo: Site, written: io.StringIO) -> None:
    trusted = demo.client().get("/healthz", environ_base={GIVEN_ID: "0123456789abcdef0123"})
    claimed = demo.client().get("/healthz", headers={"X-Request-ID": "0123456789abcdef0123"})

    assert trusted.response.headers["X-Request-ID"] == "0123456789abcdef0123"
    assert NUMBER.fullmatch(claimed.response.headers["X-Request-ID"])
    assert [line["request_id"] for line in lines_of(written)] == [
        answer.response.headers["X-Request-ID"] for answer in (trusted, claimed)
    ]


@pytest.mark.parametrize("written", [True], indirect=True)
def test_outside_a_request_there_is_no_number(written: io.StringIO) -> None:
    logging.getLogger("ecoop").warning("The outbox is long: %s letters.", 40)

    (line,) = lines_of(written)
    assert line["message"] == "The outbox is long: 40 letters."
    assert "request_id" not in line


def test_only_methods_that_we_know_are_written_down() -> None:
    assert {"GET", "POST"} <= log_lines.METHODS


def test_whoever_asks_for_our_place_is_answered_with_a_number(demo: Site) -> None:
    assert NUMBER.fullmatch(demo.client().get(f"/cooperatives/{KETELHUIS}/").response.headers["X-Request-ID"])
