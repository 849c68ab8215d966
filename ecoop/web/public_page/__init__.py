"""The public page of a cooperative, and the desk at which its board writes it."""

from ecoop.web.public_page.routes import bp

__all__ = ["bp"]
