"""Column types and keys shared by all tables."""

import secrets
import threading
from datetime import UTC, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ecoop import clock


class UTCDateTime(sa.TypeDecorator[datetime]):
    """An instant: refuses a time without zone, stores UTC, gives UTC back on both databases."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant needs a time zone.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_column(kind: type[StrEnum]) -> sa.Enum:
    """A text column that holds the values of `kind`, guarded by a check constraint on both databases."""
    return sa.Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


_EPOCH_MS = 1_735_689_600_000  # 1 January 2025, UTC
_RANDOM_BITS = 21
_lock = threading.Lock()
_last_key = 0


def new_key() -> int:
    """A key that no other process gives out: 42 bits of milliseconds, then 21 random bits (63 in all).

    Inside one process keys rise, also within one millisecond. Owned tables use them because their primary key
    begins with the cooperative, and SQLite numbers only single columns by itself.
    """
    global _last_key  # noqa: PLW0603  one series per process
    milliseconds = int(clock.now().timestamp() * 1000) - _EPOCH_MS
    fresh = milliseconds << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
    with _lock:
        _last_key = max(fresh, _last_key + 1)
        return _last_key


def owned_key() -> Mapped[int]:
    """The second half of the primary key of an owned table."""
    return mapped_column(sa.BigInteger, primary_key=True, autoincrement=False, default=new_key, sort_order=-1)


def child_of(child: str, column: str, table: str) -> sa.ForeignKeyConstraint:
    """The third lock: a child hangs under a parent of its own cooperative or not at all."""
    return sa.ForeignKeyConstraint(
        ["cooperative_id", column], [f"{table}.cooperative_id", f"{table}.id"], name=f"fk_{child}_{column}"
    )


def text_check(column: str) -> sa.CheckConstraint:
    """A text that is not empty."""
    return sa.CheckConstraint(f"length({column}) > 0", name=f"{column}_not_empty")
