"""Workers of the tests: with a clock that is moved, on both databases."""

from pathlib import Path
from typing import Any

import pytest

from ecoop.config import Settings
from ecoop.db import Database
from ecoop.worker import Worker
from tests.services.conftest import World, world
from tests.support.web import MovableClock, demo_settings

__all__ = ["World", "world"]


@pytest.fixture
def clock() -> MovableClock:
    """Noon on Monday 2 March 2026."""
    return MovableClock()


def settings_of(folder: Path, **given: Any) -> Settings:
    """Settings with a data folder of the test's own, and no mail server."""
    return demo_settings(folder=folder, **given)


def a_worker(database: Database, clock: MovableClock, folder: Path, **given: Any) -> Worker:
    """A worker that plans nothing unless the test says so."""
    return Worker(database, settings_of(folder), clock, **({"planned": ()} | given))


def work_it_off(worker: Worker) -> int:
    """Run everything that is due; how many jobs."""
    count = 0
    while worker.work_once():
        count += 1
        assert count < 100
    return count
