"""Who holds which role where, since when, and who gave it."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ecoop.db import Base, OwnedOrMine
from ecoop.governance.roles import Reach, Role, roles_reaching
from ecoop.models.types import UTCDateTime, child_of, enum_column, owned_key, text_check

PERIOD = "ends_on IS NULL OR starts_on < ends_on"


def _only(reach: Reach) -> sa.CheckConstraint:
    names = ", ".join(f"'{role}'" for role in roles_reaching(reach))
    return sa.CheckConstraint(f"role IN ({names})", name=f"role_of_{reach}")


class RoleGrant(Base, OwnedOrMine):
    """A role in a cooperative. Ending it sets `ends_on`; the row stays, with an empty period when it never ran."""

    __tablename__ = "role_grant"
    __table_args__ = (
        sa.CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", name="period"),
        _only(Reach.COOPERATIVE),
    )

    id: Mapped[int] = owned_key()
    role: Mapped[Role] = mapped_column(enum_column(Role))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    concerns: Mapped[str | None] = mapped_column(sa.String(200))
    """The meeting or funding source to which the role is limited, by its name."""
    granted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    """None: given on the command line when the cooperative was set up."""
    granted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))


class RoleBuilding(Base, OwnedOrMine):
    """A building to which a granted role is limited."""

    __tablename__ = "role_building"
    __table_args__ = (
        child_of("role_building", "grant_id", "role_grant"),
        child_of("role_building", "building_id", "building"),
    )

    grant_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    building_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)


class UmbrellaGrant(Base):
    """A role in an umbrella."""

    __tablename__ = "umbrella_grant"
    __table_args__ = (sa.CheckConstraint(PERIOD, name="period"), _only(Reach.UMBRELLA))

    id: Mapped[int] = mapped_column(primary_key=True)
    umbrella_id: Mapped[int] = mapped_column(sa.ForeignKey("umbrella.id"))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    role: Mapped[Role] = mapped_column(enum_column(Role))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    granted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    granted_at: Mapped[datetime] = mapped_column(UTCDateTime)


class AdministratorGrant(Base):
    """Somebody who runs the installation. It opens no cooperative."""

    __tablename__ = "administrator_grant"
    __table_args__ = (sa.CheckConstraint(PERIOD, name="period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    granted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    granted_at: Mapped[datetime] = mapped_column(UTCDateTime)


class SupportGrant(Base, OwnedOrMine):
    """An administrator asked to look into one cooperative; its board agreed, for a while, for a reason."""

    __tablename__ = "support_grant"
    __table_args__ = (
        text_check("reason"),
        sa.CheckConstraint("(granted_at IS NULL) = (granted_by_id IS NULL)", name="granted_by_somebody"),
        sa.CheckConstraint("(granted_at IS NULL) = (ends_at IS NULL)", name="granted_until"),
        sa.CheckConstraint("hours BETWEEN 1 AND 72", name="hours"),
    )
    asked_from_outside = True

    id: Mapped[int] = owned_key()
    reason: Mapped[str] = mapped_column(sa.String(500))
    hours: Mapped[int]
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    granted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    granted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
