"""Taking an existing member sheet over: put in, choose columns, look, take over, undo."""

from ecoop.web.imports.routes import bp

__all__ = ["bp"]
