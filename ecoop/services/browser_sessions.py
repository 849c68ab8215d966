"""The browsers in which an account is signed in: known here, so that each of them can be ended."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import exists, select, update

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import NotFound
from ecoop.governance.audit import Action
from ecoop.models import Account, BrowserSession, Passkey, TotpFactor
from ecoop.services import audit
from ecoop.services.accounts import AccountView, note_came_in, view_of

LONGEST = timedelta(days=90)
"""However often it is used, a session ends after this."""
FRESH = timedelta(minutes=15)
"""How long a proof of who one is opens what is delicate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """An open session of an account, as the door sees it."""

    id: int
    account: AccountView
    proved_at: datetime
    last_seen_on: date
    has_second_factor: bool

    def is_fresh(self, now: datetime) -> bool:
        """Whether its owner proved a moment ago who they are."""
        return now - self.proved_at < FRESH


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """An open session, as its owner sees it."""

    id: int
    browser: str
    begun_at: datetime
    last_seen_on: date


def begin(session: ScopedSession, account_id: int, *, browser: str, now: datetime) -> str:
    """Register a session of this account; the key by which its browser is known from here on."""
    key = secrets.token_urlsafe(24)
    day = clock.legal_day(now)
    session.add(
        BrowserSession(
            account_id=account_id, digest=_digest(key), browser=browser, begun_at=now, proved_at=now, last_seen_on=day
        )
    )
    note_came_in(session, account_id, now=now)
    session.flush()
    return key


def recognise(
    session: ScopedSession, account_id: int, *, session_key: str, key: str, now: datetime
) -> Recognised | None:
    """The open session with this key, in one query; None where it was ended, has grown too old or never was."""
    has_app = exists().where(TotpFactor.account_id == Account.id, TotpFactor.confirmed_at.is_not(None))
    has_passkey = exists().where(Passkey.account_id == Account.id)
    found = session.execute(
        select(Account, BrowserSession, has_app, has_passkey)
        .join(BrowserSession, BrowserSession.account_id == Account.id)
        .where(
            Account.id == account_id,
            Account.session_key == session_key,
            Account.closed_at.is_(None),
            BrowserSession.digest == _digest(key),
            BrowserSession.ended_at.is_(None),
            BrowserSession.begun_at > now - LONGEST,
        )
    ).one_or_none()
    if found is None:
        return None
    account, row, app, passkey = found
    return Recognised(
        id=row.id,
        account=view_of(account),
        proved_at=row.proved_at,
        last_seen_on=row.last_seen_on,
        has_second_factor=app or passkey,
    )


def note_seen(session: ScopedSession, session_id: int, day: date) -> None:
    """Note on which day a session was last used."""
    session.execute(update(BrowserSession).where(BrowserSession.id == session_id).values(last_seen_on=day))


def note_proof(session: ScopedSession, session_id: int, now: datetime) -> None:
    """Note that the owner of a session has just proved who they are."""
    session.execute(update(BrowserSession).where(BrowserSession.id == session_id).values(proved_at=now))


def read_sessions(session: ScopedSession, account_id: int, *, now: datetime) -> tuple[SessionView, ...]:
    """The open sessions of an account, newest first."""
    rows = session.scalars(
        select(BrowserSession)
        .where(
            BrowserSession.account_id == account_id,
            BrowserSession.ended_at.is_(None),
            BrowserSession.begun_at > now - LONGEST,
        )
        .order_by(BrowserSession.begun_at.desc(), BrowserSession.id.desc())
    )
    return tuple(
        SessionView(id=row.id, browser=row.browser, begun_at=row.begun_at, last_seen_on=row.last_seen_on)
        for row in rows
    )


def end(session: ScopedSession, account_id: int, session_id: int, *, now: datetime) -> None:
    """End one session of this account. Raises NotFound for one of somebody else."""
    row = session.get(BrowserSession, session_id)
    if row is None or row.account_id != account_id:
        raise NotFound
    if row.ended_at is None:
        row.ended_at = now
        session.flush()


def end_others(session: ScopedSession, account_id: int, session_id: int, *, now: datetime) -> None:
    """End every session of this account but one: they began with less than is asked from now on."""
    others = update(BrowserSession).where(
        BrowserSession.account_id == account_id, BrowserSession.id != session_id, BrowserSession.ended_at.is_(None)
    )
    session.execute(others.values(ended_at=now))


def end_another(session: ScopedSession, account_id: int, session_id: int, *, now: datetime) -> None:
    """End a session from the own account page; it is recorded, because somebody else may have used it."""
    end(session, account_id, session_id, now=now)
    audit.record_for_installation(
        session, account_id, Action.ACCOUNT_SESSION_ENDED, subject=f"account:{account_id}", now=now
    )


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


_BROWSERS: Mapping[str, str] = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "Chrome": "Chrome",
    "CriOS": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS: Mapping[str, str] = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def coarse_browser(user_agent: str) -> str:
    """The browser and the system in two names ("Firefox, Windows"): enough to know it again, too little to follow."""
    names = (next((name for sign, name in known.items() if sign in user_agent), "") for known in (_BROWSERS, _SYSTEMS))
    return ", ".join(filter(None, names))
