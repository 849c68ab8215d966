"""Two server processes on one database behind a proxy: as one site, under load, and when one of them restarts."""

import json
import os
import signal
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from ecoop import clock
from ecoop.db import Database, Scope
from ecoop.governance.roles import Role
from ecoop.models import Account, AuditEntry, Cooperative, RoleGrant
from ecoop.services import cooperatives
from ecoop.services.accounts import TRIES_PER_ADDRESS, TRIES_PER_NETWORK
from tests.cli.processes import PROGRAM, Served, serving
from tests.cli.test_serving import HANDING_OVER
from tests.support.databases import furnishing
from tests.support.factories import a_cooperative, a_role, an_account
from tests.support.keeping import verdicts
from tests.support.proxy import Proxy, running_proxy
from tests.support.visiting import HOST, Visitor
from tests.support.web import SECRET

pytestmark = pytest.mark.slow

CLIENTS, ROUNDS = 16, 2
PASSWORD = "vier woorden op een rij"
PEOPLE = "/cooperatives/west/people"


@pytest.fixture
def settings(database: Database, workplace: Path) -> dict[str, str]:
    """A real cooperative with as many board members as there are clients, and how its servers find it."""
    password_hash = PasswordHasher().hash(PASSWORD)
    with furnishing(database) as session:
        cooperatives.found_installation(session, demo_day=None, now=clock.now())
        west = a_cooperative(session, "west")
        for number in range(CLIENTS):
            account = an_account(session, f"Lid {number}", email=address_of(number), password_hash=password_hash)
            a_role(session, west, account, Role.CHAIR)
    return {
        "ECOOP_DATABASE_URL": database.writer.url.render_as_string(hide_password=False),
        "ECOOP_DATA": str(workplace / "data"),
        "ECOOP_SECRET": SECRET,
        "ECOOP_HOSTS": HOST,
    }


def address_of(number: int) -> str:
    return f"lid{number}@example.org"


@contextmanager
def served(settings: dict[str, str], folder: Path, listener: socket.socket) -> Iterator[Served]:
    """A server on a socket that outlives it, as systemd keeps one."""
    number = listener.fileno()
    command = [sys.executable, "-c", HANDING_OVER, str(number), *PROGRAM, "serve", "--trusted-proxy", "127.0.0.1"]
    with serving(command, folder, settings, pass_fds=(number,)) as server:
        server.wait_for(r"Stop with")
        reader = threading.Thread(target=_read_on, args=(server,), daemon=True)
        reader.start()
        yield server
        ended(server)
        reader.join()


def _read_on(server: Served) -> None:
    """Keep what the server says, so that it never waits for a reader."""
    assert server.process.stdout is not None
    while piece := os.read(server.process.stdout.fileno(), 65536):
        server.said += piece.decode()


def ended(server: Served) -> int:
    """Tell the server to stop, and wait until it did."""
    server.process.send_signal(signal.SIGTERM)
    return server.process.wait(timeout=30)


