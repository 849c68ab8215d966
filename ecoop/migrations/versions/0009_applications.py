"""Applications and merging"""

import sqlalchemy as sa
from alembic import op

import ecoop.models.types
from ecoop.migrations.append_only import forbid_changes, forget

GROWING = ("application_rule", "application_text", "application_acceptance", "party_merge")

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "application_rule",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.Column("set_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_application_rule_cooperative_id")
        ),
        sa.ForeignKeyConstraint(["set_by_id"], ["account.id"], name=op.f("fk_application_rule_set_by_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_application_rule")),
    )
    op.create_table(
        "application_text",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "statutes", "privacy", "appeal", name="textkind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.Column("set_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_application_text_digest")),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_application_text_text_not_empty")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_application_text_cooperative_id")
        ),
        sa.ForeignKeyConstraint(["set_by_id"], ["account.id"], name=op.f("fk_application_text_set_by_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_application_text")),
    )
    with op.batch_alter_table("application_text", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_application_text_cooperative_id_kind_language"),
            ["cooperative_id", "kind", "language"],
            unique=False,
        )

    op.create_table(
        "party_merge",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kept_id", sa.BigInteger(), nullable=False),
        sa.Column("gone_id", sa.BigInteger(), nullable=False),
        sa.Column("taken_fields", sa.String(length=400), nullable=False),
        sa.Column("merged_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("merged_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kept_id <> gone_id", name=op.f("ck_party_merge_two_parties")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "gone_id"], ["party.cooperative_id", "party.id"], name="fk_party_merge_gone_id"
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "kept_id"], ["party.cooperative_id", "party.id"], name="fk_party_merge_kept_id"
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_party_merge_cooperative_id")),
        sa.ForeignKeyConstraint(["merged_by_id"], ["account.id"], name=op.f("fk_party_merge_merged_by_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_party_merge")),
        sa.UniqueConstraint("cooperative_id", "gone_id", name=op.f("uq_party_merge_cooperative_id_gone_id")),
    )
    with op.batch_alter_table("party_merge", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_party_merge_cooperative_id_kept_id"), ["cooperative_id", "kept_id"], unique=False
        )

    op.create_table(
        "application",
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
        sa.Column("name", sa.String(length=200), nullable=True),
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
        sa.Column("representative", sa.String(length=200), nullable=True),
        sa.Column("class_code", sa.String(length=40), nullable=True),
        sa.Column(
            "living",
            sa.Enum("owner", "tenant", name="living", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("asked_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("party_id", sa.BigInteger(), nullable=True),
        sa.Column("membership_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "admitted",
                "refused",
                "withdrawn",
                "expired",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("closed_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "refusal",
            sa.Enum(
                "conditions",
                "outside_area",
                "incomplete",
                "double",
                "other",
                name="refusalreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("decision", sa.String(length=120), nullable=True),
        sa.Column("appeal_id", sa.BigInteger(), nullable=True),
        sa.Column("blanked_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(outcome = 'refused') = (refusal IS NOT NULL)", name=op.f("ck_application_refused_with_reason")
        ),
        sa.CheckConstraint(
            "outcome <> 'admitted' OR membership_id IS NOT NULL", name=op.f("ck_application_admitted_to_something")
        ),
        sa.CheckConstraint(
            "outcome <> 'expired' OR confirmed_at IS NULL", name=op.f("ck_application_only_unconfirmed_expires")
        ),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome = 'expired' OR confirmed_at IS NOT NULL",
            name=op.f("ck_application_decided_once_confirmed"),
        ),
        sa.CheckConstraint("(outcome IS NULL) = (closed_at IS NULL)", name=op.f("ck_application_closed_with_outcome")),
        sa.CheckConstraint(
            "(party_id IS NULL) = (membership_id IS NULL)", name=op.f("ck_application_party_with_membership")
        ),
        sa.CheckConstraint(
            "blanked_at IS NOT NULL OR name IS NOT NULL", name=op.f("ck_application_named_until_blanked")
        ),
        sa.CheckConstraint(
            "blanked_at IS NULL OR (name IS NULL AND email IS NULL AND birth_date IS NULL AND phone IS NULL AND street IS NULL AND remark IS NULL)",
            name=op.f("ck_application_blanked_is_blank"),
        ),
        sa.ForeignKeyConstraint(["closed_by_id"], ["account.id"], name=op.f("fk_application_closed_by_id")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "appeal_id"],
            ["application_text.cooperative_id", "application_text.id"],
            name="fk_application_appeal_id",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "membership_id"],
            ["membership.cooperative_id", "membership.id"],
            name="fk_application_membership_id",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "party_id"], ["party.cooperative_id", "party.id"], name="fk_application_party_id"
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_application_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_application")),
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_application_cooperative_id_membership_id"), ["cooperative_id", "membership_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_application_cooperative_id_outcome_confirmed_at"),
            ["cooperative_id", "outcome", "confirmed_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_application_cooperative_id_party_id"), ["cooperative_id", "party_id"], unique=False
        )

    op.create_table(
        "application_acceptance",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("text_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("accepted_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_application_acceptance_digest")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "application_id"],
            ["application.cooperative_id", "application.id"],
            name="fk_application_acceptance_application_id",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "text_id"],
            ["application_text.cooperative_id", "application_text.id"],
            name="fk_application_acceptance_text_id",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_application_acceptance_cooperative_id")
        ),
        sa.PrimaryKeyConstraint("cooperative_id", "application_id", "text_id", name=op.f("pk_application_acceptance")),
    )
    op.create_table(
        "application_link",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("until", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "application_id"],
            ["application.cooperative_id", "application.id"],
            name="fk_application_link_application_id",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_application_link_cooperative_id")
        ),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_application_link")),
        sa.UniqueConstraint("cooperative_id", "digest", name=op.f("uq_application_link_cooperative_id_digest")),
    )
    with op.batch_alter_table("application_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_application_link_cooperative_id_application_id"),
            ["cooperative_id", "application_id"],
            unique=False,
        )

    op.create_table(
        "application_message",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "speaker",
            sa.Enum("board", "applicant", name="speaker", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("said_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("said_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("text IS NULL OR length(text) > 0", name=op.f("ck_application_message_text_not_empty")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "application_id"],
            ["application.cooperative_id", "application.id"],
            name="fk_application_message_application_id",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_application_message_cooperative_id")
        ),
        sa.ForeignKeyConstraint(["said_by_id"], ["account.id"], name=op.f("fk_application_message_said_by_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_application_message")),
    )
    with op.batch_alter_table("application_message", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_application_message_cooperative_id_application_id"),
            ["cooperative_id", "application_id"],
            unique=False,
        )

    with op.batch_alter_table("party_record", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_party_record_cooperative_id_birth_date"), ["cooperative_id", "birth_date"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_party_record_cooperative_id_postcode"), ["cooperative_id", "postcode"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_party_record_cooperative_id_registration_number"),
            ["cooperative_id", "registration_number"],
            unique=False,
        )

    for table in GROWING:
        forbid_changes(table)


def downgrade() -> None:
    with op.batch_alter_table("party_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_party_record_cooperative_id_registration_number"))
        batch_op.drop_index(batch_op.f("ix_party_record_cooperative_id_postcode"))
        batch_op.drop_index(batch_op.f("ix_party_record_cooperative_id_birth_date"))

    with op.batch_alter_table("application_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_application_message_cooperative_id_application_id"))

    op.drop_table("application_message")
    with op.batch_alter_table("application_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_application_link_cooperative_id_application_id"))

    op.drop_table("application_link")
    op.drop_table("application_acceptance")
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_application_cooperative_id_party_id"))
        batch_op.drop_index(batch_op.f("ix_application_cooperative_id_outcome_confirmed_at"))
        batch_op.drop_index(batch_op.f("ix_application_cooperative_id_membership_id"))

    op.drop_table("application")
    with op.batch_alter_table("party_merge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_party_merge_cooperative_id_kept_id"))

    op.drop_table("party_merge")
    with op.batch_alter_table("application_text", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_application_text_cooperative_id_kind_language"))

    op.drop_table("application_text")
    op.drop_table("application_rule")
    for table in GROWING:
        forget(table)
