"""Figures as their sources give them. These tables only grow: what is withdrawn or chosen anew is told beside."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ecoop.db import Base, Owned
from ecoop.governance.evidence import Bound
from ecoop.governance.figures import Basis, Status, Unit
from ecoop.models.types import UTCDateTime, child_of, enum_column, owned_key, text_check


class Figure(Base, Owned):
    """A figure as one source gives it. Several may stand beside each other for one subject."""

    __tablename__ = "figure"
    __table_args__ = (
        text_check("subject"),
        text_check("source"),
        sa.CheckConstraint("(value_millionths IS NULL) = (bound = 'unknown')", name="unknown_has_no_value"),
        sa.CheckConstraint("(period_start IS NULL) = (period_end IS NULL)", name="whole_period"),
        sa.CheckConstraint("period_start IS NULL OR period_start < period_end", name="period"),
        sa.CheckConstraint("as_at IS NULL OR period_start IS NULL", name="one_time"),
        sa.Index(None, "cooperative_id", "subject"),
    )

    id: Mapped[int] = owned_key()
    subject: Mapped[str] = mapped_column(sa.String(80))
    """A code of ours, or the cooperative's own words."""
    value_millionths: Mapped[int | None] = mapped_column(sa.BigInteger)
    bound: Mapped[Bound] = mapped_column(enum_column(Bound))
    unit: Mapped[Unit] = mapped_column(enum_column(Unit))
    basis: Mapped[Basis] = mapped_column(enum_column(Basis))
    status: Mapped[Status] = mapped_column(enum_column(Status))
    as_at: Mapped[date | None]
    period_start: Mapped[date | None]
    period_end: Mapped[date | None]
    marked_partial: Mapped[bool]
    source: Mapped[str] = mapped_column(sa.Text)
    source_url: Mapped[str | None] = mapped_column(sa.Text)
    entered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    """None: put in when the cooperative was set up."""
    entered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """None: before this was kept."""


class FigureWithdrawal(Base, Owned):
    """A figure that no longer counts, and why."""

    __tablename__ = "figure_withdrawal"
    __table_args__ = (child_of("figure_withdrawal", "figure_id", "figure"), text_check("reason"))

    figure_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    reason: Mapped[str] = mapped_column(sa.String(500))
    withdrawn_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    withdrawn_at: Mapped[datetime] = mapped_column(UTCDateTime)


class FigureChoice(Base, Owned):
    """Which figure the cooperative uses for a subject, and why. The newest counts, the older ones are its history."""

    __tablename__ = "figure_choice"
    __table_args__ = (
        child_of("figure_choice", "figure_id", "figure"),
        text_check("reason"),
        sa.Index(None, "cooperative_id", "subject"),
    )

    id: Mapped[int] = owned_key()
    subject: Mapped[str] = mapped_column(sa.String(80))
    figure_id: Mapped[int] = mapped_column(sa.BigInteger)
    reason: Mapped[str] = mapped_column(sa.String(500))
    chosen_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    chosen_at: Mapped[datetime] = mapped_column(UTCDateTime)
