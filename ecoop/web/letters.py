"""Letters that a page causes: rendered here, put in the outbox, sent after the work is committed."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for

from ecoop import language
from ecoop.mail import render_letter
from ecoop.services import accounts, attempts
from ecoop.services.accounts import FIRST_LINK_LIFETIME, LINK_LIFETIME, AccountView
from ecoop.services.letters import write_letter
from ecoop.web.access import db, now, place

LINKS_PER_ADDRESS = 3


def send_links(email: str, *, network: str) -> None:
    """A sign-in link to every account at this address; silently nothing for an unknown or too busy one."""
    subject = email.strip().lower()
    within = attempts.allow_attempt(db(), "link", subject, limit=LINKS_PER_ADDRESS, now=now())
    within &= attempts.allow_attempt(db(), "network", network, limit=accounts.TRIES_PER_NETWORK, now=now())
    if within:
        for one in accounts.find_by_address(db(), subject):
            _send_link(one)


def _send_link(one: AccountView) -> None:
    secret = accounts.issue_link(db(), one.id, now=now())
    until = now() + LINK_LIFETIME
    link = url_for("accounts.redeem", secret=secret, _external=True)
    _write(one, "sign_in_link", _Envelope(kind="sign_in", secret_until=until), link=link, until=until)


def send_role_letter(one: AccountView, *, role: str, cooperative: str, granted_by: str, starts_on: date) -> None:
    """Tell somebody which role they were given; who has no password yet gets a link that lasts a week."""
    if one.has_password:
        link, until = url_for("home.start", _external=True), None
    else:
        secret = accounts.issue_link(db(), one.id, now=now(), lifetime=FIRST_LINK_LIFETIME)
        link, until = url_for("accounts.redeem", secret=secret, _external=True), now() + FIRST_LINK_LIFETIME
    _write(
        one,
        "role_granted",
        _Envelope(kind="role", cooperative_id=place().id, secret_until=until),
        role=role,
        cooperative=cooperative,
        granted_by=granted_by,
        starts_on=starts_on,
        link=link,
        until=until,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Envelope:
    """What the outbox is told of a letter. One that lets somebody in until a moment is shown to nobody."""

    kind: str
    cooperative_id: int | None = None
    secret_until: datetime | None = None


def _write(one: AccountView, letter: str, envelope: _Envelope, **values: object) -> None:
    spoken = one.language or language.DEFAULT
    subject, body = render_letter(letter, spoken, name=one.name, **values)
    write_letter(
        db(),
        account_id=one.id,
        recipient=one.email,
        subject=subject,
        body=body,
        now=now(),
        name=one.name,
        kind=envelope.kind,
        spoken=spoken,
        cooperative_id=envelope.cooperative_id,
        is_secret=envelope.secret_until is not None,
        expires_at=envelope.secret_until,
    )
