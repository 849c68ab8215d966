"""What a column of a member sheet can be, and which columns of a given sheet probably are that.

The guess looks at the header first and, where that leaves a doubt, at some cells below it. It is a proposal: who
imports sees it with examples and changes it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from enum import StrEnum

from ecoop.governance.sheet_fields import RULES, Field
from ecoop.governance.sheet_values import CellUnreadable, read_day, tidy

MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 50_000, 200, 2_000
LIKE_ENOUGH = 0.87
"""How much two headers must look the same to count as one misspelt (difflib, 0-1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet as text: its header and the rows below. `first_row` is the number of the first of them in the file."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    first_row: int = 2

    def samples(self, column: int, most: int = 3) -> tuple[str, ...]:
        """The first cells of a column that hold something."""
        found = (row[column] for row in self.rows if column < len(row) and row[column])
        return tuple(cell for cell, _ in zip(found, range(most), strict=False))


_CALLED: Mapping[str, Field] = {name: rule.field for rule in RULES for name in rule.called}
_OWN_NAMES: Mapping[str, Field] = {rule.field.value: rule.field for rule in RULES}


def guess(header: Sequence[str], rows: Sequence[Sequence[str]] = ()) -> tuple[Field | None, ...]:
    """What each column probably is; None where nothing fits. No field is given twice: the best header gets it."""
    offers = sorted(
        (-likeness, column, field.value)
        for column, name in enumerate(header)
        for field, likeness in _offers(name).items()
    )
    found: dict[int, Field] = {}
    for _, column, code in offers:
        field = Field(code)
        if column not in found and field not in found.values():
            found[column] = field
    _mend_names(found)
    _mend_address(found)
    _mend_end(found, rows)
    return tuple(found.get(column) for column in range(len(header)))


def _offers(name: str) -> dict[Field, float]:
    """The fields that a header may mean, with how likely each is (0-1)."""
    word = tidy(name)
    if not word:
        return {}
    if word in _CALLED:
        return {_CALLED[word]: 1.0}
    if name.strip() in _OWN_NAMES:
        return {_OWN_NAMES[name.strip()]: 1.0}
    offers: dict[Field, float] = {}
    for called, field in _CALLED.items():
        if abs(len(called) - len(word)) > 3 or len(word) < 5:
            continue
        likeness = SequenceMatcher(None, word, called).ratio()
        if likeness >= LIKE_ENOUGH:
            offers[field] = max(likeness * 0.99, offers.get(field, 0))
    return offers


def _mend_names(found: dict[int, Field]) -> None:
    """Beside initials or a given name, a column "naam" is the family name."""
    fields = set(found.values())
    parts = {Field.INITIALS, Field.GIVEN_NAMES, Field.NAME_PREFIX}
    if Field.FULL_NAME in fields and Field.FAMILY_NAME not in fields and fields & parts:
        _swap(found, Field.FULL_NAME, Field.FAMILY_NAME)


def _mend_address(found: dict[int, Field]) -> None:
    """Beside a column with house numbers, a column "adres" is the street alone."""
    fields = set(found.values())
    if Field.STREET_AND_NUMBER in fields and Field.HOUSE_NUMBER in fields and Field.STREET not in fields:
        _swap(found, Field.STREET_AND_NUMBER, Field.STREET)


def _mend_end(found: dict[int, Field], rows: Sequence[Sequence[str]]) -> None:
    """Where most days of the end are the first of a month, they are the first day without; else the last day."""
    ends = {Field.LAST_DAY, Field.FIRST_DAY_WITHOUT}
    columns = [column for column, field in found.items() if field in ends]
    if len(columns) != 1:
        return
    days = _days(row[columns[0]] for row in rows if columns[0] < len(row))
    first = sum(day.day == 1 for day in days)
    last = sum((day + timedelta(days=1)).day == 1 for day in days)
    if found[columns[0]] is Field.LAST_DAY and first * 2 > len(days) and not last:
        found[columns[0]] = Field.FIRST_DAY_WITHOUT
    elif found[columns[0]] is Field.FIRST_DAY_WITHOUT and last * 2 > len(days) and not first:
        found[columns[0]] = Field.LAST_DAY


def _days(cells: Iterable[str]) -> list[date]:
    found = []
    for cell in cells:
        if not cell:
            continue
        try:
            day = read_day(cell)
        except CellUnreadable:
            continue
        if day < date.max:
            found.append(day)
    return found


def _swap(found: dict[int, Field], old: Field, new: Field) -> None:
    for column, field in found.items():
        if field is old:
            found[column] = new


class MappingReason(StrEnum):
    """Why a mapping cannot be used."""

    TWICE = "mapping_twice"
    NOTHING = "mapping_nothing"
    NO_NAME = "mapping_no_name"
    NO_ENTRY = "mapping_no_entry"
    COLUMN_UNKNOWN = "mapping_column_unknown"
    FIELD_UNKNOWN = "mapping_field_unknown"


NAMES = frozenset({Field.FULL_NAME, Field.FAMILY_NAME, Field.ORGANISATION_NAME, Field.ASSOCIATION_NAME,
                   Field.HOUSEHOLD_NAME})  # fmt: skip
ENTRIES = frozenset({Field.ADMITTED_ON, Field.APPLIED_ON})


def doubt_mapping(columns: Sequence[Field | None]) -> tuple[tuple[MappingReason, Field | None], ...]:
    """What is wrong with a mapping as a whole: a field twice, no name, no day of entry or application."""
    counts = Counter(field for field in columns if field is not None)
    found: list[tuple[MappingReason, Field | None]] = [
        (MappingReason.TWICE, field) for field, count in counts.items() if count > 1
    ]
    if not counts:
        return ((MappingReason.NOTHING, None),)
    if not NAMES & set(counts):
        found.append((MappingReason.NO_NAME, None))
    if not ENTRIES & set(counts):
        found.append((MappingReason.NO_ENTRY, None))
    return tuple(found)


def apply_names(header: Sequence[str], told: Mapping[str, str], guessed: Sequence[Field | None]) -> tuple[
    tuple[Field | None, ...], tuple[tuple[MappingReason, str], ...]
]:  # fmt: skip
    """The guess, changed by what a mapping file tells: header of a column → field, nothing: left out.

    A field that the file gives to one column is taken from another that was only guessed.
    """
    columns, wrong = list(guessed), []
    place = {tidy(name): column for column, name in reversed(list(enumerate(header)))}
    chosen: dict[int, Field | None] = {}
    for name, code in told.items():
        column = place.get(tidy(name))
        if column is None:
            wrong.append((MappingReason.COLUMN_UNKNOWN, name))
        elif code and code not in _OWN_NAMES:
            wrong.append((MappingReason.FIELD_UNKNOWN, code))
        else:
            chosen[column] = _OWN_NAMES[code] if code else None
    taken = {field for field in chosen.values() if field is not None}
    for column, field in enumerate(columns):
        if column in chosen:
            columns[column] = chosen[column]
        elif field in taken:
            columns[column] = None
    return tuple(columns), tuple(wrong)
