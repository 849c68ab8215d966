"""Yearly statements: what each member had with the cooperative over a year that is closed, for all in one run."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ecoop.db import ScopedSession
from ecoop.errors import Refused
from ecoop.governance.audit import Action
from ecoop.governance.holdings import LedgerAccount, LedgerEntry, LedgerReason, Place, holdings_on
from ecoop.governance.roles import Actor
from ecoop.services import audit, jobs
from ecoop.services.balances import read_balance_list
from ecoop.services.closed_years import read_closed_years
from ecoop.services.ledger import read_entries, require_keeper
from ecoop.services.mailings import Recipient
from ecoop.services.money_letters import read_recipients

STATEMENTS = "money.statements"
"""The job that writes the statements of a year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One account over the year: how it began, what was booked, how it ended [cents]."""

    account: LedgerAccount
    tranche: str
    promised: bool
    begin_cents: int
    end_cents: int
    booked: tuple[LedgerEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What one member is told about a year."""

    membership_id: int
    number: int | None
    year: int
    recipient: Recipient
    lines: tuple[StatementLine, ...]


def ask_statements(
    session: ScopedSession, actor: Actor, *, cooperative_id: int, year: int, send: bool, now: datetime
) -> int:
    """Put the job down that makes the statements of a closed year; its number. Raises Refused for an open year.

    With `send` every member also gets the own one as a letter, once however often this is asked.
    """
    require_keeper(actor)
    closed = {one.year for one in read_closed_years(session, actor, cooperative_id=cooperative_id)}
    if not closed or year > max(closed):
        raise Refused(LedgerReason.YEAR_NOT_CLOSED, year=str(year))
    number = jobs.enqueue(
        session, STATEMENTS, cooperative_id=cooperative_id, arguments={"year": year, "send": int(send)},
        created_by_id=actor.account_id, now=now,
    )  # fmt: skip
    assert number is not None  # noqa: S101  it has no key
    audit.record(
        session, actor, Action.STATEMENTS_WRITTEN, cooperative_id=cooperative_id, subject=f"job:{number}",
        details={"year": year}, now=now,
    )  # fmt: skip
    return number


def read_statements(session: ScopedSession, *, cooperative_id: int, year: int, day: date) -> tuple[Statement, ...]:
    """The statement of everybody who was a member or had something with the cooperative in the year, by number.

    `day` is the day on which they are made: letters go to the address that is known then. The number of queries does
    not depend on the number of members.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    booked: defaultdict[int, list[LedgerEntry]] = defaultdict(list)
    for entry in read_entries(session, cooperative_id=cooperative_id):
        if entry.booked_on <= last:
            booked[entry.membership_id].append(entry)
    people = read_recipients(session, cooperative_id=cooperative_id, day=day)
    at_end = read_balance_list(session, None, cooperative_id=cooperative_id, day=last)
    moved = {member for member, entries in booked.items() if any(one.booked_on >= first for one in entries)}
    at_begin = read_balance_list(session, None, cooperative_id=cooperative_id, day=first - timedelta(days=1))
    numbers = {line.membership_id: line.number for line in (*at_begin.lines, *at_end.lines)}
    wanted = {line.membership_id for line in at_end.lines} | moved
    found = [
        Statement(
            membership_id=member, number=numbers.get(member), year=year, recipient=people[member],
            lines=statement_lines(booked[member], year),
        )
        for member in wanted
        if member in people
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.number is None, one.number or 0, one.membership_id)))


def statement_lines(entries: list[LedgerEntry], year: int) -> tuple[StatementLine, ...]:
    """Every account of a member over a year: what it began with and what was booked make what it ended with."""
    begin = holdings_on(entries, date(year - 1, 12, 31))
    end = holdings_on(entries, date(year, 12, 31))
    during: defaultdict[tuple[LedgerAccount, str, bool], list[LedgerEntry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda one: (one.booked_on, one.id)):
        if entry.booked_on.year == year:
            during[entry.account, entry.tranche or "", entry.is_promise].append(entry)
    places = {(one.account, one.tranche, one.promised) for one in (*begin, *end)} | set(during)

    def standing(held: dict[Place, int], place: tuple[LedgerAccount, str, bool]) -> int:
        return sum(cents for one, cents in held.items() if (one.account, one.tranche, one.promised) == place)

    return tuple(
        StatementLine(
            account=place[0], tranche=place[1], promised=place[2], begin_cents=standing(begin, place),
            end_cents=standing(end, place), booked=tuple(during[place]),
        )
        for place in sorted(places)
    )  # fmt: skip
