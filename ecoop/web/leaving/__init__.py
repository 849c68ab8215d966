"""Leaving: exits step by step with everything in the way at once, handing over with a dwelling, promises."""

from ecoop.web.leaving.routes import bp

__all__ = ["bp"]
