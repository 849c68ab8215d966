"""Taking over a planned sheet: the same rows that the verbs make one by one, made together.

Ten thousand members one by one take more than a minute. Here the rules are asked for every row as well (`planning`),
and the rows are those of `parties.record_party`, `parties.change_party` and `memberships.add_event`; a test compares
the two. Only the trail gets one entry instead of thousands: each event names it, and each line of the import says what
it made.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import select

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import EcoopError
from ecoop.governance.audit import Action
from ecoop.governance.membership import EventKind, MembershipEvent, spans
from ecoop.governance.register_import import RowOutcome
from ecoop.governance.roles import Actor
from ecoop.models import (
    Membership,
    MembershipEventRow,
    MembershipSpan,
    Party,
    PartyRecord,
    SheetImport,
    SheetImportLine,
)
from ecoop.models.parties import FOREVER
from ecoop.models.types import new_key
from ecoop.services import audit, memberships
from ecoop.services.importing.known import KnownParty, KnownRegister
from ecoop.services.importing.planning import Plan, PlannedRow, Tell
from ecoop.services.importing.rows import SheetEvent
from ecoop.services.number_series import hold_series
from ecoop.services.parties import FIELDS, PartyFacts, name_key

AT_ONCE = 500
_ADDRESS = ("street", "house_number", "postcode", "city", "country")
_WORKS = frozenset({RowOutcome.NEW, RowOutcome.CHANGED})
ENTERS = frozenset({EventKind.ADMITTED, EventKind.READMITTED})

Item = TypeVar("Item")


class RegisterMoved(EcoopError):
    """Something was written in the cooperative while the sheet was compared: compare again."""


def slices(items: Sequence[Item], size: int = AT_ONCE) -> Iterator[Sequence[Item]]:
    """Some at a time, in order."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


@dataclass(slots=True, kw_only=True)
class _Story:
    """What is added to one membership."""

    row: int
    membership_id: int
    events: list[MembershipEvent]
    before: list[MembershipEvent]


