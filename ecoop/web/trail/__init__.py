"""The audit trail: what was done, whether it still stands as it was written, and who looked."""

from ecoop.web.trail.routes import bp

__all__ = ["bp"]
