"""Read a case from a mapping as TOML gives it: every problem told at once, nothing guessed."""

import difflib
import itertools
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from ecoop.errors import InvalidInput, Problem
from ecoop.finance.checks import check_together
from ecoop.finance.inputs import CaseInputs, Distribution, MonteCarlo
from ecoop.finance.raw import is_finite, is_list, kind_of, readable
from ecoop.finance.reasons import InputReason
from ecoop.finance.schema import (
    DISTRIBUTIONS,
    Anchors,
    ByYear,
    Chance,
    Correlations,
    Flag,
    Growth,
    MonthsByYear,
    Name,
    NamedAmounts,
    Number,
    Numbers,
    Rule,
    Table,
    Tables,
    Text,
    YearMonth,
    defaults_of,
    rules_of,
)
from ecoop.units import Unit

TOLERANCE_OF_SHARES = 1e-9
NAME_PATTERN = re.compile(r"[A-Za-z0-9_-]+")
MONTH_PATTERN = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
KEY_AND_VALUE = 2
PAIR_AND_VALUE = 3
UNCERTAIN_INPUTS = tuple(key for key, rule in rules_of(MonteCarlo).items() if isinstance(rule, Chance))


class _Bad:
    """Stands for a value that could not be read, so that later checks leave it alone."""


BAD = _Bad()


def read_case(mapping: Mapping[str, object]) -> CaseInputs:
    """Read and validate a whole case.

    Parameters
    ----------
    mapping : Mapping[str, object]
        The case as a TOML reader gives it: tables as mappings, lists as sequences.

    Returns
    -------
    CaseInputs
        Every key of the case; keys that may stay away hold their neutral value.

    Raises
    ------
    InvalidInput
        With one `Problem` for everything that is wrong, in the order of the declaration.
    """
    reader = _Reader()
    case = reader.table(CaseInputs, mapping, "")
    problems = [*reader.problems, *check_together(reader.values)]
    if problems:
        raise InvalidInput(tuple(problems))
    assert isinstance(case, CaseInputs)  # noqa: S101 - without problems the table was built
    return case


def joined(path: str, key: str) -> str:
    """Append a key to a key path."""
    return f"{path}.{key}" if path else key


