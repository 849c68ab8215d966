"""Dwellings"""

import sqlalchemy as sa
from alembic import op

import ecoop.models.types
from ecoop.migrations.append_only import forbid_changes, forget

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ONLY_GROWS = ("connection_event", "heat_contract_event")


def upgrade() -> None:
    op.create_table(
        "structural_unit",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("building_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("created_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_structural_unit_name_not_empty")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "building_id"],
            ["building.cooperative_id", "building.id"],
            name="fk_structural_unit_building_id",
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_structural_unit_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_structural_unit")),
        sa.UniqueConstraint(
            "cooperative_id", "building_id", "name", name=op.f("uq_structural_unit_cooperative_id_building_id_name")
        ),
    )
    op.create_table(
        "dwelling",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("building_id", sa.BigInteger(), nullable=False),
        sa.Column("structural_unit_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "dwelling", "business_unit", name="dwellingkind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("street", sa.String(length=120), nullable=False),
        sa.Column("house_number", sa.String(length=20), nullable=False),
        sa.Column("addition", sa.String(length=20), nullable=False),
        sa.Column("postcode", sa.String(length=12), nullable=False),
        sa.Column("city", sa.String(length=80), nullable=True),
        sa.Column("segment", sa.String(length=40), nullable=True),
        sa.Column("floor_area_m2", sa.Integer(), nullable=True),
        sa.Column("equivalent_thousandths", sa.Integer(), nullable=True),
        sa.Column("landlord_reference", sa.String(length=40), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("created_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "equivalent_thousandths IS NULL OR equivalent_thousandths >= 0",
            name=op.f("ck_dwelling_equivalent_thousandths"),
        ),
        sa.CheckConstraint("floor_area_m2 IS NULL OR floor_area_m2 > 0", name=op.f("ck_dwelling_floor_area_m2")),
        sa.CheckConstraint("length(house_number) > 0", name=op.f("ck_dwelling_house_number_not_empty")),
        sa.CheckConstraint("length(postcode) > 0", name=op.f("ck_dwelling_postcode_not_empty")),
        sa.CheckConstraint("length(street) > 0", name=op.f("ck_dwelling_street_not_empty")),
        sa.CheckConstraint("valid_from < valid_until", name=op.f("ck_dwelling_valid")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "building_id"],
            ["building.cooperative_id", "building.id"],
            name="fk_dwelling_building_id",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "structural_unit_id"],
            ["structural_unit.cooperative_id", "structural_unit.id"],
            name="fk_dwelling_structural_unit_id",
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_dwelling_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_dwelling")),
        sa.UniqueConstraint(
            "cooperative_id",
            "postcode",
            "house_number",
            "addition",
            name=op.f("uq_dwelling_cooperative_id_postcode_house_number_addition"),
        ),
    )
    with op.batch_alter_table("dwelling", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_dwelling_cooperative_id_building_id_structural_unit_id"),
            ["cooperative_id", "building_id", "structural_unit_id"],
            unique=False,
        )

    op.create_table(
        "association_cover",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("dwelling_id", sa.BigInteger(), nullable=False),
        sa.Column("party_id", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("known_from", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("known_until", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("known_until IS NULL OR known_from <= known_until", name=op.f("ck_association_cover_known")),
        sa.CheckConstraint("valid_from < valid_until", name=op.f("ck_association_cover_valid")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "dwelling_id"],
            ["dwelling.cooperative_id", "dwelling.id"],
            name="fk_association_cover_dwelling_id",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "party_id"], ["party.cooperative_id", "party.id"], name="fk_association_cover_party_id"
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_association_cover_cooperative_id")
        ),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_association_cover")),
    )
    with op.batch_alter_table("association_cover", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_association_cover_cooperative_id_dwelling_id_valid_from"),
            ["cooperative_id", "dwelling_id", "valid_from"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_association_cover_cooperative_id_party_id_valid_from"),
            ["cooperative_id", "party_id", "valid_from"],
            unique=False,
        )

    op.create_table(
        "connection",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("dwelling_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "dwelling_id"],
            ["dwelling.cooperative_id", "dwelling.id"],
            name="fk_connection_dwelling_id",
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_connection_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_connection")),
        sa.UniqueConstraint("cooperative_id", "dwelling_id", name=op.f("uq_connection_cooperative_id_dwelling_id")),
    )
    op.create_table(
        "heat_contract",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("dwelling_id", sa.BigInteger(), nullable=False),
        sa.Column("holder_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.String(length=60), nullable=False),
        sa.Column("paper_id", sa.BigInteger(), nullable=True),
        sa.Column("through_landlord", sa.Boolean(), nullable=False),
        sa.Column("follows_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(version) > 0", name=op.f("ck_heat_contract_version_not_empty")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "dwelling_id"],
            ["dwelling.cooperative_id", "dwelling.id"],
            name="fk_heat_contract_dwelling_id",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "follows_id"],
            ["heat_contract.cooperative_id", "heat_contract.id"],
            name="fk_heat_contract_follows_id",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "holder_id"], ["party.cooperative_id", "party.id"], name="fk_heat_contract_holder_id"
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "paper_id"], ["paper.cooperative_id", "paper.id"], name="fk_heat_contract_paper_id"
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_heat_contract_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_heat_contract")),
    )
    with op.batch_alter_table("heat_contract", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_heat_contract_cooperative_id_dwelling_id"), ["cooperative_id", "dwelling_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_heat_contract_cooperative_id_holder_id"), ["cooperative_id", "holder_id"], unique=False
        )

    op.create_table(
        "tenure",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("dwelling_id", sa.BigInteger(), nullable=False),
        sa.Column("party_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "owner", "tenant", "landlord", name="tenurekind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("known_from", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("known_until", ecoop.models.types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("paper_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("known_until IS NULL OR known_from <= known_until", name=op.f("ck_tenure_known")),
        sa.CheckConstraint("valid_from < valid_until", name=op.f("ck_tenure_valid")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "dwelling_id"], ["dwelling.cooperative_id", "dwelling.id"], name="fk_tenure_dwelling_id"
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "paper_id"], ["paper.cooperative_id", "paper.id"], name="fk_tenure_paper_id"
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "party_id"], ["party.cooperative_id", "party.id"], name="fk_tenure_party_id"
        ),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_tenure_cooperative_id")),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_tenure")),
    )
    with op.batch_alter_table("tenure", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_tenure_cooperative_id_dwelling_id_valid_from"),
            ["cooperative_id", "dwelling_id", "valid_from"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_tenure_cooperative_id_party_id_valid_from"),
            ["cooperative_id", "party_id", "valid_from"],
            unique=False,
        )

    op.create_table(
        "connection_event",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("connection_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "planned",
                "laid",
                "delivering",
                "interrupted",
                "removed",
                "corrected",
                name="connectionstep",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("recorded_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("corrects_id", sa.BigInteger(), nullable=True),
        sa.Column("audit_number", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(step = 'corrected') = (corrects_id IS NOT NULL)", name=op.f("ck_connection_event_corrects_something")
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "connection_id"],
            ["connection.cooperative_id", "connection.id"],
            name="fk_connection_event_connection_id",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_connection_event_cooperative_id")
        ),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_connection_event")),
    )
    with op.batch_alter_table("connection_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_connection_event_cooperative_id_connection_id_valid_from"),
            ["cooperative_id", "connection_id", "valid_from"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_connection_event_cooperative_id_corrects_id"),
            ["cooperative_id", "corrects_id"],
            unique=False,
        )

    op.create_table(
        "heat_contract_event",
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("contract_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "offered",
                "declined",
                "signed",
                "delivering",
                "notice",
                "ended",
                "handed_over",
                "corrected",
                name="contractstep",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("recorded_at", ecoop.models.types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("corrects_id", sa.BigInteger(), nullable=True),
        sa.Column("audit_number", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(step = 'corrected') = (corrects_id IS NOT NULL)", name=op.f("ck_heat_contract_event_corrects_something")
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "contract_id"],
            ["heat_contract.cooperative_id", "heat_contract.id"],
            name="fk_heat_contract_event_contract_id",
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_heat_contract_event_cooperative_id")
        ),
        sa.PrimaryKeyConstraint("cooperative_id", "id", name=op.f("pk_heat_contract_event")),
    )
    with op.batch_alter_table("heat_contract_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_heat_contract_event_cooperative_id_contract_id_valid_from"),
            ["cooperative_id", "contract_id", "valid_from"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_heat_contract_event_cooperative_id_corrects_id"),
            ["cooperative_id", "corrects_id"],
            unique=False,
        )

    for table in ONLY_GROWS:
        forbid_changes(table)


def downgrade() -> None:
    with op.batch_alter_table("heat_contract_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_heat_contract_event_cooperative_id_corrects_id"))
        batch_op.drop_index(batch_op.f("ix_heat_contract_event_cooperative_id_contract_id_valid_from"))

    op.drop_table("heat_contract_event")
    with op.batch_alter_table("connection_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_connection_event_cooperative_id_corrects_id"))
        batch_op.drop_index(batch_op.f("ix_connection_event_cooperative_id_connection_id_valid_from"))

    op.drop_table("connection_event")
    with op.batch_alter_table("tenure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tenure_cooperative_id_party_id_valid_from"))
        batch_op.drop_index(batch_op.f("ix_tenure_cooperative_id_dwelling_id_valid_from"))

    op.drop_table("tenure")
    with op.batch_alter_table("heat_contract", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_heat_contract_cooperative_id_holder_id"))
        batch_op.drop_index(batch_op.f("ix_heat_contract_cooperative_id_dwelling_id"))

    op.drop_table("heat_contract")
    op.drop_table("connection")
    with op.batch_alter_table("association_cover", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_association_cover_cooperative_id_party_id_valid_from"))
        batch_op.drop_index(batch_op.f("ix_association_cover_cooperative_id_dwelling_id_valid_from"))

    op.drop_table("association_cover")
    with op.batch_alter_table("dwelling", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dwelling_cooperative_id_building_id_structural_unit_id"))

    op.drop_table("dwelling")
    op.drop_table("structural_unit")
    for table in ONLY_GROWS:
        forget(table)
