"""The audit trail on the page: what was done can be read, checked, taken along; a reason can be erased."""

import io

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ecoop.governance.audit import verify_export
from ecoop.governance.roles import Permission, Role
from tests.support import office_files as made
from tests.support.web import KETELHUIS, PageClient, Site, only

TRAIL = f"/cooperatives/{KETELHUIS}/trail"


@pytest.fixture
def petra(demo: Site) -> PageClient:
    return demo.signed_in("Petra Prijspeil")


def _support_id(demo: Site) -> int:
    (number,) = demo.rows("support_grant", "id")
    return int(number)


@pytest.fixture
def reasoned(demo: Site, petra: PageClient) -> PageClient:
    """The board let the administrator in, for a reason."""
    petra.post(f"/cooperatives/{KETELHUIS}/people/support/{_support_id(demo)}/grant")
    return petra


def test_what_was_done_stands_on_top(reasoned: PageClient) -> None:
    row = reasoned.get(f"{TRAIL}/").table("Logboek")[1]

    assert row[1] == "Petra Prijspeil"
    assert "Beheerder mag meekijken" in row[2]
    assert "Ada Algoritme" in row[2]


def test_the_reason_is_shown_and_can_be_erased(reasoned: PageClient, demo: Site) -> None:
    number = max(demo.rows("audit_note", "number"))
    assert "krijgt de pagina" in reasoned.get(f"{TRAIL}/").words()

    answer = reasoned.follow(reasoned.post(f"{TRAIL}/{number}/erase"))

    assert "krijgt de pagina" not in answer.words()
    assert answer.says("The reason was erased.")
    assert "heel" in reasoned.get(f"{TRAIL}/check").words()


def test_a_reason_that_is_gone_is_told(petra: PageClient) -> None:
    answer = petra.follow(petra.post(f"{TRAIL}/1/erase"))

    assert answer.says("This entry has no reason in words, or it was erased already.")


def test_the_trail_is_filtered_by_what_and_who(reasoned: PageClient) -> None:
    rows = reasoned.get(f"{TRAIL}/", query={"what": "support"}).table("Logboek")[1:]

    assert len(rows) == 1
    assert reasoned.get(f"{TRAIL}/", query={"what": "support", "until": "2020-01-01"}).says(
        "Nothing was done that fits this question."
    )


def test_older_entries_are_a_page_further(petra: PageClient) -> None:
    page = petra.get(f"{TRAIL}/")
    (older,) = [link.get("href") or "" for link in page.all("a") if "before=" in (link.get("href") or "")]

    before = int(older.partition("before=")[2].partition("&")[0])
    assert page.table("Logboek")[-1][3].startswith(str(before))
    assert petra.get(older).table("Logboek")[1][3].startswith(str(before - 1))


def test_a_day_that_is_none_is_told_beside_the_field(petra: PageClient) -> None:
    assert petra.get(f"{TRAIL}/", query={"since": "gisteren"}).says("This is not a date. Write it as 31-12-2026.")


def test_a_broken_trail_is_told(petra: PageClient, demo: Site) -> None:
    with demo.database.writer.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_entry_refuses_update")
        connection.exec_driver_sql("UPDATE audit_entry SET action = 'x' WHERE number = 3 AND cooperative_id = 1")

    assert petra.get(f"{TRAIL}/check").says("Entry %(number)s was changed.", number=3)


def test_a_fingerprint_from_earlier_minutes_is_looked_for(petra: PageClient, demo: Site) -> None:
    digest = demo.rows("audit_entry", "digest")[2]

    assert "heel" in petra.get(f"{TRAIL}/check", query={"head": f" {digest.upper()} "}).words()
    assert petra.get(f"{TRAIL}/check", query={"head": "0" * 63 + "1"}).says(
        "The fingerprint that was given does not occur in this trail."
    )
    assert petra.get(f"{TRAIL}/check", query={"head": "abc"}).says(
        "A fingerprint has 64 characters: digits and the letters a to f."
    )


def test_the_trail_can_be_taken_along(petra: PageClient) -> None:
    page = petra.post(f"{TRAIL}/export")

    assert page.status == 200
    assert verify_export(page.text).holds
    assert "attachment" in page.response.headers["Content-Disposition"]


def test_who_looked_in_as_administrator_stands_among_the_looks(reasoned: PageClient, demo: Site) -> None:
    demo.signed_in("Ada Algoritme").get(f"/cooperatives/{KETELHUIS}/")

    rows = reasoned.get(f"{TRAIL}/looked").table("Wie keek")

    assert rows[1][1:] == ["Ada Algoritme", "Een pagina, als beheerder die van het bestuur mocht meekijken"]


def test_the_organisation_page_leads_only_to_what_may_be_opened(staffed: Site) -> None:
    for role in (Role.MEMBER, Role.CHAIR, Role.AUDIT_COMMITTEE):
        page = staffed.signed_in(only(role)).get(f"/cooperatives/{KETELHUIS}/organisation/")
        leads = any((link.get("href") or "").endswith("/trail/") for link in page.all("a"))
        from ecoop.governance.roles import RULES

        assert leads == (Permission.SEE_TRAIL in RULES[role].permissions)


@hypothesis_settings(max_examples=60)
@given(
    asked=st.dictionaries(
        st.sampled_from(["who", "what", "since", "until", "before", "head"]), st.text(max_size=30), max_size=6
    )
)
def test_no_question_makes_the_trail_fail(asked: dict[str, str], petra_for_all: PageClient) -> None:
    for path in (f"{TRAIL}/", f"{TRAIL}/check"):
        assert petra_for_all.get(path, query=asked).status in {200, 400}


@pytest.fixture(scope="module")
def petra_for_all(demo_file, tmp_path_factory):
    """Petra on a site that many questions share, since they change nothing."""
    from tests.support.web import opened_site

    with opened_site(demo_file, tmp_path_factory.mktemp("asked")) as site:
        yield site.signed_in("Petra Prijspeil")


def test_details_are_words_and_names(petra: PageClient) -> None:
    """No code and no bare number of ours is left in what a board member reads."""
    papers = petra.get(f"{TRAIL}/", query={"what": "paper"}).words()
    figures = petra.get(f"{TRAIL}/", query={"what": "figure"}).words()
    pages = petra.get(f"{TRAIL}/", query={"what": "page"}).words()
    letters = petra.get(f"{TRAIL}/", query={"what": "mailing"}).words()

    assert (
        "Statuten in het kort (verzonnen voorbeeld); soort: Statuten; lezers: Iedereen, ook buiten de coöperatie"
        in papers
    )
    assert "statutes" not in papers
    assert "Deel van het waterschap" in figures
    assert "water_authority" not in figures
    assert "Plan van aanpak voor de aansluitingen" in pages
    assert "cijfers: Deel van het waterschap" in pages or "Deel van het waterschap," in pages
    assert "Kom naar de informatieavond" in letters


def test_a_paper_is_named_to_who_may_read_it(demo: Site, petra: PageClient) -> None:
    """The audit committee reads the trail, but not the title of a paper that is for the board alone."""
    title = "Gesprek over de kascommissie"
    upload = {"title": title, "kind": "other", "file": (io.BytesIO(made.PDF), "gesprek.pdf")}
    assert petra.follow(petra.post(f"/cooperatives/{KETELHUIS}/papers/add", data=upload)).status == 200

    assert title in petra.get(f"{TRAIL}/").words()
    seen = demo.signed_in("Kees Kasboek").get(f"{TRAIL}/").words()
    assert "Stuk toegevoegd" in seen
    assert title not in seen
