"""Letters that a page causes: rendered here, put in the outbox, sent after the work is committed."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for

from ecoop import language
from ecoop.mail import render_letter, write_recovery_letter
from ecoop.services import accounts, attempts
from ecoop.services.accounts import FIRST_LINK_LIFETIME, LINK_LIFETIME, AccountView
from ecoop.services.addresses import CONFIRM_LIFETIME, Changed
from ecoop.services.invitations import Invitation
from ecoop.services.letters import write_letter
from ecoop.services.recovery import Opened, Started
from ecoop.web.access import db, now, place

LINKS_PER_ADDRESS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Envelope:
    """What the outbox is told of a letter. A secret one holds a link that lets its reader do something."""

    kind: str
    cooperative_id: int | None = None
    is_secret: bool = False
    until: datetime | None = None
    """When the link in it ends: later it need not be sent."""


def send_links(email: str, *, network: str) -> None:
    """A sign-in link to every account at this address; silently nothing for an unknown or too busy one."""
    subject = email.strip().lower()
    within = attempts.allow_attempt(db(), "link", subject, limit=LINKS_PER_ADDRESS, now=now())
    within &= attempts.allow_attempt(db(), "network", network, limit=accounts.TRIES_PER_NETWORK, now=now())
    if not within:
        return
    known = accounts.find_by_address(db(), subject)
    until = now() + LINK_LIFETIME
    for one in known:
        link = _sign_in_url(accounts.issue_link(db(), one.id, now=now()))
        _write(one, "sign_in_link", _Envelope(kind="sign_in", is_secret=True, until=until), link=link, until=until)
    if not known:  # so that the answer takes about as long
        render_letter("sign_in_link", language.current(), name=subject, link=_sign_in_url("nobody"), until=until)


def _sign_in_url(secret: str) -> str:
    return url_for("accounts.redeem", secret=secret, _external=True)


def send_role_letter(one: AccountView, *, role: str, cooperative: str, granted_by: str, starts_on: date) -> None:
    """Tell somebody which role they were given; who has no password yet gets a link that lasts a week."""
    if one.has_password:
        link, until = url_for("home.start", _external=True), None
    else:
        link = _sign_in_url(accounts.issue_link(db(), one.id, now=now(), lifetime=FIRST_LINK_LIFETIME))
        until = now() + FIRST_LINK_LIFETIME
    _write(
        one,
        "role_granted",
        _Envelope(kind="role", cooperative_id=place().id, is_secret=until is not None, until=until),
        role=role,
        cooperative=cooperative,
        granted_by=granted_by,
        starts_on=starts_on,
        link=link,
        until=until,
    )


def send_invitation(invited: Invitation, *, cooperative: str, invited_by: str) -> None:
    """A first link for somebody who never came in."""
    _write(
        invited.account,
        "invitation",
        _Envelope(kind="invitation", cooperative_id=place().id, is_secret=True, until=invited.until),
        cooperative=cooperative,
        invited_by=invited_by,
        link=_sign_in_url(invited.secret),
        until=invited.until,
    )


def send_address_link(one: AccountView, *, address: str, secret: str) -> None:
    """Ask at a new address whether it is right."""
    link, until = url_for("recovery.confirm_address", secret=secret, _external=True), now() + CONFIRM_LIFETIME
    envelope = _Envelope(kind="address", is_secret=True, until=until)
    _write(one, "address_confirm", envelope, address, link=link, until=until)


def send_address_notice(changed: Changed) -> None:
    """Tell the old address that another one counts now, and how that is undone."""
    link = url_for("recovery.undo_address", secret=changed.undo_secret, _external=True)
    envelope = _Envelope(kind="address", is_secret=True, until=changed.undo_until)
    _write(changed.account, "address_changed", envelope, changed.old_email, link=link, until=changed.undo_until)


def send_recovery_notice(started: Started, *, cooperative: str, started_by: str) -> None:
    """Tell somebody at once that a recovery was started for them, and how they stop it."""
    _write(
        started.account,
        "recovery_started",
        _Envelope(kind="recovery", is_secret=True),
        cooperative=cooperative,
        started_by=started_by,
        reason=started.reason,
        link=url_for("recovery.stop_by_link", secret=started.stop_secret, _external=True),
    )


def send_recovery_letter(opened: Opened) -> None:
    """The link that ends a recovery, once its waiting time is over."""
    write_recovery_letter(db(), opened, now())


def _write(one: AccountView, letter: str, envelope: _Envelope, recipient: str = "", /, **values: object) -> None:
    spoken = one.language or language.DEFAULT
    subject, body = render_letter(letter, spoken, name=one.name, **values)
    write_letter(
        db(),
        account_id=one.id,
        recipient=recipient or one.email,
        subject=subject,
        body=body,
        now=now(),
        name=one.name,
        kind=envelope.kind,
        spoken=spoken,
        cooperative_id=envelope.cooperative_id,
        is_secret=envelope.is_secret,
        expires_at=envelope.until,
    )
