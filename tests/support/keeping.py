"""What a database holds, and whether its audit chains stand: to compare what was kept with what came back."""

from typing import Any

import sqlalchemy as sa

from ecoop.db import Base, Database, Scope
from ecoop.governance.audit import Verdict
from ecoop.models import Cooperative
from ecoop.services.audit_reading import verify_everything


def contents(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, as our models read it."""
    with database.reader.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }


def verdicts(database: Database) -> tuple[Verdict, ...]:
    """A look at every chain, against the head that is kept beside it."""
    with database.work(Scope()) as session:
        ids = frozenset(session.scalars(sa.select(Cooperative.id)))
    with database.work(Scope(cooperative_ids=ids)) as session:
        return tuple(found.verdict for found in verify_everything(session))
