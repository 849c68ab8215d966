"""One of those who write while a backup is made: every unit of work keeps a letter, its paper and its audit entry.

Run as `python -m tests.support.writing <address> <folder of papers> <cooperative>`; it writes until it is ended.
"""

import sys
from itertools import count
from pathlib import Path

from ecoop import clock
from ecoop.db import Database, Scope
from ecoop.governance.audit import Action
from ecoop.services import audit, letters
from ecoop.vault import Vault
from tests.support.databases import opened


def write_once(database: Database, vault: Vault, cooperative_id: int, text: str) -> None:
    """A paper, then in one unit of work the letter that names it and the entry that counts it."""
    digest = vault.put(text.encode())
    with database.work(Scope(cooperative_ids=frozenset({cooperative_id}), may_write=True)) as session:
        letters.write_letter(
            session, account_id=1, recipient="x@example.org", subject=digest, body=text, now=clock.now()
        )
        audit.record(session, None, Action.BUILDING_ADDED, cooperative_id=cooperative_id, now=clock.now())


def main(address: str, folder: str, cooperative_id: str, name: str) -> None:
    """Write until somebody ends it."""
    with opened(address) as database:
        for number in count():
            write_once(database, Vault(Path(folder)), int(cooperative_id), f"{name} {number}")


if __name__ == "__main__":
    main(*sys.argv[1:])
