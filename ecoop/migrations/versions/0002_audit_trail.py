"""Audit trail"""

import sqlalchemy as sa
from alembic import op

import ecoop.models.types
from ecoop.migrations.append_only import forbid_changes, forget

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ONLY_GROWS = ("audit_entry", "installation_entry", "access_entry")


def upgrade() -> None:
    op.create_table(
        "installation_entry",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recorded_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("on_behalf_of_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("note_digest", sa.String(length=64), nullable=True),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("length(action) > 0", name=op.f("ck_installation_entry_action_not_empty")),
        sa.CheckConstraint("number > 0", name=op.f("ck_installation_entry_number")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_installation_entry")),
    )
    with op.batch_alter_table("installation_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_installation_entry_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_installation_entry_subject"), ["subject"], unique=False)

    op.create_table(
        "installation_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation_head")),
    )
    op.create_table(
        "access_entry",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("about_account_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("as_support", sa.Boolean(), nullable=False),
        sa.CheckConstraint("length(kind) > 0", name=op.f("ck_access_entry_kind_not_empty")),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_access_entry_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_access_entry")),
    )
    with op.batch_alter_table("access_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_access_entry_cooperative_id_about_account_id"),
            ["cooperative_id", "about_account_id"],
            unique=False,
        )

    op.create_table(
        "audit_entry",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recorded_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("on_behalf_of_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("note_digest", sa.String(length=64), nullable=True),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("length(action) > 0", name=op.f("ck_audit_entry_action_not_empty")),
        sa.CheckConstraint("number > 0", name=op.f("ck_audit_entry_number")),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_audit_entry_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "number", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_actor_id"), ["actor_id"], unique=False)

    op.create_table(
        "audit_head",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_audit_head_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "audit_note",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "number"],
            ["audit_entry.cooperative_id", "audit_entry.number"],
            name="fk_audit_note_number",
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_audit_note_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "number", name=op.f("pk_audit_note")),
    )
    for table in ONLY_GROWS:
        forbid_changes(table)
    forbid_changes("audit_note", may_delete=True)  # a reason can be erased, never changed


def downgrade() -> None:
    op.drop_table("audit_note")
    op.drop_table("audit_head")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_actor_id"))

    op.drop_table("audit_entry")
    with op.batch_alter_table("access_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_entry_cooperative_id_about_account_id"))

    op.drop_table("access_entry")
    op.drop_table("installation_head")
    with op.batch_alter_table("installation_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_installation_entry_subject"))
        batch_op.drop_index(batch_op.f("ix_installation_entry_actor_id"))

    op.drop_table("installation_entry")
    for table in (*ONLY_GROWS, "audit_note"):
        forget(table)
