"""Letters: rendered without a request, sent from the outbox without holding up any work, and read when they bounce.

What SMTP can promise: a letter that the mail server refused was not sent, one that it took was. When the line or this
process breaks in the moment between, nobody knows. Such a letter is sent once more, under the same Message-ID by which
a mail program can see that it is the same one. So a reader gets one letter, and in that one moment perhaps two.
"""

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage, Message
from email.utils import format_datetime, parseaddr
from enum import StrEnum
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ecoop import clock, language
from ecoop.config import Settings, SettingsError
from ecoop.db import Database, Scope, ScopedSession
from ecoop.errors import EcoopError, Refused
from ecoop.language import Language
from ecoop.language.names import role_name
from ecoop.services import letters, recovery
from ecoop.services.cooperatives import read_installation
from ecoop.services.exit_reading import LetterReader
from ecoop.services.letters import TakenLetter, write_letter

SUBJECT = "Subject: "
TIMEOUT_SECONDS = 30
CARRIER = Scope(carries=True)
CARRIER_WRITES = Scope(carries=True, may_write=True)
HANGS_UP = 421


class DemoSendsNothing(EcoopError):
    """The letters of a demo stay in its outbox, whatever the settings say."""


class MailServerUnreachable(EcoopError):
    """The mail server does not answer, does not let us in or hung up; what it said is the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """A letter that the mail server did not take, or not for sure."""

    recipient: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of the letters that waited."""

    sent: int
    undelivered: tuple[Undelivered, ...]


class Written(str):
    """A text in somebody's own words, of which a letter keeps the line breaks."""

    __slots__ = ()


def render_letter(name: str, spoken: Language, /, **values: object) -> tuple[str, str]:
    """Subject and body of the letter in `templates/mail/<name>.txt`; days and moments are put in words.

    Line breaks in the values become spaces, so that nothing given can pose as a line of the letter.
    """
    with language.speaking(spoken):
        shown = {key: _shown(value) for key, value in values.items()}
        text = _environment().get_template(f"{name}.txt").render(shown)
    first, _, body = text.partition("\n")
    if not first.startswith(SUBJECT):
        raise ValueError(f"templates/mail/{name}.txt must begin with a line {SUBJECT!r}.")
    return first.removeprefix(SUBJECT).strip(), body.strip() + "\n"


def mailing_letter(*, name: str, cooperative: str, subject: str, text: str, spoken: Language) -> tuple[str, str]:
    """Subject and body of a letter from the board, as one reader gets it."""
    return render_letter("mailing", spoken, subject=subject, name=name, text=Written(text), cooperative=cooperative)


def write_member_letter(
    session: ScopedSession,
    letter: str,
    reader: LetterReader,
    *,
    cooperative_id: int,
    key: str,
    now: datetime,
    **values: object,
) -> None:
    """Put in the outbox a letter about a membership, once under its key: by e-mail, or to be printed."""
    subject, body = render_letter(letter, reader.language, name=reader.name, number=reader.number, **values)
    write_letter(
        session,
        account_id=reader.account_id,
        recipient=reader.email,
        postal_address=None if reader.email else reader.postal_address,
        subject=subject,
        body=body,
        now=now,
        name=reader.name,
        kind="membership",
        key=key,
        spoken=reader.language,
        cooperative_id=cooperative_id,
    )


def _shown(value: object) -> object:
    if isinstance(value, datetime):
        return language.moment(value)
    if isinstance(value, date):
        return language.day(value)
    return " ".join(value.split()) if isinstance(value, str) and not isinstance(value, Written) else value


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_find_templates()),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  plain text
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(_=language.gettext, gettext=language.gettext, role_name=role_name)
    return environment


def _find_templates() -> Path:
    package = Path(__file__).parent
    for folder in (package / "templates" / "mail", package.parent / "templates" / "mail"):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(
        "The templates of the letters are missing: neither ecoop/templates/mail nor templates/mail."
    )


def write_recovery_letter(session: ScopedSession, opened: recovery.Opened, now: datetime) -> None:
    """Put in the outbox the letter with the link that ends a recovery."""
    one = opened.account
    link = f"{opened.site}sign-in/recovery/{opened.secret}"
    subject, body = render_letter(
        "recovery_link", one.language or language.DEFAULT, name=one.name, link=link, until=opened.until
    )
    write_letter(
        session,
        account_id=one.id,
        recipient=one.email,
        subject=subject,
        body=body,
        now=now,
        name=one.name,
        kind="recovery",
        spoken=one.language or language.DEFAULT,
        is_secret=True,
        expires_at=opened.until,
    )


