"""Signing in: browser sessions, second factors, who must have one, and the ways back in."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ecoop.db import Base, Owned
from ecoop.governance.roles import Role
from ecoop.models.types import UTCDateTime, enum_column, text_check


class BrowserSession(Base):
    """One browser in which an account is signed in. Only the digest of its key is kept."""

    __tablename__ = "browser_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    browser: Mapped[str] = mapped_column(sa.String(60))
    """In coarse words, so that its owner knows it again."""
    begun_at: Mapped[datetime] = mapped_column(UTCDateTime)
    proved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """When its owner last proved who they are: what is delicate asks for a proof that is fresh."""
    last_seen_on: Mapped[date]
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class TotpFactor(Base):
    """An app that shows codes (TOTP, RFC 6238). It counts from its first right code on."""

    __tablename__ = "totp_factor"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), primary_key=True, autoincrement=False)
    sealed_secret: Mapped[str] = mapped_column(sa.Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_step: Mapped[int] = mapped_column(sa.BigInteger)
    """The half minute of the last code that was taken: no code counts twice."""


class RecoveryCode(Base):
    """A code on paper that stands in once for a lost phone. Only the digest of its 80 random bits is kept."""

    __tablename__ = "recovery_code"

    digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Passkey(Base):
    """A passkey (WebAuthn): a key in a phone, a computer or a stick, opened by its owner."""

    __tablename__ = "passkey"
    __table_args__ = (text_check("name"), sa.CheckConstraint("sign_count >= 0", name="sign_count"))

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    credential_id: Mapped[str] = mapped_column(sa.String(1400), unique=True)
    public_key: Mapped[bytes] = mapped_column(sa.LargeBinary)
    sign_count: Mapped[int] = mapped_column(sa.BigInteger)
    name: Mapped[str] = mapped_column(sa.String(60))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_used_on: Mapped[date | None]


class SpentChallenge(Base):
    """A challenge that a passkey has answered: it is never taken again."""

    __tablename__ = "spent_challenge"

    digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    spent_at: Mapped[datetime] = mapped_column(UTCDateTime)


class SecondFactorRule(Base, Owned):
    """A cooperative wants a second step of whoever acts in this role, from a day on."""

    __tablename__ = "second_factor_rule"

    role: Mapped[Role] = mapped_column(enum_column(Role), primary_key=True)
    since: Mapped[date]
    set_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    set_at: Mapped[datetime] = mapped_column(UTCDateTime)


class AddressChange(Base):
    """Somebody gave another address: it counts once a link at the new one was used, and can be undone at the old."""

    __tablename__ = "address_change"
    __table_args__ = (sa.CheckConstraint("(confirmed_at IS NULL) = (undo_digest IS NULL)", name="undo_once_confirmed"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    old_email: Mapped[str] = mapped_column(sa.String(254))
    new_email: Mapped[str] = mapped_column(sa.String(254))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    confirm_digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    confirm_until: Mapped[datetime] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undo_digest: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    undo_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Undone, or overtaken by a later one."""


class AccountRecovery(Base):
    """A board helps somebody who lost their second factor: after a check, a waiting time and a letter.

    It is about an account, which belongs to no cooperative, and its owner can stop it from outside by a link; so it
    is not an owned table, and the services name the cooperative whose board asked (`asked_in_id`) in every query.
    """

    __tablename__ = "account_recovery"
    __table_args__ = (
        text_check("reason"),
        sa.CheckConstraint("(agreed_at IS NULL) = (opens_at IS NULL)", name="opens_once_agreed"),
        sa.CheckConstraint("agreed_at IS NULL OR NOT needs_second OR agreed_by_id <> asked_by_id", name="two_people"),
        sa.CheckConstraint("used_at IS NULL OR stopped_at IS NULL", name="used_or_stopped"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    asked_in_id: Mapped[int] = mapped_column(sa.ForeignKey("cooperative.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.String(500))
    site: Mapped[str] = mapped_column(sa.String(300))
    """The address of this site, under which the letter will name its link."""
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    needs_second: Mapped[bool]
    agreed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    agreed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    opens_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    stop_digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    stopped_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    stopped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    link_digest: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    link_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
