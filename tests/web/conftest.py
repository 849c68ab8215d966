"""Sites for the tests of the pages."""

from tests.support.web import cheap_passwords, demo, demo_file, real, real_file, staffed, staffed_file

__all__ = ["cheap_passwords", "demo", "demo_file", "real", "real_file", "staffed", "staffed_file"]
