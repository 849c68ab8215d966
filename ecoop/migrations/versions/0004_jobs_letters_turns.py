"""Jobs, letters and turns"""

import sqlalchemy as sa
from alembic import op

import ecoop.models.types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEPT = "id, account_id, recipient, subject, body, written_at, sent_at"
ADDED = "kind, token, name, language, is_secret, state, attempts, unsure, next_try_at"


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=True),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "running",
                "done",
                "failed",
                "cancelled",
                name="jobstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("due_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("started_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("worker", sa.String(length=80), nullable=True),
        sa.Column("lease_until", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("cancel_asked_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("finished_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=120), nullable=True),
        sa.Column("cooperative_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(state = 'running') = (worker IS NOT NULL)", name=op.f("ck_job_a_worker_while_it_runs")),
        sa.CheckConstraint("(state IN ('waiting', 'running')) = (finished_at IS NULL)", name=op.f("ck_job_finished")),
        sa.CheckConstraint("(worker IS NULL) = (lease_until IS NULL)", name=op.f("ck_job_leased_to_a_worker")),
        sa.CheckConstraint("done >= 0 AND (total IS NULL OR done <= total)", name=op.f("ck_job_progress")),
        sa.CheckConstraint("length(kind) > 0", name=op.f("ck_job_kind_not_empty")),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_job_cooperative_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_job_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("key", name=op.f("uq_job_key")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_cooperative_id"), ["cooperative_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_job_state_due_at"), ["state", "due_at"], unique=False)

    op.create_table(
        "mail_choice",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("same_day", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_mail_choice_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_mail_choice")),
    )
    op.create_table(
        "mailing",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subject_nl", sa.String(length=150), nullable=False),
        sa.Column("text_nl", sa.Text(), nullable=False),
        sa.Column("subject_en", sa.String(length=150), nullable=True),
        sa.Column("text_en", sa.Text(), nullable=True),
        sa.Column("chosen", sa.Text(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("written_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(subject_en IS NULL) = (text_en IS NULL)", name=op.f("ck_mailing_english_is_whole")),
        sa.CheckConstraint("length(subject_nl) > 0", name=op.f("ck_mailing_subject_nl_not_empty")),
        sa.CheckConstraint("length(text_nl) > 0", name=op.f("ck_mailing_text_nl_not_empty")),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_mailing_cooperative_id")),
        sa.ForeignKeyConstraint(["written_by_id"], ["account.id"], name=op.f("fk_mailing_written_by_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_mailing")),
    )
    op.create_table(
        "turn",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("roles", sa.String(length=300), nullable=True),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("since", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("told_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("settled_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("cooperative_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(account_id IS NULL) <> (roles IS NULL)", name=op.f("ck_turn_one_person_or_roles")),
        sa.CheckConstraint("cooperative_id IS NOT NULL", name=op.f("ck_turn_of_a_cooperative")),
        sa.CheckConstraint("length(kind) > 0", name=op.f("ck_turn_kind_not_empty")),
        sa.CheckConstraint("length(subject) > 0", name=op.f("ck_turn_subject_not_empty")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_turn_account_id")),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_turn_cooperative_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["account.id"], name=op.f("fk_turn_settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turn")),
    )
    with op.batch_alter_table("turn", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_turn_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_turn_cooperative_id"), ["cooperative_id"], unique=False)
        batch_op.create_index(
            "uq_turn_open",
            ["cooperative_id", "kind", "subject"],
            unique=True,
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )

    _set_letters_aside("TRUE")
    _create_letter()
    # what was written before may hold a link to sign in: it stays unseen, and is emptied where it was sent
    op.execute(
        f"INSERT INTO letter ({KEPT}, {ADDED}) "  # noqa: S608  fixed words
        "SELECT id, account_id, recipient, subject, CASE WHEN sent_at IS NULL THEN body ELSE '' END, written_at, "
        "sent_at, 'other', '00', '', 'nl', TRUE, CASE WHEN sent_at IS NULL THEN 'waiting' ELSE 'sent' END, 0, 0, "
        "CASE WHEN sent_at IS NULL THEN written_at END FROM letter_aside"
    )
    _bring_letters_back()


def _set_letters_aside(which: str) -> None:
    op.execute(f"CREATE TABLE letter_aside AS SELECT {KEPT} FROM letter WHERE {which}")  # noqa: S608
    op.drop_table("letter")


def _bring_letters_back() -> None:
    op.drop_table("letter_aside")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT setval(pg_get_serial_sequence('letter', 'id'), (SELECT max(id) FROM letter))")


def _create_letter() -> None:
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("mailing_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=True),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("postal_address", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("is_secret", sa.Boolean(), nullable=False),
        sa.Column("written_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "sending",
                "sent",
                "perhaps_sent",
                "refused",
                "given_up",
                "bounced",
                "expired",
                "to_print",
                "posted",
                name="letterstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("unsure", sa.Integer(), nullable=False),
        sa.Column("next_try_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("lease_until", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("sent_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("closed_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=300), nullable=True),
        sa.Column("cooperative_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("recipient IS NULL OR length(recipient) > 0", name=op.f("ck_letter_recipient_not_empty")),
        sa.CheckConstraint(
            "recipient IS NOT NULL OR state IN ('to_print', 'posted')", name=op.f("ck_letter_no_address_is_printed")
        ),
        sa.CheckConstraint(
            "(state = 'sending') = (lease_until IS NOT NULL)", name=op.f("ck_letter_leased_while_it_is_sent")
        ),
        sa.CheckConstraint(
            "(state = 'waiting') = (next_try_at IS NOT NULL)", name=op.f("ck_letter_tried_again_while_it_waits")
        ),
        sa.CheckConstraint(
            "state NOT IN ('sent', 'bounced') OR sent_at IS NOT NULL", name=op.f("ck_letter_sent_at_a_moment")
        ),
        sa.CheckConstraint("length(subject) > 0", name=op.f("ck_letter_subject_not_empty")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_letter_account_id")),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_letter_cooperative_id")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "mailing_id"], ["mailing.cooperative_id", "mailing.id"], name="fk_letter_mailing_id"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("key", name=op.f("uq_letter_key")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_letter_cooperative_id"), ["cooperative_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_letter_cooperative_id_mailing_id"), ["cooperative_id", "mailing_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_letter_state_next_try_at"), ["state", "next_try_at"], unique=False)


def downgrade() -> None:
    _set_letters_aside("recipient IS NOT NULL")  # what is printed has no place there
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
    op.execute(f"INSERT INTO letter ({KEPT}) SELECT {KEPT} FROM letter_aside")  # noqa: S608
    _bring_letters_back()
    with op.batch_alter_table("turn", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_turn_open", sqlite_where=sa.text("settled_at IS NULL"), postgresql_where=sa.text("settled_at IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_turn_cooperative_id"))
        batch_op.drop_index(batch_op.f("ix_turn_account_id"))

    op.drop_table("turn")
    op.drop_table("mailing")
    op.drop_table("mail_choice")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_job_state_due_at"))
        batch_op.drop_index(batch_op.f("ix_job_cooperative_id"))

    op.drop_table("job")
