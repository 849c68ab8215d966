"""`ecoop case`: compute a business case from its file. Needs no database."""

from ecoop.cli.case import evaluate  # noqa: F401 - the commands add themselves to the group
from ecoop.cli.case.reading import case

__all__ = ["case"]
