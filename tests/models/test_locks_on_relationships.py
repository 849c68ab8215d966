"""The second lock, following relationships. No table has any yet; the lock must hold on the day one does."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    joinedload,
    lazyload,
    mapped_column,
    relationship,
    selectinload,
    subqueryload,
)

from ecoop.db import Database, Owned, Scope
from tests.support.databases import opened


class Scratch(DeclarativeBase):
    """Tables of this file only."""


class Place(Scratch):
    """Stands for a table that no cooperative owns."""

    __tablename__ = "cooperative"

    id: Mapped[int] = mapped_column(primary_key=True)
    trees: Mapped[list["Tree"]] = relationship()


class Tree(Scratch, Owned):
    """Stands for a table that a cooperative owns."""

    __tablename__ = "tree"

    id: Mapped[int] = mapped_column(primary_key=True)


OURS, THEIRS = 1, 2


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A tree in our place and one in theirs."""
    with opened(f"sqlite:///{tmp_path / 'scratch.sqlite3'}") as database:
        Scratch.metadata.create_all(database.writer)
        with database.work(Scope(cooperative_ids=frozenset({OURS, THEIRS}), may_write=True)) as session:
            session.add_all([Place(id=OURS), Place(id=THEIRS)])
            session.flush()
            session.add_all([Tree(cooperative_id=OURS, id=1), Tree(cooperative_id=THEIRS, id=1)])
        yield database


LOADS = {"lazy": lazyload, "joined": joinedload, "select in": selectinload, "sub-query": subqueryload}


@pytest.mark.parametrize("load", LOADS.values(), ids=LOADS)
def test_every_way_of_loading_stays_inside_the_scope(database: Database, load: Any) -> None:
    statement = sa.select(Place).options(load(Place.trees)).order_by(Place.id)

    with database.work(Scope(cooperative_ids=frozenset({OURS}))) as session:
        seen = [len(place.trees) for place in session.scalars(statement).unique()]

    assert seen == [1, 0]


def test_a_join_along_a_relationship_stays_inside_the_scope(database: Database) -> None:
    with database.work(Scope(cooperative_ids=frozenset({OURS}))) as session:
        assert session.scalars(sa.select(Place.id).join(Place.trees)).all() == [OURS]


def test_a_condition_along_a_relationship_stays_inside_the_scope(database: Database) -> None:
    with database.work(Scope(cooperative_ids=frozenset({OURS}))) as session:
        assert session.scalars(sa.select(Place.id).where(Place.trees.any())).all() == [OURS]


def test_a_row_made_in_this_session_loads_inside_the_scope(database: Database) -> None:
    with database.work(Scope(cooperative_ids=frozenset({OURS}), may_write=True)) as session:
        place = session.merge(Place(id=THEIRS))
        session.expire(place)

        assert place.trees == []
