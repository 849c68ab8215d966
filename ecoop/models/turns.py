"""Whose turn it is: every process that waits for somebody says here for whom."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ecoop.db import Base, Posted
from ecoop.models.types import UTCDateTime, text_check


class Turn(Base, Posted):
    """Something waits for one account, or for whoever holds one of the roles. It may come from outside."""

    __tablename__ = "turn"
    __table_args__ = (
        sa.CheckConstraint("(account_id IS NULL) <> (roles IS NULL)", name="one_person_or_roles"),
        sa.CheckConstraint("cooperative_id IS NOT NULL", name="of_a_cooperative"),
        sa.Index(
            "uq_turn_open",
            "cooperative_id",
            "kind",
            "subject",
            unique=True,
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        ),
        text_check("kind"),
        text_check("subject"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"), index=True)
    roles: Mapped[str | None] = mapped_column(sa.String(300))
    """Codes of roles with spaces between."""
    kind: Mapped[str] = mapped_column(sa.String(60))
    subject: Mapped[str] = mapped_column(sa.String(80))
    since: Mapped[datetime] = mapped_column(UTCDateTime)
    due_on: Mapped[date | None]
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
