"""Cases for the tests of the engine: the demo case, and the demo case with something changed."""

import copy
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ecoop.finance import CaseInputs, CaseResult, evaluate, read_case

DEMO = Path(__file__).parents[2] / "ecoop" / "demo" / "ketelhuiswg.toml"
BASE = tomllib.loads(DEMO.read_text(encoding="utf-8"))
GONE = object()
"""As a value: the key is taken away."""


def mapping(changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The demo case as a mapping with raw changes by key path; list items by name or by position from 1."""
    case = copy.deepcopy(BASE)
    for path, value in (changes or {}).items():
        *parents, last = path.split("/") if "/" in path else path.split(".")
        here: Any = case
        for part in parents:
            here = _inside(here, part)
        if isinstance(here, list):
            here[int(last) - 1] = value
        elif value is GONE:
            del here[last]
        else:
            here[last] = value
    return case


def _inside(here: Any, part: str) -> Any:
    if isinstance(here, list):
        named = [item for item in here if isinstance(item, dict) and item.get("name") == part]
        return named[0] if named else here[int(part) - 1]
    return here.setdefault(part, {})


def inputs(changes: Mapping[str, Any] | None = None) -> CaseInputs:
    """The demo case with changes, validated."""
    return read_case(mapping(changes))


def result(changes: Mapping[str, Any] | None = None) -> CaseResult:
    """The demo case with changes, evaluated."""
    return evaluate(inputs(changes))
