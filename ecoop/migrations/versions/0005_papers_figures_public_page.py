"""Papers, figures, public page"""

import sqlalchemy as sa
from alembic import op

import ecoop.models.types
from ecoop.migrations.append_only import forbid_changes, forget

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ONLY_GROWS = (
    "figure",
    "figure_choice",
    "figure_withdrawal",
    "page_figure",
    "page_paper",
    "page_publication",
    "page_version",
    "paper_destruction",
    "paper_version",
)

STATED = sa.table(
    "stated_figure",
    *(
        sa.column(name)
        for name in ("cooperative_id", "id", "subject", "amount_cents", "bound", "source", "source_url", "stated_on")
    ),
)
FIGURE = sa.table(
    "figure",
    *(sa.column(name) for name in ("cooperative_id", "id", "subject", "bound", "unit", "basis")),
    *(sa.column(name) for name in ("status", "as_at", "source", "source_url")),
    sa.column("value_millionths", sa.BigInteger),
    sa.column("marked_partial", sa.Boolean),
)
TAKEN_OVER = [
    "cooperative_id",
    "id",
    "subject",
    "value_millionths",
    "bound",
    "unit",
    "basis",
    "status",
    "as_at",
    "source",
    "source_url",
    "marked_partial",
]
SUBJECTS = ("total", "cooperative", "water_board", "subsidies", "connection_fees", "loan")
MILLIONTHS_IN_A_CENT = 10_000


def take_over_figures() -> None:
    """Every amount that was stated becomes a figure, exact to the cent; who entered it was not kept."""
    old = STATED.c
    op.execute(
        FIGURE.insert().from_select(
            TAKEN_OVER,
            sa.select(old.cooperative_id, old.id, old.subject, old.amount_cents * MILLIONTHS_IN_A_CENT, old.bound)
            .add_columns(sa.literal_column("'eur'"), sa.literal_column("'none'"), sa.literal_column("'reported'"))
            .add_columns(old.stated_on, old.source, old.source_url, sa.false()),
        )
    )


