"""The ground the tests stand on: no other machine is reached, and no skip goes unseen when all must run."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.network import NetworkForbidden

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
