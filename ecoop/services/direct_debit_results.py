"""What became of a batch, and what pages show of it: its lines, the letters to its payers, and what came back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, and_, func, select

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import InvalidInput, NotFound, Problem, Refused
from ecoop.governance.audit import Action
from ecoop.governance.direct_debits import (
    DirectDebitReason,
    DirectDebitState,
    LineResult,
    Sequence,
    announce_by,
    is_reason_code,
)
from ecoop.governance.holdings import EntryKind, LedgerAccount
from ecoop.governance.mandates import MandateEventKind, MandateScheme
from ecoop.governance.roles import Actor
from ecoop.models import (
    BankAccount,
    Creditor,
    DirectDebit,
    DirectDebitLine,
    LedgerEntryRow,
    Mandate,
    Membership,
    PartyRecord,
)
from ecoop.services import audit
from ecoop.services.creditors import CreditorView, view_of
from ecoop.services.direct_debits import held
from ecoop.services.ledger import NewEntry, book_entries, require_keeper, require_reader
from ecoop.services.mandates import event_row
from ecoop.services.parties import holding_on

AT_ONCE = 50
"""Lines on a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """One amount of a batch, with a masked account number."""

    id: int
    membership_id: int
    number: int | None
    name: str
    year: int | None
    cents: int
    masked_iban: str
    mandate_reference: str
    sequence: Sequence
    result: LineResult
    reason_code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchView:
    """A batch: how far it is, and how much it collects."""

    id: int
    state: DirectDebitState
    scheme: MandateScheme
    collection_on: date
    description: str
    message_id: str
    drafted_at: datetime
    announced_at: datetime | None
    file_made_at: datetime | None
    file_digest: str | None
    booked_at: datetime | None
    announce_by: date
    creditor: CreditorView
    counts: Mapping[LineResult, tuple[int, int]]
    """How many lines there are of each result, and their cents."""

    @property
    def count(self) -> int:
        """The lines that are not left out."""
        return sum(count for result, (count, _) in self.counts.items() if result is not LineResult.LEFT_OUT)

    @property
    def cents(self) -> int:
        """What is collected in all."""
        return sum(cents for result, (_, cents) in self.counts.items() if result is not LineResult.LEFT_OUT)


def book_results(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    direct_debit_id: int,
    returns: Mapping[int, str],
    now: datetime,
) -> None:
    """Book a batch that the bank has carried out: every line as received, and those in `returns` as come back.

    `returns` maps lines to the bank's reason code. Raises InvalidInput naming every code that is none, and Refused
    before the day of collection.
    """
    require_keeper(actor)
    row, _creditor = held(session, cooperative_id, direct_debit_id, DirectDebitState.BOOKED)
    today = clock.legal_day(now)
    if today < row.collection_on:
        raise Refused(DirectDebitReason.NOT_COLLECTED_YET)
    lines = session.scalars(_open_lines(row)).all()
    _refuse_codes(returns, {line.id for line in lines})
    years = _years(session, row)
    received = book_entries(
        session, actor, cooperative_id=cooperative_id, new=[_entry(row, line, years) for line in lines], now=now
    )
    for line, entry_id in zip(lines, received, strict=True):
        line.entry_id, line.result = entry_id, LineResult.BOOKED
    _return(session, actor, row, [line for line in lines if line.id in returns], returns, day=today, now=now)
    row.state, row.booked_at = DirectDebitState.BOOKED, now
    session.flush()
    number = audit.record(
        session, actor, Action.DIRECT_DEBIT_BOOKED, cooperative_id=cooperative_id, subject=f"direct_debit:{row.id}",
        details={"count": len(lines), "returned": len(returns)}, now=now,
    )  # fmt: skip
    _note_uses(session, actor, row, {line.mandate_id for line in lines if line.id not in returns}, number, now)


def book_return(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    line_id: int,
    reason_code: str,
    day: date,
    now: datetime,
) -> None:
    """A line came back after its batch was booked, as a payer may ask for weeks: the charge is open again."""
    require_keeper(actor)
    line = session.scalar(
        select(DirectDebitLine)
        .where(DirectDebitLine.cooperative_id == cooperative_id, DirectDebitLine.id == line_id)
        .with_for_update()
    )
    if line is None:
        raise NotFound
    if line.result is not LineResult.BOOKED:
        raise Refused(DirectDebitReason.WRONG_STEP)
    returns = {line.id: reason_code.strip().upper()}
    _refuse_codes(returns, {line.id})
    row, _creditor = held(session, cooperative_id, line.direct_debit_id)
    _return(session, actor, row, [line], returns, day=day, now=now)


