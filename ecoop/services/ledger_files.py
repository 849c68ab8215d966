"""The whole ledger of some days, entry by entry with whose it is: for files."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from ecoop.db import ScopedSession
from ecoop.governance.holdings import EntryKind
from ecoop.governance.roles import Actor
from ecoop.models import LedgerEntryRow
from ecoop.services.balances import AccountLine, line_of, names_of
from ecoop.services.ledger import require_reader


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """One entry of the whole ledger with whose it is, for a file."""

    entry: AccountLine
    membership_id: int
    member_number: int | None
    name: str
    means: EntryKind
    """The kind of the entry, or of what it takes back."""


def read_ledger(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, since: date, until: date
) -> tuple[LedgerLine, ...]:
    """Every entry that counts from a day until a day (not included), in order of number."""
    require_reader(actor)
    rows = session.scalars(
        select(LedgerEntryRow)
        .where(
            LedgerEntryRow.cooperative_id == cooperative_id,
            LedgerEntryRow.booked_on >= since,
            LedgerEntryRow.booked_on < until,
        )
        .order_by(LedgerEntryRow.number)
    ).all()
    corrected = {row.corrects_id for row in rows}
    taken_back = _taken_back(session, cooperative_id)
    numbers = {one: number for one, (number, _kind) in taken_back.items()}
    names = names_of(session, cooperative_id, until, None)
    return tuple(
        LedgerLine(
            entry=line_of(row, None, None, numbers, is_corrected=row.id in corrected),
            membership_id=row.membership_id, member_number=names[row.membership_id][0],
            name=names[row.membership_id][1],
            means=taken_back[row.corrects_id][1] if row.corrects_id else row.kind,
        )
        for row in rows
    )  # fmt: skip


def _taken_back(session: ScopedSession, cooperative_id: int) -> dict[int, tuple[int, EntryKind]]:
    """Number and kind of every entry that was taken back, whenever that was."""
    gone = select(LedgerEntryRow.corrects_id).where(
        LedgerEntryRow.cooperative_id == cooperative_id, LedgerEntryRow.corrects_id.is_not(None)
    )
    query = select(LedgerEntryRow.id, LedgerEntryRow.number, LedgerEntryRow.kind)
    query = query.where(LedgerEntryRow.cooperative_id == cooperative_id, LedgerEntryRow.id.in_(gone))
    return {one: (number, kind) for one, number, kind in session.execute(query)}
