"""The ground the tests stand on: no other machine is reached, and no skip goes unseen when all must run."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.network import NetworkForbidden
from tests.support.scheduling import group_of

ROOT = Path(__file__).parents[2]
SKIPPING = """
import pytest

@pytest.mark.skip(reason="no browser here")
def test_something() -> None: ...
"""
SKIPPING_WHOLE = """
import pytest

pytest.skip("no browser here", allow_module_level=True)
"""


def test_nothing_reaches_beyond_this_machine() -> None:
    with socket.socket() as outside, pytest.raises(NetworkForbidden):
        outside.connect(("192.0.2.1", 80))


def test_nobody_asks_for_the_address_of_another_machine() -> None:
    with pytest.raises(NetworkForbidden):
        socket.create_connection(("ecoop.example", 80))


@pytest.mark.parametrize("skips", [SKIPPING, SKIPPING_WHOLE], ids=["one test", "whole file"])
def test_a_skip_fails_when_everything_must_run(skips: str, tmp_path: Path) -> None:
    assert _run(tmp_path, skips, require_all="0").returncode in {0, 5}

    answer = _run(tmp_path, skips, require_all="1")

    assert answer.returncode in {1, 2}
    assert "allows no skips" in answer.stdout


@pytest.mark.parametrize(
    ("test", "group"),
    [
        ("tests/models/test_locks.py::test_a_count[postgresql]", "postgresql"),
        ("tests/models/test_locks.py::test_a_count[of a join-postgresql]", "postgresql"),
        ("tests/models/test_locks.py::test_a_count[postgresql-of a join]", "postgresql"),
        ("tests/browser/test_journeys.py::test_a_member[nl]", "browser"),
        ("tests/house/test_package.py::test_the_wheel", "package"),
    ],
)
def test_what_is_slow_to_start_is_started_in_one_process(test: str, group: str) -> None:
    assert group_of(test) == group


@pytest.mark.parametrize("test", ["tests/a.py::test_b[sqlite]", "tests/a.py::test_b", "tests/a.py::test_postgresql"])
def test_other_tests_run_wherever_there_is_time(test: str) -> None:
    assert group_of(test) == test


def _run(folder: Path, test: str, *, require_all: str) -> subprocess.CompletedProcess[str]:
    file = folder / "test_skipping.py"
    file.write_text(test, encoding="utf-8")
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "tests.support.skips",
            "-p",
            "no:cacheprovider",
            "-c",
            os.devnull,
            str(file),
        ],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | {"ECOOP_REQUIRE_ALL": require_all, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )
