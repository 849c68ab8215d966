"""A real Chromium before the real server, and an eye on everything it complains about."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import waitress
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request, sync_playwright

from tests.support.web import PageFault, Site, opened_site

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


@dataclass
class Stage:
    """A server on a free port of this machine; each test puts its own site on it."""

    address: str = ""
    site: Site | None = None

    def __call__(self, environ: Any, start_response: Any) -> Any:
        assert self.site is not None, "No site is on the stage."
        return self.site.app(environ, start_response)


@dataclass
class Visitor:
    """Somebody before a screen."""

    site: Site
    address: str
    context: BrowserContext
    page: Page
    troubles: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    """Parts of complaints that belong to the test, for instance of a form that is refused."""

    def go(self, path: str) -> Page:
        """Open a page of the site."""
        self.page.goto(self.address + path)
        return self.page

    def enter_as(self, name: str, *, language: str | None = None) -> None:
        """Take over a session in which somebody is signed in: the door itself has a journey of its own."""
        client = self.site.signed_in(name) if name else self.site.client()
        if language:
            client.speak(language)
        cookie = client.cookie()
        self.context.clear_cookies()
        if cookie is not None:
            self.context.add_cookies([{"name": "ecoop", "value": cookie.value, "url": self.address}])

    def unexpected(self) -> list[str]:
        """What the browser complained about and nobody foresaw."""
        return [trouble for trouble in self.troubles if not any(part in trouble for part in self.expected)]


def _listen(page: Page, troubles: list[str]) -> None:
    def failed(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # so ends a download, and what a page still loads when one leaves it
            troubles.append(f"{request.url} failed: {request.failure}")

    page.on("console", lambda said: troubles.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("requestfailed", failed)


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    """The driver, once for all tests of this process."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium(playwright_driver: Playwright) -> Iterator[Browser]:
    """The Chromium of this machine; skips where there is none."""
    program = os.environ.get("ECOOP_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip("No Chromium found. Install it (apt install chromium) or point ECOOP_CHROMIUM at it.")
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    browser = playwright_driver.chromium.launch(executable_path=program, args=["--no-sandbox"] if as_root else [])
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    """The production server in a thread of its own."""
    found = Stage()
    server = waitress.create_server(found, host="127.0.0.1", port=0, threads=4, clear_untrusted_proxy_headers=True)
    found.address = f"http://127.0.0.1:{server.effective_port}"
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield found
    server.close()
    thread.join(timeout=2)


@pytest.fixture
def live(stage: Stage, demo_file: Path, tmp_path: Path) -> Iterator[Site]:
    """A fresh demo behind the server."""
    with opened_site(demo_file, tmp_path) as site:
        stage.site = site
        yield site
        stage.site = None


@contextmanager
def visiting(browser: Browser, site: Site, stage: Stage, **given: Any) -> Iterator[Visitor]:
    """A browser window of its own; what it complains about fails the test."""
    options = {"locale": "nl-NL", "timezone_id": "Europe/Amsterdam", "viewport": DESK, "reduced_motion": "reduce"}
    context = browser.new_context(**(options | given))
    context.set_default_timeout(5_000)
    page = context.new_page()
    visitor = Visitor(site=site, address=stage.address, context=context, page=page)
    _listen(page, visitor.troubles)
    try:
        yield visitor
    finally:
        context.close()
    if visitor.unexpected():
        raise PageFault("The browser complained: " + "; ".join(visitor.unexpected()))


@pytest.fixture
def desk(chromium: Browser, live: Site, stage: Stage) -> Iterator[Visitor]:
    """Somebody at a desk."""
    with visiting(chromium, live, stage) as visitor:
        yield visitor


@pytest.fixture
def phone(chromium: Browser, live: Site, stage: Stage) -> Iterator[Visitor]:
    """Somebody with a phone."""
    with visiting(chromium, live, stage, viewport=PHONE, has_touch=True, is_mobile=True) as visitor:
        yield visitor
