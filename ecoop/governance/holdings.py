"""The money of membership as entries that are only added: what each member has with the cooperative on any day.

Every amount is signed as the member sees it: above zero the cooperative holds money of the member, below zero the
member owes it. So a contribution that is charged counts down and its payment up, and capital that was paid in stands
above zero until it is paid out or passes to somebody else. A mistake is not wiped out but answered by a counter entry.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class LedgerAccount(StrEnum):
    """For what money is kept (Dutch term in the comment)."""

    CONTRIBUTION = "contribution"  # contributie
    CAPITAL = "capital"  # inleg, ledenkapitaal
    LOAN = "loan"  # ledenlening, per tranche


class EntryKind(StrEnum):
    """What an entry says."""

    CHARGED = "charged"  # in rekening gebracht
    PROMISED = "promised"  # toegezegd
    PROMISE_LAPSED = "promise_lapsed"  # toezegging vervallen
    RECEIVED = "received"  # ontvangen
    RETURNED = "returned"  # gestorneerd
    REFUNDED = "refunded"  # te veel betaald, terugbetaald
    WRITTEN_OFF = "written_off"  # kwijtgescholden of afgeboekt
    TRANSFERRED_OUT = "transferred_out"  # overgedragen aan een ander lid
    TRANSFERRED_IN = "transferred_in"  # overgenomen van een ander lid
    PAID_OUT = "paid_out"  # uitbetaald
    CORRECTED = "corrected"  # tegenboeking


PROMISES = frozenset({EntryKind.PROMISED, EntryKind.PROMISE_LAPSED})
TRANSFERS = frozenset({EntryKind.TRANSFERRED_OUT, EntryKind.TRANSFERRED_IN})
HELD = frozenset({LedgerAccount.CAPITAL, LedgerAccount.LOAN})
"""Accounts on which the cooperative holds money of the member, and never less than nothing."""

_C, _HELD = frozenset({LedgerAccount.CONTRIBUTION}), HELD
_RULES: Mapping[EntryKind, tuple[frozenset[LedgerAccount], int]] = {
    EntryKind.CHARGED: (_C, -1),
    EntryKind.PROMISED: (_HELD, 1),
    EntryKind.PROMISE_LAPSED: (_HELD, -1),
    EntryKind.RECEIVED: (_C | _HELD, 1),
    EntryKind.RETURNED: (_C | _HELD, -1),
    EntryKind.REFUNDED: (_C, -1),
    EntryKind.TRANSFERRED_OUT: (_HELD, -1),
    EntryKind.TRANSFERRED_IN: (_HELD, 1),
    EntryKind.PAID_OUT: (_HELD, -1),
}
"""On which accounts a kind can stand, and the sign of its amount. A write-off and a counter entry follow below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One entry. `tranche` names the loan; `year` is that of a contribution; `corrects` names what it takes back.

    `booked_on` is the day on which it counts, `recorded_at` the instant at which it was written down.
    """

    id: int
    membership_id: int
    account: LedgerAccount
    kind: EntryKind
    cents: int
    booked_on: date
    recorded_at: datetime
    tranche: str | None = None
    year: int | None = None
    corrects: int | None = None
    corrects_promise: bool = False
    """Whether what it takes back was a promise: then it counts among the promises as well."""

    @property
    def is_promise(self) -> bool:
        """Whether it tells what was promised, and not what is there."""
        return self.kind in PROMISES or self.corrects_promise


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where an amount stands: whose, for what, which loan, and whether it is there or was promised."""

    membership_id: int
    account: LedgerAccount
    tranche: str = ""
    promised: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCharge:
    """A charge that is not paid in full, and how much of it is open (above zero)."""

    entry_id: int
    membership_id: int
    year: int | None
    booked_on: date
    cents: int


