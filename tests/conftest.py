"""Fixtures for every test: fresh databases of both kinds, a closed network, and no silent skips when all must run."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from ecoop.db import Database
from tests.support import databases
from tests.support.network import loopback_only
from tests.support.postgresql import PostgreSQLUnavailable, Server, running_server
from tests.support.scheduling import pytest_xdist_make_scheduler
from tests.support.skips import pytest_make_collect_report, pytest_runtest_makereport

__all__ = [  # hooks, found here by pytest
    "pytest_make_collect_report",
    "pytest_runtest_makereport",
    "pytest_xdist_make_scheduler",
]

settings.register_profile("ecoop", derandomize=True, deadline=None)
settings.load_profile("ecoop")

ON_BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))


@pytest.fixture(scope="session", autouse=True)
def closed_network() -> Iterator[None]:
    """No test talks to another machine."""
    with loopback_only():
        yield


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """A PostgreSQL server for this process, holding a migrated template."""
    try:
        context = running_server()
        server = context.__enter__()
    except PostgreSQLUnavailable as reason:
        pytest.skip(str(reason))
    try:
        databases.prepare_template(server)
        yield server
    finally:
        context.__exit__(None, None, None)


@pytest.fixture(scope="session")
def migrated_sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables, to be copied."""
    return databases.migrated_sqlite_file(tmp_path_factory.mktemp("template"))


@pytest.fixture
def sqlite_url(migrated_sqlite_file: Path, tmp_path: Path) -> str:
    """The address of a fresh SQLite database with all tables."""
    return databases.copied_sqlite(migrated_sqlite_file, tmp_path)


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Database]:
    """A fresh SQLite database, for tests to which the kind of database makes no difference."""
    with databases.opened(sqlite_url) as database:
        yield database


@pytest.fixture(params=ON_BOTH)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a fresh database with all tables: the test runs on SQLite and on PostgreSQL."""
    with _address(request, template=databases.TEMPLATE) as address:
        yield address


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh database with all tables: the test runs on SQLite and on PostgreSQL."""
    with databases.opened(database_url) as database:
        yield database


@pytest.fixture(params=ON_BOTH)
def empty_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A fresh database without tables: the test runs on SQLite and on PostgreSQL."""
    with _address(request, template=None) as address, databases.opened(address) as database:
        yield database


@contextmanager
def _address(request: pytest.FixtureRequest, *, template: str | None) -> Iterator[str]:
    if request.param == "sqlite":
        folder = request.getfixturevalue("tmp_path")
        if template:
            yield databases.copied_sqlite(request.getfixturevalue("migrated_sqlite_file"), folder)
        else:
            yield f"sqlite:///{folder / 'empty.sqlite3'}"
        return
    server: Any = request.getfixturevalue("postgresql_server")
    with databases.postgresql_database(server, template=template) as address:
        yield address
