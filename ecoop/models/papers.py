"""Papers, their versions, and who may read them. The files themselves lie outside the database, under their digest."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ecoop.db import Base, Owned
from ecoop.governance.papers import MediaType, PaperKind, Retention
from ecoop.models.types import UTCDateTime, child_of, enum_column, owned_key, text_check


class Paper(Base, Owned):
    """A document of a cooperative. `keep_until` is set when it is withdrawn; None then: it is kept for ever."""

    __tablename__ = "paper"
    __table_args__ = (
        text_check("title"),
        sa.CheckConstraint("keep_until IS NULL OR withdrawn_at IS NOT NULL", name="kept_once_withdrawn"),
    )

    id: Mapped[int] = owned_key()
    title: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[PaperKind] = mapped_column(enum_column(PaperKind))
    retention: Mapped[Retention] = mapped_column(enum_column(Retention))
    keep_until: Mapped[date | None]
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)
    withdrawn_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class PaperVersion(Base, Owned):
    """One version of a paper, numbered from 1. This table only grows: also when the file is destroyed."""

    __tablename__ = "paper_version"
    __table_args__ = (
        child_of("paper_version", "paper_id", "paper"),
        text_check("file_name"),
        sa.CheckConstraint("number > 0", name="number"),
        sa.CheckConstraint("size > 0", name="size"),
        sa.CheckConstraint("length(digest) = 64", name="digest"),
    )

    paper_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False, sort_order=-1)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, sort_order=-1)
    digest: Mapped[str] = mapped_column(sa.String(64), index=True)
    media_type: Mapped[MediaType] = mapped_column(sa.String(100))
    size: Mapped[int] = mapped_column(sa.BigInteger)
    file_name: Mapped[str] = mapped_column(sa.String(200))
    remark: Mapped[str | None] = mapped_column(sa.String(500))
    uploaded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    """None: put in on the command line or with the example."""
    uploaded_at: Mapped[datetime] = mapped_column(UTCDateTime)


class PaperRight(Base, Owned):
    """Who may read a paper: everybody, everybody inside or a role; from a day until a day (not included)."""

    __tablename__ = "paper_right"
    __table_args__ = (
        child_of("paper_right", "paper_id", "paper"),
        text_check("reader"),
        sa.CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", name="period"),
        sa.Index(None, "cooperative_id", "paper_id"),
    )

    id: Mapped[int] = owned_key()
    paper_id: Mapped[int] = mapped_column(sa.BigInteger)
    reader: Mapped[str] = mapped_column(sa.String(40))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class PaperDestruction(Base, Owned):
    """The file of a version was destroyed when its time was over. This table only grows."""

    __tablename__ = "paper_destruction"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["cooperative_id", "paper_id", "number"],
            ["paper_version.cooperative_id", "paper_version.paper_id", "paper_version.number"],
            name="fk_paper_destruction_number",
        ),
    )

    paper_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False, sort_order=-1)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, sort_order=-1)
    destroyed_at: Mapped[datetime] = mapped_column(UTCDateTime)
