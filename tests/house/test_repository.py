"""What is published: no trace of one machine, nothing fetched from strangers, nothing left half done."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.support.repository import ROOT, published_files, relative

REQUIREMENTS = sorted((ROOT / "requirements").glob("*.txt"))

UNWANTED = {
    "a path of one machine": r"(?<![\w./-])/(?:work|root|home/\w+|Users/\w+)/",
    "an address of a package index": r"p[y]pi\.org|p[y]thonhosted|/simple/|file:///",
    "an address of a content network": r"\bcdn\.|unpkg|googleapis|gstatic|jsdelivr|cdnjs|fonts\.bunny",
    "unfinished work": r"\b(?:TODO|FIXME|XXX|WIP|HACK|TBD)\b|lorem ipsum|not implemented yet",
}
SPELLED_OUT_HERE = {"tests/house/test_repository.py", "tests/web/test_security.py"}
MADE_FROM_OTHERS = ("*.mo", "*.min.*", "*.pyc", "*.whl", "*.sqlite3")


def texts() -> list[tuple[str, str]]:
    readable = []
    for path in published_files():
        content = path.read_bytes()
        if b"\0" not in content and relative(path) not in SPELLED_OUT_HERE:
            readable.append((relative(path), content.decode("utf-8")))
    return readable


@pytest.mark.parametrize("pattern", UNWANTED.values(), ids=UNWANTED)
def test_no_published_text_holds(pattern: str) -> None:
    found = [(path, match[0]) for path, text in texts() for match in re.finditer(pattern, text)]

    assert found == []


@pytest.mark.parametrize("kind", MADE_FROM_OTHERS)
def test_what_can_be_made_is_not_kept(kind: str) -> None:
    assert [relative(path) for path in published_files() if path.match(kind)] == []


def test_templates_have_one_place() -> None:
    assert not (ROOT / "ecoop" / "templates").exists()


def test_there_are_requirements_for_running_developing_and_uv() -> None:
    assert [path.name for path in REQUIREMENTS] == ["dev.txt", "run.txt", "uv.txt"]


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_every_requirement_is_exact_and_hashed(path: Path) -> None:
    entries = re.split(r"\n(?=\S)", path.read_text(encoding="utf-8").replace("\\\n", " "))
    packages = [entry for entry in entries if entry.strip() and not entry.startswith("#")]

    assert packages
    assert [entry for entry in packages if not re.match(r"[\w.\[\],-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", entry)] == []


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_requirements_can_be_met_from_anywhere(path: Path) -> None:
    assert re.findall(r"(?m)^-.*|https?:|file:|@ ", path.read_text(encoding="utf-8")) == []


def pinned(name: str) -> dict[str, str]:
    """Each package of a requirements file with everything that is pinned for it."""
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for package, version in re.findall(r"(?m)^([\w.-]+)(?:\[[\w,-]+\])?==(\S+)", text):
        found[package] = f"{found.get(package, '')} {version}".strip()
    return found


def asked_for(*requirements: str) -> set[str]:
    """The names in requirements as they are written in pyproject.toml."""
    return {match[0].lower() for text in requirements if (match := re.match(r"[\w.-]+", text))}


def test_what_runs_here_runs_there_in_the_same_version() -> None:
    assert pinned("run.txt").items() <= pinned("dev.txt").items()


def test_everything_that_is_asked_for_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    running = asked_for(*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["postgres"])
    developing = asked_for(*project["dependency-groups"]["dev"])

    assert running <= set(pinned("run.txt"))
    assert developing <= set(pinned("dev.txt"))


def test_tools_that_build_are_pinned_alike() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = dict(requirement.split("==") for requirement in project["build-system"]["requires"])

    assert wanted.items() <= pinned("dev.txt").items()
