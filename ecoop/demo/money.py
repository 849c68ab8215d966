"""The money of the demo's members: three years of contribution and capital, mandates, some arrears, one closed year.

The account numbers have right check digits and stand at the bank TEST, which there is not.
"""

from datetime import date, datetime, time, timedelta

from stdnum import iban as iban_numbers

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.governance.holdings import EntryKind, LedgerAccount
from ecoop.governance.membership import Status
from ecoop.governance.roles import Actor
from ecoop.services import (
    balances,
    closed_years,
    contributions,
    creditors,
    direct_debits,
    ledger,
    register,
)
from ecoop.services.creditors import NewCreditor
from ecoop.services.ledger import NewEntry
from ecoop.services.register import Order, RegisterLine, RegisterQuestion
from ecoop.services.taking_over import TakenOver, take_over_mandates

CONTRIBUTIONS = {"tenant": 1000, "owner_occupier": 2000, "business": 5000}
CAPITAL_CENTS = 5000
LENDERS, LOAN_CENTS, TRANCHE = 6, 50_000, "A"
COLLECT_AFTER = timedelta(days=30)
CREDITOR_IDENTIFIER = "NL69ZZZ123456780000"


def fill(session: ScopedSession, treasurer: Actor, *, cooperative_id: int, day: date, key: str) -> None:
    """Book what a treasurer would have over the years, seen from the day of the demo."""
    members = register.read_whole_register(
        session, treasurer, cooperative_id=cooperative_id,
        asked=RegisterQuestion(
            day=day, statuses=frozenset({Status.MEMBER, Status.SUSPENDED, Status.FORMER}), order=Order.NUMBER
        ),
    )  # fmt: skip
    first = day.year - 2
    _book(session, treasurer, cooperative_id, _capital(members, until=date(first, 12, 30)), date(first, 12, 30))
    for year in (first, first + 1, day.year):
        if date(year, 1, 15) <= day:
            _charge(session, treasurer, cooperative_id, year)
            _receive(session, treasurer, cooperative_id, members, year, day)
        if year == first:
            closed = date(first + 1, 1, 9)
            closed_years.close_year(session, treasurer, cooperative_id=cooperative_id, year=first, now=_morning(closed))
    late = [one for one in _capital(members, until=day) if one.booked_on > date(first, 12, 30)]
    _book(session, treasurer, cooperative_id, [*late, *_loans(members, day)], day)
    _sign(session, treasurer, cooperative_id, members, day, key)
    _draft(session, treasurer, cooperative_id, day, key)


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(9, 30), clock.AMSTERDAM)


def an_iban(number: int) -> str:
    """An account number that passes every check, at a bank that does not exist."""
    rest = f"TEST{number:010}"
    return f"NL{iban_numbers.calc_check_digits('NL00' + rest)}{rest}"


def _book(session: ScopedSession, actor: Actor, cooperative_id: int, new: list[NewEntry], day: date) -> None:
    ledger.book_entries(session, actor, cooperative_id=cooperative_id, new=new, now=_morning(day))


def _capital(members: tuple[RegisterLine, ...], *, until: date) -> list[NewEntry]:
    return [
        NewEntry(membership_id=one.membership_id, account=LedgerAccount.CAPITAL, kind=EntryKind.RECEIVED,
                 cents=CAPITAL_CENTS * (10 if one.class_code == "business" else 1), booked_on=one.member_since,
                 reference=f"INLEG-{one.number}")
        for one in members
        if one.member_since is not None and one.member_since <= until
    ]  # fmt: skip


def _charge(session: ScopedSession, actor: Actor, cooperative_id: int, year: int) -> None:
    on = date(year, 1, 15)
    for class_code, cents in CONTRIBUTIONS.items():
        run = contributions.charge_run(
            session, cooperative_id=cooperative_id, class_code=class_code, year=year, cents=cents, day=on
        )
        if run.membership_ids:
            contributions.charge_contribution(
                session, actor, cooperative_id=cooperative_id, class_code=class_code, year=year, cents=cents,
                booked_on=on, now=_morning(on),
            )  # fmt: skip


def _receive(
    session: ScopedSession, actor: Actor, cooperative_id: int, members: tuple[RegisterLine, ...], year: int, day: date
) -> None:
    """Most pay within weeks; a few never, and this year some have not yet."""
    numbers = {one.membership_id: one.number or 0 for one in members}
    new = []
    for charge in balances.read_open_charges(session, cooperative_id=cooperative_id, day=date(year, 1, 15)):
        number = numbers.get(charge.membership_id, 0)
        paid_on = date(year, 1, 16) + timedelta(days=number % 12)
        forgets = number % 17 == 3 if year < day.year else number % 4 == 3
        if charge.year == year and paid_on <= day and not forgets:
            new.append(
                NewEntry(membership_id=charge.membership_id, account=LedgerAccount.CONTRIBUTION,
                         kind=EntryKind.RECEIVED, cents=charge.cents, booked_on=paid_on, year=year,
                         reference=f"BANK-{year}-{number:04}")
            )  # fmt: skip
    recorded = max((one.booked_on for one in new), default=None)
    if recorded is not None:
        _book(session, actor, cooperative_id, new, recorded)


def _loans(members: tuple[RegisterLine, ...], day: date) -> list[NewEntry]:
    lent_on = day - timedelta(days=60)
    lenders = [one for one in members if one.status is Status.MEMBER and one.class_code == "owner_occupier"][:LENDERS]
    return [
        NewEntry(membership_id=one.membership_id, account=LedgerAccount.LOAN, kind=kind, cents=LOAN_CENTS,
                 booked_on=lent_on, tranche=TRANCHE)
        for place, one in enumerate(lenders)
        for kind in ((EntryKind.PROMISED, EntryKind.RECEIVED) if place % 3 else (EntryKind.PROMISED,))
        if one.member_since is not None and one.member_since <= lent_on
    ]  # fmt: skip


def _sign(
    session: ScopedSession, actor: Actor, cooperative_id: int, members: tuple[RegisterLine, ...], day: date, key: str
) -> None:
    """Two in three have given a mandate: taken over from the administration of before."""
    taken = [
        TakenOver(party_id=one.party_id, iban=an_iban(one.number), holder=one.name[:70], valid_from=one.member_since,
                  signed_on=max(one.member_since, date(day.year - 2, 2, 1)))
        for one in members
        if one.member_since is not None and one.number and one.number % 3 and one.status is Status.MEMBER
    ]  # fmt: skip
    take_over_mandates(
        session, actor, cooperative_id=cooperative_id, taken=taken, key=key, now=_morning(day - timedelta(days=1))
    )


def _draft(session: ScopedSession, actor: Actor, cooperative_id: int, day: date, key: str) -> None:
    new = NewCreditor(identifier=CREDITOR_IDENTIFIER, name="KetelhuisWG", iban=an_iban(9_999_999),
                      valid_from=date(day.year - 2, 1, 1))  # fmt: skip
    creditors.set_creditor(session, actor, cooperative_id=cooperative_id, new=new, key=key, now=_morning(day))
    on = day + COLLECT_AFTER
    if direct_debits.collectable(session, actor, cooperative_id=cooperative_id, day=on, today=day):
        direct_debits.draft_direct_debit(
            session, actor, cooperative_id=cooperative_id, collection_on=on, description=f"Contributie {day.year}",
            now=_morning(day),
        )  # fmt: skip
