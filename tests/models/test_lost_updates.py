"""Many clients change one row at the same time, and no change is lost: a ledger stands or falls with this."""

import subprocess
import sys
from pathlib import Path

import pytest

from ecoop.db import Scope
from ecoop.models import Building
from tests.support import factories
from tests.support.databases import furnishing, opened

ROOT = Path(__file__).parents[2]
PROCESSES, CLIENTS_EACH, TIMES_EACH = 2, 8, 20


@pytest.mark.slow
def test_no_increment_of_sixteen_clients_is_lost(database_url: str) -> None:
    with opened(database_url) as database, furnishing(database) as session:
        building = factories.a_building(session, factories.a_cooperative(session), dwellings=0)
        cooperative_id, building_id = building.cooperative_id, building.id
    numbers = [str(number) for number in (cooperative_id, building_id, CLIENTS_EACH, TIMES_EACH)]

    processes = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "tests.support.counting", database_url, *numbers],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(PROCESSES)
    ]
    complaints = [process.communicate(timeout=60)[1] for process in processes]

    assert complaints == [""] * PROCESSES
    with opened(database_url) as database, database.work(Scope(cooperative_ids=frozenset({cooperative_id}))) as session:
        counted = session.get_one(Building, (cooperative_id, building_id)).dwellings
    assert counted == PROCESSES * CLIENTS_EACH * TIMES_EACH
