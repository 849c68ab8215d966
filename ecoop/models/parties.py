"""Parties: people and organisations as the cooperative knows them, apart from logins and from memberships.

What is known of a party changes, and is kept as records that are never overwritten: each counts for days (valid) and
was what the cooperative knew for a while (known). Only minimising blanks what is personal, and says so.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ecoop.db import Base, Owned
from ecoop.governance.statutes import PartyKind
from ecoop.models.types import UTCDateTime, child_of, enum_column, owned_key, text_check

FOREVER = date(9999, 12, 31)
"""The day before which everything ends that has no end: a plain comparison then finds what holds on a day."""


class Party(Base, Owned):
    """A person, organisation, owners' association, housing corporation or household."""

    __tablename__ = "party"

    id: Mapped[int] = owned_key()
    kind: Mapped[PartyKind] = mapped_column(enum_column(PartyKind))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"), index=True)
    """The login of this party, if it has one."""
    merged_into_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    """The party that this one turned out to be. Its lines stay."""
    minimised_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class PartyRecord(Base, Owned):
    """What is known of a party: for the days from `valid_from` until `valid_until`, as known between two instants."""

    __tablename__ = "party_record"
    __table_args__ = (
        child_of("party_record", "party_id", "party"),
        text_check("name"),
        text_check("name_key"),
        sa.CheckConstraint("valid_from < valid_until", name="valid"),
        sa.CheckConstraint("known_until IS NULL OR known_from <= known_until", name="known"),
        sa.Index(None, "cooperative_id", "name_key"),
        sa.Index(None, "cooperative_id", "party_id", "valid_from"),
        sa.Index(None, "cooperative_id", "email"),
        sa.Index(None, "cooperative_id", "postcode"),
        sa.Index(None, "cooperative_id", "birth_date"),
        sa.Index(None, "cooperative_id", "registration_number"),
    )

    id: Mapped[int] = owned_key()
    party_id: Mapped[int] = mapped_column(sa.BigInteger)
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    known_from: Mapped[datetime] = mapped_column(UTCDateTime)
    known_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When another record took its place; None: what is known now."""
    recorded_by_id: Mapped[int | None]
    name: Mapped[str] = mapped_column(sa.String(200))
    """As one writes it on an envelope."""
    name_key: Mapped[str] = mapped_column(sa.String(200))
    """For sorting and searching: family name first, small letters, no accents."""
    given_names: Mapped[str | None] = mapped_column(sa.String(120))
    name_prefix: Mapped[str | None] = mapped_column(sa.String(40))
    family_name: Mapped[str | None] = mapped_column(sa.String(120))
    birth_date: Mapped[date | None]
    email: Mapped[str | None] = mapped_column(sa.String(254))
    phone: Mapped[str | None] = mapped_column(sa.String(30))
    street: Mapped[str | None] = mapped_column(sa.String(120))
    house_number: Mapped[str | None] = mapped_column(sa.String(20))
    postcode: Mapped[str | None] = mapped_column(sa.String(12))
    city: Mapped[str | None] = mapped_column(sa.String(80))
    country: Mapped[str] = mapped_column(sa.String(2), default="NL")
    registration_number: Mapped[str | None] = mapped_column(sa.String(20))
    """KvK number of an organisation."""
    language: Mapped[str] = mapped_column(sa.String(5), default="nl")
