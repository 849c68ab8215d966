"""Every page, on a phone and on a desk, in both languages, light and dark: usable by everybody."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from ecoop.web.help_pages import NAMES
from tests.support.browser import DESK, PHONE, Stage, Visitor, visiting
from tests.support.web import KETELHUIS, ZONNEDAK, Site, opened_site
from tests.web.addresses import building_id, dwelling_id

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

HOME = f"/cooperatives/{KETELHUIS}"
PETRA, MO, GIJS, ADA, KOEN, ZOE = (
    "Petra Prijspeil",
    "Mo Meterkast",
    "Gijs Gevelgroen",
    "Ada Algoritme",
    "Koen Koepeldak",
    "Zoë Zonnestraal",
)
NOBODY = ""


@dataclass(frozen=True)
class Shown:
    """A page and who looks at it."""

    path: str
    name: str = NOBODY
    status: int = 200

    def __str__(self) -> str:
        return f"{self.path} {self.name}".strip()


PAGES = [
    Shown("/"),
    Shown("/sign-in"),
    Shown("/sign-in/forgotten"),
    Shown("/sign-in/link/unknown"),
    Shown("/installation/example-letters"),
    Shown("/help/"),
    *(Shown(f"/help/{name}") for name in NAMES),
    Shown("/no-such-page", status=404),
    Shown("/account", PETRA),
    Shown("/account/password", PETRA),
    Shown("/account/address", PETRA),
    Shown("/account/address/confirm/unknown"),
    Shown("/account/address/undo/unknown"),
    Shown("/account/prove", PETRA),
    Shown("/account/second-step", PETRA),
    Shown(f"/account/second-step?place={KETELHUIS}&roles=treasurer", PETRA),
    Shown("/sign-in/recovery/unknown"),
    Shown("/sign-in/recovery/stop/unknown"),
    Shown(f"{HOME}/about-me/", MO),
    Shown(f"{HOME}/recoveries/", PETRA),
    Shown(f"{HOME}/second-step/", PETRA),
    Shown(f"{HOME}/", PETRA),
    Shown(f"{HOME}/", "Tessa Telraam"),
    Shown(f"{HOME}/for-you", MO),
    Shown(f"{HOME}/case/", PETRA),
    Shown(f"{HOME}/case/replace", PETRA),
    Shown(f"{HOME}/case/replace", MO, 403),
    Shown(f"/cooperatives/{ZONNEDAK}/case/", ZOE),
    Shown(f"{HOME}/buildings", PETRA),
    Shown(f"{HOME}/my-buildings", GIJS),
    Shown(f"{HOME}/buildings/BUILDING/", "Silvia Schrijfgraag"),
    Shown(f"{HOME}/buildings/BUILDING/", "Hanna Huurhuis"),
    Shown(f"{HOME}/buildings/BUILDING/add", "Silvia Schrijfgraag"),
    Shown(f"{HOME}/dwellings/DWELLING/", "Silvia Schrijfgraag"),
    Shown(f"{HOME}/dwellings/DWELLING/", "Hanna Huurhuis"),
    Shown(f"{HOME}/dwellings/DWELLING/move", "Silvia Schrijfgraag"),
    Shown(f"{HOME}/organisation/", PETRA),
    Shown(f"{HOME}/trail/", PETRA),
    Shown(f"{HOME}/trail/check?head=abc", PETRA),
    Shown(f"{HOME}/trail/looked", PETRA),
    Shown(f"{HOME}/people/", PETRA),
    Shown(f"{HOME}/people/grant", PETRA),
    Shown("/account/letters", PETRA),
    Shown(f"{HOME}/letters/", PETRA),
    Shown(f"{HOME}/letters/?state=bounced", PETRA),
    Shown(f"{HOME}/letters/write", PETRA),
    Shown(f"{HOME}/letters/1", PETRA),
    Shown(f"{HOME}/background/", PETRA),
    Shown("/installation/background", ADA),
    Shown(f"{HOME}/members/", PETRA),
    Shown(f"{HOME}/members/add", "Silvia Schrijfgraag"),
    Shown(f"{HOME}/privacy/", "Silvia Schrijfgraag"),
    Shown(f"{HOME}/privacy/due", "Silvia Schrijfgraag"),
    Shown(f"{HOME}/privacy/texts", "Silvia Schrijfgraag"),
    Shown(f"{HOME}/privacy/rules/contact", "Silvia Schrijfgraag"),
    Shown(f"{HOME}/exports/", "Silvia Schrijfgraag"),
    Shown(f"{HOME}/exports/handover", "Silvia Schrijfgraag"),
    Shown(f"{HOME}/imports/", "Silvia Schrijfgraag"),
    Shown(f"{HOME}/leaving/", "Silvia Schrijfgraag"),
    Shown(f"{HOME}/promises/", PETRA),
    Shown(f"{HOME}/my-data/", MO),
    Shown(f"{HOME}/my-data/change", MO),
    Shown(f"{HOME}/my-data/name", MO),
    Shown(f"{HOME}/my-data/notice", MO),
    Shown(f"{HOME}/my-data/requests", "Silvia Schrijfgraag"),
    Shown(f"{HOME}/voters/", "Silvia Schrijfgraag"),
    Shown(f"{HOME}/voters/freeze", "Silvia Schrijfgraag"),
    Shown(f"{HOME}/voters/check", PETRA),
    Shown(f"{HOME}/offices/", "Silvia Schrijfgraag"),
    Shown(f"{HOME}/offices/decide", "Silvia Schrijfgraag"),
    Shown(f"{HOME}/offices/appoint", "Silvia Schrijfgraag"),
    Shown(f"{HOME}/statutes/", PETRA),
    Shown(f"{HOME}/statutes/record", "Silvia Schrijfgraag"),
    Shown(f"{HOME}/money/", PETRA),
    Shown(f"{HOME}/money/charge?class_code=tenant&year=2027&amount=10&booked_on=2026-03-02", PETRA),
    Shown(f"{HOME}/money/balance", PETRA),
    Shown(f"{HOME}/money/years", PETRA),
    Shown(f"{HOME}/money/collecting", PETRA),
    Shown(f"{HOME}/money/debits/", PETRA),
    Shown(f"{HOME}/money/bank-file/", PETRA),
    Shown(f"{HOME}/applications/", "Silvia Schrijfgraag"),
    Shown(f"{HOME}/applications/", PETRA),
    Shown(f"{HOME}/applications/settings/", "Silvia Schrijfgraag"),
    Shown(f"{HOME}/join/"),
    Shown(f"{HOME}/join/sent"),
    Shown(f"{HOME}/join/unknown", status=409),
    Shown(f"/cooperatives/{ZONNEDAK}/join/"),
    Shown(f"{HOME}/papers/", "Silvia Schrijfgraag"),
    Shown(f"{HOME}/papers/", MO),
    Shown(f"{HOME}/papers/add", "Silvia Schrijfgraag"),
    Shown(f"{HOME}/figures/", PETRA),
    Shown(f"{HOME}/figures/add", PETRA),
    Shown(f"{HOME}/public-page/", PETRA),
    Shown(f"{HOME}/public-page/edit", PETRA),
    Shown(f"{HOME}/public-page/preview", PETRA),
    Shown(f"/about/{KETELHUIS}"),
    Shown("/umbrellas/apec/", KOEN),
    Shown("/installation/", ADA),
    Shown(f"/installation/support/{ZONNEDAK}", ADA),
    Shown("/installation/outbox", ADA),
]


@pytest.fixture(scope="module")
def shared(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One demo for all that is only looked at here."""
    with opened_site(demo_file, tmp_path_factory.mktemp("shown")) as site:
        yield site


