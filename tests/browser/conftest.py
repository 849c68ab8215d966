"""A browser and a site for it."""

from tests.support.browser import chromium, desk, live, phone, playwright_driver, stage
from tests.support.web import demo_file, real_file

__all__ = ["chromium", "demo_file", "desk", "live", "phone", "playwright_driver", "real_file", "stage"]
