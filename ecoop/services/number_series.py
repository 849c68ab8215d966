"""Numbers that are given out once and never again, in a series per cooperative."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from ecoop.db import ScopedSession
from ecoop.models import NumberSeries


def next_number(session: ScopedSession, cooperative_id: int, series: str, *, wanted: int | None = None) -> int:
    """The next number of `series`, or `wanted`; either way no lower number is given out afterwards."""
    query = select(NumberSeries).where(NumberSeries.cooperative_id == cooperative_id, NumberSeries.name == series)
    query = query.with_for_update().execution_options(populate_existing=True)
    row = session.scalar(query)
    if row is None:
        try:
            with session.begin_nested():
                session.add(NumberSeries(cooperative_id=cooperative_id, name=series, last=0))
        except IntegrityError:
            pass  # somebody else began the series a moment ago
        row = session.scalars(query).one()
    number = wanted if wanted is not None else row.last + 1
    row.last = max(row.last, number)
    session.flush()
    return number
