"""The audit trail in the database: it only grows, every change to it is found, and nobody's words are kept in it."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from ecoop.db import Base, Scope, ScopedSession, ScopeError
from ecoop.errors import Forbidden, Refused
from ecoop.governance.audit import Action, Break, Fault, Verdict, verify_export
from ecoop.governance.roles import Role
from ecoop.models import AccessEntry, AuditEntry, AuditNote, Building
from ecoop.services import access_log, audit, audit_reading
from ecoop.services.access_log import AccessKind
from ecoop.services.audit_reading import TrailFilter, TrailReason
from tests.services.conftest import World
from tests.support.databases import furnishing
from tests.support.factories import NOW, a_building, an_account
from tests.support.queries import counted_queries

ENTRY = Base.metadata.tables["audit_entry"]
HEAD = Base.metadata.tables["audit_head"]
NOTE = Base.metadata.tables["audit_note"]
ENTRIES = 30
TODAY = NOW.date()
REASON = "Petra van Dam is verhuisd naar Meppel"


@pytest.fixture
def written(world: World) -> World:
    """A world in which thirty things were done, some with a reason."""
    with world.inside() as session:
        for number in range(1, ENTRIES + 1):
            audit.record(
                session, world.treasurer, Action.ROLE_GRANTED, cooperative_id=world.home,
                subject=f"role_grant:{number}",
                details={"account_id": world.outsider, "role": "member"}, why=REASON if number % 10 == 0 else None,
                now=NOW + timedelta(hours=number),
            )  # fmt: skip
        session.commit()
    return world


def verdict(world: World, **asked: Any) -> Verdict:
    with world.reading() as session:
        return audit_reading.verify_trail(session, cooperative_id=world.home, **asked)


@contextmanager
def at_the_disk(world: World) -> Iterator[sa.Connection]:
    """Somebody who owns the database, took away its triggers and foreign keys, and puts everything back afterwards."""
    with world.database.writer.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
            for name in ("update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER audit_entry_refuses_{name}")
            connection.exec_driver_sql("DROP TRIGGER audit_note_refuses_update")
        else:
            for table in ("audit_entry", "audit_note"):
                connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            connection.exec_driver_sql("ALTER TABLE audit_note DROP CONSTRAINT fk_audit_note_number")
        try:
            yield connection
        finally:
            connection.rollback()


def looked_at(connection: sa.Connection, home: int) -> Verdict:
    with (
        connection.begin_nested(),
        ScopedSession(bind=connection, scope=Scope(cooperative_ids=frozenset({home}))) as one,
    ):
        return audit_reading.verify_trail(one, cooperative_id=home)


def one_change(connection: sa.Connection, dice: random.Random, home: int) -> str:
    """One change to the tables of the trail, somewhere."""
    kind = dice.choice(["column", "column", "column", "delete", "swap", "insert", "head", "note", "note gone", "cut"])
    number = dice.randint(1, ENTRIES)
    row = sa.and_(ENTRY.c.cooperative_id == home, ENTRY.c.number == number)
    if kind == "column":
        values: dict[str, Any] = {
            "actor_id": dice.randint(100, 10**6),
            "on_behalf_of_id": dice.randint(100, 10**6),
            "action": dice.choice(["role.ended", "role.grante", "Role.granted"]),
            "subject": f"role_grant:{dice.randint(100, 10**6)}",
            "details": dice.choice(["{}", '{"role": "chair"}', "", "null", "]"]),
            "recorded_at": NOW + timedelta(seconds=dice.randint(1, 1000)),
            "note_digest": f"{dice.getrandbits(256):064x}",
            "previous": f"{dice.getrandbits(256):064x}",
            "digest": f"{dice.getrandbits(256):064x}",
            "number": ENTRIES + dice.randint(1, 99),
        }
        name = dice.choice(sorted(values))
        connection.execute(sa.update(ENTRY).where(row).values({name: values[name]}))
        return f"{name} of {number}"
    if kind == "delete":
        connection.execute(sa.delete(ENTRY).where(row))
    elif kind == "swap":
        other = number % ENTRIES + 1
        for old, new in ((number, 900), (other, number), (900, other)):
            where = sa.and_(ENTRY.c.cooperative_id == home, ENTRY.c.number == old)
            connection.execute(sa.update(ENTRY).where(where).values(number=new))
    elif kind == "insert":
        copy = connection.execute(sa.select(ENTRY).where(row)).one()._asdict()
        connection.execute(sa.insert(ENTRY).values(copy | {"number": ENTRIES + 1}))
    elif kind == "head":
        connection.execute(sa.update(HEAD).where(HEAD.c.cooperative_id == home).values(number=HEAD.c.number - 1))
    elif kind == "note":
        connection.execute(sa.update(NOTE).where(NOTE.c.number == 20).values(text=f"Anders {dice.random()}"))
    elif kind == "note gone":
        connection.execute(sa.delete(NOTE).where(NOTE.c.number == 10))
    else:
        connection.execute(sa.delete(ENTRY).where(ENTRY.c.cooperative_id == home, ENTRY.c.number > number - 1))
    return f"{kind} {number}"


def test_a_trail_that_nobody_touched_is_whole(written: World) -> None:
    assert verdict(written) == Verdict(chain=f"cooperative:{written.home}", count=ENTRIES, head=verdict(written).head)


def test_a_thousand_random_changes_to_the_tables_are_all_found(written: World) -> None:
    dice, missed = random.Random(7), []
    with at_the_disk(written) as connection:
        assert looked_at(connection, written.home).holds
        for _ in range(1000):
            change = connection.begin_nested()
            told = one_change(connection, dice, written.home)
            if looked_at(connection, written.home).holds:
                missed.append(told)
            change.rollback()

    assert missed == []


def test_a_value_that_cannot_be_read_is_a_change_too(written: World) -> None:
    wrong = "UPDATE audit_entry SET recorded_at = 'one of these days' WHERE number = 17"
    with at_the_disk(written) as connection:
        if connection.dialect.name == "sqlite":  # which keeps whatever it is given
            connection.exec_driver_sql(wrong)
            assert looked_at(connection, written.home).first_break == Break(number=17, fault=Fault.EDITED)
        else:
            with pytest.raises(sa.exc.DataError):
                connection.exec_driver_sql(wrong)


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET actor_id = 1", "DELETE FROM audit_entry",
                                       "UPDATE audit_note SET text = 'x'", "DELETE FROM installation_entry",
                                       "UPDATE access_entry SET kind = 'x'", "DELETE FROM access_entry"])  # fmt: skip
def test_the_database_itself_refuses_changes(written: World, statement: str) -> None:
    with written.database.work(Scope(may_write=True)) as session:
        audit.record_for_installation(session, None, Action.INSTALLATION_FOUNDED, now=NOW)
    with written.database.work(Scope(cooperative_ids=frozenset({written.home}), may_log=True)) as session:
        _look(session, written)

    with written.database.writer.connect() as connection, pytest.raises(sa.exc.IntegrityError, match="only grows"):
        connection.exec_driver_sql(statement)


def test_the_table_cannot_be_emptied_at_once(written: World) -> None:
    refusals = (sa.exc.IntegrityError, sa.exc.OperationalError)  # by the trigger; SQLite has no such statement

    with written.database.writer.connect() as connection, pytest.raises(refusals):
        connection.exec_driver_sql("TRUNCATE audit_entry CASCADE")


def test_entries_of_two_who_act_at_once_follow_each_other(world: World) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def act(number: int) -> None:
        with world.inside() as session:
            audit.record(session, world.treasurer, Action.ROLE_ENDED, cooperative_id=world.home, now=NOW)
            session.commit()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(act, range(40)))

    assert verdict(world).count == 40
    assert verdict(world).holds


def test_what_is_undone_leaves_no_entry(world: World) -> None:
    with world.inside() as session:
        audit.record(session, world.treasurer, Action.ROLE_ENDED, cooperative_id=world.home, now=NOW)
        session.rollback()

    assert verdict(world).count == 0


def test_a_savepoint_that_is_undone_leaves_no_gap(world: World) -> None:
    with world.inside() as session:
        audit.record(session, world.treasurer, Action.ROLE_GRANTED, cooperative_id=world.home, now=NOW)
        inner = session.begin_nested()
        audit.record(session, world.treasurer, Action.ROLE_ENDED, cooperative_id=world.home, now=NOW)
        inner.rollback()
        audit.record(session, world.treasurer, Action.CASE_REPLACED, cooperative_id=world.home, now=NOW)
        session.commit()

    assert verdict(world).holds
    assert verdict(world).count == 2


def test_the_page_shows_names_and_the_reason(written: World) -> None:
    with written.reading() as session:
        trail = audit_reading.read_trail(
            session, written.treasurer, cooperative_id=written.home, wanted=TrailFilter(), day=TODAY
        )

    newest = trail.entries[0]
    assert (newest.number, newest.actor, newest.details["account_id"]) == (ENTRIES, "Petra", "Otto")
    assert newest.reason == REASON


def test_no_reason_stands_in_the_chain(written: World) -> None:
    with written.database.reader.connect() as connection:
        rows = connection.execute(sa.select(ENTRY)).all()

    assert "Meppel" not in repr(rows)


def test_a_reason_can_be_erased_and_the_trail_stays_whole(written: World) -> None:
    with written.inside() as session:
        audit_reading.erase_reason(session, written.treasurer, cooperative_id=written.home, number=20, now=NOW)
        session.commit()

    with written.reading() as session:
        assert session.scalars(sa.select(AuditNote.number).order_by(AuditNote.number)).all() == [10, 30]
    assert verdict(written).holds
    assert verdict(written).count == ENTRIES + 1


def test_a_reason_is_erased_once(written: World) -> None:
    with written.inside() as session, pytest.raises(Refused) as refused:
        audit_reading.erase_reason(session, written.treasurer, cooperative_id=written.home, number=21, now=NOW)

    assert refused.value.reason is TrailReason.NO_REASON_KEPT


@pytest.mark.parametrize("role", [Role.MEMBER, Role.FUNDER, Role.TELLER])
def test_the_trail_is_for_the_board_and_the_audit_committee(written: World, role: Role) -> None:
    with written.reading() as session, pytest.raises(Forbidden):
        audit_reading.read_trail(
            session, written.acting(role), cooperative_id=written.home, wanted=TrailFilter(), day=TODAY
        )


def test_the_audit_committee_erases_nothing(written: World) -> None:
    with written.inside() as session, pytest.raises(Forbidden):
        audit_reading.erase_reason(
            session, written.acting(Role.AUDIT_COMMITTEE), cooperative_id=written.home, number=20, now=NOW
        )


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (TrailFilter(before=4), [3, 2, 1]),
        (TrailFilter(area="case"), []),
        (TrailFilter(actor_id=404), []),
        (TrailFilter(first_day=(NOW + timedelta(hours=30)).date(), area="role"), list(range(30, 13, -1))),
        (TrailFilter(last_day=NOW.date()), list(range(13, 0, -1))),
    ],
    ids=str,
)
def test_the_trail_is_filtered(written: World, wanted: TrailFilter, numbers: list[int]) -> None:
    with written.reading() as session:
        trail = audit_reading.read_trail(
            session, written.treasurer, cooperative_id=written.home, wanted=wanted, day=TODAY
        )

    assert [entry.number for entry in trail.entries] == numbers


def test_a_page_costs_as_many_queries_however_long_the_trail_is(written: World) -> None:
    def cost() -> int:
        with written.reading() as session, counted_queries(written.database) as queries:
            audit_reading.read_trail(
                session, written.treasurer, cooperative_id=written.home, wanted=TrailFilter(), day=TODAY
            )
        return len(queries)

    before = cost()
    with furnishing(written.database) as session:
        others = [an_account(session, f"Ander {number}").id for number in range(20)]
    with written.inside() as session:
        for one in others:
            actor = written.acting(Role.CHAIR, account_id=one)
            audit.record(session, actor, Action.ROLE_ENDED, cooperative_id=written.home, now=NOW)
        session.commit()

    assert cost() == before


def test_an_export_holds_and_says_that_it_left(written: World) -> None:
    with written.inside() as session:
        text = audit_reading.export_trail(session, written.treasurer, cooperative_id=written.home, now=NOW)
        session.commit()

    assert verify_export(text).holds
    assert verify_export(text, known_head=verdict(written).head).count == ENTRIES + 1
    assert "Meppel" not in text
    assert "trail.exported" in text


def test_a_neighbour_has_a_trail_of_its_own(written: World) -> None:
    with written.database.session(Scope(cooperative_ids=frozenset({written.neighbour}))) as session:
        assert audit_reading.verify_trail(session, cooperative_id=written.neighbour).count == 0
        assert session.scalars(sa.select(AuditEntry)).all() == []


def _look(session: ScopedSession, world: World, about: int | None = None) -> None:
    access_log.note(
        session, cooperative_id=world.home, account_id=world.outsider, kind=AccessKind.TRAIL, subject="trail",
        about_account_id=about, as_support=False, now=NOW,
    )  # fmt: skip


def test_a_look_is_noted_by_a_session_that_can_do_nothing_else(world: World) -> None:
    scope = Scope(cooperative_ids=frozenset({world.home}), may_log=True)
    with world.database.work(scope) as session:
        _look(session, world, about=world.treasurer.account_id)

    with world.reading() as session:
        mine = access_log.read_accesses(session, cooperative_id=world.home, about_account_id=world.treasurer.account_id)
    assert [(one.name, one.kind) for one in mine] == [("Otto", "trail")]


def test_a_session_that_logs_changes_nothing(world: World) -> None:
    with furnishing(world.database) as session:
        session.include(world.home)
        from ecoop.models import Cooperative

        cooperative = session.get(Cooperative, world.home)
        assert cooperative is not None
        a_building(session, cooperative, "Poortgebouw")
    scope = Scope(cooperative_ids=frozenset({world.home}), may_log=True)

    with world.database.session(scope) as session:
        session.scalars(sa.select(Building)).one().dwellings = 99
        with pytest.raises(ScopeError):
            session.flush()


def test_a_look_is_not_noted_for_a_neighbour(world: World) -> None:
    scope = Scope(cooperative_ids=frozenset({world.neighbour}), may_log=True)

    with world.database.session(scope) as session, pytest.raises(ScopeError):
        _look(session, world)


def test_a_look_that_was_noted_stays(world: World) -> None:
    scope = Scope(cooperative_ids=frozenset({world.home}), may_log=True)
    with world.database.work(scope) as session:
        _look(session, world)

    with world.database.session(scope) as session:
        session.delete(session.scalars(sa.select(AccessEntry)).one())
        with pytest.raises(ScopeError):
            session.flush()
