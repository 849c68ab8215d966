"""The audit trail: every verb that changes something adds an entry here, in the same piece of work.

An entry holds the row of its chain's head until the work is committed, so that entries follow each other. Record it
last: then nobody waits for anything else while holding it.
"""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from ecoop.db import ScopedSession
from ecoop.governance.audit import START, Action, Detail, Entry, Verdict, note_digest, sealed, verify, write_details
from ecoop.governance.roles import Actor
from ecoop.models import AuditEntry, AuditHead, AuditNote, InstallationEntry, InstallationHead

INSTALLATION = "installation"


def chain_of(cooperative_id: int) -> str:
    """The name of a cooperative's chain."""
    return f"cooperative:{cooperative_id}"


def record(
    session: ScopedSession,
    actor: Actor | None,
    action: Action,
    *,
    cooperative_id: int,
    subject: str | None = None,
    details: Mapping[str, Detail] | None = None,
    on_behalf_of_id: int | None = None,
    why: str | None = None,
    now: datetime,
) -> int:
    """Add to the trail of a cooperative what `actor` did (None: the command line or a clock); the entry's number.

    `subject` names the row (`role_grant:12`), `details` holds codes, numbers and days: raises ValueError for anything
    that could be about a person. `why` is somebody's own words, kept apart so that it can be erased.
    """
    head = _held_head(session, cooperative_id)
    salt = secrets.token_urlsafe(32)
    why = (why or "").strip() or None
    entry = _next(
        chain_of(cooperative_id), head.number, head.digest, actor.account_id if actor else None, action,
        subject=subject, details=details, on_behalf_of_id=on_behalf_of_id, now=now,
        note=None if why is None else note_digest(salt, why),
    )  # fmt: skip
    session.add(AuditEntry(cooperative_id=cooperative_id, **_columns(entry)))
    head.number, head.digest = entry.number, entry.digest
    session.flush()
    if why is not None:
        session.add(AuditNote(cooperative_id=cooperative_id, number=entry.number, salt=salt, text=why))
        session.flush()
    return entry.number


def record_for_installation(
    session: ScopedSession,
    actor_id: int | None,
    action: Action,
    *,
    subject: str | None = None,
    details: Mapping[str, Detail] | None = None,
    on_behalf_of_id: int | None = None,
    now: datetime,
) -> int:
    """Add to the trail of the installation what an account did (None: the command line or a clock).

    What is about one account names it as `subject`, `account:7`, so that its owner can read it back.
    """
    head = _held_installation_head(session)
    entry = _next(
        INSTALLATION, head.number, head.digest, actor_id, action,
        subject=subject, details=details, on_behalf_of_id=on_behalf_of_id, now=now, note=None,
    )  # fmt: skip
    session.add(InstallationEntry(**_columns(entry)))
    head.number, head.digest = entry.number, entry.digest
    session.flush()
    return entry.number


def newest_entry(session: ScopedSession) -> datetime | None:
    """When the newest entry of all chains in scope was recorded."""
    found = [session.scalar(select(func.max(kind.recorded_at))) for kind in (AuditEntry, InstallationEntry)]
    return max((instant for instant in found if instant is not None), default=None)


def read_verdicts(session: ScopedSession) -> tuple[Verdict, ...]:
    """A look at every chain in scope, and at that of the installation; the reasons apart from it are not looked at."""
    head = session.scalar(select(InstallationHead))
    entries = session.scalars(select(InstallationEntry).order_by(InstallationEntry.number))
    found = [_verdict(INSTALLATION, entries, head)]
    heads = {head.cooperative_id: head for head in session.scalars(select(AuditHead))}
    for number in sorted(set(session.scalars(select(AuditEntry.cooperative_id).distinct())) | set(heads)):
        rows = select(AuditEntry).where(AuditEntry.cooperative_id == number).order_by(AuditEntry.number)
        found.append(_verdict(chain_of(number), session.scalars(rows), heads.get(number)))
    return tuple(found)


def _verdict(
    chain: str, rows: Iterable[AuditEntry | InstallationEntry], head: AuditHead | InstallationHead | None
) -> Verdict:
    kept_head = (0, START) if head is None else (head.number, head.digest)
    return verify((_entry(chain, row) for row in rows), chain=chain, kept_head=kept_head)


def _next(
    chain: str,
    number: int,
    previous: str,
    actor_id: int | None,
    action: Action,
    *,
    subject: str | None,
    details: Mapping[str, Detail] | None,
    on_behalf_of_id: int | None,
    now: datetime,
    note: str | None,
) -> Entry:
    return sealed(
        Entry(
            chain=chain,
            number=number + 1,
            recorded_at=now,
            actor_id=actor_id,
            on_behalf_of_id=on_behalf_of_id,
            action=action.value,
            subject=subject,
            details=write_details(details or {}),
            note_digest=note,
            previous=previous,
        )
    )


def _columns(entry: Entry) -> dict[str, object]:
    return {
        "number": entry.number,
        "recorded_at": entry.recorded_at,
        "actor_id": entry.actor_id,
        "on_behalf_of_id": entry.on_behalf_of_id,
        "action": entry.action,
        "subject": entry.subject,
        "details": entry.details,
        "note_digest": entry.note_digest,
        "previous": entry.previous,
        "digest": entry.digest,
    }


def _held_head(session: ScopedSession, cooperative_id: int) -> AuditHead:
    query = select(AuditHead).where(AuditHead.cooperative_id == cooperative_id)
    query = query.with_for_update().execution_options(populate_existing=True)
    head = session.scalar(query)
    if head is None:
        _begin(session, AuditHead(cooperative_id=cooperative_id, number=0, digest=START))
        head = session.scalars(query).one()
    return head


def _held_installation_head(session: ScopedSession) -> InstallationHead:
    query = select(InstallationHead).with_for_update().execution_options(populate_existing=True)
    head = session.scalar(query)
    if head is None:
        _begin(session, InstallationHead(id=1, number=0, digest=START))
        head = session.scalars(query).one()
    return head


def _begin(session: ScopedSession, head: AuditHead | InstallationHead) -> None:
    try:
        with session.begin_nested():
            session.add(head)
    except IntegrityError:
        pass  # somebody else began the chain a moment ago


def _entry(chain: str, row: AuditEntry | InstallationEntry) -> Entry:
    return Entry(
        chain=chain,
        number=row.number,
        recorded_at=row.recorded_at,
        actor_id=row.actor_id,
        on_behalf_of_id=row.on_behalf_of_id,
        action=row.action,
        subject=row.subject,
        details=row.details,
        note_digest=row.note_digest,
        previous=row.previous,
        digest=row.digest,
    )
