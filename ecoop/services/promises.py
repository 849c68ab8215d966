"""Capital and loans that members promised: how much of it has not come in."""

from dataclasses import replace
from datetime import date

from sqlalchemy import func, or_, select

from ecoop.db import ScopedSession
from ecoop.governance.holdings import PROMISES, Place, unpaid_promises
from ecoop.models import LedgerEntryRow


def read_unpaid_promises(session: ScopedSession, *, cooperative_id: int, day: date) -> int:
    """What was promised by a day and had not come in [cents]. Whoever asks has asked leave before."""
    return unpaid_promises(_held(session, cooperative_id, day))


def read_open_promises(session: ScopedSession, *, cooperative_id: int, day: date) -> dict[Place, int]:
    """What has not come in of each promise [cents], by where it was promised. Whoever asks has asked leave before."""
    held = _held(session, cooperative_id, day)
    found = {
        place: max(0, cents - held.get(replace(place, promised=False), 0))
        for place, cents in held.items()
        if place.promised
    }
    return {place: cents for place, cents in found.items() if cents}


def _held(session: ScopedSession, cooperative_id: int, day: date) -> dict[Place, int]:
    """What stands in every place of who ever promised something."""
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
    return {
        Place(member, account, tranche or "", bool(promise)): int(cents)
        for member, account, tranche, promise, cents in session.execute(query)
    }
