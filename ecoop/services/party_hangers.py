"""What hangs on a party, and whether it moves along when the party turns out to be another one.

What holds for days moves from today on, and stays where it was for the days before: so the register of any day before
reads as it did. A term in office moves as a whole, because its length counts. What is append-only, or sealed for one
party, stays on the line that goes, and is said to stay.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import func, select

from ecoop import clock
from ecoop.db import Base, Owned, ScopedSession
from ecoop.models import (
    Application,
    AssociationCover,
    BankAccount,
    ConsentEvent,
    HeatContract,
    Mandate,
    Membership,
    Obligation,
    OfficeTerm,
    Party,
    Representation,
    Tenure,
)
from ecoop.models.types import new_key


class Move(NamedTuple):
    """From which party to which, in which cooperative, and when."""

    cooperative_id: int
    gone_id: int
    kept_id: int
    now: datetime


Counting = Callable[[ScopedSession, int, int, date], int]
"""How many of something hang on a party (third) of a cooperative (second) from a day on."""
Moving = Callable[[ScopedSession, Move], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hanger:
    """Something that hangs on a party. `code` has words in `language/merging.py`. Without `move` it stays there."""

    code: str
    count: Counting
    move: Moving | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dated:
    """A table of rows that hold for days, as known between two instants, with the columns that name a party."""

    model: Any
    parties: tuple[str, ...]
    starts: str = "valid_from"
    ends: str = "valid_until"
    whole: bool = False
    """Whether a row moves with all its days, because its beginning counts: a term in office."""

    def running(self, session: ScopedSession, cooperative_id: int, party_id: int, day: date) -> Sequence[Any]:
        """What is known now of the party and holds on a day or later."""
        named = sa.or_(*(getattr(self.model, name) == party_id for name in self.parties))
        query = select(self.model).where(
            self.model.cooperative_id == cooperative_id,
            named,
            self.model.known_until.is_(None),
            getattr(self.model, self.ends) > day,
        )
        return session.scalars(query).all()

    def count(self, session: ScopedSession, cooperative_id: int, party_id: int, day: date) -> int:
        return len(self.running(session, cooperative_id, party_id, day))

    def move(self, session: ScopedSession, move: Move) -> None:
        """The rows name the party that stays; one that it has already is not had twice."""
        day = clock.legal_day(move.now)
        had = {self._meaning(row, {}) for row in self.running(session, move.cooperative_id, move.kept_id, day)}
        for row in self.running(session, move.cooperative_id, move.gone_id, day):
            named = {name: move.kept_id for name in self.parties if getattr(row, name) == move.gone_id}
            begins = getattr(row, self.starts)
            row.known_until = move.now
            if begins < day and not self.whole:
                session.add(self._copy(row, move.now, {self.ends: day}))
            meaning = self._meaning(row, named)
            if meaning not in had and not self._names_twice(row, named):
                first = begins if self.whole else max(begins, day)
                session.add(self._copy(row, move.now, named | {self.starts: first}))
                had.add(meaning)
        session.flush()

    def _names_twice(self, row: Any, named: dict[str, int]) -> bool:
        """Whether the row would name the party on both sides: nobody acts for themselves."""
        values = [named.get(name, getattr(row, name)) for name in self.parties]
        return len(set(values)) < len(values)

    def _meaning(self, row: Any, named: dict[str, int]) -> frozenset[tuple[str, object]]:
        """What a row says, apart from when it holds and who wrote it."""
        apart = {"id", "known_from", "known_until", "recorded_by_id", "paper_id", "proof", self.starts, self.ends}
        return frozenset((name, named.get(name, value)) for name, value in _values(row).items() if name not in apart)

    def _copy(self, row: Any, now: datetime, changes: dict[str, Any]) -> Base:
        values = _values(row) | {"id": new_key(), "known_from": now, "known_until": None} | changes
        made: Base = self.model(**values)
        return made


def _values(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in sa.inspect(row).mapper.column_attrs}


def _counting(model: type[Owned], column: str) -> Counting:
    """Counts the rows that name a party."""

    def count(session: ScopedSession, cooperative_id: int, party_id: int, _day: date) -> int:
        query = select(func.count()).select_from(model)
        query = query.where(model.cooperative_id == cooperative_id, getattr(model, column) == party_id)
        return session.scalar(query) or 0

    return count


def _count_logins(session: ScopedSession, cooperative_id: int, party_id: int, _day: date) -> int:
    query = select(func.count()).where(
        Party.cooperative_id == cooperative_id, Party.id == party_id, Party.account_id.is_not(None)
    )
    return session.scalar(query) or 0


def _move_login(session: ScopedSession, move: Move) -> None:
    """The login goes along where the party that stays has none; else it is left with the line that is gone."""
    gone = session.get_one(Party, (move.cooperative_id, move.gone_id))
    kept = session.get_one(Party, (move.cooperative_id, move.kept_id))
    if kept.account_id is None:
        kept.account_id, gone.account_id = gone.account_id, None
        session.flush()


def _heard_of_both(_session: ScopedSession, _move: Move) -> None:
    """A promise is never changed; whoever asks what stands in the way of leaving hears those of both lines."""


_TENURES = _Dated(model=Tenure, parties=("party_id",))
_COVERS = _Dated(model=AssociationCover, parties=("party_id",))
_REPRESENTATIONS = _Dated(model=Representation, parties=("represented_id", "representative_id"))
_OFFICES = _Dated(model=OfficeTerm, parties=("party_id",), starts="starts_on", ends="ends_on", whole=True)

HANGERS: tuple[Hanger, ...] = (
    Hanger(code="membership", count=_counting(Membership, "party_id")),
    Hanger(code="application", count=_counting(Application, "party_id")),
    Hanger(code="login", count=_count_logins, move=_move_login),
    Hanger(code="tenure", count=_TENURES.count, move=_TENURES.move),
    Hanger(code="cover", count=_COVERS.count, move=_COVERS.move),
    Hanger(code="representation", count=_REPRESENTATIONS.count, move=_REPRESENTATIONS.move),
    Hanger(code="office", count=_OFFICES.count, move=_OFFICES.move),
    Hanger(code="heat_contract", count=_counting(HeatContract, "holder_id")),
    Hanger(code="bank_account", count=_counting(BankAccount, "party_id")),
    Hanger(code="mandate", count=_counting(Mandate, "party_id")),
    Hanger(code="consent", count=_counting(ConsentEvent, "party_id")),
    Hanger(code="promise", count=_counting(Obligation, "party_id"), move=_heard_of_both),
)
"""What hangs on a party. Another part of the platform that keeps something of parties adds its own here."""
