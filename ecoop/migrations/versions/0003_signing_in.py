"""Signing in"""

import sqlalchemy as sa
from alembic import op

import ecoop.models.types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "spent_challenge",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("spent_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_spent_challenge")),
    )
    op.create_table(
        "account_recovery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("asked_in_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("site", sa.String(length=300), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("needs_second", sa.Boolean(), nullable=False),
        sa.Column("agreed_by_id", sa.Integer(), nullable=True),
        sa.Column("agreed_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("opens_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("stop_digest", sa.String(length=64), nullable=False),
        sa.Column("stopped_by_id", sa.Integer(), nullable=True),
        sa.Column("stopped_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("link_digest", sa.String(length=64), nullable=True),
        sa.Column("link_until", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("used_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(agreed_at IS NULL) = (opens_at IS NULL)", name=op.f("ck_account_recovery_opens_once_agreed")
        ),
        sa.CheckConstraint(
            "agreed_at IS NULL OR NOT needs_second OR agreed_by_id <> asked_by_id",
            name=op.f("ck_account_recovery_two_people"),
        ),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_account_recovery_reason_not_empty")),
        sa.CheckConstraint("used_at IS NULL OR stopped_at IS NULL", name=op.f("ck_account_recovery_used_or_stopped")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_recovery_account_id")),
        sa.ForeignKeyConstraint(["agreed_by_id"], ["account.id"], name=op.f("fk_account_recovery_agreed_by_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["account.id"], name=op.f("fk_account_recovery_asked_by_id")),
        sa.ForeignKeyConstraint(["asked_in_id"], ["cooperative.id"], name=op.f("fk_account_recovery_asked_in_id")),
        sa.ForeignKeyConstraint(["stopped_by_id"], ["account.id"], name=op.f("fk_account_recovery_stopped_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_recovery")),
        sa.UniqueConstraint("link_digest", name=op.f("uq_account_recovery_link_digest")),
        sa.UniqueConstraint("stop_digest", name=op.f("uq_account_recovery_stop_digest")),
    )
    with op.batch_alter_table("account_recovery", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_recovery_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_account_recovery_asked_in_id"), ["asked_in_id"], unique=False)

    op.create_table(
        "address_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("old_email", sa.String(length=254), nullable=False),
        sa.Column("new_email", sa.String(length=254), nullable=False),
        sa.Column("asked_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("confirm_digest", sa.String(length=64), nullable=False),
        sa.Column("confirm_until", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("undo_digest", sa.String(length=64), nullable=True),
        sa.Column("undo_until", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("closed_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (undo_digest IS NULL)", name=op.f("ck_address_change_undo_once_confirmed")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_address_change_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_change")),
        sa.UniqueConstraint("confirm_digest", name=op.f("uq_address_change_confirm_digest")),
        sa.UniqueConstraint("undo_digest", name=op.f("uq_address_change_undo_digest")),
    )
    with op.batch_alter_table("address_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_address_change_account_id"), ["account_id"], unique=False)

    op.create_table(
        "browser_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("browser", sa.String(length=60), nullable=False),
        sa.Column("begun_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("proved_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("last_seen_on", sa.Date(), nullable=False),
        sa.Column("ended_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_browser_session_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_browser_session")),
        sa.UniqueConstraint("digest", name=op.f("uq_browser_session_digest")),
    )
    with op.batch_alter_table("browser_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_browser_session_account_id"), ["account_id"], unique=False)

    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("created_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_passkey_name_not_empty")),
        sa.CheckConstraint("sign_count >= 0", name=op.f("ck_passkey_sign_count")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_passkey_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passkey_account_id"), ["account_id"], unique=False)

    op.create_table(
        "recovery_code",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("used_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_recovery_code")),
    )
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_code_account_id"), ["account_id"], unique=False)

    op.create_table(
        "second_factor_rule",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
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
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.Column("set_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_second_factor_rule_cooperative_id")
        ),
        sa.ForeignKeyConstraint(["set_by_id"], ["account.id"], name=op.f("fk_second_factor_rule_set_by_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "role", name=op.f("pk_second_factor_rule")),
    )
    op.create_table(
        "totp_factor",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("created_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_totp_factor_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_totp_factor")),
    )
    # Not in batch mode: making the table anew would drop the rows that every other table points at.
    op.add_column("account", sa.Column("came_in_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True))
    op.execute("UPDATE account SET came_in_at = created_at WHERE password_hash IS NOT NULL")


def downgrade() -> None:
    op.drop_column("account", "came_in_at")

    op.drop_table("totp_factor")
    op.drop_table("second_factor_rule")
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recovery_code_account_id"))

    op.drop_table("recovery_code")
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passkey_account_id"))

    op.drop_table("passkey")
    with op.batch_alter_table("browser_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_browser_session_account_id"))

    op.drop_table("browser_session")
    with op.batch_alter_table("address_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_address_change_account_id"))

    op.drop_table("address_change")
    with op.batch_alter_table("account_recovery", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_recovery_asked_in_id"))
        batch_op.drop_index(batch_op.f("ix_account_recovery_account_id"))

    op.drop_table("account_recovery")
    op.drop_table("spent_challenge")
