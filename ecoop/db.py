"""Engine, sessions and the second lock: no statement leaves its cooperative, no reader writes.

Every session carries a `Scope`. The listeners below add the cooperative's criterion to every ORM statement,
counts and sub-queries included, and refuse whatever they cannot confine.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    ORMExecuteState,
    Session,
    declared_attr,
    mapped_column,
    with_loader_criteria,
)

from ecoop.errors import EcoopError

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All tables; constraints are named, so that a violation can be told in words."""

    metadata = sa.MetaData(naming_convention=NAMING)


class Owned:
    """Mixed into every table that belongs to one cooperative: the criterion follows from this class."""

    @declared_attr
    def cooperative_id(cls) -> Mapped[int]:  # noqa: N805  a declared attribute takes the class
        return mapped_column(sa.ForeignKey("cooperative.id"), primary_key=True, sort_order=-2)


class OwnedOrMine:
    """Owned, but the account it names may also see it from outside: else nobody could be let in at the door."""

    @declared_attr
    def cooperative_id(cls) -> Mapped[int]:  # noqa: N805
        return mapped_column(sa.ForeignKey("cooperative.id"), primary_key=True, sort_order=-2)

    @declared_attr
    def account_id(cls) -> Mapped[int]:  # noqa: N805
        return mapped_column(sa.ForeignKey("account.id"), index=True)


class ScopeError(EcoopError):
    """A statement that no scope can confine, or a write that leaves the scope. A fault of ours, never of a user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What one session may see and touch: these cooperatives, the rows of this account, and whether it may write."""

    cooperative_ids: frozenset[int] = frozenset()
    account_id: int | None = None
    may_write: bool = False


@dataclass(frozen=True, slots=True)
class Database:
    """One database behind two doors: a writer that takes the write lock at once, and a reader that cannot write."""

    writer: sa.Engine
    reader: sa.Engine

    def session(self, scope: Scope) -> "ScopedSession":
        """A new session that never leaves `scope`; the caller commits and closes it."""
        return ScopedSession(bind=self.writer if scope.may_write else self.reader, scope=scope)

    @contextmanager
    def work(self, scope: Scope) -> Iterator["ScopedSession"]:
        """One unit of work: committed when the block ends well, undone when it does not."""
        with self.session(scope) as session:
            yield session
            if scope.may_write:
                session.commit()

    def dispose(self) -> None:
        """Close the connections (the two doors share one pool)."""
        self.writer.dispose()


class ScopedSession(Session):
    """A session with a scope. The ways round the listeners are closed."""

    def __init__(self, *, bind: sa.Engine, scope: Scope) -> None:
        super().__init__(bind=bind, info={"scope": scope}, expire_on_commit=False)

    @property
    def scope(self) -> Scope:
        """What this session may see and touch."""
        scope = self.info["scope"]
        assert isinstance(scope, Scope)  # noqa: S101  set by the constructor
        return scope

    def _closed(self, *_: Any, **__: Any) -> NoReturn:
        raise ScopeError("This way passes by the scope; use ORM statements and session.add().")

    connection = _closed
    bulk_save_objects = _closed
    bulk_insert_mappings = _closed
    bulk_update_mappings = _closed


def open_database(url: str) -> Database:
    """The database at `url`: SQLite with WAL and real write locks, or PostgreSQL."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = _sqlite_engine(parsed)
    else:
        engine = _postgresql_engine(parsed)
    return Database(writer=engine, reader=engine.execution_options(readonly=True))


def _sqlite_engine(url: sa.URL) -> sa.Engine:
    engine = sa.create_engine(url, connect_args={"timeout": 15})

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver would begin too late: see _begin
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=15000"):
            connection.execute("PRAGMA " + pragma)

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        # A deferred BEGIN that is upgraded at its first write fails at once or loses updates; IMMEDIATE waits.
        readonly = bool(connection.get_execution_options().get("readonly", False))
        connection.exec_driver_sql(f"PRAGMA query_only={int(readonly)}")
        connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")

    return engine


def _postgresql_engine(url: sa.URL) -> sa.Engine:
    engine = sa.create_engine(url, pool_pre_ping=True)

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        if connection.get_execution_options().get("readonly", False):
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")

    return engine


@event.listens_for(Session, "do_orm_execute")
def _confine(state: ORMExecuteState) -> None:
    """Add the cooperative's criterion to every statement; refuse what cannot be confined."""
    if not isinstance(state.session, ScopedSession):
        raise ScopeError("A session without a scope may not be used.")
    if not state.is_orm_statement or state.is_insert:
        raise ScopeError("Only ORM selects, updates and deletes can be confined to a cooperative.")
    scope = state.session.scope
    if not scope.may_write and not state.is_select:
        raise ScopeError("This session only reads.")
    if state.is_column_load or state.is_relationship_load:
        return  # the criterion travels along from the statement that loaded the parent
    ids = sorted(scope.cooperative_ids)
    mine = scope.account_id
    state.statement = state.statement.options(
        with_loader_criteria(Owned, lambda cls: cls.cooperative_id.in_(ids), include_aliases=True),
        with_loader_criteria(
            OwnedOrMine,
            lambda cls: sa.or_(cls.cooperative_id.in_(ids), cls.account_id == mine),
            include_aliases=True,
        ),
    )


@event.listens_for(Session, "before_flush")
def _guard_writes(session: Session, _context: Any, _instances: Any) -> None:
    """Refuse a write by a reader, and a write of a row of another cooperative."""
    if not isinstance(session, ScopedSession):
        raise ScopeError("A session without a scope may not be used.")
    touched = [*session.new, *session.dirty, *session.deleted]
    if touched and not session.scope.may_write:
        raise ScopeError("This session only reads.")
    for row in touched:
        if isinstance(row, Owned | OwnedOrMine):
            _guard_row(session.scope, row)


def _guard_row(scope: Scope, row: Owned | OwnedOrMine) -> None:
    history = sa.inspect(row).attrs["cooperative_id"].history
    if history.deleted and history.has_changes():
        raise ScopeError(f"{type(row).__name__} may not move to another cooperative.")
    if row.cooperative_id not in scope.cooperative_ids:
        raise ScopeError(f"{type(row).__name__} belongs to a cooperative outside this scope.")
