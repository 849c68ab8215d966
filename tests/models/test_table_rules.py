"""What every table keeps to, so that the locks hold for tables that are still to come."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from ecoop.models import Base, Owned, OwnedOrMine, Posted

OWNED = sorted(
    (
        mapper.local_table
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Owned | OwnedOrMine) and isinstance(mapper.local_table, sa.Table)
    ),
    key=lambda table: table.name,
)

PUBLIC = {"umbrella_membership"}
"""Tables that name a cooperative and may be read by everybody."""


POSTED = {mapper.local_table for mapper in Base.registry.mappers if issubclass(mapper.class_, Posted)}
"""Tables of which the worker carries the rows for every cooperative."""


def uniques(table: sa.Table) -> Iterator[sa.UniqueConstraint | sa.Index]:
    """Everything that says "once only"."""
    yield from (constraint for constraint in table.constraints if isinstance(constraint, sa.UniqueConstraint))
    yield from (index for index in table.indexes if index.unique)


def test_there_are_owned_tables() -> None:
    assert {"building", "business_case", "assumption", "role_grant"} <= {table.name for table in OWNED}


def test_every_table_with_a_cooperative_is_owned_or_public() -> None:
    with_cooperative = {table.name for table in Base.metadata.tables.values() if "cooperative_id" in table.c}

    assert with_cooperative == {table.name for table in {*OWNED, *POSTED}} | PUBLIC


@pytest.mark.parametrize("table", OWNED, ids=str)
def test_the_primary_key_of_an_owned_table_begins_with_the_cooperative(table: sa.Table) -> None:
    assert next(iter(table.primary_key.columns)).name == "cooperative_id"


@pytest.mark.parametrize("table", OWNED, ids=str)
def test_what_is_unique_in_an_owned_table_is_unique_per_cooperative(table: sa.Table) -> None:
    beginnings = {str(unique.name): next(iter(unique.columns)).name for unique in uniques(table)}

    assert beginnings == dict.fromkeys(beginnings, "cooperative_id")


@pytest.mark.parametrize("table", OWNED, ids=str)
def test_an_owned_row_hangs_under_rows_of_its_own_cooperative(table: sa.Table) -> None:
    between_owned = [key for key in table.foreign_key_constraints if key.referred_table in OWNED]

    for key in between_owned:
        first = key.elements[0]
        assert (first.parent.name, first.column.name) == ("cooperative_id", "cooperative_id"), key.name
        assert len(key.elements) > 1, key.name


@pytest.mark.parametrize("table", Base.metadata.tables.values(), ids=str)
def test_no_column_counts_in_floating_point(table: sa.Table) -> None:
    inexact = [column.name for column in table.c if isinstance(column.type, sa.Float | sa.Numeric)]

    assert inexact == []


@pytest.mark.parametrize("table", Base.metadata.tables.values(), ids=str)
def test_every_instant_has_a_zone(table: sa.Table) -> None:
    bare = [column.name for column in table.c if type(column.type) is sa.DateTime]

    assert bare == []
