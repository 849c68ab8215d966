"""Lines of the bank beside what members owe and promised: what is proposed, and booking what was chosen.

The file is not kept: it holds account numbers of others. What was booked carries the reference of the bank, so the
same file twice books nothing twice.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, case, func, select
from sqlalchemy.orm import aliased

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import InvalidInput, Problem
from ecoop.governance.audit import Action
from ecoop.governance.direct_debits import LineResult, is_reason_code
from ecoop.governance.holdings import EntryKind, LedgerAccount
from ecoop.governance.matching import (
    BankFileReason,
    BankLine,
    DebitKnown,
    Known,
    Match,
    MatchState,
    OpenItem,
    match_lines,
)
from ecoop.governance.roles import Actor
from ecoop.models import BankAccount, DirectDebitLine, LedgerEntryRow, Mandate, Membership
from ecoop.services import audit, balances, promises
from ecoop.services.bank_accounts import fingerprints
from ecoop.services.direct_debit_results import book_return
from ecoop.services.ledger import SERIES, NewEntry, book_entries, require_keeper, require_reader
from ecoop.services.number_series import hold_series

NO_CODE = "MS03"
"""The code for a return whose reason was not told (ISO 20022: NotSpecifiedReasonAgentGenerated)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What is proposed for the lines of a file, and the number and name of whom they name."""

    matches: tuple[Match, ...]
    names: Mapping[int, tuple[int | None, str]]

    def count(self, state: MatchState) -> int:
        """How many lines stand so."""
        return sum(match.state is state for match in self.matches)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """One kind of money: what members promised or were charged, what of it came in, and what is open [cents]."""

    account: LedgerAccount
    tranche: str | None
    promised_cents: int
    received_cents: int
    open_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """What came of a file."""

    receipts: int
    cents: int
    returns: int


def propose(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, lines: Sequence[BankLine], day: date, key: str
) -> Proposal:
    """What is proposed for each line. The number of queries does not depend on how many lines or members there are.

    `key` is the one with which account numbers are sealed.
    """
    require_keeper(actor)
    names = balances.names_of(session, cooperative_id, day, None)
    known = Known(
        items=_items(session, cooperative_id, day),
        names={one: name for one, (_number, name) in names.items()},
        numbers={number: one for one, (number, _name) in names.items() if number is not None},
        mandates=_mandates(session, cooperative_id, lines),
        accounts=_accounts(session, cooperative_id, lines, key),
        debits=_debits(session, cooperative_id, lines),
        booked=_booked(session, cooperative_id, lines),
    )
    matches = match_lines(lines, known)
    named = {one for match in matches for one in match.members}
    return Proposal(matches=matches, names={one: names[one] for one in named if one in names})


def book(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    lines: Sequence[BankLine],
    accepted: Mapping[str, str],
    file_digest: str,
    key: str,
    now: datetime,
) -> Booked:
    """Book what was chosen: `accepted` maps references of lines to keys of open amounts, or to "return".

    All of it or nothing: raises InvalidInput with a problem for every line that cannot be booked, its reference in
    the key. What is proposed is worked out again, so what was booked meanwhile is not booked twice.
    """
    require_keeper(actor)
    hold_series(session, cooperative_id=cooperative_id, name=SERIES)
    found = propose(session, actor, cooperative_id=cooperative_id, lines=lines, day=clock.legal_day(now), key=key)
    by_reference = {match.line.reference: match for match in found.matches}
    items = {item.key: item for item in _items(session, cooperative_id, clock.legal_day(now))}
    problems = tuple(_doubts(accepted, by_reference, items))
    if problems:
        raise InvalidInput(problems)
    chosen = [by_reference[one] for one in by_reference if one in accepted]
    receipts = [
        _entry(match.line, items[accepted[match.line.reference]]) for match in chosen if match.return_of is None
    ]
    book_entries(session, actor, cooperative_id=cooperative_id, new=receipts, now=now)
    returns = [match for match in chosen if match.return_of is not None]
    for match in returns:
        _book_return(session, actor, cooperative_id, match, now)
    audit.record(
        session, actor, Action.BANK_FILE_BOOKED, cooperative_id=cooperative_id, subject="bank_file",
        details={"count": len(receipts), "returned": len(returns), "left_out": len(by_reference) - len(chosen),
                 "file_digest": file_digest},
        now=now,
    )  # fmt: skip
    return Booked(receipts=len(receipts), cents=sum(one.cents for one in receipts), returns=len(returns))


def _entry(line: BankLine, item: OpenItem) -> NewEntry:
    return NewEntry(
        membership_id=item.membership_id, account=item.account, kind=EntryKind.RECEIVED, cents=line.cents,
        booked_on=line.booked_on, tranche=item.tranche, year=item.year, reference=line.reference,
    )  # fmt: skip


def _book_return(session: ScopedSession, actor: Actor | None, cooperative_id: int, match: Match, now: datetime) -> None:
    code = match.line.return_code or ""
    book_return(
        session, actor, cooperative_id=cooperative_id, line_id=match.return_of or 0,
        reason_code=code if is_reason_code(code) else NO_CODE, day=match.line.booked_on, now=now,
    )  # fmt: skip


def _doubts(
    accepted: Mapping[str, str], matches: Mapping[str, Match], items: Mapping[str, OpenItem]
) -> Iterable[Problem]:
    if not accepted:
        yield Problem(key="", reason=BankFileReason.NOTHING_CHOSEN)
    left = {item.key: item.cents for item in items.values()}
    for reference, wanted in accepted.items():
        match = matches.get(reference)
        if match is None or match.state is MatchState.ELSEWHERE:
            yield Problem(key=reference, reason=BankFileReason.ITEM_GONE)
        elif match.state is MatchState.KNOWN:
            yield Problem(key=reference, reason=BankFileReason.BOOKED_ALREADY)
        elif match.return_of is not None or wanted == "return":
            if match.return_of is None or wanted != "return":
                yield Problem(key=reference, reason=BankFileReason.ITEM_GONE)
        elif wanted not in items or items[wanted].membership_id not in match.members:
            yield Problem(key=reference, reason=BankFileReason.ITEM_GONE)
        elif match.line.cents > left[wanted]:
            yield Problem(key=reference, reason=BankFileReason.MORE_THAN_OPEN)
        else:
            left[wanted] -= match.line.cents


def _items(session: ScopedSession, cooperative_id: int, day: date) -> list[OpenItem]:
    """Every charge and every promise that is open."""
    charges = balances.read_open_charges(session, cooperative_id=cooperative_id, day=day)
    query = select(LedgerEntryRow.id, LedgerEntryRow.reference).where(
        LedgerEntryRow.cooperative_id == cooperative_id,
        LedgerEntryRow.kind == EntryKind.CHARGED,
        LedgerEntryRow.reference.is_not(None),
    )
    references = {one: reference for one, reference in session.execute(query)}  # noqa: C416  rows are no pairs to mypy
    owed = [
        OpenItem(
            key=f"charge-{one.entry_id}", membership_id=one.membership_id, account=LedgerAccount.CONTRIBUTION,
            cents=one.cents, year=one.year, since=one.booked_on, reference=references.get(one.entry_id),
        )
        for one in charges
    ]  # fmt: skip
    promised = promises.read_open_promises(session, cooperative_id=cooperative_id, day=day)
    return owed + [
        OpenItem(
            key=f"promise-{place.membership_id}-{place.account.value}-{place.tranche}",
            membership_id=place.membership_id, account=place.account, cents=cents, tranche=place.tranche or None,
        )
        for place, cents in promised.items()
    ]  # fmt: skip


def read_promised(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, day: date
) -> tuple[Promised, ...]:
    """What was promised, received and is open of every kind of money, up to and with a day."""
    require_reader(actor)
    first = aliased(LedgerEntryRow)
    kind = func.coalesce(first.kind, LedgerEntryRow.kind)
    asked = and_(first.cooperative_id == LedgerEntryRow.cooperative_id, first.id == LedgerEntryRow.corrects_id)
    said = kind.in_([EntryKind.CHARGED, EntryKind.WRITTEN_OFF, EntryKind.PROMISED, EntryKind.PROMISE_LAPSED])
    came = kind.in_([EntryKind.RECEIVED, EntryKind.RETURNED, EntryKind.REFUNDED])
    sums = [func.sum(case((one, LedgerEntryRow.cents), else_=0)) for one in (said, came)]
    query = (
        select(LedgerEntryRow.account, LedgerEntryRow.tranche, *sums)
        .outerjoin(first, asked)
        .where(LedgerEntryRow.cooperative_id == cooperative_id, LedgerEntryRow.booked_on <= day)
        .group_by(LedgerEntryRow.account, LedgerEntryRow.tranche)
    )
    still: defaultdict[tuple[LedgerAccount, str | None], int] = defaultdict(int)
    for item in _items(session, cooperative_id, day):
        still[item.account, item.tranche] += item.cents
    return tuple(
        Promised(
            account=account, tranche=tranche, received_cents=int(received),
            promised_cents=-int(promised) if account is LedgerAccount.CONTRIBUTION else int(promised),
            open_cents=still[account, tranche],
        )
        for account, tranche, promised, received in sorted(session.execute(query), key=_by_account)
    )  # fmt: skip


def _by_account(row: Row[LedgerAccount, str | None, Any, Any]) -> tuple[int, str]:
    return list(LedgerAccount).index(row[0]), row[1] or ""


def _mandates(session: ScopedSession, cooperative_id: int, lines: Sequence[BankLine]) -> dict[str, frozenset[int]]:
    wanted = sorted({line.mandate_id for line in lines if line.mandate_id})
    query = (
        select(Mandate.reference, Membership.id)
        .join(
            Membership,
            and_(Membership.cooperative_id == Mandate.cooperative_id, Membership.party_id == Mandate.party_id),
        )
        .where(Mandate.cooperative_id == cooperative_id, Mandate.reference.in_(wanted))
    )
    return _gathered((reference, one) for reference, one in session.execute(query))


def _accounts(
    session: ScopedSession, cooperative_id: int, lines: Sequence[BankLine], key: str
) -> dict[str, frozenset[int]]:
    """The memberships of who uses or used an account, by its number; erased ones are found no more."""
    by_print = {
        told: line.iban for line in lines if line.iban and line.cents > 0 for told in fingerprints(line.iban, key)
    }
    query = (
        select(BankAccount.fingerprint, Membership.id)
        .join(
            Membership,
            and_(Membership.cooperative_id == BankAccount.cooperative_id, Membership.party_id == BankAccount.party_id),
        )
        .where(BankAccount.cooperative_id == cooperative_id, BankAccount.fingerprint.in_(sorted(by_print)))
    )
    return _gathered((by_print[told], one) for told, one in session.execute(query))


def _gathered(pairs: Iterable[tuple[str, int]]) -> dict[str, frozenset[int]]:
    found: defaultdict[str, set[int]] = defaultdict(set)
    for word, one in pairs:
        found[word].add(one)
    return {word: frozenset(ones) for word, ones in found.items()}


def _debits(session: ScopedSession, cooperative_id: int, lines: Sequence[BankLine]) -> dict[str, DebitKnown]:
    wanted = sorted({line.end_to_end_id for line in lines if line.end_to_end_id})
    query = select(
        DirectDebitLine.end_to_end_id, DirectDebitLine.id, DirectDebitLine.membership_id, DirectDebitLine.cents,
        DirectDebitLine.result,
    ).where(DirectDebitLine.cooperative_id == cooperative_id, DirectDebitLine.end_to_end_id.in_(wanted))  # fmt: skip
    return {
        name: DebitKnown(
            line_id=one, membership_id=member, cents=cents, is_booked=result is LineResult.BOOKED,
            is_returned=result is LineResult.RETURNED,
        )
        for name, one, member, cents, result in session.execute(query)
    }  # fmt: skip


def _booked(session: ScopedSession, cooperative_id: int, lines: Sequence[BankLine]) -> frozenset[str]:
    query = select(LedgerEntryRow.reference).where(
        LedgerEntryRow.cooperative_id == cooperative_id,
        LedgerEntryRow.reference.in_(sorted({line.reference for line in lines})),
    )
    return frozenset(one for one in session.scalars(query) if one is not None)
