"""The files of the repository, and the syntax trees of its code."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "ecoop"

MADE_HERE = {".git", ".venv", ".tools", "var", "dist", "build", "__pycache__", "node_modules"}
"""Folders that are made by working here and never published."""


@cache
def published_files() -> tuple[Path, ...]:
    """What git keeps; where there is no git (an unpacked sdist), everything that was not made by working here."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(
            ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True
        )
        names = listed.stdout.decode().split("\0")
        return tuple(path for name in names if name and (path := ROOT / name).is_file())
    return tuple(sorted(path for path in ROOT.rglob("*") if path.is_file() and not _made_here(path)))


def _made_here(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    caches = any(part in MADE_HERE or part.endswith(("_cache", ".egg-info")) for part in parts)
    return caches or parts[0] == ".hypothesis" or path.suffix in {".mo", ".pyc"} or path.name.startswith(".coverage")


def relative(path: Path) -> str:
    """How the path is called inside the repository."""
    return path.relative_to(ROOT).as_posix()


def code(folder: Path = PACKAGE) -> Iterator[tuple[str, ast.Module]]:
    """Every Python file below `folder`: its path in the repository and its syntax tree."""
    for path in sorted(folder.rglob("*.py")):
        yield relative(path), ast.parse(path.read_text(encoding="utf-8"), str(path))
