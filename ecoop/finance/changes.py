"""Change one value of a case by its key path, and tell which unit stands behind a key path."""

import tomllib
from collections.abc import Mapping, Sequence

from ecoop.errors import InvalidInput, Problem
from ecoop.finance.inputs import CaseInputs
from ecoop.finance.reasons import InputReason
from ecoop.finance.schema import (
    DISTRIBUTIONS,
    Chance,
    Correlations,
    Flag,
    Name,
    NamedAmounts,
    Number,
    Rule,
    Table,
    Tables,
    Text,
    YearMonth,
    rules_of,
)
from ecoop.units import Unit

PLAIN_TEXT = (Text, Name, YearMonth)
WITHOUT_PARTS = (Number, Flag, *PLAIN_TEXT, Correlations)
PARAMETERS = frozenset(name for names in DISTRIBUTIONS.values() for name in names)


def unit_of(key_path: str) -> str:
    """Unit of the value behind a key path, such as "EUR", "EUR/GJ", "share"; empty for text and switches.

    Items of a list are addressed by their name: `capex.asset.heat_pump_stations.life_years`.

    Raises
    ------
    InvalidInput
        When no case can have this key path.
    """
    rule, rest = _find(key_path)
    if isinstance(rule, Table | Tables | NamedAmounts):
        return str(Unit.NONE)
    if isinstance(rule, Chance) and rest in (["dist"], ["sigma"]):
        return str(Unit.NONE if rest == ["dist"] else Unit.FACTOR)
    return str(rule.unit)


def override(mapping: Mapping[str, object], key_path: str, value: object) -> Mapping[str, object]:
    """Give a case with one value changed; the given one stays as it is.

    Parameters
    ----------
    mapping : Mapping[str, object]
        The case as a TOML reader gives it.
    key_path : str
        Where: `tariff.per_gj`, `segment.flat_owner.count`, `capex.yearly_share.2026`, `stress.elec_factor`. Optional
        tables are made when they are not there.
    value : object
        What. Text for a key that wants no text is read as TOML, so "37.5", "true" and "[1, 2]" work; whether the
        value is allowed is for `read_case` to say.

    Raises
    ------
    InvalidInput
        When no case can have this key path, or no item of a list bears the name.
    """
    rule, rest = _find(key_path)
    plain = isinstance(rule, PLAIN_TEXT) or (isinstance(rule, Chance) and rest == ["dist"])
    if isinstance(value, str) and not plain:
        value = _from_text(value)
    changed = _with(mapping, key_path.split("."), value, key_path)
    assert isinstance(changed, Mapping)  # noqa: S101 - a mapping stays a mapping
    return changed


def _unknown(key_path: str, reason: InputReason, **details: object) -> InvalidInput:
    return InvalidInput((Problem(key=key_path, reason=str(reason), details=details),))


def _find(key_path: str) -> tuple[Rule, list[str]]:
    """The rule at a key path, and what is left of the path inside the value."""
    rest, shape = key_path.split("."), CaseInputs
    rule: Rule = Table(shape=shape)
    while rest and isinstance(rule, Table | Tables):
        rules = rules_of(rule.shape)
        named = next((one for one in rules.values() if isinstance(one, NamedAmounts)), None)
        inside = rules.get(rest[0])
        if isinstance(inside, NamedAmounts) or (inside is None and named is None):
            raise _unknown(key_path, InputReason.UNKNOWN_KEY, closest="")
        chosen = inside or named
        assert chosen is not None  # noqa: S101 - one of both is there
        rule, rest = (chosen if inside else chosen.item), rest[1:]  # type: ignore[union-attr]
        if isinstance(rule, Tables):
            rest = rest[1:]
    chance = isinstance(rule, Chance)
    fits = not rest or (len(rest) == 1 and not isinstance(rule, WITHOUT_PARTS))
    if not fits or (chance and rest and rest[0] not in PARAMETERS | {"dist"}):
        raise _unknown(key_path, InputReason.UNKNOWN_KEY, closest="")
    return rule, rest


def _from_text(text: str) -> object:
    """Read text as a TOML value; what is none stays text, also where it holds more digits or brackets than fit."""
    try:
        read = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    return read["value"] if len(read) == 1 else text


def _with(here: object, path: Sequence[str], value: object, key_path: str) -> object:
    """A copy of a table or list in which the value at the path is another."""
    if not path:
        return value
    head, rest = path[0], path[1:]
    if isinstance(here, Mapping):
        return {**here, head: _with(here.get(head, {}), rest, value, key_path)}
    if not isinstance(here, Sequence) or isinstance(here, str):
        raise _unknown(key_path, InputReason.WRONG_TYPE, expected="table", found="value")
    for at, item in enumerate(here):
        name = item.get("name") if isinstance(item, Mapping) else str(at + 1)
        if name == head:
            return [*here[:at], _with(item, rest, value, key_path), *here[at + 1 :]]
    raise _unknown(key_path, InputReason.UNKNOWN_NAME, name=head)