@pytest.fixture(scope="module")
def windows(chromium: Browser, shared: Site, stage: Stage) -> Iterator["Windows"]:
    """The browser windows in which the pages are looked at."""
    with contextlib.ExitStack() as opened:
        yield Windows(chromium=chromium, site=shared, stage=stage, opened=opened)


@dataclass
class Windows:
    """One window for each person and language: who looks at ten pages signs in once."""

    chromium: Browser
    site: Site
    stage: Stage
    opened: contextlib.ExitStack
    visitors: dict[tuple[str, str], Visitor] = field(default_factory=dict)

    def of(self, name: str, language: str) -> Visitor:
        """The window of somebody, without the complaints of pages seen before."""
        if (name, language) not in self.visitors:
            visitor = self.opened.enter_context(visiting(self.chromium, self.site, self.stage))
            visitor.enter_as(name, language=language)
            self.visitors[name, language] = visitor
        self.visitors[name, language].troubles.clear()
        return self.visitors[name, language]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("shown", PAGES, ids=str)
def test_every_page_can_be_used_by_everybody(windows: Windows, stage: Stage, shown: Shown, language: str) -> None:
    """In one language a page is seen light on a phone and dark on a desk, in the other the other way round."""
    phone, desk = ("light", "dark") if language == "nl" else ("dark", "light")
    stage.site = windows.site
    visitor = windows.of(shown.name, language)
    visitor.expected = [f"status of {shown.status}"] if shown.status != 200 else []
    page, found = visitor.page, []
    for size, scheme in ((PHONE, phone), (DESK, desk)):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        visitor.go(_path(windows.site, shown))
        for chart in page.locator("[data-chart]").all():
            chart.and_(page.locator("[data-ready]")).wait_for(state="attached")
        found += [f"{size['width']} px, {scheme}: {fault}" for fault in _faults(page)]

    assert found + visitor.unexpected() == [], "\n".join(found + visitor.unexpected())


def _path(site: Site, shown: Shown) -> str:
    """The path with the numbers of things that this demo made."""
    path = shown.path
    if "BUILDING" in path:
        path = path.replace("BUILDING", str(building_id(site, KETELHUIS)))
    return path.replace("DWELLING", str(dwelling_id(site, KETELHUIS))) if "DWELLING" in path else path


def _faults(page: Page) -> Iterator[str]:
    """What is wrong with the page as it stands there now."""
    excess = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if excess > 0:
        yield f"{excess} px wider than the window"
    for violation in Axe().run(page).response["violations"]:
        for node in violation["nodes"][:3]:
            why = " ".join(node.get("failureSummary", "").split())
            yield f"{violation['id']} ({len(violation['nodes'])}): {node['html'][:150]} {why}"
