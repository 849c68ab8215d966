"""Applications for membership, the texts that applicants accept, and parties that turned out to be the same."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ecoop.db import Base, Owned
from ecoop.governance.admission import Living, Outcome, RefusalReason, Speaker, TextKind
from ecoop.governance.statutes import PartyKind
from ecoop.models.types import UTCDateTime, child_of, enum_column, owned_key, text_check


class ApplicationRule(Base, Owned):
    """From this moment on newcomers may apply through the web, or may not. The newest counts; the table only grows."""

    __tablename__ = "application_rule"

    id: Mapped[int] = owned_key()
    is_open: Mapped[bool]
    set_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    set_at: Mapped[datetime] = mapped_column(UTCDateTime)


class ApplicationText(Base, Owned):
    """One version of a text that applicants accept or are told. The newest of a kind and language counts.

    The table only grows: which text somebody accepted can always be read.
    """

    __tablename__ = "application_text"
    __table_args__ = (
        text_check("text"),
        sa.CheckConstraint("length(digest) = 64", name="digest"),
        sa.Index(None, "cooperative_id", "kind", "language"),
    )

    id: Mapped[int] = owned_key()
    kind: Mapped[TextKind] = mapped_column(enum_column(TextKind))
    language: Mapped[str] = mapped_column(sa.String(5))
    text: Mapped[str] = mapped_column(sa.Text)
    digest: Mapped[str] = mapped_column(sa.String(64))
    """SHA-256 of the text."""
    set_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    set_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Application(Base, Owned):
    """One application as it was filled in. What is personal is blanked once it is no longer needed.

    It counts once the link in a letter was used. `party_id` and `membership_id` are set once it is clear who it is:
    whoever looks like somebody known waits until the secretary says whether it is the same.
    """

    __tablename__ = "application"
    __table_args__ = (
        child_of("application", "party_id", "party"),
        child_of("application", "membership_id", "membership"),
        child_of("application", "appeal_id", "application_text"),
        sa.CheckConstraint("(outcome IS NULL) = (closed_at IS NULL)", name="closed_with_outcome"),
        sa.CheckConstraint("outcome <> 'expired' OR confirmed_at IS NULL", name="only_unconfirmed_expires"),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome = 'expired' OR confirmed_at IS NOT NULL", name="decided_once_confirmed"
        ),
        sa.CheckConstraint("(outcome = 'refused') = (refusal IS NOT NULL)", name="refused_with_reason"),
        sa.CheckConstraint("outcome <> 'admitted' OR membership_id IS NOT NULL", name="admitted_to_something"),
        sa.CheckConstraint("(party_id IS NULL) = (membership_id IS NULL)", name="party_with_membership"),
        sa.CheckConstraint("blanked_at IS NOT NULL OR name IS NOT NULL", name="named_until_blanked"),
        sa.CheckConstraint(
            "blanked_at IS NULL OR (name IS NULL AND email IS NULL AND birth_date IS NULL AND phone IS NULL "
            "AND street IS NULL AND remark IS NULL)",
            name="blanked_is_blank",
        ),
        sa.Index(None, "cooperative_id", "outcome", "confirmed_at"),
        sa.Index(None, "cooperative_id", "party_id"),
        sa.Index(None, "cooperative_id", "membership_id"),
    )

    id: Mapped[int] = owned_key()
    kind: Mapped[PartyKind] = mapped_column(enum_column(PartyKind))
    name: Mapped[str | None] = mapped_column(sa.String(200))
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
    country: Mapped[str] = mapped_column(sa.String(2))
    registration_number: Mapped[str | None] = mapped_column(sa.String(20))
    language: Mapped[str] = mapped_column(sa.String(5))
    representative: Mapped[str | None] = mapped_column(sa.String(200))
    """Who acts for an organisation, as the applicant wrote it."""
    class_code: Mapped[str | None] = mapped_column(sa.String(40))
    living: Mapped[Living | None] = mapped_column(enum_column(Living))
    remark: Mapped[str | None] = mapped_column(sa.Text)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    party_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    membership_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    outcome: Mapped[Outcome | None] = mapped_column(enum_column(Outcome))
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    """Who decided; None for the applicant and for the clock."""
    refusal: Mapped[RefusalReason | None] = mapped_column(enum_column(RefusalReason))
    decision: Mapped[str | None] = mapped_column(sa.String(120))
    """Which decision of the board it rests on, as the minutes call it."""
    appeal_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    """The text about appeal that stood in the letter of refusal."""
    blanked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ApplicationAcceptance(Base, Owned):
    """Which version of which text was accepted, and when. The table only grows."""

    __tablename__ = "application_acceptance"
    __table_args__ = (
        child_of("application_acceptance", "application_id", "application"),
        child_of("application_acceptance", "text_id", "application_text"),
        sa.CheckConstraint("length(digest) = 64", name="digest"),
    )

    application_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    text_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(sa.String(64))
    accepted_at: Mapped[datetime] = mapped_column(UTCDateTime)


class ApplicationLink(Base, Owned):
    """A link in a letter with which an applicant confirms, answers or withdraws. Only its digest is kept."""

    __tablename__ = "application_link"
    __table_args__ = (
        child_of("application_link", "application_id", "application"),
        sa.UniqueConstraint("cooperative_id", "digest"),
        sa.Index(None, "cooperative_id", "application_id"),
    )

    id: Mapped[int] = owned_key()
    application_id: Mapped[int] = mapped_column(sa.BigInteger)
    digest: Mapped[str] = mapped_column(sa.String(64))
    until: Mapped[datetime] = mapped_column(UTCDateTime)


class ApplicationMessage(Base, Owned):
    """A question of the board or an answer of the applicant. Blanked together with the application."""

    __tablename__ = "application_message"
    __table_args__ = (
        child_of("application_message", "application_id", "application"),
        sa.CheckConstraint("text IS NULL OR length(text) > 0", name="text_not_empty"),
        sa.Index(None, "cooperative_id", "application_id"),
    )

    id: Mapped[int] = owned_key()
    application_id: Mapped[int] = mapped_column(sa.BigInteger)
    speaker: Mapped[Speaker] = mapped_column(enum_column(Speaker))
    text: Mapped[str | None] = mapped_column(sa.Text)
    said_at: Mapped[datetime] = mapped_column(UTCDateTime)
    said_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))


class PartyMerge(Base, Owned):
    """Two parties turned out to be the same: which one stays, and from where its data came. The table only grows."""

    __tablename__ = "party_merge"
    __table_args__ = (
        child_of("party_merge", "kept_id", "party"),
        child_of("party_merge", "gone_id", "party"),
        sa.CheckConstraint("kept_id <> gone_id", name="two_parties"),
        sa.UniqueConstraint("cooperative_id", "gone_id"),
        sa.Index(None, "cooperative_id", "kept_id"),
    )

    id: Mapped[int] = owned_key()
    kept_id: Mapped[int] = mapped_column(sa.BigInteger)
    gone_id: Mapped[int] = mapped_column(sa.BigInteger)
    taken_fields: Mapped[str] = mapped_column(sa.String(400))
    """Names of the fields of which the value came from the party that is gone, with spaces between."""
    merged_at: Mapped[datetime] = mapped_column(UTCDateTime)
    merged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
