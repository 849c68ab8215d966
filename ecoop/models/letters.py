"""The outbox: what the platform writes to people, kept before anything is sent, with what became of it."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ecoop.db import Base, Owned, Posted
from ecoop.models.types import UTCDateTime, child_of, enum_column, owned_key, text_check


class LetterState(StrEnum):
    """How a letter stands."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    PERHAPS_SENT = "perhaps_sent"  # the line broke twice after the text had gone out: it may have arrived
    REFUSED = "refused"  # the mail server said no for good
    GIVEN_UP = "given_up"  # tried too often
    BOUNCED = "bounced"  # taken, and returned by the mail server of the reader
    EXPIRED = "expired"  # its time was over before it could be sent
    TO_PRINT = "to_print"  # for who has no e-mail
    POSTED = "posted"  # printed and put in the post


class Mailing(Base, Owned):
    """One text that the board wrote to a group."""

    __tablename__ = "mailing"
    __table_args__ = (
        text_check("subject_nl"),
        text_check("text_nl"),
        sa.CheckConstraint("(subject_en IS NULL) = (text_en IS NULL)", name="english_is_whole"),
    )

    id: Mapped[int] = owned_key()
    subject_nl: Mapped[str] = mapped_column(sa.String(150))
    text_nl: Mapped[str] = mapped_column(sa.Text)
    subject_en: Mapped[str | None] = mapped_column(sa.String(150))
    text_en: Mapped[str | None] = mapped_column(sa.Text)
    chosen: Mapped[str] = mapped_column(sa.Text)
    """The group as JSON: values per selector."""
    written_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Letter(Base, Posted):
    """One message to one reader: by e-mail, or on paper for who has no address. `key` keeps it from being written
    twice, `token` is part of the name under which it travels."""

    __tablename__ = "letter"
    __table_args__ = (
        child_of("letter", "mailing_id", "mailing"),
        sa.Index(None, "state", "next_try_at"),
        sa.Index(None, "cooperative_id", "mailing_id"),
        text_check("subject"),
        sa.CheckConstraint("recipient IS NULL OR length(recipient) > 0", name="recipient_not_empty"),
        sa.CheckConstraint("recipient IS NOT NULL OR state IN ('to_print', 'posted')", name="no_address_is_printed"),
        sa.CheckConstraint("(state = 'sending') = (lease_until IS NOT NULL)", name="leased_while_it_is_sent"),
        sa.CheckConstraint("(state = 'waiting') = (next_try_at IS NOT NULL)", name="tried_again_while_it_waits"),
        sa.CheckConstraint("state NOT IN ('sent', 'bounced') OR sent_at IS NOT NULL", name="sent_at_a_moment"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"), index=True)
    mailing_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    kind: Mapped[str] = mapped_column(sa.String(40))
    key: Mapped[str | None] = mapped_column(sa.String(120), unique=True)
    token: Mapped[str] = mapped_column(sa.String(32))
    recipient: Mapped[str | None] = mapped_column(sa.String(254))
    name: Mapped[str] = mapped_column(sa.String(200))
    postal_address: Mapped[str | None] = mapped_column(sa.Text)
    language: Mapped[str] = mapped_column(sa.String(5))
    subject: Mapped[str] = mapped_column(sa.String(200))
    body: Mapped[str] = mapped_column(sa.Text)
    is_secret: Mapped[bool]
    """Holds a link that lets somebody in: shown to nobody, and emptied once it was sent or is too old."""
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    state: Mapped[LetterState] = mapped_column(enum_column(LetterState))
    attempts: Mapped[int] = mapped_column(default=0)
    unsure: Mapped[int] = mapped_column(default=0)
    """How often the line or the process broke while the mail server may have taken it."""
    next_try_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it came to an end in another way than by being sent."""
    answer: Mapped[str | None] = mapped_column(sa.String(300))
    """What the mail server said last."""


class MailChoice(Base):
    """Which letters about open turns an account wants. No row: both."""

    __tablename__ = "mail_choice"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), primary_key=True, autoincrement=False)
    same_day: Mapped[bool]
    digest: Mapped[bool]
