"""The outbox against a real mail server: what is taken, what is refused, and what is noted when."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from ecoop import mail
from ecoop.config import Settings, SettingsError
from ecoop.db import Database, Scope
from ecoop.services import cooperatives, letters
from tests.mail.post_offices import CERTIFICATE, PostOffice, post_office
from tests.support.databases import furnishing
from tests.support.factories import an_account

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
BODY = "Beste Zoë,\n\nJe rekening: € 1.234,50 – groet, het bestuur.\n.\nEen regel na een punt.\n"


def _settings(office: PostOffice | None, **given: object) -> Settings:
    values: dict[str, object] = {
        "database_url": "",
        "secret": "s" * 32,
        "encryption_key": "",
        "folder": Path(),
        "smtp_host": "127.0.0.1",
        "smtp_port": office.port if office else 1,
        "smtp_starttls": False,
        "mail_from": "Coöperatie <post@example.org>",
    }
    return Settings(**(values | given))  # type: ignore[arg-type]


def _write(
    database: Database, *subjects: str, demo_day: date | None = None, recipient: str = "zoe@example.org"
) -> None:
    with furnishing(database) as session:
        if cooperatives.read_installation(session) is None:
            cooperatives.found_installation(session, demo_day=demo_day, now=NOW)
        account = an_account(session)
        for subject in subjects:
            letters.write_letter(
                session, account_id=account.id, recipient=recipient, subject=subject, body=BODY, now=NOW
            )


def _outbox(database: Database) -> dict[str, datetime | None]:
    with database.work(Scope(carries=True)) as session:
        return {letter.subject: letter.sent_at for letter in letters.read_letters(session)}


def test_a_letter_arrives_as_it_was_written(database: Database) -> None:
    _write(database, "Je € 5 van Zoë")

    with post_office() as office:
        delivery = mail.send_waiting(database, _settings(office), lambda: LATER)

    (taken,) = office.taken
    assert taken.message["Subject"] == "Je € 5 van Zoë"
    assert taken.message["From"] == "Coöperatie <post@example.org>"
    assert taken.message["To"] == "zoe@example.org"
    assert taken.message["Auto-Submitted"] == "auto-generated"
    assert taken.message["Date"].datetime == LATER
    assert taken.message.get_content().splitlines() == BODY.splitlines()
    assert delivery == mail.Delivery(sent=1, undelivered=())


def test_a_sent_letter_is_noted_and_not_sent_again(database: Database) -> None:
    _write(database, "Een", "Twee")

    with post_office() as office:
        mail.send_waiting(database, _settings(office), lambda: LATER)
        again = mail.send_waiting(database, _settings(office), lambda: LATER + timedelta(minutes=5))

    assert again.sent == 0
    assert [taken.message["Subject"] for taken in office.taken] == ["Een", "Twee"]
    assert _outbox(database) == {"Een": LATER, "Twee": LATER}


@pytest.mark.parametrize("answer", ["550 5.7.1 We do not take this", "451 4.3.0 Try again later"])
@pytest.mark.parametrize("refused_by", ["zoe@example.org", "Een"], ids=["addressee", "contents"])
def test_a_refused_letter_waits_and_the_rest_goes_out(database: Database, answer: str, refused_by: str) -> None:
    _write(database, "Een")
    _write(database, "Twee", recipient="yara@example.org")

    with post_office(refusing={refused_by: answer}) as office:
        delivery = mail.send_waiting(database, _settings(office), lambda: LATER)

    assert delivery.sent == 1
    assert delivery.undelivered == (mail.Undelivered(recipient="zoe@example.org", why=answer),)
    assert _outbox(database) == {"Een": None, "Twee": LATER}


def test_a_letter_that_was_refused_for_now_goes_out_later(sqlite_database: Database) -> None:
    _write(sqlite_database, "Een")
    with post_office(refusing={"Een": "451 Try again later"}) as office:
        mail.send_waiting(sqlite_database, _settings(office), lambda: NOW)

    with post_office() as office:
        mail.send_waiting(sqlite_database, _settings(office), lambda: LATER)

    assert len(office.taken) == 1
    assert _outbox(sqlite_database) == {"Een": LATER}


def test_when_the_server_hangs_up_what_went_out_is_noted(sqlite_database: Database) -> None:
    _write(sqlite_database, "Een", "Twee", "Drie")

    with post_office(refusing={"Twee": "421 Closing"}) as office, pytest.raises(mail.MailServerUnreachable):
        mail.send_waiting(sqlite_database, _settings(office), lambda: LATER)

    assert _outbox(sqlite_database) == {"Een": LATER, "Twee": None, "Drie": None}


def test_the_line_is_encrypted_and_the_platform_signs_in(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    _write(sqlite_database, "Een")

    with post_office(encrypted=True, account=("ecoop", "wachtwoord")) as office:
        settings = _settings(office, smtp_starttls=True, smtp_user="ecoop", smtp_password="wachtwoord")
        mail.send_waiting(sqlite_database, settings, lambda: LATER)

    (taken,) = office.taken
    assert taken.encrypted


def test_a_certificate_nobody_knows_is_not_trusted(sqlite_database: Database) -> None:
    _write(sqlite_database, "Een")

    with post_office(encrypted=True) as office, pytest.raises(mail.MailServerUnreachable, match=r"(?i)certificate"):
        mail.send_waiting(sqlite_database, _settings(office, smtp_starttls=True), lambda: LATER)

    assert office.taken == []


def test_a_server_that_cannot_encrypt_gets_nothing(sqlite_database: Database) -> None:
    _write(sqlite_database, "Een")

    with post_office() as office, pytest.raises(mail.MailServerUnreachable, match="STARTTLS"):
        mail.send_waiting(sqlite_database, _settings(office, smtp_starttls=True), lambda: LATER)

    assert office.taken == []


def test_a_wrong_password_stops_the_round(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    _write(sqlite_database, "Een")

    with post_office(encrypted=True, account=("ecoop", "wachtwoord")) as office:
        settings = _settings(office, smtp_starttls=True, smtp_user="ecoop", smtp_password="fout")
        with pytest.raises(mail.MailServerUnreachable, match="535"):
            mail.send_waiting(sqlite_database, settings, lambda: LATER)

    assert _outbox(sqlite_database) == {"Een": None}


@pytest.mark.parametrize("missing", ["smtp_host", "mail_from"])
def test_without_server_or_sender_it_says_so(sqlite_database: Database, missing: str) -> None:
    _write(sqlite_database, "Een")

    with pytest.raises(SettingsError, match="ECOOP_SMTP_HOST and ECOOP_MAIL_FROM"):
        mail.send_waiting(sqlite_database, _settings(None, **{missing: None}), lambda: LATER)


def test_a_demo_sends_nothing_whatever_the_settings(database: Database) -> None:
    _write(database, "Een", demo_day=date(2026, 3, 2))

    with post_office() as office, pytest.raises(mail.DemoSendsNothing):
        mail.send_waiting(database, _settings(office), lambda: LATER)

    assert office.taken == []


@pytest.mark.parametrize("subject", ["Hallo\nBcc: allen@example.org", "Hallo\r\n\r\nTweede brief"])
def test_a_line_break_in_a_subject_does_not_travel(sqlite_database: Database, subject: str) -> None:
    _write(sqlite_database, subject, "Een")

    with post_office() as office:
        delivery = mail.send_waiting(sqlite_database, _settings(office), lambda: LATER)

    assert [taken.message["Subject"] for taken in office.taken] == ["Een"]
    assert len(delivery.undelivered) == 1


@pytest.mark.parametrize("recipient", ["zoe@example.org\nBcc: x@example.org", "zoe", "a@example.org, b@example.org"])
def test_an_address_that_is_none_does_not_travel(sqlite_database: Database, recipient: str) -> None:
    _write(sqlite_database, "Een", recipient=recipient)

    with post_office() as office:
        delivery = mail.send_waiting(sqlite_database, _settings(office), lambda: LATER)

    assert office.taken == []
    assert len(delivery.undelivered) == 1


def test_others_can_write_while_letters_are_sent(sqlite_database: Database) -> None:
    _write(sqlite_database, "Een")

    class Meanwhile(PostOffice):
        async def handle_DATA(self, *_: object) -> str:  # noqa: N802
            _write(sqlite_database, "Ondertussen")
            return "250 OK"

    with post_office(office_class=Meanwhile) as office:
        delivery = mail.send_waiting(sqlite_database, _settings(office), lambda: LATER)

    assert delivery.sent == 1
    assert _outbox(sqlite_database) == {"Een": LATER, "Ondertussen": None}
