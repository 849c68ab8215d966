"""Which member and which open amount belong to a line of the bank: proposed with a reason, or left open with one.

Nothing is guessed. What could be of two members, or for two amounts, is proposed for neither, and both are named.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from ecoop.governance.holdings import LedgerAccount


class BankFileReason(StrEnum):
    """Why a bank file, or what was chosen for a line of it, cannot be used."""

    TOO_LARGE = "bank_file_too_large"
    NOT_XML = "bank_file_not_xml"
    DECLARES = "bank_file_declares"
    NOT_CAMT = "bank_file_not_camt"
    NO_LINES = "bank_file_no_lines"
    TOO_MANY = "bank_file_too_many"
    ENTRY_UNUSABLE = "bank_file_entry_unusable"
    NOT_EUROS = "bank_file_not_euros"
    BOOKED_ALREADY = "bank_line_booked_already"
    ITEM_GONE = "bank_line_item_gone"
    MORE_THAN_OPEN = "bank_line_more_than_open"
    NOTHING_CHOSEN = "bank_line_nothing_chosen"
    STALE = "bank_file_stale"


class MatchState(StrEnum):
    """How a line stands."""

    CLEAR = "clear"
    OPEN = "open"
    KNOWN = "known"
    ELSEWHERE = "elsewhere"


class MatchReason(StrEnum):
    """Why a line stands as it does."""

    END_TO_END = "end_to_end"
    MANDATE = "mandate"
    IBAN = "iban"
    NUMBER = "number"
    REFERENCE = "reference"
    NAME_AND_AMOUNT = "name_and_amount"
    BOOKED = "booked"
    BATCH_FIRST = "batch_first"
    SEVERAL_MEMBERS = "several_members"
    SEVERAL_ITEMS = "several_items"
    NO_SUCH_AMOUNT = "no_such_amount"
    NOBODY_FOUND = "nobody_found"
    WENT_OUT = "went_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class BankLine:
    """One booked movement on the account of the cooperative; `cents` above zero came in.

    `reference` is what the bank calls it, and names it once. `return_code` is the reason of the bank where a direct
    debit came back (ISO 20022 ExternalReturnReason1Code).
    """

    reference: str
    booked_on: date
    cents: int
    name: str = ""
    iban: str | None = None
    description: str = ""
    end_to_end_id: str | None = None
    mandate_id: str | None = None
    return_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItem:
    """An amount that a member still has to pay: a charge, or capital or a loan that was promised."""

    key: str
    membership_id: int
    account: LedgerAccount
    cents: int
    year: int | None = None
    tranche: str | None = None
    since: date | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DebitKnown:
    """A line of a direct debit that went to the bank."""

    line_id: int
    membership_id: int
    cents: int
    is_booked: bool
    is_returned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the cooperative knows, by what a line can say; an account number stands as a keyed fingerprint."""

    items: Sequence[OpenItem]
    names: Mapping[int, str]
    numbers: Mapping[int, int]
    """Member numbers, to memberships."""
    mandates: Mapping[str, frozenset[int]]
    accounts: Mapping[str, frozenset[int]]
    """Whole account numbers of this file, to memberships: found by their fingerprints."""
    debits: Mapping[str, DebitKnown]
    booked: frozenset[str]
    """References that stand in the ledger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What is proposed for a line, and why; `options` are the open amounts of the members that it could be of."""

    line: BankLine
    state: MatchState
    reason: MatchReason
    members: tuple[int, ...] = ()
    item: OpenItem | None = None
    return_of: int | None = None
    """The line of a direct debit that came back."""
    options: tuple[OpenItem, ...] = ()


_NUMBER = re.compile(
    r"\b(?:lid(?:nummer|nr)?|member(?: number)?)\b[\s.:#-]{0,3}(?:no\.?|nr\.?)?[\s.:#-]{0,2}(\d{1,9})\b"
)


@dataclass(slots=True)
class _Left:
    """The open amounts that no line was proposed for yet."""

    by_member: dict[int, list[OpenItem]] = field(default_factory=dict)

    def take(self, item: OpenItem) -> None:
        """Nothing else is proposed for it."""
        self.by_member[item.membership_id].remove(item)


def match_lines(lines: Iterable[BankLine], known: Known) -> tuple[Match, ...]:
    """What is proposed for every line, oldest first. The order in which they were given changes nothing.

    Every open amount is proposed for one line at most, and only for a line of exactly that amount.
    """
    left = _Left()
    for item in sorted(known.items, key=lambda one: (one.since or date.max, one.key)):
        left.by_member.setdefault(item.membership_id, []).append(item)
    ordered = sorted({line.reference: line for line in sorted(lines, key=repr)}.values(), key=_order)
    by_words = {one: _words(name) for one, name in known.names.items()}
    came_back: set[int] = set()
    return tuple(_match(line, known, left, by_words, came_back) for line in ordered)


def _order(line: BankLine) -> tuple[date, str]:
    return line.booked_on, line.reference


