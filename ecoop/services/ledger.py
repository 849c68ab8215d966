"""The ledger: money of membership is booked by adding entries, and a mistake is answered by a counter entry.

Whoever books holds the series of numbers, and whoever closes a year holds it as well: so nothing slips into a year
while it is closed, and no two people book one receipt.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, InvalidInput, NotFound, Problem, Refused
from ecoop.governance.audit import Action, Detail
from ecoop.governance.holdings import (
    TRANSFERS,
    EntryKind,
    LedgerAccount,
    LedgerEntry,
    LedgerReason,
    counter_of,
    doubt_correction,
    doubt_entry,
    is_closed,
    signed,
)
from ecoop.governance.roles import Actor, Permission
from ecoop.models import ClosedYear, LedgerEntryRow, Membership
from ecoop.models.types import new_key
from ecoop.services import audit
from ecoop.services.number_series import hold_series, take_numbers

SERIES = "ledger"
LONGEST_REFERENCE = 70
LONGEST_TRANCHE = 40
AT_ONCE = 500
"""Memberships asked for in one query."""
MOST_TOLD = 50  # problems of one run that are told at once


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """Something to be booked, with an amount above zero: its sign follows from the kind.

    `reference` is what the bank or the sheet calls it; one reference is booked once.
    """

    membership_id: int
    account: LedgerAccount
    kind: EntryKind
    cents: int
    booked_on: date
    tranche: str | None = None
    year: int | None = None
    reference: str | None = None


def require_keeper(actor: Actor | None) -> None:
    """Refuse who may not keep the money; `actor` is None on the command line."""
    if actor is not None and not actor.may(Permission.KEEP_MONEY):
        raise Forbidden


def require_reader(actor: Actor | None) -> None:
    """Refuse who may not see the money."""
    if actor is not None and not actor.may(Permission.SEE_MONEY):
        raise Forbidden


def book_entries(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    new: Sequence[NewEntry],
    action: Action = Action.MONEY_BOOKED,
    why: str | None = None,
    now: datetime,
) -> tuple[int, ...]:
    """Book all of it or nothing, with one entry in the audit trail; the keys of the entries in their order.

    Raises InvalidInput naming every problem of every entry, and NotFound for a membership that is not there.
    """
    require_keeper(actor)
    if not new:
        return ()
    hold_series(session, cooperative_id=cooperative_id, name=SERIES)
    entries = [_entry(one, now) for one in new]
    _refuse_doubts(session, cooperative_id, new, entries, today=clock.legal_day(now))
    rows = [_row(cooperative_id, entry, actor) for entry in entries]
    for row, one in zip(rows, new, strict=True):
        row.reference = _reference(one.reference)
    _keep(session, actor, cooperative_id, rows, action, why=why, now=now)
    return tuple(entry.id for entry in entries)


def _entry(one: NewEntry, now: datetime) -> LedgerEntry:
    return LedgerEntry(
        id=new_key(), membership_id=one.membership_id, account=one.account, kind=one.kind,
        cents=signed(one.kind, one.account, one.cents), booked_on=one.booked_on, recorded_at=now,
        tranche=" ".join((one.tranche or "").split()) or None, year=one.year,
    )  # fmt: skip


def _reference(text: str | None) -> str | None:
    return " ".join((text or "").split()) or None


def _refuse_doubts(
    session: ScopedSession, cooperative_id: int, new: Sequence[NewEntry], entries: Sequence[LedgerEntry], *, today: date
) -> None:
    members = {entry.membership_id for entry in entries}
    _require_memberships(session, cooperative_id, members)
    before = _by_member(read_entries(session, cooperative_id=cooperative_id, membership_ids=members))
    closed = closed_through(session, cooperative_id=cooperative_id)
    problems = _doubt_references(session, cooperative_id, [_reference(one.reference) for one in new])
    for entry in entries:
        known = before[entry.membership_id]
        problems += [
            Problem(key=_KEY_OF.get(reason, "amount"), reason=reason, details={"year": closed or 0})
            for reason in doubt_entry(known, entry, closed_through=closed, today=today)
        ]
        problems += _doubt_texts(entry)
        known.append(entry)
    if problems:
        raise InvalidInput(tuple(problems[:MOST_TOLD]))


_KEY_OF = {
    LedgerReason.YEAR_CLOSED: "booked_on",
    LedgerReason.DAY_AHEAD: "booked_on",
    LedgerReason.KIND_NOT_HERE: "kind",
    LedgerReason.TRANCHE_MISSING: "tranche",
    LedgerReason.TRANCHE_NOT_HERE: "tranche",
}
"""Beside which field of a form a reason is told."""


def _doubt_texts(entry: LedgerEntry) -> list[Problem]:
    found = []
    if entry.year is not None and not 1900 <= entry.year <= entry.booked_on.year + 2:
        found.append(Problem(key="year", reason=LedgerReason.YEAR_UNLIKELY))
    if entry.tranche and (len(entry.tranche) > LONGEST_TRANCHE or not entry.tranche.isprintable()):
        found.append(
            Problem(key="tranche", reason=LedgerReason.REFERENCE_UNUSABLE, details={"maximum": LONGEST_TRANCHE})
        )
    return found


def _doubt_references(session: ScopedSession, cooperative_id: int, references: list[str | None]) -> list[Problem]:
    given = [one for one in references if one is not None]
    if any(len(one) > LONGEST_REFERENCE or not one.isprintable() for one in given):
        return [
            Problem(key="reference", reason=LedgerReason.REFERENCE_UNUSABLE, details={"maximum": LONGEST_REFERENCE})
        ]
    twice = {one for one in given if given.count(one) > 1} if len(set(given)) < len(given) else set()
    for start in range(0, len(given), AT_ONCE):
        query = select(LedgerEntryRow.reference).where(
            LedgerEntryRow.cooperative_id == cooperative_id,
            LedgerEntryRow.reference.in_(given[start : start + AT_ONCE]),
        )
        twice |= {one for one in session.scalars(query) if one is not None}
    return [
        Problem(key="reference", reason=LedgerReason.REFERENCE_BOOKED, details={"reference": one})
        for one in sorted(twice)
    ]


def _require_memberships(session: ScopedSession, cooperative_id: int, wanted: Iterable[int]) -> None:
    ids = sorted(wanted)
    found = 0
    for start in range(0, len(ids), AT_ONCE):
        query = select(func.count()).select_from(Membership)
        query = query.where(
            Membership.cooperative_id == cooperative_id, Membership.id.in_(ids[start : start + AT_ONCE])
        )
        found += session.scalar(query) or 0
    if found != len(ids):
        raise NotFound


def _by_member(entries: Iterable[LedgerEntry]) -> defaultdict[int, list[LedgerEntry]]:
    found: defaultdict[int, list[LedgerEntry]] = defaultdict(list)
    for entry in entries:
        found[entry.membership_id].append(entry)
    return found


def _row(cooperative_id: int, entry: LedgerEntry, actor: Actor | None) -> LedgerEntryRow:
    return LedgerEntryRow(
        cooperative_id=cooperative_id, id=entry.id, membership_id=entry.membership_id, account=entry.account,
        tranche=entry.tranche, kind=entry.kind, cents=entry.cents, year=entry.year, booked_on=entry.booked_on,
        recorded_at=entry.recorded_at, actor_id=actor.account_id if actor else None, corrects_id=entry.corrects,
        corrects_promise=entry.corrects_promise,
    )  # fmt: skip


def _keep(
    session: ScopedSession,
    actor: Actor | None,
    cooperative_id: int,
    rows: Sequence[LedgerEntryRow],
    action: Action,
    *,
    why: str | None = None,
    now: datetime,
    **details: Detail,
) -> None:
    """Number the rows, tell it in the trail and add them."""
    numbers = take_numbers(session, cooperative_id=cooperative_id, name=SERIES, count=len(rows))
    members = {row.membership_id for row in rows}
    audit_number = audit.record(
        session, actor, action, cooperative_id=cooperative_id,
        subject=f"membership:{members.pop()}" if len(members) == 1 else "ledger",
        details={
            "accounts": sorted({row.account.value for row in rows}), "kind": rows[0].kind.value, "count": len(rows),
            "first_number": numbers[0], "last_number": numbers[-1], **details,
        },
        why=why, now=now,
    )  # fmt: skip
    for number, row in zip(numbers, rows, strict=True):
        row.number, row.audit_number = number, audit_number
    session.add_all(rows)
    session.flush()


def book_receipt(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    membership_id: int,
    cents: int,
    booked_on: date,
    reference: str | None = None,
    year: int | None = None,
    now: datetime,
) -> int:
    """Book a contribution that came in; the key of the entry. A reference that was booked before is refused."""
    new = NewEntry(
        membership_id=membership_id, account=LedgerAccount.CONTRIBUTION, kind=EntryKind.RECEIVED, cents=cents,
        booked_on=booked_on, year=year, reference=reference,
    )  # fmt: skip
    return book_entries(session, actor, cooperative_id=cooperative_id, new=(new,), now=now)[0]


def book_capital(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    membership_id: int,
    kind: EntryKind = EntryKind.RECEIVED,
    cents: int,
    booked_on: date,
    reference: str | None = None,
    why: str | None = None,
    now: datetime,
) -> int:
    """Book capital of a member that came in, was promised or was paid out; the key of the entry."""
    new = NewEntry(
        membership_id=membership_id, account=LedgerAccount.CAPITAL, kind=kind, cents=cents, booked_on=booked_on,
        reference=reference,
    )  # fmt: skip
    return book_entries(session, actor, cooperative_id=cooperative_id, new=(new,), why=why, now=now)[0]


def transfer_capital(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    from_membership_id: int,
    to_membership_id: int,
    cents: int,
    booked_on: date,
    account: LedgerAccount = LedgerAccount.CAPITAL,
    tranche: str | None = None,
    why: str | None = None,
    now: datetime,
) -> tuple[int, int]:
    """What one member holds passes to another: two entries that are nothing together; their keys.

    Taking one of them back takes back both.
    """
    require_keeper(actor)
    if from_membership_id == to_membership_id:
        raise InvalidInput((Problem(key="to_number", reason=LedgerReason.SAME_MEMBER),))
    hold_series(session, cooperative_id=cooperative_id, name=SERIES)
    new = [
        NewEntry(membership_id=member, account=account, kind=kind, cents=cents, booked_on=booked_on, tranche=tranche)
        for member, kind in (
            (from_membership_id, EntryKind.TRANSFERRED_OUT),
            (to_membership_id, EntryKind.TRANSFERRED_IN),
        )
    ]
    given, taken = (_entry(one, now) for one in new)
    _refuse_doubts(session, cooperative_id, new, [given, taken], today=clock.legal_day(now))
    rows = [_row(cooperative_id, entry, actor) for entry in (given, taken)]
    rows[0].counterpart_id, rows[1].counterpart_id = taken.id, given.id
    _keep(session, actor, cooperative_id, rows, Action.MONEY_TRANSFERRED, why=why, now=now)
    return given.id, taken.id


def correct_entry(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    entry_id: int,
    booked_on: date | None = None,
    why: str | None = None,
    now: datetime,
) -> tuple[int, ...]:
    """Take an entry back by a counter entry, both sides where it was a transfer; the keys of the counter entries.

    The counter entry counts from the day of what it takes back, or from today where that year is closed: what stood
    in a closed year goes on to stand there. Raises InvalidInput where the money is gone by now.
    """
    require_keeper(actor)
    hold_series(session, cooperative_id=cooperative_id, name=SERIES)
    rows = _with_other_side(session, cooperative_id, entry_id)
    members = {row.membership_id for row in rows}
    before = _by_member(read_entries(session, cooperative_id=cooperative_id, membership_ids=members))
    closed, today = closed_through(session, cooperative_id=cooperative_id), clock.legal_day(now)
    day = booked_on or (today if is_closed(rows[0].booked_on, closed) else rows[0].booked_on)
    counters = []
    for row in rows:
        entry, known = entry_of(row), before[row.membership_id]
        refusal = doubt_correction(known, entry)
        if refusal is not None:
            raise Refused(refusal)
        counter = counter_of(entry, entry_id=new_key(), booked_on=day, recorded_at=now)
        problems = doubt_entry(known, counter, closed_through=closed, today=today)
        if problems:
            raise InvalidInput(
                tuple(Problem(key=_KEY_OF.get(one, ""), reason=one, details={"year": closed or 0}) for one in problems)
            )
        counters.append(counter)
    added = [_row(cooperative_id, counter, actor) for counter in counters]
    _keep(session, actor, cooperative_id, added, Action.MONEY_CORRECTED, why=why, now=now, entry=rows[0].number)
    return tuple(counter.id for counter in counters)


def _with_other_side(session: ScopedSession, cooperative_id: int, entry_id: int) -> list[LedgerEntryRow]:
    row = session.get(LedgerEntryRow, (cooperative_id, entry_id))
    if row is None:
        raise NotFound
    if row.kind not in TRANSFERS or row.counterpart_id is None:
        return [row]
    return [row, session.get_one(LedgerEntryRow, (cooperative_id, row.counterpart_id))]


def entry_of(row: LedgerEntryRow) -> LedgerEntry:
    """The entry as the rules read it."""
    return LedgerEntry(
        id=row.id, membership_id=row.membership_id, account=row.account, kind=row.kind, cents=row.cents,
        booked_on=row.booked_on, recorded_at=row.recorded_at, tranche=row.tranche, year=row.year,
        corrects=row.corrects_id, corrects_promise=row.corrects_promise,
    )  # fmt: skip


def read_entries(
    session: ScopedSession,
    *,
    cooperative_id: int,
    membership_ids: Iterable[int] | None = None,
    where: ColumnElement[bool] | None = None,
) -> list[LedgerEntry]:
    """The entries of these members (None: of everybody) in order of number. Whoever asks has asked leave before."""
    query = select(*_COLUMNS).where(LedgerEntryRow.cooperative_id == cooperative_id).order_by(LedgerEntryRow.number)
    if where is not None:
        query = query.where(where)
    wanted = None if membership_ids is None else set(membership_ids)
    if wanted is not None and len(wanted) <= AT_ONCE:
        query = query.where(LedgerEntryRow.membership_id.in_(sorted(wanted)))
    return [
        LedgerEntry(
            id=one, membership_id=member, account=account, kind=kind, cents=cents, booked_on=day, recorded_at=at,
            tranche=tranche, year=year, corrects=corrects, corrects_promise=promise,
        )
        for one, member, account, kind, cents, day, at, tranche, year, corrects, promise in session.execute(query)
        if wanted is None or member in wanted
    ]  # fmt: skip


_COLUMNS = (
    LedgerEntryRow.id, LedgerEntryRow.membership_id, LedgerEntryRow.account, LedgerEntryRow.kind, LedgerEntryRow.cents,
    LedgerEntryRow.booked_on, LedgerEntryRow.recorded_at, LedgerEntryRow.tranche, LedgerEntryRow.year,
    LedgerEntryRow.corrects_id, LedgerEntryRow.corrects_promise,
)  # fmt: skip
"""Values are read, not rows that could be changed: with thousands of entries that is several times as fast."""


def closed_through(session: ScopedSession, *, cooperative_id: int) -> int | None:
    """The newest year that is closed; None where none is."""
    return session.scalar(select(func.max(ClosedYear.year)).where(ClosedYear.cooperative_id == cooperative_id))
