"""What was done, and who looked: tables that only grow. Triggers in the database refuse any other change."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ecoop.db import Base, Logged, Owned
from ecoop.models.types import UTCDateTime, owned_key, text_check


class _Entry:
    """The columns of an entry, alike for every chain. `number` counts from 1 without gaps."""

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, sort_order=-1)
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    """An account. Without a foreign key: the chain outlives whoever acted."""
    on_behalf_of_id: Mapped[int | None]
    action: Mapped[str] = mapped_column(sa.String(60))
    subject: Mapped[str | None] = mapped_column(sa.String(80))
    details: Mapped[str] = mapped_column(sa.Text)
    """Canonical JSON of codes, exactly as it was sealed."""
    note_digest: Mapped[str | None] = mapped_column(sa.String(64))
    previous: Mapped[str] = mapped_column(sa.String(64))
    digest: Mapped[str] = mapped_column(sa.String(64))


class AuditEntry(_Entry, Base, Owned):
    """One thing that was done in a cooperative."""

    __tablename__ = "audit_entry"
    __table_args__ = (text_check("action"), sa.CheckConstraint("number > 0", name="number"))


class AuditHead(Base, Owned):
    """Where the chain of a cooperative stands. Who adds an entry holds this row, so that entries follow each other."""

    __tablename__ = "audit_head"

    number: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64))


class AuditNote(Base, Owned):
    """A reason in somebody's own words. It may hold personal data, so it can be erased; it can never be changed."""

    __tablename__ = "audit_note"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["cooperative_id", "number"],
            ["audit_entry.cooperative_id", "audit_entry.number"],
            name="fk_audit_note_number",
        ),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    salt: Mapped[str] = mapped_column(sa.String(60))
    text: Mapped[str] = mapped_column(sa.Text)


class InstallationEntry(_Entry, Base):
    """One thing that was done to the installation or to an account: it belongs to no cooperative."""

    __tablename__ = "installation_entry"
    __table_args__ = (
        text_check("action"),
        sa.CheckConstraint("number > 0", name="number"),
        sa.Index(None, "subject"),
    )


class InstallationHead(Base):
    """Where the chain of the installation stands."""

    __tablename__ = "installation_head"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64))


class AccessEntry(Base, Owned, Logged):
    """Somebody looked at what privacy law wants to know about."""

    __tablename__ = "access_entry"
    __table_args__ = (text_check("kind"), sa.Index(None, "cooperative_id", "about_account_id"))

    id: Mapped[int] = owned_key()
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    account_id: Mapped[int]
    """Who looked."""
    about_account_id: Mapped[int | None]
    """About whom, where it was about one person."""
    kind: Mapped[str] = mapped_column(sa.String(40))
    subject: Mapped[str] = mapped_column(sa.String(120))
    as_support: Mapped[bool]
    """Whether it was an administrator whom the board let in."""
