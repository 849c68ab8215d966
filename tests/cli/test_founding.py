"""`ecoop init`: an installation, a cooperative, a first chair."""

from datetime import date

import pytest
import time_machine
from sqlalchemy import select

from ecoop import clock
from ecoop.db import Database, Scope
from ecoop.governance.roles import Reach, Role
from ecoop.models import AdministratorGrant, Cooperative, RoleGrant
from ecoop.services import accounts, cooperatives, places
from ecoop.services.places import Place
from tests.cli.conftest import Run
from tests.support.databases import furnishing

WARMTE = (
    *("--cooperative", "warmte-west", "--name", "Warmte West", "--place", "Amsterdam"),
    *("--board-name", "Noor de Wit", "--board-email", "Noor@Example.org"),
)
ZON = (
    *("--cooperative", "zon-oost", "--name", "Zon Oost", "--place", "Utrecht"),
    *("--board-name", "Noor de Wit", "--board-email", "noor@example.org"),
)


@pytest.fixture
def settings(database_url: str) -> dict[str, str]:
    """The settings that lead to a fresh database of each kind."""
    return {"ECOOP_DATABASE_URL": database_url}


@pytest.fixture
def sqlite_settings(sqlite_url: str) -> dict[str, str]:
    """The settings that lead to a fresh SQLite database."""
    return {"ECOOP_DATABASE_URL": sqlite_url}


def _enter(database: Database, output: str) -> tuple[Place, ...]:
    """Use the link that was printed, and see what it opens."""
    secret = next(line for line in output.splitlines() if "/sign-in/link/" in line).rpartition("/")[2]
    now = clock.now()
    with database.work(Scope(may_write=True)) as session:
        account = accounts.redeem_link(session, secret, now=now)
    with database.work(Scope(account_id=account.id)) as session:
        return places.read_places(session, account, day=clock.legal_day(now), now=now)


def test_the_link_lets_the_first_chair_in(run: Run, database: Database) -> None:
    settings = {"ECOOP_DATABASE_URL": database.writer.url.render_as_string(hide_password=False)}

    answer = run("init", *WARMTE, settings=settings)

    assert answer.exit_code == 0
    assert "http://127.0.0.1:8000/sign-in/link/" in answer.stdout
    (place,) = _enter(database, answer.stdout)
    assert place.slug == "warmte-west"
    assert [held.role for held in place.actor.roles] == [Role.CHAIR]


def test_the_installation_is_real(run: Run, sqlite_database: Database) -> None:
    settings = {"ECOOP_DATABASE_URL": str(sqlite_database.writer.url)}

    run("init", *WARMTE, settings=settings)

    with sqlite_database.work(Scope()) as session:
        installation = cooperatives.read_installation(session)
    assert installation is not None
    assert not installation.is_demo


def test_the_link_is_for_the_address_of_the_site(run: Run, sqlite_settings: dict[str, str]) -> None:
    answer = run("init", *WARMTE, "--address", "https://leden.example.org/", settings=sqlite_settings)

    assert "https://leden.example.org/sign-in/link/" in answer.stdout


def test_an_address_without_its_beginning_is_told(run: Run) -> None:
    answer = run("init", *WARMTE, "--address", "leden.example.org")

    assert answer.exit_code == 2
    assert answer.stderr == "--address: An address starts with https:// (or http:// on this machine).\n"


def test_the_chair_holds_the_role_from_the_legal_day_on(run: Run, sqlite_database: Database) -> None:
    settings = {"ECOOP_DATABASE_URL": str(sqlite_database.writer.url)}

    with time_machine.travel("2026-06-30T22:30:00Z", tick=False):  # already July in Amsterdam
        answer = run("init", *WARMTE, settings=settings)

    assert answer.exit_code == 0
    with sqlite_database.work(Scope(cooperative_ids=frozenset({1}))) as session:
        assert session.scalars(select(RoleGrant.starts_on)).all() == [date(2026, 7, 1)]


