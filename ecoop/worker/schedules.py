"""When dated jobs are due, on an Amsterdam clock, and planning them exactly once whoever plans."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from ecoop import clock
from ecoop.db import Database, Scope
from ecoop.services import jobs

MONDAY = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A job that is due at these times of day in Amsterdam, every day or on one day of the week."""

    kind: str
    times: tuple[time, ...]
    weekday: int | None = None

    def next_after(self, instant: datetime) -> datetime:
        """The first moment after `instant` at which the job is due."""
        return next(moment for moment in self._moments(instant) if moment > instant)

    def _moments(self, instant: datetime) -> Iterator[datetime]:
        """Every moment from the day of `instant` on. A time that a day skips or has twice (DST) comes once."""
        day = clock.legal_day(instant)
        while True:
            if self.weekday in {None, day.weekday()}:
                yield from (datetime.combine(day, one, clock.AMSTERDAM).astimezone(UTC) for one in self.times)
            day += timedelta(days=1)

    def key(self, due_at: datetime) -> str:
        """The name of the job that is due then: the database refuses a second one."""
        return f"{self.kind}:{due_at:%Y-%m-%dT%H:%MZ}"


EVERY_HOUR = tuple(time(hour) for hour in range(24))

SCHEDULES = (
    Schedule(kind="checks.nightly", times=(time(3, 30),)),
    Schedule(kind="checks.hourly", times=EVERY_HOUR),
    Schedule(kind="turns.tell", times=(time(8), time(17), time(23, 45))),
    Schedule(kind="turns.digest", times=(time(7),), weekday=MONDAY),
)


def plan(database: Database, now: datetime, schedules: tuple[Schedule, ...] = SCHEDULES) -> None:
    """See that the next job of every schedule is put down. One that was missed waits until it was done, once.

    Any number of processes may do this at the same time: the key of a dated job is unique.
    """
    for schedule in schedules:
        with database.work(Scope(carries=True)) as session:
            last, still_to_be_done = jobs.last_due(session, schedule.kind)
        if still_to_be_done:
            continue
        due_at = schedule.next_after(now if last is None else max(now, last))
        with database.work(Scope(carries=True, may_write=True)) as session:
            jobs.enqueue(session, schedule.kind, key=schedule.key(due_at), due_at=due_at, now=now)
