"""The second and third lock, writing: nothing of a neighbour is changed, and the database itself says no as well."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import aliased

from ecoop.db import Database, Scope, ScopedSession, ScopeError
from ecoop.governance.evidence import Tag
from ecoop.governance.roles import Role
from ecoop.models import Assumption, Building, BusinessCase, Cooperative, RoleGrant, SupportGrant
from ecoop.models.buildings import Ownership
from tests.models.conftest import Street
from tests.support.factories import LONG_AGO, NOW

TABLE = Building.__table__


def names(database: Database, *cooperatives: int) -> list[str]:
    """What the buildings are called, in order of cooperative."""
    with database.work(Scope(cooperative_ids=frozenset(cooperatives))) as session:
        return list(session.scalars(sa.select(Building.name).order_by(Building.cooperative_id)))


def a_new_building(cooperative_id: int) -> Building:
    return Building(
        cooperative_id=cooperative_id,
        name="new",
        ownership=Ownership.BUSINESS,
        dwellings=0,
        business_units=1,
    )


# Statements


def test_an_update_changes_our_rows_only(database: Database, street: Street) -> None:
    with database.work(street.scope(may_write=True)) as session:
        session.execute(sa.update(Building).values(name="changed"))

    assert names(database, street.ours.id, street.theirs.id) == ["changed", "theirs"]


def test_an_update_that_names_their_row_changes_nothing(database: Database, street: Street) -> None:
    with database.work(street.scope(may_write=True)) as session:
        session.execute(
            sa.update(Building).where(Building.cooperative_id == street.theirs.id).values(name="changed"),
        )

    assert names(database, street.ours.id, street.theirs.id) == ["ours", "theirs"]


def test_an_update_reads_our_rows_only(database: Database, street: Street) -> None:
    highest = sa.select(sa.func.max(BusinessCase.name)).scalar_subquery()

    with database.work(street.scope(may_write=True)) as session:
        session.execute(sa.update(Building).values(name=sa.func.coalesce(highest, "") + "!"))

    assert names(database, street.ours.id) == ["ours!"]


def test_an_update_in_the_older_query_style_changes_our_rows_only(database: Database, street: Street) -> None:
    with database.work(street.scope(may_write=True)) as session:
        session.query(Building).update({"name": "changed"})

    assert names(database, street.ours.id, street.theirs.id) == ["changed", "theirs"]


def test_a_delete_removes_our_rows_only(database: Database, street: Street) -> None:
    with database.work(street.scope(may_write=True)) as session:
        session.execute(sa.delete(Assumption))

    with database.work(Scope(cooperative_ids=frozenset({street.ours.id, street.theirs.id}))) as session:
        assert session.scalars(sa.select(Assumption.source)).all() == ["theirs"]


def test_an_update_in_an_empty_scope_changes_nothing(database: Database, street: Street) -> None:
    with database.work(Scope(may_write=True)) as session:
        session.execute(sa.update(Building).values(name="changed"))

    assert names(database, street.ours.id, street.theirs.id) == ["ours", "theirs"]


def test_an_account_does_not_change_its_own_roles_elsewhere(database: Database, street: Street) -> None:
    with database.work(street.scope(may_write=True, account=True)) as session:
        session.execute(sa.update(RoleGrant).values(role=Role.TREASURER))

    with database.work(Scope(account_id=street.account_id)) as session:
        roles = session.scalars(sa.select(RoleGrant.role).order_by(RoleGrant.cooperative_id)).all()
    assert roles == [Role.TREASURER, Role.CHAIR]


def test_an_account_does_not_delete_its_own_roles_elsewhere(database: Database, street: Street) -> None:
    outside = Scope(account_id=street.account_id, may_write=True)

    with database.work(outside) as session:
        session.execute(sa.delete(RoleGrant))

    with database.work(Scope(account_id=street.account_id)) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(RoleGrant)) == 2


REFUSED: dict[str, Any] = {
    "text": sa.text("UPDATE building SET name = 'changed'"),
    "table": sa.update(TABLE).values(name="changed"),
    "table beside a class": sa.update(TABLE).where(Building.id > 0).values(name="changed"),
    "delete from a table beside a class": sa.delete(TABLE).where(Building.id > 0),
    "without the rules for classes": sa.update(Building)
    .values(name="changed")
    .execution_options(dml_strategy="core_only"),
    "update from another class": sa.update(Building)
    .where(BusinessCase.cooperative_id != Building.cooperative_id)
    .values(name=BusinessCase.name),
    "update from its own alias": sa.update(Building).values(name=aliased(Building).name),
    "delete using another class": sa.delete(Building).where(BusinessCase.name == Building.name),
    "table in a sub-query": sa.update(Building).values(name=sa.select(TABLE.c.name).limit(1).scalar_subquery()),
    "insert": sa.insert(Cooperative).values(slug="x", name="X", place="X", created_at=NOW),
    "insert from a select": sa.insert(Building).from_select(["name"], sa.select(Building.name)),
    "change of cooperative": sa.update(Building).values(cooperative_id=2),
    "change of cooperative by attribute": sa.update(Building).values({Building.cooperative_id: 2}),
    "change of cooperative by calculation": sa.update(Building).values(cooperative_id=Building.cooperative_id + 1),
    "change of cooperative in order": sa.update(Building).ordered_values((Building.cooperative_id, 2)),
}


@pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED)
def test_a_change_that_cannot_be_confined_is_refused(database: Database, street: Street, statement: Any) -> None:
    with database.work(street.scope(may_write=True)) as session, pytest.raises(ScopeError):
        session.execute(statement)


def test_a_list_of_changes_by_key_is_refused(database: Database, street: Street) -> None:
    cooperative_id, building_id = street.theirs.building
    changes = [{"cooperative_id": cooperative_id, "id": building_id, "name": "changed"}]

    with database.work(street.scope(may_write=True)) as session, pytest.raises(ScopeError):
        session.execute(sa.update(Building), changes)


def test_a_change_of_cooperative_given_beside_the_statement_is_refused(database: Database, street: Street) -> None:
    with database.work(street.scope(may_write=True)) as session, pytest.raises(ScopeError):
        session.execute(sa.update(Building), {"cooperative_id": street.theirs.id})


# Rows


def test_a_row_of_ours_is_added(database: Database, street: Street) -> None:
    with database.work(street.scope(may_write=True)) as session:
        session.add(a_new_building(street.ours.id))

    assert set(names(database, street.ours.id)) == {"ours", "new"}


def flush_is_refused(session: ScopedSession) -> None:
    with pytest.raises(ScopeError):
        session.flush()
    session.rollback()


def test_a_row_of_theirs_is_not_added(database: Database, street: Street) -> None:
    with database.work(street.scope(may_write=True)) as session:
        session.add(a_new_building(street.theirs.id))
        flush_is_refused(session)


def test_a_row_without_a_cooperative_is_not_added(database: Database, street: Street) -> None:
    with database.work(street.scope(may_write=True)) as session:
        session.add(Building(name="new", ownership=Ownership.BUSINESS, dwellings=0, business_units=1))
        flush_is_refused(session)


def test_a_row_does_not_move_to_another_cooperative(database: Database, street: Street) -> None:
    with database.work(street.scope(may_write=True)) as session:
        session.get_one(Building, street.ours.building).cooperative_id = street.theirs.id
        flush_is_refused(session)


def test_a_row_does_not_move_between_two_cooperatives_of_one_scope(database: Database, street: Street) -> None:
    both = Scope(cooperative_ids=frozenset({street.ours.id, street.theirs.id}), may_write=True)

    with database.work(both) as session:
        building = session.get_one(Building, street.ours.building)
        session.expire(building)
        building.cooperative_id = street.theirs.id
        flush_is_refused(session)


def test_their_row_is_not_merged_in(database: Database, street: Street) -> None:
    theirs = a_new_building(street.theirs.id)
    theirs.id = street.theirs.building[1]

    with database.work(street.scope(may_write=True)) as session:
        session.merge(theirs)
        flush_is_refused(session)


def test_a_role_elsewhere_is_seen_and_not_changed(database: Database, street: Street) -> None:
    with database.work(street.scope(may_write=True, account=True)) as session:
        session.get_one(RoleGrant, street.theirs.grant).role = Role.TREASURER
        flush_is_refused(session)


def test_a_role_elsewhere_is_seen_and_not_deleted(database: Database, street: Street) -> None:
    with database.work(street.scope(may_write=True, account=True)) as session:
        session.delete(session.get_one(RoleGrant, street.theirs.grant))
        flush_is_refused(session)


def test_nobody_gives_oneself_a_role_elsewhere(database: Database, street: Street) -> None:
    with database.work(street.scope(may_write=True, account=True)) as session:
        session.add(
            RoleGrant(
                cooperative_id=street.theirs.id,
                account_id=street.account_id,
                role=Role.TREASURER,
                starts_on=LONG_AGO,
                granted_at=NOW,
            )
        )
        flush_is_refused(session)


def a_request(cooperative_id: int, account_id: int) -> SupportGrant:
    return SupportGrant(cooperative_id=cooperative_id, account_id=account_id, reason="Vraag", hours=1, asked_at=NOW)


def test_somebody_outside_may_ask_to_be_let_in(database: Database, street: Street) -> None:
    with database.work(Scope(account_id=street.account_id, may_write=True)) as session:
        session.add(a_request(street.theirs.id, street.account_id))

    with database.work(Scope(cooperative_ids=frozenset({street.theirs.id}))) as session:
        assert session.scalars(sa.select(SupportGrant.reason)).all() == ["Vraag"]


def test_nobody_asks_in_the_name_of_another(database: Database, street: Street) -> None:
    with database.work(Scope(account_id=street.account_id + 1, may_write=True)) as session:
        session.add(a_request(street.theirs.id, street.account_id))
        flush_is_refused(session)


def test_who_asked_does_not_answer(database: Database, street: Street) -> None:
    outside = Scope(account_id=street.account_id, may_write=True)
    with database.work(outside) as session:
        session.add(a_request(street.theirs.id, street.account_id))

    with database.work(outside) as session:
        session.scalars(sa.select(SupportGrant)).one().hours = 72
        flush_is_refused(session)


# Reading scopes


def test_a_reading_session_adds_nothing(database: Database, street: Street) -> None:
    with database.work(street.scope()) as session:
        session.add(a_new_building(street.ours.id))
        flush_is_refused(session)


def test_a_reading_session_changes_nothing(database: Database, street: Street) -> None:
    with database.work(street.scope()) as session:
        session.get_one(Building, street.ours.building).name = "changed"
        flush_is_refused(session)


@pytest.mark.parametrize("statement", [sa.update(Building).values(name="changed"), sa.delete(Building)])
def test_a_reading_session_executes_no_change(database: Database, street: Street, statement: Any) -> None:
    with database.work(street.scope()) as session, pytest.raises(ScopeError):
        session.execute(statement)


def test_the_reader_itself_cannot_write(database: Database, street: Street) -> None:
    del street
    with database.reader.connect() as connection, pytest.raises(DBAPIError, match=r"read.?only"):
        connection.execute(sa.update(TABLE).values(name="changed"))


def test_the_writer_can_write_after_the_reader_on_the_same_connection(database: Database, street: Street) -> None:
    names(database, street.ours.id)

    with database.work(street.scope(may_write=True)) as session:
        session.execute(sa.update(Building).values(name="changed"))

    assert names(database, street.ours.id) == ["changed"]


# The third lock: the database, without any session in between


def values_of_an_assumption(cooperative_id: int, case_id: int) -> dict[str, Any]:
    return {
        "cooperative_id": cooperative_id,
        "id": 1,
        "case_id": case_id,
        "position": 1,
        "key": "discount_rate",
        "value": "0.03",
        "tag": Tag.ASSUMPTION,
    }


def test_the_database_hangs_our_row_under_our_parent(database: Database, street: Street) -> None:
    values = values_of_an_assumption(*street.ours.case)

    with database.writer.begin() as connection:
        connection.execute(sa.insert(Assumption.__table__).values(values))

    with database.work(street.scope()) as session:
        assert set(session.scalars(sa.select(Assumption.key))) == {"uptake", "discount_rate"}


def test_the_database_hangs_no_row_of_ours_under_their_parent(database: Database, street: Street) -> None:
    values = values_of_an_assumption(street.ours.id, street.theirs.case[1])

    with database.writer.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(sa.insert(Assumption.__table__).values(values))


def test_the_database_does_not_move_a_parent_away_from_its_children(database: Database, street: Street) -> None:
    table = BusinessCase.__table__
    moved = sa.update(table).where(table.c.id == street.ours.case[1]).values(cooperative_id=street.theirs.id)

    with database.writer.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(moved)
