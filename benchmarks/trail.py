"""What the audit trail costs: to write, to check as a whole, and to read a page of while it grows."""

import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from ecoop import migrations
from ecoop.db import Database, Scope, open_database
from ecoop.governance.audit import Action, Detail
from ecoop.governance.roles import Actor, HeldRole, Role
from ecoop.models import AuditEntry
from ecoop.services import audit, audit_reading, cooperatives
from ecoop.services.audit_reading import TrailFilter

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SHORT, LONG = 100, 10_000
DETAILS: Mapping[str, Detail] = {"role": "chair", "account_id": 7}


def seconds(task: Callable[[], object]) -> float:
    """The best of three runs, after one to warm up."""
    task()
    times = []
    for _ in range(3):
        begin = time.perf_counter()
        task()
        times.append(time.perf_counter() - begin)
    return min(times)


def measure() -> list[tuple[str, float, str, bool]]:
    """Rows of the table: what, how much, the goal, and whether it is reached."""
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
        try:
            migrations.upgrade(database)
            return _measure(database)
        finally:
            database.dispose()


def _measure(database: Database) -> list[tuple[str, float, str, bool]]:
    with database.work(Scope(may_write=True)) as session:
        home = cooperatives.found_cooperative(session, slug="bench", name="Bench", place="Ergens", now=NOW).id
    scope = Scope(cooperative_ids=frozenset({home}))
    chair = Actor(account_id=1, name="Vera", roles=(HeldRole(role=Role.CHAIR, starts_on=NOW.date()),))

    def grow(until: int) -> float:
        """Add entries, and tell the seconds that one takes."""
        begin = time.perf_counter()
        with database.work(Scope(cooperative_ids=frozenset({home}), may_write=True)) as session:
            for _ in range(until):
                audit.record(
                    session, chair, Action.ROLE_GRANTED, cooperative_id=home, details={"role": "chair"}, now=NOW
                )
        return (time.perf_counter() - begin) / until

    def page() -> None:
        with database.work(scope) as session:
            audit_reading.read_trail(session, chair, cooperative_id=home, wanted=TrailFilter(), day=NOW.date())

    def read() -> None:
        with database.work(scope) as session:
            session.scalars(sa.select(AuditEntry)).all()

    def check() -> None:
        with database.work(scope) as session:
            assert audit_reading.verify_trail(session, cooperative_id=home).holds

    grow(SHORT)
    short_page = seconds(page)
    writing = grow(LONG)
    long_page, reading, checking = seconds(page), seconds(read), seconds(check)
    return [
        ("one entry of the trail [ms]", 1000 * writing, "", True),
        ("checking 10,000 entries [s]", checking, "", True),
        ("checking / only reading them [ratio]", checking / reading, "<= 4", checking / reading <= 4),
        ("a page at 10,000 / at 100 entries [ratio]", long_page / short_page, "<= 1.5", long_page / short_page <= 1.5),
    ]
