"""Leaving: exits on their way, what moves along, what members promised, and what they ask to be corrected.

An exit is a working paper while it is open: what counts are the events of the memberships that it causes.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ecoop.db import Base, Owned
from ecoop.governance.leaving import (
    CapitalGoes,
    ContractGoes,
    DayBy,
    ExitPartKind,
    ExitState,
    NoticeBy,
    ObligationKind,
    ObligationOutcome,
    RequestState,
)
from ecoop.governance.membership import EndReason
from ecoop.models.types import UTCDateTime, child_of, enum_column, owned_key, text_check


class Exit(Base, Owned):
    """One way out of one membership, from the notice to the letter. A membership has one that is open at most."""

    __tablename__ = "membership_exit"
    __table_args__ = (
        child_of("membership_exit", "membership_id", "membership"),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "successor_membership_id"],
            ["membership.cooperative_id", "membership.id"],
            name="fk_membership_exit_successor_membership_id",
        ),
        sa.CheckConstraint(
            "cause <> 'expulsion' OR (decision IS NOT NULL AND length(decision) > 0)", name="expulsion_with_decision"
        ),
        sa.CheckConstraint("(ends_on IS NULL) = (ends_on_by IS NULL)", name="day_with_its_source"),
        sa.CheckConstraint("capital_cents IS NULL OR capital_cents >= 0", name="capital"),
        sa.CheckConstraint("(state = 'open') = (completed_at IS NULL AND undone_at IS NULL)", name="open"),
        sa.CheckConstraint("(state = 'undone') = (undone_at IS NOT NULL)", name="undone"),
        sa.CheckConstraint("state <> 'completed' OR (ends_on IS NOT NULL AND end_event_id IS NOT NULL)", name="done"),
        sa.CheckConstraint(
            "successor_membership_id IS NULL OR successor_membership_id <> membership_id", name="two_members"
        ),
        sa.Index(
            "uq_membership_exit_open",
            "cooperative_id",
            "membership_id",
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        ),
        sa.Index(None, "cooperative_id", "state"),
    )

    id: Mapped[int] = owned_key()
    membership_id: Mapped[int] = mapped_column(sa.BigInteger)
    state: Mapped[ExitState] = mapped_column(enum_column(ExitState))
    cause: Mapped[EndReason] = mapped_column(enum_column(EndReason))
    given_by: Mapped[NoticeBy] = mapped_column(enum_column(NoticeBy))
    received_on: Mapped[date]
    """The day on which notice was received, the decision was taken, or somebody died."""
    paper_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    decision: Mapped[str | None] = mapped_column(sa.String(80))
    """Where the decision stands, such as ALV-2026-03."""
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    started_by_id: Mapped[int | None]
    ends_on: Mapped[date | None]
    """The first day without the membership."""
    ends_on_by: Mapped[DayBy | None] = mapped_column(enum_column(DayBy))
    capital_goes: Mapped[CapitalGoes | None] = mapped_column(enum_column(CapitalGoes))
    capital_cents: Mapped[int | None] = mapped_column(sa.BigInteger)
    capital_on: Mapped[date | None]
    capital_paid_on: Mapped[date | None]
    """When the treasurer paid it back."""
    contract_goes: Mapped[ContractGoes | None] = mapped_column(enum_column(ContractGoes))
    successor_membership_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    """Who takes over, where the membership goes along with the dwelling."""
    successor_class: Mapped[str | None] = mapped_column(sa.String(40))
    dwelling_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    notice_event_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    end_event_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    successor_event_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    completed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    completed_by_id: Mapped[int | None]
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_by_id: Mapped[int | None]


class ExitAnswer(Base, Owned):
    """What was arranged about one thing in the way. This table only grows; the words stand with the audit trail."""

    __tablename__ = "exit_answer"
    __table_args__ = (
        child_of("exit_answer", "exit_id", "membership_exit"),
        text_check("blocker"),
        text_check("subject"),
        sa.UniqueConstraint("cooperative_id", "exit_id", "blocker", "subject"),
    )

    id: Mapped[int] = owned_key()
    exit_id: Mapped[int] = mapped_column(sa.BigInteger)
    blocker: Mapped[str] = mapped_column(sa.String(40))
    """Its code; later releases know more of them."""
    subject: Mapped[str] = mapped_column(sa.String(80))
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answered_by_id: Mapped[int | None]
    audit_number: Mapped[int | None]


class ExitPart(Base, Owned):
    """What moved from one member to the other, so that undoing puts back both sides. This table only grows."""

    __tablename__ = "exit_part"
    __table_args__ = (
        child_of("exit_part", "exit_id", "membership_exit"),
        sa.CheckConstraint("before_id IS NOT NULL OR after_id IS NOT NULL", name="something"),
        sa.Index(None, "cooperative_id", "exit_id"),
    )

    id: Mapped[int] = owned_key()
    exit_id: Mapped[int] = mapped_column(sa.BigInteger)
    kind: Mapped[ExitPartKind] = mapped_column(enum_column(ExitPartKind))
    before_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    """What the leaver had: the key of the row that ended."""
    after_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    """What the successor got."""


class Obligation(Base, Owned):
    """What a member promised, from a day on. This table only grows; the words stand with the audit trail."""

    __tablename__ = "obligation"
    __table_args__ = (
        child_of("obligation", "party_id", "party"),
        sa.CheckConstraint("amount_cents IS NULL OR amount_cents > 0", name="amount"),
        sa.CheckConstraint("runs_until IS NULL OR agreed_on < runs_until", name="days"),
        sa.Index(None, "cooperative_id", "party_id"),
    )

    id: Mapped[int] = owned_key()
    party_id: Mapped[int] = mapped_column(sa.BigInteger)
    kind: Mapped[ObligationKind] = mapped_column(enum_column(ObligationKind))
    amount_cents: Mapped[int | None] = mapped_column(sa.BigInteger)
    agreed_on: Mapped[date]
    runs_until: Mapped[date | None]
    """The first day on which it should be settled; None: until it is settled."""
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    recorded_by_id: Mapped[int | None]
    audit_number: Mapped[int | None]


class ObligationSettlement(Base, Owned):
    """A promise came to an end. This table only grows."""

    __tablename__ = "obligation_settlement"
    __table_args__ = (child_of("obligation_settlement", "obligation_id", "obligation"),)

    obligation_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False, sort_order=-1)
    outcome: Mapped[ObligationOutcome] = mapped_column(enum_column(ObligationOutcome))
    settled_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    recorded_by_id: Mapped[int | None]


class DataRequest(Base, Owned):
    """A member asks to correct the name or the date of birth. What was asked is emptied once it is answered."""

    __tablename__ = "data_request"
    __table_args__ = (
        child_of("data_request", "party_id", "party"),
        sa.CheckConstraint("(state = 'waiting') = (answered_at IS NULL)", name="answered"),
        sa.CheckConstraint("state <> 'waiting' OR (name IS NOT NULL AND length(name) > 0)", name="name_while_waiting"),
        sa.CheckConstraint(
            "state = 'waiting' OR (name IS NULL AND given_names IS NULL AND name_prefix IS NULL "
            "AND family_name IS NULL AND birth_date IS NULL)",
            name="emptied_once_answered",
        ),
        sa.Index(
            "uq_data_request_waiting",
            "cooperative_id",
            "party_id",
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        ),
    )

    id: Mapped[int] = owned_key()
    party_id: Mapped[int] = mapped_column(sa.BigInteger)
    state: Mapped[RequestState] = mapped_column(enum_column(RequestState))
    name: Mapped[str | None] = mapped_column(sa.String(200))
    given_names: Mapped[str | None] = mapped_column(sa.String(120))
    name_prefix: Mapped[str | None] = mapped_column(sa.String(40))
    family_name: Mapped[str | None] = mapped_column(sa.String(120))
    birth_date: Mapped[date | None]
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
