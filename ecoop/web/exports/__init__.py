"""What leaves: everything of the cooperative, everything about one person, the hand-over; and who looked."""

from ecoop.web.exports.routes import bp

__all__ = ["bp"]
