"""Taking over an existing sheet: how an import stands, what becomes of a row, and how it is taken back.

An import adds what the sheet tells and overwrites nothing, so taking it back adds as well: each of its events is taken
out by a correction, and what it told of parties is known no longer. What was known in between can still be read.
"""

from enum import StrEnum


class ImportStatus(StrEnum):
    """How an import stands."""

    UPLOADED = "uploaded"  # the file is kept, nothing of it is in the register
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"
    DISCARDED = "discarded"  # put aside without taking anything over


class RowOutcome(StrEnum):
    """What becomes of one row of a sheet."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    DOUBTFUL = "doubtful"  # perhaps somebody who is in the register already
    PROBLEM = "problem"
    EMPTY = "empty"
