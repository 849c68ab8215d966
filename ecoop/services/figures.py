"""Amounts as sources state them, to be shown beside what the engine computes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from ecoop.db import ScopedSession
from ecoop.governance.evidence import Bound, Subject
from ecoop.models import StatedFigure


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """An amount [cents] that a source states about a subject."""

    subject: Subject
    amount_cents: int
    bound: Bound = Bound.EXACT
    source: str
    source_url: str | None = None
    stated_on: date | None = None


def record_statements(session: ScopedSession, *, cooperative_id: int, statements: Iterable[Statement]) -> None:
    """Keep what sources state."""
    session.add_all(
        StatedFigure(
            cooperative_id=cooperative_id,
            subject=one.subject,
            amount_cents=one.amount_cents,
            bound=one.bound,
            source=one.source,
            source_url=one.source_url,
            stated_on=one.stated_on,
        )
        for one in statements
    )
    session.flush()


def read_statements(session: ScopedSession, *, cooperative_id: int) -> tuple[Statement, ...]:
    """What sources state, in the order in which it was recorded."""
    rows = session.scalars(
        select(StatedFigure).where(StatedFigure.cooperative_id == cooperative_id).order_by(StatedFigure.id)
    )
    return tuple(
        Statement(
            subject=row.subject,
            amount_cents=row.amount_cents,
            bound=row.bound,
            source=row.source,
            source_url=row.source_url,
            stated_on=row.stated_on,
        )
        for row in rows
    )
