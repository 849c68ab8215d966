"""Dwellings and business units: who has them by what right, which association covers them, connection and contract.

Tenures and covers are never overwritten: each counts for days (valid) and was what the cooperative knew for a while
(known). Connections and contracts are told by events that a trigger keeps from changing.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ecoop.db import Base, Owned
from ecoop.governance.heat_supply import ConnectionStep, ContractStep
from ecoop.governance.tenures import DwellingKind, TenureKind
from ecoop.models.parties import FOREVER
from ecoop.models.types import UTCDateTime, child_of, enum_column, owned_key, text_check


class StructuralUnit(Base, Owned):
    """A structural unit (bouwkundige eenheid) of a building: over its tenants the 70% is counted.

    That a "complex" in art. 7:220 (3) BW is what we call a structural unit was not verified.
    """

    __tablename__ = "structural_unit"
    __table_args__ = (
        child_of("structural_unit", "building_id", "building"),
        sa.UniqueConstraint("cooperative_id", "building_id", "name"),
        text_check("name"),
    )

    id: Mapped[int] = owned_key()
    building_id: Mapped[int] = mapped_column(sa.BigInteger)
    name: Mapped[str] = mapped_column(sa.String(120))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Dwelling(Base, Owned):
    """One dwelling or business unit, at one address."""

    __tablename__ = "dwelling"
    __table_args__ = (
        child_of("dwelling", "building_id", "building"),
        child_of("dwelling", "structural_unit_id", "structural_unit"),
        sa.UniqueConstraint("cooperative_id", "postcode", "house_number", "addition"),
        text_check("street"),
        text_check("house_number"),
        text_check("postcode"),
        sa.CheckConstraint("valid_from < valid_until", name="valid"),
        sa.CheckConstraint("floor_area_m2 IS NULL OR floor_area_m2 > 0", name="floor_area_m2"),
        sa.CheckConstraint(
            "equivalent_thousandths IS NULL OR equivalent_thousandths >= 0", name="equivalent_thousandths"
        ),
        sa.Index(None, "cooperative_id", "building_id", "structural_unit_id"),
    )

    id: Mapped[int] = owned_key()
    building_id: Mapped[int] = mapped_column(sa.BigInteger)
    structural_unit_id: Mapped[int] = mapped_column(sa.BigInteger)
    kind: Mapped[DwellingKind] = mapped_column(enum_column(DwellingKind))
    street: Mapped[str] = mapped_column(sa.String(120))
    house_number: Mapped[str] = mapped_column(sa.String(20))
    addition: Mapped[str] = mapped_column(sa.String(20), default="")
    """What follows the number, as in 12-3; empty where nothing does."""
    postcode: Mapped[str] = mapped_column(sa.String(12))
    city: Mapped[str | None] = mapped_column(sa.String(80))
    segment: Mapped[str | None] = mapped_column(sa.String(40))
    """The segment of the business case it counts in; None while nobody chose one."""
    floor_area_m2: Mapped[int | None]
    equivalent_thousandths: Mapped[int | None]
    """Woningequivalent in thousandths; None while nobody counted it."""
    landlord_reference: Mapped[str | None] = mapped_column(sa.String(40))
    """The number that the landlord gives it."""
    valid_from: Mapped[date]
    valid_until: Mapped[date] = mapped_column(default=FOREVER)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Tenure(Base, Owned):
    """A party owns, rents or lets a dwelling: on these days, as known between two instants."""

    __tablename__ = "tenure"
    __table_args__ = (
        child_of("tenure", "dwelling_id", "dwelling"),
        child_of("tenure", "party_id", "party"),
        child_of("tenure", "paper_id", "paper"),
        sa.CheckConstraint("valid_from < valid_until", name="valid"),
        sa.CheckConstraint("known_until IS NULL OR known_from <= known_until", name="known"),
        sa.Index(None, "cooperative_id", "dwelling_id", "valid_from"),
        sa.Index(None, "cooperative_id", "party_id", "valid_from"),
    )

    id: Mapped[int] = owned_key()
    dwelling_id: Mapped[int] = mapped_column(sa.BigInteger)
    party_id: Mapped[int] = mapped_column(sa.BigInteger)
    kind: Mapped[TenureKind] = mapped_column(enum_column(TenureKind))
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    known_from: Mapped[datetime] = mapped_column(UTCDateTime)
    known_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When another row took its place; None: what is known now."""
    recorded_by_id: Mapped[int | None]
    paper_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    """The deed or lease that proves it, if it is kept here."""


