"""Who may vote on a day and why, frozen rolls of voters, and what a look at the register finds."""

from ecoop.web.voters.routes import bp

__all__ = ["bp"]
