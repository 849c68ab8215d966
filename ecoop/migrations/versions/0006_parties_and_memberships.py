"""Parties and memberships"""

import sqlalchemy as sa
from alembic import op

import ecoop.models.types
from ecoop.migrations.append_only import forbid_changes, forget

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "number_series",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.CheckConstraint("last >= 0", name=op.f("ck_number_series_last")),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_number_series_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "name", name=op.f("pk_number_series")),
    )
    op.create_table(
        "party",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "person",
                "organisation",
                "owners_association",
                "corporation",
                "household",
                name="partykind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("merged_into_id", sa.BigInteger(), nullable=True),
        sa.Column("minimised_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_party_account_id")),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_party_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_party")),
    )
    with op.batch_alter_table("party", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_party_account_id"), ["account_id"], unique=False)

    op.create_table(
        "membership",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("party_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("created_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number IS NULL OR number > 0", name=op.f("ck_membership_number")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "party_id"], ["party.cooperative_id", "party.id"], name="fk_membership_party_id"
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_membership_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_membership")),
        sa.UniqueConstraint("cooperative_id", "number", name=op.f("uq_membership_cooperative_id_number")),
        sa.UniqueConstraint("cooperative_id", "party_id", name=op.f("uq_membership_cooperative_id_party_id")),
    )
    op.create_table(
        "party_record",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("party_id", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("known_from", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("known_until", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("given_names", sa.String(length=120), nullable=True),
        sa.Column("name_prefix", sa.String(length=40), nullable=True),
        sa.Column("family_name", sa.String(length=120), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.Column("street", sa.String(length=120), nullable=True),
        sa.Column("house_number", sa.String(length=20), nullable=True),
        sa.Column("postcode", sa.String(length=12), nullable=True),
        sa.Column("city", sa.String(length=80), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("registration_number", sa.String(length=20), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.CheckConstraint("known_until IS NULL OR known_from <= known_until", name=op.f("ck_party_record_known")),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_party_record_name_not_empty")),
        sa.CheckConstraint("length(name_key) > 0", name=op.f("ck_party_record_name_key_not_empty")),
        sa.CheckConstraint("valid_from < valid_until", name=op.f("ck_party_record_valid")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "party_id"], ["party.cooperative_id", "party.id"], name="fk_party_record_party_id"
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_party_record_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_party_record")),
    )
    with op.batch_alter_table("party_record", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_party_record_cooperative_id_email"), ["cooperative_id", "email"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_party_record_cooperative_id_name_key"), ["cooperative_id", "name_key"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_party_record_cooperative_id_party_id_valid_from"),
            ["cooperative_id", "party_id", "valid_from"],
            unique=False,
        )

    op.create_table(
        "membership_event",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "applied",
                "withdrawn",
                "admitted",
                "refused",
                "readmitted",
                "class_changed",
                "suspended",
                "reinstated",
                "notice_given",
                "notice_withdrawn",
                "ended",
                "transferred",
                "corrected",
                name="eventkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("recorded_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("class_code", sa.String(length=40), nullable=True),
        sa.Column(
            "end_reason",
            sa.Enum(
                "resignation",
                "resignation_by_cooperative",
                "expulsion",
                "death",
                "dissolution",
                "transfer",
                name="endreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("corrects_id", sa.BigInteger(), nullable=True),
        sa.Column("decision_id", sa.BigInteger(), nullable=True),
        sa.Column("paper_id", sa.BigInteger(), nullable=True),
        sa.Column("audit_number", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'corrected') = (corrects_id IS NOT NULL)", name=op.f("ck_membership_event_corrects_something")
        ),
        sa.CheckConstraint(
            "kind NOT IN ('applied', 'admitted', 'readmitted', 'class_changed') OR class_code IS NOT NULL",
            name=op.f("ck_membership_event_class_where_it_begins"),
        ),
        sa.CheckConstraint(
            "kind NOT IN ('ended', 'transferred') OR end_reason IS NOT NULL",
            name=op.f("ck_membership_event_end_with_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "membership_id"],
            ["membership.cooperative_id", "membership.id"],
            name="fk_membership_event_membership_id",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_membership_event_cooperative_id")
        ),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_membership_event")),
    )
    with op.batch_alter_table("membership_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_membership_event_cooperative_id_membership_id"),
            ["cooperative_id", "membership_id"],
            unique=False,
        )

    op.create_table(
        "membership_span",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "none",
                "applicant",
                "refused",
                "member",
                "suspended",
                "former",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("class_code", sa.String(length=40), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("member_since", sa.Date(), nullable=True),
        sa.Column("notice_on", sa.Date(), nullable=True),
        sa.Column("known_from", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("known_until", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(status) > 0", name=op.f("ck_membership_span_status_not_empty")),
        sa.CheckConstraint("starts_on < ends_on", name=op.f("ck_membership_span_days")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "membership_id"],
            ["membership.cooperative_id", "membership.id"],
            name="fk_membership_span_membership_id",
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_membership_span_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_membership_span")),
    )
    with op.batch_alter_table("membership_span", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_membership_span_cooperative_id_membership_id"),
            ["cooperative_id", "membership_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_membership_span_cooperative_id_status_starts_on"),
            ["cooperative_id", "status", "starts_on"],
            unique=False,
        )

    forbid_changes("membership_event")


def downgrade() -> None:
    with op.batch_alter_table("membership_span", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_span_cooperative_id_status_starts_on"))
        batch_op.drop_index(batch_op.f("ix_membership_span_cooperative_id_membership_id"))

    op.drop_table("membership_span")
    with op.batch_alter_table("membership_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_event_cooperative_id_membership_id"))

    op.drop_table("membership_event")
    with op.batch_alter_table("party_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_party_record_cooperative_id_party_id_valid_from"))
        batch_op.drop_index(batch_op.f("ix_party_record_cooperative_id_name_key"))
        batch_op.drop_index(batch_op.f("ix_party_record_cooperative_id_email"))

    op.drop_table("party_record")
    op.drop_table("membership")
    with op.batch_alter_table("party", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_party_account_id"))

    op.drop_table("party")
    op.drop_table("number_series")
    forget("membership_event")
