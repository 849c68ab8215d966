"""Offices with their terms, decisions with their numbers, and who acts for whom."""

from ecoop.web.offices.routes import bp

__all__ = ["bp"]
