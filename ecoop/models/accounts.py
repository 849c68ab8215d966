"""Logins: an account is a way in, not a person and not a membership."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ecoop.db import Base
from ecoop.models.types import UTCDateTime, text_check


class Account(Base):
    """One login. The address is not unique: two members of one household may share it and stay two identities."""

    __tablename__ = "account"
    __table_args__ = (
        sa.Index(None, "email"),
        text_check("name"),
        sa.CheckConstraint("email = lower(email)", name="email_lower_case"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254))
    name: Mapped[str] = mapped_column(sa.String(200))
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    language: Mapped[str | None] = mapped_column(sa.String(5))
    session_key: Mapped[str] = mapped_column(sa.String(60))
    """Part of every session; a new one ends them all."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    came_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it first signed in; until then it is an invitation."""


class SignInLink(Base):
    """A link that lets its holder in once. Only the digest of its secret is kept."""

    __tablename__ = "sign_in_link"

    digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Attempt(Base):
    """How often something was tried under one key since the window began: it survives a restart."""

    __tablename__ = "attempt"
    __table_args__ = (sa.CheckConstraint("tries >= 0", name="tries"),)

    key: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    window_start: Mapped[datetime] = mapped_column(UTCDateTime)
    tries: Mapped[int]
