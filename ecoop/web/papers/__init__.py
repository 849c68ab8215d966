"""Papers: reading them, adding them, choosing who reads them."""

from ecoop.web.papers.routes import bp

__all__ = ["bp"]
