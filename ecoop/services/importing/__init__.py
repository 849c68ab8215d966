"""Taking over an existing member sheet: read row by row, compared, written at once, undone as a whole."""

from ecoop.services.importing.desk import (
    TAKE_BACK,
    TAKE_OVER,
    ask_undo,
    choose_columns,
    confirm,
    discard,
    import_at_once,
    keep_sheet,
    known_classes,
    plan_import,
    read_blockers,
    read_errand,
    require_runnable,
    require_sound,
    take_over,
    undo,
)
from ecoop.services.importing.mappings import MappingView, mapping_problems, read_mappings, save_mapping
from ecoop.services.importing.planning import Difference, Plan, PlannedRow
from ecoop.services.importing.rows import ColumnChoice, RowProblem
from ecoop.services.importing.undoing import Blocker, Later
from ecoop.services.importing.views import OPEN, ImportView, read_import, read_imports
from ecoop.services.importing.writing import RegisterMoved

__all__ = [
    "OPEN",
    "TAKE_BACK",
    "TAKE_OVER",
    "Blocker",
    "ColumnChoice",
    "Difference",
    "ImportView",
    "Later",
    "MappingView",
    "Plan",
    "PlannedRow",
    "RegisterMoved",
    "RowProblem",
    "ask_undo",
    "choose_columns",
    "confirm",
    "discard",
    "import_at_once",
    "keep_sheet",
    "known_classes",
    "mapping_problems",
    "plan_import",
    "read_blockers",
    "read_errand",
    "read_import",
    "read_imports",
    "read_mappings",
    "require_runnable",
    "require_sound",
    "save_mapping",
    "take_over",
    "undo",
]
