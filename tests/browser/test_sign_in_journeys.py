"""Coming in, walked as its travellers walk it: links, codes, passkeys, a lost phone, another role."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, CDPSession, Locator, Page, expect

from ecoop import language
from ecoop.governance.roles import Actor, HeldRole, Role
from ecoop.language import Language, gettext
from ecoop.services import factor_rules, second_factors
from tests.support.browser import Stage, Visitor, visiting
from tests.support.factories import LONG_AGO
from tests.support.web import KETELHUIS, ZONNEDAK, Site, opened_site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

HOME = f"/cooperatives/{KETELHUIS}"
PASSWORD = "vier woorden op een rij"
MO = "Mo Meterkast"


@pytest.fixture(autouse=True)
def in_dutch() -> Iterator[None]:
    """The tests name things as the reader sees them."""
    with language.speaking(Language.DUTCH):
        yield


@pytest.fixture
def real_live(stage: Stage, real_file: Path, tmp_path: Path) -> Iterator[Site]:
    """A fresh real installation behind the server."""
    with opened_site(real_file, tmp_path) as site:
        stage.site = site
        yield site
        stage.site = None


@pytest.fixture
def carla(chromium: Browser, real_live: Site, stage: Stage) -> Iterator[Visitor]:
    """Somebody before a real installation."""
    with visiting(chromium, real_live, stage) as visitor:
        yield visitor


def _button(page: Page, label: str) -> Locator:
    return page.get_by_role("button", name=gettext(label), exact=True)


def _link(page: Page, label: str) -> Locator:
    return page.get_by_role("link", name=gettext(label), exact=True)


def _h1(page: Page, label: str) -> None:
    expect(page.locator("h1")).to_have_text(gettext(label))


def _letter_link(site: Site) -> str:
    """The link in the newest letter."""
    found = re.findall(r"http://[^/\s]+(/\S+)", site.rows("letter", "body")[-1])
    assert found
    return str(found[0])


def _enter(visitor: Visitor, name: str) -> Page:
    """Through the door of the demo."""
    page = visitor.go("/sign-in")
    page.get_by_role("button", name=re.compile(name)).click()
    return page


def _set_up_app(page: Page, visitor: Visitor) -> tuple[str, list[str]]:
    """Set up an app on the pages; its secret and the recovery codes."""
    page.locator("a.account").click()
    _link(page, "App, passkeys and recovery codes").click()
    _button(page, "Set up an app").click()
    picture = page.locator("img.qr")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth > 100)")
    secret = page.locator(".secret").inner_text().replace(" ", "")
    page.locator("#code").fill(_code(visitor.site, secret))
    _button(page, "Use this app from now on").click()
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == second_factors.CODES
    _link(page, "I have kept them").click()
    return secret, codes


def _code(site: Site, secret: str) -> str:
    return second_factors.code_of(secret, now=site.clock())


def test_somebody_comes_in_by_a_link_that_a_scanner_looked_at_first(carla: Visitor) -> None:
    page = carla.go("/sign-in")
    _link(page, "No password, or forgotten it?").click()
    page.locator("#email").fill("carla@example.org")
    _button(page, "Send me a link").click()
    _h1(page, "Look in your mail")
    link = _letter_link(carla.site)
    carla.site.client().get(link)

    carla.go(link)
    _button(page, "Sign in").click()
    page.locator("#password").fill(PASSWORD)
    _button(page, "Set the password").click()
    expect(page.locator("a.account")).to_contain_text("Carla Chair")

    _button(page, "Sign out").click()
    page.locator("#email").fill("carla@example.org")
    page.locator("#password").fill(PASSWORD)
    _button(page, "Sign in").click()
    expect(page.locator("a.account")).to_contain_text("Carla Chair")
    carla.expected = ["status of 409"]
    carla.go(link)
    _button(page, "Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text(gettext("This link does not open anything"))


def test_somebody_sets_up_a_second_step_and_signs_in_with_it(desk: Visitor) -> None:
    page = _enter(desk, MO)
    secret, _codes = _set_up_app(page, desk)
    _button(page, "Sign out").click()
    desk.site.clock.move(minutes=1)

    _enter(desk, MO)
    _h1(page, "Second step")
    desk.expected = ["status of 403"]
    page.locator("#code").fill("000000")
    _button(page, "Go on").click()
    expect(page.locator("#code-errors")).to_be_visible()
    page.locator("#code").fill(_code(desk.site, secret))
    _button(page, "Go on").click()

    _h1(page, "For you")
    page.locator("a.account").click()
    expect(page.locator("table.data")).to_contain_text(gettext("Second step added"))


def test_somebody_without_a_phone_comes_in_with_a_recovery_code(phone: Visitor) -> None:
    page = _enter(phone, MO)
    _secret, codes = _set_up_app(page, phone)
    _button(page, "Sign out").click()

    _enter(phone, MO)
    page.locator("#code").fill(codes[0])
    _button(page, "Go on").click()

    expect(page.get_by_role("status")).to_contain_text("9")
    _h1(page, "For you")


def _virtual_authenticator(visitor: Visitor) -> CDPSession:
    """A phone with a finger that is always shown."""
    cdp = visitor.context.new_cdp_session(visitor.page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return cdp


def test_somebody_makes_a_passkey_and_signs_in_with_it_alone(desk: Visitor) -> None:
    desk.address = desk.address.replace("127.0.0.1", "localhost")  # a passkey belongs to a name
    cdp = _virtual_authenticator(desk)
    page = _enter(desk, MO)
    page.locator("a.account").click()
    _link(page, "App, passkeys and recovery codes").click()
    page.locator("#name").fill("mijn laptop")
    _button(page, "Make a passkey").click()
    expect(page.locator(".codes li")).to_have_count(second_factors.CODES)
    _link(page, "I have kept them").click()
    expect(page.locator(".plain-list")).to_contain_text("mijn laptop")
    _button(page, "Sign out").click()

    _button(page, "Sign in with a passkey").click()

    _h1(page, "For you")
    expect(page.locator("a.account")).to_contain_text(MO)

    _button(page, "Sign out").click()
    _enter(desk, MO)
    _h1(page, "Second step")
    _button(page, "Sign in with a passkey").click()
    _h1(page, "For you")

    _button(page, "Sign out").click()
    cdp.send("WebAuthn.disable")
    cdp = _virtual_authenticator(desk)  # another phone, which holds no passkey of this site
    _button(page, "Sign in with a passkey").click()
    expect(page.locator("form.passkey [role=alert]")).to_have_text(
        gettext("The passkey was not used. Try again, or sign in another way.")
    )


def test_the_board_helps_somebody_who_lost_a_phone(chromium: Browser, live: Site, stage: Stage) -> None:
    with visiting(chromium, live, stage) as mo, visiting(chromium, live, stage) as silvia:
        page = _enter(mo, MO)
        _set_up_app(page, mo)
        _button(page, "Sign out").click()

        board = _enter(silvia, "Silvia Schrijfgraag")
        silvia.go(f"{HOME}/organisation/")
        _link(board, "Lost phone").click()
        board.locator("#account_id").select_option(label=MO)
        board.locator("#reason").fill("Ik heb Mo in de hal gesproken.")
        _button(board, "Start the recovery").click()
        expect(board.locator(".support-list > li").first).to_contain_text(MO)
        assert "Ik heb Mo in de hal gesproken." in live.rows("letter", "body")[-1]
        live.clock.move(hours=24)
        board.reload()
        _button(board, "Send the letter").click()

        mo.go(_letter_link(live))
        _button(page, "Come in").click()
        _h1(page, "Choose a password")
        page.locator("a.account").click()
        expect(page.locator("table.data")).to_contain_text(gettext("Account recovered: the old second step is gone"))
        expect(page.locator("table.data")).to_contain_text("Silvia Schrijfgraag")


def test_somebody_with_two_roles_is_stopped_in_one_place_and_switches_to_the_other(desk: Visitor) -> None:
    with desk.site.inside(ZONNEDAK, may_write=True) as session:
        chair = Actor(account_id=1, name="Zoë", roles=(HeldRole(role=Role.CHAIR, starts_on=LONG_AGO),))
        cooperative_id = desk.site.cooperative_id(ZONNEDAK)
        factor_rules.set_rule(
            session, chair, cooperative_id=cooperative_id, role=Role.SECRETARY, since=desk.site.clock().date(),
            has_second=True, now=desk.site.clock(),
        )  # fmt: skip
    page = _enter(desk, "Noud Netaansluiting")
    desk.go(f"{HOME}/")
    place = page.locator("details.drop > summary")
    expect(place).to_contain_text("KetelhuisWG")

    place.click()
    page.locator(".drop-list").get_by_role("link", name=re.compile("Zonnedak")).click()
    _h1(page, "Your second step")
    expect(page.locator(".note-warning")).to_contain_text("Zonnedak")

    place.click()
    page.locator(".drop-list").get_by_role("link", name=re.compile("KetelhuisWG")).click()
    _h1(page, "For you")
    _set_up_app(page, desk)
    desk.site.clock.move(minutes=1)
    place.click()
    page.locator(".drop-list").get_by_role("link", name=re.compile("Zonnedak")).click()
    _h1(page, "State of affairs")


def test_a_board_asks_for_a_second_step_of_a_role(desk: Visitor) -> None:
    page = _enter(desk, "Vera Vastrecht")
    desk.go(f"{HOME}/organisation/")
    _link(page, "Signing in: second step").click()
    page.locator("#role").select_option("audit_committee")
    page.locator("#since").fill("2026-03-02")
    _button(page, "Ask for it").click()

    expect(page.locator("table.data")).to_contain_text("Kees Kasboek")


def test_somebody_looks_up_who_can_see_what(phone: Visitor) -> None:
    page = _enter(phone, MO)
    page.locator("a.account").click()
    page.get_by_role("link", name=re.compile(gettext("Who can see what of you"))).click()

    _h1(page, "Who can see what of you")
    expect(page.locator("main")).to_contain_text("Vera Vastrecht")
