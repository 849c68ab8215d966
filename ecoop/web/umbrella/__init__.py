"""The umbrella and its member cooperatives."""

from ecoop.web.umbrella.routes import bp

__all__ = ["bp"]
