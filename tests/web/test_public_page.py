"""The public page: what the board publishes reaches everybody, and nothing else does."""

from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecoop.db import Base, Database, Scope
from ecoop.models import Paper
from ecoop.web.markdown import render_markdown
from tests.support.web import KETELHUIS, ZONNEDAK, PageClient, Site, parse
from tests.web.addresses import paper_id

ABOUT = f"/about/{KETELHUIS}"
DESK = f"/cooperatives/{KETELHUIS}/public-page"
SECRET = "zaadgeheim"


@pytest.fixture
def chair(demo: Site) -> PageClient:
    """The chair's browser."""
    return demo.signed_in("Vera Vastrecht")


def _version(client: PageClient) -> str:
    return client.get(f"{DESK}/").all("input", name="version")[0].get("value") or ""


def _publish(client: PageClient, **text: Any) -> None:
    assert client.post(f"{DESK}/edit", {"about_nl": "Wij.", "about_en": "", "contact": ""} | text).status == 303
    assert client.post(f"{DESK}/publish", {"version": _version(client)}).status == 303


def test_everybody_reads_what_was_published(demo: Site) -> None:
    page = demo.client().get(ABOUT)

    assert "Wij zijn bewoners en ondernemers" in page.words()
    assert "ongeveer 1.500 woningequivalenten" in page.words()
    assert "geteld in woningequivalenten" in page.words()
    assert "peildatum onbekend" in page.words()
    assert "Statuten in het kort (verzonnen voorbeeld)" in page.words()


def test_a_stranger_who_reads_english_gets_the_english_text(demo: Site) -> None:
    client = demo.client()
    client.speak("en")

    assert "We are residents and businesses" in client.get(ABOUT).words()


def test_a_text_in_dutch_only_says_so_to_a_screen_reader(demo: Site, chair: PageClient) -> None:
    _publish(chair, about_nl="Alleen Nederlands.")
    client = demo.client()
    client.speak("en")

    assert client.get(ABOUT).all("div", class_="prose")[0].get("lang") == "nl"


def test_a_public_paper_can_be_fetched_without_signing_in(demo: Site) -> None:
    answer = demo.client().get(f"{ABOUT}/papers/{paper_id(demo, KETELHUIS)}").response

    assert answer.get_data().startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_paper_that_was_fetched_before_is_not_sent_again(demo: Site) -> None:
    path = f"{ABOUT}/papers/{paper_id(demo, KETELHUIS)}"
    etag = demo.client().get(path).response.headers["ETag"]

    assert demo.client().get(path, headers={"If-None-Match": etag}).status == 304


def test_other_papers_are_not_there(demo: Site) -> None:
    with demo.inside(KETELHUIS) as session:
        shown = {"Statuten in het kort (verzonnen voorbeeld)", "Plan van aanpak voor de aansluitingen"}
        others = session.scalars(sa.select(Paper.id).where(Paper.title.not_in(shown))).all()

    assert len(others) == 3
    assert {demo.client().get(f"{ABOUT}/papers/{number}").status for number in others} == {404}


def test_a_cooperative_without_a_page_looks_like_one_that_does_not_exist(demo: Site) -> None:
    without, nowhere = demo.client().get(f"/about/{ZONNEDAK}"), demo.client().get("/about/no-such-thing")

    assert without.status == nowhere.status == 404
    assert without.words() == nowhere.words()


def test_the_welcome_page_names_who_has_a_page(demo: Site, chair: PageClient) -> None:
    assert demo.client().get("/").actions() & {ABOUT, f"/about/{ZONNEDAK}"} == {ABOUT}

    chair.post(f"{DESK}/take-down")

    assert ABOUT not in demo.client().get("/").actions()


def test_what_is_saved_is_seen_by_nobody_outside_before_it_is_published(demo: Site, chair: PageClient) -> None:
    chair.post(f"{DESK}/edit", {"about_nl": "Nog niet voor buiten."})

    assert "Nog niet voor buiten." in chair.get(f"{DESK}/preview").words()
    assert "Nog niet voor buiten." not in demo.client().get(ABOUT).words()

    chair.post(f"{DESK}/publish", {"version": _version(chair)})

    assert "Nog niet voor buiten." in demo.client().get(ABOUT).words()


def test_a_text_that_somebody_else_saved_meanwhile_is_not_published(demo: Site, chair: PageClient) -> None:
    chair.post(f"{DESK}/edit", {"about_nl": "Gelezen."})
    read = _version(chair)
    demo.signed_in("Silvia Schrijfgraag").post(f"{DESK}/edit", {"about_nl": "Ongelezen."})

    page = chair.follow(chair.post(f"{DESK}/publish", {"version": read}))

    assert page.says("Somebody saved another text meanwhile. Read it first, then publish.")
    assert "Ongelezen." not in demo.client().get(ABOUT).words()


def test_a_page_that_is_taken_down_is_gone_at_once_with_its_papers(demo: Site, chair: PageClient) -> None:
    path = f"{ABOUT}/papers/{paper_id(demo, KETELHUIS)}"

    chair.post(f"{DESK}/take-down")

    assert demo.client().get(ABOUT).status == demo.client().get(path).status == 404


@pytest.mark.parametrize("version", ["", "x", "0", "9" * 30, "-1", "1"])
def test_no_other_number_is_published(demo: Site, chair: PageClient, version: str) -> None:
    chair.post(f"{DESK}/edit", {"about_nl": "Nieuw."})
    before = demo.contents()

    assert chair.post(f"{DESK}/publish", {"version": version}).status == 303
    assert demo.contents() == before