class _Reader:
    """Walks the declared shape beside the mapping and collects problems and good values by key path."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.values: dict[str, Any] = {}
        self._readers: dict[type, Callable[[Any, object, str], Any]] = {
            Number: self.number,
            Flag: self.flag,
            Text: self.text,
            Name: self.name,
            YearMonth: self.year_month,
            Numbers: self.numbers,
            ByYear: self.by_year,
            Growth: self.growth,
            Anchors: self.anchors,
            MonthsByYear: self.months_by_year,
            Chance: self.chance,
            Correlations: self.correlations,
            Table: lambda rule, raw, path: self.table(rule.shape, raw, path),
            Tables: self.tables,
        }

    def refuse(self, path: str, reason: InputReason, **details: object) -> _Bad:
        """Remember a problem; the value then counts as bad."""
        self.problems.append(Problem(key=path, reason=str(reason), details=details))
        return BAD

    def wrong_type(self, path: str, expected: str, raw: object) -> _Bad:
        return self.refuse(path, InputReason.WRONG_TYPE, expected=expected, found=kind_of(raw))

    def read(self, rule: Rule, raw: object, path: str) -> Any:
        """Read one value after its rule and remember it when it is good."""
        value = self._readers[type(rule)](rule, raw, path)
        if value is not BAD:
            self.values[path] = value
        return value

    def table(self, shape: type, raw: object, path: str) -> Any:
        """Read a table: every declared key, nothing else."""
        if not isinstance(raw, Mapping):
            return self.wrong_type(path, "table", raw)
        rules, defaults = rules_of(shape), defaults_of(shape)
        values: dict[str, Any] = {}
        claimed = {key for key, rule in rules.items() if not isinstance(rule, NamedAmounts)}
        loose: dict[str, object] = {str(key): raw[key] for key in raw if key not in claimed}
        for key, rule in rules.items():
            if isinstance(rule, NamedAmounts):
                values[key] = self.named_amounts(rule, loose, path)
                loose = {}
            elif key in raw:
                values[key] = self.read(rule, raw[key], joined(path, key))
            elif key in defaults:
                values[key] = self.values[joined(path, key)] = defaults[key]
            else:
                values[key] = self.refuse(joined(path, key), InputReason.MISSING_KEY)
        for key in loose:
            closest = next(iter(difflib.get_close_matches(key, rules, n=1)), "")
            self.refuse(joined(path, key), InputReason.UNKNOWN_KEY, closest=closest)
        return BAD if any(value is BAD for value in values.values()) else shape(**values)

    def tables(self, rule: Tables, raw: object, path: str) -> Any:
        """Read a list of tables whose key paths use their names."""
        if not is_list(raw):
            return self.wrong_type(path, "list", raw)
        if not raw and not rule.optional:
            return self.refuse(path, InputReason.EMPTY)
        seen: set[str] = set()
        items = []
        for position, item in enumerate(raw, start=1):
            name = item.get("name") if isinstance(item, Mapping) else None
            named = isinstance(name, str) and NAME_PATTERN.fullmatch(name) and name not in seen
            if isinstance(name, str) and name in seen:
                self.refuse(joined(path, f"{position}.name"), InputReason.DUPLICATE_NAME, name=str(name))
            items.append(self.table(rule.shape, item, joined(path, str(name) if named else str(position))))
            seen |= {str(name)} if named else set()
        return BAD if any(item is BAD for item in items) else tuple(items)

    def number(self, rule: Number, raw: object, path: str) -> Any:
        """Read a number; a switch is no number, and whole numbers stay whole."""
        if isinstance(raw, bool) or not isinstance(raw, int | float):
            return self.wrong_type(path, "number", raw)
        if not is_finite(raw):
            return self.refuse(path, InputReason.NOT_FINITE)
        if rule.whole and not isinstance(raw, int):
            return self.refuse(path, InputReason.NOT_WHOLE, value=repr(float(raw)))  # 20.0 must not read as 20
        outside = _outside(rule, raw)
        if outside is not None:
            return self.refuse(path, outside, value=readable(raw), **_ends(rule, outside))
        return int(raw) if rule.whole else float(raw) + 0.0  # + 0.0 turns -0.0 into 0.0

    def flag(self, _rule: Flag, raw: object, path: str) -> Any:
        """Read yes or no."""
        return bool(raw) if isinstance(raw, bool) else self.wrong_type(path, "switch", raw)

    def text(self, rule: Text, raw: object, path: str) -> Any:
        """Read a text or one of several choices; choices that are an enum come back as its member."""
        if not isinstance(raw, str):
            return self.wrong_type(path, "text", raw)
        if rule.choices:
            chosen = next((choice for choice in rule.choices if choice == raw), None)
            choices = ", ".join(rule.choices)
            return chosen or self.refuse(path, InputReason.UNKNOWN_CHOICE, value=str(raw), choices=choices)
        return str(raw) if raw.strip() else self.refuse(path, InputReason.EMPTY)

    def name(self, _rule: Name, raw: object, path: str) -> Any:
        """Read a name that can stand in a key path."""
        if not isinstance(raw, str):
            return self.wrong_type(path, "text", raw)
        return str(raw) if NAME_PATTERN.fullmatch(raw) else self.refuse(path, InputReason.BAD_NAME, name=str(raw))

    def year_month(self, _rule: YearMonth, raw: object, path: str) -> Any:
        """Read a month such as "2025-05"."""
        if not isinstance(raw, str):
            return self.wrong_type(path, "text", raw)
        found = MONTH_PATTERN.fullmatch(raw)
        if found is None:
            return self.refuse(path, InputReason.NOT_A_MONTH, value=str(raw))
        return int(found[1]), int(found[2])

    def numbers(self, rule: Numbers, raw: object, path: str) -> Any:
        """Read a list of numbers."""
        if not is_list(raw):
            return self.wrong_type(path, "list", raw)
        if not raw:
            return self.refuse(path, InputReason.EMPTY)
        if rule.length is not None and len(raw) != rule.length:
            return self.refuse(path, InputReason.WRONG_LENGTH, expected=rule.length, found=len(raw))
        items = [self.number(rule.item, item, joined(path, str(at))) for at, item in enumerate(raw, start=1)]
        if any(item is BAD for item in items):
            return BAD
        if rule.increasing:
            for earlier, later in itertools.pairwise(items):
                if later <= earlier:
                    return self.refuse(path, InputReason.NOT_INCREASING, item=later)
        return self.sums_to_one(path, items) if rule.sums_to_one else tuple(items)

    def sums_to_one(self, path: str, shares: list[float]) -> Any:
        """Refuse shares that leave something over or hand out too much."""
        total = math.fsum(shares)
        if abs(total - 1.0) > TOLERANCE_OF_SHARES:
            return self.refuse(path, InputReason.SUM_NOT_ONE, total=total)
        return tuple(shares)

    def years(self, raw: object, path: str) -> Any:
        """Read the keys of a table by year, in order."""
        if not isinstance(raw, Mapping):
            return self.wrong_type(path, "table", raw)
        if not raw:
            return self.refuse(path, InputReason.EMPTY)
        wrong = [str(key) for key in raw if not re.fullmatch(r"[12][0-9]{3}", str(key))]
        for key in wrong:
            self.refuse(joined(path, key), InputReason.NOT_A_YEAR, value=key)
        return BAD if wrong else sorted((int(str(key)), raw[key]) for key in raw)

    def by_year(self, rule: ByYear, raw: object, path: str) -> Any:
        """Read a table year = number."""
        rows = self.years(raw, path)
        if rows is BAD:
            return BAD
        items = [self.number(rule.item, item, joined(path, str(year))) for year, item in rows]
        if any(item is BAD for item in items):
            return BAD
        if rule.sums_to_one and self.sums_to_one(path, items) is BAD:
            return BAD
        return tuple((year, item) for (year, _), item in zip(rows, items, strict=True))

    def growth(self, rule: Growth, raw: object, path: str) -> Any:
        """Read yearly growth: one number, or one per year."""
        if isinstance(raw, Mapping):
            return self.by_year(ByYear(item=rule.item), raw, path)
        return self.number(rule.item, raw, path)

    def anchors(self, _rule: Anchors, raw: object, path: str) -> Any:
        """Read the list of [month, share]; months must increase and shares may not fall."""
        if not is_list(raw):
            return self.wrong_type(path, "list", raw)
        if not raw:
            return self.refuse(path, InputReason.EMPTY)
        pairs = [self.pair(item, joined(path, str(at))) for at, item in enumerate(raw, start=1)]
        if any(pair is BAD for pair in pairs):
            return BAD
        for earlier, later in itertools.pairwise(pairs):
            if later[0] <= earlier[0] or later[1] < earlier[1]:
                return self.refuse(path, InputReason.NOT_INCREASING, item="{}-{:02d}".format(*later[0]))
        if pairs[0][1] != 0.0:
            return self.refuse(path, InputReason.FIRST_ANCHOR_NOT_ZERO, value=pairs[0][1])
        return tuple(pairs)

    def pair(self, raw: object, path: str) -> Any:
        """Read one anchor."""
        if not is_list(raw):
            return self.wrong_type(path, "list", raw)
        if len(raw) != KEY_AND_VALUE:
            return self.refuse(path, InputReason.WRONG_LENGTH, expected=KEY_AND_VALUE, found=len(raw))
        month = self.year_month(YearMonth(), raw[0], path)
        share = self.number(Number(unit=Unit.SHARE, high=1.0), raw[1], path)
        return BAD if BAD in (month, share) else (month, share)

    def months_by_year(self, rule: MonthsByYear, raw: object, path: str) -> Any:
        """Read a table year = list of months."""
        rows = self.years(raw, path)
        if rows is BAD:
            return BAD
        month = Number(unit=Unit.MONTH, low=1, high=12, whole=True)
        months = Numbers(item=month, length=KEY_AND_VALUE if rule.span else None, increasing=not rule.span)
        items = [(year, self.numbers(months, item, joined(path, str(year)))) for year, item in rows]
        if any(item is BAD for _, item in items):
            return BAD
        for year, item in items:
            if rule.span and item[1] < item[0]:
                return self.refuse(joined(path, str(year)), InputReason.NOT_INCREASING, item=item[1])
        return tuple(items)

    def named_amounts(self, rule: NamedAmounts, raw: Mapping[str, object], path: str) -> Any:
        """Read the amounts of a table whose keys are names; at least one."""
        if not raw:
            return self.refuse(path, InputReason.EMPTY)
        items = [(name, self.read(rule.item, item, joined(path, name))) for name, item in raw.items()]
        for name in raw:
            if not NAME_PATTERN.fullmatch(name):
                self.refuse(joined(path, name), InputReason.BAD_NAME, name=name)
            elif name in rule.reserved:
                self.refuse(joined(path, name), InputReason.RESERVED_NAME, name=name)
        return BAD if any(item is BAD for _, item in items) else tuple(sorted(items))

    def chance(self, rule: Chance, raw: object, path: str) -> Any:
        """Read a distribution and the numbers its family needs."""
        if not isinstance(raw, Mapping):
            return self.wrong_type(path, "table", raw)
        if "dist" not in raw:
            return self.refuse(joined(path, "dist"), InputReason.MISSING_KEY)
        family = self.text(Text(choices=tuple(DISTRIBUTIONS)), raw["dist"], joined(path, "dist"))
        if family is BAD:
            return BAD
        wanted = DISTRIBUTIONS[family]
        parameters: dict[str, Any] = {}
        for key in wanted:
            spread = key in ("sigma", "sd", "median")
            limits = Number(unit=rule.unit, low=0.0 if spread else -1e6, high=1e6, open_low=key == "median")
            if key in raw:
                parameters[key] = self.number(limits, raw[key], joined(path, key))
            else:
                parameters[key] = self.refuse(joined(path, key), InputReason.MISSING_KEY)
        for key in raw:
            if key not in (*wanted, "dist"):
                self.refuse(joined(path, str(key)), InputReason.UNKNOWN_KEY, closest="")
        if any(value is BAD for value in parameters.values()):
            return BAD
        return self.ordered(family, parameters, path)

    def ordered(self, family: str, parameters: dict[str, float], path: str) -> Any:
        """Refuse a triangle whose corners stand in the wrong order."""
        for earlier, later in (("low", "mode"), ("mode", "high")):
            if family == "triangular" and parameters[later] < parameters[earlier]:
                return self.refuse(
                    joined(path, later), InputReason.WRONG_ORDER, value=parameters[later],
                    other=joined(path, earlier), other_value=parameters[earlier],
                )  # fmt: skip
        return Distribution(dist=str(family), parameters=tuple(parameters.items()))

    def correlations(self, _rule: Correlations, raw: object, path: str) -> Any:
        """Read the list of [name, name, correlation]."""
        if not is_list(raw):
            return self.wrong_type(path, "list", raw)
        items = [self.correlation(item, joined(path, str(at))) for at, item in enumerate(raw, start=1)]
        return BAD if any(item is BAD for item in items) else tuple(items)

    def correlation(self, raw: object, path: str) -> Any:
        """Read one correlation between two different uncertain inputs."""
        if not is_list(raw):
            return self.wrong_type(path, "list", raw)
        if len(raw) != PAIR_AND_VALUE:
            return self.refuse(path, InputReason.WRONG_LENGTH, expected=PAIR_AND_VALUE, found=len(raw))
        first = self.text(Text(choices=UNCERTAIN_INPUTS), raw[0], path)
        second = self.text(Text(choices=UNCERTAIN_INPUTS), raw[1], path)
        value = self.number(Number(unit=Unit.RATIO, low=-1.0, high=1.0), raw[2], path)
        if first is not BAD and first == second:
            return self.refuse(path, InputReason.DUPLICATE_NAME, name=first)
        return BAD if BAD in (first, second, value) else (first, second, value)


def _outside(rule: Number, value: float) -> InputReason | None:
    """Why a number is outside its range, in the words that fit the range best."""
    below = value <= rule.low if rule.open_low else value < rule.low
    above = value >= rule.high if rule.open_high else value > rule.high
    if not (below or above):
        return None
    if rule.unit == Unit.SHARE and not rule.open_high:
        return InputReason.NOT_A_SHARE
    if below and rule.low == 0.0:
        return InputReason.NOT_POSITIVE if rule.open_low else InputReason.NEGATIVE
    return InputReason.OUT_OF_RANGE


def _ends(rule: Number, reason: InputReason) -> dict[str, object]:
    return {"low": rule.low, "high": rule.high} if reason == InputReason.OUT_OF_RANGE else {}
