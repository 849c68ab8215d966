"""Limits hold whoever counts: several processes at the same time, and a process that starts anew."""

import subprocess
import sys

from ecoop import sealing
from ecoop.db import Database, open_database
from ecoop.services import second_factors
from ecoop.services.second_factors import FactorReason
from tests.support.databases import furnishing
from tests.support.factories import NOW, an_account
from tests.support.repository import ROOT

KEY = sealing.new_key()


def _processes(address: str, account_id: int, *, processes: int, times: int) -> list[int]:
    """How many codes each process got looked at."""
    command = [sys.executable, "-m", "tests.support.trying", address, str(account_id), KEY, str(times), NOW.isoformat()]
    running = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(processes)
    ]
    ends = [process.communicate(timeout=60) for process in running]
    assert [process.returncode for process in running] == [0] * processes, ends
    return [int(out) for out, _errors in ends]


def test_two_processes_together_get_no_more_tries_than_one(database: Database, database_url: str) -> None:
    with furnishing(database) as session:
        account_id = an_account(session).id

    looked_at = _processes(database_url, account_id, processes=2, times=6)

    assert sum(looked_at) == second_factors.TRIES


def test_a_process_that_starts_anew_gets_no_new_tries(database: Database, database_url: str) -> None:
    with furnishing(database) as session:
        account_id = an_account(session).id
    assert _processes(database_url, account_id, processes=1, times=9) == [second_factors.TRIES]

    assert _processes(database_url, account_id, processes=1, times=3) == [0]
    anew = open_database(database_url)
    with furnishing(anew) as session:
        found = second_factors.check(session, account_id, "wrong", key=KEY, now=NOW)
    anew.dispose()

    assert found is FactorReason.CODE_TOO_MANY
