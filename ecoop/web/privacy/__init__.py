"""Privacy: what is kept and until when, letting it go, holding it back, consents, exports, the hand-over."""

from ecoop.web.privacy.routes import bp

__all__ = ["bp"]
