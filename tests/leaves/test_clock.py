"""Instants and the days on which they fall in Amsterdam."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from ecoop import clock

INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))


def test_now_carries_its_zone() -> None:
    assert clock.now().utcoffset() == timedelta(0)


def test_now_is_this_instant() -> None:
    instant = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

    with time_machine.travel(instant, tick=False):
        assert clock.now() == instant


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-01-31T22:59:59+00:00", date(2026, 1, 31)),  # winter: midnight is 23:00 UTC
        ("2026-01-31T23:00:00+00:00", date(2026, 2, 1)),
        ("2026-06-30T21:59:59+00:00", date(2026, 6, 30)),  # summer: midnight is 22:00 UTC
        ("2026-06-30T22:00:00+00:00", date(2026, 7, 1)),
        ("2026-03-28T23:00:00+00:00", date(2026, 3, 29)),  # the clock jumps in the night that follows
        ("2026-03-29T21:59:59+00:00", date(2026, 3, 29)),
        ("2026-03-29T22:00:00+00:00", date(2026, 3, 30)),
        ("2026-10-24T22:00:00+00:00", date(2026, 10, 25)),  # and goes back
        ("2026-10-25T22:59:59+00:00", date(2026, 10, 25)),
        ("2026-10-25T23:00:00+00:00", date(2026, 10, 26)),
        ("2025-12-31T23:30:00+00:00", date(2026, 1, 1)),
        ("2026-01-01T00:30:00+02:00", date(2025, 12, 31)),
    ],
)
def test_the_legal_day_is_the_day_in_amsterdam(instant: str, day: date) -> None:
    assert clock.legal_day(datetime.fromisoformat(instant)) == day


@given(INSTANTS)
def test_the_legal_day_is_that_of_the_clock_on_the_wall(instant: datetime) -> None:
    assert clock.as_local(instant).date() == clock.legal_day(instant)


@given(INSTANTS)
def test_showing_an_instant_does_not_move_it(instant: datetime) -> None:
    assert clock.as_local(instant) == instant


@given(INSTANTS, st.timedeltas(timedelta(0), timedelta(days=3)))
def test_days_never_run_back(instant: datetime, later: timedelta) -> None:
    assert clock.legal_day(instant) <= clock.legal_day(instant + later)
