"""A real mail server for the tests, which keeps what it takes and refuses what it is told to refuse."""

import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HERE = Path(__file__).parent
CERTIFICATE = HERE / "certificate.pem"
"""For 127.0.0.1, signed by itself, known to nobody and valid for a hundred years. Made for these tests only."""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A letter that the server took."""

    recipient: str
    message: EmailMessage
    encrypted: bool


@dataclass(kw_only=True)
class PostOffice:
    """The server, and what came in."""

    port: int
    refusing: Mapping[str, str] = field(default_factory=dict)
    taken: list[Taken] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802  the name that aiosmtpd asks for
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Refuse the addressees that are to be refused."""
        if address in self.refusing:
            return self.refusing[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the letter, or refuse it by its subject."""
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        if message["Subject"] in self.refusing:
            return self.refusing[message["Subject"]]
        for recipient in envelope.rcpt_tos:
            self.taken.append(Taken(recipient=recipient, message=message, encrypted=session.ssl is not None))
        return "250 OK"


@contextmanager
def post_office(
    *,
    refusing: Mapping[str, str] | None = None,
    encrypted: bool = False,
    account: tuple[str, str] | None = None,
    office_class: type[PostOffice] = PostOffice,
) -> Iterator[PostOffice]:
    """A running server. `refusing` maps an addressee or a subject to the answer; `account` must
    sign in, on an encrypted line."""
    office = office_class(port=_free_port(), refusing=refusing or {})
    options: dict[str, Any] = {}
    if encrypted:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE, HERE / "key.pem")
        options |= {"tls_context": context, "require_starttls": True}
    if account is not None:
        options |= {"authenticator": _doorman(account), "auth_required": True}
    controller = Controller(office, hostname="127.0.0.1", port=office.port, **options)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


def _doorman(account: tuple[str, str]) -> Any:
    def check(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any) -> AuthResult:
        known = isinstance(given, LoginPassword) and (given.login.decode(), given.password.decode()) == account
        return AuthResult(success=known, handled=False)

    return check


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