class LedgerReason(StrEnum):
    """Why an entry cannot be booked."""

    AMOUNT_NOT_POSITIVE = "ledger_amount_not_positive"
    AMOUNT_TOO_LARGE = "ledger_amount_too_large"
    KIND_NOT_HERE = "ledger_kind_not_here"
    TRANCHE_MISSING = "ledger_tranche_missing"
    TRANCHE_NOT_HERE = "ledger_tranche_not_here"
    YEAR_UNLIKELY = "ledger_year_unlikely"
    YEAR_CLOSED = "ledger_year_closed"
    DAY_AHEAD = "ledger_day_ahead"
    MORE_THAN_HELD = "ledger_more_than_held"
    MORE_THAN_OWED = "ledger_more_than_owed"
    ALREADY_CORRECTED = "ledger_already_corrected"
    CORRECTION_NOT_CORRECTED = "ledger_correction_not_corrected"
    REFERENCE_UNUSABLE = "ledger_reference_unusable"
    REFERENCE_BOOKED = "ledger_reference_booked"
    SAME_MEMBER = "ledger_same_member"
    NOBODY_TO_CHARGE = "ledger_nobody_to_charge"
    YEAR_NOT_OVER = "ledger_year_not_over"
    YEAR_ALREADY_CLOSED = "ledger_year_already_closed"
    YEAR_NOT_CLOSED = "ledger_year_not_closed"
    MEMBER_UNKNOWN = "ledger_member_unknown"


LARGEST_CENTS = 100_000_000_00
"""A hundred million euros: above this it is a slip of the pen."""


def signed(kind: EntryKind, account: LedgerAccount, cents: int) -> int:
    """An amount above zero with the sign that this kind has on this account.

    What a member still owes is written off upwards, what a member holds downwards.
    """
    if kind is EntryKind.WRITTEN_OFF:
        return -cents if account in HELD else cents
    return _RULES[kind][1] * cents


def place_of(entry: LedgerEntry) -> Place:
    """Where the amount of an entry stands: in one place, so that places together hold the sum of the ledger."""
    return Place(entry.membership_id, entry.account, entry.tranche or "", entry.is_promise)


def known_by(entries: Iterable[LedgerEntry], day: date, known_at: datetime | None = None) -> Iterator[LedgerEntry]:
    """The entries that count on `day`, as far as they were written down at `known_at` (None: now)."""
    return (
        one for one in entries if one.booked_on <= day and (known_at is None or one.recorded_at <= known_at)
    )  # fmt: skip


def holdings_on(entries: Iterable[LedgerEntry], day: date, known_at: datetime | None = None) -> dict[Place, int]:
    """What stands in every place on `day` [cents]; places that hold nothing are left out."""
    found: defaultdict[Place, int] = defaultdict(int)
    for entry in known_by(entries, day, known_at):
        found[place_of(entry)] += entry.cents
    return {place: cents for place, cents in found.items() if cents}


def sum_of_ledger(entries: Iterable[LedgerEntry], day: date, known_at: datetime | None = None) -> int:
    """Everything that was booked by `day` together [cents]: at every date the sum of all holdings."""
    return sum(entry.cents for entry in known_by(entries, day, known_at))


def corrected_ids(entries: Iterable[LedgerEntry]) -> frozenset[int]:
    """The entries that were taken back."""
    return frozenset(entry.corrects for entry in entries if entry.corrects is not None)


def open_charges_on(
    entries: Iterable[LedgerEntry], day: date, known_at: datetime | None = None
) -> tuple[OpenCharge, ...]:
    """The charges that are not paid in full on `day`, oldest first.

    What was paid or written off for a year goes to the charges of that year, and what is left over to the oldest that
    is open. Together they are what every member owes, unless the member paid more than was charged.
    """
    by_member: defaultdict[int, list[LedgerEntry]] = defaultdict(list)
    for entry in known_by(entries, day, known_at):
        if entry.account is LedgerAccount.CONTRIBUTION:
            by_member[entry.membership_id].append(entry)
    found = [charge for booked in by_member.values() for charge in _open_charges(booked)]
    return tuple(sorted(found, key=lambda one: (one.booked_on, one.entry_id)))


def _open_charges(booked: list[LedgerEntry]) -> Iterator[OpenCharge]:
    gone = corrected_ids(booked)
    charges = sorted(
        (one for one in booked if one.kind is EntryKind.CHARGED and one.id not in gone),
        key=lambda one: (one.booked_on, one.id),
    )
    left = {one.id: -one.cents for one in charges}
    paid_by_year: defaultdict[int | None, int] = defaultdict(int)
    for entry in booked:
        if entry.kind is not EntryKind.CHARGED or entry.id in gone:
            paid_by_year[entry.year] += entry.cents
    for one in charges:
        left[one.id], paid_by_year[one.year] = _settled(left[one.id], paid_by_year[one.year])
    rest = sum(paid_by_year.values())
    for one in charges:
        left[one.id], rest = _settled(left[one.id], rest)
    for one in charges:
        if left[one.id] > 0:
            yield OpenCharge(entry_id=one.id, membership_id=one.membership_id, year=one.year, booked_on=one.booked_on,
                             cents=left[one.id])  # fmt: skip


