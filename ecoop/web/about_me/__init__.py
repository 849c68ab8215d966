"""Who can see what of me, and who looked."""

from ecoop.web.about_me.routes import bp

__all__ = ["bp"]
