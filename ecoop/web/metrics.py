"""Figures for Prometheus: how the platform is doing, never who is on it. Only imported when they are asked for."""

import math
from collections.abc import Callable
from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

from ecoop.db import DatabaseUnreachable, Scope, told_plainly
from ecoop.safekeeping.backing_up import last_backup
from ecoop.services.letters import count_waiting
from ecoop.web.log_lines import Answered
from ecoop.web.platform import Platform

HERE = "127.0.0.1"
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


def _connections_at_work(found: Platform) -> float:
    return found.database.pool_use()[0]


def _connections_idle(found: Platform) -> float:
    return found.database.pool_use()[1]


def _letters_waiting(found: Platform) -> float:
    try:
        with told_plainly(), found.database.work(Scope(carries=True)) as session:
            return count_waiting(session)
    except DatabaseUnreachable:
        return math.nan


def _backup_age(found: Platform) -> float:
    made_at = last_backup(found.settings.folder)
    return math.nan if made_at is None else (found.now() - made_at).total_seconds()


GAUGES: tuple[tuple[str, str, Callable[[Platform], float]], ...] = (
    ("ecoop_database_connections_at_work", "Connections to the database that are at work.", _connections_at_work),
    ("ecoop_database_connections_idle", "Connections to the database that wait for work.", _connections_idle),
    ("ecoop_letters_waiting", "Letters in the outbox that were not sent yet.", _letters_waiting),
    ("ecoop_last_backup_age_seconds", "Time since the last whole backup.", _backup_age),
)
"""What is looked up when somebody asks. A queue of jobs gets its line here."""


def collect(found: Platform) -> CollectorRegistry:
    """A registry that follows this application."""
    registry = CollectorRegistry()
    requests = Counter(
        "ecoop_requests", "Requests that were answered.", ("endpoint", "method", "status"), registry=registry
    )
    seconds = Histogram(
        "ecoop_request_seconds", "How long answers took.", ("endpoint",), buckets=BUCKETS, registry=registry
    )

    def observe(answered: Answered) -> None:
        requests.labels(answered.endpoint, answered.method, str(answered.status)).inc()
        seconds.labels(answered.endpoint).observe(answered.seconds)

    found.observers.append(observe)
    for name, meaning, look in GAUGES:
        Gauge(name, meaning, registry=registry).set_function(partial(look, found))
    return registry


def serve_metrics(found: Platform, port: int) -> int:
    """Answer Prometheus on this machine only; gives the port. Raises OSError where it is taken."""
    server, _thread = start_http_server(port, addr=HERE, registry=collect(found))
    return int(server.server_port)
