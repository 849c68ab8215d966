"""Series of numbers that only go up: who takes numbers holds the series until the work is committed."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from ecoop.db import ScopedSession
from ecoop.models import NumberSeries


def hold_series(session: ScopedSession, *, cooperative_id: int, name: str) -> NumberSeries:
    """The series, held until the work is done: whoever else wants it waits. It begins when it is first asked for."""
    query = select(NumberSeries).where(NumberSeries.cooperative_id == cooperative_id, NumberSeries.name == name)
    query = query.with_for_update().execution_options(populate_existing=True)
    series = session.scalar(query)
    if series is None:
        try:
            with session.begin_nested():
                session.add(NumberSeries(cooperative_id=cooperative_id, name=name, last=0))
        except IntegrityError:
            pass  # somebody else began the series a moment ago
        series = session.scalars(query).one()
    return series


def take_numbers(session: ScopedSession, *, cooperative_id: int, name: str, count: int) -> range:
    """The next `count` numbers of a series; nobody else ever gets them."""
    series = hold_series(session, cooperative_id=cooperative_id, name=name)
    first = series.last + 1
    series.last += count
    session.flush()
    return range(first, first + count)


def next_number(session: ScopedSession, cooperative_id: int, series: str, *, wanted: int | None = None) -> int:
    """The next number of `series`, or `wanted`; either way no lower number is given out afterwards."""
    row = hold_series(session, cooperative_id=cooperative_id, name=series)
    number = wanted if wanted is not None else row.last + 1
    row.last = max(row.last, number)
    session.flush()
    return number
