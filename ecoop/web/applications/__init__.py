"""The inbox of applications: what waits, deciding on one or several, asking, and what newcomers read and accept."""

from ecoop.web.applications.routes import bp

__all__ = ["bp"]
