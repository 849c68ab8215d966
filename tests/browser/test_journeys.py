"""A few journeys, walked as their travellers walk them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from ecoop import language
from ecoop.demo.building import case_text
from ecoop.finance import evaluate
from ecoop.finance.reading import read_case
from ecoop.language import Language, gettext
from ecoop.services.case_files import read_text
from tests.support.browser import Stage, Visitor, visiting
from tests.support.web import KETELHUIS, ZONNEDAK, Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

HOME = f"/cooperatives/{KETELHUIS}"


@pytest.fixture(autouse=True)
def in_dutch() -> Iterator[None]:
    """The tests name things as the reader sees them."""
    with language.speaking(Language.DUTCH):
        yield


def _h1(page: Page) -> Locator:
    return page.locator("h1")


def _menu(page: Page, label: str) -> Locator:
    return page.locator("nav.menu").get_by_role("link", name=gettext(label), exact=True)


def _charts_are_drawn(page: Page) -> None:
    charts = page.locator("[data-chart]")
    expect(charts.first).to_be_attached()
    expect(page.locator('[data-chart][data-ready="true"]')).to_have_count(charts.count())


def _fingerprint(text: str) -> str:
    mapping, _written = read_text(text)
    return evaluate(read_case(mapping)).digest


def _walk_in(visitor: Visitor, name: str) -> Page:
    page = visitor.go("/")
    page.get_by_role("link", name=gettext("Look inside the example")).click()
    page.get_by_role("button", name=re.compile(name)).click()
    return page


def test_a_treasurer_reads_the_case_and_replaces_it(desk: Visitor, tmp_path: Path) -> None:
    changed = tmp_path / "case.toml"
    changed.write_text(case_text().replace("cpi = 0.02 ", "cpi = 0.021", 1), encoding="utf-8")
    assert _fingerprint(changed.read_text(encoding="utf-8")) != _fingerprint(case_text())

    page = _walk_in(desk, "Petra Prijspeil")
    expect(_h1(page)).to_have_text(gettext("State of affairs"))
    _menu(page, "Business case").click()
    _charts_are_drawn(page)
    expect(page.locator("#digest code")).to_have_text(_fingerprint(case_text()))

    page.locator("#digest").get_by_role("link", name=gettext("Replace the business case")).click()
    page.locator('input[type="file"]').set_input_files(changed)
    page.get_by_role("button", name=gettext("Use this file")).click()

    expect(page.get_by_role("status")).to_contain_text(
        gettext("The new business case is in use. The one before stays in the records.")
    )
    expect(page.locator("#digest code")).to_have_text(_fingerprint(changed.read_text(encoding="utf-8")))
    _charts_are_drawn(page)


def test_a_file_that_cannot_be_used_is_told_and_changes_nothing(desk: Visitor, tmp_path: Path) -> None:
    bad = tmp_path / "case.toml"
    bad.write_text(case_text().replace("vat = 0.21 ", "vat = 21.0 ", 1), encoding="utf-8")
    desk.expected = ["status of 400"]
    desk.enter_as("Petra Prijspeil")

    page = desk.go(f"{HOME}/case/replace")
    page.locator('input[type="file"]').set_input_files(bad)
    page.get_by_role("button", name=gettext("Use this file")).click()

    expect(page.get_by_role("alert")).to_contain_text(gettext("This file cannot be used. Nothing was stored."))
    desk.go(f"{HOME}/case/")
    expect(page.locator("#digest code")).to_have_text(_fingerprint(case_text()))


def test_no_chart_can_be_sent_to_a_cloud(desk: Visitor) -> None:
    desk.enter_as("Petra Prijspeil")
    page = desk.go(f"{HOME}/case/")
    _charts_are_drawn(page)

    page.locator("[data-chart]").first.hover()

    expect(
        page.locator("[data-title*='Share'], [data-title*='cloud'], [data-title*='Edit'], .plotlyjsicon")
    ).to_have_count(0)


def test_charts_are_drawn_again_when_the_system_turns_dark(desk: Visitor) -> None:
    desk.enter_as("Petra Prijspeil")
    page = desk.go(f"{HOME}/case/")
    _charts_are_drawn(page)
    ink = page.locator("[data-chart] svg text").first
    before = ink.evaluate("element => getComputedStyle(element).fill")

    page.emulate_media(color_scheme="dark")

    expect(ink).not_to_have_css("fill", before)


def test_another_year_shows_itself(desk: Visitor) -> None:
    desk.enter_as("Petra Prijspeil")
    page = desk.go(f"{HOME}/case/")

    page.locator("#year").select_option("2040")

    expect(page.locator("#bills h2")).to_contain_text("2040")
    expect(page).to_have_url(re.compile(r"year=2040"))


def test_a_table_is_put_in_order_by_a_column(desk: Visitor) -> None:
    desk.enter_as("Petra Prijspeil")
    page = desk.go(f"{HOME}/buildings")
    table = page.locator("table.data")
    head = table.locator("thead th").nth(2)

    head.get_by_role("button").click()

    expect(head).to_have_attribute("aria-sort", "ascending")
    assert _dwellings(table) == sorted(_dwellings(table))


def test_a_table_is_put_in_the_other_order_by_a_second_click(desk: Visitor) -> None:
    desk.enter_as("Petra Prijspeil")
    page = desk.go(f"{HOME}/buildings")
    table = page.locator("table.data")
    head = table.locator("thead th").nth(2)

    head.get_by_role("button").dblclick()

    expect(head).to_have_attribute("aria-sort", "descending")
    assert _dwellings(table) == sorted(_dwellings(table), reverse=True)


def _dwellings(table: Locator) -> list[int]:
    return [int(cell.get_attribute("data-value") or 0) for cell in table.locator("tbody td:nth-child(3)").all()]


def test_the_sum_stays_below_a_table_that_is_put_in_order(desk: Visitor) -> None:
    desk.enter_as("Petra Prijspeil")
    page = desk.go(f"{HOME}/buildings")
    table = page.locator("table.data")
    foot = table.locator("tfoot").inner_text()

    table.locator("thead th").first.get_by_role("button").click()

    assert table.locator("tfoot").inner_text() == foot


def test_a_member_looks_up_the_own_household_on_a_phone(phone: Visitor) -> None:
    page = _walk_in(phone, "Mo Meterkast")
    expect(_h1(page)).to_have_text(gettext("For you"))
    choice = page.locator("#household")
    before = page.locator("p.second").last.inner_text()

    choice.select_option(index=3)

    expect(page.locator("p.second").last).not_to_have_text(before)
    page.get_by_role("link", name=gettext("Open the business case")).click()
    _charts_are_drawn(page)
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(_h1(page)).to_have_text("Business case")
    expect(page).to_have_url(re.compile(r"/case/"))


def test_a_secretary_gives_a_role_and_ends_it(desk: Visitor) -> None:
    desk.enter_as("Silvia Schrijfgraag")
    page = desk.go(f"{HOME}/people/")
    page.get_by_role("link", name=gettext("Give a role"), exact=True).click()

    page.locator("#name").fill("Nora Nieuw")
    page.locator("#email").fill("nora.nieuw@example.org")
    page.locator("#role").select_option("teller")
    page.locator("#concerns").fill("Ledenvergadering")
    page.get_by_role("button", name=gettext("Give this role")).click()

    row = page.locator("tr", has_text="Nora Nieuw")
    expect(page.get_by_role("status")).to_contain_text("Nora Nieuw")
    expect(row).to_have_count(1)
    row.locator("summary").click()
    row.get_by_role("button", name=gettext("Yes, end this role")).click()

    expect(page.get_by_role("status")).to_contain_text(
        gettext("The role has ended. What was done in it stays in the records.")
    )
    expect(page.locator("tr", has_text="Nora Nieuw")).to_have_count(0)


@contextmanager
def _two(chromium: Browser, live: Site, stage: Stage, one: str, other: str) -> Iterator[tuple[Visitor, Visitor]]:
    with visiting(chromium, live, stage) as left, visiting(chromium, live, stage) as right:
        left.enter_as(one)
        right.enter_as(other)
        yield left, right


def test_an_administrator_looks_in_while_the_board_lets_her(chromium: Browser, live: Site, stage: Stage) -> None:
    with _two(chromium, live, stage, "Ada Algoritme", "Zoë Zonnestraal") as (ada, zoe):
        page = ada.go("/installation/")
        page.get_by_role("link", name=re.compile(f"{gettext('Ask to look in')}.*Zonnedak")).click()
        page.locator("#reason").fill("De pagina opent niet.")
        page.get_by_role("button", name=gettext("Ask the board")).click()
        ada.expected = ["status of 404"]
        ada.go(f"/cooperatives/{ZONNEDAK}/")
        expect(page.locator("h1")).to_have_text(gettext("This page does not exist"))

        board = zoe.go(f"/cooperatives/{ZONNEDAK}/")
        expect(board.locator(".waiting")).to_contain_text("De pagina opent niet.")
        board.get_by_role("link", name=gettext("Answer it")).click()
        board.get_by_role("button", name=gettext("Let them look in")).click()
        ada.go("/installation/")
        page.get_by_role("link", name=re.compile(gettext("Look in") + ".*Zonnedak")).click()
        expect(page.locator("h1")).to_have_text(gettext("State of affairs"))
        expect(page.locator(".support-banner")).to_be_visible()

        board.get_by_role("button", name=gettext("End it now")).click()
        page.reload()
        expect(page.locator("h1")).to_have_text(gettext("This page does not exist"))


def test_who_has_two_cooperatives_sees_where_and_switches(desk: Visitor) -> None:
    desk.enter_as("Noud Netaansluiting")
    page = desk.go(f"{HOME}/")
    place = page.locator("details.drop > summary")
    expect(place).to_contain_text("KetelhuisWG")

    place.click()
    page.locator(".drop-list").get_by_role("link", name=re.compile("Zonnedak")).click()

    expect(place).to_contain_text("Zonnedak De Dageraad")
    expect(page).to_have_url(re.compile(ZONNEDAK))


def test_everything_can_be_reached_by_keyboard_alone(desk: Visitor) -> None:
    desk.enter_as("Noud Netaansluiting")
    page = desk.go(f"{HOME}/")

    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()

    place = page.locator("details.drop > summary")
    _tab_to(page, place, back=True)
    assert _shows_focus(place)
    page.keyboard.press("Enter")
    expect(page.locator(".drop-panel")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".drop-panel")).to_be_hidden()
    expect(place).to_be_focused()
    page.keyboard.press("Enter")
    _tab_to(page, page.locator(".drop-list a").last)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(ZONNEDAK))

    item = _menu(page, "Organisation")
    _tab_to(page, item)
    assert _shows_focus(item)
    page.keyboard.press("Enter")
    expect(_h1(page)).to_have_text(gettext("Organisation"))


def _tab_to(page: Page, wanted: Locator, *, back: bool = False) -> None:
    for _ in range(60):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    pytest.fail(f"{wanted} cannot be reached with the Tab key.")


def _shows_focus(element: Locator) -> bool:
    return bool(
        element.evaluate(
            "element => { const style = getComputedStyle(element);"
            " return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2)"
            " || style.boxShadow !== 'none'; }"
        )
    )


@pytest.fixture
def without_scripts(chromium: Browser, live: Site, stage: Stage) -> Iterator[Visitor]:
    """Somebody whose browser runs no scripts."""
    with visiting(chromium, live, stage, java_script_enabled=False) as visitor:
        yield visitor


def test_without_scripts_the_case_still_shows_its_tables(without_scripts: Visitor) -> None:
    page = _walk_in(without_scripts, "Petra Prijspeil")
    _menu(page, "Business case").click()

    expect(page.locator("#bills table")).to_be_visible()
    expect(page.locator("#plan table").first).to_be_visible()
    expect(page.locator(".no-chart").first).to_be_visible()
    page.locator("#year").select_option("2040")
    page.locator("#bills").get_by_role("button", name=gettext("Show")).click()
    expect(page.locator("#bills h2")).to_contain_text("2040")


def test_without_scripts_the_place_can_be_switched(without_scripts: Visitor) -> None:
    without_scripts.enter_as("Noud Netaansluiting")
    page = without_scripts.go(f"{HOME}/")

    page.locator("details.drop > summary").click()
    page.locator(".drop-list").get_by_role("link", name=re.compile("Zonnedak")).click()

    expect(page).to_have_url(re.compile(ZONNEDAK))


def test_a_table_is_saved_as_a_file(desk: Visitor) -> None:
    desk.enter_as("Petra Prijspeil")
    page = desk.go(f"{HOME}/case/")

    with page.expect_download() as saved:
        page.locator("#bills").get_by_role("link", name="XLSX").click()

    assert saved.value.suggested_filename == f"{KETELHUIS}-bills.xlsx"


def test_nothing_hides_the_answer_on_a_phone(phone: Visitor) -> None:
    phone.enter_as("Mo Meterkast")
    page = phone.go(f"{HOME}/for-you")

    expect(page.locator(".answer").first).to_be_in_viewport()


def test_a_page_can_be_printed(desk: Visitor) -> None:
    desk.enter_as("Petra Prijspeil")
    page = desk.go(f"{HOME}/case/")
    page.emulate_media(media="print")

    expect(page.locator("header.top")).to_be_hidden()
    expect(page.locator("#bills table")).to_be_visible()
