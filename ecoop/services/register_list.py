"""The register as a list on paper or in a file: every line of a day with votes, capital, entry and exit, and totals.

What a list of members must hold at least is in no one place of the law; the columns are those that boards, notaries and
audit committees ask for. A list that was made once can be made again: it has the same fingerprint.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, select

from ecoop.db import ScopedSession
from ecoop.governance.membership import Status
from ecoop.governance.roles import Actor
from ecoop.governance.voting_rights import plain_votes
from ecoop.models import MembershipSpan
from ecoop.services.balances import read_capital
from ecoop.services.register import RegisterLine, RegisterQuestion, read_whole_register, spans_known_at
from ecoop.services.voters import read_vote_roll


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterEntry:
    """One line with what hangs on it: votes on that day, capital at its end, and the first day without membership."""

    line: RegisterLine
    votes: Decimal
    capital_cents: int
    leaves_on: date | None
    """As known: None where no end is known. Who leaves on 1 January is a member on 31 December."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterList:
    """The lines of a day, as they are known now (`known_at` None) or were known then."""

    day: date
    known_at: datetime | None
    entries: tuple[RegisterEntry, ...]

    @property
    def votes(self) -> Decimal:
        """All votes together."""
        return sum((one.votes for one in self.entries), Decimal(0))

    @property
    def capital_cents(self) -> int:
        """All capital together [cents]."""
        return sum(one.capital_cents for one in self.entries)

    @property
    def digest(self) -> str:
        """SHA-256 over the canonical JSON of the list, in the order in which it stands."""
        text = json.dumps(
            {"on": self.day.isoformat(), "lines": [_sealed(one) for one in self.entries]},
            separators=(",", ":"),
            ensure_ascii=True,
        )
        return hashlib.sha256(text.encode()).hexdigest()


def _sealed(one: RegisterEntry) -> list[str | int | None]:
    line = one.line
    return [
        line.number, line.name, line.street, line.house_number, line.postcode, line.city, line.status.value,
        line.class_code, _written(line.member_since), _written(one.leaves_on), plain_votes(one.votes),
        one.capital_cents,
    ]  # fmt: skip


def _written(day: date | None) -> str | None:
    return day.isoformat() if day else None


def read_register_list(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, asked: RegisterQuestion
) -> RegisterList:
    """Every line that is asked for at once. The number of queries does not depend on the number of members.

    `actor` is None on the command line. Raises Forbidden.
    """
    lines = read_whole_register(session, actor, cooperative_id=cooperative_id, asked=asked)
    day, known_at = asked.day, asked.known_at
    voters = read_vote_roll(session, actor, cooperative_id=cooperative_id, day=day, known_at=known_at)
    votes = {right.membership_id: right.votes for right in voters.roll.rights}
    capital = read_capital(session, cooperative_id=cooperative_id, day=day, known_at=known_at)
    leaving = _leaving(session, cooperative_id, asked)
    return RegisterList(
        day=day,
        known_at=known_at,
        entries=tuple(_entry(line, votes, capital, leaving) for line in lines),
    )


def _entry(
    line: RegisterLine, votes: Mapping[int, Decimal], capital: Mapping[int, int], leaving: Mapping[int, date]
) -> RegisterEntry:
    return RegisterEntry(
        line=line,
        votes=votes.get(line.membership_id, Decimal(0)),
        capital_cents=capital.get(line.membership_id, 0),
        leaves_on=line.since if line.status is Status.FORMER else leaving.get(line.membership_id),
    )


def _leaving(session: ScopedSession, cooperative_id: int, asked: RegisterQuestion) -> dict[int, date]:
    """The first day after `day` on which each is a former member, as far as that is known."""
    rows = session.execute(
        select(MembershipSpan.membership_id, func.min(MembershipSpan.starts_on))
        .where(
            MembershipSpan.cooperative_id == cooperative_id,
            MembershipSpan.status == Status.FORMER,
            MembershipSpan.starts_on > asked.day,
            spans_known_at(asked.known_at),
        )
        .group_by(MembershipSpan.membership_id)
    )
    return {membership_id: starts_on for membership_id, starts_on in rows}  # noqa: C416  rows are no pairs to mypy