def give_back_figures() -> None:
    """What the older release can keep: amounts in whole cents about its own subjects."""
    new = FIGURE.c
    op.execute(
        STATED.insert().from_select(
            ["cooperative_id", "id", "subject", "amount_cents", "bound", "source", "source_url", "stated_on"],
            sa.select(new.cooperative_id, new.id, new.subject, new.value_millionths // MILLIONTHS_IN_A_CENT, new.bound)
            .add_columns(new.source, new.source_url, new.as_at)
            .where(
                new.unit == "eur",
                new.subject.in_(SUBJECTS),
                new.bound != "unknown",
                new.value_millionths % MILLIONTHS_IN_A_CENT == 0,
            ),
        )
    )


def upgrade() -> None:
    op.create_table(
        "figure",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("value_millionths", sa.BigInteger(), nullable=True),
        sa.Column(
            "bound",
            sa.Enum(
                "exact",
                "over",
                "almost",
                "about",
                "unknown",
                name="bound",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "unit",
            sa.Enum(
                "eur",
                "eur_per_gj",
                "dwellings",
                "dwelling_equivalents",
                "connections",
                "buildings",
                "members",
                "projects",
                "kwp",
                "mwh",
                "gj",
                "percent",
                "year",
                name="unit",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "basis",
            sa.Enum(
                "none",
                "ex_vat",
                "incl_vat",
                "dwellings",
                "dwelling_equivalents",
                name="basis",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "reported",
                "computed",
                "assumption",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("as_at", sa.Date(), nullable=True),
        sa.Column("period_start", sa.Date(), nullable=True),
        sa.Column("period_end", sa.Date(), nullable=True),
        sa.Column("marked_partial", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(value_millionths IS NULL) = (bound = 'unknown')", name=op.f("ck_figure_unknown_has_no_value")
        ),
        sa.CheckConstraint("(period_start IS NULL) = (period_end IS NULL)", name=op.f("ck_figure_whole_period")),
        sa.CheckConstraint("as_at IS NULL OR period_start IS NULL", name=op.f("ck_figure_one_time")),
        sa.CheckConstraint("length(source) > 0", name=op.f("ck_figure_source_not_empty")),
        sa.CheckConstraint("length(subject) > 0", name=op.f("ck_figure_subject_not_empty")),
        sa.CheckConstraint("period_start IS NULL OR period_start < period_end", name=op.f("ck_figure_period")),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_figure_cooperative_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["account.id"], name=op.f("fk_figure_entered_by_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_figure")),
    )
    with op.batch_alter_table("figure", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_figure_cooperative_id_subject"), ["cooperative_id", "subject"], unique=False
        )

    op.create_table(
        "page_version",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("about_nl", sa.Text(), nullable=False),
        sa.Column("about_en", sa.Text(), nullable=True),
        sa.Column("contact", sa.String(length=200), nullable=True),
        sa.Column("saved_by_id", sa.Integer(), nullable=True),
        sa.Column("saved_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(about_nl) > 0", name=op.f("ck_page_version_about_nl_not_empty")),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_page_version_cooperative_id")),
        sa.ForeignKeyConstraint(["saved_by_id"], ["account.id"], name=op.f("fk_page_version_saved_by_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_page_version")),
    )
    op.create_table(
        "paper",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "minutes",
                "agenda",
                "statutes",
                "budget",
                "contract",
                "proposal",
                "other",
                name="paperkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "retention",
            sa.Enum(
                "permanent", "books", "short", name="retention", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("keep_until", sa.Date(), nullable=True),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("added_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("keep_until IS NULL OR withdrawn_at IS NOT NULL", name=op.f("ck_paper_kept_once_withdrawn")),
        sa.CheckConstraint("length(title) > 0", name=op.f("ck_paper_title_not_empty")),
        sa.ForeignKeyConstraint(["added_by_id"], ["account.id"], name=op.f("fk_paper_added_by_id")),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_paper_cooperative_id")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["account.id"], name=op.f("fk_paper_withdrawn_by_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_paper")),
    )
    op.create_table(
        "figure_choice",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("figure_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("chosen_by_id", sa.Integer(), nullable=True),
        sa.Column("chosen_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_figure_choice_reason_not_empty")),
        sa.ForeignKeyConstraint(["chosen_by_id"], ["account.id"], name=op.f("fk_figure_choice_chosen_by_id")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "figure_id"], ["figure.cooperative_id", "figure.id"], name="fk_figure_choice_figure_id"
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_figure_choice_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_figure_choice")),
    )
    with op.batch_alter_table("figure_choice", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_figure_choice_cooperative_id_subject"), ["cooperative_id", "subject"], unique=False
        )

    op.create_table(
        "figure_withdrawal",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("figure_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_figure_withdrawal_reason_not_empty")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "figure_id"],
            ["figure.cooperative_id", "figure.id"],
            name="fk_figure_withdrawal_figure_id",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_figure_withdrawal_cooperative_id")
        ),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["account.id"], name=op.f("fk_figure_withdrawal_withdrawn_by_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "figure_id", name=op.f("pk_figure_withdrawal")),
    )
    op.create_table(
        "page_figure",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("figure_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "figure_id"], ["figure.cooperative_id", "figure.id"], name="fk_page_figure_figure_id"
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "version_id"],
            ["page_version.cooperative_id", "page_version.id"],
            name="fk_page_figure_version_id",
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_page_figure_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "version_id", "figure_id", name=op.f("pk_page_figure")),
    )
    op.create_table(
        "page_paper",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("paper_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "paper_id"], ["paper.cooperative_id", "paper.id"], name="fk_page_paper_paper_id"
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "version_id"],
            ["page_version.cooperative_id", "page_version.id"],
            name="fk_page_paper_version_id",
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_page_paper_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "version_id", "paper_id", name=op.f("pk_page_paper")),
    )
    op.create_table(
        "page_publication",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version_id", sa.BigInteger(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_page_publication_by_id")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "version_id"],
            ["page_version.cooperative_id", "page_version.id"],
            name="fk_page_publication_version_id",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_page_publication_cooperative_id")
        ),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_page_publication")),
    )
    op.create_table(
        "paper_right",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("paper_id", sa.BigInteger(), nullable=False),
        sa.Column("reader", sa.String(length=40), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", name=op.f("ck_paper_right_period")),
        sa.CheckConstraint("length(reader) > 0", name=op.f("ck_paper_right_reader_not_empty")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "paper_id"], ["paper.cooperative_id", "paper.id"], name="fk_paper_right_paper_id"
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_paper_right_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_paper_right")),
    )
    with op.batch_alter_table("paper_right", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_paper_right_cooperative_id_paper_id"), ["cooperative_id", "paper_id"], unique=False
        )

    op.create_table(
        "paper_version",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("uploaded_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_paper_version_digest")),
        sa.CheckConstraint("length(file_name) > 0", name=op.f("ck_paper_version_file_name_not_empty")),
        sa.CheckConstraint("number > 0", name=op.f("ck_paper_version_number")),
        sa.CheckConstraint("size > 0", name=op.f("ck_paper_version_size")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "paper_id"], ["paper.cooperative_id", "paper.id"], name="fk_paper_version_paper_id"
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_paper_version_cooperative_id")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["account.id"], name=op.f("fk_paper_version_uploaded_by_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "paper_id", "number", name=op.f("pk_paper_version")),
    )
    with op.batch_alter_table("paper_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_version_digest"), ["digest"], unique=False)

    op.create_table(
        "paper_destruction",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("destroyed_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "paper_id", "number"],
            ["paper_version.cooperative_id", "paper_version.paper_id", "paper_version.number"],
            name="fk_paper_destruction_number",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_paper_destruction_cooperative_id")
        ),
        sa.PrimaryKeyConstraint("cooperative_id", "paper_id", "number", name=op.f("pk_paper_destruction")),
    )
    take_over_figures()
    op.drop_table("stated_figure")
    for table in ONLY_GROWS:
        forbid_changes(table)


def downgrade() -> None:
    op.create_table(
        "stated_figure",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "subject",
            sa.Enum(*SUBJECTS, name="subject", native_enum=False, create_constraint=True, length=40),
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
    give_back_figures()
    op.drop_table("paper_destruction")
    with op.batch_alter_table("paper_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_version_digest"))

    op.drop_table("paper_version")
    with op.batch_alter_table("paper_right", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_right_cooperative_id_paper_id"))

    op.drop_table("paper_right")
    op.drop_table("page_publication")
    op.drop_table("page_paper")
    op.drop_table("page_figure")
    op.drop_table("figure_withdrawal")
    with op.batch_alter_table("figure_choice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_figure_choice_cooperative_id_subject"))

    op.drop_table("figure_choice")
    op.drop_table("paper")
    op.drop_table("page_version")
    with op.batch_alter_table("figure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_figure_cooperative_id_subject"))

    op.drop_table("figure")
    for table in ONLY_GROWS:
        forget(table)
