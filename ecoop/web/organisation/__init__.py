"""How the cooperative runs itself: the page that leads to roles, papers, letters and the audit trail."""

from ecoop.web.organisation.routes import bp

__all__ = ["bp"]
