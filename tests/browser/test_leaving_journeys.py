"""Leaving and one's own data, walked by a secretary at a desk and a member with a phone."""

import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from ecoop import language
from ecoop.language import Language, gettext
from ecoop.models import Membership, Party
from ecoop.services import parties
from tests.support.browser import Visitor
from tests.support.web import DAY, KETELHUIS, Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

HOME = f"/cooperatives/{KETELHUIS}"


@pytest.fixture(autouse=True)
def in_dutch() -> Iterator[None]:
    """The tests name things as the reader sees them."""
    with language.speaking(Language.DUTCH):
        yield


def _party(site: Site, name: str) -> tuple[int, int, int]:
    """Cooperative, party and membership of somebody with an account."""
    with site.inside(KETELHUIS) as session:
        row = session.execute(
            sa.select(Party.cooperative_id, Party.id, Membership.id)
            .join(
                Membership,
                (Membership.cooperative_id == Party.cooperative_id) & (Membership.party_id == Party.id),
            )
            .where(Party.account_id == site.account_id(name))
        ).one()
    return row[0], row[1], row[2]


def test_a_secretary_walks_an_exit_past_everything_in_the_way(desk: Visitor) -> None:
    _home, _party_id, number = _party(desk.site, "Mo Meterkast")
    desk.enter_as("Silvia Schrijfgraag")
    page = desk.go(f"{HOME}/members/{number}/")
    page.get_by_role("link", name=gettext("This member leaves")).click()
    page.get_by_label(gettext("Why"), exact=True).select_option("resignation")
    page.get_by_role("button", name=gettext("Begin this exit")).click()

    things = page.locator(".exit-things > li")
    expect(things.first).to_be_visible()
    assert things.count() >= 3
    for box in page.locator(".exit-things input").all():
        box.check()
    page.get_by_label(re.compile(gettext("What was arranged"))).fill("Aan de telefoon besproken.")
    page.get_by_role("button", name=gettext("This was arranged")).click()

    page.get_by_label(gettext("What happens with the capital of the member")).select_option("nothing")
    page.get_by_role("button", name=gettext("Keep this")).click()
    page.get_by_label(gettext("What happens with the heat contract")).select_option("stays")
    page.get_by_role("button", name=gettext("Keep this")).click()
    page.get_by_role("button", name=gettext("Yes, complete this exit")).click()
    expect(page.get_by_role("status")).to_contain_text(gettext("The exit is completed. The letter is on its way."))

    page.locator("summary", has_text=gettext("Undo this exit")).click()
    page.get_by_label(gettext("Why it is undone")).fill("Mo blijft toch.")
    page.get_by_role("button", name=gettext("Yes, undo this exit")).click()
    expect(page.locator(".answer")).to_have_text(gettext("This exit was undone. The membership goes on as before."))
    expect(page.locator("summary", has_text=gettext("Undo this exit"))).to_have_count(0)


def test_a_member_with_a_phone_changes_the_own_address_and_yesterday_stays(phone: Visitor) -> None:
    home, party_id, _number = _party(phone.site, "Mo Meterkast")
    phone.enter_as("Mo Meterkast")
    page = phone.go(f"{HOME}/for-you")
    page.get_by_role("link", name=gettext("Look at your data")).click()
    page.get_by_role("link", name=gettext("Change your address")).click()
    page.get_by_label(gettext("Street")).fill("Nieuwe Kade")
    page.get_by_label(gettext("House number")).fill("8")
    page.get_by_role("button", name=gettext("Keep these data")).click()

    expect(page.get_by_role("status")).to_contain_text(gettext("Your new data are in the register."))
    expect(page.get_by_text("Nieuwe Kade 8")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    with phone.site.inside(KETELHUIS) as session:
        streets = [
            parties.read_party(session, cooperative_id=home, party_id=party_id, day=day).facts.street
            for day in (DAY.replace(day=DAY.day - 1), DAY)
        ]
    assert streets[0] != "Nieuwe Kade"
    assert streets[1] == "Nieuwe Kade"