def test_a_paper_of_somebody_else_cannot_be_chosen(demo: Site) -> None:
    zoe = demo.signed_in("Zoë Zonnestraal")
    form = {"about_nl": "Wij.", "paper_ids": [paper_id(demo, KETELHUIS)]}

    assert zoe.post(f"/cooperatives/{ZONNEDAK}/public-page/edit", form).status == 400


def test_a_browser_asks_each_time_whether_it_is_still_public(demo: Site, chair: PageClient) -> None:
    assert demo.client().get(ABOUT).response.headers["Cache-Control"] == "private, no-cache"
    assert chair.get(ABOUT).response.headers["Cache-Control"] == "no-store"


# nothing else


def _plant(database: Database) -> set[str]:
    """Write a secret behind every text in every table, but in what was published; the tables in which it stands."""
    spared = {"cooperative", "installation", "page_version"}
    published = {
        "paper": "id IN (SELECT paper_id FROM page_paper)",
        "paper_version": "paper_id IN (SELECT paper_id FROM page_paper)",
        "paper_right": "reader = 'public'",
        "figure": "id IN (SELECT figure_id FROM page_figure)",
    }
    codes = {"media_type", "digest"}
    found = set()
    with database.writer.connect() as connection:
        connection.execute(sa.text("PRAGMA ignore_check_constraints=ON"))
        for name in (
            connection.execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
        ):
            connection.execute(sa.text(f"DROP TRIGGER {name}"))
        for table in Base.metadata.sorted_tables:
            for column in table.c:
                if table.name in spared or column.name in codes or isinstance(column.type, sa.Enum):
                    continue
                if not isinstance(column.type, sa.String) or column.primary_key:
                    continue
                where = f" WHERE NOT ({published[table.name]})" if table.name in published else ""
                filled = f"coalesce({column.name}, hex(randomblob(4)))"  # some must differ from row to row
                change = f"UPDATE {table.name} SET {column.name} = {filled} || '{SECRET}'{where}"
                if connection.execute(sa.text(change)).rowcount:
                    found.add(table.name)
        connection.commit()
    return found


def test_nothing_that_was_not_published_reaches_the_public_page(demo: Site, chair: PageClient) -> None:
    chair.post(f"{DESK}/edit", {"about_nl": f"{SECRET} concept"})
    planted = _plant(demo.database)
    stranger = demo.client()

    answers = [stranger.get(ABOUT), stranger.get(f"{ABOUT}/papers/{paper_id(demo, KETELHUIS)}"), stranger.get("/")]
    stranger.speak("en")
    answers.append(stranger.get(ABOUT))

    assert {"account", "figure", "paper", "building", "business_case", "audit_note", "figure_choice"} <= planted
    assert [answer.status for answer in answers] == [200] * 4
    for answer in answers:
        assert SECRET not in answer.response.get_data().decode("latin-1") + str(answer.response.headers)


def test_the_public_page_opens_no_other_cooperative(demo: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Scope] = []
    session = Database.session
    monkeypatch.setattr(Database, "session", lambda self, scope: opened.append(scope) or session(self, scope))

    demo.client().get(ABOUT)

    seen = frozenset().union(*(scope.cooperative_ids for scope in opened))
    assert seen == {demo.cooperative_id(KETELHUIS)}
    assert not any(scope.may_write or scope.may_log for scope in opened)


# the text


HARMFUL = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[klik](javascript:alert(1))",
    "[klik](JaVaScRiPt:alert(1))",
    "[klik](data:text/html;base64,PHNjcmlwdD4=)",
    "[klik](//elders.example.org)",
    "[klik](/account)",
    "[klik](ftp://example.org)",
    "![plaatje](https://example.org/x.png)",
    "<https://example.org/?<script>>",
    "[x]: javascript:alert(1)\n[x]",
]


@pytest.mark.parametrize("text", HARMFUL)
def test_text_that_could_do_harm_stays_text(text: str) -> None:
    shown = render_markdown(text)

    for part in ("<script", "<img", 'javascript:alert(1)"', 'href="data', 'href="/', 'href="ftp'):
        assert part not in shown


def test_links_lead_to_the_web_and_to_mail() -> None:
    shown = render_markdown("[web](https://example.org) [mail](mailto:post@example.org)")

    assert '<a href="https://example.org" rel="noreferrer nofollow">web</a>' in shown
    assert '<a href="mailto:post@example.org" rel="noreferrer nofollow">mail</a>' in shown


def test_no_text_takes_the_place_of_our_headings() -> None:
    assert render_markdown("# Groot\n\nKop\n===") == "<h3>Groot</h3>\n<h3>Kop</h3>\n"


MARKS = st.text(
    st.one_of(st.sampled_from("#*_[]()<>`!-=\n &\"'/:"), st.characters(exclude_categories=["Cs", "Cc", "Cn"]))
)


@given(text=MARKS)
def test_whatever_is_written_no_script_and_no_foreign_address_comes_out(text: str) -> None:
    tree = parse(f"<!doctype html><title>x</title><body>{render_markdown(text)}", strict=False)

    assert {one.tag for one in tree.iter()}.isdisjoint({"script", "img", "style", "iframe", "form", "h1", "h2"})
    assert all(link.get("href", "").startswith(("http", "mailto:")) for link in tree.iter("a"))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=MARKS)
def test_whatever_the_board_writes_the_page_is_whole(demo: Site, chair: PageClient, text: str) -> None:
    before = demo.rows("page_version", "id")

    status = chair.flask.post(f"{DESK}/edit", data={"about_nl": text, "csrf_token": chair.token()}).status_code

    assert status in {303, 400}
    assert len(demo.rows("page_version", "id")) == len(before) + (1 if status == 303 else 0)
    assert chair.get(f"{DESK}/preview").status == 200
