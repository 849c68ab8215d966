"""Browser sessions: the one module that knows Flask-Login, so that it can be replaced."""

from dataclasses import dataclass

import flask_login
from flask import Flask, Response, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin

from ecoop.db import Scope
from ecoop.services import accounts
from ecoop.services.accounts import AccountView
from ecoop.web.platform import platform


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Flask-Login's user: a thin wrapper around an account."""

    account: AccountView
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """Account and session key: a new key ends every session."""
        return f"{self.account.id}.{self.account.session_key}"


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


def recognise(user_id: str) -> SignedIn | None:
    """The account behind a kept identity, unless its sessions were ended since."""
    number, _, key = user_id.partition(".")
    if not number.isdecimal():
        return None
    account_id = int(number)
    with platform().database.work(Scope(account_id=account_id)) as reading:
        account = accounts.find_account(reading, account_id)
    return SignedIn(account) if account and account.session_key == key else None


def begin_session(account: AccountView) -> None:
    """Sign the browser in, in a fresh session: nothing of an earlier visitor stays behind."""
    kept = session.get("language")
    session.clear()
    if kept:
        session["language"] = kept
    session.permanent = True
    flask_login.login_user(SignedIn(account))


def end_session() -> None:
    """Sign this browser out."""
    flask_login.logout_user()
    session.clear()
