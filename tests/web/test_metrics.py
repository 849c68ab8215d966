"""Figures for Prometheus: right, about nobody, and only where they are asked for."""

import math
import subprocess
import sys
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from ecoop.db import Database, DatabaseUnreachable
from ecoop.safekeeping.backing_up import note_backup
from ecoop.services.letters import write_letter
from ecoop.web.metrics import collect, serve_metrics
from ecoop.web.platform import Platform
from tests.support.web import NOON, Site


@pytest.fixture
def found(demo: Site, tmp_path: Path) -> Platform:
    """What the application stands on."""
    platform: Platform = demo.app.extensions["ecoop"]
    platform.settings = replace(platform.settings, folder=tmp_path / "data")
    return platform


def value(registry: CollectorRegistry, name: str, **labels: str) -> float | None:
    return registry.get_sample_value(name, labels)


def test_answers_are_counted_and_timed(demo: Site, found: Platform) -> None:
    registry = collect(found)
    for _ in range(3):
        demo.client().get("/healthz")
    demo.client().get("/no-such-page")

    assert value(registry, "ecoop_requests_total", endpoint="home.health", method="GET", status="200") == 3
    assert value(registry, "ecoop_requests_total", endpoint="unknown", method="GET", status="404") == 1
    assert value(registry, "ecoop_request_seconds_count", endpoint="home.health") == 3


def test_what_waits_and_what_is_at_work_is_told(demo: Site, found: Platform) -> None:
    registry = collect(found)
    with demo.inside(may_write=True) as session:
        write_letter(session, account_id=1, recipient="x@example.org", subject="x", body="x", now=NOON)
        assert value(registry, "ecoop_database_connections_at_work") == 1

    assert value(registry, "ecoop_letters_waiting") == 1
    assert value(registry, "ecoop_database_connections_at_work") == 0


def test_the_age_of_the_last_backup_is_told(demo: Site, found: Platform) -> None:
    registry = collect(found)
    before = value(registry, "ecoop_last_backup_age_seconds")
    note_backup(found.settings.folder, now=NOON)
    demo.clock.move(hours=5)

    assert before is not None
    assert math.isnan(before)
    assert value(registry, "ecoop_last_backup_age_seconds") == 5 * 3600


def test_a_database_that_does_not_answer_leaves_the_other_figures(
    found: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = collect(found)

    def unreachable(*_: object, **__: object) -> None:
        raise DatabaseUnreachable("gone")

    monkeypatch.setattr(Database, "session", unreachable)

    assert b"ecoop_letters_waiting NaN" in generate_latest(registry)


def test_nobody_can_be_found_in_the_figures(demo: Site, found: Platform) -> None:
    registry = collect(found)
    client = demo.signed_in("Petra Prijspeil")
    client.get("/no-such-page/petra.prijspeil@example.org")
    client.get("/account", query={"name": "Petra"})

    assert b"petra" not in generate_latest(registry).lower()


def test_prometheus_is_answered_on_this_machine(found: Platform) -> None:
    port = serve_metrics(found, 0)

    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        assert b"ecoop_letters_waiting 0.0" in answer.read()


def test_without_being_asked_the_library_is_not_loaded() -> None:
    code = "import sys, ecoop.app, ecoop.cli.serving; print('prometheus_client' in sys.modules)"

    answer = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert answer.stdout.strip() == "False"
