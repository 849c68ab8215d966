"""Engine, sessions and the second lock: no statement leaves its cooperative, no reader writes.

Every session carries a `Scope`. The listeners below add the cooperative's criterion to every ORM statement,
counts and sub-queries included, and refuse whatever they cannot confine.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, NoReturn

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
from sqlalchemy.orm.attributes import History, get_history
from sqlalchemy.orm.base import PASSIVE_NO_INITIALIZE
from sqlalchemy.sql.base import ExecutableOption

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

    asked_from_outside: ClassVar[bool] = False
    """Whether the account may also add such a row from outside, as one asks to be let in."""

    @declared_attr
    def cooperative_id(cls) -> Mapped[int]:  # noqa: N805
        return mapped_column(sa.ForeignKey("cooperative.id"), primary_key=True, sort_order=-2)

    @declared_attr
    def account_id(cls) -> Mapped[int]:  # noqa: N805
        return mapped_column(sa.ForeignKey("account.id"), index=True)


class Posted:
    """What one cooperative may put in another's letter box: anybody who writes may add a row, as one posts a letter.

    Seen and changed it is only inside its cooperative, and by who carries for everybody: the worker, which sends
    letters and runs jobs of all cooperatives. A row without a cooperative is of the installation and seen by the
    carrier alone.
    """

    @declared_attr
    def cooperative_id(cls) -> Mapped[int | None]:  # noqa: N805
        return mapped_column(sa.ForeignKey("cooperative.id"), index=True)


class Logged:
    """Mixed into logs of who looked: such a row may be added by a session that can do nothing else."""


class ScopeError(EcoopError):
    """A statement that no scope can confine, or a write that leaves the scope. A fault of ours, never of a user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What one session may see and touch: these cooperatives, the rows of this account, and whether it may write.

    With `may_log` alone it may add to the logs of who looked, and change nothing: reading a page stays reading.
    With `carries` it sees what was posted (`Posted`) in every cooperative, and nothing else of them.
    """

    cooperative_ids: frozenset[int] = frozenset()
    account_id: int | None = None
    may_write: bool = False
    may_log: bool = False
    carries: bool = False


@dataclass(frozen=True, slots=True)
class Database:
    """One database behind two doors: a writer that takes the write lock at once, and a reader that cannot write."""

    writer: sa.Engine
    reader: sa.Engine

    def session(self, scope: Scope) -> "ScopedSession":
        """A new session that never leaves `scope`; the caller commits and closes it."""
        bind = self.writer if scope.may_write or scope.may_log else self.reader
        return ScopedSession(bind=bind, scope=scope)

    @contextmanager
    def work(self, scope: Scope) -> Iterator["ScopedSession"]:
        """One unit of work: committed when the block ends well, undone when it does not."""
        with self.session(scope) as session:
            yield session
            if scope.may_write or scope.may_log:
                session.commit()

    @contextmanager
    def snapshot(self) -> Iterator[sa.Connection]:
        """All rows of all cooperatives as they were at one instant, to read only: for keeping them safe, not for work.

        Both databases let others write on meanwhile. On SQLite the instant is that of the first statement.
        """
        with self.reader.connect() as connection:
            if connection.dialect.name != "sqlite":
                connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    def pool_use(self) -> tuple[int, int]:
        """How many connections are at work, and how many wait for work."""
        pool = self.writer.pool
        return (pool.checkedout(), pool.checkedin()) if isinstance(pool, sa.QueuePool) else (0, 0)

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

    def include(self, cooperative_id: int) -> None:
        """Widen the scope by a cooperative that was founded in this very session: who founds it may furnish it."""
        self.info["scope"] = replace(self.scope, cooperative_ids=self.scope.cooperative_ids | {cooperative_id})

    def _closed(self, *_: Any, **__: Any) -> NoReturn:
        raise ScopeError("This way passes by the scope; use ORM statements and session.add().")

    connection = _closed
    bulk_save_objects = _closed
    bulk_insert_mappings = _closed
    bulk_update_mappings = _closed


def open_database(url: str) -> Database:
    """The database at `url`: SQLite with WAL and real write locks, or PostgreSQL."""
    parsed = sa.make_url(url)
    try:
        engine = _sqlite_engine(parsed) if parsed.get_backend_name() == "sqlite" else _postgresql_engine(parsed)
    except ModuleNotFoundError as error:
        raise DatabaseUnreachable(f"The driver {error.name} is not installed.") from error
    return Database(writer=engine, reader=engine.execution_options(readonly=True))


def _sqlite_engine(url: sa.URL) -> sa.Engine:
    engine = sa.create_engine(url, connect_args={"timeout": 15}, hide_parameters=True)

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
    engine = sa.create_engine(url, pool_pre_ping=True, hide_parameters=True)

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        if connection.get_execution_options().get("readonly", False):
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")

    return engine


def sqlite_file(database: Database) -> Path | None:
    """The file of a SQLite database; None for PostgreSQL, and for what is in memory only."""
    url = database.writer.url
    in_memory = url.database in (None, "", ":memory:")
    return Path(str(url.database)) if url.get_backend_name() == "sqlite" and not in_memory else None


def close_sqlite_file(file: Path) -> bool:
    """Put everything into the one file, so that another may take its place; False where somebody still has it open."""
    with closing(sqlite3.connect(file, timeout=0.5)) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                return False
            raise
    return True


class DatabaseUnreachable(EcoopError):
    """The database cannot be opened or does not answer; the message is what its driver says about it."""


@contextmanager
def told_plainly() -> Iterator[None]:
    """Tell a database that cannot be reached apart from a fault of ours, which passes through."""
    ours = (sa.exc.IntegrityError, sa.exc.ProgrammingError, sa.exc.DataError, sa.exc.InternalError)
    try:
        yield
    except ours:
        raise
    except sa.exc.DBAPIError as error:
        raise DatabaseUnreachable(" ".join(str(error.orig).split())) from error
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, sqlite3.DatabaseError) as error:
        raise DatabaseUnreachable(" ".join(str(error).split())) from error


@event.listens_for(Session, "do_orm_execute")
def _confine(state: ORMExecuteState) -> None:
    """Add the cooperative's criterion to every statement; refuse what cannot be confined."""
    if not isinstance(state.session, ScopedSession):
        raise ScopeError("A session without a scope may not be used.")
    scope = state.session.scope
    if not scope.may_write and not state.is_select:
        raise ScopeError("This session only reads.")
    if state.is_column_load:
        return  # columns of a row that this session holds already
    if not state.is_orm_statement or not isinstance(state.statement, _CONFINABLE):
        raise ScopeError("Only ORM selects, updates and deletes can be confined to a cooperative.")
    if not state.is_relationship_load:  # SQLAlchemy wrote that statement itself
        _refuse_hidden_tables(state.statement)
    if isinstance(state.statement, sa.Update | sa.Delete):
        _refuse_wide_changes(state, state.statement)
    state.statement = state.statement.options(*_criteria(scope, reading=state.is_select))


