"""The statutes of a cooperative, version after version. The table only grows: what was recorded stays readable."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ecoop.db import Base, Owned
from ecoop.models.types import UTCDateTime, child_of, owned_key, text_check


class StatutesVersion(Base, Owned):
    """One version of the statutes, from the day of the deed; of two for one day the one recorded last counts."""

    __tablename__ = "statutes_version"
    __table_args__ = (
        child_of("statutes_version", "paper_id", "paper"),
        text_check("rules"),
        sa.CheckConstraint("length(digest) = 64", name="digest"),
        sa.Index(None, "cooperative_id", "valid_from", "recorded_at"),
    )

    id: Mapped[int] = owned_key()
    valid_from: Mapped[date]
    rules: Mapped[str] = mapped_column(sa.Text)
    """Canonical JSON, as `services.statutes` writes and reads it."""
    digest: Mapped[str] = mapped_column(sa.String(64))
    """SHA-256 of the rules."""
    paper_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    """The deed, if it is among the papers."""
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
