"""Ground floor"""

import sqlalchemy as sa
from alembic import op

import ecoop.models.types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=True),
        sa.Column("session_key", sa.String(length=60), nullable=False),
        sa.Column("created_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("closed_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_account_email_lower_case")),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_account_name_not_empty")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_email"), ["email"], unique=False)

    op.create_table(
        "attempt",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("window_start", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_attempt_tries")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_attempt")),
    )
    op.create_table(
        "cooperative",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("created_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_cooperative_name_not_empty")),
        sa.CheckConstraint("length(slug) > 0", name=op.f("ck_cooperative_slug_not_empty")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cooperative")),
        sa.UniqueConstraint("slug", name=op.f("uq_cooperative_slug")),
    )
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "kind",
            sa.Enum("real", "demo", name="installationkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("demo_day", sa.Date(), nullable=True),
        sa.Column("created_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'demo') = (demo_day IS NOT NULL)", name=op.f("ck_installation_only_a_demo_has_a_day")
        ),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "umbrella",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("created_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_umbrella_name_not_empty")),
        sa.CheckConstraint("length(slug) > 0", name=op.f("ck_umbrella_slug_not_empty")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_umbrella")),
        sa.UniqueConstraint("slug", name=op.f("uq_umbrella_slug")),
    )
    op.create_table(
        "administrator_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.Column("granted_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_on IS NULL OR starts_on < ends_on", name=op.f("ck_administrator_grant_period")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_administrator_grant_account_id")),
        sa.ForeignKeyConstraint(["granted_by_id"], ["account.id"], name=op.f("fk_administrator_grant_granted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_administrator_grant")),
    )
    with op.batch_alter_table("administrator_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_administrator_grant_account_id"), ["account_id"], unique=False)

    op.create_table(
        "building",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "ownership",
            sa.Enum(
                "corporation",
                "owners_association",
                "mixed_association",
                "business",
                name="ownership",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("dwellings", sa.Integer(), nullable=False),
        sa.Column("business_units", sa.Integer(), nullable=False),
        sa.Column("dwelling_equivalents", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "dwelling_equivalents IS NULL OR dwelling_equivalents >= 0", name=op.f("ck_building_dwelling_equivalents")
        ),
        sa.CheckConstraint("dwellings >= 0 AND business_units >= 0", name=op.f("ck_building_counts")),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_building_name_not_empty")),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_building_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_building")),
        sa.UniqueConstraint("cooperative_id", "name", name=op.f("uq_building_cooperative_id_name")),
    )
    op.create_table(
        "business_case",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("replaced_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_business_case_name_not_empty")),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_business_case_cooperative_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["account.id"], name=op.f("fk_business_case_recorded_by_id")),
        sa.ForeignKeyConstraint(["replaced_by_id"], ["account.id"], name=op.f("fk_business_case_replaced_by_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_business_case")),
    )
    with op.batch_alter_table("business_case", schema=None) as batch_op:
        batch_op.create_index(
            "uq_business_case_current",
            ["cooperative_id"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("sent_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(recipient) > 0", name=op.f("ck_letter_recipient_not_empty")),
        sa.CheckConstraint("length(subject) > 0", name=op.f("ck_letter_subject_not_empty")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_letter_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_account_id"), ["account_id"], unique=False)

    op.create_table(
        "role_grant",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "chair",
                "board_member",
                "treasurer",
                "secretary",
                "audit_committee",
                "building_ambassador",
                "teller",
                "member",
                "vve_representative",
                "landlord",
                "funder",
                "steering_partner",
                "coordinator",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("concerns", sa.String(length=200), nullable=True),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.Column("granted_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "role IN ('chair', 'board_member', 'treasurer', 'secretary', 'audit_committee', 'building_ambassador', 'teller', 'member', 'vve_representative', 'landlord', 'funder', 'steering_partner')",
            name=op.f("ck_role_grant_role_of_cooperative"),
        ),
        sa.CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", name=op.f("ck_role_grant_period")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_role_grant_account_id")),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_role_grant_cooperative_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["account.id"], name=op.f("fk_role_grant_ended_by_id")),
        sa.ForeignKeyConstraint(["granted_by_id"], ["account.id"], name=op.f("fk_role_grant_granted_by_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_role_grant")),
    )
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_grant_account_id"), ["account_id"], unique=False)

    op.create_table(
        "sign_in_link",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("used_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_link_account_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sign_in_link")),
    )
    with op.batch_alter_table("sign_in_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_link_account_id"), ["account_id"], unique=False)

    op.create_table(
        "stated_figure",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "subject",
            sa.Enum(
                "total",
                "cooperative",
                "water_board",
                "subsidies",
                "connection_fees",
                "loan",
                name="subject",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column(
            "bound",
            sa.Enum(
                "exact", "over", "almost", "about", name="bound", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column("stated_on", sa.Date(), nullable=True),
        sa.CheckConstraint("length(source) > 0", name=op.f("ck_stated_figure_source_not_empty")),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_stated_figure_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_stated_figure")),
    )
    op.create_table(
        "support_grant",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("asked_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.Column("granted_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("ends_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(granted_at IS NULL) = (ends_at IS NULL)", name=op.f("ck_support_grant_granted_until")),
        sa.CheckConstraint(
            "(granted_at IS NULL) = (granted_by_id IS NULL)", name=op.f("ck_support_grant_granted_by_somebody")
        ),
        sa.CheckConstraint("hours BETWEEN 1 AND 72", name=op.f("ck_support_grant_hours")),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_support_grant_reason_not_empty")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_support_grant_account_id")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["account.id"], name=op.f("fk_support_grant_closed_by_id")),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_support_grant_cooperative_id")),
        sa.ForeignKeyConstraint(["granted_by_id"], ["account.id"], name=op.f("fk_support_grant_granted_by_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_support_grant")),
    )
    with op.batch_alter_table("support_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_support_grant_account_id"), ["account_id"], unique=False)

    op.create_table(
        "umbrella_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("umbrella_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "chair",
                "board_member",
                "treasurer",
                "secretary",
                "audit_committee",
                "building_ambassador",
                "teller",
                "member",
                "vve_representative",
                "landlord",
                "funder",
                "steering_partner",
                "coordinator",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.Column("granted_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role IN ('coordinator')", name=op.f("ck_umbrella_grant_role_of_umbrella")),
        sa.CheckConstraint("ends_on IS NULL OR starts_on < ends_on", name=op.f("ck_umbrella_grant_period")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_umbrella_grant_account_id")),
        sa.ForeignKeyConstraint(["granted_by_id"], ["account.id"], name=op.f("fk_umbrella_grant_granted_by_id")),
        sa.ForeignKeyConstraint(["umbrella_id"], ["umbrella.id"], name=op.f("fk_umbrella_grant_umbrella_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_umbrella_grant")),
    )
    with op.batch_alter_table("umbrella_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_umbrella_grant_account_id"), ["account_id"], unique=False)

    op.create_table(
        "umbrella_membership",
        sa.Column("umbrella_id", sa.Integer(), nullable=False),
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("ends_on IS NULL OR starts_on < ends_on", name=op.f("ck_umbrella_membership_period")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_umbrella_membership_cooperative_id")
        ),
        sa.ForeignKeyConstraint(["umbrella_id"], ["umbrella.id"], name=op.f("fk_umbrella_membership_umbrella_id")),
        sa.PrimaryKeyConstraint("umbrella_id", "cooperative_id", "starts_on", name=op.f("pk_umbrella_membership")),
    )
    op.create_table(
        "assumption",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column(
            "tag",
            sa.Enum(
                "founding_text",
                "public",
                "derived",
                "assumption",
                name="tag",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.CheckConstraint("length(key) > 0", name=op.f("ck_assumption_key_not_empty")),
        sa.CheckConstraint("length(value) > 0", name=op.f("ck_assumption_value_not_empty")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "case_id"],
            ["business_case.cooperative_id", "business_case.id"],
            name="fk_assumption_case_id",
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_assumption_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_assumption")),
        sa.UniqueConstraint("cooperative_id", "case_id", "key", name=op.f("uq_assumption_cooperative_id_case_id_key")),
    )
    op.create_table(
        "role_building",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("grant_id", sa.BigInteger(), nullable=False),
        sa.Column("building_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_role_building_account_id")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "building_id"],
            ["building.cooperative_id", "building.id"],
            name="fk_role_building_building_id",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "grant_id"],
            ["role_grant.cooperative_id", "role_grant.id"],
            name="fk_role_building_grant_id",
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_role_building_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "grant_id", "building_id", name=op.f("pk_role_building")),
    )
    with op.batch_alter_table("role_building", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_building_account_id"), ["account_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("role_building", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_building_account_id"))

    op.drop_table("role_building")
    op.drop_table("assumption")
    op.drop_table("umbrella_membership")
    with op.batch_alter_table("umbrella_grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_umbrella_grant_account_id"))

    op.drop_table("umbrella_grant")
    with op.batch_alter_table("support_grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_support_grant_account_id"))

    op.drop_table("support_grant")
    op.drop_table("stated_figure")
    with op.batch_alter_table("sign_in_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_link_account_id"))

    op.drop_table("sign_in_link")
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_grant_account_id"))

    op.drop_table("role_grant")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_letter_account_id"))

    op.drop_table("letter")
    with op.batch_alter_table("business_case", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_business_case_current",
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.drop_table("business_case")
    op.drop_table("building")
    with op.batch_alter_table("administrator_grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_administrator_grant_account_id"))

    op.drop_table("administrator_grant")
    op.drop_table("umbrella")
    op.drop_table("installation")
    op.drop_table("cooperative")
    op.drop_table("attempt")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_email"))

    op.drop_table("account")
