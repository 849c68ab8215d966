"""Capital and loans that members promised: how much of it has not come in."""

from datetime import date

from sqlalchemy import func, or_, select

from ecoop.db import ScopedSession
from ecoop.governance.holdings import PROMISES, Place, unpaid_promises
from ecoop.models import LedgerEntryRow


def read_unpaid_promises(session: ScopedSession, *, cooperative_id: int, day: date) -> int:
    """What was promised by a day and had not come in [cents]. Whoever asks has asked leave before."""
    is_promise = or_(LedgerEntryRow.kind.in_(sorted(PROMISES)), LedgerEntryRow.corrects_promise)
    promisers = select(LedgerEntryRow.membership_id).where(LedgerEntryRow.cooperative_id == cooperative_id, is_promise)
    query = (
        select(
            LedgerEntryRow.membership_id, LedgerEntryRow.account, LedgerEntryRow.tranche,
            is_promise.label("is_promise"), func.sum(LedgerEntryRow.cents),
        )
        .where(
            LedgerEntryRow.cooperative_id == cooperative_id,
            LedgerEntryRow.booked_on <= day,
            LedgerEntryRow.membership_id.in_(promisers),
        )
        .group_by(LedgerEntryRow.membership_id, LedgerEntryRow.account, LedgerEntryRow.tranche, "is_promise")
    )  # fmt: skip
    held = {
        Place(member, account, tranche or "", bool(promise)): int(cents)
        for member, account, tranche, promise, cents in session.execute(query)
    }
    return unpaid_promises(held)