def test_a_second_cooperative_is_added(run: Run, database: Database) -> None:
    settings = {"ECOOP_DATABASE_URL": database.writer.url.render_as_string(hide_password=False)}
    run("init", *WARMTE, settings=settings)

    answer = run("init", *ZON, settings=settings)

    assert answer.exit_code == 0
    assert [place.slug for place in _enter(database, answer.stdout)] == ["warmte-west", "zon-oost"]


def test_the_same_short_name_is_refused(run: Run, settings: dict[str, str]) -> None:
    run("init", *WARMTE, settings=settings)

    answer = run("init", *WARMTE, settings=settings)

    assert answer.exit_code == 2
    assert answer.stderr == "--cooperative: There is already a cooperative with the short name warmte-west.\n"


def test_the_administrator_may_run_the_installation(run: Run, sqlite_database: Database) -> None:
    settings = {"ECOOP_DATABASE_URL": str(sqlite_database.writer.url)}
    run("init", *WARMTE, "--administrator", settings=settings)

    answer = run("init", *ZON, "--administrator", settings=settings)

    assert [place.reach for place in _enter(sqlite_database, answer.stdout)][-1] is Reach.INSTALLATION
    with sqlite_database.work(Scope()) as session:
        assert len(session.scalars(select(AdministratorGrant)).all()) == 1


def test_everything_that_is_missing_is_told_at_once(run: Run, sqlite_settings: dict[str, str]) -> None:
    answer = run("init", settings=sqlite_settings)

    assert answer.exit_code == 2
    assert answer.stderr.splitlines() == [
        f"{option}: This option is missing."
        for option in ("--cooperative", "--name", "--place", "--board-name", "--board-email")
    ]


def test_everything_that_is_wrong_is_told_and_nothing_is_kept(run: Run, database: Database) -> None:
    settings = {"ECOOP_DATABASE_URL": database.writer.url.render_as_string(hide_password=False)}
    given = ("--cooperative", "Warmte West", "--name", "W", "--board-name", "Noor", "--board-email", "noor")

    answer = run("init", *given, settings=settings)

    assert answer.exit_code == 2
    assert [line.partition(":")[0] for line in answer.stderr.splitlines()] == [
        "--cooperative", "--place", "--board-email",
    ]  # fmt: skip
    with database.work(Scope()) as session:
        assert session.scalars(select(Cooperative)).all() == []
        assert cooperatives.read_installation(session) is None


def test_a_bad_address_undoes_a_cooperative_that_was_fine(run: Run, sqlite_database: Database) -> None:
    settings = {"ECOOP_DATABASE_URL": str(sqlite_database.writer.url)}

    answer = run("init", *WARMTE[:-1], "nowhere", settings=settings)

    assert answer.stderr == "--board-email: This is not an e-mail address.\n"
    with sqlite_database.work(Scope()) as session:
        assert session.scalars(select(Cooperative)).all() == []


def test_without_tables_it_says_what_to_do(run: Run) -> None:
    answer = run("init", *WARMTE)

    assert answer.exit_code == 1
    assert "ecoop db upgrade" in answer.stderr


def test_a_demo_is_no_place_for_a_real_cooperative(run: Run, sqlite_database: Database) -> None:
    with furnishing(sqlite_database) as session:
        cooperatives.found_installation(session, demo_day=date(2026, 3, 2), now=clock.now())

    answer = run("init", *WARMTE, settings={"ECOOP_DATABASE_URL": str(sqlite_database.writer.url)})

    assert answer.exit_code == 1
    assert answer.stderr.startswith("This is a demo database.")


def test_at_a_terminal_it_asks_for_what_is_missing(
    run: Run, sqlite_settings: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: True, raising=False)

    answer = run("init", *WARMTE[:6], settings=sqlite_settings, typed="Noor de Wit\nnoor@example.org\n")

    assert answer.exit_code == 0
    assert "Name of the first chair: " in answer.stdout
    assert "Warmte West has been founded. Noor de Wit is chair." in answer.stdout
