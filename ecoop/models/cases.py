"""The business case as it is kept: one row per assumption, each with its tag and source."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ecoop.db import Base, Owned
from ecoop.governance.evidence import Tag
from ecoop.models.types import UTCDateTime, child_of, enum_column, owned_key, text_check


class BusinessCase(Base, Owned):
    """One case of a cooperative. The newest that was not replaced is the one that counts."""

    __tablename__ = "business_case"
    __table_args__ = (
        text_check("name"),
        sa.Index(
            "uq_business_case_current",
            "cooperative_id",
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        ),
    )

    id: Mapped[int] = owned_key()
    name: Mapped[str] = mapped_column(sa.String(200))
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    replaced_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    replaced_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))


class Assumption(Base, Owned):
    """One input of a case. The value is kept as the exact text that was written, so nothing is lost on the way."""

    __tablename__ = "assumption"
    __table_args__ = (
        child_of("assumption", "case_id", "business_case"),
        sa.UniqueConstraint("cooperative_id", "case_id", "key"),
        text_check("key"),
        text_check("value"),
    )

    id: Mapped[int] = owned_key()
    case_id: Mapped[int] = mapped_column(sa.BigInteger)
    position: Mapped[int]
    key: Mapped[str] = mapped_column(sa.String(120))
    """Key path, for instance `capex.asset.heat_pump_stations.life_years`."""
    value: Mapped[str] = mapped_column(sa.Text)
    """The TOML value as written: a number, text, list or small table."""
    tag: Mapped[Tag] = mapped_column(enum_column(Tag))
    source: Mapped[str | None] = mapped_column(sa.Text)
    """What was said about it, for the reader."""
    source_url: Mapped[str | None] = mapped_column(sa.Text)
