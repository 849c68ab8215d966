"""Promises of members: a pledge in a tranche, a plan to pay arrears, a loan."""

from ecoop.web.promises.routes import bp

__all__ = ["bp"]