def _criteria(scope: Scope, *, reading: bool) -> tuple[ExecutableOption, ...]:
    """What every row must meet. Rows of the account elsewhere may be read, never changed."""
    ids = sorted(scope.cooperative_ids)
    mine = scope.account_id if reading else None
    posted = with_loader_criteria(Posted, lambda cls: cls.cooperative_id.in_(ids), include_aliases=True)
    return (
        *(() if scope.carries else (posted,)),
        with_loader_criteria(Owned, lambda cls: cls.cooperative_id.in_(ids), include_aliases=True),
        with_loader_criteria(
            OwnedOrMine,
            lambda cls: sa.or_(cls.cooperative_id.in_(ids), cls.account_id == mine),
            include_aliases=True,
        ),
    )


_CONFINABLE = (sa.Select, sa.CompoundSelect, sa.Update, sa.Delete)


def _refuse_hidden_tables(statement: sa.ClauseElement) -> None:
    """Refuse what the criterion does not reach: a table named without its class, text, a change inside a select."""
    waiting, done = [statement], set[int]()
    while waiting:
        level = waiting.pop()
        if id(level) in done:
            continue  # a recursive query comes back to itself
        done.add(id(level))
        parts, selects = _level(level)
        entities = [entity for part in parts if (entity := _entity_of(part)) is not None]
        confined = {entity.local_table for entity in entities if entity.is_mapper}
        for part in parts:
            if isinstance(part, sa.TextClause | sa.UpdateBase):
                raise ScopeError("Text and nested changes cannot be confined to a cooperative.")
            if isinstance(part, sa.TableClause) and _entity_of(part) is None and part not in confined:
                raise ScopeError(f"Name the class, not its table: {part.name} cannot be confined to a cooperative.")
        waiting += selects


