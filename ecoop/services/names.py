"""The names of parties, many at a time."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select

from ecoop.db import ScopedSession
from ecoop.models import Membership, PartyRecord

IN_ONE_QUESTION = 500
"""Up to so many parties are asked for by key; for more, all names are read at once."""


def read_names(
    session: ScopedSession,
    *,
    cooperative_id: int,
    party_ids: Iterable[int] | None = None,
    day: date,
    known_at: datetime | None = None,
) -> dict[int, str]:
    """The names on `day` as known at `known_at` (None: now), of some parties or of all (None), in one question.

    A party that is known only from a later day on has the name of that day.
    """
    query = select(PartyRecord.party_id, PartyRecord.name).where(
        PartyRecord.cooperative_id == cooperative_id, PartyRecord.valid_until > day, _known(known_at)
    )
    if party_ids is not None:
        wanted = sorted(set(party_ids))
        if not wanted:
            return {}
        if len(wanted) <= IN_ONE_QUESTION:
            query = query.where(PartyRecord.party_id.in_(wanted))
    found: dict[int, str] = {}
    for party_id, name in session.execute(query.order_by(PartyRecord.party_id, PartyRecord.valid_from)):
        found.setdefault(party_id, name)
    return found


def read_member_names(
    session: ScopedSession, *, cooperative_id: int, membership_ids: Iterable[int], day: date
) -> dict[int, str]:
    """The names of members on `day` as they are known now, by membership, in one question."""
    wanted = sorted(set(membership_ids))
    query = (
        select(Membership.id, PartyRecord.name)
        .join(
            PartyRecord,
            and_(PartyRecord.cooperative_id == Membership.cooperative_id, PartyRecord.party_id == Membership.party_id),
        )
        .where(Membership.cooperative_id == cooperative_id, PartyRecord.valid_until > day, _known(None))
        .order_by(Membership.id, PartyRecord.valid_from)
    )
    if len(wanted) <= IN_ONE_QUESTION:
        query = query.where(Membership.id.in_(wanted))
    found: dict[int, str] = {}
    for membership_id, name in session.execute(query):
        found.setdefault(membership_id, name)
    return found


def _known(known_at: datetime | None) -> ColumnElement[bool]:
    if known_at is None:
        return PartyRecord.known_until.is_(None)
    until = or_(PartyRecord.known_until.is_(None), PartyRecord.known_until > known_at)
    return and_(PartyRecord.known_from <= known_at, until)
