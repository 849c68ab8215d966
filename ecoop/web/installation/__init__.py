"""Running the installation."""

from ecoop.web.installation.routes import bp

__all__ = ["bp"]
