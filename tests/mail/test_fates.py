"""What becomes of a letter: refused for now or for good, given up, expired, perhaps sent, printed."""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from aiosmtpd.smtp import SMTP, Envelope, Session

from ecoop import mail
from ecoop.db import Database, Scope
from ecoop.models import Letter
from ecoop.services import letters
from ecoop.services.letters import LetterState, TakenLetter
from tests.mail.post_offices import PostOffice, post_office
from tests.mail.test_sending import LATER, NOW, _settings, _write
from tests.support.databases import furnishing

CARRIER = Scope(carries=True, may_write=True)


def _row(database: Database, number: int = 1) -> Letter:
    with database.work(Scope(carries=True)) as session:
        return session.get_one(Letter, number)


def _send(database: Database, office: PostOffice, now: datetime = LATER) -> mail.Delivery:
    return mail.send_waiting(database, _settings(office), lambda: now)


def _take(database: Database, now: datetime) -> TakenLetter | None:
    with database.work(CARRIER) as session:
        return letters.take_letter(session, up_to=1000, now=now)


@dataclass(kw_only=True)
class HangsUp(PostOffice):
    """A server that drops the line in the middle of the text, after or before it could have kept it."""

    times: int = 1
    keeps: bool = False
    seen: list[str] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = await super().handle_DATA(server, session, envelope) if self.keeps or not self.times else "250 OK"
        if self.times:
            self.times -= 1
            self.seen.append(envelope.rcpt_tos[0])
            assert server.transport is not None
            server.transport.close()
        return answer


def test_refused_for_now_is_tried_again_after_growing_pauses_and_given_up_at_last(sqlite_database: Database) -> None:
    _write(sqlite_database, "Een")
    now, pauses = NOW, []
    with post_office(refusing={"Een": "451 4.2.0 Greylisted"}) as office:
        for _ in range(20):
            _send(sqlite_database, office, now)
            row = _row(sqlite_database)
            if row.next_try_at is None:
                break
            pauses.append(row.next_try_at - now)
            now = row.next_try_at

    assert pauses == list(letters.TRY_AGAIN_AFTER)
    assert timedelta(days=2) < now - NOW < timedelta(days=5)
    assert (row.state, row.answer) == (LetterState.GIVEN_UP, "451 4.2.0 Greylisted")


def test_it_is_not_tried_before_its_time(sqlite_database: Database) -> None:
    _write(sqlite_database, "Een")
    with post_office(refusing={"Een": "451 Later"}) as office:
        _send(sqlite_database, office, NOW)

    with post_office() as office:
        _send(sqlite_database, office, NOW + timedelta(seconds=59))
        assert office.taken == []
        _send(sqlite_database, office, NOW + timedelta(seconds=61))

    assert len(office.taken) == 1
    assert _row(sqlite_database).attempts == 2


def test_refused_for_good_is_never_tried_again(database: Database) -> None:
    _write(database, "Een")
    with post_office(refusing={"zoe@example.org": "550 5.1.1 No such user"}) as office:
        _send(database, office)
    with post_office() as office:
        _send(database, office, NOW + timedelta(days=30))

    assert office.taken == []
    assert (_row(database).state, _row(database).answer) == (LetterState.REFUSED, "550 5.1.1 No such user")


def test_a_server_that_does_not_take_the_sender_is_no_fault_of_the_letters(sqlite_database: Database) -> None:
    class NoSender(PostOffice):
        async def handle_MAIL(self, *_: object) -> str:  # noqa: N802
            return "550 5.7.1 Not you"

    _write(sqlite_database, "Een", "Twee")
    with post_office(office_class=NoSender) as office, pytest.raises(mail.MailServerUnreachable, match=r"5\.7\.1"):
        _send(sqlite_database, office)

    assert [_row(sqlite_database, number).state for number in (1, 2)] == [LetterState.WAITING] * 2


def test_a_line_that_breaks_in_the_text_leaves_it_unsure_and_it_is_sent_once_more(database: Database) -> None:
    _write(database, "Een", "Twee")

    with post_office(office_class=HangsUp) as office:
        office.keeps = True  # type: ignore[attr-defined]
        with pytest.raises(mail.MailServerUnreachable):
            _send(database, office)
        unsure = _row(database)
        assert (unsure.state, unsure.unsure) == (LetterState.WAITING, 1)
        _send(database, office, LATER + timedelta(minutes=2))

    assert [one.message["Subject"] for one in office.taken] == ["Een", "Een", "Twee"]
    assert len({one.message["Message-ID"] for one in office.taken if one.message["Subject"] == "Een"}) == 1
    assert [_row(database, number).state for number in (1, 2)] == [LetterState.SENT] * 2


def test_a_line_that_breaks_twice_leaves_it_perhaps_sent_for_ever(sqlite_database: Database) -> None:
    _write(sqlite_database, "Een")

    with post_office(office_class=HangsUp) as office:
        office.times = 2  # type: ignore[attr-defined]
        for minutes in (0, 2):
            with pytest.raises(mail.MailServerUnreachable):
                _send(sqlite_database, office, LATER + timedelta(minutes=minutes))
        _send(sqlite_database, office, LATER + timedelta(days=9))

    assert len(office.seen) == 2  # type: ignore[attr-defined]
    assert _row(sqlite_database).state is LetterState.PERHAPS_SENT


