"""The secretary takes the member list over: with errors, corrected, and undone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from ecoop import language
from ecoop.language import Language, gettext, ngettext
from ecoop.worker import Worker
from tests.support.browser import Visitor
from tests.support.web import KETELHUIS, Site
from tests.worker.conftest import work_it_off

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

HEAD = "Lidnr;Naam;Adres;Postcode;Plaats;E-mail;Lid sinds;Einddatum;Soort\r\n"
JAN = "901;Jan de Vries;Kade 12;1054AB;Amsterdam;jan@example.org;31-12-2019;;huurder\r\n"
WRONG = "902;Ketel, P. de;Kade 13;1054;Amsterdam;piet;31-2-2019;;eigenaar\r\n"
GOOD = "902;Ketel, P. de;Kade 13;1054AC;Amsterdam;piet@example.org;28-2-2019;31-12-2024;eigenaar\r\n"


@pytest.fixture(autouse=True)
def in_dutch() -> Iterator[None]:
    """The tests name things as the reader sees them."""
    with language.speaking(Language.DUTCH):
        yield


def _put_in(page: Page, *rows: str) -> None:
    file = {"name": "leden.csv", "mimeType": "text/csv", "buffer": (HEAD + "".join(rows)).encode("cp1252")}
    page.locator('input[type="file"]').set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name=gettext("Look at this sheet")).click()
    page.get_by_role("button", name=gettext("Show what would change")).click()


def _work(site: Site) -> None:
    work_it_off(Worker(site.database, site.settings, site.clock, planned=()))


def test_a_secretary_imports_a_sheet_with_errors_corrects_it_and_undoes_it(desk: Visitor, live: Site) -> None:
    desk.expected = ["status of 400"]
    page = desk.go("/")
    page.get_by_role("link", name=gettext("Look inside the example")).click()
    page.get_by_role("button", name=re.compile("Silvia Schrijfgraag")).click()
    desk.go(f"/cooperatives/{KETELHUIS}/members/")
    page.get_by_role("link", name=gettext("Import"), exact=True).click()

    _put_in(page, JAN, WRONG)
    problems = page.get_by_role("region", name=gettext("What to look at"))
    expect(problems).to_contain_text("31-2-2019")
    expect(problems).to_contain_text(gettext("This is not an e-mail address."))
    page.get_by_role("button", name=gettext("Take this sheet over")).click()
    expect(page.get_by_role("alert")).to_contain_text(
        gettext("The sheet cannot be taken over like this. Nothing was stored.")
    )

    page.get_by_role("navigation", name=gettext("You are here")).get_by_role("link", name=gettext("Import")).click()
    _put_in(page, JAN, GOOD)
    page.get_by_role("button", name=gettext("Take this sheet over")).click()
    expect(page.get_by_role("status")).to_contain_text(gettext("The sheet is being taken over."))
    _work(live)
    page.get_by_role("link", name=gettext("Look how far it is now")).click()
    done = ngettext("%(count)s row of this sheet was taken over.", "%(count)s rows of this sheet were taken over.", 2)
    expect(page.locator(".answer")).to_have_text(done)

    page.get_by_role("link", name=gettext("Undo this import")).click()
    page.get_by_role("button", name=gettext("Yes, undo the whole import")).click()
    _work(live)
    page.get_by_role("link", name=gettext("Look how far it is now")).click()
    expect(page.locator(".answer")).to_have_text(gettext("This import was undone. The register is what it was before."))
    page.get_by_role("link", name=gettext("To the register")).click()
    expect(page.locator("main")).not_to_contain_text("Jan de Vries")