def _settled(owed: int, paid: int) -> tuple[int, int]:
    """What is left of both when `paid` goes to `owed`; a payment that came back adds to what is owed."""
    settled = min(owed, paid)
    return owed - settled, paid - settled


def doubt_entry(
    entries: Iterable[LedgerEntry], new: LedgerEntry, *, closed_through: int | None, today: date
) -> tuple[LedgerReason, ...]:
    """Why `new` cannot be booked after `entries` of the same member; nothing where it can.

    Nothing is booked into a year that is closed, nor into the future, and no day may come to hold less than nothing.
    """
    return tuple(_doubts(list(entries), new, closed_through, today))


def _doubts(
    entries: list[LedgerEntry], new: LedgerEntry, closed_through: int | None, today: date
) -> Iterator[LedgerReason]:
    shape = list(_doubt_shape(new)) if new.corrects is None else []
    yield from shape
    if new.booked_on > today:
        yield LedgerReason.DAY_AHEAD
    if is_closed(new.booked_on, closed_through):
        yield LedgerReason.YEAR_CLOSED
    if shape:
        return
    if new.cents < 0 and (new.account in HELD or new.is_promise) and lowest_after(entries, new) < 0:
        yield LedgerReason.MORE_THAN_HELD
    stands = holdings_on(entries, new.booked_on).get(place_of(new), 0)
    if new.kind is EntryKind.WRITTEN_OFF and new.account is LedgerAccount.CONTRIBUTION and new.cents > -stands:
        yield LedgerReason.MORE_THAN_OWED
    if new.kind is EntryKind.REFUNDED and -new.cents > stands:
        yield LedgerReason.MORE_THAN_HELD


def _doubt_shape(new: LedgerEntry) -> Iterator[LedgerReason]:
    if not 0 < abs(new.cents) <= LARGEST_CENTS:
        yield LedgerReason.AMOUNT_NOT_POSITIVE if new.cents == 0 else LedgerReason.AMOUNT_TOO_LARGE
    elif new.kind is not EntryKind.WRITTEN_OFF and new.account not in _RULES[new.kind][0]:
        yield LedgerReason.KIND_NOT_HERE
    elif signed(new.kind, new.account, abs(new.cents)) != new.cents:
        yield LedgerReason.AMOUNT_NOT_POSITIVE
    if new.account is LedgerAccount.LOAN and not new.tranche:
        yield LedgerReason.TRANCHE_MISSING
    if new.account is not LedgerAccount.LOAN and new.tranche:
        yield LedgerReason.TRANCHE_NOT_HERE


def is_closed(day: date, closed_through: int | None) -> bool:
    """Whether a day lies in a year that is closed, or in one before it."""
    return closed_through is not None and day.year <= closed_through


def lowest_after(entries: Iterable[LedgerEntry], new: LedgerEntry) -> int:
    """The least that the place of `new` would hold on its day or on any later one [cents]."""
    place, held = place_of(new), new.cents
    changes: defaultdict[date, int] = defaultdict(int)
    for entry in entries:
        if place_of(entry) == place:
            if entry.booked_on <= new.booked_on:
                held += entry.cents
            else:
                changes[entry.booked_on] += entry.cents
    lowest = held
    for day in sorted(changes):
        held += changes[day]
        lowest = min(lowest, held)
    return lowest


def counter_of(entry: LedgerEntry, *, entry_id: int, booked_on: date, recorded_at: datetime) -> LedgerEntry:
    """The entry that takes `entry` back exactly: same place, same amount, other sign."""
    return LedgerEntry(
        id=entry_id, membership_id=entry.membership_id, account=entry.account, kind=EntryKind.CORRECTED,
        cents=-entry.cents, booked_on=booked_on, recorded_at=recorded_at, tranche=entry.tranche, year=entry.year,
        corrects=entry.id, corrects_promise=entry.is_promise,
    )  # fmt: skip


def doubt_correction(entries: Iterable[LedgerEntry], entry: LedgerEntry) -> LedgerReason | None:
    """Why `entry` cannot be taken back: it was already, or it takes something back itself."""
    if entry.kind is EntryKind.CORRECTED:
        return LedgerReason.CORRECTION_NOT_CORRECTED
    return LedgerReason.ALREADY_CORRECTED if entry.id in corrected_ids(entries) else None
