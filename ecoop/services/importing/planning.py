"""What an import would do, row by row, without doing it: new, changed field by field, the same, doubtful, wrong."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import count

from ecoop.governance.membership import (
    EventKind,
    MembershipEvent,
    MembershipReason,
    first_doubt,
    known_events,
    standing_on,
)
from ecoop.governance.register_import import RowOutcome, RowReason
from ecoop.governance.register_sheet import Sheet
from ecoop.governance.sheet_fields import Field
from ecoop.services.importing.known import KnownMembership, KnownParty, KnownRegister, facts_of, is_other, is_same
from ecoop.services.importing.rows import ColumnChoice, Reader, ReadRow, RowProblem, SheetEvent, event_column
from ecoop.services.parties import FIELDS, PartyFacts, plain

TELL_EVERY = 500
_LATEST = datetime.max.replace(tzinfo=UTC)
_FAMILIES = (
    frozenset({EventKind.ADMITTED, EventKind.READMITTED}),
    frozenset({EventKind.ENDED, EventKind.TRANSFERRED}),
)
_CARRY_CLASS = frozenset({EventKind.APPLIED, EventKind.ADMITTED, EventKind.READMITTED})
_FRIENDLIER = frozenset({RowReason.END_BEFORE_ENTRY, RowReason.APPLIED_AFTER_ENTRY, RowReason.CLASS_BEFORE_MISSING})
"""Where one of these is told, the rule that it breaks says nothing more."""

Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that would be another: what, what it is now, what it would be. None: nothing, or not known."""

    what: str
    now: str | None
    then: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRow:
    """What becomes of one row. `party_id` and `membership_id` are those it was found to be about."""

    read: ReadRow
    outcome: RowOutcome
    party_id: int | None = None
    membership_id: int | None = None
    revives: bool = False
    """Whether they are left from an import that was undone."""
    differences: tuple[Difference, ...] = ()
    facts: PartyFacts | None = None
    """What would be known, where that is something else."""
    number: int | None = None
    """The number that is given, where the membership has none."""
    add: tuple[SheetEvent, ...] = ()
    correct: tuple[MembershipEvent, ...] = ()
    problems: tuple[RowProblem, ...] = ()

    @property
    def row(self) -> int:
        """Its number in the sheet."""
        return self.read.row

    def wants_number(self, today: date) -> bool:
        """Whether this is a member on `today` or later: who left already and never had a number, keeps none."""
        last = None
        for one in self.add:
            if one.kind in _FAMILIES[0] or (one.kind in _FAMILIES[1] and one.on <= today):
                last = one.kind
        return last in _FAMILIES[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an import would do. `digest` is the same as long as it would do the same."""

    rows: tuple[PlannedRow, ...]
    counts: Mapping[RowOutcome, int]
    head: int
    digest: str

    @property
    def left_out(self) -> int:
        """How many rows are wrong or doubtful."""
        return self.counts.get(RowOutcome.PROBLEM, 0) + self.counts.get(RowOutcome.DOUBTFUL, 0)

    @property
    def at_work(self) -> int:
        """How many rows would change something."""
        return self.counts.get(RowOutcome.NEW, 0) + self.counts.get(RowOutcome.CHANGED, 0)


def make_plan(
    known: KnownRegister,
    sheet: Sheet,
    choice: ColumnChoice,
    *,
    classes: Mapping[str, str],
    today: date,
    doubtful_as_new: bool = False,
    tell: Tell = lambda _done, _total: None,
) -> Plan:
    """Compare every row of the sheet with the register. Changes nothing."""
    reader = Reader(mapping=choice, classes=classes, today=today)
    planner = _Planner(known=known, reader=reader, doubtful_as_new=doubtful_as_new)
    read = [
        reader.read(cells, number) if any(cells) else None for number, cells in enumerate(sheet.rows, sheet.first_row)
    ]
    planner.look_for_doubles(one for one in read if one is not None)
    rows = []
    for place, one in enumerate(read):
        if one is not None:
            rows.append(planner.plan(one))
        if place % TELL_EVERY == 0:
            tell(place, len(read))
    return Plan(
        rows=tuple(rows), counts=Counter(row.outcome for row in rows), head=known.head, digest=_digest(rows)
    )  # fmt: skip


def _digest(rows: Iterable[PlannedRow]) -> str:
    told = hashlib.sha256()
    for row in rows:
        facts = row.facts or row.read.facts
        events = [[one.kind, one.on.isoformat(), one.class_code, one.end_reason] for one in row.add]
        content = [
            row.row, row.outcome, row.party_id, row.membership_id, row.number, row.read.kind, events,
            [one.id for one in row.correct], [str(getattr(facts, name)) for name in FIELDS],
            [[one.what, one.now, one.then] for one in row.differences], [one.reason for one in row.problems],
        ]  # fmt: skip
        told.update(json.dumps(content, separators=(",", ":")).encode())
    return told.hexdigest()


@dataclass(slots=True, kw_only=True)
class _Planner:
    """The register and what earlier rows said, while rows are looked at."""

    known: KnownRegister
    reader: Reader
    doubtful_as_new: bool
    numbers: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    like: dict[int, int] = field(default_factory=dict)
    """Rows that look like an earlier one."""
    taken: dict[int, int] = field(default_factory=dict)
    """Parties that a row was found to be about already."""

    def look_for_doubles(self, rows: Iterable[ReadRow]) -> None:
        """Find numbers and people that stand in the sheet twice."""
        names: dict[str, list[ReadRow]] = defaultdict(list)
        for row in rows:
            if row.number is not None:
                self.numbers[row.number].append(row.row)
            earlier = names[plain(row.facts.name)]
            found = next((one for one in earlier[:50] if is_same(row.facts, one.facts)), None)
            if found is not None and (row.number is None or row.number != found.number):
                self.like[row.row] = found.row
            earlier.append(row)

    def plan(self, read: ReadRow) -> PlannedRow:
        """What becomes of this row."""
        problems = [*read.problems]
        if read.number is not None and len(self.numbers[read.number]) > 1:
            others = [row for row in self.numbers[read.number] if row != read.row]
            problems.append(self._problem(RowReason.NUMBER_TWICE, Field.NUMBER, read.number, row=others[0]))
        party, doubts = self._find(read)
        if not self.doubtful_as_new and read.row in self.like:
            doubts = [self._problem(RowReason.LOOKS_LIKE_ROW, None, row=self.like[read.row])]
        problems += doubts
        if party is not None:
            if party.id in self.taken and not doubts:
                problems.append(self._problem(RowReason.LOOKS_LIKE_ROW, None, row=self.taken[party.id]))
            self.taken.setdefault(party.id, read.row)
        if party is None or party.is_withdrawn:
            return self._new(read, party, problems)
        return self._compared(read, party, problems)

    def _problem(self, reason: RowReason, one: Field | None, value: object = "", **details: object) -> RowProblem:
        column = self.reader.place.get(one) if one is not None else None
        return RowProblem(reason=reason, column=column, value="" if value is None else str(value), details=details)

    def _find(self, read: ReadRow) -> tuple[KnownParty | None, list[RowProblem]]:
        """Who the row is about: the same number wins, else what identifies somebody; or why that is in doubt."""
        held = self.known.by_number.get(read.number) if read.number is not None else None
        if held is not None:
            party = self.known.parties.get(held.party_id)
            if party is None or (not party.is_withdrawn and is_other(read.facts, facts_of(party, self.reader.today))):
                return None, [self._problem(RowReason.NUMBER_TAKEN, Field.NUMBER, read.number)]
            return party, []
        known, withdrawn = self.known.alike(read.facts, self.reader.today)
        free = [one for one in known if read.number is None or self._number(one) is None]
        if len(free) == 1 and len(known) == 1:
            return free[0], []
        if known and not self.doubtful_as_new:
            numbers = [number for one in known if (number := self._number(one)) is not None]
            reason = RowReason.LOOKS_KNOWN if len(known) > 1 or not numbers else RowReason.NUMBER_DIFFERS
            return None, [self._problem(reason, Field.NUMBER, read.number, number=numbers[0] if numbers else None)]
        again = [one for one in withdrawn if one.id not in self.taken and self._fits(one, read)]
        return (again[0] if again and not known else None), []

    def _number(self, party: KnownParty) -> int | None:
        membership = self.known.by_party.get(party.id)
        return membership.number if membership is not None else None

    def _fits(self, party: KnownParty, read: ReadRow) -> bool:
        return read.number is None or self._number(party) is None

    # rows

    def _new(self, read: ReadRow, party: KnownParty | None, problems: list[RowProblem]) -> PlannedRow:
        membership = self.known.by_party.get(party.id) if party is not None else None
        problems += self._doubt_story([], (), read.events, read, problems)
        return PlannedRow(
            read=read, outcome=_outcome(problems, RowOutcome.NEW), party_id=party.id if party is not None else None,
            membership_id=membership.id if membership is not None else None, revives=party is not None,
            facts=read.facts, number=read.number, add=read.events, problems=tuple(problems),
        )  # fmt: skip

    def _compared(self, read: ReadRow, party: KnownParty, problems: list[RowProblem]) -> PlannedRow:
        if party.kind is not read.kind:
            problems.append(self._problem(RowReason.KIND_DIFFERS, Field.KIND))
        now = facts_of(party, self.reader.today)
        then = replace(now, **{name: getattr(read.facts, name) for name in read.told})
        membership = self.known.by_party.get(party.id)
        add, correct = _event_changes(membership, read, self.reader)
        problems += self._doubt_story(membership.events if membership else [], correct, add, read, problems)
        gives = read.number if read.number is not None and (membership is None or membership.number is None) else None
        differences = tuple(_differences(now, then, gives, add, correct))
        return PlannedRow(
            read=read, outcome=_outcome(problems, RowOutcome.CHANGED if differences else RowOutcome.SAME),
            party_id=party.id, membership_id=membership.id if membership else None, differences=differences,
            facts=then if then != now else None, number=gives, add=add, correct=correct, problems=tuple(problems),
        )  # fmt: skip

    def _doubt_story(
        self,
        known: Sequence[MembershipEvent],
        correct: Sequence[MembershipEvent],
        add: Sequence[SheetEvent],
        read: ReadRow,
        problems: Sequence[RowProblem],
    ) -> Iterator[RowProblem]:
        if any(one.reason in _FRIENDLIER for one in problems) or not (add or correct):
            return
        found = first_doubt([*known, *_as_events(correct, add)])
        if found is not None:
            event, reason = found
            column = event_column(self.reader, event.kind)
            yield RowProblem(reason=reason, column=column, value=event.valid_from.isoformat())
        elif read.class_code is None and any(one.kind in _CARRY_CLASS for one in add):
            yield RowProblem(reason=MembershipReason.CLASS_MISSING)


def _outcome(problems: Sequence[RowProblem], otherwise: RowOutcome) -> RowOutcome:
    if any(not one.is_warning and not one.is_doubt for one in problems):
        return RowOutcome.PROBLEM
    return RowOutcome.DOUBTFUL if any(one.is_doubt for one in problems) else otherwise


def _as_events(correct: Sequence[MembershipEvent], add: Sequence[SheetEvent]) -> Iterator[MembershipEvent]:
    """The events as they would be added, the corrections first."""
    number = count(1)
    for one in correct:
        yield MembershipEvent(
            id=next(number), kind=EventKind.CORRECTED, valid_from=one.valid_from, recorded_at=_LATEST, corrects=one.id
        )
    for new in add:
        yield MembershipEvent(
            id=next(number), kind=new.kind, valid_from=new.on, recorded_at=_LATEST, class_code=new.class_code,
            end_reason=new.end_reason,
        )  # fmt: skip


def _event_changes(
    membership: KnownMembership | None, read: ReadRow, reader: Reader
) -> tuple[tuple[SheetEvent, ...], tuple[MembershipEvent, ...]]:
    """What would be added to the story of a membership, and which events would be taken out.

    What the sheet does not tell stays: a sheet that knows no suspension does not lift one.
    """
    if membership is None:
        return read.events, ()
    left = known_events(membership.events)
    if not left:
        return read.events, ()
    add: list[SheetEvent] = []
    correct: list[MembershipEvent] = []
    for new in read.events:
        same_kind = [one for one in left if _is_alike(one.kind, new.kind)]
        same = next((one for one in same_kind if _says_same(one, new)), None)
        if same is not None:
            left.remove(same)
        elif new.kind is EventKind.CLASS_CHANGED or not same_kind:
            add.append(new)
        else:
            old = same_kind[0]
            left.remove(old)
            correct.append(old)
            add.append(replace(new, kind=old.kind, class_code=old.class_code))
    add += _class_change([*membership.events, *_as_events(correct, add)], read, reader)
    return tuple(add), tuple(correct)


def _is_alike(one: EventKind, other: EventKind) -> bool:
    return one is other or any({one, other} <= family for family in _FAMILIES)


def _says_same(known: MembershipEvent, new: SheetEvent) -> bool:
    if known.valid_from != new.on:
        return False
    if new.kind is EventKind.CLASS_CHANGED:
        return known.class_code == new.class_code
    return new.kind is not EventKind.ENDED or known.end_reason == new.end_reason


def _class_change(
    events: Sequence[MembershipEvent], read: ReadRow, reader: Reader
) -> Iterator[SheetEvent]:  # fmt: skip
    """Another kind of membership than the register has today counts from the day that is told, else from today."""
    if read.class_code is None or Field.CLASS not in reader.place:
        return
    standing = standing_on(events, reader.today)
    if standing.is_member and standing.class_code != read.class_code:
        yield SheetEvent(
            kind=EventKind.CLASS_CHANGED, on=read.class_since or reader.today, class_code=read.class_code
        )  # fmt: skip


def _differences(
    now: PartyFacts,
    then: PartyFacts,
    number: int | None,
    add: Sequence[SheetEvent],
    correct: Sequence[MembershipEvent],
) -> Iterator[Difference]:
    for name in FIELDS:
        before, after = getattr(now, name), getattr(then, name)
        if before != after:
            yield Difference(what=name, now=_shown(before), then=_shown(after))
    if number is not None:
        yield Difference(what="number", now=None, then=str(number))
    left = list(correct)
    for new in add:
        old = next((one for one in left if one.kind is new.kind), None)
        if old is not None:
            left.remove(old)
        yield Difference(what=f"event.{new.kind.value}", now=old.valid_from.isoformat() if old else None,
                         then=_said(new))  # fmt: skip


def _said(new: SheetEvent) -> str:
    return " ".join(part for part in (new.on.isoformat(), new.class_code or "", new.end_reason or "") if part)


def _shown(value: object) -> str | None:
    if value is None:
        return None
    return value.isoformat() if isinstance(value, date) else str(value)