def book_bank_file(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    direct_debit_id: int,
    returns: Mapping[int, str],
    now: datetime,
) -> None:
    """Book what the bank did with a batch; once that is done, what came back since, as of today."""
    require_keeper(actor)
    row, _creditor = held(session, cooperative_id, direct_debit_id)
    if row.state is not DirectDebitState.BOOKED:
        book_results(
            session, actor, cooperative_id=cooperative_id, direct_debit_id=direct_debit_id, returns=returns, now=now
        )
        return
    for line_id, code in returns.items():
        book_return(
            session, actor, cooperative_id=cooperative_id, line_id=line_id, reason_code=code,
            day=clock.legal_day(now), now=now,
        )  # fmt: skip


def _open_lines(row: DirectDebit) -> Select[DirectDebitLine]:
    return (
        select(DirectDebitLine)
        .where(
            DirectDebitLine.cooperative_id == row.cooperative_id,
            DirectDebitLine.direct_debit_id == row.id,
            DirectDebitLine.result == LineResult.OPEN,
        )
        .order_by(DirectDebitLine.id)
    )


def _refuse_codes(returns: Mapping[int, str], known: set[int]) -> None:
    if set(returns) - known:
        raise NotFound
    problems = tuple(
        Problem(key=f"return_{line_id}", reason=DirectDebitReason.REASON_CODE_UNUSABLE)
        for line_id, code in returns.items()
        if not is_reason_code(code)
    )
    if problems:
        raise InvalidInput(problems)


def _years(session: ScopedSession, row: DirectDebit) -> dict[int, int | None]:
    """The year of every charge that the batch collects."""
    query = (
        select(LedgerEntryRow.id, LedgerEntryRow.year)
        .join(
            DirectDebitLine,
            and_(
                DirectDebitLine.cooperative_id == LedgerEntryRow.cooperative_id,
                DirectDebitLine.charge_id == LedgerEntryRow.id,
            ),
        )
        .where(LedgerEntryRow.cooperative_id == row.cooperative_id, DirectDebitLine.direct_debit_id == row.id)
    )
    return {one: year for one, year in session.execute(query)}  # noqa: C416  rows are no pairs to mypy


def _entry(row: DirectDebit, line: DirectDebitLine, years: Mapping[int, int | None]) -> NewEntry:
    return NewEntry(
        membership_id=line.membership_id, account=LedgerAccount.CONTRIBUTION, kind=EntryKind.RECEIVED,
        cents=line.cents, booked_on=row.collection_on, year=years[line.charge_id], reference=line.end_to_end_id,
    )  # fmt: skip


def _return(
    session: ScopedSession,
    actor: Actor | None,
    row: DirectDebit,
    lines: list[DirectDebitLine],
    codes: Mapping[int, str],
    *,
    day: date,
    now: datetime,
) -> None:
    years = _years(session, row)
    new = [
        NewEntry(
            membership_id=line.membership_id, account=LedgerAccount.CONTRIBUTION, kind=EntryKind.RETURNED,
            cents=line.cents, booked_on=day, reference=f"{line.end_to_end_id}-R",
            year=years[line.charge_id],
        )
        for line in lines
    ]  # fmt: skip
    booked = book_entries(session, actor, cooperative_id=row.cooperative_id, new=new, now=now)
    for line, entry_id in zip(lines, booked, strict=True):
        line.result, line.reason_code, line.returned_entry_id = LineResult.RETURNED, codes[line.id], entry_id
    session.flush()


def _note_uses(
    session: ScopedSession, actor: Actor | None, row: DirectDebit, mandate_ids: set[int], number: int, now: datetime
) -> None:
    """Every mandate with which was collected was used on that day; told once for the whole batch."""
    used = session.scalars(
        select(Mandate)
        .join(
            DirectDebitLine,
            and_(
                DirectDebitLine.cooperative_id == Mandate.cooperative_id,
                DirectDebitLine.mandate_id == Mandate.id,
                DirectDebitLine.direct_debit_id == row.id,
            ),
        )
        .distinct()
    ).all()
    session.add_all(
        event_row(one, MandateEventKind.USED, row.collection_on, actor, number, now=now, direct_debit_id=row.id)
        for one in used
        if one.id in mandate_ids
    )
    session.flush()


