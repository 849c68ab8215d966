"""One of the processes that try codes at the same time, each a unit of work of its own; says how many were looked at.

Run as `python -m tests.support.trying <address> <account> <key> <times> <instant>`.
"""

import sys
from datetime import datetime

from ecoop.db import Scope
from ecoop.services import second_factors
from ecoop.services.second_factors import FactorReason
from tests.support.databases import opened


def main(address: str, account_id: str, key: str, times: str, instant: str) -> None:
    """Try a wrong code again and again."""
    looked_at = 0
    with opened(address) as database:
        for _ in range(int(times)):
            with database.work(Scope(may_write=True)) as session:
                found = second_factors.check(
                    session, int(account_id), "wrong", key=key, now=datetime.fromisoformat(instant)
                )
                looked_at += found is FactorReason.WRONG_CODE
    sys.stdout.write(f"{looked_at}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