def _match(
    line: BankLine, known: Known, left: _Left, by_words: Mapping[int, frozenset[str]], came_back: set[int]
) -> Match:
    if line.reference in known.booked:
        return Match(line=line, state=MatchState.KNOWN, reason=MatchReason.BOOKED)
    debit = known.debits.get(line.end_to_end_id or "")
    if debit is not None and abs(line.cents) == debit.cents:
        return _of_debit(line, debit, came_back)
    if line.cents <= 0:
        return Match(line=line, state=MatchState.ELSEWHERE, reason=MatchReason.WENT_OUT)
    members, reason = _members(line, known, left, by_words)
    if len(members) > 1 and reason is MatchReason.SEVERAL_MEMBERS:
        return _unsure(line, members, reason, left)
    if not members:
        return Match(line=line, state=MatchState.OPEN, reason=MatchReason.NOBODY_FOUND)
    return _choose(line, members, reason, left)


def _of_debit(line: BankLine, debit: DebitKnown, came_back: set[int]) -> Match:
    members = (debit.membership_id,)
    if not debit.is_booked and not debit.is_returned:
        return Match(line=line, state=MatchState.ELSEWHERE, reason=MatchReason.BATCH_FIRST, members=members)
    if line.cents > 0 or debit.is_returned or debit.line_id in came_back:
        return Match(line=line, state=MatchState.KNOWN, reason=MatchReason.BOOKED, members=members)
    came_back.add(debit.line_id)
    return Match(
        line=line, state=MatchState.CLEAR, reason=MatchReason.END_TO_END, members=members, return_of=debit.line_id
    )


def _members(
    line: BankLine, known: Known, left: _Left, by_words: Mapping[int, frozenset[str]]
) -> tuple[frozenset[int], MatchReason]:
    """Whose it can be: everything that the line says together, or all that is said where that contradicts itself."""
    said = [(reason, found) for reason, found in _said(line, known) if found]
    if not said:
        words = _words(line.name)
        found = frozenset(
            one for one, own in by_words.items() if words and own == words
            and any(item.cents == line.cents for item in left.by_member.get(one, ()))
        )  # fmt: skip
        return found, MatchReason.NAME_AND_AMOUNT
    agreed = frozenset.intersection(*(found for _reason, found in said))
    if agreed:
        return agreed, said[0][0]
    return frozenset.union(*(found for _reason, found in said)), MatchReason.SEVERAL_MEMBERS


def _said(line: BankLine, known: Known) -> Iterable[tuple[MatchReason, frozenset[int]]]:
    yield MatchReason.MANDATE, known.mandates.get(line.mandate_id or "", frozenset())
    yield MatchReason.IBAN, known.accounts.get(line.iban or "", frozenset())
    text = line.description.casefold()
    found = {known.numbers[int(one)] for one in _NUMBER.findall(text) if int(one) in known.numbers}
    yield MatchReason.NUMBER, frozenset(found)
    named = {one.membership_id for one in known.items if one.reference and _holds(text, one.reference.casefold())}
    yield MatchReason.REFERENCE, frozenset(named)


def _holds(text: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def _choose(line: BankLine, members: frozenset[int], reason: MatchReason, left: _Left) -> Match:
    options = _options(members, left)
    fitting = [item for item in options if item.cents == line.cents]
    if len({item.membership_id for item in fitting}) > 1 or (not fitting and len(members) > 1):
        return _unsure(line, members, MatchReason.SEVERAL_MEMBERS, left)
    if not fitting:
        return _unsure(line, members, MatchReason.NO_SUCH_AMOUNT, left)
    item = _the_one(line, fitting)
    if item is None:
        return _unsure(line, members, MatchReason.SEVERAL_ITEMS, left)
    left.take(item)
    return Match(line=line, state=MatchState.CLEAR, reason=reason, members=(item.membership_id,), item=item,
                 options=options)  # fmt: skip


def _options(members: frozenset[int], left: _Left) -> tuple[OpenItem, ...]:
    return tuple(item for one in sorted(members) for item in left.by_member.get(one, ()))


def _unsure(line: BankLine, members: frozenset[int], reason: MatchReason, left: _Left) -> Match:
    return Match(line=line, state=MatchState.OPEN, reason=reason, members=tuple(sorted(members)),
                 options=_options(members, left))  # fmt: skip


def _the_one(line: BankLine, fitting: Sequence[OpenItem]) -> OpenItem | None:
    """The amount that is named, or the only one, or the oldest of charges that are alike; None where it is unsure."""
    text = line.description.casefold()
    named = [one for one in fitting if one.reference and _holds(text, one.reference.casefold())]
    if len(named) == 1:
        return named[0]
    if len({(one.account, one.tranche) for one in fitting}) > 1:
        return None
    of_year = [one for one in fitting if one.year is not None and _holds(text, str(one.year))]
    return (of_year or list(fitting))[0]


def _words(name: str) -> frozenset[str]:
    """The words of a name without accents, capitals and marks; nothing where it is initials alone."""
    apart = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(one if one.isalnum() else " " for one in apart if not unicodedata.combining(one))
    found = frozenset(plain.split())
    return found if any(len(one) > 1 for one in found) else frozenset()