def read_batches(session: ScopedSession, actor: Actor | None, *, cooperative_id: int) -> tuple[BatchView, ...]:
    """Every batch of a cooperative, newest first. The number of queries does not depend on how many there are."""
    require_reader(actor)
    return _views(session, cooperative_id, _batches(cooperative_id))


def read_batch(session: ScopedSession, actor: Actor | None, *, cooperative_id: int, direct_debit_id: int) -> BatchView:
    """One batch. Raises NotFound."""
    require_reader(actor)
    found = _views(session, cooperative_id, _batches(cooperative_id).where(DirectDebit.id == direct_debit_id))
    if not found:
        raise NotFound
    return found[0]


def _batches(cooperative_id: int) -> Select[DirectDebit, Creditor]:
    return (
        select(DirectDebit, Creditor)
        .join(
            Creditor,
            and_(Creditor.cooperative_id == DirectDebit.cooperative_id, Creditor.id == DirectDebit.creditor_id),
        )
        .where(DirectDebit.cooperative_id == cooperative_id)
        .order_by(DirectDebit.collection_on.desc(), DirectDebit.id.desc())
    )


def _views(session: ScopedSession, cooperative_id: int, query: Select[DirectDebit, Creditor]) -> tuple[BatchView, ...]:
    rows = session.execute(query).all()
    counts: dict[int, dict[LineResult, tuple[int, int]]] = {row.id: {} for row, _creditor in rows}
    sums = session.execute(
        select(DirectDebitLine.direct_debit_id, DirectDebitLine.result, func.count(), func.sum(DirectDebitLine.cents))
        .where(DirectDebitLine.cooperative_id == cooperative_id, DirectDebitLine.direct_debit_id.in_(sorted(counts)))
        .group_by(DirectDebitLine.direct_debit_id, DirectDebitLine.result)
    )
    for batch_id, result, count, cents in sums:
        counts[batch_id][result] = (count, int(cents))
    return tuple(_view(row, creditor, counts[row.id]) for row, creditor in rows)


def _view(row: DirectDebit, creditor: Creditor, counts: Mapping[LineResult, tuple[int, int]]) -> BatchView:
    return BatchView(
        id=row.id, state=row.state, scheme=row.scheme, collection_on=row.collection_on, description=row.description,
        message_id=row.message_id, drafted_at=row.drafted_at, announced_at=row.announced_at,
        file_made_at=row.file_made_at, file_digest=row.file_digest, booked_at=row.booked_at,
        announce_by=announce_by(row.collection_on, creditor.announce_days), creditor=view_of(creditor), counts=counts,
    )  # fmt: skip


def read_lines(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    direct_debit_id: int,
    day: date,
    page: int | None = None,
) -> tuple[LineView, ...]:
    """The lines of a batch in order, one page of them or all (None)."""
    require_reader(actor)
    query = (
        select(DirectDebitLine, Membership, PartyRecord, Mandate, BankAccount, LedgerEntryRow.year)
        .join(
            Membership,
            and_(
                Membership.cooperative_id == DirectDebitLine.cooperative_id,
                Membership.id == DirectDebitLine.membership_id,
            ),
        )
        .join(
            PartyRecord,
            and_(PartyRecord.cooperative_id == Membership.cooperative_id, PartyRecord.party_id == Membership.party_id),
        )
        .join(
            Mandate,
            and_(Mandate.cooperative_id == DirectDebitLine.cooperative_id, Mandate.id == DirectDebitLine.mandate_id),
        )
        .join(
            BankAccount,
            and_(BankAccount.cooperative_id == Mandate.cooperative_id, BankAccount.id == Mandate.bank_account_id),
        )
        .join(
            LedgerEntryRow,
            and_(
                LedgerEntryRow.cooperative_id == DirectDebitLine.cooperative_id,
                LedgerEntryRow.id == DirectDebitLine.charge_id,
            ),
        )
        .where(
            DirectDebitLine.cooperative_id == cooperative_id,
            DirectDebitLine.direct_debit_id == direct_debit_id,
            *holding_on(day, None),
        )
        .order_by(DirectDebitLine.id)
    )
    if page is not None:
        query = query.limit(AT_ONCE).offset((max(1, page) - 1) * AT_ONCE)
    return tuple(
        LineView(
            id=line.id, membership_id=line.membership_id, number=membership.number, name=record.name, year=year,
            cents=line.cents, masked_iban=account.masked_iban, mandate_reference=mandate.reference,
            sequence=line.sequence, result=line.result, reason_code=line.reason_code,
        )
        for line, membership, record, mandate, account, year in session.execute(query)
    )  # fmt: skip
