"""The member register: lists at any date, the story of a member, recording people and what happens."""

from ecoop.web.members.routes import bp

__all__ = ["bp"]
