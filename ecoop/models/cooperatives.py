"""The installation, its cooperatives and the umbrellas above them."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ecoop.db import Base
from ecoop.models.types import UTCDateTime, enum_column, text_check


class InstallationKind(StrEnum):
    """Whether these data are real. Chosen when the database is made, and never changed."""

    REAL = "real"
    DEMO = "demo"


class Installation(Base):
    """The one row that says what this database is."""

    __tablename__ = "installation"
    __table_args__ = (
        sa.CheckConstraint("id = 1", name="one_row"),
        sa.CheckConstraint("(kind = 'demo') = (demo_day IS NOT NULL)", name="only_a_demo_has_a_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[InstallationKind] = mapped_column(enum_column(InstallationKind))
    demo_day: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Cooperative(Base):
    """One energy cooperative. Its name is public; everything it owns is not."""

    __tablename__ = "cooperative"
    __table_args__ = (text_check("slug"), text_check("name"))

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(60), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    place: Mapped[str] = mapped_column(sa.String(200))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Umbrella(Base):
    """A body (koepel) of which cooperatives are members."""

    __tablename__ = "umbrella"
    __table_args__ = (text_check("slug"), text_check("name"))

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(60), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class UmbrellaMembership(Base):
    """A cooperative belongs to an umbrella from a day until a day (not included). That much is public."""

    __tablename__ = "umbrella_membership"
    __table_args__ = (sa.CheckConstraint("ends_on IS NULL OR starts_on < ends_on", name="period"),)

    umbrella_id: Mapped[int] = mapped_column(sa.ForeignKey("umbrella.id"), primary_key=True)
    cooperative_id: Mapped[int] = mapped_column(sa.ForeignKey("cooperative.id"), primary_key=True)
    starts_on: Mapped[date] = mapped_column(primary_key=True)
    ends_on: Mapped[date | None]
