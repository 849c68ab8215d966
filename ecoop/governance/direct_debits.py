"""Direct debits as batches that go through fixed steps. Nothing is collected here: the file is for the bank."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
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
    LEFT_OUT = "left_out"  # paid meanwhile, or the mandate ended: not in the file


class DirectDebitReason(StrEnum):
    """Why a step cannot be taken."""

    NO_CREDITOR = "direct_debit_no_creditor"
    NOTHING_TO_COLLECT = "direct_debit_nothing_to_collect"
    DAY_TOO_SOON = "direct_debit_day_too_soon"
    ANNOUNCED_TOO_LATE = "direct_debit_announced_too_late"
    WRONG_STEP = "direct_debit_wrong_step"
    NOT_COLLECTED_YET = "direct_debit_not_collected_yet"
    REASON_CODE_UNUSABLE = "direct_debit_reason_code_unusable"
    CREDITOR_UNUSABLE = "direct_debit_creditor_unusable"
    DAYS_UNUSABLE = "direct_debit_days_unusable"
    MONTHS_UNUSABLE = "direct_debit_months_unusable"


@dataclass(frozen=True, slots=True, kw_only=True)
class DebitLine:
    """One amount as it stands in a file for the bank; it names a whole account number."""

    end_to_end_id: str
    cents: int
    debtor: str
    iban: str
    mandate_reference: str
    mandate_signed_on: date
    sequence: Sequence
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DebitFile:
    """Everything that a file for the bank says."""

    message_id: str
    made_at: datetime
    creditor: str
    creditor_identifier: str
    creditor_iban: str
    scheme: str
    collection_on: date
    lines: tuple[DebitLine, ...]


_REASON_CODE = re.compile(r"[A-Z]{2}[0-9]{2}")


def is_reason_code(text: str) -> bool:
    """Whether a bank can give this as the reason of a return: two letters and two digits (ISO 20022)."""
    return _REASON_CODE.fullmatch(text) is not None


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
