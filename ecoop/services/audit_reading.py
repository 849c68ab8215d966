"""The audit trail, read: a page of it, a check of the whole, a copy to take along, and a reason that is erased."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, NotFound, Refused
from ecoop.governance.audit import START, Action, Entry, Verdict, verify, write_end, write_line
from ecoop.governance.roles import Actor, Permission, Role
from ecoop.models import (
    Account,
    AuditEntry,
    AuditHead,
    AuditNote,
    Building,
    Cooperative,
    InstallationEntry,
    InstallationHead,
    RoleGrant,
    Umbrella,
)
from ecoop.services import audit
from ecoop.services.audit import INSTALLATION, chain_of

AT_ONCE = 50
"""Entries on a page."""
_IN_BLOCKS = 1_000
_UNREADABLE = (ValueError, TypeError, OverflowError)


class TrailReason(StrEnum):
    """Why something in the trail is refused."""

    NO_REASON_KEPT = "no_reason_kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailFilter:
    """Which entries are asked for; None is all of them. Both days are included."""

    actor_id: int | None = None
    area: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    before: int | None = None
    """Only entries with a lower number: the next page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailEntry:
    """One entry, with the names that its numbers stand for today."""

    number: int
    recorded_at: datetime
    actor: str | None
    on_behalf_of: str | None
    action: str
    subject: str | None
    details: Mapping[str, object]
    reason: str | None
    reason_erased: bool
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """A page of a trail, newest first, and where the chain stands."""

    entries: tuple[TrailEntry, ...]
    count: int
    head: str
    older: int | None
    """The number before which the next page begins; None on the last page."""
    officers: tuple[tuple[int, str], ...]
    """Who holds or held an office, by name: the people whose doings one asks after."""


def read_trail(session: ScopedSession, actor: Actor, *, cooperative_id: int, wanted: TrailFilter) -> Trail:
    """A page of the trail of a cooperative. The number of queries does not depend on the number of entries."""
    if not actor.may(Permission.SEE_TRAIL):
        raise Forbidden
    query = _filtered(select(AuditEntry).where(AuditEntry.cooperative_id == cooperative_id), wanted)
    rows = session.scalars(query.order_by(AuditEntry.number.desc()).limit(AT_ONCE + 1)).all()
    page = [_entry(chain_of(cooperative_id), row) for row in rows[:AT_ONCE]]
    head = session.scalar(select(AuditHead).where(AuditHead.cooperative_id == cooperative_id))
    notes = _notes(session, cooperative_id, [entry.number for entry in page])
    officers = _officers(session, cooperative_id)
    names = _account_names(session, [*officers, *_accounts_in(page)])
    buildings = _building_names(session, cooperative_id, page)
    return Trail(
        entries=tuple(_shown(entry, names, buildings, notes) for entry in page),
        count=head.number if head else 0,
        head=head.digest if head else START,
        older=page[-1].number if len(rows) > AT_ONCE else None,
        officers=tuple(sorted(((one, names[one]) for one in officers if one in names), key=lambda pair: pair[1])),
    )


def read_account_trail(session: ScopedSession, account_id: int, *, limit: int = AT_ONCE) -> tuple[TrailEntry, ...]:
    """What happened with one account, from the trail of the installation, newest first: for its owner to read."""
    rows = session.scalars(
        select(InstallationEntry)
        .where(InstallationEntry.subject == f"account:{account_id}")
        .order_by(InstallationEntry.number.desc())
        .limit(limit)
    )
    entries = [_entry(INSTALLATION, row) for row in rows]
    names = _account_names(session, _accounts_in(entries))
    umbrellas = {row.id: row.name for row in session.scalars(select(Umbrella))}
    return tuple(_shown(entry, names, {}, {}, umbrellas) for entry in entries)


def _filtered(query: Select[AuditEntry], wanted: TrailFilter) -> Select[AuditEntry]:
    if wanted.actor_id is not None:
        query = query.where(AuditEntry.actor_id == wanted.actor_id)
    if wanted.area is not None:
        query = query.where(AuditEntry.action.startswith(f"{wanted.area}.", autoescape=True))
    if wanted.first_day is not None:
        query = query.where(AuditEntry.recorded_at >= _beginning_of(wanted.first_day))
    if wanted.last_day is not None:
        query = query.where(AuditEntry.recorded_at < _beginning_of(wanted.last_day + timedelta(days=1)))
    if wanted.before is not None:
        query = query.where(AuditEntry.number < wanted.before)
    return query


def _beginning_of(day: date) -> datetime:
    return datetime.combine(day, time(), clock.AMSTERDAM)


def _officers(session: ScopedSession, cooperative_id: int) -> list[int]:
    """Who held an office here, to choose from: asking the trail itself would take longer with every entry."""
    held = select(RoleGrant.account_id).where(RoleGrant.cooperative_id == cooperative_id, RoleGrant.role != Role.MEMBER)
    return list(session.scalars(held.distinct()))


