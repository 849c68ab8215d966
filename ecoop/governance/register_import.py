"""Taking over an existing sheet: how an import stands, what becomes of a row, and how it is taken back.

An import adds what the sheet tells and overwrites nothing, so taking it back adds as well: each of its events is taken
out by a correction, and what it told of parties is known no longer. What was known in between can still be read.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from enum import StrEnum
from itertools import count

from ecoop.governance.membership import EventKind, MembershipEvent, known_events, still_standing, story_holds


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


class RowReason(StrEnum):
    """What is wrong with a row as a whole, or must be doubted."""

    NAME_MISSING = "row_name_missing"
    NAME_NOT_KEPT = "row_name_not_kept"
    ENTRY_MISSING = "row_entry_missing"
    CLASS_MISSING = "row_class_missing"
    CLASS_SINCE_MISSING = "row_class_since_missing"
    CLASS_BEFORE_MISSING = "row_class_before_missing"
    ENDS_DIFFER = "row_ends_differ"
    END_BEFORE_ENTRY = "row_end_before_entry"
    END_REASON_ASSUMED = "row_end_reason_assumed"
    APPLIED_AFTER_ENTRY = "row_applied_after_entry"
    ENTRY_AFTER_PAYMENT = "row_entry_after_payment"
    ENTRY_BEFORE_BIRTH = "row_entry_before_birth"
    DAY_UNLIKELY = "row_day_unlikely"
    DAY_AHEAD = "row_day_ahead"
    NUMBER_TWICE = "row_number_twice"
    NUMBER_TAKEN = "row_number_taken"
    NUMBER_DIFFERS = "row_number_differs"
    KIND_DIFFERS = "row_kind_differs"
    LOOKS_KNOWN = "row_looks_known"
    LOOKS_LIKE_ROW = "row_looks_like_row"


WARNINGS = frozenset({
    RowReason.NAME_NOT_KEPT, RowReason.END_REASON_ASSUMED, RowReason.ENTRY_AFTER_PAYMENT, RowReason.DAY_AHEAD,
})  # fmt: skip
"""What is told and stops nothing."""
DOUBTS = frozenset({RowReason.LOOKS_KNOWN, RowReason.LOOKS_LIKE_ROW, RowReason.NUMBER_DIFFERS})
"""What may be another person after all: who imports decides."""


class ImportReason(StrEnum):
    """Why an import cannot go on."""

    NOT_WAITING = "import_not_waiting"
    NOT_DONE = "import_not_done"
    PROBLEMS_LEFT = "import_problems_left"
    NOTHING_TO_DO = "import_nothing_to_do"
    PREVIEW_OLD = "import_preview_old"
    BUILT_UPON = "import_built_upon"
    FILE_GONE = "import_file_gone"
    NAME_UNUSABLE = "mapping_name_unusable"


def to_take_out(events: Iterable[MembershipEvent], made: frozenset[int]) -> tuple[MembershipEvent, ...]:
    """The events of an import (`made`) that still stand, its corrections included: undoing corrects each of them."""
    return tuple(event for event in still_standing(events) if event.id in made)


def taken_back(
    events: Iterable[MembershipEvent], made: frozenset[int], *, at: datetime, key: Callable[[], int]
) -> tuple[MembershipEvent, ...]:
    """The corrections that undo an import; the newest of its events first, so that each finds what it corrects."""
    return tuple(
        MembershipEvent(
            id=key(), kind=EventKind.CORRECTED, valid_from=event.valid_from, recorded_at=at, corrects=event.id
        )
        for event in reversed(to_take_out(events, made))
    )


def built_upon(
    events: Iterable[MembershipEvent], made: frozenset[int], recorded_at: datetime
) -> tuple[MembershipEvent, ...]:
    """What was written down after an import and would stand on nothing without it; nothing where it can be undone.

    That is every later event that counts where the import began the story, and otherwise every later event where what
    is left without the import could not have happened.
    """
    given = list(events)
    later = tuple(event for event in known_events(given) if event.recorded_at > recorded_at and event.id not in made)
    if not later:
        return ()
    number = count(1)
    left = [*given, *taken_back(given, made, at=datetime.max.replace(tzinfo=UTC), key=lambda: next(number))]
    begun_before = any(event.recorded_at <= recorded_at for event in known_events(left))
    return () if begun_before and story_holds(left) else later
