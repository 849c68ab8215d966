"""Money of membership: ledger, bank accounts, mandates, direct debits"""

import sqlalchemy as sa
from alembic import op

import ecoop.models.types
from ecoop.migrations.append_only import forbid_changes, forget

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "closed_year",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("closed_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("contribution_cents", sa.BigInteger(), nullable=False),
        sa.Column("capital_cents", sa.BigInteger(), nullable=False),
        sa.Column("loan_cents", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_closed_year_digest")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["account.id"], name=op.f("fk_closed_year_closed_by_id")),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_closed_year_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "year", name=op.f("pk_closed_year")),
    )
    op.create_table(
        "creditor",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("identifier", sa.String(length=35), nullable=False),
        sa.Column("name", sa.String(length=70), nullable=False),
        sa.Column("sealed_iban", sa.Text(), nullable=False),
        sa.Column("masked_iban", sa.String(length=40), nullable=False),
        sa.Column("announce_days", sa.Integer(), nullable=False),
        sa.Column("lapse_months", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("recorded_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("announce_days BETWEEN 0 AND 60", name=op.f("ck_creditor_announce_days")),
        sa.CheckConstraint("lapse_months BETWEEN 1 AND 120", name=op.f("ck_creditor_lapse_months")),
        sa.CheckConstraint("length(identifier) > 0", name=op.f("ck_creditor_identifier_not_empty")),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_creditor_name_not_empty")),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_creditor_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_creditor")),
    )
    with op.batch_alter_table("creditor", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_creditor_cooperative_id_valid_from"), ["cooperative_id", "valid_from"], unique=False
        )

    op.create_table(
        "bank_account",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("party_id", sa.BigInteger(), nullable=False),
        sa.Column("sealed_iban", sa.Text(), nullable=True),
        sa.Column("masked_iban", sa.String(length=40), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.String(length=70), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("known_from", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("end_known_from", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("erased_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(sealed_iban IS NULL) = (erased_at IS NOT NULL)", name=op.f("ck_bank_account_sealed_until_erased")
        ),
        sa.CheckConstraint("(valid_until IS NULL) = (end_known_from IS NULL)", name=op.f("ck_bank_account_end_known")),
        sa.CheckConstraint(
            "erased_at IS NULL OR valid_until IS NOT NULL", name=op.f("ck_bank_account_erased_once_ended")
        ),
        sa.CheckConstraint("length(fingerprint) = 64", name=op.f("ck_bank_account_fingerprint")),
        sa.CheckConstraint("length(holder) > 0", name=op.f("ck_bank_account_holder_not_empty")),
        sa.CheckConstraint("valid_until IS NULL OR valid_from <= valid_until", name=op.f("ck_bank_account_valid")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "party_id"], ["party.cooperative_id", "party.id"], name="fk_bank_account_party_id"
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_bank_account_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_bank_account")),
    )
    with op.batch_alter_table("bank_account", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_bank_account_cooperative_id_fingerprint"), ["cooperative_id", "fingerprint"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_bank_account_cooperative_id_party_id"), ["cooperative_id", "party_id"], unique=False
        )
        batch_op.create_index(
            "uq_bank_account_in_use",
            ["cooperative_id", "party_id", "fingerprint"],
            unique=True,
            sqlite_where=sa.text("valid_until IS NULL"),
            postgresql_where=sa.text("valid_until IS NULL"),
        )

    op.create_table(
        "direct_debit",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "scheme",
            sa.Enum("CORE", "B2B", name="mandatescheme", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "drafted",
                "announced",
                "file_made",
                "booked",
                "cancelled",
                name="directdebitstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("collection_on", sa.Date(), nullable=False),
        sa.Column("description", sa.String(length=100), nullable=False),
        sa.Column("message_id", sa.String(length=35), nullable=False),
        sa.Column("drafted_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.Column("announced_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("file_made_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("file_digest", sa.String(length=64), nullable=True),
        sa.Column("sealed_file", sa.Text(), nullable=True),
        sa.Column("booked_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'booked') = (booked_at IS NOT NULL)", name=op.f("ck_direct_debit_booked_at_a_moment")
        ),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancelled_at IS NOT NULL)", name=op.f("ck_direct_debit_cancelled_at_a_moment")
        ),
        sa.CheckConstraint(
            "state <> 'announced' OR announced_at IS NOT NULL", name=op.f("ck_direct_debit_announced_at_a_moment")
        ),
        sa.CheckConstraint(
            "state NOT IN ('file_made', 'booked') OR (announced_at IS NOT NULL AND file_made_at IS NOT NULL)",
            name=op.f("ck_direct_debit_made_after_announcing"),
        ),
        sa.CheckConstraint(
            "(file_made_at IS NULL) = (file_digest IS NULL) AND (file_made_at IS NULL) = (sealed_file IS NULL)",
            name=op.f("ck_direct_debit_file_is_whole"),
        ),
        sa.CheckConstraint("length(message_id) BETWEEN 1 AND 35", name=op.f("ck_direct_debit_message_id")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "creditor_id"],
            ["creditor.cooperative_id", "creditor.id"],
            name="fk_direct_debit_creditor_id",
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_direct_debit_cooperative_id")),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["account.id"], name=op.f("fk_direct_debit_drafted_by_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_direct_debit")),
        sa.UniqueConstraint("cooperative_id", "message_id", name=op.f("uq_direct_debit_cooperative_id_message_id")),
    )
    op.create_table(
        "ledger_entry",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "account",
            sa.Enum(
                "contribution",
                "capital",
                "loan",
                name="ledgeraccount",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("tranche", sa.String(length=40), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "charged",
                "promised",
                "promise_lapsed",
                "received",
                "returned",
                "refunded",
                "written_off",
                "transferred_out",
                "transferred_in",
                "paid_out",
                "corrected",
                name="entrykind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("corrects_id", sa.BigInteger(), nullable=True),
        sa.Column("corrects_promise", sa.Boolean(), nullable=False),
        sa.Column("counterpart_id", sa.BigInteger(), nullable=True),
        sa.Column("reference", sa.String(length=80), nullable=True),
        sa.Column("audit_number", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(account = 'loan') = (tranche IS NOT NULL)", name=op.f("ck_ledger_entry_loan_of_a_tranche")
        ),
        sa.CheckConstraint(
            "(kind = 'corrected') = (corrects_id IS NOT NULL)", name=op.f("ck_ledger_entry_corrects_something")
        ),
        sa.CheckConstraint(
            "kind IN ('corrected', 'written_off') OR (cents > 0) = (kind IN ('promised', 'received', 'transferred_in'))",
            name=op.f("ck_ledger_entry_sign"),
        ),
        sa.CheckConstraint(
            "kind NOT IN ('transferred_out', 'transferred_in') OR counterpart_id IS NOT NULL",
            name=op.f("ck_ledger_entry_other_side"),
        ),
        sa.CheckConstraint("cents <> 0", name=op.f("ck_ledger_entry_cents")),
        sa.CheckConstraint("number > 0", name=op.f("ck_ledger_entry_number")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "corrects_id"],
            ["ledger_entry.cooperative_id", "ledger_entry.id"],
            name="fk_ledger_entry_corrects_id",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "membership_id"],
            ["membership.cooperative_id", "membership.id"],
            name="fk_ledger_entry_membership_id",
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_ledger_entry_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint("cooperative_id", "corrects_id", name=op.f("uq_ledger_entry_cooperative_id_corrects_id")),
        sa.UniqueConstraint("cooperative_id", "number", name=op.f("uq_ledger_entry_cooperative_id_number")),
        sa.UniqueConstraint("cooperative_id", "reference", name=op.f("uq_ledger_entry_cooperative_id_reference")),
    )
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_ledger_entry_cooperative_id_booked_on"), ["cooperative_id", "booked_on"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_ledger_entry_cooperative_id_membership_id_booked_on"),
            ["cooperative_id", "membership_id", "booked_on"],
            unique=False,
        )

    op.create_table(
        "mandate",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("party_id", sa.BigInteger(), nullable=False),
        sa.Column("bank_account_id", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(length=35), nullable=False),
        sa.Column(
            "scheme",
            sa.Enum("CORE", "B2B", name="mandatescheme", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column(
            "signing",
            sa.Enum(
                "on_paper",
                "on_screen",
                "taken_over",
                name="signingway",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("paper_id", sa.BigInteger(), nullable=True),
        sa.Column("recorded_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("length(reference) BETWEEN 1 AND 35", name=op.f("ck_mandate_reference")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "bank_account_id"],
            ["bank_account.cooperative_id", "bank_account.id"],
            name="fk_mandate_bank_account_id",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "party_id"], ["party.cooperative_id", "party.id"], name="fk_mandate_party_id"
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_mandate_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_mandate")),
        sa.UniqueConstraint("cooperative_id", "reference", name=op.f("uq_mandate_cooperative_id_reference")),
    )
    with op.batch_alter_table("mandate", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mandate_cooperative_id_party_id"), ["cooperative_id", "party_id"], unique=False
        )

    op.create_table(
        "direct_debit_line",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("direct_debit_id", sa.BigInteger(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("mandate_id", sa.BigInteger(), nullable=False),
        sa.Column("charge_id", sa.BigInteger(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("end_to_end_id", sa.String(length=35), nullable=False),
        sa.Column(
            "sequence",
            sa.Enum(
                "FRST", "RCUR", "OOFF", "FNAL", name="sequence", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "result",
            sa.Enum(
                "open",
                "booked",
                "returned",
                "left_out",
                name="lineresult",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason_code", sa.String(length=4), nullable=True),
        sa.Column("entry_id", sa.BigInteger(), nullable=True),
        sa.Column("returned_entry_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(result = 'returned') = (reason_code IS NOT NULL)", name=op.f("ck_direct_debit_line_returned_with_reason")
        ),
        sa.CheckConstraint(
            "(result = 'returned') = (returned_entry_id IS NOT NULL)",
            name=op.f("ck_direct_debit_line_returned_in_the_ledger"),
        ),
        sa.CheckConstraint(
            "(result IN ('open', 'left_out')) = (entry_id IS NULL)",
            name=op.f("ck_direct_debit_line_booked_in_the_ledger"),
        ),
        sa.CheckConstraint("cents > 0", name=op.f("ck_direct_debit_line_cents")),
        sa.CheckConstraint("length(end_to_end_id) BETWEEN 1 AND 35", name=op.f("ck_direct_debit_line_end_to_end_id")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "charge_id"],
            ["ledger_entry.cooperative_id", "ledger_entry.id"],
            name="fk_direct_debit_line_charge_id",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "direct_debit_id"],
            ["direct_debit.cooperative_id", "direct_debit.id"],
            name="fk_direct_debit_line_direct_debit_id",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "entry_id"],
            ["ledger_entry.cooperative_id", "ledger_entry.id"],
            name="fk_direct_debit_line_entry_id",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "mandate_id"],
            ["mandate.cooperative_id", "mandate.id"],
            name="fk_direct_debit_line_mandate_id",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "membership_id"],
            ["membership.cooperative_id", "membership.id"],
            name="fk_direct_debit_line_membership_id",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "returned_entry_id"],
            ["ledger_entry.cooperative_id", "ledger_entry.id"],
            name="fk_direct_debit_line_returned_entry_id",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_direct_debit_line_cooperative_id")
        ),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_direct_debit_line")),
        sa.UniqueConstraint(
            "cooperative_id", "end_to_end_id", name=op.f("uq_direct_debit_line_cooperative_id_end_to_end_id")
        ),
    )
    with op.batch_alter_table("direct_debit_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_direct_debit_line_cooperative_id_charge_id"), ["cooperative_id", "charge_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_direct_debit_line_cooperative_id_direct_debit_id"),
            ["cooperative_id", "direct_debit_id"],
            unique=False,
        )

    op.create_table(
        "mandate_event",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("mandate_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "signed",
                "activated",
                "used",
                "suspended",
                "resumed",
                "revoked",
                "ended",
                "lapsed",
                name="mandateeventkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("recorded_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("direct_debit_id", sa.BigInteger(), nullable=True),
        sa.Column("audit_number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "mandate_id"],
            ["mandate.cooperative_id", "mandate.id"],
            name="fk_mandate_event_mandate_id",
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_mandate_event_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_mandate_event")),
    )
    with op.batch_alter_table("mandate_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mandate_event_cooperative_id_mandate_id"), ["cooperative_id", "mandate_id"], unique=False
        )

    forbid_changes("ledger_entry")
    forbid_changes("mandate_event")
    forbid_changes("closed_year")


def downgrade() -> None:
    with op.batch_alter_table("mandate_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mandate_event_cooperative_id_mandate_id"))

    op.drop_table("mandate_event")
    with op.batch_alter_table("direct_debit_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_direct_debit_line_cooperative_id_direct_debit_id"))
        batch_op.drop_index(batch_op.f("ix_direct_debit_line_cooperative_id_charge_id"))

    op.drop_table("direct_debit_line")
    with op.batch_alter_table("mandate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mandate_cooperative_id_party_id"))

    op.drop_table("mandate")
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_entry_cooperative_id_membership_id_booked_on"))
        batch_op.drop_index(batch_op.f("ix_ledger_entry_cooperative_id_booked_on"))

    op.drop_table("ledger_entry")
    op.drop_table("direct_debit")
    with op.batch_alter_table("bank_account", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_bank_account_in_use",
            sqlite_where=sa.text("valid_until IS NULL"),
            postgresql_where=sa.text("valid_until IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_bank_account_cooperative_id_party_id"))
        batch_op.drop_index(batch_op.f("ix_bank_account_cooperative_id_fingerprint"))

    op.drop_table("bank_account")
    with op.batch_alter_table("creditor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_creditor_cooperative_id_valid_from"))

    op.drop_table("creditor")
    op.drop_table("closed_year")
    forget("ledger_entry")
    forget("mandate_event")
    forget("closed_year")