def write_due_letters(database: Database, now: datetime) -> int:
    """Write the letters that waited for their day: those of recoveries whose waiting time is over. How many."""
    with database.work(Scope()) as session:
        due = recovery.read_due(session, now=now)
    for recovery_id in due:
        with database.work(Scope(may_write=True)) as session:
            write_recovery_letter(session, recovery.open_link(session, recovery_id, actor_id=None, now=now), now)
    return len(due)


def never() -> bool:
    """Nobody asks to stop."""
    return False


def send_waiting(
    database: Database, settings: Settings, now: Callable[[], datetime], *, stop: Callable[[], bool] = never
) -> Delivery:
    """Send the letters that wait, and note of each at once what the mail server answered.

    Several processes may do this together: each letter is taken by one of them. No transaction is open while the mail
    server is at work. Raises DemoSendsNothing, SettingsError where no mail server is set, and MailServerUnreachable;
    what had been sent by then is noted, and the rest waits.
    """
    with database.work(CARRIER) as session:
        installation = read_installation(session)
        newest = letters.newest_to_send(session, now=now())
    if installation is not None and installation.is_demo:
        raise DemoSendsNothing
    sender = _sender(settings)
    sent, undelivered = 0, []
    if newest is not None:
        with _post_office(settings) as line:  # the line stands before a letter is taken
            while not stop() and (taken := _take(database, newest, now())) is not None:
                trouble = _send_one(database, line, _Out(taken=taken, sender=sender, now=now))
                if trouble is None:
                    sent += 1
                else:
                    undelivered.append(trouble)
    return Delivery(sent=sent, undelivered=tuple(undelivered))


def _take(database: Database, up_to: int, now: datetime) -> TakenLetter | None:
    with database.work(CARRIER_WRITES) as session:
        return letters.take_letter(session, up_to=up_to, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Out:
    """A letter on its way out."""

    taken: TakenLetter
    sender: Address
    now: Callable[[], datetime]


def _send_one(database: Database, line: "_Line", out: _Out) -> Undelivered | None:
    """Send one letter and note what came of it; None when it was taken. Raises where the line is of no more use."""
    taken, now = out.taken, out.now
    line.handing_over = False
    try:
        line.send_message(_message(taken, out.sender, now()))
    except (smtplib.SMTPServerDisconnected, OSError) as error:
        if isinstance(error, smtplib.SMTPException) and not isinstance(error, smtplib.SMTPServerDisconnected):
            return _refused(database, out, error)  # smtplib's own errors are OSErrors as well
        with database.work(CARRIER_WRITES) as session:
            if line.handing_over:
                letters.mark_unsure(session, taken, _said(error), now=now())
            else:
                letters.mark_refused(session, taken, _said(error), for_good=False, now=now())
        raise
    except ValueError as error:
        return _refused(database, out, error)
    with database.work(CARRIER_WRITES) as session:
        letters.mark_sent(session, taken, now=now())
    return None


def _refused(database: Database, out: _Out, error: Exception) -> Undelivered:
    code = _code(error)
    ours = isinstance(error, smtplib.SMTPSenderRefused)  # it is not the letter's fault
    with database.work(CARRIER_WRITES) as session:
        letters.mark_refused(
            session, out.taken, _said(error), for_good=not ours and not 400 <= code < 500, now=out.now()
        )
    if ours or code == HANGS_UP:
        raise error
    return Undelivered(recipient=out.taken.recipient, why=_said(error))


def _code(error: Exception) -> int:
    """What kind of no it was; what is no answer of a mail server cannot be sent at all."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return int(next(iter(error.recipients.values()))[0])
    return int(error.smtp_code) if isinstance(error, smtplib.SMTPResponseException) else 0


class _Line(smtplib.SMTP):
    """A line to the mail server that knows whether a text is being handed over."""

    handing_over = False

    def data(self, msg: str | bytes) -> tuple[int, bytes]:  # type: ignore[override]
        """Hand over the text. Until the answer is here nobody can say whether it was taken."""
        self.handing_over = True
        answer = super().data(msg)
        self.handing_over = False
        return answer


def ring_up(settings: Settings) -> None:
    """See whether the mail server answers and lets us in, without sending anything. Raises MailServerUnreachable."""
    with _post_office(settings):
        pass


def _sender(settings: Settings) -> Address:
    if settings.smtp_host is None or settings.mail_from is None:
        raise SettingsError("Letters can only be sent when %(host)s and %(sender)s are set.",
                            host="ECOOP_SMTP_HOST", sender="ECOOP_MAIL_FROM")  # fmt: skip
    name, address = parseaddr(settings.mail_from)
    return Address(display_name=name, addr_spec=address)


@contextmanager
def _post_office(settings: Settings) -> Iterator[_Line]:
    """A line to the mail server, encrypted and signed in as the settings say."""
    assert settings.smtp_host is not None  # noqa: S101  _sender() saw to it
    try:
        with _Line(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT_SECONDS) as server:
            if settings.smtp_starttls:
                server.starttls(context=ssl.create_default_context())
            if settings.smtp_user is not None:
                server.login(settings.smtp_user, settings.smtp_password or "")
            yield server
    except (OSError, smtplib.SMTPException) as error:
        raise MailServerUnreachable(_said(error)) from error


def _message(letter: TakenLetter, sender: Address, now: datetime) -> EmailMessage:
    """The letter as it travels. The policy refuses line breaks in headers; the text goes as UTF-8."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = sender
    message["To"] = Address(addr_spec=letter.recipient)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(clock.as_local(now))
    # the same letter keeps its name when it is sent again, so that a mail program can see that it is the same
    message["Message-ID"] = f"<{letters.message_name(letter.id, letter.token)}@{sender.domain}>"
    message["Content-Language"] = letter.language.value
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body)
    return message


