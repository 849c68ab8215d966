"""The statutes: the rules in force in plain words, every version, and recording a new one."""

from ecoop.web.statutes.routes import bp

__all__ = ["bp"]
