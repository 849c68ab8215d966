"""The worker and the outbox: what waits is sent soon, a server that is away is left in peace, a demo sends nothing."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ecoop.db import Database, Scope
from ecoop.services import letters
from ecoop.services.letters import LetterState
from ecoop.worker import Worker
from tests.mail.post_offices import CERTIFICATE, PostOffice, post_office
from tests.mail.test_sending import _write
from tests.support.web import NOON, MovableClock
from tests.worker.conftest import settings_of


def _worker(database: Database, clock: MovableClock, folder: Path, office: PostOffice | None, **given: Any) -> Worker:
    values: dict[str, Any] = {
        "smtp_host": "127.0.0.1",
        "smtp_port": office.port if office else 1,
        "smtp_starttls": False,
        "mail_from": "ecoop <post@example.org>",
    }
    return Worker(database, settings_of(folder, **(values | given)), clock, planned=())


def _states(database: Database) -> dict[LetterState, int]:
    with database.work(Scope(carries=True)) as session:
        return letters.count_letters(session)


def test_what_was_committed_is_sent_in_the_next_round(database: Database, clock: MovableClock, tmp_path: Path) -> None:
    with post_office() as office:
        worker = _worker(database, clock, tmp_path, office)
        worker.work_once()
        _write(database, "Een")
        worker.work_once()
        worker.work_once()

    assert [one.message["Subject"] for one in office.taken] == ["Een"]
    assert _states(database) == {LetterState.SENT: 1}


def test_a_demo_sends_nothing_whatever_the_settings(
    sqlite_database: Database, clock: MovableClock, tmp_path: Path
) -> None:
    _write(sqlite_database, "Een", demo_day=date(2026, 3, 2))

    with post_office() as office:
        _worker(sqlite_database, clock, tmp_path, office).work_once()

    assert office.taken == []
    assert _states(sqlite_database) == {LetterState.WAITING: 1}


def test_a_mail_server_that_is_away_is_tried_again_after_growing_rests(
    sqlite_database: Database, clock: MovableClock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _write(sqlite_database, "Een")
    worker = _worker(sqlite_database, clock, tmp_path, None)
    for _ in range(60):  # an hour
        worker.work_once()
        clock.move(minutes=1)

    assert len([one for one in caplog.records if "The letters wait" in one.getMessage()]) == 7  # 0 1 3 7 15 30 45
    assert _states(sqlite_database) == {LetterState.WAITING: 1}
    with sqlite_database.work(Scope(carries=True)) as session:
        assert letters.read_letters(session)[0].attempts == 0  # it is not the letter's fault
    with post_office() as office:
        clock.move(minutes=16)
        again = _worker(sqlite_database, clock, tmp_path, office)
        again.work_once()
    assert len(office.taken) == 1


def test_a_certificate_nobody_knows_gets_no_letter_and_a_known_one_does(
    sqlite_database: Database, clock: MovableClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(sqlite_database, "Een")
    with post_office(encrypted=True) as office:
        _worker(sqlite_database, clock, tmp_path, office, smtp_starttls=True).work_once()
        assert office.taken == []

        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        _worker(sqlite_database, clock, tmp_path, office, smtp_starttls=True).work_once()

    assert [one.encrypted for one in office.taken] == [True]
    assert clock() == NOON
