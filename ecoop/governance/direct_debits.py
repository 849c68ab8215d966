"""Direct debits as batches that go through fixed steps. Nothing is collected here: the file is for the bank."""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum


class DirectDebitState(StrEnum):
    """How far a batch is (Dutch term in the comment)."""

    DRAFTED = "drafted"  # klaargezet
    ANNOUNCED = "announced"  # aangekondigd
    FILE_MADE = "file_made"  # bestand gemaakt
    BOOKED = "booked"  # verwerkt
    CANCELLED = "cancelled"  # vervallen


class Sequence(StrEnum):
    """Which use of a mandate a line is."""

    FIRST = "FRST"
    RECURRING = "RCUR"
    ONE_OFF = "OOFF"
    FINAL = "FNAL"


class LineResult(StrEnum):
    """What became of a line."""

    OPEN = "open"
    BOOKED = "booked"
    RETURNED = "returned"


class DirectDebitReason(StrEnum):
    """Why a step cannot be taken."""

    NO_CREDITOR = "direct_debit_no_creditor"
    NOTHING_TO_COLLECT = "direct_debit_nothing_to_collect"
    DAY_TOO_SOON = "direct_debit_day_too_soon"
    ANNOUNCED_TOO_LATE = "direct_debit_announced_too_late"
    WRONG_STEP = "direct_debit_wrong_step"
    MANDATE_GONE = "direct_debit_mandate_gone"
    NOT_COLLECTED_YET = "direct_debit_not_collected_yet"
    REASON_CODE_UNUSABLE = "direct_debit_reason_code_unusable"
    CREDITOR_UNUSABLE = "direct_debit_creditor_unusable"
    DAYS_UNUSABLE = "direct_debit_days_unusable"
    MONTHS_UNUSABLE = "direct_debit_months_unusable"


ANNOUNCE_DAYS = 14
"""How long before collecting the payer is told, unless the cooperative set another number [not verified]."""

_NEXT: dict[DirectDebitState, frozenset[DirectDebitState]] = {
    DirectDebitState.DRAFTED: frozenset({DirectDebitState.ANNOUNCED, DirectDebitState.CANCELLED}),
    DirectDebitState.ANNOUNCED: frozenset({DirectDebitState.FILE_MADE, DirectDebitState.CANCELLED}),
    DirectDebitState.FILE_MADE: frozenset({DirectDebitState.BOOKED, DirectDebitState.CANCELLED}),
    DirectDebitState.BOOKED: frozenset(),
    DirectDebitState.CANCELLED: frozenset(),
}


def may_become(state: DirectDebitState, wanted: DirectDebitState) -> bool:
    """Whether the step is one of those that follow."""
    return wanted in _NEXT[state]


def announce_by(collection_on: date, days: int) -> date:
    """The last day on which the payers can be told."""
    return collection_on - timedelta(days=days)


def is_announced_long_enough(announced_on: date, collection_on: date, days: int) -> bool:
    """Whether the payers were told at least so many days before."""
    return announced_on <= announce_by(collection_on, days)


def sequence_of(uses: int) -> Sequence:
    """What the next use of a mandate that goes on is: the first, or one of those that recur."""
    return Sequence.RECURRING if uses else Sequence.FIRST


def batches_in_order(sequences: Iterable[Sequence]) -> tuple[Sequence, ...]:
    """The kinds of use that occur, in the order of a file."""
    present = set(sequences)
    return tuple(one for one in Sequence if one in present)
