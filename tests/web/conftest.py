"""Sites for the tests of the pages."""

from tests.support.web import demo, demo_file, real, real_file, staffed, staffed_file

__all__ = ["demo", "demo_file", "real", "real_file", "staffed", "staffed_file"]