def _notes(session: ScopedSession, cooperative_id: int, numbers: list[int]) -> dict[int, str]:
    rows = session.scalars(
        select(AuditNote).where(AuditNote.cooperative_id == cooperative_id, AuditNote.number.in_(numbers))
    )
    return {row.number: row.text for row in rows}


def _accounts_in(entries: Iterable[Entry]) -> Iterator[int]:
    for entry in entries:
        yield from (one for one in (entry.actor_id, entry.on_behalf_of_id) if one is not None)
        account_id = _details(entry).get("account_id")
        if isinstance(account_id, int):
            yield account_id


def _account_names(session: ScopedSession, ids: Iterable[int]) -> dict[int, str]:
    rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(sorted(set(ids)))))
    return {number: name for number, name in rows}  # noqa: C416  rows are no pairs to the type checker


def _building_names(session: ScopedSession, cooperative_id: int, entries: Iterable[Entry]) -> dict[int, str]:
    wanted: set[int] = set()
    for entry in entries:
        listed = _details(entry).get("building_ids")
        wanted |= {one for one in listed if isinstance(one, int)} if isinstance(listed, list) else set()
        kind, _, number = (entry.subject or "").partition(":")
        wanted |= {int(number)} if kind == "building" and number.isdecimal() else set()
    rows = session.execute(
        select(Building.id, Building.name).where(Building.cooperative_id == cooperative_id, Building.id.in_(wanted))
    )
    return {number: name for number, name in rows}  # noqa: C416


def _shown(
    entry: Entry,
    names: Mapping[int, str],
    buildings: Mapping[int, str],
    notes: Mapping[int, str],
    umbrellas: Mapping[int, str] | None = None,
) -> TrailEntry:
    return TrailEntry(
        number=entry.number,
        recorded_at=entry.recorded_at,
        actor=None if entry.actor_id is None else names.get(entry.actor_id, f"#{entry.actor_id}"),
        on_behalf_of=None if entry.on_behalf_of_id is None else names.get(entry.on_behalf_of_id),
        action=entry.action,
        subject=_named_subject(entry.subject, buildings),
        details={key: _named(key, value, names, buildings, umbrellas or {}) for key, value in _details(entry).items()},
        reason=notes.get(entry.number),
        reason_erased=entry.note_digest is not None and entry.number not in notes,
        digest=entry.digest,
    )


def _details(entry: Entry) -> dict[str, object]:
    try:
        found = json.loads(entry.details)
    except ValueError:  # somebody changed it; the check of the chain says so
        return {}
    return found if isinstance(found, dict) else {}


def _named(
    key: str,
    value: object,
    names: Mapping[int, str],
    buildings: Mapping[int, str],
    umbrellas: Mapping[int, str],
) -> object:
    if key == "account_id" and isinstance(value, int):
        return names.get(value, f"#{value}")
    if key == "umbrella_id" and isinstance(value, int):
        return umbrellas.get(value, f"#{value}")
    if key == "building_ids" and isinstance(value, list):
        return [buildings.get(one, f"#{one}") for one in value]
    return value


def _named_subject(subject: str | None, buildings: Mapping[int, str]) -> str | None:
    kind, _, number = (subject or "").partition(":")
    return buildings.get(int(number)) if kind == "building" and number.isdecimal() else None


def verify_trail(session: ScopedSession, *, cooperative_id: int, known_head: str | None = None) -> Verdict:
    """Look at the whole trail of a cooperative, reasons included. Takes as long as the trail is."""
    chain = chain_of(cooperative_id)
    head = session.scalar(select(AuditHead).where(AuditHead.cooperative_id == cooperative_id))
    kept = session.scalars(select(AuditNote).where(AuditNote.cooperative_id == cooperative_id))
    return verify(
        _entries(session, cooperative_id),
        chain=chain,
        kept_head=(head.number, head.digest) if head else (0, START),
        known_head=known_head,
        notes={row.number: (row.salt, row.text) for row in kept},
        erased=_erased(session, cooperative_id),
    )


