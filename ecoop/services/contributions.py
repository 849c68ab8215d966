"""Contributions: charging those of a year to a whole class of members, in one run that can be run again."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from ecoop.db import ScopedSession
from ecoop.errors import InvalidInput, Problem
from ecoop.governance.audit import Action
from ecoop.governance.holdings import EntryKind, LedgerAccount, LedgerReason
from ecoop.governance.membership import IS_MEMBER
from ecoop.governance.roles import Actor
from ecoop.models import LedgerEntryRow, MembershipSpan
from ecoop.services.ledger import SERIES, NewEntry, book_entries, require_keeper
from ecoop.services.number_series import hold_series


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeRun:
    """A contribution for every member of a class: whom it would be, or was, charged to, and who had it already."""

    membership_ids: tuple[int, ...]
    already: int
    cents: int

    @property
    def total_cents(self) -> int:
        """What is charged in all."""
        return self.cents * len(self.membership_ids)


def charge_run(
    session: ScopedSession, *, cooperative_id: int, class_code: str, year: int, cents: int, day: date
) -> ChargeRun:
    """To whom the contribution of a year would be charged: who is a member of the class on `day` and has it not yet."""
    members = _members_of_class(session, cooperative_id, class_code, day)
    charged = _charged(session, cooperative_id, year)
    return ChargeRun(
        membership_ids=tuple(one for one in members if one not in charged),
        already=sum(1 for one in members if one in charged),
        cents=cents,
    )


def charge_contribution(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    class_code: str,
    year: int,
    cents: int,
    booked_on: date,
    now: datetime,
) -> ChargeRun:
    """Charge the contribution of a year to every member of a class on that day, in one run.

    Run again, it charges only who has it not yet. Raises InvalidInput where that is nobody.
    """
    require_keeper(actor)
    hold_series(session, cooperative_id=cooperative_id, name=SERIES)
    run = charge_run(
        session, cooperative_id=cooperative_id, class_code=class_code, year=year, cents=cents, day=booked_on
    )
    if not run.membership_ids:
        raise InvalidInput((Problem(key="class_code", reason=LedgerReason.NOBODY_TO_CHARGE),))
    new = [
        NewEntry(membership_id=one, account=LedgerAccount.CONTRIBUTION, kind=EntryKind.CHARGED, cents=cents,
                 booked_on=booked_on, year=year)
        for one in run.membership_ids
    ]  # fmt: skip
    book_entries(session, actor, cooperative_id=cooperative_id, new=new, action=Action.MONEY_CHARGED, now=now)
    return run


def _members_of_class(session: ScopedSession, cooperative_id: int, class_code: str, day: date) -> list[int]:
    query = select(MembershipSpan.membership_id).where(
        MembershipSpan.cooperative_id == cooperative_id,
        MembershipSpan.status.in_(sorted(IS_MEMBER)),
        MembershipSpan.class_code == class_code,
        MembershipSpan.starts_on <= day,
        MembershipSpan.ends_on > day,
        MembershipSpan.known_until.is_(None),
    )
    return list(session.scalars(query.order_by(MembershipSpan.membership_id)))


def _charged(session: ScopedSession, cooperative_id: int, year: int) -> set[int]:
    """Who was charged for a year by an entry that was not taken back."""
    gone = select(LedgerEntryRow.corrects_id).where(
        LedgerEntryRow.cooperative_id == cooperative_id, LedgerEntryRow.corrects_id.is_not(None)
    )
    query = select(LedgerEntryRow.membership_id).where(
        LedgerEntryRow.cooperative_id == cooperative_id,
        LedgerEntryRow.kind == EntryKind.CHARGED,
        LedgerEntryRow.year == year,
        LedgerEntryRow.id.not_in(gone),
    )
    return set(session.scalars(query))
