"""`ecoop serve`: what it refuses to serve, and that it stops without dropping anybody."""

import re
import signal
import socket
import sys
import threading
import urllib.request
from datetime import date
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
import sqlalchemy as sa

from ecoop import clock
from ecoop.cli import serving as served_by
from ecoop.config import MEBIBYTE, read_settings
from ecoop.db import Database
from ecoop.services import cooperatives
from tests.cli.conftest import Run
from tests.cli.processes import PROGRAM, serving
from tests.support.databases import furnishing, opened

SLOW_APPLICATION = """
import time
from ecoop.cli import serving

def answer(environment, start):
    print("at work", flush=True)
    time.sleep(0.7)
    start("200 OK", [("Content-Type", "text/plain")])
    return [b"done"]

serving.run(answer, [serving.listen("127.0.0.1", 0)])
"""

HANDING_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(sys.argv[2], sys.argv[2:])
"""
"""As systemd does it: the socket is number 3, and the process that may take it is named."""


def _found(database: Database, *, demo_day: date | None = None) -> dict[str, str]:
    """Say what the database is, and how a command finds it."""
    with furnishing(database) as session:
        cooperatives.found_installation(session, demo_day=demo_day, now=clock.now())
    return {"ECOOP_DATABASE_URL": str(database.writer.url)}


def test_an_empty_database_is_not_served(run: Run) -> None:
    answer = run("serve")

    assert answer.exit_code == 1
    assert answer.stderr == "The database is empty. To make the tables: ecoop db upgrade\n"


def test_a_database_of_a_newer_release_is_not_served(run: Run, sqlite_database: Database) -> None:
    settings = _found(sqlite_database)
    with sqlite_database.writer.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    answer = run("serve", settings=settings)

    assert answer.exit_code == 1
    assert "Install the release that made it." in answer.stderr


def test_an_installation_without_cooperative_is_not_served(run: Run, sqlite_url: str) -> None:
    answer = run("serve", settings={"ECOOP_DATABASE_URL": sqlite_url})

    assert answer.exit_code == 1
    assert answer.stderr == "There is no cooperative yet. Found one first: ecoop init\n"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "leden.example.org"])
def test_other_machines_are_not_served_without_https(run: Run, sqlite_database: Database, host: str) -> None:
    answer = run("serve", "--host", host, settings=_found(sqlite_database))

    assert answer.exit_code == 1
    assert answer.stderr.startswith("Without HTTPS the site is served on this machine only.")


@pytest.mark.parametrize("forced", [["--insecure-public"], ["--trusted-proxy", "192.0.2.1"]])
def test_a_demo_is_never_served_to_other_machines(run: Run, sqlite_database: Database, forced: list[str]) -> None:
    settings = _found(sqlite_database, demo_day=date(2026, 3, 2))

    answer = run("serve", "--host", "0.0.0.0", *forced, settings=settings)

    assert answer.exit_code == 1
    assert answer.stderr.startswith("A demo lets everybody in")


def test_a_demo_is_not_served_behind_a_proxy_either(run: Run, sqlite_database: Database) -> None:
    settings = _found(sqlite_database, demo_day=date(2026, 3, 2))

    answer = run("serve", "--trusted-proxy", "127.0.0.1", settings=settings)

    assert answer.exit_code == 1
    assert answer.stderr.startswith("A demo lets everybody in")


def test_a_proxy_is_named_by_its_address(run: Run) -> None:
    answer = run("serve", "--trusted-proxy", "proxy.example.org")

    assert answer.exit_code == 2
    assert answer.stderr == "--trusted-proxy: proxy.example.org is not an IP address.\n"


def test_a_port_that_is_taken_is_told(run: Run, sqlite_database: Database) -> None:
    settings = _found(sqlite_database)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        answer = run("serve", "--port", port, settings=settings)

    assert answer.exit_code == 1
    assert answer.stderr == f"Port {port} is taken. Choose another with --port.\n"


@pytest.mark.parametrize(
    ("host", "public"),
    [
        ("127.0.0.1", False),
        ("127.8.9.10", False),
        ("::1", False),
        ("localhost", False),
        ("0.0.0.0", True),
        ("::", True),
        ("10.0.0.8", True),
        ("example.org", True),
    ],
)
def test_only_loopback_is_this_machine(host: str, public: bool) -> None:
    assert served_by.is_public(host) is public


@pytest.mark.slow
def test_it_serves_until_it_is_told_to_stop(sqlite_database: Database, workplace: Path) -> None:
    settings = _found(sqlite_database)

    with serving([*PROGRAM, "serve", "--port", "0"], workplace, settings) as server:
        with urllib.request.urlopen(server.address + "/", timeout=10) as answer:
            cookies = SimpleCookie(answer.headers.get("Set-Cookie", ""))
            status, name = answer.status, answer.headers["Server"]
        code = server.stop(signal.SIGTERM)

    assert (status, code) == (200, 0)
    assert name is None
    assert all(cookie["secure"] for cookie in cookies.values())
    assert "Traceback" not in server.said


def test_a_request_that_is_being_answered_is_finished(workplace: Path) -> None:
    answers: list[bytes] = []
    with serving([sys.executable, "-c", SLOW_APPLICATION], workplace) as server:
        address = server.address
        client = threading.Thread(target=lambda: answers.append(urllib.request.urlopen(address, timeout=10).read()))
        client.start()
        server.wait_for("at work")
        code = server.stop(signal.SIGTERM)
        client.join()

    assert answers == [b"done"]
    assert code == 0


@pytest.mark.slow
def test_a_socket_that_is_handed_over_is_served(sqlite_url: str, workplace: Path) -> None:
    with opened(sqlite_url) as database:
        settings = _found(database)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        number, port = listener.fileno(), listener.getsockname()[1]
        command = [sys.executable, "-c", HANDING_OVER, str(number), *PROGRAM, "serve"]

        with serving(command, workplace, settings, pass_fds=(number,)) as server:
            address = server.address
            with urllib.request.urlopen(address + "/", timeout=10) as answer:
                assert answer.status == 200
            assert server.stop(signal.SIGTERM) == 0

    assert address == f"http://127.0.0.1:{port}"


def test_sockets_meant_for_another_process_are_left_alone() -> None:
    assert served_by.inherited_sockets({"LISTEN_FDS": "1", "LISTEN_PID": "1"}) == []


def test_a_body_that_no_page_takes_is_refused_before_it_is_sent(workplace: Path) -> None:
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\n"
    with serving([sys.executable, "-c", SLOW_APPLICATION], workplace) as server:
        port = int(server.address.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
            line.sendall(head)
            answer = line.recv(1000)

    assert answer.startswith(b"HTTP/1.1 413 ")


def test_a_body_is_received_as_far_as_the_page_of_the_papers_can_say_what_is_too_large(tmp_path: Path) -> None:
    def longest(limit: str) -> int:
        settings = {"ECOOP_DATA": str(tmp_path), "ECOOP_PAPER_LIMIT_MB": limit}
        return served_by.longest_body(read_settings(settings))

    assert [longest(limit) for limit in ("1", "50")] == [served_by.LONGEST_BODY, 52 * MEBIBYTE]


def test_the_visitor_behind_the_proxy_is_known(workplace: Path) -> None:
    code = (
        "from ecoop.cli import serving\n"
        "def answer(environment, start):\n"
        "    start('200 OK', [('Content-Type', 'text/plain')])\n"
        "    names = ('REMOTE_ADDR', 'wsgi.url_scheme', 'HTTP_X_FORWARDED_HOST')\n"
        "    return [' '.join(str(environment.get(name)) for name in names).encode()]\n"
        "serving.run(answer, [serving.listen('127.0.0.1', 0)], trusted_proxy='127.0.0.1')\n"
    )
    headers = {"X-Forwarded-For": "192.0.2.33", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "elsewhere.example"}

    with serving([sys.executable, "-c", code], workplace) as server:
        request = urllib.request.Request(server.address, headers=headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            seen = answer.read().decode()

    assert re.fullmatch(r"192\.0\.2\.33 https None", seen)