class AssociationCover(Base, Owned):
    """An owners' association (VvE) covers a dwelling: on these days, as known between two instants."""

    __tablename__ = "association_cover"
    __table_args__ = (
        child_of("association_cover", "dwelling_id", "dwelling"),
        child_of("association_cover", "party_id", "party"),
        sa.CheckConstraint("valid_from < valid_until", name="valid"),
        sa.CheckConstraint("known_until IS NULL OR known_from <= known_until", name="known"),
        sa.Index(None, "cooperative_id", "dwelling_id", "valid_from"),
        sa.Index(None, "cooperative_id", "party_id", "valid_from"),
    )

    id: Mapped[int] = owned_key()
    dwelling_id: Mapped[int] = mapped_column(sa.BigInteger)
    party_id: Mapped[int] = mapped_column(sa.BigInteger)
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    known_from: Mapped[datetime] = mapped_column(UTCDateTime)
    known_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    recorded_by_id: Mapped[int | None]


class Connection(Base, Owned):
    """The connection (aansluiting) of a dwelling to the heat network; its state follows from its events."""

    __tablename__ = "connection"
    __table_args__ = (
        child_of("connection", "dwelling_id", "dwelling"),
        sa.UniqueConstraint("cooperative_id", "dwelling_id"),
    )

    id: Mapped[int] = owned_key()
    dwelling_id: Mapped[int] = mapped_column(sa.BigInteger)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class ConnectionEvent(Base, Owned):
    """One event of a connection, as `governance.heat_supply` reads it. A trigger refuses every change."""

    __tablename__ = "connection_event"
    __table_args__ = (
        child_of("connection_event", "connection_id", "connection"),
        sa.CheckConstraint("(step = 'corrected') = (corrects_id IS NOT NULL)", name="corrects_something"),
        sa.Index(None, "cooperative_id", "connection_id", "valid_from"),
        sa.Index(None, "cooperative_id", "corrects_id"),
    )

    id: Mapped[int] = owned_key()
    connection_id: Mapped[int] = mapped_column(sa.BigInteger)
    step: Mapped[ConnectionStep] = mapped_column(enum_column(ConnectionStep))
    valid_from: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int | None]
    corrects_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    audit_number: Mapped[int | None]


class HeatContract(Base, Owned):
    """The heat contract (leveringsovereenkomst) of a party for a dwelling; its state follows from its events."""

    __tablename__ = "heat_contract"
    __table_args__ = (
        child_of("heat_contract", "dwelling_id", "dwelling"),
        child_of("heat_contract", "holder_id", "party"),
        child_of("heat_contract", "paper_id", "paper"),
        child_of("heat_contract", "follows_id", "heat_contract"),
        text_check("version"),
        sa.Index(None, "cooperative_id", "dwelling_id"),
        sa.Index(None, "cooperative_id", "holder_id"),
    )

    id: Mapped[int] = owned_key()
    dwelling_id: Mapped[int] = mapped_column(sa.BigInteger)
    holder_id: Mapped[int] = mapped_column(sa.BigInteger)
    version: Mapped[str] = mapped_column(sa.String(60))
    """Which text of the contract holds, as the cooperative calls it."""
    paper_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    through_landlord: Mapped[bool]
    """Whether the landlord folded it into the lease."""
    follows_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    """The contract that was handed over when its holder moved."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class HeatContractEvent(Base, Owned):
    """One event of a heat contract, as `governance.heat_supply` reads it. A trigger refuses every change."""

    __tablename__ = "heat_contract_event"
    __table_args__ = (
        child_of("heat_contract_event", "contract_id", "heat_contract"),
        sa.CheckConstraint("(step = 'corrected') = (corrects_id IS NOT NULL)", name="corrects_something"),
        sa.Index(None, "cooperative_id", "contract_id", "valid_from"),
        sa.Index(None, "cooperative_id", "corrects_id"),
    )

    id: Mapped[int] = owned_key()
    contract_id: Mapped[int] = mapped_column(sa.BigInteger)
    step: Mapped[ContractStep] = mapped_column(enum_column(ContractStep))
    valid_from: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int | None]
    corrects_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    audit_number: Mapped[int | None]
