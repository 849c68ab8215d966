"""The pure engine: inputs of a case in, figures out. No database, no web, no clock, no language."""

from ecoop.finance.changes import override, unit_of
from ecoop.finance.digest import ENGINE_VERSION, canonical_digest
from ecoop.finance.document import as_document
from ecoop.finance.inputs import CaseInputs
from ecoop.finance.reading import read_case
from ecoop.finance.reasons import InputReason
from ecoop.finance.results import CaseResult, evaluate
from ecoop.finance.scenarios import ScenarioResult, evaluate_scenarios

__all__ = [
    "ENGINE_VERSION",
    "CaseInputs",
    "CaseResult",
    "InputReason",
    "ScenarioResult",
    "as_document",
    "canonical_digest",
    "evaluate",
    "evaluate_scenarios",
    "override",
    "read_case",
    "unit_of",
]
