"""Browser sessions: the one module that knows Flask-Login, so that it can be replaced."""

from dataclasses import dataclass

import flask_login
from flask import Flask, Response, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin

from ecoop.db import Scope
from ecoop.services import accounts, browser_sessions
from ecoop.services.accounts import AccountView
from ecoop.services.browser_sessions import Recognised
from ecoop.web.platform import platform


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Flask-Login's user: a thin wrapper around an account and the key of its browser session."""

    account: AccountView
    key: str
    known: Recognised | None = None
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """Account, session key and the key of this browser: a new session key ends every session."""
        return f"{half_key(self.account)}.{self.key}"


class PageSessions(SecureCookieSessionInterface):
    """Sessions that stay off what anybody may keep: a cookie on it could reach the next who asks a shared cache."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Put the cookie on the answer, unless the answer is public."""
        if not response.cache_control.public:
            super().save_session(app, session, response)


def install_sign_in(app: Flask) -> None:
    """Let browser sessions be recognised."""
    app.session_interface = PageSessions()
    manager = flask_login.LoginManager(app, add_context_processor=False)  # no template asks for its user
    manager.session_protection = None  # the key in the session does more than a comparison of browser names
    manager.user_loader(recognise)


def half_key(account: AccountView) -> str:
    """By what an account is known that still has to say or prove something: it dies with the session key."""
    return f"{account.id}.{account.session_key}"


def find_half(key: str) -> AccountView | None:
    """The account behind a half key, unless its sessions were ended since."""
    number, _, session_key = key.partition(".")
    if not _is_number(number):
        return None
    with platform().database.work(Scope(account_id=int(number))) as reading:
        account = accounts.find_account(reading, int(number))
    return account if account and account.session_key == session_key else None


def recognise(user_id: str) -> SignedIn | None:
    """The account behind a kept identity, unless its session was ended since."""
    number, _, keys = user_id.partition(".")
    session_key, _, key = keys.partition(".")
    if not _is_number(number):
        return None
    with platform().database.work(Scope(account_id=int(number))) as reading:
        known = browser_sessions.recognise(reading, int(number), session_key=session_key, key=key, now=platform().now())
    return SignedIn(known.account, key, known) if known else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


def keep_session(account: AccountView, key: str) -> None:
    """Sign the browser in under `key`, in a fresh session: nothing of an earlier visitor stays behind."""
    start_anew()
    session.permanent = True
    flask_login.login_user(SignedIn(account, key))


def start_anew() -> None:
    """Forget everything in this browser's session but the language."""
    kept = session.get("language")
    session.clear()
    if kept:
        session["language"] = kept


def forget_session() -> None:
    """Sign this browser out."""
    flask_login.logout_user()
    session.clear()
