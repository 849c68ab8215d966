"""Closing years: what the ledger held at the end of a year is fixed, and nothing is booked in it any more."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import Refused
from ecoop.governance.audit import Action
from ecoop.governance.holdings import LedgerReason
from ecoop.governance.roles import Actor
from ecoop.models import Account, ClosedYear, LedgerEntryRow
from ecoop.services import audit
from ecoop.services.balances import BalanceList, read_balance_list
from ecoop.services.ledger import SERIES, closed_through, require_keeper, require_reader
from ecoop.services.number_series import hold_series


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedYearView:
    """A year that was closed, and whether the ledger still says what it said then."""

    year: int
    closed_at: datetime
    closed_by: str | None
    entries: int
    contribution_cents: int
    capital_cents: int
    loan_cents: int
    digest: str


def close_year(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, year: int, now: datetime
) -> ClosedYearView:
    """Close a year that is over, and with it every year before it. It is never opened again.

    What turns out wrong afterwards is put right by a counter entry in a year that is open.
    """
    require_keeper(actor)
    hold_series(session, cooperative_id=cooperative_id, name=SERIES)
    if date(year, 12, 31) >= clock.legal_day(now):
        raise Refused(LedgerReason.YEAR_NOT_OVER, year=str(year))
    newest = closed_through(session, cooperative_id=cooperative_id)
    if newest is not None and year <= newest:
        raise Refused(LedgerReason.YEAR_ALREADY_CLOSED, year=str(newest))
    found = read_balance_list(session, actor, cooperative_id=cooperative_id, day=date(year, 12, 31))
    row = ClosedYear(
        cooperative_id=cooperative_id, year=year, closed_at=now, closed_by_id=actor.account_id if actor else None,
        entries=_entries_of(session, cooperative_id, year), contribution_cents=found.total("contribution_cents"),
        capital_cents=found.total("capital_cents"), loan_cents=found.total("loan_cents"), digest=found.digest,
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.record(
        session, actor, Action.MONEY_YEAR_CLOSED, cooperative_id=cooperative_id, subject=f"year:{year}",
        details={"year": year, "count": row.entries, "file_digest": row.digest}, now=now,
    )  # fmt: skip
    return _view(row, actor.name if actor else None)


def _entries_of(session: ScopedSession, cooperative_id: int, year: int) -> int:
    query = select(func.count()).select_from(LedgerEntryRow)
    query = query.where(
        LedgerEntryRow.cooperative_id == cooperative_id,
        LedgerEntryRow.booked_on >= date(year, 1, 1),
        LedgerEntryRow.booked_on <= date(year, 12, 31),
    )
    return session.scalar(query) or 0


def read_closed_years(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int
) -> tuple[ClosedYearView, ...]:
    """The years that were closed, newest first."""
    require_reader(actor)
    rows = session.execute(
        select(ClosedYear, Account.name)
        .outerjoin(Account, Account.id == ClosedYear.closed_by_id)
        .where(ClosedYear.cooperative_id == cooperative_id)
        .order_by(ClosedYear.year.desc())
    )
    return tuple(_view(row, name) for row, name in rows)


def list_as_closed(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, view: ClosedYearView
) -> BalanceList:
    """The balance list of the last day of a closed year as it was known when it was closed: with the same digest."""
    return read_balance_list(
        session, actor, cooperative_id=cooperative_id, day=date(view.year, 12, 31), known_at=view.closed_at
    )


def still_holds(session: ScopedSession, actor: Actor | None, *, cooperative_id: int, view: ClosedYearView) -> bool:
    """Whether the ledger still says of a closed year what it said when it was closed."""
    found = list_as_closed(session, actor, cooperative_id=cooperative_id, view=view)
    return found.digest == view.digest


def _view(row: ClosedYear, name: str | None) -> ClosedYearView:
    return ClosedYearView(
        year=row.year, closed_at=row.closed_at, closed_by=name, entries=row.entries,
        contribution_cents=row.contribution_cents, capital_cents=row.capital_cents, loan_cents=row.loan_cents,
        digest=row.digest,
    )  # fmt: skip
