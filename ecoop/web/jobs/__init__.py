"""Work in the background: how far it is."""

from ecoop.web.jobs.routes import bp

__all__ = ["bp"]
