"""Buildings and dwellings: who has them, who is a member, connection and contract, moving."""

from ecoop.web.dwellings.routes import bp

__all__ = ["bp"]
