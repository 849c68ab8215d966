"""One of the processes that hammer on one row: several clients at once, each reading, adding one and committing.

Run as `python -m tests.support.counting <address> <cooperative> <building> <clients> <times>`.
"""

import sys
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa

from ecoop.db import Database, Scope
from ecoop.models import Building
from tests.support.databases import opened


def count_up(database: Database, cooperative_id: int, building_id: int, times: int) -> None:
    """Add one to the dwellings of a building, `times` times, each in a unit of work of its own."""
    scope = Scope(cooperative_ids=frozenset({cooperative_id}), may_write=True)
    for _ in range(times):
        with database.work(scope) as session:
            statement = sa.select(Building).where(Building.id == building_id).with_for_update()
            session.scalars(statement).one().dwellings += 1


def main(address: str, *numbers: str) -> None:
    """Let several clients of this process count at the same time; the first error ends it."""
    cooperative_id, building_id, clients, times = map(int, numbers)
    with opened(address) as database, ThreadPoolExecutor(clients) as pool:
        running = [pool.submit(count_up, database, cooperative_id, building_id, times) for _ in range(clients)]
        for future in running:
            future.result()


if __name__ == "__main__":
    main(*sys.argv[1:])
