"""Memberships: a number that is never given out again, events that are never changed, and what follows from them."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ecoop.db import Base, Owned
from ecoop.governance.membership import EndReason, EventKind, Status
from ecoop.models.types import UTCDateTime, child_of, enum_column, owned_key, text_check


class NumberSeries(Base, Owned):
    """The last number that was given out. It only goes up, also when the member with it is long gone."""

    __tablename__ = "number_series"
    __table_args__ = (sa.CheckConstraint("last >= 0", name="last"),)

    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    last: Mapped[int]


class Membership(Base, Owned):
    """The membership of one party in one cooperative, over all its times as a member."""

    __tablename__ = "membership"
    __table_args__ = (
        child_of("membership", "party_id", "party"),
        sa.UniqueConstraint("cooperative_id", "party_id"),
        sa.UniqueConstraint("cooperative_id", "number"),
        sa.CheckConstraint("number IS NULL OR number > 0", name="number"),
    )

    id: Mapped[int] = owned_key()
    party_id: Mapped[int] = mapped_column(sa.BigInteger)
    number: Mapped[int | None]
    """Given out on admission; an applicant has none yet."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class MembershipEventRow(Base, Owned):
    """One event, as `governance.membership` reads it. A trigger refuses every change."""

    __tablename__ = "membership_event"
    __table_args__ = (
        child_of("membership_event", "membership_id", "membership"),
        sa.CheckConstraint("(kind = 'corrected') = (corrects_id IS NOT NULL)", name="corrects_something"),
        sa.CheckConstraint("kind NOT IN ('ended', 'transferred') OR end_reason IS NOT NULL", name="end_with_reason"),
        sa.CheckConstraint(
            "kind NOT IN ('applied', 'admitted', 'readmitted', 'class_changed') OR class_code IS NOT NULL",
            name="class_where_it_begins",
        ),
        sa.Index(None, "cooperative_id", "membership_id"),
    )

    id: Mapped[int] = owned_key()
    membership_id: Mapped[int] = mapped_column(sa.BigInteger)
    kind: Mapped[EventKind] = mapped_column(enum_column(EventKind))
    valid_from: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int | None]
    class_code: Mapped[str | None] = mapped_column(sa.String(40))
    end_reason: Mapped[EndReason | None] = mapped_column(enum_column(EndReason))
    corrects_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    decision_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    paper_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    """The document that proves it, if there is one."""
    audit_number: Mapped[int | None]
    """The entry of the audit trail with who, when and why; the reason in words is kept there, so it can be erased."""


class MembershipSpan(Base, Owned):
    """What follows from the events, for lists: the standing on days, as it was known between two instants.

    Derived: made anew whenever an event is added, and compared with the events by the check of the register.
    """

    __tablename__ = "membership_span"
    __table_args__ = (
        child_of("membership_span", "membership_id", "membership"),
        text_check("status"),
        sa.CheckConstraint("starts_on < ends_on", name="days"),
        sa.Index(None, "cooperative_id", "membership_id"),
        sa.Index(None, "cooperative_id", "status", "starts_on"),
    )

    id: Mapped[int] = owned_key()
    membership_id: Mapped[int] = mapped_column(sa.BigInteger)
    status: Mapped[Status] = mapped_column(enum_column(Status))
    class_code: Mapped[str | None] = mapped_column(sa.String(40))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    member_since: Mapped[date | None]
    notice_on: Mapped[date | None]
    known_from: Mapped[datetime] = mapped_column(UTCDateTime)
    known_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