@pytest.fixture
def listeners() -> Iterator[list[socket.socket]]:
    """Two sockets of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as first, socket.create_server(("127.0.0.1", 0)) as second:
        yield [first, second]


def ports_of(listeners: list[socket.socket]) -> list[int]:
    return [listener.getsockname()[1] for listener in listeners]


def work(proxy: Proxy, number: int, rounds: int = ROUNDS) -> Counter[str]:
    """What one board member does: sign in, read, change language, give roles. Which grants were told to be done."""
    visitor, done = Visitor(proxy.port, f"192.0.2.{number + 1}"), Counter[str]()
    while (answer := visitor.sign_in(address_of(number), PASSWORD)).status == 502:
        done["502 sign-in"] += 1
    done[f"{answer.status} sign-in"] += 1
    for turn in range(rounds):
        for page in ("/account", f"{PEOPLE}/"):
            done[f"{visitor.get(page).status} page"] += 1
        token = visitor.token("/account")
        spoken = ("en", "nl")[turn % 2]
        done[f"{visitor.post(f'/language/{spoken}', token).status} language"] += 1
        name = f"nieuw{number}-{turn}@example.org"
        answer = visitor.post(f"{PEOPLE}/grant", token, name=f"Nieuw {number} {turn}", email=name, role="member",
                              starts_on="2026-03-02")  # fmt: skip
        done[f"{answer.status} grant {name if answer.status == 303 else ''}".strip()] += 1
    return done


def granted(database: Database) -> set[str]:
    """The addresses of those who were made a member."""
    with database.work(Scope()) as session:
        ids = frozenset(session.scalars(sa.select(Cooperative.id)))
    with database.work(Scope(cooperative_ids=ids)) as session:
        query = sa.select(Account.email).join(RoleGrant, RoleGrant.account_id == Account.id)
        return set(session.scalars(query.where(RoleGrant.role == Role.MEMBER)))


def grants_on_trail(database: Database) -> int:
    with database.reader.connect() as connection:
        counted = sa.select(sa.func.count()).select_from(AuditEntry).where(AuditEntry.action == "role.granted")
        return connection.scalar(counted) or 0


def test_two_processes_are_one_site_under_load(
    database: Database, settings: dict[str, str], listeners: list[socket.socket], workplace: Path
) -> None:
    before = grants_on_trail(database)
    with ExitStack() as stack:
        servers = [stack.enter_context(served(settings, workplace, one)) for one in listeners]
        proxy = stack.enter_context(running_proxy(*ports_of(listeners)))
        with ThreadPoolExecutor(CLIENTS) as pool:
            done = sum(pool.map(lambda number: work(proxy, number), range(CLIENTS)), Counter())
        shared = dict(proxy.answered_by)
    said = [server.said for server in servers]
    told = {key.rpartition(" ")[2] for key in done if key.startswith("303 grant")}
    assert {key.partition(" ")[0] for key in done} == {"200", "303"}
    assert done["303 sign-in"] == CLIENTS
    assert told == granted(database)
    assert len(told) == CLIENTS * ROUNDS
    assert grants_on_trail(database) - before == CLIENTS * ROUNDS
    assert all(verdict.holds for verdict in verdicts(database))
    assert min(shared.values()) > sum(shared.values()) / 3
    assert all("Traceback" not in text and '"error"' not in text for text in said)
    _look_at_log(said)


def _look_at_log(said: list[str]) -> None:
    """Every line is JSON, every request has a number of its own, and nobody is in it."""
    lines = [json.loads(line) for text in said for line in text.splitlines() if line.startswith("{")]
    answered = [line for line in lines if line["logger"] == "ecoop.access"]
    assert len(answered) >= CLIENTS * ROUNDS * 5
    assert len({line["request_id"] for line in answered}) == len(answered)
    assert [word for word in ("example.org", "Lid", "192.0.2", "Nieuw", "ecoop=") if word in "".join(said)] == []


def test_a_restart_under_load_loses_nothing_that_was_told_to_be_done(
    database: Database, settings: dict[str, str], listeners: list[socket.socket], workplace: Path
) -> None:
    with ExitStack() as stack:
        first, _second = (stack.enter_context(served(settings, workplace, one)) for one in listeners)
        proxy = stack.enter_context(running_proxy(*ports_of(listeners)))
        restarted = threading.Event()

        def restart() -> None:
            time.sleep(0.6)
            assert ended(first) == 0
            stack.enter_context(served(settings, workplace, listeners[0]))
            restarted.set()

        operator = threading.Thread(target=restart)
        operator.start()
        with ThreadPoolExecutor(CLIENTS) as pool:
            done = sum(pool.map(lambda number: work(proxy, number), range(CLIENTS)), Counter())
        operator.join()
        assert restarted.is_set()

    told = {key.rpartition(" ")[2] for key in done if key.startswith("303 grant")}
    stored = granted(database)
    unanswered = sum(times for key, times in done.items() if key.startswith("502"))
    assert {key.partition(" ")[0] for key in done} <= {"200", "303", "502"}  # the last: the proxy, never the server
    assert told <= stored
    assert len(stored - told) <= unanswered <= CLIENTS // 2
    assert all(verdict.holds for verdict in verdicts(database))


def test_limits_hold_across_processes_and_restarts(
    settings: dict[str, str], listeners: list[socket.socket], workplace: Path
) -> None:
    def tries_until_refused(visitors: list[Visitor], email: str) -> int:
        tokens = [visitor.token() for visitor in visitors]
        for number in range(TRIES_PER_ADDRESS * 3):
            which = number % len(visitors)
            answer = visitors[which].post("/sign-in", tokens[which], email=email, password="wrong, but long enough")
            if answer.status == 429:
                return number
            assert answer.status == 403
        raise AssertionError("Nothing was ever refused.")

    with ExitStack() as stack:
        for one in listeners:
            stack.enter_context(served(settings, workplace, one))
        proxies = [stack.enter_context(running_proxy(port)) for port in ports_of(listeners)]
        visitors = [Visitor(proxy.port, f"198.51.100.{number}") for number, proxy in enumerate(proxies)]

        assert tries_until_refused(visitors, address_of(1)) == TRIES_PER_ADDRESS
        assert visitors[0].sign_in(address_of(2), PASSWORD).status == 303  # another address is not shut out

    with ExitStack() as stack:
        for one in listeners:
            stack.enter_context(served(settings, workplace, one))
        proxies = [stack.enter_context(running_proxy(port)) for port in ports_of(listeners)]
        visitors = [Visitor(proxy.port, f"198.51.100.{number + 7}") for number, proxy in enumerate(proxies)]

        for visitor in visitors:
            assert visitor.sign_in(address_of(1), PASSWORD).status == 429  # even with the right password


def test_the_limit_of_a_network_is_counted_by_both(
    settings: dict[str, str], listeners: list[socket.socket], workplace: Path
) -> None:
    with ExitStack() as stack:
        for one in listeners:
            stack.enter_context(served(settings, workplace, one))
        proxy = stack.enter_context(running_proxy(*ports_of(listeners)))
        visitor = Visitor(proxy.port, "198.51.100.77")
        token = visitor.token()
        with ThreadPoolExecutor(8) as pool:  # asking for a link counts as well, and costs no password
            asked = [f"nobody{number}@example.org" for number in range(TRIES_PER_NETWORK)]
            list(pool.map(lambda email: visitor.post("/sign-in/forgotten", token, email=email), asked))

        for _ in range(2):  # one on each
            assert visitor.sign_in(address_of(3), PASSWORD).status == 429
        assert Visitor(proxy.port, "198.51.100.78").sign_in(address_of(3), PASSWORD).status == 303


def test_a_session_counts_on_both_and_ends_on_both(
    settings: dict[str, str], listeners: list[socket.socket], workplace: Path
) -> None:
    with ExitStack() as stack:
        for one in listeners:
            stack.enter_context(served(settings, workplace, one))
        here, there = (stack.enter_context(running_proxy(port)) for port in ports_of(listeners))
        visitor = Visitor(here.port)
        visitor.sign_in(address_of(0), PASSWORD)
        twin = Visitor(there.port, cookies=dict(visitor.cookies))
        assert twin.get("/account").status == 200

        visitor.post("/account/sign-out-everywhere", visitor.token("/account"))

        assert twin.get("/account").status == 303
