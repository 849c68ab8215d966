"""Money of membership: a ledger that only grows, bank accounts, mandates, and batches to be collected.

An account number is kept sealed with a key that is not in the database, beside a masked text for people and a keyed
fingerprint by which the same number is found again.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ecoop.db import Base, Owned
from ecoop.governance.direct_debits import DirectDebitState, LineResult, Sequence
from ecoop.governance.holdings import EntryKind, LedgerAccount
from ecoop.governance.mandates import MandateEventKind, MandateScheme, SigningWay
from ecoop.models.types import UTCDateTime, child_of, enum_column, owned_key, text_check


class LedgerEntryRow(Base, Owned):
    """One entry, as `governance.holdings` reads it. A trigger refuses every change."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        child_of("ledger_entry", "membership_id", "membership"),
        child_of("ledger_entry", "corrects_id", "ledger_entry"),
        sa.UniqueConstraint("cooperative_id", "number"),
        sa.UniqueConstraint("cooperative_id", "reference"),
        sa.UniqueConstraint("cooperative_id", "corrects_id"),
        sa.CheckConstraint("number > 0", name="number"),
        sa.CheckConstraint("cents <> 0", name="cents"),
        sa.CheckConstraint("(kind = 'corrected') = (corrects_id IS NOT NULL)", name="corrects_something"),
        sa.CheckConstraint("(account = 'loan') = (tranche IS NOT NULL)", name="loan_of_a_tranche"),
        sa.CheckConstraint(
            "kind NOT IN ('transferred_out', 'transferred_in') OR counterpart_id IS NOT NULL", name="other_side"
        ),
        sa.CheckConstraint(
            "kind IN ('corrected', 'written_off') OR "
            "(cents > 0) = (kind IN ('promised', 'received', 'transferred_in'))",
            name="sign",
        ),
        sa.Index(None, "cooperative_id", "membership_id", "booked_on"),
        sa.Index(None, "cooperative_id", "booked_on"),
    )

    id: Mapped[int] = owned_key()
    number: Mapped[int]
    membership_id: Mapped[int] = mapped_column(sa.BigInteger)
    account: Mapped[LedgerAccount] = mapped_column(enum_column(LedgerAccount))
    tranche: Mapped[str | None] = mapped_column(sa.String(40))
    kind: Mapped[EntryKind] = mapped_column(enum_column(EntryKind))
    cents: Mapped[int] = mapped_column(sa.BigInteger)
    """Signed as the member sees it: below zero the member owes it."""
    year: Mapped[int | None]
    """The year of a contribution."""
    booked_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int | None]
    corrects_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    corrects_promise: Mapped[bool] = mapped_column(default=False)
    counterpart_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    """The other side of a transfer between two members."""
    reference: Mapped[str | None] = mapped_column(sa.String(80))
    """What the bank or the run calls it: one reference is booked once."""
    audit_number: Mapped[int | None]
    """The entry of the audit trail with who, when and why."""


class ClosedYear(Base, Owned):
    """A year that was closed, with what the ledger held at its end. Nothing is booked in it any more."""

    __tablename__ = "closed_year"
    __table_args__ = (sa.CheckConstraint("length(digest) = 64", name="digest"),)

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, sort_order=-1)
    closed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    entries: Mapped[int]
    contribution_cents: Mapped[int] = mapped_column(sa.BigInteger)
    capital_cents: Mapped[int] = mapped_column(sa.BigInteger)
    loan_cents: Mapped[int] = mapped_column(sa.BigInteger)
    digest: Mapped[str] = mapped_column(sa.String(64))
    """The fingerprint of the balance list of its last day."""


