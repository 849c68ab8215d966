"""Merging two lines of the register that turned out to be the same: choosing, comparing, and doing it."""

from ecoop.web.merging.routes import bp

__all__ = ["bp"]
