"""`ecoop letters send`: what becomes of the outbox."""

from datetime import date

import pytest

from ecoop import clock
from ecoop.db import Database, Scope
from ecoop.services import cooperatives, letters
from tests.cli.conftest import Run
from tests.mail.post_offices import PostOffice, post_office
from tests.support.databases import furnishing
from tests.support.factories import an_account


def _write(database: Database, *recipients: str, demo_day: date | None = None) -> None:
    """Letters in the outbox of a founded installation."""
    with furnishing(database) as session:
        cooperatives.found_installation(session, demo_day=demo_day, now=clock.now())
        account = an_account(session)
        for recipient in recipients:
            letters.write_letter(
                session, account_id=account.id, recipient=recipient, subject="Hallo", body="Dag.", now=clock.now()
            )


def _settings(database: Database, office: PostOffice | None = None) -> dict[str, str]:
    settings = {"ECOOP_DATABASE_URL": str(database.writer.url)}
    if office is not None:
        settings |= {
            "ECOOP_SMTP_HOST": "127.0.0.1",
            "ECOOP_SMTP_PORT": str(office.port),
            "ECOOP_SMTP_STARTTLS": "0",
            "ECOOP_MAIL_FROM": "ecoop <post@example.org>",
        }
    return settings


def _waiting(database: Database) -> list[str]:
    with database.work(Scope(carries=True)) as session:
        return [letter.recipient for letter in letters.read_letters(session, waiting_only=True)]


def test_what_waits_is_sent(run: Run, sqlite_database: Database) -> None:
    _write(sqlite_database, "een@example.org", "twee@example.org")

    with post_office() as office:
        answer = run("letters", "send", settings=_settings(sqlite_database, office))

    assert (answer.exit_code, answer.stdout) == (0, "2 letters were sent.\n")
    assert [letter.recipient for letter in office.taken] == ["een@example.org", "twee@example.org"]
    assert _waiting(sqlite_database) == []


def test_one_letter_is_told_in_the_singular(run: Run, sqlite_database: Database) -> None:
    _write(sqlite_database, "een@example.org")

    with post_office() as office:
        answer = run("letters", "send", spoken="nl", settings=_settings(sqlite_database, office))

    assert answer.stdout == "Er is 1 brief verstuurd.\n"


def test_a_letter_refused_for_good_is_told_and_not_tried_again(run: Run, sqlite_database: Database) -> None:
    _write(sqlite_database, "een@example.org", "niemand@example.org", "twee@example.org")

    with post_office(refusing={"niemand@example.org": "550 5.1.1 No such user"}) as office:
        answer = run("letters", "send", settings=_settings(sqlite_database, office))

    assert answer.exit_code == 1
    assert answer.stdout == "2 letters were sent.\n"
    assert answer.stderr == (
        "niemand@example.org: the mail server did not take the letter. It answered: 550 5.1.1 No such user\n"
    )
    assert _waiting(sqlite_database) == []


def test_without_a_mail_server_it_says_which_settings_are_missing(run: Run, sqlite_database: Database) -> None:
    _write(sqlite_database, "een@example.org")

    answer = run("letters", "send", settings=_settings(sqlite_database))

    assert answer.exit_code == 2
    assert answer.stderr == "Letters can only be sent when ECOOP_SMTP_HOST and ECOOP_MAIL_FROM are set.\n"


def test_a_mail_server_that_is_away_is_told(run: Run, sqlite_database: Database) -> None:
    _write(sqlite_database, "een@example.org")
    with post_office() as office:
        settings = _settings(sqlite_database, office)

    answer = run("letters", "send", settings=settings)

    assert answer.exit_code == 1
    assert answer.stderr.startswith("The mail server cannot be used. The letters wait. The answer was: ")
    assert _waiting(sqlite_database) == ["een@example.org"]


@pytest.mark.parametrize("spoken", ["nl", "en"])
def test_a_demo_sends_nothing(run: Run, sqlite_database: Database, spoken: str) -> None:
    _write(sqlite_database, "een@example.org", demo_day=date(2026, 3, 2))

    with post_office() as office:
        answer = run("letters", "send", spoken=spoken, settings=_settings(sqlite_database, office))

    assert answer.exit_code == 1
    assert "demo" in answer.stderr
    assert office.taken == []


def test_the_tables_must_be_up_to_date(run: Run) -> None:
    answer = run("letters", "send")

    assert answer.exit_code == 1
    assert "ecoop db upgrade" in answer.stderr


def test_an_unsendable_letter_does_not_hold_up_the_rest(run: Run, sqlite_database: Database) -> None:
    _write(sqlite_database, "no address at all", "een@example.org")
    with furnishing(sqlite_database) as session:
        letters.write_letter(
            session, account_id=None, recipient="drie@example.org", subject="A\nBcc: x@example.org", body="",
            now=clock.now(),
        )  # fmt: skip

    with post_office() as office:
        answer = run("letters", "send", settings=_settings(sqlite_database, office))

    assert answer.exit_code == 1
    assert [letter.recipient for letter in office.taken] == ["een@example.org"]
    assert answer.stderr.count("\n") == 2
