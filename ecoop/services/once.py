"""Adding what the database refuses twice: the last referee between processes."""

from sqlalchemy.exc import IntegrityError

from ecoop.db import Base, ScopedSession

_TWICE = {"23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}


def add_once(session: ScopedSession, row: Base) -> bool:
    """Add the row, and say whether it was new: False where its unique key stood there already. Nothing else changes."""
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
        if code not in _TWICE:
            raise
        return False
    return True
