"""Privacy: how long what is kept, what may not go yet, what was minimised, and which text somebody agreed to."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ecoop.db import Base, Owned
from ecoop.governance.consents import ConsentHow, ConsentMove, ConsentPurpose
from ecoop.governance.retention import Purpose
from ecoop.models.types import UTCDateTime, child_of, enum_column, owned_key, text_check


class RetentionSetting(Base, Owned):
    """From a day on, what belongs to a purpose is kept for so many months. This table only grows: the last one counts.

    Without a setting the rule of `governance.retention` counts.
    """

    __tablename__ = "retention_setting"
    __table_args__ = (
        sa.CheckConstraint("kept_months BETWEEN 0 AND 600", name="kept_months"),
        sa.Index(None, "cooperative_id", "purpose", "starts_on"),
    )

    id: Mapped[int] = owned_key()
    purpose: Mapped[Purpose] = mapped_column(enum_column(Purpose))
    kept_months: Mapped[int]
    starts_on: Mapped[date]
    set_by_id: Mapped[int | None]
    set_at: Mapped[datetime] = mapped_column(UTCDateTime)
    audit_number: Mapped[int | None]
    """The entry of the audit trail that tells why."""


class LegalHold(Base, Owned):
    """Nothing of this party is minimised from a day until a day (not included; None: until it is lifted)."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        child_of("legal_hold", "party_id", "party"),
        sa.CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", name="period"),
        sa.CheckConstraint("(lifted_at IS NULL) = (ends_on IS NULL)", name="lifted_on_a_day"),
        sa.Index(None, "cooperative_id", "party_id"),
    )

    id: Mapped[int] = owned_key()
    party_id: Mapped[int] = mapped_column(sa.BigInteger)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    placed_by_id: Mapped[int | None]
    placed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    lifted_by_id: Mapped[int | None]
    lifted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    audit_number: Mapped[int | None]
    """The entry of the audit trail that tells why; the reason in words is kept there, so it can be erased."""


class Minimisation(Base, Owned):
    """One run: tried out only, or done. `digest` seals what it found; nothing in it is about a person in words."""

    __tablename__ = "minimisation"
    __table_args__ = (
        sa.CheckConstraint("length(digest) = 64", name="digest"),
        sa.CheckConstraint("line_count >= 0 AND party_count >= 0 AND party_count <= line_count", name="counts"),
        sa.Index(None, "cooperative_id", "made_at"),
    )

    id: Mapped[int] = owned_key()
    is_dry: Mapped[bool]
    """Tried out: nothing was blanked."""
    day: Mapped[date]
    made_by_id: Mapped[int | None]
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    party_count: Mapped[int]
    line_count: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64))


class MinimisationLine(Base, Owned):
    """What one rule made go of one party in a run: the names of the fields, never what stood in them."""

    __tablename__ = "minimisation_line"
    __table_args__ = (
        child_of("minimisation_line", "minimisation_id", "minimisation"),
        child_of("minimisation_line", "party_id", "party"),
        text_check("fields"),
        sa.CheckConstraint("number > 0", name="number"),
        sa.CheckConstraint("kept_months >= 0", name="kept_months"),
        sa.Index(None, "cooperative_id", "party_id"),
    )

    minimisation_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False, sort_order=-1)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, sort_order=-1)
    party_id: Mapped[int] = mapped_column(sa.BigInteger)
    purpose: Mapped[Purpose] = mapped_column(enum_column(Purpose))
    """The rule that kept it longest."""
    kept_months: Mapped[int]
    """How long that rule kept it, as it stood then."""
    fields: Mapped[str] = mapped_column(sa.String(200))
    """Codes of fields with spaces between, in order."""
    due_on: Mapped[date]


class ConsentText(Base, Owned):
    """One version of a text to which people agree. Never changed: another text is another version."""

    __tablename__ = "consent_text"
    __table_args__ = (
        text_check("text"),
        sa.UniqueConstraint("cooperative_id", "purpose", "language", "version"),
        sa.CheckConstraint("version > 0", name="version"),
        sa.CheckConstraint("length(digest) = 64", name="digest"),
    )

    id: Mapped[int] = owned_key()
    purpose: Mapped[ConsentPurpose] = mapped_column(enum_column(ConsentPurpose))
    language: Mapped[str] = mapped_column(sa.String(5))
    version: Mapped[int]
    text: Mapped[str] = mapped_column(sa.Text)
    digest: Mapped[str] = mapped_column(sa.String(64))
    recorded_by_id: Mapped[int | None]
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)


class ConsentEvent(Base, Owned):
    """Somebody agreed with a version of a text, or took that back. What holds on a day follows from the events."""

    __tablename__ = "consent_event"
    __table_args__ = (
        child_of("consent_event", "party_id", "party"),
        child_of("consent_event", "text_id", "consent_text"),
        child_of("consent_event", "paper_id", "paper"),
        sa.CheckConstraint("(move = 'given') = (text_id IS NOT NULL)", name="given_to_a_text"),
        sa.Index(None, "cooperative_id", "party_id", "purpose"),
    )

    id: Mapped[int] = owned_key()
    party_id: Mapped[int] = mapped_column(sa.BigInteger)
    purpose: Mapped[ConsentPurpose] = mapped_column(enum_column(ConsentPurpose))
    move: Mapped[ConsentMove] = mapped_column(enum_column(ConsentMove))
    text_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    valid_from: Mapped[date]
    how: Mapped[ConsentHow] = mapped_column(enum_column(ConsentHow))
    paper_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    """The signed form, if it was put with the papers."""
    recorded_by_id: Mapped[int | None]
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
