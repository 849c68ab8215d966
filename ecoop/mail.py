"""Letters: rendered without a request, and sent from the outbox without holding up any work."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ecoop import clock, language
from ecoop.config import Settings, SettingsError
from ecoop.db import Database, Scope, ScopedSession
from ecoop.errors import EcoopError
from ecoop.language import Language
from ecoop.language.names import role_name
from ecoop.services import recovery
from ecoop.services.cooperatives import read_installation
from ecoop.services.letters import LetterView, mark_sent, read_letters, write_letter

SUBJECT = "Subject: "
TIMEOUT_SECONDS = 30
AT_ONCE = 10_000


class DemoSendsNothing(EcoopError):
    """The letters of a demo stay in its outbox, whatever the settings say."""


class MailServerUnreachable(EcoopError):
    """The mail server does not answer, does not let us in or hung up; what it said is the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """A letter that the mail server did not take; it stays in the outbox."""

    recipient: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of the letters that waited."""

    sent: int
    undelivered: tuple[Undelivered, ...]


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


def _shown(value: object) -> object:
    if isinstance(value, datetime):
        return language.moment(value)
    if isinstance(value, date):
        return language.day(value)
    return " ".join(value.split()) if isinstance(value, str) else value


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
    write_letter(session, account_id=one.id, recipient=one.email, subject=subject, body=body, now=now)


def write_due_letters(database: Database, now: datetime) -> int:
    """Write the letters that waited for their day: those of recoveries whose waiting time is over. How many."""
    with database.work(Scope()) as session:
        due = recovery.read_due(session, now=now)
    for recovery_id in due:
        with database.work(Scope(may_write=True)) as session:
            write_recovery_letter(session, recovery.open_link(session, recovery_id, actor_id=None, now=now), now)
    return len(due)


def send_waiting(database: Database, settings: Settings, now: datetime) -> Delivery:
    """Send the letters that wait, oldest first, and note each as sent once the mail server has taken it.

    No database transaction is open while the mail server is at work. Raises DemoSendsNothing, SettingsError where no
    mail server is set, and MailServerUnreachable; what had been sent by then is noted.
    """
    with database.work(Scope()) as session:
        installation = read_installation(session)
        waiting = read_letters(session, waiting_only=True, limit=AT_ONCE)
    if installation is not None and installation.is_demo:
        raise DemoSendsNothing
    sender = _sender(settings)
    if not waiting:
        return Delivery(sent=0, undelivered=())
    undelivered: list[Undelivered] = []
    with _post_office(settings) as post_office:
        for letter in reversed(waiting):
            try:
                post_office.send_message(_message(letter, sender, now))
            except smtplib.SMTPServerDisconnected:
                raise
            except (smtplib.SMTPException, ValueError) as error:
                undelivered.append(Undelivered(recipient=letter.recipient, why=_said(error)))
            else:
                with database.work(Scope(may_write=True)) as session:
                    mark_sent(session, letter.id, now=now)
    return Delivery(sent=len(waiting) - len(undelivered), undelivered=tuple(undelivered))


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
def _post_office(settings: Settings) -> Iterator[smtplib.SMTP]:
    """A line to the mail server, encrypted and signed in as the settings say."""
    assert settings.smtp_host is not None  # noqa: S101  _sender() saw to it
    try:
        with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT_SECONDS) as server:
            if settings.smtp_starttls:
                server.starttls(context=ssl.create_default_context())
            if settings.smtp_user is not None:
                server.login(settings.smtp_user, settings.smtp_password or "")
            yield server
    except (OSError, smtplib.SMTPException) as error:
        raise MailServerUnreachable(_said(error)) from error


def _message(letter: LetterView, sender: Address, now: datetime) -> EmailMessage:
    """The letter as it travels. The policy refuses line breaks in headers; the text goes as UTF-8."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = sender
    message["To"] = Address(addr_spec=letter.recipient)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(clock.as_local(now))
    # the same letter keeps its name when it is sent again, so that a mail program can see that it is the same
    message["Message-ID"] = f"<letter-{letter.id}-{int(letter.written_at.timestamp())}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body)
    return message


def _said(error: Exception) -> str:
    """What the mail server answered, on one line."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = list(error.recipients.values())
        code, text = answers[0]
        return _answer(code, text)
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    return " ".join(str(error).split()) or type(error).__name__


def _answer(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join(f"{code} {words}".split())
