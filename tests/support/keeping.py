"""What a database holds, and whether its audit chains stand: to compare what was kept with what came back."""

from typing import Any

import sqlalchemy as sa

from ecoop.db import Base, Database, Scope
from ecoop.governance.audit import Entry, Verdict, verify
from ecoop.models import AuditEntry, AuditHead, Cooperative, InstallationEntry, InstallationHead
from ecoop.services.audit import INSTALLATION, chain_of


def contents(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, as our models read it."""
    with database.reader.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }


def verdicts(database: Database) -> list[Verdict]:
    """A look at every chain, against the head that is kept beside it."""
    with database.work(Scope()) as session:
        ids = frozenset(session.scalars(sa.select(Cooperative.id)))
    with database.work(Scope(cooperative_ids=ids)) as session:
        head = session.scalar(sa.select(InstallationHead))
        rows = session.scalars(sa.select(InstallationEntry).order_by(InstallationEntry.number))
        found = [_look(rows, INSTALLATION, head)]
        for number in sorted(ids):
            head = session.scalar(sa.select(AuditHead).where(AuditHead.cooperative_id == number))
            rows = session.scalars(
                sa.select(AuditEntry).where(AuditEntry.cooperative_id == number).order_by(AuditEntry.number)
            )
            found.append(_look(rows, chain_of(number), head))
    return found


def _look(rows: Any, chain: str, head: Any) -> Verdict:
    names = (
        "number", "recorded_at", "actor_id", "on_behalf_of_id", "action", "subject", "details", "note_digest",
        "previous", "digest",
    )  # fmt: skip
    entries = [Entry(chain=chain, **{name: getattr(row, name) for name in names}) for row in rows]
    return verify(entries, chain=chain, kept_head=(head.number, head.digest) if head else None)
