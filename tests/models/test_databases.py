"""The two kinds of database on which everything is tested."""

import pytest
import sqlalchemy as sa

from ecoop.db import Database, Scope
from ecoop.models import Account
from tests.support import factories
from tests.support.databases import furnishing
from tests.support.queries import counted_queries


def test_a_test_starts_without_rows(database: Database) -> None:
    with database.work(Scope()) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Account)) == 0


def test_what_a_unit_of_work_wrote_is_there_for_the_next(database: Database) -> None:
    with furnishing(database) as session:
        factories.an_account(session, name="Aïcha Öz")

    with database.work(Scope()) as session:
        assert session.scalars(sa.select(Account.name)).all() == ["Aïcha Öz"]


def test_a_unit_of_work_that_fails_leaves_nothing(database: Database) -> None:
    def fail(work: Scope) -> None:
        with database.work(work) as session:
            factories.an_account(session)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fail(Scope(may_write=True))

    with database.work(Scope()) as session:
        assert session.scalars(sa.select(Account)).all() == []


def test_queries_of_readers_and_writers_are_counted(database: Database) -> None:
    with counted_queries(database) as queries:
        with furnishing(database) as session:
            factories.an_account(session)
        with database.work(Scope()) as session:
            session.scalars(sa.select(Account)).all()

    assert [query.split()[0] for query in queries] == ["INSERT", "SELECT"]
