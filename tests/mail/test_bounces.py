"""Letters that come back: notices of mail servers (RFC 3464), real ones and garbage."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecoop import mail
from ecoop.db import Database, Scope
from ecoop.errors import Refused
from ecoop.models import Letter
from ecoop.services.letters import LetterState
from tests.cli.conftest import Run, run, workplace
from tests.mail.post_offices import post_office
from tests.mail.test_sending import LATER, _settings, _write
from tests.support.databases import opened

__all__ = ["run", "workplace"]

CARRIER = Scope(carries=True, may_write=True)

NOTICE = """\
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
To: post@example.org
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain; charset=us-ascii

This is the mail system. Your message could not be delivered.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
X-Postfix-Queue-ID: 4F2A1
Arrival-Date: Mon, 2 Mar 2026 10:36:00 +0100 (CET)

Final-Recipient: rfc822; zoe@example.org
Original-Recipient: rfc822;zoe@example.org
Action: {action}
Status: {status}
Remote-MTA: dns; mail.example.org
Diagnostic-Code: smtp; 550 5.1.1 <zoe@example.org>: Recipient address
    rejected: User unknown

--B
Content-Type: {returned}

From: =?utf-8?q?Co=C3=B6peratie?= <post@example.org>
To: zoe@example.org
Subject: Een
{message_id}

--B--
"""


def _notice(
    message_id: str, *, action: str = "failed", status: str = "5.1.1", returned: str = "message/rfc822"
) -> bytes:
    name = f"Message-ID: {message_id}"
    return NOTICE.format(action=action, status=status, returned=returned, message_id=name).encode()


WHOLE = _notice("<letter-1-ab@example.org>")


def _sent(database: Database) -> str:
    """A letter that was taken; the name under which it travelled."""
    _write(database, "Een")
    with post_office() as office:
        mail.send_waiting(database, _settings(office), lambda: LATER)
    return str(office.taken[0].message["Message-ID"])


def _state(database: Database) -> tuple[LetterState, str | None]:
    with database.work(Scope(carries=True)) as session:
        row = session.get_one(Letter, 1)
        return row.state, row.answer


def _note(database: Database, content: bytes) -> int:
    with database.work(CARRIER) as session:
        return mail.note_bounce(session, content, now=LATER)


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_a_letter_that_came_back_is_noted_with_its_code(database: Database, returned: str) -> None:
    name = _sent(database)

    assert _note(database, _notice(name, returned=returned)) == 1

    state, answer = _state(database)
    assert state is LetterState.BOUNCED
    assert answer == "5.1.1 550 5.1.1 <zoe@example.org>: Recipient address rejected: User unknown"


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_only_a_failure_is_a_bounce(sqlite_database: Database, action: str) -> None:
    name = _sent(sqlite_database)

    with pytest.raises(Refused, match="bounce_not_failed"):
        _note(sqlite_database, _notice(name, action=action))
    assert _state(sqlite_database)[0] is LetterState.SENT


def test_nobody_can_make_a_letter_bounce_by_guessing_its_name(sqlite_database: Database) -> None:
    name = _sent(sqlite_database)
    token = name.split("-")[2].split("@")[0]

    with pytest.raises(Refused, match="bounce_not_ours"):
        _note(sqlite_database, _notice(name.replace(token, "0" * len(token))))


def test_a_bounce_is_noted_once(sqlite_database: Database) -> None:
    name = _sent(sqlite_database)
    _note(sqlite_database, _notice(name))

    with pytest.raises(Refused, match="bounce_not_out"):
        _note(sqlite_database, _notice(name))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe",
        b"Subject: Out of office\n\nI am away.\n",
        _notice("<letter-1-abc@example.org>").replace(b"message/delivery-status", b"text/plain"),
        _notice("<letter-1-abc@example.org>").replace(b"Action: failed\n", b""),
        _notice("<letter-1-abc@example.org>")[:600],
    ],
)
def test_garbage_is_told_to_be_no_notice(content: bytes) -> None:
    with pytest.raises(Refused, match="bounce_no_report"):
        mail.read_report(content)


@settings(max_examples=150)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.builds(
            lambda at, cut, junk: WHOLE[:at] + junk + WHOLE[at + cut :],
            st.integers(0, 1300), st.integers(0, 200), st.binary(max_size=60),
        ),
    )
)  # fmt: skip
def test_whatever_comes_in_is_read_or_refused(content: bytes) -> None:
    try:
        report = mail.read_report(content)
    except Refused:
        return
    assert len(report.message_id) < 310


def test_the_command_reads_a_file_and_a_pipe(run: Run, sqlite_url: str, workplace) -> None:  # type: ignore[no-untyped-def]
    with opened(sqlite_url) as database:
        name = _sent(database)
        notice = _notice(name)
        (workplace / "notice.eml").write_bytes(notice)
        environment = {"ECOOP_DATABASE_URL": sqlite_url}

        answer = run("letters", "bounce", "notice.eml", settings=environment)
        again = run("letters", "bounce", "-", settings=environment, typed=notice.decode())

        assert (answer.exit_code, answer.stdout) == (0, "Letter 1 came back. The board sees it.\n")
        assert again.exit_code == 1
        assert "had come back before" in again.stderr
        assert _state(database)[0] is LetterState.BOUNCED


def test_the_command_says_what_is_wrong_with_garbage(run: Run, sqlite_url: str) -> None:
    answer = run("letters", "bounce", "-", settings={"ECOOP_DATABASE_URL": sqlite_url}, typed="Hallo!\n")

    assert answer.exit_code == 1
    assert answer.stderr == "This is no notice from a mail server about a letter that came back (RFC 3464).\n"
