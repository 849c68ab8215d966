"""Keys that nobody else gives out, and instants that come back as they went in."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.exc import StatementError

from ecoop.db import Database, Scope
from ecoop.models import Account
from ecoop.models.types import new_key
from tests.support import factories
from tests.support.databases import furnishing

LARGEST_SQL_INTEGER = 2**63 - 1


def test_keys_rise_also_within_one_millisecond() -> None:
    with time_machine.travel(datetime(2026, 3, 2, tzinfo=UTC), tick=False):
        keys = [new_key() for _ in range(2000)]

    assert keys == sorted(set(keys))


def test_keys_rise_when_the_clock_is_set_back() -> None:
    before = new_key()

    with time_machine.travel(datetime(2025, 6, 1, tzinfo=UTC)):
        assert new_key() > before


def test_threads_never_get_the_same_key() -> None:
    with ThreadPoolExecutor(8) as pool:
        series = list(pool.map(lambda _: [new_key() for _ in range(1000)], range(8)))

    assert len(set().union(*series)) == 8000


def test_each_thread_sees_its_keys_rise() -> None:
    with ThreadPoolExecutor(8) as pool:
        series = list(pool.map(lambda _: [new_key() for _ in range(1000)], range(8)))

    assert all(keys == sorted(keys) for keys in series)


def test_keys_fit_their_column_for_a_century() -> None:
    in_ninety_years = (datetime(2115, 1, 1, tzinfo=UTC) - datetime(2025, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)

    assert in_ninety_years << 21 < LARGEST_SQL_INTEGER


@pytest.mark.parametrize(
    "instant",
    [
        datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=UTC),
        datetime(2026, 7, 1, 0, 30, tzinfo=timezone(timedelta(hours=2))),
        datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=1))),
    ],
)
def test_an_instant_comes_back_as_it_went_in(database: Database, instant: datetime) -> None:
    with furnishing(database) as session:
        factories.an_account(session, created_at=instant)

    with database.work(Scope()) as session:
        assert session.scalars(sa.select(Account.created_at)).one() == instant


def test_an_instant_comes_back_in_utc(database: Database) -> None:
    with furnishing(database) as session:
        factories.an_account(session, created_at=datetime(2026, 7, 1, tzinfo=timezone(timedelta(hours=2))))

    with database.work(Scope()) as session:
        assert session.scalars(sa.select(Account.created_at)).one().utcoffset() == timedelta(0)


def test_no_instant_stays_no_instant(database: Database) -> None:
    with furnishing(database) as session:
        factories.an_account(session)

    with database.work(Scope()) as session:
        assert session.scalars(sa.select(Account.closed_at)).one() is None


def test_instants_are_compared_whatever_their_zone(database: Database) -> None:
    with furnishing(database) as session:
        factories.an_account(session, created_at=datetime(2026, 3, 2, 9, 30, tzinfo=UTC))
    earlier = datetime(2026, 3, 2, 10, 0, tzinfo=timezone(timedelta(hours=1)))

    with database.work(Scope()) as session:
        assert session.scalars(sa.select(Account.id).where(Account.created_at > earlier)).all() != []


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with database.work(Scope(may_write=True)) as session:
        session.add(Account(name="X", email="x@example.org", session_key="x", created_at=datetime(2026, 3, 2)))
        with pytest.raises(StatementError, match="time zone"):
            session.flush()
        session.rollback()
