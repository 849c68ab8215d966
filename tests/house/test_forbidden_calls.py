"""What only one room may do: pass by the scope, write SQL as text, ask what time it is."""

import ast
import re
from collections.abc import Callable, Iterator

import pytest

from tests.support.repository import PACKAGE, code

ROUND_THE_SCOPE = {
    "__table__",
    "bulk_insert_mappings",
    "bulk_save_objects",
    "bulk_update_mappings",
    "create_engine",
    "exec_driver_sql",
    "get_bind",
    "literal_column",
    "make_transient",
    "make_transient_to_detached",
    "raw_connection",
    "sqlite3",
    "text",
}
"""Names from SQLAlchemy and the standard library that reach rows without a scope."""

ALLOWED = {
    # A file of another release or program is asked what it is, without changing a byte of it.
    ("ecoop/demo/keeping.py", "sqlite3"),
}

CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.localtime"}


def dotted(node: ast.AST) -> str:
    """The name as it is written: `sa.text`, `database.writer.connect`."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def imported(node: ast.AST) -> Iterator[str]:
    """Names taken from SQLAlchemy or the driver, whatever they are called afterwards."""
    if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "sqlalchemy":
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.Import):
        yield from (alias.name.partition(".")[0] for alias in node.names)


def ways_round_the_scope(tree: ast.Module) -> Iterator[str]:
    """Everything in a file that could reach rows of another cooperative."""
    conditions = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg in {"sqlite_where", "postgresql_where"}
        for part in ast.walk(node)
    }  # of an index, written as text in the models
    for node in ast.walk(tree):
        yield from (name for name in imported(node) if name in ROUND_THE_SCOPE)
        name = dotted(node)
        last = name.rpartition(".")[2]
        if id(node) in conditions or not isinstance(node, ast.Attribute):
            continue
        if last in ROUND_THE_SCOPE - {"text"} or name in {"sa.text", "sqlalchemy.text"}:
            yield name
        if re.search(r"\b(writer|reader)\.(begin|connect|execution_options|pool)$", name):
            yield name
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and dotted(node.func).endswith(".connection"):
            yield dotted(node.func)


def clocks(tree: ast.Module) -> Iterator[str]:
    """Everything in a file that asks for the time by itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ".".join(dotted(node).split(".")[-2:]) in CLOCKS:
            yield dotted(node)


def found(look: Callable[[ast.Module], Iterator[str]], *rooms: str) -> set[tuple[str, str]]:
    return {(path, name) for path, tree in code() if not path.startswith(rooms) for name in look(tree)} - ALLOWED


def test_nobody_passes_by_the_scope() -> None:
    assert found(ways_round_the_scope, "ecoop/db.py", "ecoop/migrations/") == set()


def test_only_the_clock_asks_what_time_it_is() -> None:
    assert found(clocks, "ecoop/clock.py") == set()


def test_what_is_allowed_still_happens() -> None:
    ways = {(path, name) for path, tree in code() for name in ways_round_the_scope(tree)}

    assert ways >= ALLOWED


@pytest.mark.parametrize(
    "line",
    [
        "session.connection()",
        "session.bulk_save_objects([])",
        "sa.text('SELECT 1')",
        "from sqlalchemy import text",
        "import sqlite3",
        "sa.create_engine('sqlite://')",
        "Building.__table__",
        "database.writer.connect()",
        "session.get_bind()",
    ],
)
def test_a_way_round_the_scope_is_noticed(line: str) -> None:
    assert list(ways_round_the_scope(ast.parse(line)))


@pytest.mark.parametrize("line", ["datetime.now()", "datetime.datetime.now(UTC)", "datetime.date.today()"])
def test_a_clock_of_ones_own_is_noticed(line: str) -> None:
    assert list(clocks(ast.parse(line)))


def test_the_condition_of_an_index_may_be_text() -> None:
    index = "sa.Index('x', sqlite_where=sa.text('ends_on IS NULL'))"

    assert list(ways_round_the_scope(ast.parse(index))) == []


def test_there_is_code_to_look_at() -> None:
    assert len(list(code(PACKAGE))) > 30
