"""What the ledger says: the account of a member, the balance list of a day, and what others may ask of it."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from ecoop.db import ScopedSession
from ecoop.errors import NotFound
from ecoop.governance.holdings import (
    PROMISES,
    EntryKind,
    LedgerAccount,
    OpenCharge,
    Place,
    holdings_on,
    open_charges_on,
)
from ecoop.governance.membership import IS_MEMBER, Status
from ecoop.governance.roles import Actor
from ecoop.models import Account, AuditNote, LedgerEntryRow, Membership, MembershipSpan, Party, PartyRecord
from ecoop.services.ledger import entry_of, read_entries, require_reader
from ecoop.services.parties import holding_on
from ecoop.services.register import spans_known_at


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """One entry of a member's account, with who booked it and why."""

    id: int
    number: int
    account: LedgerAccount
    tranche: str | None
    kind: EntryKind
    cents: int
    year: int | None
    booked_on: date
    recorded_at: datetime
    actor: str | None
    reason: str | None
    reference: str | None
    corrects_number: int | None
    is_corrected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberAccount:
    """What one member has with the cooperative on a day, and every entry behind it, newest first."""

    membership_id: int
    party_id: int
    number: int | None
    name: str
    account_id: int | None
    holdings: Mapping[Place, int]
    open_charges: tuple[OpenCharge, ...]
    lines: tuple[AccountLine, ...]

    def cents(self, account: LedgerAccount, *, promised: bool = False) -> int:
        """What stands on an account, all tranches together."""
        return sum(
            cents for place, cents in self.holdings.items() if place.account is account and place.promised is promised
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceLine:
    """One member on the balance list of a day."""

    membership_id: int
    number: int | None
    name: str
    status: Status | None
    contribution_cents: int
    """Below zero: the member owes it."""
    capital_cents: int
    loan_cents: int
    promised_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceList:
    """Everybody who was a member on the day or had something with the cooperative, with totals and a fingerprint."""

    day: date
    known_at: datetime | None
    lines: tuple[BalanceLine, ...]
    digest: str

    def total(self, name: str) -> int:
        """The sum of a column [cents]."""
        return sum(getattr(line, name) for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyOverview:
    """How the money of membership stands on a day."""

    capital_cents: int
    capital_members: int
    loan_cents: int
    promised_cents: int
    owing_members: int
    open_cents: int
    """What members owe together."""
    open_charges: tuple[OpenCharge, ...] | None
    """Each charge that is open; None where more members owe than one looks through."""


MOST_OWING = 500
"""Above so many members who owe, the overview does not look through what each of them owes."""


def read_account(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    membership_id: int,
    day: date,
    known_at: datetime | None = None,
) -> MemberAccount:
    """The account of one member on a day. Raises NotFound."""
    require_reader(actor)
    return _account(session, cooperative_id, membership_id, day, known_at)


def read_own_money(
    session: ScopedSession, *, cooperative_id: int, party_ids: Iterable[int], day: date
) -> tuple[MemberAccount, ...]:
    """The accounts of somebody's own parties. Who asks has made sure that they are the own ones."""
    query = select(Membership.id).where(
        Membership.cooperative_id == cooperative_id, Membership.party_id.in_(sorted(party_ids))
    )
    ids = session.scalars(query.order_by(Membership.id)).all()
    return tuple(_account(session, cooperative_id, one, day, None) for one in ids)


def _account(
    session: ScopedSession, cooperative_id: int, membership_id: int, day: date, known_at: datetime | None
) -> MemberAccount:
    found = session.execute(
        select(Membership, Party, PartyRecord)
        .join(Party, and_(Party.cooperative_id == Membership.cooperative_id, Party.id == Membership.party_id))
        .join(PartyRecord, _record_of_membership())
        .where(Membership.cooperative_id == cooperative_id, Membership.id == membership_id, *holding_on(day, known_at))
    ).one_or_none()
    if found is None:
        raise NotFound
    membership, party, record = found
    rows = session.execute(
        select(LedgerEntryRow, Account.name, AuditNote.text)
        .outerjoin(Account, Account.id == LedgerEntryRow.actor_id)
        .outerjoin(
            AuditNote,
            and_(
                AuditNote.cooperative_id == LedgerEntryRow.cooperative_id,
                AuditNote.number == LedgerEntryRow.audit_number,
            ),
        )
        .where(LedgerEntryRow.cooperative_id == cooperative_id, LedgerEntryRow.membership_id == membership_id)
        .order_by(LedgerEntryRow.booked_on.desc(), LedgerEntryRow.number.desc())
    ).all()
    entries = [entry_of(row) for row, _name, _note in rows]
    numbers = {row.id: row.number for row, _name, _note in rows}
    gone = {row.corrects_id for row, _name, _note in rows}
    return MemberAccount(
        membership_id=membership.id, party_id=party.id, number=membership.number, name=record.name,
        account_id=party.account_id, holdings=holdings_on(entries, day, known_at),
        open_charges=open_charges_on(entries, day, known_at),
        lines=tuple(
            line_of(row, name, note, numbers, is_corrected=row.id in gone)
            for row, name, note in rows
            if known_at is None or row.recorded_at <= known_at
        ),
    )  # fmt: skip


def line_of(
    row: LedgerEntryRow, name: str | None, note: str | None, numbers: Mapping[int, int], *, is_corrected: bool
) -> AccountLine:
    """A row as pages and files show it; `numbers` are those of what was taken back."""
    return AccountLine(
        id=row.id, number=row.number, account=row.account, tranche=row.tranche, kind=row.kind, cents=row.cents,
        year=row.year, booked_on=row.booked_on, recorded_at=row.recorded_at, actor=name, reason=note,
        reference=row.reference, corrects_number=numbers.get(row.corrects_id) if row.corrects_id else None,
        is_corrected=is_corrected,
    )  # fmt: skip


def _record_of_membership() -> ColumnElement[bool]:
    return and_(PartyRecord.cooperative_id == Membership.cooperative_id, PartyRecord.party_id == Membership.party_id)


def read_balance_list(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, day: date, known_at: datetime | None = None
) -> BalanceList:
    """The balance list of a day, as it is known now or was known then, in order of number.

    Who leaves on a day is a member that whole day and stands on its list; who left with something still standing
    stays on the list until it is nothing. The number of queries does not depend on the number of members.
    """
    require_reader(actor)
    held = _sums(session, cooperative_id, day, known_at)
    status = _statuses(session, cooperative_id, day, known_at)
    lines = tuple(
        _balance_line(one, number, name, status.get(one), held.get(one, {}))
        for one, (number, name) in names_of(session, cooperative_id, day, known_at).items()
        if held.get(one) or status.get(one) in IS_MEMBER
    )
    return BalanceList(day=day, known_at=known_at, lines=lines, digest=_digest(day, lines))


def names_of(
    session: ScopedSession, cooperative_id: int, day: date, known_at: datetime | None
) -> dict[int, tuple[int | None, str]]:
    """Number and name of everybody, in order of number: the name of the day, or the first that is known of later days.

    Nobody is left out, so that a list always holds the whole ledger.
    """
    query = (
        select(Membership.id, Membership.number, PartyRecord.name)
        .outerjoin(PartyRecord, and_(_record_of_membership(), *holding_on(day, known_at)))
        .where(Membership.cooperative_id == cooperative_id)
        .order_by(Membership.number.is_(None), Membership.number, Membership.id)
    )
    found = {one: (number, name) for one, number, name in session.execute(query)}
    if all(name is not None for _number, name in found.values()):
        return found
    later = select(Membership.id, PartyRecord.name).join(PartyRecord, _record_of_membership())
    later = later.where(Membership.cooperative_id == cooperative_id).order_by(PartyRecord.valid_from.desc())
    fallback = {one: name for one, name in session.execute(later)}  # noqa: C416  rows are no pairs to mypy
    return {one: (number, name or fallback.get(one, "")) for one, (number, name) in found.items()}


_Sums = Mapping[tuple[LedgerAccount, bool], int]


def _sums(
    session: ScopedSession, cooperative_id: int, day: date, known_at: datetime | None
) -> dict[int, dict[tuple[LedgerAccount, bool], int]]:
    """What stands on every account of every member, added up by the database; what holds nothing is left out."""
    promised = or_(LedgerEntryRow.kind.in_(sorted(PROMISES)), LedgerEntryRow.corrects_promise).label("is_promise")
    query = (
        select(LedgerEntryRow.membership_id, LedgerEntryRow.account, promised, func.sum(LedgerEntryRow.cents))
        .where(LedgerEntryRow.cooperative_id == cooperative_id, LedgerEntryRow.booked_on <= day)
        .group_by(LedgerEntryRow.membership_id, LedgerEntryRow.account, "is_promise")
    )
    if known_at is not None:
        query = query.where(LedgerEntryRow.recorded_at <= known_at)
    found: dict[int, dict[tuple[LedgerAccount, bool], int]] = defaultdict(dict)
    for member, account, is_promise, cents in session.execute(query):
        if cents:
            found[member][account, bool(is_promise)] = int(cents)
    return found


def _statuses(session: ScopedSession, cooperative_id: int, day: date, known_at: datetime | None) -> dict[int, Status]:
    query = select(MembershipSpan.membership_id, MembershipSpan.status).where(
        MembershipSpan.cooperative_id == cooperative_id,
        MembershipSpan.starts_on <= day,
        MembershipSpan.ends_on > day,
        spans_known_at(known_at),
    )
    return {member: status for member, status in session.execute(query)}  # noqa: C416  rows are no pairs to mypy


def read_capital(
    session: ScopedSession, *, cooperative_id: int, day: date, known_at: datetime | None = None
) -> dict[int, int]:
    """The capital of every membership that has any at the end of `day` [cents]; promises are no capital."""
    held = _sums(session, cooperative_id, day, known_at)
    return {
        one: sums[LedgerAccount.CAPITAL, False] for one, sums in held.items() if (LedgerAccount.CAPITAL, False) in sums
    }


def _balance_line(one: int, number: int | None, name: str, status: Status | None, held: _Sums) -> BalanceLine:
    return BalanceLine(
        membership_id=one, number=number, name=name, status=status,
        contribution_cents=held.get((LedgerAccount.CONTRIBUTION, False), 0),
        capital_cents=held.get((LedgerAccount.CAPITAL, False), 0),
        loan_cents=held.get((LedgerAccount.LOAN, False), 0),
        promised_cents=sum(cents for (_account, promised), cents in held.items() if promised),
    )  # fmt: skip


def _digest(day: date, lines: tuple[BalanceLine, ...]) -> str:
    """SHA-256 over the canonical JSON of the list: the same list made again later has the same digest.

    Names are left out, so that it can be made again when somebody has been forgotten by then.
    """
    rows = [
        [line.number or line.membership_id, line.status.value if line.status else None, line.contribution_cents,
         line.capital_cents, line.loan_cents, line.promised_cents]
        for line in lines
    ]  # fmt: skip
    text = json.dumps({"on": day.isoformat(), "lines": rows}, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def read_overview(session: ScopedSession, actor: Actor | None, *, cooperative_id: int, day: date) -> MoneyOverview:
    """How the money of membership stands on a day, all members together."""
    require_reader(actor)
    held = _sums(session, cooperative_id, day, None)
    capital = [one[LedgerAccount.CAPITAL, False] for one in held.values() if (LedgerAccount.CAPITAL, False) in one]
    owed = [
        -one[LedgerAccount.CONTRIBUTION, False] for one in held.values() if (LedgerAccount.CONTRIBUTION, False) in one
    ]
    owed = [cents for cents in owed if cents > 0]
    charges = None
    if len(owed) <= MOST_OWING:
        charges = read_open_charges(session, cooperative_id=cooperative_id, day=day)
    return MoneyOverview(
        capital_cents=sum(capital),
        capital_members=len(capital),
        loan_cents=sum(one.get((LedgerAccount.LOAN, False), 0) for one in held.values()),
        promised_cents=sum(cents for one in held.values() for (_, promised), cents in one.items() if promised),
        owing_members=len(owed),
        open_cents=sum(owed),
        open_charges=charges,
    )


def read_names(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, day: date
) -> dict[int, tuple[int | None, str]]:
    """Number and name of everybody, by membership, in order of number."""
    require_reader(actor)
    return names_of(session, cooperative_id, day, None)


def read_open_charges(session: ScopedSession, *, cooperative_id: int, day: date) -> tuple[OpenCharge, ...]:
    """Every charge that is not paid in full, oldest first: only members who owe something are looked at."""
    owing = (
        select(LedgerEntryRow.membership_id)
        .where(
            LedgerEntryRow.cooperative_id == cooperative_id,
            LedgerEntryRow.account == LedgerAccount.CONTRIBUTION,
            LedgerEntryRow.booked_on <= day,
        )
        .group_by(LedgerEntryRow.membership_id)
        .having(func.sum(LedgerEntryRow.cents) < 0)
    )
    entries = read_entries(
        session, cooperative_id=cooperative_id,
        where=and_(
            LedgerEntryRow.account == LedgerAccount.CONTRIBUTION, LedgerEntryRow.membership_id.in_(owing)
        ),
    )  # fmt: skip
    return open_charges_on(entries, day)


def balance_of(
    session: ScopedSession, *, cooperative_id: int, membership_id: int, day: date, known_at: datetime | None = None
) -> dict[Place, int]:
    """What stands in every place of one member on a day [cents]: contribution, capital, loans, promises."""
    entries = read_entries(session, cooperative_id=cooperative_id, membership_ids=(membership_id,))
    return holdings_on(entries, day, known_at)


def open_charges_of(
    session: ScopedSession, *, cooperative_id: int, membership_id: int, day: date
) -> tuple[OpenCharge, ...]:
    """What one member has still to pay on a day, oldest first."""
    return open_charges_on(
        read_entries(session, cooperative_id=cooperative_id, membership_ids=(membership_id,)), day
    )  # fmt: skip


def holding_of(
    session: ScopedSession,
    *,
    cooperative_id: int,
    membership_id: int,
    day: date,
    account: LedgerAccount = LedgerAccount.CAPITAL,
) -> int:
    """How much of one kind the cooperative holds of a member on a day [cents], without what was only promised."""
    held = balance_of(session, cooperative_id=cooperative_id, membership_id=membership_id, day=day)
    return sum(cents for place, cents in held.items() if place.account is account and not place.promised)
