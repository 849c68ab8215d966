"""First pages: who comes in lands here."""

from ecoop.web.home.routes import bp

__all__ = ["bp"]
