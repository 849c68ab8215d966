"""What happened with an account, for its owner: read back from the trail of the installation."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from ecoop.db import ScopedSession
from ecoop.models import Account, InstallationEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountEvent:
    """One thing that happened with an account: when, what, by whom (None: by its owner or by nobody in particular)."""

    at: datetime
    action: str
    kind: str | None
    by: str | None


def read_events(session: ScopedSession, account_id: int, *, limit: int = 30) -> tuple[AccountEvent, ...]:
    """The latest that happened with this account, newest first."""
    rows = session.execute(
        select(InstallationEntry, Account.name)
        .outerjoin(Account, Account.id == InstallationEntry.actor_id)
        .where(InstallationEntry.subject == f"account:{account_id}")
        .order_by(InstallationEntry.number.desc())
        .limit(limit)
    )
    return tuple(
        AccountEvent(
            at=row.recorded_at,
            action=row.action,
            kind=json.loads(row.details).get("kind"),
            by=None if row.actor_id in {None, account_id} else name,
        )
        for row, name in rows
    )