def _level(statement: sa.ClauseElement) -> tuple[list[sa.ClauseElement], list[sa.ClauseElement]]:
    """The parts of `statement` itself, and the selects inside it."""
    parts: list[sa.ClauseElement] = []
    selects: list[sa.ClauseElement] = []
    waiting, seen = list(_children(statement)), set[int]()
    while waiting:
        part = waiting.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        if isinstance(part, sa.SelectBase):
            selects.append(part)
        else:
            parts.append(part)
            waiting += _children(part)
    return parts, selects


def _children(part: Any) -> Iterable[sa.ClauseElement]:
    """What `part` is made of, down to the tables of its columns; a part that stands for a class is whole."""
    children: Iterable[sa.ClauseElement] = ()
    if isinstance(part, sa.Select):  # its own answer adds tables that it has stripped of their mark
        children = super(sa.Select, part).get_children(omit_attrs=("_correlate", "_correlate_except"))
    elif isinstance(part, sa.ColumnClause):
        children = () if _entity_of(part) is not None or part.table is None else (part.table,)
    elif _entity_of(part) is None or isinstance(getattr(part, "element", None), sa.SelectBase):
        children = part.get_children()
    return children


def _entity_of(part: Any) -> Any:
    """The mapped class, or its alias, that SQLAlchemy noted on `part` (the note has no public name)."""
    return part._annotations.get("parententity") or part._annotations.get("parentmapper")


def _refuse_wide_changes(state: ORMExecuteState, statement: sa.Update | sa.Delete) -> None:
    """Refuse changes by key or by another table, and a change of cooperative: the criterion narrows only the target."""
    if isinstance(state.parameters, list) or "dml_strategy" in state.execution_options:
        raise ScopeError("A list of changes is not confined to a cooperative; change the rows one by one.")
    target = _entity_of(statement.table)
    if any(_entity_of(part) not in (None, target) for part in _level(statement)[0]):
        raise ScopeError("A change may look at other tables in a sub-query only.")
    given = state.parameters if isinstance(state.parameters, Mapping) else {}
    written = getattr(statement, "_values", None) or {}  # filled by values(), keyed by columns or names
    if any(getattr(column, "key", column) == "cooperative_id" for column in (*written, *given)):
        raise ScopeError("A row may not move to another cooperative.")


@event.listens_for(Session, "before_flush")
def _guard_writes(session: Session, _context: Any, _instances: Any) -> None:
    """Refuse a write by a reader, and a write of a row of another cooperative."""
    if not isinstance(session, ScopedSession):
        raise ScopeError("A session without a scope may not be used.")
    touched = [*session.new, *session.dirty, *session.deleted]
    if touched and not session.scope.may_write and not _only_logs(session, touched):
        raise ScopeError("This session only reads.")
    for row in touched:
        if isinstance(row, Owned | OwnedOrMine) and not _is_own_request(session, row):
            _guard_row(session.scope, row)
        if isinstance(row, Posted) and row not in session.new:
            _guard_posted(session.scope, row)


def _only_logs(session: ScopedSession, touched: list[object]) -> bool:
    return session.scope.may_log and all(isinstance(row, Logged) and row in session.new for row in touched)


def _is_own_request(session: ScopedSession, row: object) -> bool:
    if not isinstance(row, OwnedOrMine) or not row.asked_from_outside or row not in session.new:
        return False
    return row.account_id == session.scope.account_id


def _guard_posted(scope: Scope, row: Posted) -> None:
    """Once posted it is out of hand: changed inside its cooperative, or by the carrier."""
    if _history(row).has_changes():
        raise ScopeError(f"{type(row).__name__} may not move to another cooperative.")
    if not scope.carries and row.cooperative_id not in scope.cooperative_ids:
        raise ScopeError(f"{type(row).__name__} was posted outside this scope.")


def _history(row: object) -> History:
    """What became of the cooperative of a row. `attrs` would say it as well, and make an object for every column."""
    return get_history(row, "cooperative_id", PASSIVE_NO_INITIALIZE)


def _guard_row(scope: Scope, row: Owned | OwnedOrMine) -> None:
    history = _history(row)
    if history.deleted and history.has_changes():
        raise ScopeError(f"{type(row).__name__} may not move to another cooperative.")
    if row.cooperative_id not in scope.cooperative_ids:
        raise ScopeError(f"{type(row).__name__} belongs to a cooperative outside this scope.")
