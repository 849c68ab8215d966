"""Which tests stay together in one process: those that share something slow to start.

pytest-xdist would read this from the mark `xdist_group`, but does not find it in the test ids of pytest 9.2.
"""

import re

import pytest
from xdist.scheduler import LoadScopeScheduling

GROUPS = {
    "browser": r"tests/browser/",
    "package": r"tests/house/test_package\.py",
    "postgresql": r".*\[(?:.*-)?postgresql(?:-.*)?\]$",
}
"""For each group, how the ids of its tests begin."""


def group_of(nodeid: str) -> str:
    """The group of a test; most are a group of their own."""
    return next((group for group, pattern in GROUPS.items() if re.match(pattern, nodeid)), nodeid)


class GroupScheduling(LoadScopeScheduling):
    """Hands out whole groups, the largest first."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> GroupScheduling | None:
    """Answer `--dist loadgroup`."""
    return GroupScheduling(config, log) if config.getvalue("dist") == "loadgroup" else None
