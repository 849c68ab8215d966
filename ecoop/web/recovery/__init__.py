"""Another e-mail address, and the way back in for who lost a phone."""

from ecoop.web.recovery.routes import bp

__all__ = ["bp"]
