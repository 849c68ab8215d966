"""`ecoop check`: one line for each finding, in both languages, and an exit code for programs."""

import json
from pathlib import Path

import pytest

from ecoop import clock
from ecoop.db import Database
from ecoop.services import cooperatives
from tests.cli.conftest import Run
from tests.mail.post_offices import CERTIFICATE, post_office
from tests.support.databases import furnishing


@pytest.fixture
def settings(sqlite_database: Database, workplace: Path) -> dict[str, str]:
    """Of a real installation that is well set up, keys and all."""
    file = Path(str(sqlite_database.writer.url.database))
    file.chmod(0o600)
    with furnishing(sqlite_database) as session:
        cooperatives.found_installation(session, demo_day=None, now=clock.now())
    return {
        "ECOOP_DATABASE_URL": f"sqlite:///{file}",
        "ECOOP_DATA": str(workplace / "var"),
        "ECOOP_HOSTS": "ecoop.example.org",
        "ECOOP_SMTP_HOST": "127.0.0.1",
        "ECOOP_MAIL_FROM": "post@example.org",
    }


def test_nothing_wrong_is_told_in_one_line(run: Run, settings: dict[str, str]) -> None:
    assert run("backup", "b.zip", settings=settings).exit_code == 0

    answer = run("check", settings=settings)

    assert (answer.exit_code, answer.stdout) == (0, "Everything stands as it should.\n")


def test_a_notice_leaves_the_exit_code(run: Run, settings: dict[str, str], workplace: Path) -> None:
    run("backup", "--keys", "k", settings=settings)  # which makes the keys

    answer = run("check", settings=settings)

    assert answer.exit_code == 0
    assert answer.stdout.startswith("backup: No backup was made here yet.")


def test_what_is_wrong_is_told_in_dutch(run: Run, settings: dict[str, str]) -> None:
    answer = run("check", spoken="nl", settings=settings | {"ECOOP_HOSTS": "", "ECOOP_SECRET": "kort"})

    assert answer.exit_code == 1
    assert "settings: ECOOP_SECRET moet minstens 32 tekens lang zijn." in answer.stdout
    assert "hosts: De site antwoordt alleen op deze computer." in answer.stdout


def test_programs_get_json(run: Run, settings: dict[str, str]) -> None:
    run("backup", "b.zip", settings=settings)

    answer = run("check", "--json", settings=settings | {"ECOOP_SMTP_USER": "ecoop"})

    assert json.loads(answer.stdout) == [
        {
            "key": "mail",
            "severity": "wrong",
            "sentence": "ECOOP_SMTP_USER and ECOOP_SMTP_PASSWORD belong together: set both.",
        }
    ]


def test_the_mail_server_is_called_only_when_asked(run: Run, settings: dict[str, str]) -> None:
    run("backup", "b.zip", settings=settings)
    unreachable = settings | {"ECOOP_SMTP_PORT": "1"}

    assert run("check", settings=unreachable).exit_code == 0
    assert "mail: The mail server cannot be used." in run("check", "--mail", settings=unreachable).stdout


@pytest.mark.parametrize(("password", "code"), [("right", 0), ("wrong", 1)])
def test_the_mail_server_lets_us_in_or_not(
    run: Run, settings: dict[str, str], monkeypatch: pytest.MonkeyPatch, password: str, code: int
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    run("backup", "b.zip", settings=settings)
    with post_office(encrypted=True, account=("ecoop", "right")) as office:
        account = {
            "ECOOP_SMTP_PORT": str(office.port), "ECOOP_SMTP_USER": "ecoop", "ECOOP_SMTP_PASSWORD": password,
        }  # fmt: skip

        answer = run("check", "--mail", settings=settings | account)

    assert answer.exit_code == code
    assert office.taken == []
