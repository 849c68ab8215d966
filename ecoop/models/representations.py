"""Who acts for whom: a person for an organisation, an owners' association or a household."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ecoop.db import Base, Owned
from ecoop.governance.representation import Matter
from ecoop.models.types import UTCDateTime, child_of, enum_column, owned_key


class Representation(Base, Owned):
    """One person acts for one party in one matter: for days (valid), as it was known between two instants."""

    __tablename__ = "representation"
    __table_args__ = (
        child_of("representation", "represented_id", "party"),
        child_of("representation", "representative_id", "party"),
        child_of("representation", "paper_id", "paper"),
        sa.CheckConstraint("represented_id <> representative_id", name="somebody_else"),
        sa.CheckConstraint("valid_from < valid_until", name="valid"),
        sa.CheckConstraint("known_until IS NULL OR known_from <= known_until", name="known"),
        sa.Index(None, "cooperative_id", "represented_id"),
        sa.Index(None, "cooperative_id", "representative_id"),
        sa.Index(None, "cooperative_id", "matter", "valid_from"),
    )

    id: Mapped[int] = owned_key()
    represented_id: Mapped[int] = mapped_column(sa.BigInteger)
    representative_id: Mapped[int] = mapped_column(sa.BigInteger)
    matter: Mapped[Matter] = mapped_column(enum_column(Matter))
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    proof: Mapped[str | None] = mapped_column(sa.String(200))
    """What proves it, in words: a decision of the association, an extract of the trade register."""
    paper_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    """The proof itself, if it is among the papers."""
    known_from: Mapped[datetime] = mapped_column(UTCDateTime)
    known_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
