"""A demo to be kept safe, its backup, and databases in which to put it back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ecoop.db import Database
from ecoop.safekeeping.backing_up import make_backup
from ecoop.vault import Vault
from tests.support.databases import opened
from tests.support.factories import NOW
from tests.support.web import demo_file

__all__ = ["demo_file"]

on_postgresql = pytest.mark.parametrize(
    "database_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)

PAPERS = (b"Minutes of the first meeting.", b"\x00\xff" * 5000, b"")


@pytest.fixture(scope="session")
def demo_backup(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the demo with a few papers."""
    folder = tmp_path_factory.mktemp("backup")
    vault = Vault(folder / "papers")
    for paper in PAPERS:
        vault.put(paper)
    with opened(f"sqlite:///{demo_file}") as database:
        make_backup(database, vault, folder / "demo.zip", now=NOW)
    return folder / "demo.zip"


@pytest.fixture
def demo_database(demo_file: Path) -> Iterator[Database]:
    """The demo itself, to be read only."""
    with opened(f"sqlite:///{demo_file}") as database:
        yield database


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    """An empty vault."""
    return Vault(tmp_path / "vault")
