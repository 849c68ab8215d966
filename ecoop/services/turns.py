"""Whose turn it is. A process gives the turn when it waits for somebody and settles it when they answered.

Giving can be done from outside the cooperative, as an administrator does who asks to look in: it is like posting a
letter. Seeing and settling is done inside.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.governance.roles import Actor, Role
from ecoop.models import Account, MailChoice, RoleGrant, Turn
from ecoop.services.once import add_once

SUPPORT_ASKED = "support.asked"
TELL, DIGEST = "turns.tell", "turns.digest"
"""The jobs that write to who has the ball."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnView:
    """Something that waits."""

    id: int
    kind: str
    subject: str
    account_id: int | None
    roles: frozenset[Role]
    since: datetime
    due_on: date | None

    def is_of(self, actor: Actor) -> bool:
        """Whether it waits for this actor."""
        return actor.account_id == self.account_id or actor.is_any(self.roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody who gets a letter."""

    account_id: int
    name: str
    email: str
    language: str | None


def give_turn(
    session: ScopedSession,
    *,
    cooperative_id: int,
    kind: str,
    subject: str,
    roles: Iterable[Role] = (),
    account_id: int | None = None,
    due_on: date | None = None,
    now: datetime,
) -> None:
    """Say that `subject` waits for one account, or for whoever holds one of `roles`. Saying it twice changes nothing.

    The worker writes to them the same day.
    """
    codes = " ".join(sorted(role.value for role in roles)) or None
    row = Turn(
        cooperative_id=cooperative_id, account_id=account_id, roles=codes, kind=kind, subject=subject, since=now,
        due_on=due_on,
    )  # fmt: skip
    add_once(session, row)


def settle(
    session: ScopedSession, *, cooperative_id: int, kind: str, subject: str, by_id: int | None, now: datetime
) -> None:
    """It waits no longer. Nothing happens where it did not."""
    for row in session.scalars(
        select(Turn).where(
            Turn.cooperative_id == cooperative_id,
            Turn.kind == kind,
            Turn.subject == subject,
            Turn.settled_at.is_(None),
        )
    ):
        row.settled_at, row.settled_by_id = now, by_id
    session.flush()


def read_turns(session: ScopedSession, *, cooperative_id: int, actor: Actor | None = None) -> tuple[TurnView, ...]:
    """What waits in a cooperative, for this actor or for anybody, oldest first."""
    query = select(Turn).where(Turn.cooperative_id == cooperative_id, Turn.settled_at.is_(None)).order_by(Turn.id)
    found = tuple(_view(row) for row in session.scalars(query))
    return found if actor is None else tuple(turn for turn in found if turn.is_of(actor))


def take_untold(session: ScopedSession, *, cooperative_id: int, now: datetime) -> tuple[TurnView, ...]:
    """What waits and was not told yet, noted as told from now on: the letters are written in the same piece of work."""
    query = (
        select(Turn)
        .where(Turn.cooperative_id == cooperative_id, Turn.settled_at.is_(None), Turn.told_at.is_(None))
        .order_by(Turn.id)
        .with_for_update()
    )
    rows = session.scalars(query).all()
    for row in rows:
        row.told_at = now
    session.flush()
    return tuple(_view(row) for row in rows)


def cooperatives_with_turns(session: ScopedSession) -> tuple[int, ...]:
    """The cooperatives in which something waits. The session carries."""
    query = select(Turn.cooperative_id).where(Turn.settled_at.is_(None)).distinct().order_by(Turn.cooperative_id)
    return tuple(one for one in session.scalars(query) if one is not None)


def readers_of(
    session: ScopedSession, turns: Sequence[TurnView], *, cooperative_id: int, wants: str, now: datetime
) -> list[tuple[Reader, list[TurnView]]]:
    """Who has the ball, each with what waits for them, of those who want this letter (`same_day` or `digest`)."""
    day = clock.legal_day(now)
    held: dict[Role, set[int]] = defaultdict(set)
    for role, account_id in session.execute(
        select(RoleGrant.role, RoleGrant.account_id).where(
            RoleGrant.cooperative_id == cooperative_id,
            RoleGrant.starts_on <= day,
            or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on > day),
        )
    ):
        held[role].add(account_id)
    waiting: dict[int, list[TurnView]] = defaultdict(list)
    for turn in turns:
        named = {turn.account_id} if turn.account_id is not None else set[int]()
        for account_id in named.union(*(held[role] for role in turn.roles)):
            waiting[account_id].append(turn)
    unwanted = set(session.scalars(select(MailChoice.account_id).where(getattr(MailChoice, wants).is_(False))))
    people = select(Account).where(Account.id.in_(waiting.keys() - unwanted), Account.closed_at.is_(None))
    return [
        (Reader(account_id=one.id, name=one.name, email=one.email, language=one.language), waiting[one.id])
        for one in session.scalars(people.order_by(Account.id))
    ]


def _view(row: Turn) -> TurnView:
    return TurnView(
        id=row.id,
        kind=row.kind,
        subject=row.subject,
        account_id=row.account_id,
        roles=frozenset(Role(code) for code in (row.roles or "").split()),
        since=row.since,
        due_on=row.due_on,
    )