def _said(error: Exception) -> str:
    """What the mail server answered, on one line."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        return _answer(code, text)
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    return " ".join(str(error).split()) or type(error).__name__


def _answer(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join(f"{code} {words}".split())


class BounceReason(StrEnum):
    """Why a message does not tell that one of our letters came back."""

    NO_REPORT = "bounce_no_report"
    NOT_OURS = "bounce_not_ours"
    NOT_FAILED = "bounce_not_failed"
    NOT_OUT = "bounce_not_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a delivery status notification (RFC 3464) says: of which letter, what became of it, and with which code."""

    message_id: str
    action: str
    status: str
    diagnostic: str


def read_report(content: bytes) -> Report:
    """Read a delivery status notification. Raises Refused where it is something else, whatever was given."""
    try:
        message = message_from_bytes(content, policy=policy.default)
        report = _fields_of(message)
        returned = _returned_headers(message)
    except (ValueError, LookupError, TypeError, AttributeError) as error:  # the parser falls over some malformed input
        raise Refused(BounceReason.NO_REPORT) from error
    if report is None:
        raise Refused(BounceReason.NO_REPORT)
    found = _MESSAGE_ID.search(returned)
    if found is None:
        raise Refused(BounceReason.NOT_OURS)
    return Report(message_id=found[1], **report)


_MESSAGE_ID = re.compile(r"^message-id:\s*(<[^>\r\n]{1,300}>)", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


def _fields_of(message: Message) -> dict[str, str] | None:
    """The fields about one recipient; our letters have one each."""
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            if isinstance(block, Message) and block.get("Action") and block.get("Status"):
                status = _STATUS.match(str(block["Status"]).strip())
                told = " ".join(str(block.get("Diagnostic-Code", "")).split())
                return {
                    "action": str(block["Action"]).strip().lower(),
                    "status": status[0] if status else "",
                    "diagnostic": told.partition(";")[2].strip() or told,
                }
    return None


def _returned_headers(message: Message) -> str:
    """The headers of the letter that came back: returned whole (message/rfc822) or alone (text/rfc822-headers)."""
    for part in message.walk():
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], Message):
                return f"Message-ID: {inner[0].get('Message-ID', '')}"
        elif part.get_content_type() in {"text/rfc822-headers", "message/rfc822-headers"}:
            raw = part.get_payload(decode=True)
            return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""
    return ""


def note_bounce(session: ScopedSession, content: bytes, *, now: datetime) -> int:
    """Note that the letter in this delivery status notification came back; its number. The session carries.

    Raises Refused where it is no such notification, of no letter of ours, or tells of something else than a failure.
    """
    report = read_report(content)
    letter_id = letters.find_by_message_id(session, report.message_id)
    if letter_id is None:
        raise Refused(BounceReason.NOT_OURS)
    if report.action != "failed":
        raise Refused(BounceReason.NOT_FAILED)
    said = f"{report.status} {report.diagnostic}".strip()
    if not letters.mark_bounced(session, letter_id, said, now=now):
        raise Refused(BounceReason.NOT_OUT)
    return letter_id