class BankAccount(Base, Owned):
    """An account of a party from a day on. Its end is filled in once, with the instant at which it became known."""

    __tablename__ = "bank_account"
    __table_args__ = (
        child_of("bank_account", "party_id", "party"),
        text_check("holder"),
        sa.CheckConstraint("length(fingerprint) = 64", name="fingerprint"),
        sa.CheckConstraint("valid_until IS NULL OR valid_from <= valid_until", name="valid"),
        sa.CheckConstraint("(valid_until IS NULL) = (end_known_from IS NULL)", name="end_known"),
        sa.CheckConstraint("(sealed_iban IS NULL) = (erased_at IS NOT NULL)", name="sealed_until_erased"),
        sa.CheckConstraint("erased_at IS NULL OR valid_until IS NOT NULL", name="erased_once_ended"),
        sa.Index(None, "cooperative_id", "party_id"),
        sa.Index(None, "cooperative_id", "fingerprint"),
        sa.Index(
            "uq_bank_account_in_use",
            "cooperative_id",
            "party_id",
            "fingerprint",
            unique=True,
            sqlite_where=sa.text("valid_until IS NULL"),
            postgresql_where=sa.text("valid_until IS NULL"),
        ),
    )

    id: Mapped[int] = owned_key()
    party_id: Mapped[int] = mapped_column(sa.BigInteger)
    sealed_iban: Mapped[str | None] = mapped_column(sa.Text)
    masked_iban: Mapped[str] = mapped_column(sa.String(40))
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    holder: Mapped[str] = mapped_column(sa.String(70))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    known_from: Mapped[datetime] = mapped_column(UTCDateTime)
    end_known_from: Mapped[datetime | None] = mapped_column(UTCDateTime)
    recorded_by_id: Mapped[int | None]
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Mandate(Base, Owned):
    """Leave to collect from one bank account. How it stands follows from its events."""

    __tablename__ = "mandate"
    __table_args__ = (
        child_of("mandate", "party_id", "party"),
        child_of("mandate", "bank_account_id", "bank_account"),
        sa.UniqueConstraint("cooperative_id", "reference"),
        sa.CheckConstraint("length(reference) BETWEEN 1 AND 35", name="reference"),
        sa.Index(None, "cooperative_id", "party_id"),
    )

    id: Mapped[int] = owned_key()
    party_id: Mapped[int] = mapped_column(sa.BigInteger)
    bank_account_id: Mapped[int] = mapped_column(sa.BigInteger)
    reference: Mapped[str] = mapped_column(sa.String(35))
    scheme: Mapped[MandateScheme] = mapped_column(enum_column(MandateScheme))
    signed_on: Mapped[date]
    signing: Mapped[SigningWay] = mapped_column(enum_column(SigningWay))
    paper_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    """The signed form, if it is among the papers."""
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    recorded_by_id: Mapped[int | None]


class MandateEventRow(Base, Owned):
    """One event, as `governance.mandates` reads it. A trigger refuses every change."""

    __tablename__ = "mandate_event"
    __table_args__ = (
        child_of("mandate_event", "mandate_id", "mandate"),
        sa.Index(None, "cooperative_id", "mandate_id"),
    )

    id: Mapped[int] = owned_key()
    mandate_id: Mapped[int] = mapped_column(sa.BigInteger)
    kind: Mapped[MandateEventKind] = mapped_column(enum_column(MandateEventKind))
    valid_from: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int | None]
    direct_debit_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    """For which batch it was used."""
    audit_number: Mapped[int | None]


class Creditor(Base, Owned):
    """As whom, and to which account, the cooperative collects from a day on; the newest that began counts."""

    __tablename__ = "creditor"
    __table_args__ = (
        text_check("identifier"),
        text_check("name"),
        sa.CheckConstraint("announce_days BETWEEN 0 AND 60", name="announce_days"),
        sa.CheckConstraint("lapse_months BETWEEN 1 AND 120", name="lapse_months"),
        sa.Index(None, "cooperative_id", "valid_from"),
    )

    id: Mapped[int] = owned_key()
    identifier: Mapped[str] = mapped_column(sa.String(35))
    """Incassant-ID."""
    name: Mapped[str] = mapped_column(sa.String(70))
    sealed_iban: Mapped[str] = mapped_column(sa.Text)
    masked_iban: Mapped[str] = mapped_column(sa.String(40))
    announce_days: Mapped[int]
    lapse_months: Mapped[int]
    valid_from: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    recorded_by_id: Mapped[int | None]


