"""The second step of signing in: taking it, and setting it up."""

from ecoop.web.second_step.routes import bp

__all__ = ["bp"]
