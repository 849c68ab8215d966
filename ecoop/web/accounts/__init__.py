"""Signing in and out, the own account."""

from ecoop.web.accounts.routes import bp

__all__ = ["bp"]
