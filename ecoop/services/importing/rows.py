"""One row of a sheet as what it says: who it is, what happened to the membership, and what is wrong with it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any, TypeVar

from ecoop.errors import InvalidInput
from ecoop.governance.membership import EndReason, EventKind
from ecoop.governance.register_import import DOUBTS, WARNINGS, RowReason
from ecoop.governance.sheet_fields import Field
from ecoop.governance.sheet_names import city_parts, name_parts, street_parts
from ecoop.governance.sheet_values import (
    CellUnreadable,
    read_class,
    read_country,
    read_day,
    read_end_reason,
    read_kind,
    read_language,
    read_number,
    read_phone,
    read_registration_number,
)
from ecoop.governance.statutes import PartyKind
from ecoop.services.parties import PartyFacts, normal_facts

Value = TypeVar("Value")

FIRST_DAY = date(1900, 1, 1)
"""No cooperative has a member from before this day; an older day is a typing error."""
AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnChoice:
    """What each column is, and the kind of membership where the sheet does not say it."""

    columns: tuple[Field | None, ...]
    class_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """One thing about a row: in which column, what the cell says, and why it is told."""

    reason: str
    column: int | None = None
    value: str = ""
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_warning(self) -> bool:
        """Whether it is told and stops nothing."""
        return self.reason in WARNINGS

    @property
    def is_doubt(self) -> bool:
        """Whether it may be somebody else after all."""
        return self.reason in DOUBTS


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetEvent:
    """Something that happened to a membership, as the row tells it."""

    kind: EventKind
    on: date
    class_code: str | None = None
    end_reason: EndReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRow:
    """What a row says. `told` names the facts that its cells fill: an empty cell changes nothing."""

    row: int
    kind: PartyKind
    facts: PartyFacts
    told: frozenset[str]
    number: int | None
    events: tuple[SheetEvent, ...]
    address_since: date | None
    class_code: str | None
    class_since: date | None
    problems: tuple[RowProblem, ...]


@dataclass
class Reader:
    """Reads rows with one mapping, on one day."""

    mapping: ColumnChoice
    classes: Mapping[str, str]
    """Codes and names of the kinds of membership, as `tidy` gives them, to codes."""
    today: date

    @cached_property
    def place(self) -> Mapping[Field, int]:
        """Where each field stands."""
        return {one: column for column, one in enumerate(self.mapping.columns) if one is not None}

    def read(self, cells: Sequence[str], row: int) -> ReadRow:
        """What this row says, and everything that is wrong with it at once."""
        return _Row(self, cells, row).read()


_EVENT_FIELD = {
    EventKind.APPLIED: Field.APPLIED_ON,
    EventKind.WITHDRAWN: Field.APPLICATION_WITHDRAWN_ON,
    EventKind.REFUSED: Field.REFUSED_ON,
    EventKind.ADMITTED: Field.ADMITTED_ON,
    EventKind.READMITTED: Field.READMITTED_ON,
    EventKind.CLASS_CHANGED: Field.CLASS_SINCE,
    EventKind.SUSPENDED: Field.SUSPENDED_FROM,
    EventKind.REINSTATED: Field.REINSTATED_ON,
    EventKind.NOTICE_GIVEN: Field.NOTICE_ON,
    EventKind.ENDED: Field.LAST_DAY,
}
FACT_FIELDS: Mapping[str, tuple[Field, ...]] = {
    "name": (Field.FULL_NAME, Field.FAMILY_NAME, Field.ORGANISATION_NAME, Field.ASSOCIATION_NAME, Field.HOUSEHOLD_NAME),
    "given_names": (Field.GIVEN_NAMES, Field.INITIALS, Field.FULL_NAME),
    "name_prefix": (Field.NAME_PREFIX, Field.FAMILY_NAME, Field.FULL_NAME),
    "family_name": (Field.FAMILY_NAME, Field.FULL_NAME),
    "birth_date": (Field.BIRTH_DATE,),
    "email": (Field.EMAIL,),
    "phone": (Field.PHONE, Field.MOBILE),
    "street": (Field.STREET, Field.STREET_AND_NUMBER),
    "house_number": (Field.HOUSE_NUMBER, Field.STREET_AND_NUMBER),
    "postcode": (Field.POSTCODE, Field.POSTCODE_AND_CITY),
    "city": (Field.CITY, Field.POSTCODE_AND_CITY),
    "country": (Field.COUNTRY,),
    "registration_number": (Field.REGISTRATION_NUMBER,),
    "language": (Field.LANGUAGE,),
}
"""From which columns each fact comes, the likeliest first."""


class _Row:
    """One row while it is read."""

    def __init__(self, reader: Reader, cells: Sequence[str], row: int) -> None:
        self.reader, self.cells, self.row = reader, cells, row
        self.problems: list[RowProblem] = []

    def read(self) -> ReadRow:
        kind, told = self._who()
        told |= self._address() | self._contact(kind)
        facts = self._facts(kind, told)
        number = self._cell(Field.NUMBER, read_number)
        class_code = self._class(Field.CLASS) or self.reader.mapping.class_code
        class_since = self._day(Field.CLASS_SINCE)
        events = tuple(self._events(class_code, class_since))
        self._doubt_days(events, facts)
        return ReadRow(
            row=self.row, kind=kind, facts=facts, told=frozenset(told), number=number, events=events,
            address_since=self._day(Field.ADDRESS_SINCE), class_code=class_code, class_since=class_since,
            problems=tuple(self.problems),
        )  # fmt: skip

    # cells

    def _text(self, one: Field) -> str:
        column = self.reader.place.get(one)
        return self.cells[column] if column is not None and column < len(self.cells) else ""

    def _cell(self, one: Field, read: Callable[[str], Value]) -> Value | None:
        text = self._text(one)
        if not text:
            return None
        try:
            return read(text)
        except CellUnreadable as unreadable:
            self._tell(unreadable.reason, one)
            return None

    def _day(self, one: Field) -> date | None:
        day = self._cell(one, read_day)
        if day is not None and not FIRST_DAY <= day <= self.reader.today + AHEAD:
            self._tell(RowReason.DAY_UNLIKELY, one)
            return None
        return day

    def _class(self, one: Field) -> str | None:
        return self._cell(one, lambda text: read_class(text, self.reader.classes))

    def _tell(self, reason: str, *fields: Field, **details: object) -> None:
        column = next((self.reader.place[one] for one in fields if self._text(one)), None)
        if column is None:
            column = next((self.reader.place[one] for one in fields if one in self.reader.place), None)
        value = "" if column is None or column >= len(self.cells) else self.cells[column]
        if not any((known.reason, known.column) == (reason, column) for known in self.problems):
            self.problems.append(RowProblem(reason=reason, column=column, value=value, details=details))

    # who

    def _who(self) -> tuple[PartyKind, dict[str, Any]]:
        person = self._person()
        named = {
            PartyKind.HOUSEHOLD: self._text(Field.HOUSEHOLD_NAME),
            PartyKind.OWNERS_ASSOCIATION: self._text(Field.ASSOCIATION_NAME),
            PartyKind.ORGANISATION: self._text(Field.ORGANISATION_NAME),
        }
        kind = self._cell(Field.KIND, read_kind) or self._guessed(named, person)
        organised = [name for name in named.values() if name]
        if kind is PartyKind.PERSON:
            told: dict[str, Any] = person or {}
            if organised:
                self._tell(RowReason.NAME_NOT_KEPT, Field.ORGANISATION_NAME, Field.ASSOCIATION_NAME,
                           Field.HOUSEHOLD_NAME)  # fmt: skip
        else:
            own = named.get(kind) or next(iter(organised), "")
            told = {"name": own or person.get("name", "")}
            if own and person:
                self._tell(RowReason.NAME_NOT_KEPT, Field.FULL_NAME, Field.FAMILY_NAME, Field.GIVEN_NAMES)
        return kind, {name: value for name, value in told.items() if value}

    def _guessed(self, named: Mapping[PartyKind, str], person: Mapping[str, str]) -> PartyKind:
        kind = next((kind for kind, name in named.items() if name), PartyKind.PERSON)
        name = named.get(kind) or person.get("name", "")
        if re.match(r"(?i)(?:vve|vereniging van eigena)", name):
            return PartyKind.OWNERS_ASSOCIATION
        if kind is PartyKind.PERSON and self._text(Field.REGISTRATION_NUMBER):
            return PartyKind.ORGANISATION
        return kind

    def _person(self) -> dict[str, str]:
        """The parts of a personal name: an initial stands on the envelope, a given name where there is none."""
        given, initials = self._text(Field.GIVEN_NAMES), self._text(Field.INITIALS)
        prefix, family = self._text(Field.NAME_PREFIX), self._text(Field.FAMILY_NAME)
        whole = self._text(Field.FULL_NAME)
        if not family and whole:
            parts = name_parts(whole)
            return parts if not given else parts | {"given_names": given}
        if family and not prefix and "," in family:
            family, _, prefix = (part.strip() for part in family.partition(","))
        name = whole or " ".join(part for part in (initials or given, prefix, family) if part)
        found = {"name": name, "given_names": given or initials, "name_prefix": prefix, "family_name": family}
        return {key: value for key, value in found.items() if value} if family else {}

    def _address(self) -> dict[str, Any]:
        street, house_number = self._text(Field.STREET), self._house_number()
        if not street and (whole := self._text(Field.STREET_AND_NUMBER)):
            street, house_number = (whole, house_number) if house_number else street_parts(whole)
        postcode, city = self._text(Field.POSTCODE), self._text(Field.CITY)
        if whole := self._text(Field.POSTCODE_AND_CITY):
            parts = city_parts(whole)
            postcode, city = parts[0] or postcode, city or parts[1]
        told = {"street": street, "house_number": house_number, "postcode": postcode, "city": city,
                "country": self._cell(Field.COUNTRY, read_country)}  # fmt: skip
        return {name: value for name, value in told.items() if value}

    def _house_number(self) -> str:
        number, letter = self._text(Field.HOUSE_NUMBER), self._text(Field.HOUSE_LETTER)
        addition = self._text(Field.HOUSE_ADDITION)
        return f"{number}{letter}" + (f"-{addition}" if addition else "") if number else ""

    def _contact(self, kind: PartyKind) -> dict[str, Any]:
        phones = [self._cell(one, read_phone) for one in (Field.MOBILE, Field.PHONE)]
        told = {
            "email": self._text(Field.EMAIL),
            "phone": " / ".join(dict.fromkeys(one for one in phones if one)),
            "birth_date": self._cell(Field.BIRTH_DATE, read_day),
            "registration_number": self._cell(Field.REGISTRATION_NUMBER, read_registration_number),
            "language": self._cell(Field.LANGUAGE, read_language),
        }
        return {name: value for name, value in told.items() if value}

    def _facts(self, kind: PartyKind, told: Mapping[str, Any]) -> PartyFacts:
        given = PartyFacts(**({"name": ""} | dict(told)))
        try:
            return normal_facts(given, kind, today=self.reader.today)
        except InvalidInput as invalid:
            for problem in invalid.problems:
                reason = RowReason.NAME_MISSING if problem.reason == "name_missing" else problem.reason
                self._tell(reason, *FACT_FIELDS.get(problem.key, ()), **problem.details)
            return given

    # what happened

    def _events(self, class_code: str | None, class_since: date | None) -> Iterator[SheetEvent]:
        before, applied, admitted = self._class(Field.CLASS_BEFORE), self._day(Field.APPLIED_ON), self._entry()
        if applied is None and admitted is None:
            if not any(self._text(one) for one in (Field.ADMITTED_ON, Field.APPLIED_ON)):
                self._tell(RowReason.ENTRY_MISSING, Field.ADMITTED_ON, Field.APPLIED_ON)
            return
        if class_code is None:
            if not self._text(Field.CLASS):
                self._tell(RowReason.CLASS_MISSING, Field.CLASS)
            return
        changed = self._changed(before, class_since, admitted)
        first = before if changed is not None and before else class_code
        if applied is not None:
            yield SheetEvent(kind=EventKind.APPLIED, on=applied, class_code=first)
        yield from self._dated(
            (EventKind.WITHDRAWN, Field.APPLICATION_WITHDRAWN_ON), (EventKind.REFUSED, Field.REFUSED_ON)
        )
        if admitted is None:
            return
        yield SheetEvent(kind=EventKind.ADMITTED, on=admitted, class_code=first)
        if changed is not None:
            yield SheetEvent(kind=EventKind.CLASS_CHANGED, on=changed, class_code=class_code)
        yield from self._dated(
            (EventKind.SUSPENDED, Field.SUSPENDED_FROM), (EventKind.REINSTATED, Field.REINSTATED_ON),
            (EventKind.NOTICE_GIVEN, Field.NOTICE_ON),
        )  # fmt: skip
        yield from self._ended(self._end(), Field.END_REASON)
        again = self._day(Field.READMITTED_ON)
        if again is not None:
            yield SheetEvent(kind=EventKind.READMITTED, on=again, class_code=class_code)
        yield from self._ended(_after(self._day(Field.LAST_DAY_AGAIN)), Field.END_REASON_AGAIN)

    def _entry(self) -> date | None:
        return self._day(Field.ADMITTED_ON)

    def _dated(self, *wanted: tuple[EventKind, Field]) -> Iterator[SheetEvent]:
        for kind, one in wanted:
            if (day := self._day(one)) is not None:
                yield SheetEvent(kind=kind, on=day)

    def _changed(self, before: str | None, since: date | None, admitted: date | None) -> date | None:
        """The day on which the kind of membership became what it is, where it was another one first."""
        if since is None:
            if before is not None and not self._text(Field.CLASS_SINCE):
                self._tell(RowReason.CLASS_SINCE_MISSING, Field.CLASS_BEFORE)
            return None
        if before is None:
            if since != admitted and not self._text(Field.CLASS_BEFORE):
                self._tell(RowReason.CLASS_BEFORE_MISSING, Field.CLASS_SINCE)
            return None
        return since

    def _end(self) -> date | None:
        """The first day without: the day after the last day as a member."""
        last, without = _after(self._day(Field.LAST_DAY)), self._day(Field.FIRST_DAY_WITHOUT)
        if last is not None and without is not None and last != without:
            self._tell(RowReason.ENDS_DIFFER, Field.FIRST_DAY_WITHOUT)
        return last or without

    def _ended(self, day: date | None, why: Field) -> Iterator[SheetEvent]:
        if day is None:
            return
        reason = self._cell(why, read_end_reason)
        if reason is None and not self._text(why):
            self._tell(RowReason.END_REASON_ASSUMED, why, Field.LAST_DAY, Field.FIRST_DAY_WITHOUT)
        yield SheetEvent(kind=EventKind.ENDED, on=day, end_reason=reason or EndReason.RESIGNATION)

    def _doubt_days(self, events: Sequence[SheetEvent], facts: PartyFacts) -> None:
        days: dict[EventKind, date] = {}
        for event in events:
            days.setdefault(event.kind, event.on)
        entry, applied, end = (days.get(kind) for kind in (EventKind.ADMITTED, EventKind.APPLIED, EventKind.ENDED))
        if entry is None:
            return
        if end is not None and end <= entry:
            self._tell(RowReason.END_BEFORE_ENTRY, Field.LAST_DAY, Field.FIRST_DAY_WITHOUT)
        if applied is not None and applied > entry:
            self._tell(RowReason.APPLIED_AFTER_ENTRY, Field.APPLIED_ON)
        if facts.birth_date is not None and entry < facts.birth_date:
            self._tell(RowReason.ENTRY_BEFORE_BIRTH, Field.ADMITTED_ON)
        if entry > self.reader.today:
            self._tell(RowReason.DAY_AHEAD, Field.ADMITTED_ON)
        paid = self._day(Field.FIRST_PAYMENT_ON)
        if paid is not None and entry > paid:
            self._tell(RowReason.ENTRY_AFTER_PAYMENT, Field.ADMITTED_ON, paid=paid.isoformat())


def _after(day: date | None) -> date | None:
    return None if day is None else day + timedelta(days=1)


def event_column(reader: Reader, kind: EventKind) -> int | None:
    """The column from which an event of this kind comes."""
    column = reader.place.get(_EVENT_FIELD.get(kind, Field.ADMITTED_ON))
    return reader.place.get(Field.FIRST_DAY_WITHOUT) if column is None and kind is EventKind.ENDED else column
