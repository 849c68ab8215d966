"""The business case on screen."""

from ecoop.web.cases.routes import bp

__all__ = ["bp"]