class DirectDebit(Base, Owned):
    """A batch of amounts to be collected on one day under one scheme."""

    __tablename__ = "direct_debit"
    __table_args__ = (
        child_of("direct_debit", "creditor_id", "creditor"),
        sa.UniqueConstraint("cooperative_id", "message_id"),
        sa.CheckConstraint("length(message_id) BETWEEN 1 AND 35", name="message_id"),
        sa.CheckConstraint("state <> 'announced' OR announced_at IS NOT NULL", name="announced_at_a_moment"),
        sa.CheckConstraint(
            "state NOT IN ('file_made', 'booked') OR (announced_at IS NOT NULL AND file_made_at IS NOT NULL)",
            name="made_after_announcing",
        ),
        sa.CheckConstraint(
            "(file_made_at IS NULL) = (file_digest IS NULL) AND (file_made_at IS NULL) = (sealed_file IS NULL)",
            name="file_is_whole",
        ),
        sa.CheckConstraint("(state = 'booked') = (booked_at IS NOT NULL)", name="booked_at_a_moment"),
        sa.CheckConstraint("(state = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled_at_a_moment"),
    )

    id: Mapped[int] = owned_key()
    creditor_id: Mapped[int] = mapped_column(sa.BigInteger)
    scheme: Mapped[MandateScheme] = mapped_column(enum_column(MandateScheme))
    state: Mapped[DirectDebitState] = mapped_column(enum_column(DirectDebitState))
    collection_on: Mapped[date]
    description: Mapped[str] = mapped_column(sa.String(100))
    """What the payer reads on the statement of the bank."""
    message_id: Mapped[str] = mapped_column(sa.String(35))
    drafted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    drafted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    announced_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    file_made_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    file_digest: Mapped[str | None] = mapped_column(sa.String(64))
    sealed_file: Mapped[str | None] = mapped_column(sa.Text)
    """The file as it was made, sealed: it names every account number."""
    booked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class DirectDebitLine(Base, Owned):
    """One amount of a batch."""

    __tablename__ = "direct_debit_line"
    __table_args__ = (
        child_of("direct_debit_line", "direct_debit_id", "direct_debit"),
        child_of("direct_debit_line", "membership_id", "membership"),
        child_of("direct_debit_line", "mandate_id", "mandate"),
        child_of("direct_debit_line", "charge_id", "ledger_entry"),
        child_of("direct_debit_line", "entry_id", "ledger_entry"),
        child_of("direct_debit_line", "returned_entry_id", "ledger_entry"),
        sa.UniqueConstraint("cooperative_id", "end_to_end_id"),
        sa.CheckConstraint("cents > 0", name="cents"),
        sa.CheckConstraint("length(end_to_end_id) BETWEEN 1 AND 35", name="end_to_end_id"),
        sa.CheckConstraint("(result = 'returned') = (reason_code IS NOT NULL)", name="returned_with_reason"),
        sa.CheckConstraint("(result IN ('open', 'left_out')) = (entry_id IS NULL)", name="booked_in_the_ledger"),
        sa.CheckConstraint("(result = 'returned') = (returned_entry_id IS NOT NULL)", name="returned_in_the_ledger"),
        sa.Index(None, "cooperative_id", "direct_debit_id"),
        sa.Index(None, "cooperative_id", "charge_id"),
    )

    id: Mapped[int] = owned_key()
    direct_debit_id: Mapped[int] = mapped_column(sa.BigInteger)
    membership_id: Mapped[int] = mapped_column(sa.BigInteger)
    mandate_id: Mapped[int] = mapped_column(sa.BigInteger)
    charge_id: Mapped[int] = mapped_column(sa.BigInteger)
    """The charge in the ledger that it collects."""
    cents: Mapped[int] = mapped_column(sa.BigInteger)
    end_to_end_id: Mapped[str] = mapped_column(sa.String(35))
    sequence: Mapped[Sequence] = mapped_column(enum_column(Sequence))
    result: Mapped[LineResult] = mapped_column(enum_column(LineResult))
    reason_code: Mapped[str | None] = mapped_column(sa.String(4))
    entry_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    returned_entry_id: Mapped[int | None] = mapped_column(sa.BigInteger)