@dataclass(slots=True, kw_only=True)
class Writer:
    """What one import adds, gathered for some rows at a time and written in the order in which it hangs together."""

    session: ScopedSession
    actor: Actor | None
    sheet_import: SheetImport
    known: KnownRegister
    now: datetime
    tell: Tell
    parties: list[Party] = field(default_factory=list)
    records: list[PartyRecord] = field(default_factory=list)
    memberships: list[Membership] = field(default_factory=list)
    stories: list[_Story] = field(default_factory=list)
    lines: list[SheetImportLine] = field(default_factory=list)
    closing: list[int] = field(default_factory=list)
    """Records that are known no longer."""

    def take_over(self, plan: Plan) -> int:
        """Write what was planned; the number of the entry in the trail. Raises RegisterMoved.

        What stands there already is held before the trail is, in the order of the verbs: so nobody waits in a circle.
        """
        numbers = self._give_numbers(plan)
        self._hold(plan, numbers)
        audit_number = audit.record(
            self.session, self.actor, Action.SHEET_IMPORTED, cooperative_id=self.sheet_import.cooperative_id,
            subject=f"sheet_import:{self.sheet_import.id}",
            details={"count": plan.at_work, "file_digest": self.sheet_import.digest}, now=self.now,
        )  # fmt: skip
        if audit_number != plan.head + 1:
            raise RegisterMoved
        for place, rows in enumerate(slices(plan.rows)):
            self.tell(place * AT_ONCE, len(plan.rows))
            for row in rows:
                self._gather(row, numbers.get(row.row))
            self._write(audit_number)
        self.tell(len(plan.rows), len(plan.rows))
        return audit_number

    def _give_numbers(self, plan: Plan) -> dict[int, int]:
        """The number of every row that gets one: its own, else the next in the order of admission."""
        working = [row for row in plan.rows if row.outcome in _WORKS]
        given = {row.row: row.number for row in working if row.number is not None}
        waiting = [row for row in working if row.row not in given and self._wants_number(row)]
        waiting.sort(key=lambda row: (min(one.on for one in row.add if one.kind in ENTERS), row.row))
        series = hold_series(self.session, cooperative_id=self.sheet_import.cooperative_id, name=memberships.SERIES)
        last = max([series.last, *given.values()])
        for row in waiting:
            last += 1
            given[row.row] = last
        series.last = last
        self.session.flush()
        return given

    def _hold(self, plan: Plan, numbers: Mapping[int, int]) -> None:
        """Hold the memberships and parties that change, and give their numbers to those that had none."""
        cooperative_id = self.sheet_import.cooperative_id
        working = [row for row in plan.rows if row.outcome in _WORKS]
        held = {row.membership_id: numbers.get(row.row) for row in working if row.membership_id is not None}
        for some in slices(sorted(held)):
            query = select(Membership).where(Membership.cooperative_id == cooperative_id, Membership.id.in_(some))
            for row in self.session.scalars(query.order_by(Membership.id).with_for_update()):
                row.number = row.number if row.number is not None else held[row.id]
        self.session.flush()
        for some in slices(sorted({row.party_id for row in working if row.party_id is not None})):
            query_of_parties = select(Party.id).where(Party.cooperative_id == cooperative_id, Party.id.in_(some))
            self.session.scalars(query_of_parties.order_by(Party.id).with_for_update()).all()

    def _wants_number(self, row: PlannedRow) -> bool:
        """Whether this is a member without a number: who left already and never had one, keeps none."""
        known = self.known.memberships.get(row.membership_id) if row.membership_id is not None else None
        if known is not None and known.number is not None:
            return False
        return row.wants_number(clock.legal_day(self.now))

    # gathering

    def _gather(self, row: PlannedRow, number: int | None) -> None:
        party_id = row.party_id
        if row.outcome not in _WORKS:
            self.lines.append(self._line(row, party_id, row.membership_id, ()))
            return
        if party_id is None:
            party_id = self._new_party(row)
        elif row.revives:
            self._revive(row, party_id)
        elif row.facts is not None:
            self._change(row, self.known.parties[party_id], row.facts)
        membership_id = row.membership_id
        if membership_id is None and row.add:
            membership_id = new_key()
            self.memberships.append(
                Membership(
                    cooperative_id=self.sheet_import.cooperative_id, id=membership_id, party_id=party_id,
                    number=number, created_at=self.now,
                )
            )  # fmt: skip
        events = self._events(row)
        if membership_id is not None and events:
            known = self.known.memberships.get(membership_id)
            before = known.events if known is not None else []
            self.stories.append(_Story(row=row.row, membership_id=membership_id, events=events, before=before))
        self.lines.append(self._line(row, party_id, membership_id, [one.id for one in events]))

    def _new_party(self, row: PlannedRow) -> int:
        party_id = new_key()
        self.parties.append(
            Party(cooperative_id=self.sheet_import.cooperative_id, id=party_id, kind=row.read.kind, created_at=self.now)
        )
        self._first_records(row, party_id)
        return party_id

    def _revive(self, row: PlannedRow, party_id: int) -> None:
        """What an undone import left is taken again, so that its number stays with the row it came with."""
        known = self.known.parties[party_id]
        if known.kind is not row.read.kind:
            party = self.session.get_one(Party, (self.sheet_import.cooperative_id, party_id))
            party.kind = row.read.kind
        self._first_records(row, party_id)

    def _first_records(self, row: PlannedRow, party_id: int) -> None:
        """What is known from the first event on; the address from the day that the sheet tells."""
        facts, moved = row.read.facts, row.read.address_since
        start = min((one.on for one in row.add), default=clock.legal_day(self.now))
        if moved is not None and moved > start:
            before = replace(facts, street=None, house_number=None, postcode=None, city=None)
            self._record(party_id, before, start, moved)
            start = moved
        self._record(party_id, facts, start, FOREVER)

    def _change(self, row: PlannedRow, party: KnownParty, facts: PartyFacts) -> None:
        """As `parties.change_party` does: what was known before stays readable as it was known before."""
        moved = row.read.address_since is not None and any(one.what in _ADDRESS for one in row.differences)
        day = row.read.address_since if moved and row.read.address_since else clock.legal_day(self.now)
        holding = next((one for one in party.records if one.valid_from <= day < one.valid_until), None)
        until = min((one.valid_from for one in party.records if one.valid_from > day), default=FOREVER)
        if holding is not None:
            self.closing.append(holding.id)
            if holding.valid_from < day:
                self._record(party.id, holding.facts, holding.valid_from, day)
        self._record(party.id, facts, day, until)

    def _record(self, party_id: int, facts: PartyFacts, valid_from: date, valid_until: date) -> None:
        values: dict[str, Any] = {name: getattr(facts, name) for name in FIELDS}
        self.records.append(
            PartyRecord(
                cooperative_id=self.sheet_import.cooperative_id, id=new_key(), party_id=party_id,
                valid_from=valid_from, valid_until=valid_until, known_from=self.now,
                recorded_by_id=self.actor.account_id if self.actor else None, name_key=name_key(facts), **values,
            )
        )  # fmt: skip

    def _events(self, row: PlannedRow) -> list[MembershipEvent]:
        """Corrections first, so that each is younger than what it corrects and older than what takes its place."""
        corrections = [
            MembershipEvent(
                id=new_key(), kind=EventKind.CORRECTED, valid_from=one.valid_from, recorded_at=self.now,
                corrects=one.id,
            )
            for one in row.correct
        ]  # fmt: skip
        return [*corrections, *(self._event(one) for one in row.add)]

    def _event(self, one: SheetEvent) -> MembershipEvent:
        return MembershipEvent(
            id=new_key(), kind=one.kind, valid_from=one.on, recorded_at=self.now, class_code=one.class_code,
            end_reason=one.end_reason,
        )  # fmt: skip

    def _line(
        self, row: PlannedRow, party_id: int | None, membership_id: int | None, events: Sequence[int]
    ) -> SheetImportLine:
        problems = [[one.reason, one.column] for one in row.problems]
        return SheetImportLine(
            cooperative_id=self.sheet_import.cooperative_id, import_id=self.sheet_import.id, sheet_row=row.row,
            outcome=row.outcome, party_id=party_id, membership_id=membership_id,
            made=json.dumps({"event": list(events)} if events else {}), problems=json.dumps(problems),
        )  # fmt: skip

    # writing

    def _write(self, audit_number: int) -> None:
        """Write what was gathered, parents first, and let go of it."""
        session, cooperative_id = self.session, self.sheet_import.cooperative_id
        by_id = self.actor.account_id if self.actor else None
        close_records(session, cooperative_id, self.closing, self.now)
        events = [
            event_row(cooperative_id, story.membership_id, event, by_id, audit_number)
            for story in self.stories
            for event in story.events
        ]
        spans_ = self._span_rows(self.stories)
        for rows in (self.parties, self.records, self.memberships, events, spans_, self.lines):
            session.add_all(rows)
            session.flush()
        for gathered in (self.parties, self.records, self.memberships, self.stories, self.lines, self.closing):
            gathered.clear()

    def _span_rows(self, stories: Iterable[_Story]) -> list[MembershipSpan]:
        changed = {
            story.membership_id: [*story.before, *story.events]
            for story in stories
        }  # fmt: skip
        old = [story.membership_id for story in stories if story.before]
        return renewed_spans(self.session, self.sheet_import.cooperative_id, changed, old, self.now)


