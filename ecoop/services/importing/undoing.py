"""Undoing an import as a whole: its events are corrected, what it told of parties is known no longer.

Nothing is removed. The register of any day is again what it was before, and as it was known in between it can still be
read. Numbers that were given out stay with the memberships that got them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from ecoop.db import Owned, ScopedSession
from ecoop.governance.audit import Action
from ecoop.governance.membership import MembershipEvent
from ecoop.governance.register_import import ImportStatus, RowOutcome, built_upon, taken_back
from ecoop.governance.roles import Actor
from ecoop.models import (
    Application,
    Base,
    Membership,
    MembershipEventRow,
    MembershipSpan,
    Party,
    PartyMerge,
    PartyRecord,
    SheetImport,
    SheetImportLine,
)
from ecoop.models.types import new_key
from ecoop.services import audit
from ecoop.services.importing.planning import Tell
from ecoop.services.importing.writing import ENTERS, close_records, event_row, renewed_spans, slices
from ecoop.services.parties import FIELDS

MOST_TOLD = 200
_OWN = (Membership, MembershipEventRow, MembershipSpan, PartyRecord, SheetImportLine)
"""Classes whose rows hang under parties and memberships by themselves."""


class Later(StrEnum):
    """What was built upon an import."""

    EVENT = "event"
    FACTS = "facts"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocker:
    """Why an import cannot be undone: what came later, and about which row of the sheet."""

    sheet_row: int
    party_id: int | None
    membership_id: int | None
    what: Later
    name: str | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    sheet_row: int
    outcome: RowOutcome
    party_id: int | None
    membership_id: int | None


def find_blockers(session: ScopedSession, row: SheetImport) -> tuple[Blocker, ...]:
    """Everything that was built upon an import, the first rows first; nothing where it can be undone."""
    lines = _lines(session, row)
    found: list[Blocker] = []
    for some in slices(lines):
        found += _blockers(session, row, some)
        if len(found) >= MOST_TOLD:
            break
    return tuple(_named(session, row, found[:MOST_TOLD]))


def _lines(session: ScopedSession, row: SheetImport) -> list[_Line]:
    line = SheetImportLine
    query = select(line.sheet_row, line.outcome, line.party_id, line.membership_id).where(
        line.cooperative_id == row.cooperative_id,
        line.import_id == row.id,
        line.outcome.in_([RowOutcome.NEW, RowOutcome.CHANGED]),
    )
    return [
        _Line(sheet_row=number, outcome=outcome, party_id=party_id, membership_id=membership_id)
        for number, outcome, party_id, membership_id in session.execute(query.order_by(line.sheet_row))
    ]


def _blockers(session: ScopedSession, row: SheetImport, lines: Sequence[_Line]) -> Iterator[Blocker]:
    assert row.recorded_at is not None  # noqa: S101  it was taken over
    stories = _stories(session, row, [one.membership_id for one in lines if one.membership_id is not None])
    changed = _changed_later(session, row, [one.party_id for one in lines if one.party_id is not None])
    leaned_on = _leaned_on(session, row, [one for one in lines if one.outcome is RowOutcome.NEW])
    began = [one for one in lines if one.outcome is RowOutcome.CHANGED and _began(stories.get(one.membership_id or 0))]
    leaned_on |= _leaned_on(session, row, began, members_only=True)
    merged = _merged(session, row, [one.party_id for one in lines if one.party_id is not None])
    for line in lines:
        events, made = stories.get(line.membership_id or 0, ([], frozenset()))
        reasons = {
            Later.EVENT: bool(built_upon(events, made, row.recorded_at)),
            Later.FACTS: line.party_id in changed,
            Later.OTHER: line.sheet_row in leaned_on or line.party_id in merged,
        }
        for what, is_so in reasons.items():
            if is_so:
                yield Blocker(
                    sheet_row=line.sheet_row, party_id=line.party_id, membership_id=line.membership_id, what=what
                )


def _stories(
    session: ScopedSession, row: SheetImport, ids: Sequence[int]
) -> dict[int, tuple[list[MembershipEvent], frozenset[int]]]:
    """The events of these memberships, and which of them the import made."""
    events: dict[int, list[MembershipEvent]] = defaultdict(list)
    made: dict[int, set[int]] = defaultdict(set)
    row_of = MembershipEventRow
    query = select(
        row_of.membership_id, row_of.id, row_of.kind, row_of.valid_from, row_of.recorded_at, row_of.class_code,
        row_of.end_reason, row_of.corrects_id, row_of.audit_number,
    ).where(row_of.cooperative_id == row.cooperative_id, row_of.membership_id.in_(ids))  # fmt: skip
    for one in session.execute(query.order_by(row_of.recorded_at, row_of.id)):
        if one.audit_number is not None and one.audit_number == row.audit_number:
            made[one.membership_id].add(one.id)
        events[one.membership_id].append(
            MembershipEvent(
                id=one.id, kind=one.kind, valid_from=one.valid_from, recorded_at=one.recorded_at,
                class_code=one.class_code, end_reason=one.end_reason, corrects=one.corrects_id,
            )
        )  # fmt: skip
    return {number: (found, frozenset(made[number])) for number, found in events.items()}


def _began(story: tuple[list[MembershipEvent], frozenset[int]] | None) -> bool:
    """Whether the import made a member of somebody who was known already, such as an applicant."""
    events, made = story or ([], frozenset())
    return any(one.id in made and one.kind in ENTERS for one in events)


def _changed_later(session: ScopedSession, row: SheetImport, ids: Sequence[int]) -> frozenset[int]:
    """The parties of which something else was written down since."""
    query = select(PartyRecord.party_id).where(
        PartyRecord.cooperative_id == row.cooperative_id,
        PartyRecord.party_id.in_(ids),
        PartyRecord.known_from > row.recorded_at,
    )
    return frozenset(session.scalars(query))


def _merged(session: ScopedSession, row: SheetImport, ids: Sequence[int]) -> frozenset[int]:
    """The parties that turned out to be another one: what they were is not put back beside it."""
    query = select(PartyMerge.gone_id).where(
        PartyMerge.cooperative_id == row.cooperative_id, PartyMerge.gone_id.in_(ids)
    )
    return frozenset(session.scalars(query))


def _leaned_on(
    session: ScopedSession, row: SheetImport, lines: Sequence[_Line], *, members_only: bool = False
) -> frozenset[int]:
    """The rows whose new party or membership something else hangs under by now, of whatever part of the platform.

    `members_only`: of somebody who was known before, only what hangs under the membership; an application came first.
    """
    by_target = {
        "party": {one.party_id: one.sheet_row for one in lines if one.party_id is not None},
        "membership": {one.membership_id: one.sheet_row for one in lines if one.membership_id is not None},
    }
    found: set[int] = set()
    for cls, column, target in _references():
        if members_only and (target == Party.__tablename__ or cls is Application):
            continue
        rows = by_target[target]
        owned = sa.and_(cls.cooperative_id == row.cooperative_id, getattr(cls, column).in_(list(rows)))
        found |= {rows[key] for key in session.scalars(select(getattr(cls, column)).where(owned))}
    return frozenset(found)


def _references() -> Iterator[tuple[Any, str, str]]:
    """Every column of another part that names a party or a membership: its class, its name, and which of the two."""
    for mapper in Base.registry.mappers:
        table = mapper.local_table
        if mapper.class_ in _OWN or not issubclass(mapper.class_, Owned) or not isinstance(table, sa.Table):
            continue
        for key in table.foreign_key_constraints:
            target = key.referred_table.name
            if target in {Party.__tablename__, Membership.__tablename__}:
                yield mapper.class_, list(key.column_keys)[-1], target


def _named(session: ScopedSession, row: SheetImport, found: Iterable[Blocker]) -> Iterator[Blocker]:
    blockers = list(found)
    ids = [one.party_id for one in blockers if one.party_id is not None]
    known = session.execute(
        select(PartyRecord.party_id, PartyRecord.name, Membership.number)
        .outerjoin(
            Membership,
            sa.and_(
                Membership.cooperative_id == PartyRecord.cooperative_id, Membership.party_id == PartyRecord.party_id
            ),
        )
        .where(
            PartyRecord.cooperative_id == row.cooperative_id,
            PartyRecord.party_id.in_(ids),
            PartyRecord.known_until.is_(None),
        )
    )
    told = {party_id: (name, number) for party_id, name, number in known}
    for one in blockers:
        yield Blocker(
            sheet_row=one.sheet_row, party_id=one.party_id, membership_id=one.membership_id, what=one.what,
            name=told.get(one.party_id or 0, (None, None))[0], number=told.get(one.party_id or 0, (None, None))[1],
        )  # fmt: skip


def take_back(session: ScopedSession, actor: Actor | None, row: SheetImport, *, now: datetime, tell: Tell) -> None:
    """Undo an import of which nothing is built upon."""
    lines = _lines(session, row)
    session.flush()
    number = audit.record(
        session, actor, Action.SHEET_UNDONE, cooperative_id=row.cooperative_id, subject=f"sheet_import:{row.id}",
        details={"count": len(lines), "entry": row.audit_number}, now=now,
    )  # fmt: skip
    for place, some in enumerate(slices(lines)):
        tell(place * len(some), len(lines))
        _correct_events(session, actor, row, some, number, now)
        _forget_records(session, actor, row, some, now)
    row.status, row.undone_at, row.undo_audit_number = ImportStatus.UNDONE, now, number
    row.undone_by_id = actor.account_id if actor else None
    session.flush()
    tell(len(lines), len(lines))


def _correct_events(
    session: ScopedSession, actor: Actor | None, row: SheetImport, lines: Sequence[_Line], number: int, now: datetime
) -> None:
    stories = _stories(session, row, [one.membership_id for one in lines if one.membership_id is not None])
    by_id = actor.account_id if actor else None
    left: dict[int, list[MembershipEvent]] = {}
    for membership_id, (events, made) in stories.items():
        corrections = taken_back(events, made, at=now, key=new_key)
        left[membership_id] = [*events, *corrections]
        session.add_all(event_row(row.cooperative_id, membership_id, one, by_id, number) for one in corrections)
    session.flush()
    session.add_all(renewed_spans(session, row.cooperative_id, left, list(left), now))
    session.flush()


def _forget_records(
    session: ScopedSession, actor: Actor | None, row: SheetImport, lines: Sequence[_Line], now: datetime
) -> None:
    """What the import told of parties is known no longer, and what it took the place of is known again."""
    ids = [one.party_id for one in lines if one.party_id is not None]
    again = {one.party_id for one in lines if one.outcome is RowOutcome.CHANGED}
    query = select(PartyRecord).where(
        PartyRecord.cooperative_id == row.cooperative_id,
        PartyRecord.party_id.in_(ids),
        sa.or_(PartyRecord.known_from == row.recorded_at, PartyRecord.known_until == row.recorded_at),
    )
    records = list(session.scalars(query))
    closing = [one for one in records if one.known_from == row.recorded_at and one.known_until is None]
    back = [one for one in records if one.known_until == row.recorded_at and one.party_id in again]
    close_records(session, row.cooperative_id, [one.id for one in closing], now)
    session.add_all(
        PartyRecord(
            cooperative_id=row.cooperative_id, party_id=one.party_id, valid_from=one.valid_from,
            valid_until=one.valid_until, known_from=now, recorded_by_id=actor.account_id if actor else None,
            name_key=one.name_key, **{name: getattr(one, name) for name in FIELDS},
        )
        for one in back
    )  # fmt: skip
    session.flush()
