"""Work that is done later: what it is, when it is due, how far it is. No personal data: arguments are codes only."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ecoop.db import Base, Posted
from ecoop.models.types import UTCDateTime, enum_column, text_check


class JobState(StrEnum):
    """How a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(Base, Posted):
    """One piece of work. `key` names a dated job: the database refuses the same one twice, whoever plans it."""

    __tablename__ = "job"
    __table_args__ = (
        sa.Index(None, "state", "due_at"),
        text_check("kind"),
        sa.CheckConstraint("done >= 0 AND (total IS NULL OR done <= total)", name="progress"),
        sa.CheckConstraint("(state = 'running') = (worker IS NOT NULL)", name="a_worker_while_it_runs"),
        sa.CheckConstraint("(worker IS NULL) = (lease_until IS NULL)", name="leased_to_a_worker"),
        sa.CheckConstraint("(state IN ('waiting', 'running')) = (finished_at IS NULL)", name="finished"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(60))
    key: Mapped[str | None] = mapped_column(sa.String(120), unique=True)
    arguments: Mapped[str] = mapped_column(sa.Text)
    """JSON of codes and numbers."""
    state: Mapped[JobState] = mapped_column(enum_column(JobState))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    worker: Mapped[str | None] = mapped_column(sa.String(80))
    """Who runs it now; a lease that has run out lets another worker take it over."""
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    cancel_asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    problem: Mapped[str | None] = mapped_column(sa.String(120))
    """Why it failed, as a code: the name of an exception at most, never its words."""
