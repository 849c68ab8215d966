"""Privacy"""

import sqlalchemy as sa
from alembic import op

import ecoop.models.types
from ecoop.migrations.append_only import forbid_changes, forget

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ONLY_GROWS = ("retention_setting", "minimisation", "minimisation_line", "consent_text", "consent_event")


def upgrade() -> None:
    op.create_table(
        "consent_text",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "newsletter",
                "pictures",
                "neighbours",
                "heat_use",
                "sister_cooperative",
                name="consentpurpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_consent_text_digest")),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_consent_text_text_not_empty")),
        sa.CheckConstraint("version > 0", name=op.f("ck_consent_text_version")),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_consent_text_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_consent_text")),
        sa.UniqueConstraint(
            "cooperative_id",
            "purpose",
            "language",
            "version",
            name=op.f("uq_consent_text_cooperative_id_purpose_language_version"),
        ),
    )
    op.create_table(
        "minimisation",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("is_dry", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("party_count", sa.Integer(), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_minimisation_digest")),
        sa.CheckConstraint(
            "line_count >= 0 AND party_count >= 0 AND party_count <= line_count", name=op.f("ck_minimisation_counts")
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_minimisation_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_minimisation")),
    )
    with op.batch_alter_table("minimisation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_minimisation_cooperative_id_made_at"), ["cooperative_id", "made_at"], unique=False
        )

    op.create_table(
        "retention_setting",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "liability",
                "register",
                "contact",
                "application",
                "money",
                "mandate",
                "heat_contract",
                "dwelling",
                "office",
                "representation",
                "consent",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("kept_months", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.Column("set_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("audit_number", sa.Integer(), nullable=True),
        sa.CheckConstraint("kept_months BETWEEN 0 AND 600", name=op.f("ck_retention_setting_kept_months")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_retention_setting_cooperative_id")
        ),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_retention_setting")),
    )
    with op.batch_alter_table("retention_setting", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_retention_setting_cooperative_id_purpose_starts_on"),
            ["cooperative_id", "purpose", "starts_on"],
            unique=False,
        )

    op.create_table(
        "consent_event",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("party_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "newsletter",
                "pictures",
                "neighbours",
                "heat_use",
                "sister_cooperative",
                name="consentpurpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "move",
            sa.Enum("given", "withdrawn", name="consentmove", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("text_id", sa.BigInteger(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column(
            "how",
            sa.Enum(
                "signed_form",
                "website",
                "email",
                "spoken",
                name="consenthow",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("paper_id", sa.BigInteger(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(move = 'given') = (text_id IS NOT NULL)", name=op.f("ck_consent_event_given_to_a_text")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "paper_id"], ["paper.cooperative_id", "paper.id"], name="fk_consent_event_paper_id"
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "party_id"], ["party.cooperative_id", "party.id"], name="fk_consent_event_party_id"
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "text_id"],
            ["consent_text.cooperative_id", "consent_text.id"],
            name="fk_consent_event_text_id",
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_consent_event_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_consent_event")),
    )
    with op.batch_alter_table("consent_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_consent_event_cooperative_id_party_id_purpose"),
            ["cooperative_id", "party_id", "purpose"],
            unique=False,
        )

    op.create_table(
        "legal_hold",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("party_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("placed_by_id", sa.Integer(), nullable=True),
        sa.Column("placed_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("lifted_by_id", sa.Integer(), nullable=True),
        sa.Column("lifted_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("audit_number", sa.Integer(), nullable=True),
        sa.CheckConstraint("(lifted_at IS NULL) = (ends_on IS NULL)", name=op.f("ck_legal_hold_lifted_on_a_day")),
        sa.CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", name=op.f("ck_legal_hold_period")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "party_id"], ["party.cooperative_id", "party.id"], name="fk_legal_hold_party_id"
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_legal_hold_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_legal_hold")),
    )
    with op.batch_alter_table("legal_hold", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_legal_hold_cooperative_id_party_id"), ["cooperative_id", "party_id"], unique=False
        )

    op.create_table(
        "minimisation_line",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("minimisation_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("party_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "liability",
                "register",
                "contact",
                "application",
                "money",
                "mandate",
                "heat_contract",
                "dwelling",
                "office",
                "representation",
                "consent",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("kept_months", sa.Integer(), nullable=False),
        sa.Column("fields", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.CheckConstraint("kept_months >= 0", name=op.f("ck_minimisation_line_kept_months")),
        sa.CheckConstraint("length(fields) > 0", name=op.f("ck_minimisation_line_fields_not_empty")),
        sa.CheckConstraint("number > 0", name=op.f("ck_minimisation_line_number")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "minimisation_id"],
            ["minimisation.cooperative_id", "minimisation.id"],
            name="fk_minimisation_line_minimisation_id",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "party_id"], ["party.cooperative_id", "party.id"], name="fk_minimisation_line_party_id"
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_minimisation_line_cooperative_id")
        ),
        sa.PrimaryKeyConstraint("cooperative_id", "minimisation_id", "number", name=op.f("pk_minimisation_line")),
    )
    with op.batch_alter_table("minimisation_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_minimisation_line_cooperative_id_party_id"), ["cooperative_id", "party_id"], unique=False
        )

    for table in ONLY_GROWS:
        forbid_changes(table)


def downgrade() -> None:
    with op.batch_alter_table("minimisation_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_minimisation_line_cooperative_id_party_id"))

    op.drop_table("minimisation_line")
    with op.batch_alter_table("legal_hold", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_legal_hold_cooperative_id_party_id"))

    op.drop_table("legal_hold")
    with op.batch_alter_table("consent_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_event_cooperative_id_party_id_purpose"))

    op.drop_table("consent_event")
    with op.batch_alter_table("retention_setting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_retention_setting_cooperative_id_purpose_starts_on"))

    op.drop_table("retention_setting")
    with op.batch_alter_table("minimisation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_minimisation_cooperative_id_made_at"))

    op.drop_table("minimisation")
    op.drop_table("consent_text")
    for table in ONLY_GROWS:
        forget(table)
