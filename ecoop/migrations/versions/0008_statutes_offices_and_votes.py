"""Statutes, decisions and offices, representation, frozen rolls of voters"""

import sqlalchemy as sa
from alembic import op

import ecoop.models.types
from ecoop.migrations.append_only import forbid_changes, forget

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

GROWING = ("statutes_version", "decision", "vote_roll", "vote_roll_line")


def upgrade() -> None:
    op.create_table(
        "decision",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "body",
            sa.Enum(
                "founding",
                "general_meeting",
                "board",
                "supervisory",
                "steering_group",
                name="body",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("annuls_id", sa.BigInteger(), nullable=True),
        sa.Column("paper_id", sa.BigInteger(), nullable=True),
        sa.Column("recorded_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("annuls_id IS NULL OR annuls_id <> id", name=op.f("ck_decision_annuls_another")),
        sa.CheckConstraint("length(subject) > 0", name=op.f("ck_decision_subject_not_empty")),
        sa.CheckConstraint("number > 0", name=op.f("ck_decision_number")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "annuls_id"], ["decision.cooperative_id", "decision.id"], name="fk_decision_annuls_id"
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "paper_id"], ["paper.cooperative_id", "paper.id"], name="fk_decision_paper_id"
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_decision_cooperative_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["account.id"], name=op.f("fk_decision_recorded_by_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_decision")),
        sa.UniqueConstraint("cooperative_id", "annuls_id", name=op.f("uq_decision_cooperative_id_annuls_id")),
        sa.UniqueConstraint("cooperative_id", "number", name=op.f("uq_decision_cooperative_id_number")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_decision_cooperative_id_decided_on"), ["cooperative_id", "decided_on"], unique=False
        )

    op.create_table(
        "representation",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("represented_id", sa.BigInteger(), nullable=False),
        sa.Column("representative_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "matter",
            sa.Enum("vote", "contract", "mail", name="matter", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("proof", sa.String(length=200), nullable=True),
        sa.Column("paper_id", sa.BigInteger(), nullable=True),
        sa.Column("known_from", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("known_until", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("known_until IS NULL OR known_from <= known_until", name=op.f("ck_representation_known")),
        sa.CheckConstraint("represented_id <> representative_id", name=op.f("ck_representation_somebody_else")),
        sa.CheckConstraint("valid_from < valid_until", name=op.f("ck_representation_valid")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "paper_id"], ["paper.cooperative_id", "paper.id"], name="fk_representation_paper_id"
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "representative_id"],
            ["party.cooperative_id", "party.id"],
            name="fk_representation_representative_id",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "represented_id"],
            ["party.cooperative_id", "party.id"],
            name="fk_representation_represented_id",
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_representation_cooperative_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["account.id"], name=op.f("fk_representation_recorded_by_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_representation")),
    )
    with op.batch_alter_table("representation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_representation_cooperative_id_matter_valid_from"),
            ["cooperative_id", "matter", "valid_from"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_representation_cooperative_id_representative_id"),
            ["cooperative_id", "representative_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_representation_cooperative_id_represented_id"),
            ["cooperative_id", "represented_id"],
            unique=False,
        )

    op.create_table(
        "statutes_version",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("paper_id", sa.BigInteger(), nullable=True),
        sa.Column("recorded_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_statutes_version_digest")),
        sa.CheckConstraint("length(rules) > 0", name=op.f("ck_statutes_version_rules_not_empty")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "paper_id"], ["paper.cooperative_id", "paper.id"], name="fk_statutes_version_paper_id"
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_statutes_version_cooperative_id")
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["account.id"], name=op.f("fk_statutes_version_recorded_by_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_statutes_version")),
    )
    with op.batch_alter_table("statutes_version", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_statutes_version_cooperative_id_valid_from_recorded_at"),
            ["cooperative_id", "valid_from", "recorded_at"],
            unique=False,
        )

    op.create_table(
        "office_term",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("party_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "office",
            sa.Enum(
                "chair",
                "secretary",
                "treasurer",
                "board_member",
                "supervisory",
                "audit_committee",
                "signatory",
                name="office",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("decision_id", sa.BigInteger(), nullable=False),
        sa.Column("ended_by_id", sa.BigInteger(), nullable=True),
        sa.Column("known_from", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("known_until", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("known_until IS NULL OR known_from <= known_until", name=op.f("ck_office_term_known")),
        sa.CheckConstraint("starts_on < ends_on", name=op.f("ck_office_term_days")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "decision_id"],
            ["decision.cooperative_id", "decision.id"],
            name="fk_office_term_decision_id",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "ended_by_id"],
            ["decision.cooperative_id", "decision.id"],
            name="fk_office_term_ended_by_id",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "party_id"], ["party.cooperative_id", "party.id"], name="fk_office_term_party_id"
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_office_term_cooperative_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["account.id"], name=op.f("fk_office_term_recorded_by_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_office_term")),
    )
    with op.batch_alter_table("office_term", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_office_term_cooperative_id_office_starts_on"),
            ["cooperative_id", "office", "starts_on"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_office_term_cooperative_id_party_id"), ["cooperative_id", "party_id"], unique=False
        )

    op.create_table(
        "vote_roll",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("known_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("statutes_id", sa.BigInteger(), nullable=True),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("voters", sa.Integer(), nullable=False),
        sa.Column("votes_millionths", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("frozen_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("frozen_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_vote_roll_digest")),
        sa.CheckConstraint("length(purpose) > 0", name=op.f("ck_vote_roll_purpose_not_empty")),
        sa.CheckConstraint(
            "voters >= 0 AND votes_millionths >= 0 AND lines >= voters", name=op.f("ck_vote_roll_counts")
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "statutes_id"],
            ["statutes_version.cooperative_id", "statutes_version.id"],
            name="fk_vote_roll_statutes_id",
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_vote_roll_cooperative_id")),
        sa.ForeignKeyConstraint(["frozen_by_id"], ["account.id"], name=op.f("fk_vote_roll_frozen_by_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_vote_roll")),
    )
    with op.batch_alter_table("vote_roll", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vote_roll_cooperative_id_day"), ["cooperative_id", "day"], unique=False)

    op.create_table(
        "vote_roll_line",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("roll_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("membership_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("votes_millionths", sa.BigInteger(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "voting_member_of_class",
                "voting_capped",
                "voting_not_member_yet",
                "voting_application_open",
                "voting_application_refused",
                "voting_membership_ended",
                "voting_suspended",
                "voting_class_unknown",
                "voting_class_without_vote",
                "voting_no_representative",
                "voting_statutes_missing",
                name="votingreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("class_code", sa.String(length=40), nullable=True),
        sa.Column("representative_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("votes_millionths >= 0", name=op.f("ck_vote_roll_line_votes")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "membership_id"],
            ["membership.cooperative_id", "membership.id"],
            name="fk_vote_roll_line_membership_id",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "representative_id"],
            ["party.cooperative_id", "party.id"],
            name="fk_vote_roll_line_representative_id",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "roll_id"],
            ["vote_roll.cooperative_id", "vote_roll.id"],
            name="fk_vote_roll_line_roll_id",
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_vote_roll_line_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "roll_id", "membership_id", name=op.f("pk_vote_roll_line")),
    )
    for table in GROWING:
        forbid_changes(table)


def downgrade() -> None:
    op.drop_table("vote_roll_line")
    with op.batch_alter_table("vote_roll", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vote_roll_cooperative_id_day"))

    op.drop_table("vote_roll")
    with op.batch_alter_table("office_term", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_office_term_cooperative_id_party_id"))
        batch_op.drop_index(batch_op.f("ix_office_term_cooperative_id_office_starts_on"))

    op.drop_table("office_term")
    with op.batch_alter_table("statutes_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_statutes_version_cooperative_id_valid_from_recorded_at"))

    op.drop_table("statutes_version")
    with op.batch_alter_table("representation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_representation_cooperative_id_represented_id"))
        batch_op.drop_index(batch_op.f("ix_representation_cooperative_id_representative_id"))
        batch_op.drop_index(batch_op.f("ix_representation_cooperative_id_matter_valid_from"))

    op.drop_table("representation")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_cooperative_id_decided_on"))

    op.drop_table("decision")
    for table in GROWING:
        forget(table)
