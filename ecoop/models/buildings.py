"""Buildings of a cooperative."""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ecoop.db import Base, Owned
from ecoop.models.types import enum_column, owned_key, text_check


class Ownership(StrEnum):
    """Who owns the dwellings and business units of a building."""

    CORPORATION = "corporation"  # woningcorporatie
    OWNERS_ASSOCIATION = "owners_association"  # VvE
    MIXED_ASSOCIATION = "mixed_association"  # gemengde VvE: corporation and owner-occupiers
    BUSINESS = "business"  # bedrijfspand


class Building(Base, Owned):
    """One building with what is connected in it."""

    __tablename__ = "building"
    __table_args__ = (
        sa.UniqueConstraint("cooperative_id", "name"),
        text_check("name"),
        sa.CheckConstraint("dwellings >= 0 AND business_units >= 0", name="counts"),
        sa.CheckConstraint("dwelling_equivalents IS NULL OR dwelling_equivalents >= 0", name="dwelling_equivalents"),
    )

    id: Mapped[int] = owned_key()
    name: Mapped[str] = mapped_column(sa.String(120))
    ownership: Mapped[Ownership] = mapped_column(enum_column(Ownership))
    dwellings: Mapped[int]
    business_units: Mapped[int]
    dwelling_equivalents: Mapped[int | None]
    """Woningequivalenten; None while nobody has counted them."""
