"""Becoming a member, walked as its travellers walk it: from the form on a phone to the letter with the number."""

import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from ecoop import language
from ecoop.language import Language, gettext
from ecoop.models import Application, Letter
from tests.support.browser import PHONE, Stage, Visitor, visiting
from tests.support.web import KETELHUIS, Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

HOME = f"/cooperatives/{KETELHUIS}"


@pytest.fixture(autouse=True)
def in_dutch() -> Iterator[None]:
    """The tests name things as the reader sees them."""
    with language.speaking(Language.DUTCH):
        yield


def _fill_in(page: Page, **fields: str) -> None:
    for label, value in fields.items():
        page.get_by_label(gettext(label.replace("_", " "))).first.fill(value)


def _link_in_newest_letter(site: Site) -> str:
    found = re.findall(r"http://[^/\s]+(/\S+)", site.rows("letter", "body")[-1])
    assert found
    return str(found[0])


def test_a_newcomer_applies_on_a_phone_and_gets_a_letter_with_a_number(
    phone: Visitor, chromium: Browser, live: Site, stage: Stage
) -> None:
    page = phone.go(f"/about/{KETELHUIS}")
    page.get_by_role("link", name=gettext("Become a member"), exact=True).click()
    _fill_in(
        page, Given_names="Noor", Family_name="Nieuw", Street="Kade", House_number="7", Postcode="1054cd",
        Place="Amsterdam", Date_of_birth="1990-06-07",
    )  # fmt: skip
    page.get_by_label(gettext("E-mail address")).fill("noor.nieuw@example.org")
    page.get_by_label(gettext("Kind of membership")).select_option("tenant")
    page.get_by_label(gettext("I agree to the statutes.")).check()
    page.get_by_label(gettext("I have read what is done with my data.")).check()
    page.get_by_role("button", name=gettext("Send my application")).click()
    expect(page.locator(".answer")).to_have_text(gettext("Look in your mail: there is a letter with a link."))

    page = phone.go(_link_in_newest_letter(live))
    page.get_by_role("button", name=gettext("Yes, this is right")).click()
    expect(page.get_by_role("status")).to_contain_text(
        gettext("Thank you. The board sees your application, and you hear from it.")
    )

    with visiting(chromium, live, stage) as secretary:
        _admit(secretary)
    with live.inside(KETELHUIS) as session:
        letter = session.scalars(sa.select(Letter).order_by(Letter.id.desc()).limit(1)).one()
        assert (letter.recipient, letter.kind) == ("noor.nieuw@example.org", "admission")
        assert re.search(r"Je lidnummer is \d+\.", letter.body)
        outcome = session.scalars(sa.select(Application.outcome).where(Application.name == "Noor Nieuw")).one()
        assert outcome == "admitted"


def _admit(secretary: Visitor) -> None:
    """The secretary comes from the overview, chooses the newcomer and admits."""
    secretary.enter_as("Silvia Schrijfgraag")
    page = secretary.go(f"{HOME}/")
    page.locator(f'.waiting a[href="{HOME}/applications/"]').click()
    page.get_by_role("checkbox", name=gettext("Choose %(name)s", name="Noor Nieuw")).check()
    page.get_by_role("button", name=gettext("Admit the chosen")).click()
    expect(page.locator("main")).to_contain_text(gettext("A letter goes to each, with the number."))
    page.get_by_label(gettext("Decision")).fill("Bestuur 2 maart, punt 4")
    page.get_by_role("button", name=re.compile("Laat 1 aanmelder toe")).click()
    expect(page.get_by_role("status")).to_contain_text("1 lid toegelaten, met nummer")


def test_the_form_fits_a_phone(chromium: Browser, live: Site, stage: Stage) -> None:
    with visiting(chromium, live, stage, viewport=PHONE) as visitor:
        page = visitor.go(f"{HOME}/join/")

        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