def verify_installation(session: ScopedSession, *, known_head: str | None = None) -> Verdict:
    """Look at the whole trail of the installation."""
    head = session.get(InstallationHead, 1)
    return verify(
        _readable(session, INSTALLATION, select(InstallationEntry), InstallationEntry.number),
        chain=INSTALLATION,
        kept_head=(head.number, head.digest) if head else (0, START),
        known_head=known_head,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedVerdict:
    """What was found in one trail, and whose it is (empty: the installation's)."""

    name: str
    slug: str
    verdict: Verdict


def verify_everything(session: ScopedSession, *, slug: str | None = None) -> tuple[NamedVerdict, ...]:
    """Look at the trails of all cooperatives in scope and that of the installation, or at one cooperative's only."""
    query = select(Cooperative).where(Cooperative.id.in_(session.scope.cooperative_ids)).order_by(Cooperative.name)
    rows = session.scalars(query if slug is None else query.where(Cooperative.slug == slug)).all()
    if slug is not None and not rows:
        raise NotFound
    found = [
        NamedVerdict(name=row.name, slug=row.slug, verdict=verify_trail(session, cooperative_id=row.id)) for row in rows
    ]
    if slug is None:
        found.append(NamedVerdict(name="", slug="", verdict=verify_installation(session)))
    return tuple(found)


def holds_head(session: ScopedSession, digest: str, *, slug: str | None = None) -> bool:
    """Whether a digest that was seen before stands in a trail in scope (of one cooperative when `slug` is given)."""
    query = select(func.count()).select_from(AuditEntry).where(AuditEntry.digest == digest)
    if slug is not None:
        query = query.where(AuditEntry.cooperative_id.in_(select(Cooperative.id).where(Cooperative.slug == slug)))
    if session.scalar(query):
        return True
    inside = select(func.count()).select_from(InstallationEntry).where(InstallationEntry.digest == digest)
    return slug is None and bool(session.scalar(inside))


def newest_entry(session: ScopedSession) -> datetime | None:
    """When the newest entry of all chains in scope was recorded."""
    found = [session.scalar(select(func.max(kind.recorded_at))) for kind in (AuditEntry, InstallationEntry)]
    return max((instant for instant in found if instant is not None), default=None)


def export_trail(session: ScopedSession, actor: Actor | None, *, cooperative_id: int, now: datetime) -> str:
    """The whole trail as text, one JSON line per entry and a last line with the head; that it left is recorded first.

    Reasons in somebody's own words stay behind. `actor` is None on the command line.
    """
    if actor is not None and not actor.may(Permission.SEE_TRAIL):
        raise Forbidden
    audit.record(session, actor, Action.TRAIL_EXPORTED, cooperative_id=cooperative_id, now=now)
    entries = list(_entries(session, cooperative_id))
    verdict = Verdict(chain=chain_of(cooperative_id), count=entries[-1].number, head=entries[-1].digest)
    return "".join(f"{line}\n" for line in [*map(write_line, entries), write_end(verdict)])


def erase_reason(session: ScopedSession, actor: Actor, *, cooperative_id: int, number: int, now: datetime) -> None:
    """Erase the reason of an entry, because it is about a person. What was done stays, and that it was erased too."""
    if not actor.may(Permission.ERASE_REASONS):
        raise Forbidden
    row = session.scalar(
        select(AuditNote)
        .where(AuditNote.cooperative_id == cooperative_id, AuditNote.number == number)
        .with_for_update()
    )
    if row is None:
        raise Refused(TrailReason.NO_REASON_KEPT)
    session.delete(row)
    session.flush()
    audit.record(
        session, actor, Action.REASON_ERASED, cooperative_id=cooperative_id, details={"entry": number}, now=now
    )


def _erased(session: ScopedSession, cooperative_id: int) -> frozenset[int]:
    """The entries whose reason was erased on purpose, as the trail itself tells."""
    details = session.scalars(
        select(AuditEntry.details).where(
            AuditEntry.cooperative_id == cooperative_id, AuditEntry.action == Action.REASON_ERASED.value
        )
    )
    return frozenset(int(json.loads(one)["entry"]) for one in details if _tells_entry(one))


def _tells_entry(details: str) -> bool:
    try:
        return isinstance(json.loads(details)["entry"], int)
    except (ValueError, KeyError, TypeError):
        return False


def _entries(session: ScopedSession, cooperative_id: int) -> Iterator[Entry]:
    query = select(AuditEntry).where(AuditEntry.cooperative_id == cooperative_id)
    return _readable(session, chain_of(cooperative_id), query, AuditEntry.number)


def _readable(
    session: ScopedSession, chain: str, query: Select[Any], number: InstrumentedAttribute[int]
) -> Iterator[Entry]:
    """The entries in order; where a value cannot even be read, an entry that holds nothing stands in its place."""
    last, at_once = 0, _IN_BLOCKS
    while True:
        try:
            rows = session.scalars(query.where(number > last).order_by(number).limit(at_once)).all()
        except _UNREADABLE:
            if at_once == 1:
                yield _nothing(chain, last + 1)
                return
            at_once = 1  # one of these; which one, the next rounds tell
            continue
        for row in rows:
            last = row.number
            yield _entry(chain, row)
        if len(rows) < at_once:
            return


def _nothing(chain: str, number: int) -> Entry:
    return Entry(
        chain=chain, number=number, recorded_at=datetime.min.replace(tzinfo=UTC), actor_id=None, on_behalf_of_id=None,
        action="", subject=None, details="", note_digest=None, previous="",
    )  # fmt: skip


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