def event_row(
    cooperative_id: int, membership_id: int, event: MembershipEvent, by_id: int | None, audit_number: int
) -> MembershipEventRow:
    """The row of an event."""
    return MembershipEventRow(
        cooperative_id=cooperative_id, id=event.id, membership_id=membership_id, kind=event.kind,
        valid_from=event.valid_from, recorded_at=event.recorded_at, actor_id=by_id, class_code=event.class_code,
        end_reason=event.end_reason, corrects_id=event.corrects, audit_number=audit_number,
    )  # fmt: skip


def close_records(session: ScopedSession, cooperative_id: int, ids: Sequence[int], now: datetime) -> None:
    """What is known no longer from now on."""
    for some in slices(ids):
        query = select(PartyRecord).where(PartyRecord.cooperative_id == cooperative_id, PartyRecord.id.in_(some))
        for row in session.scalars(query):
            row.known_until = now
        session.flush()


def renewed_spans(
    session: ScopedSession,
    cooperative_id: int,
    stories: Mapping[int, Sequence[MembershipEvent]],
    old: Sequence[int],
    now: datetime,
) -> list[MembershipSpan]:
    """The spans that hold from now on, after closing those of `old` memberships that hold no longer."""
    wanted = {number: {_key(one): one for one in (_span(cooperative_id, number, span, now) for span in spans(events))}
              for number, events in stories.items()}  # fmt: skip
    for some in slices(old):
        query = select(MembershipSpan).where(
            MembershipSpan.cooperative_id == cooperative_id,
            MembershipSpan.membership_id.in_(some),
            MembershipSpan.known_until.is_(None),
        )
        for row in session.scalars(query):
            if wanted[row.membership_id].pop(_key(row), None) is None:
                row.known_until = now
    session.flush()
    return [row for rows in wanted.values() for row in rows.values()]


def _span(cooperative_id: int, membership_id: int, span: Any, now: datetime) -> MembershipSpan:
    return MembershipSpan(
        cooperative_id=cooperative_id, id=new_key(), membership_id=membership_id, status=span.status,
        class_code=span.class_code, starts_on=span.starts_on, ends_on=span.ends_on or FOREVER,
        member_since=span.member_since, notice_on=span.notice_on, known_from=now,
    )  # fmt: skip


def _key(row: MembershipSpan) -> tuple[object, ...]:
    return row.status, row.class_code, row.starts_on, row.ends_on, row.member_since, row.notice_on
