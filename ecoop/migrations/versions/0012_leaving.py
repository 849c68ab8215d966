"""Exits, promises and requests to correct the register"""

import sqlalchemy as sa
from alembic import op

import ecoop.models.types
from ecoop.migrations.append_only import forbid_changes, forget

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

GROWING = ("exit_answer", "exit_part", "obligation", "obligation_settlement")


def upgrade() -> None:
    op.create_table(
        "data_request",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("party_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "accepted",
                "refused",
                name="requeststate",
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
        sa.Column("asked_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("answered_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(state = 'waiting') = (answered_at IS NULL)", name=op.f("ck_data_request_answered")),
        sa.CheckConstraint(
            "state <> 'waiting' OR (name IS NOT NULL AND length(name) > 0)",
            name=op.f("ck_data_request_name_while_waiting"),
        ),
        sa.CheckConstraint(
            "state = 'waiting' OR (name IS NULL AND given_names IS NULL AND name_prefix IS NULL AND family_name IS NULL AND birth_date IS NULL)",
            name=op.f("ck_data_request_emptied_once_answered"),
        ),
        sa.ForeignKeyConstraint(["answered_by_id"], ["account.id"], name=op.f("fk_data_request_answered_by_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["account.id"], name=op.f("fk_data_request_asked_by_id")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "party_id"], ["party.cooperative_id", "party.id"], name="fk_data_request_party_id"
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_data_request_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_data_request")),
    )
    with op.batch_alter_table("data_request", schema=None) as batch_op:
        batch_op.create_index(
            "uq_data_request_waiting",
            ["cooperative_id", "party_id"],
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "obligation",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("party_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "tranche_pledge",
                "arrears_plan",
                "loan_agreement",
                "other",
                name="obligationkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("runs_until", sa.Date(), nullable=True),
        sa.Column("recorded_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("audit_number", sa.Integer(), nullable=True),
        sa.CheckConstraint("amount_cents IS NULL OR amount_cents > 0", name=op.f("ck_obligation_amount")),
        sa.CheckConstraint("runs_until IS NULL OR agreed_on < runs_until", name=op.f("ck_obligation_days")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "party_id"], ["party.cooperative_id", "party.id"], name="fk_obligation_party_id"
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_obligation_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_obligation")),
    )
    with op.batch_alter_table("obligation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_obligation_cooperative_id_party_id"), ["cooperative_id", "party_id"], unique=False
        )

    op.create_table(
        "membership_exit",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open", "completed", "undone", name="exitstate", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "cause",
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
            nullable=False,
        ),
        sa.Column(
            "given_by",
            sa.Enum(
                "member",
                "representative",
                "heirs",
                "cooperative",
                name="noticeby",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("paper_id", sa.BigInteger(), nullable=True),
        sa.Column("decision", sa.String(length=80), nullable=True),
        sa.Column("started_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("started_by_id", sa.Integer(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column(
            "ends_on_by",
            sa.Enum("statutes", "given", name="dayby", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column(
            "capital_goes",
            sa.Enum(
                "paid_back",
                "to_successor",
                "nothing",
                name="capitalgoes",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("capital_cents", sa.BigInteger(), nullable=True),
        sa.Column("capital_on", sa.Date(), nullable=True),
        sa.Column("capital_paid_on", sa.Date(), nullable=True),
        sa.Column(
            "contract_goes",
            sa.Enum(
                "ends",
                "stays",
                "to_successor",
                "no_contract",
                name="contractgoes",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("successor_membership_id", sa.BigInteger(), nullable=True),
        sa.Column("successor_class", sa.String(length=40), nullable=True),
        sa.Column("dwelling_id", sa.BigInteger(), nullable=True),
        sa.Column("notice_event_id", sa.BigInteger(), nullable=True),
        sa.Column("end_event_id", sa.BigInteger(), nullable=True),
        sa.Column("successor_event_id", sa.BigInteger(), nullable=True),
        sa.Column("completed_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("completed_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (completed_at IS NULL AND undone_at IS NULL)", name=op.f("ck_membership_exit_open")
        ),
        sa.CheckConstraint("(state = 'undone') = (undone_at IS NOT NULL)", name=op.f("ck_membership_exit_undone")),
        sa.CheckConstraint(
            "cause <> 'expulsion' OR (decision IS NOT NULL AND length(decision) > 0)",
            name=op.f("ck_membership_exit_expulsion_with_decision"),
        ),
        sa.CheckConstraint(
            "state <> 'completed' OR (ends_on IS NOT NULL AND end_event_id IS NOT NULL)",
            name=op.f("ck_membership_exit_done"),
        ),
        sa.CheckConstraint(
            "(ends_on IS NULL) = (ends_on_by IS NULL)", name=op.f("ck_membership_exit_day_with_its_source")
        ),
        sa.CheckConstraint("capital_cents IS NULL OR capital_cents >= 0", name=op.f("ck_membership_exit_capital")),
        sa.CheckConstraint(
            "successor_membership_id IS NULL OR successor_membership_id <> membership_id",
            name=op.f("ck_membership_exit_two_members"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "membership_id"],
            ["membership.cooperative_id", "membership.id"],
            name="fk_membership_exit_membership_id",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "successor_membership_id"],
            ["membership.cooperative_id", "membership.id"],
            name="fk_membership_exit_successor_membership_id",
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_membership_exit_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_membership_exit")),
    )
    with op.batch_alter_table("membership_exit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_membership_exit_cooperative_id_state"), ["cooperative_id", "state"], unique=False
        )
        batch_op.create_index(
            "uq_membership_exit_open",
            ["cooperative_id", "membership_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "obligation_settlement",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("obligation_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "kept",
                "released",
                "taken_over",
                name="obligationoutcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("settled_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "obligation_id"],
            ["obligation.cooperative_id", "obligation.id"],
            name="fk_obligation_settlement_obligation_id",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_obligation_settlement_cooperative_id")
        ),
        sa.PrimaryKeyConstraint("cooperative_id", "obligation_id", name=op.f("pk_obligation_settlement")),
    )
    op.create_table(
        "exit_answer",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("exit_id", sa.BigInteger(), nullable=False),
        sa.Column("blocker", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("answered_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("audit_number", sa.Integer(), nullable=True),
        sa.CheckConstraint("length(blocker) > 0", name=op.f("ck_exit_answer_blocker_not_empty")),
        sa.CheckConstraint("length(subject) > 0", name=op.f("ck_exit_answer_subject_not_empty")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "exit_id"],
            ["membership_exit.cooperative_id", "membership_exit.id"],
            name="fk_exit_answer_exit_id",
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_exit_answer_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_exit_answer")),
        sa.UniqueConstraint(
            "cooperative_id",
            "exit_id",
            "blocker",
            "subject",
            name=op.f("uq_exit_answer_cooperative_id_exit_id_blocker_subject"),
        ),
    )
    op.create_table(
        "exit_part",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("exit_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "tenure",
                "contract",
                "capital",
                name="exitpartkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("before_id", sa.BigInteger(), nullable=True),
        sa.Column("after_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("before_id IS NOT NULL OR after_id IS NOT NULL", name=op.f("ck_exit_part_something")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "exit_id"],
            ["membership_exit.cooperative_id", "membership_exit.id"],
            name="fk_exit_part_exit_id",
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_exit_part_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_exit_part")),
    )
    with op.batch_alter_table("exit_part", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_exit_part_cooperative_id_exit_id"), ["cooperative_id", "exit_id"], unique=False
        )

    for table in GROWING:
        forbid_changes(table)


def downgrade() -> None:
    with op.batch_alter_table("exit_part", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exit_part_cooperative_id_exit_id"))

    op.drop_table("exit_part")
    op.drop_table("exit_answer")
    op.drop_table("obligation_settlement")
    with op.batch_alter_table("membership_exit", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_membership_exit_open",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.drop_index(batch_op.f("ix_membership_exit_cooperative_id_state"))

    op.drop_table("membership_exit")
    with op.batch_alter_table("obligation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_obligation_cooperative_id_party_id"))

    op.drop_table("obligation")
    with op.batch_alter_table("data_request", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_data_request_waiting",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.drop_table("data_request")
    for table in GROWING:
        forget(table)
