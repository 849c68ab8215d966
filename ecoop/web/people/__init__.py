"""Who may do what, who looked in."""

from ecoop.web.people.routes import bp

__all__ = ["bp"]