def test_a_line_that_breaks_before_the_text_leaves_no_doubt(sqlite_database: Database) -> None:
    class Before(PostOffice):
        async def handle_RCPT(self, server: SMTP, *_: object) -> str:  # type: ignore[override]  # noqa: N802
            assert server.transport is not None
            server.transport.close()
            return "250 OK"

    _write(sqlite_database, "Een")
    with post_office(office_class=Before) as office, pytest.raises(mail.MailServerUnreachable):
        _send(sqlite_database, office)

    assert (_row(sqlite_database).state, _row(sqlite_database).unsure) == (LetterState.WAITING, 0)


def test_a_process_that_died_leaves_a_letter_that_is_taken_once_more_and_no_more(database: Database) -> None:
    _write(database, "Een")
    first = _take(database, NOW)
    assert first is not None
    assert _take(database, NOW + timedelta(minutes=9)) is None  # it may still be at work

    second = _take(database, NOW + timedelta(minutes=11))
    assert second is not None
    assert second.token == first.token

    assert _take(database, NOW + timedelta(minutes=22)) is None
    assert _row(database).state is LetterState.PERHAPS_SENT


def test_who_was_slow_still_notes_that_it_was_sent(sqlite_database: Database) -> None:
    _write(sqlite_database, "Een")
    first = _take(sqlite_database, NOW)
    second = _take(sqlite_database, NOW + timedelta(minutes=11))
    assert first is not None
    assert second is not None

    with sqlite_database.work(CARRIER) as session:
        letters.mark_refused(session, first, "late", for_good=True, now=LATER)  # of no more account
        letters.mark_sent(session, second, now=LATER)

    assert (_row(sqlite_database).state, _row(sqlite_database).answer) == (LetterState.SENT, None)


def _secret(database: Database, *, minutes: int = 15) -> None:
    _write(database)
    with furnishing(database) as session:
        letters.write_letter(
            session, account_id=None, recipient="zoe@example.org", subject="Link", body="https://geheim", now=NOW,
            is_secret=True, expires_at=NOW + timedelta(minutes=minutes),
        )  # fmt: skip


def test_a_link_that_is_too_old_is_not_sent_and_nothing_of_it_stays(database: Database) -> None:
    _secret(database)

    with post_office() as office:
        _send(database, office, NOW + timedelta(minutes=15))

    assert office.taken == []
    assert (_row(database).state, _row(database).body) == (LetterState.EXPIRED, "")


def test_a_secret_is_emptied_once_it_was_sent(sqlite_database: Database) -> None:
    _secret(sqlite_database)

    with post_office() as office:
        _send(sqlite_database, office)

    assert "https://geheim" in office.taken[0].message.get_content()
    assert _row(sqlite_database).body == ""


def test_a_secret_is_emptied_by_the_hourly_check_where_nothing_is_sent(sqlite_database: Database) -> None:
    _secret(sqlite_database)

    with sqlite_database.work(CARRIER) as session:
        letters.expire(session, now=NOW + timedelta(hours=1))

    assert (_row(sqlite_database).state, _row(sqlite_database).body) == (LetterState.EXPIRED, "")


def test_a_link_goes_out_before_a_mailing_that_waits(sqlite_database: Database) -> None:
    _write(sqlite_database, "Een", "Twee")
    _secret(sqlite_database)

    with post_office() as office:
        _send(sqlite_database, office)

    assert [one.message["Subject"] for one in office.taken] == ["Link", "Een", "Twee"]


def test_two_processes_never_send_the_same_letter(database: Database) -> None:
    _write(database, *(f"Brief {number}" for number in range(30)))
    troubles: list[Exception] = []

    def send(office: PostOffice) -> None:
        try:
            _send(database, office)
        except Exception as error:  # noqa: BLE001, RUF100
            troubles.append(error)

    with post_office() as office:
        threads = [threading.Thread(target=send, args=(office,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert troubles == []
    assert sorted(one.message["Subject"] for one in office.taken) == sorted(f"Brief {number}" for number in range(30))


def test_who_has_no_address_waits_for_paper_and_is_never_mailed(database: Database) -> None:
    _write(database)
    with furnishing(database) as session:
        letters.write_letter(
            session, account_id=None, recipient=None, name="Bep", subject="Hallo", body="Dag.", now=NOW,
            postal_address="Straat 1",
        )  # fmt: skip

    with post_office() as office:
        assert _send(database, office) == mail.Delivery(sent=0, undelivered=())

    assert office.taken == []
    assert _row(database).state is LetterState.TO_PRINT


def test_a_letter_with_a_key_is_written_once(database: Database) -> None:
    def write() -> bool:
        with furnishing(database) as session:
            return letters.write_letter(
                session, account_id=None, recipient="a@example.org", subject="x", body="x", now=NOW, key="k"
            )

    assert [write(), write()] == [True, False]


@pytest.mark.parametrize("state", ["sent", "refused", "to_print"])
def test_the_database_refuses_what_cannot_be(database: Database, state: str) -> None:
    _write(database, "Een")
    table = sa.table("letter", sa.column("state"))

    with pytest.raises(sa.exc.IntegrityError), database.writer.begin() as connection:
        connection.execute(sa.update(table).values(state=state))
