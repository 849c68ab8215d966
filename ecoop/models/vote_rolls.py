"""Frozen rolls of voters: who might vote on a day, as it was known then. These tables only grow.

The names stand in the register and are read from there as they were known at that instant: so a person can be
forgotten while the roll still proves what it says.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ecoop.db import Base, Owned
from ecoop.governance.voting_rights import VotingReason
from ecoop.models.types import UTCDateTime, child_of, enum_column, owned_key, text_check


class VoteRoll(Base, Owned):
    """A roll that was frozen: for which day and what for, and the digest that says that nothing changed since."""

    __tablename__ = "vote_roll"
    __table_args__ = (
        child_of("vote_roll", "statutes_id", "statutes_version"),
        text_check("purpose"),
        sa.CheckConstraint("length(digest) = 64", name="digest"),
        sa.CheckConstraint("voters >= 0 AND votes_millionths >= 0 AND lines >= voters", name="counts"),
        sa.Index(None, "cooperative_id", "day"),
    )

    id: Mapped[int] = owned_key()
    day: Mapped[date]
    known_at: Mapped[datetime] = mapped_column(UTCDateTime)
    purpose: Mapped[str] = mapped_column(sa.String(200))
    statutes_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    """The version of the statutes it rests on; None: there was none, and nobody may vote."""
    lines: Mapped[int]
    voters: Mapped[int]
    votes_millionths: Mapped[int] = mapped_column(sa.BigInteger)
    digest: Mapped[str] = mapped_column(sa.String(64))
    frozen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    frozen_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))


class VoteRollLine(Base, Owned):
    """One line of a frozen roll: a membership with its votes, and why."""

    __tablename__ = "vote_roll_line"
    __table_args__ = (
        child_of("vote_roll_line", "roll_id", "vote_roll"),
        child_of("vote_roll_line", "membership_id", "membership"),
        child_of("vote_roll_line", "representative_id", "party"),
        sa.CheckConstraint("votes_millionths >= 0", name="votes"),
    )

    roll_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False, sort_order=-1)
    membership_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    number: Mapped[int | None]
    votes_millionths: Mapped[int] = mapped_column(sa.BigInteger)
    reason: Mapped[VotingReason] = mapped_column(enum_column(VotingReason))
    class_code: Mapped[str | None] = mapped_column(sa.String(40))
    representative_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    """The party of the person who votes for a member that cannot do so itself."""
