"""Becoming a member: the form for everybody, and what an applicant does through the link in a letter."""

from ecoop.web.joining.routes import bp

__all__ = ["bp"]
