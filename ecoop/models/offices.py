"""Decisions with their numbers, and the offices that somebody holds because of one."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ecoop.db import Base, Owned
from ecoop.governance.offices import Body, Office
from ecoop.models.types import UTCDateTime, child_of, enum_column, owned_key, text_check


class Decision(Base, Owned):
    """One decision (besluit). The table only grows: a decision that is annulled stays, and another one says so."""

    __tablename__ = "decision"
    __table_args__ = (
        child_of("decision", "annuls_id", "decision"),
        child_of("decision", "paper_id", "paper"),
        sa.UniqueConstraint("cooperative_id", "number"),
        sa.UniqueConstraint("cooperative_id", "annuls_id"),
        text_check("subject"),
        sa.CheckConstraint("number > 0", name="number"),
        sa.CheckConstraint("annuls_id IS NULL OR annuls_id <> id", name="annuls_another"),
        sa.Index(None, "cooperative_id", "decided_on"),
    )

    id: Mapped[int] = owned_key()
    number: Mapped[int]
    body: Mapped[Body] = mapped_column(enum_column(Body))
    decided_on: Mapped[date]
    subject: Mapped[str] = mapped_column(sa.String(200))
    text: Mapped[str | None] = mapped_column(sa.Text)
    annuls_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    paper_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    """The minutes or the deed, if they are among the papers."""
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))


class OfficeTerm(Base, Owned):
    """A time in office, for the days from `starts_on` until `ends_on`, as it was known between two instants."""

    __tablename__ = "office_term"
    __table_args__ = (
        child_of("office_term", "party_id", "party"),
        child_of("office_term", "decision_id", "decision"),
        child_of("office_term", "ended_by_id", "decision"),
        sa.CheckConstraint("starts_on < ends_on", name="days"),
        sa.CheckConstraint("known_until IS NULL OR known_from <= known_until", name="known"),
        sa.Index(None, "cooperative_id", "party_id"),
        sa.Index(None, "cooperative_id", "office", "starts_on"),
    )

    id: Mapped[int] = owned_key()
    party_id: Mapped[int] = mapped_column(sa.BigInteger)
    office: Mapped[Office] = mapped_column(enum_column(Office))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    decision_id: Mapped[int] = mapped_column(sa.BigInteger)
    """The decision that appointed."""
    ended_by_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    """The decision that ended it before its time."""
    known_from: Mapped[datetime] = mapped_column(UTCDateTime)
    known_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
