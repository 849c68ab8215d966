"""The second lock, reading: whatever the shape of the statement, it stays inside the scope or is refused."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from ecoop.db import Database, Scope, ScopedSession, ScopeError
from ecoop.models import Account, Assumption, Building, BusinessCase, Cooperative, RoleBuilding, RoleGrant
from tests.models.conftest import Street

OTHER = aliased(Building)
NAMES = sa.select(Building.name).subquery()
NAMES_CTE = sa.select(Building.name).cte()
TABLE = Building.__table__
ON_CASE = sa.and_(BusinessCase.cooperative_id == Assumption.cooperative_id, BusinessCase.id == Assumption.case_id)

CONFINED: dict[str, sa.Select[Any] | sa.CompoundSelect[Any]] = {
    "class": sa.select(Building),
    "column": sa.select(Building.name),
    "column in a function": sa.select(sa.func.upper(Building.name)),
    "column in a case": sa.select(sa.case((Building.dwellings > 0, Building.name), else_="")),
    "alias": sa.select(OTHER),
    "alias column": sa.select(OTHER.name),
    "class beside its alias": sa.select(OTHER.name).join(Building, Building.dwellings == OTHER.dwellings),
    "alias of a sub-query": sa.select(aliased(Building, sa.select(Building).subquery())),
    "join with explicit on": sa.select(BusinessCase.name).join(Assumption, ON_CASE),
    "join from the other side": sa.select(Assumption.source).select_from(
        sa.join(Assumption, BusinessCase, ON_CASE),
    ),
    "joined class only": sa.select(Building.name).select_from(Cooperative).join(Building, sa.true()),
    "outer joined class": sa.select(Building.name)
    .select_from(Cooperative)
    .outerjoin(Building, Building.cooperative_id == Cooperative.id)
    .where(Building.name.is_not(None)),
    "where without from": sa.select(Cooperative.slug).where(Cooperative.id == Building.cooperative_id),
    "exists": sa.select(Cooperative.slug).where(sa.exists().where(Building.cooperative_id == Cooperative.id)),
    "exists of a select": sa.select(Cooperative.slug).where(
        sa.select(Building.id).where(Building.cooperative_id == Cooperative.id).exists()
    ),
    "in a sub-query": sa.select(Cooperative.slug).where(Cooperative.id.in_(sa.select(Building.cooperative_id))),
    "scalar sub-query": sa.select(
        sa.select(Building.name).where(Building.cooperative_id == Cooperative.id).scalar_subquery()
    ).where(Cooperative.id.in_(sa.select(Building.cooperative_id))),
    "sub-query": sa.select(NAMES.c.name),
    "nested sub-query": sa.select(sa.select(NAMES.c.name).subquery().c.name),
    "common table expression": sa.select(NAMES_CTE.c.name),
    "union": sa.union(sa.select(Building.name), sa.select(BusinessCase.name)),
    "sub-query of a union": sa.select(
        sa.union_all(sa.select(Building.name), sa.select(BusinessCase.name)).subquery().c.name
    ).distinct(),
    "except": sa.except_(sa.select(Building.name), sa.select(Building.name).where(sa.false())),
    "group": sa.select(Building.name).group_by(Building.name).having(sa.func.count() > 0),
    "window": sa.select(sa.func.first_value(Building.name).over(order_by=Building.name.desc())).select_from(Building),
    "for update": sa.select(Building.name).with_for_update(of=Building),
    "limit": sa.select(Building.name).order_by(Building.name.desc()).limit(1),
}

COUNTS: dict[str, sa.Select[Any]] = {
    "from": sa.select(sa.func.count()).select_from(Building),
    "of a column": sa.select(sa.func.count(Building.id)),
    "of an alias": sa.select(sa.func.count()).select_from(OTHER),
    "of a sub-query": sa.select(sa.func.count()).select_from(NAMES),
    "of a join": sa.select(sa.func.count()).select_from(Assumption).join(BusinessCase, ON_CASE),
    "distinct": sa.select(sa.func.count(Building.cooperative_id.distinct())),
    "as a scalar": sa.select(sa.select(sa.func.count()).select_from(Building).scalar_subquery()).where(
        sa.exists(sa.select(Account.id))
    ),
}

REFUSED: dict[str, Any] = {
    "text": sa.text("SELECT name FROM building"),
    "text with columns": sa.text("SELECT name FROM building").columns(Building.name),
    "text as the source of a class": sa.select(Building).from_statement(sa.text("SELECT * FROM building")),
    "table": sa.select(TABLE),
    "count of a table": sa.select(sa.func.count()).select_from(TABLE),
    "table as the source of a class": sa.select(Building).from_statement(sa.select(TABLE)),
    "table beside a class": sa.select(Account.id, TABLE.c.name),
    "alias of a table beside a class": sa.select(Account.id, sa.alias(TABLE).c.name),
    "table in an exists": sa.select(Account.id).where(sa.exists().where(TABLE.c.id > 0)),
    "table in a sub-query": sa.select(Account.id, sa.select(TABLE.c.name).subquery().c.name),
    "table in a common table expression": sa.select(Account.id, sa.select(TABLE.c.name).cte().c.name),
    "table in a union": sa.union(sa.select(Building.name), sa.select(TABLE.c.name)),
    "table in a join": sa.select(Account.id).join(TABLE, sa.true()),
    "table beside its own alias": sa.select(OTHER.name, TABLE.c.name),
    "table by name": sa.select(Account.id, sa.table("building", sa.column("name")).c.name),
    "text in a condition": sa.select(Building.name).where(sa.text("1 = 1")),
    "text in a join": sa.select(Account.id).join(Building, sa.text("1 = 1")),
    "delete in a select": sa.select(sa.delete(Building).returning(Building.name).cte().c.name),
    "lambda": sa.lambda_stmt(lambda: sa.select(Building.name)),
}


@pytest.mark.parametrize("statement", CONFINED.values(), ids=CONFINED)
def test_a_select_meets_our_rows_only(database: Database, street: Street, statement: Any) -> None:
    with database.work(street.scope(may_write=True)) as session:  # writing, because one of them locks rows
        seen = [getattr(value, "name", value) for value in session.scalars(statement)]

    assert {str(name).lower() for name in seen} == {"ours"}


@pytest.mark.parametrize("statement", COUNTS.values(), ids=COUNTS)
def test_a_count_counts_our_rows_only(database: Database, street: Street, statement: Any) -> None:
    with database.work(street.scope()) as session:
        assert session.scalar(statement) == 1


@pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED)
def test_a_statement_that_cannot_be_confined_is_refused(database: Database, street: Street, statement: Any) -> None:
    with database.work(street.scope(may_write=True)) as session, pytest.raises(ScopeError):
        session.execute(statement)


def test_get_finds_our_row(database: Database, street: Street) -> None:
    with database.work(street.scope()) as session:
        assert session.get_one(Building, street.ours.building).name == "ours"


def test_get_does_not_find_their_row(database: Database, street: Street) -> None:
    with database.work(street.scope()) as session:
        assert session.get(Building, street.theirs.building) is None


def test_refreshing_a_row_reads_it_again(database: Database, street: Street) -> None:
    with database.work(street.scope()) as session:
        building = session.get_one(Building, street.ours.building)
        session.expire(building, ["name"])
        session.refresh(building)

        assert building.name == "ours"


def test_the_older_query_style_is_confined(database: Database, street: Street) -> None:
    with database.work(street.scope()) as session:
        assert session.query(Building.name).all() == [("ours",)]


def test_a_scope_of_two_cooperatives_sees_both(database: Database, street: Street) -> None:
    both = Scope(cooperative_ids=frozenset({street.ours.id, street.theirs.id}))

    with database.work(both) as session:
        assert set(session.scalars(sa.select(Building.name))) == {"ours", "theirs"}


def test_each_session_keeps_to_its_own_scope(database: Database, street: Street) -> None:
    seen = []
    for neighbour in (street.ours, street.theirs, street.ours):
        with database.work(Scope(cooperative_ids=frozenset({neighbour.id}))) as session:
            seen.append(session.scalars(sa.select(Building.name)).one())

    assert seen == ["ours", "theirs", "ours"]


def test_an_empty_scope_sees_accounts(database: Database, street: Street) -> None:
    with database.work(Scope()) as session:
        assert session.get(Account, street.account_id) is not None


@pytest.mark.parametrize("owned", [Building, BusinessCase, Assumption, RoleGrant, RoleBuilding])
def test_an_empty_scope_sees_no_rows_of_any_cooperative(database: Database, street: Street, owned: Any) -> None:
    del street
    with database.work(Scope()) as session:
        assert session.scalars(sa.select(owned)).all() == []


def test_an_account_sees_its_roles_everywhere(database: Database, street: Street) -> None:
    with database.work(Scope(account_id=street.account_id)) as session:
        assert set(session.scalars(sa.select(RoleGrant.cooperative_id))) == {street.ours.id, street.theirs.id}


def test_an_account_sees_nothing_else_from_outside(database: Database, street: Street) -> None:
    with database.work(Scope(account_id=street.account_id)) as session:
        assert session.scalars(sa.select(Building)).all() == []


def test_an_account_does_not_see_roles_of_others_from_outside(database: Database, street: Street) -> None:
    with database.work(Scope(account_id=street.account_id + 1)) as session:
        assert session.scalars(sa.select(RoleGrant)).all() == []


def test_inside_a_cooperative_everybodys_roles_are_seen(database: Database, street: Street) -> None:
    with database.work(street.scope()) as session:
        assert session.scalars(sa.select(RoleGrant.account_id)).all() == [street.account_id]


def test_joined_roles_are_not_seen_from_outside_by_others(database: Database, street: Street) -> None:
    statement = sa.select(Account.name).join(RoleGrant, RoleGrant.account_id == Account.id)

    with database.work(Scope(account_id=street.account_id + 1)) as session:
        assert session.scalars(statement).all() == []


WAYS_ROUND: dict[str, Callable[[ScopedSession], Any]] = {
    "connection": lambda session: session.connection(),
    "bulk_save_objects": lambda session: session.bulk_save_objects([]),
    "bulk_insert_mappings": lambda session: session.bulk_insert_mappings(Building, []),
    "bulk_update_mappings": lambda session: session.bulk_update_mappings(Building, []),
}


@pytest.mark.parametrize("way", WAYS_ROUND.values(), ids=WAYS_ROUND)
def test_the_ways_round_the_scope_are_closed(database: Database, way: Callable[[ScopedSession], Any]) -> None:
    with database.work(Scope(may_write=True)) as session, pytest.raises(ScopeError):
        way(session)


def test_a_session_without_a_scope_reads_nothing(database: Database) -> None:
    with Session(database.reader) as session, pytest.raises(ScopeError):
        session.scalars(sa.select(Account))


def test_a_session_without_a_scope_writes_nothing(database: Database) -> None:
    with Session(database.writer) as session:
        session.add(Account(email="x@example.org", name="X", session_key="x"))
        with pytest.raises(ScopeError):
            session.flush()
