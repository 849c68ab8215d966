"""Imports of sheets"""

import sqlalchemy as sa
from alembic import op

import ecoop.models.types

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sheet_import",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sheet_rows", sa.Integer(), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "uploaded",
                "running",
                "done",
                "failed",
                "undoing",
                "undone",
                "discarded",
                name="importstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("good_rows_only", sa.Boolean(), nullable=False),
        sa.Column("doubtful_as_new", sa.Boolean(), nullable=False),
        sa.Column("plan_digest", sa.String(length=64), nullable=True),
        sa.Column("created_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("audit_number", sa.Integer(), nullable=True),
        sa.Column("rows_new", sa.Integer(), nullable=False),
        sa.Column("rows_changed", sa.Integer(), nullable=False),
        sa.Column("rows_same", sa.Integer(), nullable=False),
        sa.Column("rows_left_out", sa.Integer(), nullable=False),
        sa.Column("undone_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("undo_audit_number", sa.Integer(), nullable=True),
        sa.CheckConstraint("(status = 'undone') = (undone_at IS NOT NULL)", name=op.f("ck_sheet_import_undone")),
        sa.CheckConstraint(
            "status NOT IN ('done', 'undoing', 'undone') OR recorded_at IS NOT NULL",
            name=op.f("ck_sheet_import_recorded"),
        ),
        sa.CheckConstraint("length(columns) > 0", name=op.f("ck_sheet_import_columns_not_empty")),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_sheet_import_digest")),
        sa.CheckConstraint("length(file_name) > 0", name=op.f("ck_sheet_import_file_name_not_empty")),
        sa.CheckConstraint("plan_digest IS NULL OR length(plan_digest) = 64", name=op.f("ck_sheet_import_plan_digest")),
        sa.CheckConstraint(
            "rows_new >= 0 AND rows_changed >= 0 AND rows_same >= 0 AND rows_left_out >= 0",
            name=op.f("ck_sheet_import_counts"),
        ),
        sa.CheckConstraint("sheet_rows >= 0", name=op.f("ck_sheet_import_sheet_rows")),
        sa.CheckConstraint("size > 0", name=op.f("ck_sheet_import_size")),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_sheet_import_cooperative_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_sheet_import_created_by_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["account.id"], name=op.f("fk_sheet_import_recorded_by_id")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["account.id"], name=op.f("fk_sheet_import_undone_by_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_sheet_import")),
    )
    with op.batch_alter_table("sheet_import", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sheet_import_cooperative_id_created_at"), ["cooperative_id", "created_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_sheet_import_digest"), ["digest"], unique=False)

    op.create_table(
        "sheet_mapping",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("saved_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("length(columns) > 0", name=op.f("ck_sheet_mapping_columns_not_empty")),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_sheet_mapping_name_not_empty")),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_sheet_mapping_cooperative_id")),
        sa.ForeignKeyConstraint(["saved_by_id"], ["account.id"], name=op.f("fk_sheet_mapping_saved_by_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_sheet_mapping")),
        sa.UniqueConstraint("cooperative_id", "name", name=op.f("uq_sheet_mapping_cooperative_id_name")),
    )
    op.create_table(
        "sheet_import_line",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sheet_row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "new",
                "changed",
                "same",
                "doubtful",
                "problem",
                "empty",
                name="rowoutcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("party_id", sa.BigInteger(), nullable=True),
        sa.Column("membership_id", sa.BigInteger(), nullable=True),
        sa.Column("made", sa.Text(), nullable=False),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.CheckConstraint("sheet_row > 1", name=op.f("ck_sheet_import_line_sheet_row")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "import_id"],
            ["sheet_import.cooperative_id", "sheet_import.id"],
            name="fk_sheet_import_line_import_id",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "membership_id"],
            ["membership.cooperative_id", "membership.id"],
            name="fk_sheet_import_line_membership_id",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "party_id"], ["party.cooperative_id", "party.id"], name="fk_sheet_import_line_party_id"
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_sheet_import_line_cooperative_id")
        ),
        sa.PrimaryKeyConstraint("cooperative_id", "import_id", "sheet_row", name=op.f("pk_sheet_import_line")),
    )
    with op.batch_alter_table("sheet_import_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sheet_import_line_cooperative_id_membership_id"),
            ["cooperative_id", "membership_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_sheet_import_line_cooperative_id_party_id"), ["cooperative_id", "party_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("sheet_import_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sheet_import_line_cooperative_id_party_id"))
        batch_op.drop_index(batch_op.f("ix_sheet_import_line_cooperative_id_membership_id"))

    op.drop_table("sheet_import_line")
    op.drop_table("sheet_mapping")
    with op.batch_alter_table("sheet_import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sheet_import_digest"))
        batch_op.drop_index(batch_op.f("ix_sheet_import_cooperative_id_created_at"))

    op.drop_table("sheet_import")
