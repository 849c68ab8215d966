"""Who may use whom. The contracts stand in pyproject.toml."""

import ast
import subprocess
import sys

import pytest

from tests.support.repository import PACKAGE, ROOT, code

HEAVY = ("pandas", "scipy", "plotly", "openpyxl", "xlsxwriter", "numpy")
JOURNEYS = sorted(path.parent.name for path in (PACKAGE / "web").glob("*/__init__.py"))


def contracts() -> str:
    return (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_the_contracts_are_kept() -> None:
    # in a process of its own, because the command silences the loggers that it finds
    program = "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-cache', '--no-logo'])"

    answer = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True, cwd=ROOT)

    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize("journey", JOURNEYS)
def test_every_journey_stands_in_the_contract_of_journeys(journey: str) -> None:
    assert f'"ecoop.web.{journey}"' in contracts()


def test_what_the_journeys_share_knows_no_journey() -> None:
    shared = [(path, tree) for path, tree in code(PACKAGE / "web") if path.count("/") == 2]
    known = {
        (path, node.module)
        for path, tree in shared
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and node.module
        and any(f"{node.module}.".startswith(f"ecoop.web.{journey}.") for journey in JOURNEYS)
    }

    assert known == set()


def test_the_command_line_starts_without_the_heavy_libraries() -> None:
    program = f"import sys, ecoop.cli; print(*[name for name in {HEAVY!r} if name in sys.modules])"

    answer = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, cwd=ROOT)

    assert answer.stdout.split() == []
