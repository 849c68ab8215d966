"""Applications that ended before anybody said whose they were: no party has them, so no run of minimising finds them.

Who is alike to somebody known waits until the secretary says whether it is the same. Who takes the application back
before that, or is refused, is nobody in the register; what was filled in goes by itself once its time is over.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from ecoop import clock
from ecoop.db import Database, Scope, ScopedSession
from ecoop.governance.audit import Action
from ecoop.governance.retention import Purpose, leaves_on
from ecoop.models import Application, AuditEntry, AuditNote, Cooperative
from ecoop.services import audit
from ecoop.services.personal_facts import empty_forms, erase_reasons
from ecoop.services.retention import read_rules


def blank_nobodys(database: Database, *, now: datetime) -> int:
    """Blank them in every cooperative, by the period that it keeps applications; how many. Harmless to do twice."""
    with database.work(Scope()) as session:
        ids = frozenset(session.scalars(select(Cooperative.id)))
    count = 0
    for cooperative_id in sorted(ids):
        with database.work(Scope(cooperative_ids=frozenset({cooperative_id}), may_write=True)) as session:
            count += _blank(session, cooperative_id, now)
    return count


def _blank(session: ScopedSession, cooperative_id: int, now: datetime) -> int:
    day = clock.legal_day(now)
    rule = read_rules(session, cooperative_id=cooperative_id, day=day)[Purpose.APPLICATION]
    rows = session.scalars(
        select(Application)
        .where(
            Application.cooperative_id == cooperative_id,
            Application.party_id.is_(None),
            Application.closed_at.is_not(None),
            Application.blanked_at.is_(None),
        )
        .order_by(Application.id)
        .with_for_update()
    )
    due = [row for row in rows if row.closed_at and leaves_on(rule, clock.legal_day(row.closed_at)) <= day]
    if due:
        empty_forms(session, due, now=now)
        erase_reasons(session, None, cooperative_id, _reasons(session, cooperative_id, due), now=now)
        audit.record(
            session, None, Action.APPLICATIONS_BLANKED, cooperative_id=cooperative_id, details={"count": len(due)},
            now=now,
        )  # fmt: skip
    return len(due)


def _reasons(session: ScopedSession, cooperative_id: int, rows: Collection[Application]) -> list[int]:
    query = (
        select(AuditNote.number)
        .join(
            AuditEntry,
            (AuditEntry.cooperative_id == AuditNote.cooperative_id) & (AuditEntry.number == AuditNote.number),
        )
        .where(
            AuditNote.cooperative_id == cooperative_id,
            AuditEntry.subject.in_([f"application:{row.id}" for row in rows]),
        )
    )
    return list(session.scalars(query))
