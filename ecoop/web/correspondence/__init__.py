"""Letters: writing to a group, following what became of them, printing, and which ones somebody wants to get."""

from ecoop.web.correspondence.routes import bp

__all__ = ["bp"]
