"""Getting in: accounts, passwords, one-time links."""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import select, update

from ecoop.db import ScopedSession
from ecoop.errors import InvalidInput, NotFound, Problem, Refused
from ecoop.governance.audit import Action
from ecoop.language import Language, parse_language
from ecoop.models import Account, BrowserSession, SignInLink
from ecoop.services import attempts, audit

LINK_LIFETIME = timedelta(minutes=15)
FIRST_LINK_LIFETIME = timedelta(days=7)
"""For the link that `ecoop init` prints: it is carried by hand, not by mail."""
PASSWORD_MIN, PASSWORD_MAX = 12, 200
TRIES_PER_ADDRESS, TRIES_PER_NETWORK = 10, 60
LONGEST_NAME, LONGEST_ADDRESS = 200, 254

_ATOM, _LABEL = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+", r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_LABEL}")
"""What every mail server takes and a browser accepts in a field for addresses."""


class AccountReason(StrEnum):
    """Why an account refuses."""

    TOO_MANY_TRIES = "too_many_tries"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105  a reason, not a password
    WRONG_PRESENT_PASSWORD = "wrong_present_password"  # noqa: S105
    LINK_SPENT = "link_spent"
    PASSWORD_TOO_SHORT = "password_too_short"  # noqa: S105
    PASSWORD_TOO_LONG = "password_too_long"  # noqa: S105
    PASSWORD_IS_ADDRESS = "password_is_address"  # noqa: S105
    NOT_AN_ADDRESS = "not_an_address"
    NAME_MISSING = "name_missing"
    NAME_UNUSABLE = "name_unusable"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountView:
    """What the door needs to know of an account."""

    id: int
    name: str
    email: str
    session_key: str
    language: Language | None
    has_password: bool


def view_of(account: Account) -> AccountView:
    """What others may know of an account's row."""
    return AccountView(
        id=account.id,
        name=account.name,
        email=account.email,
        session_key=account.session_key,
        language=parse_language(account.language),
        has_password=account.password_hash is not None,
    )


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()  # Argon2id with the library's current cost


@cache
def _decoy() -> str:
    return _hasher().hash(secrets.token_urlsafe())


def normal_address(email: str) -> str:
    """The address as it is kept: trimmed, lower case. Raises InvalidInput where no letter can be sent to it."""
    address = email.strip().lower()
    if len(address) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(address):
        raise InvalidInput((Problem(key="email", reason=AccountReason.NOT_AN_ADDRESS),))
    return address


def normal_name(name: str) -> str:
    """The name as it is kept: one space between words, one way to write é. Raises InvalidInput where it is no name.

    What cannot be seen is refused: it would let two people look like one, or turn the words around it.
    """
    normal = " ".join(unicodedata.normalize("NFC", name).split())
    if not normal:
        raise InvalidInput((Problem(key="name", reason=AccountReason.NAME_MISSING),))
    if len(normal) > LONGEST_NAME or not normal.isprintable():
        details = {"maximum": LONGEST_NAME}
        raise InvalidInput((Problem(key="name", reason=AccountReason.NAME_UNUSABLE, details=details),))
    return normal


def create_account(session: ScopedSession, *, email: str, name: str, now: datetime) -> AccountView:
    """A new login without a password. The address may be in use: a household can share it."""
    account = Account(
        email=normal_address(email), name=normal_name(name), session_key=secrets.token_urlsafe(24), created_at=now
    )
    session.add(account)
    session.flush()
    return view_of(account)


def find_account(session: ScopedSession, account_id: int) -> AccountView | None:
    """The open account with this number, if there is one."""
    account = session.get(Account, account_id)
    return None if account is None or account.closed_at is not None else view_of(account)


def find_or_create(session: ScopedSession, *, email: str, name: str, now: datetime) -> AccountView:
    """The open account with this address and name, or a new one. Another name at the same address is somebody else."""
    address, normal = normal_address(email), normal_name(name)
    for account in _open_accounts(session, address):
        if account.name.casefold() == normal.casefold():
            return view_of(account)
    return create_account(session, email=address, name=normal, now=now)


def find_by_address(session: ScopedSession, address: str) -> tuple[AccountView, ...]:
    """The open accounts at this address: none, one, or a household."""
    return tuple(view_of(account) for account in _open_accounts(session, address))


def _open_accounts(session: ScopedSession, address: str) -> Sequence[Account]:
    query = select(Account).where(Account.email == address, Account.closed_at.is_(None))
    return session.scalars(query.order_by(Account.id)).all()


def authenticate(
    session: ScopedSession, *, email: str, password: str, network: str, now: datetime
) -> tuple[AccountView, ...] | AccountReason:
    """The accounts that this address and password open (members of one household may share both), or why none.

    Every try is counted per address and per network address; the answer to a wrong password takes as long as the
    answer to an unknown address.
    """
    address = email.strip().lower()
    within = attempts.allow_attempt(session, "network", network, limit=TRIES_PER_NETWORK, now=now)
    within &= attempts.allow_attempt(session, "address", address, limit=TRIES_PER_ADDRESS, now=now)
    if not within:
        return AccountReason.TOO_MANY_TRIES
    known = _open_accounts(session, address)
    opened = [account for account in known if _matches(account.password_hash, password)]
    if not known:
        _matches(None, password)
    if not opened:
        return AccountReason.WRONG_PASSWORD
    attempts.forget_attempts(session, "address", address)
    for account in opened:
        _renew_hash(account, password)
    session.flush()
    return tuple(view_of(account) for account in opened)


def _matches(password_hash: str | None, password: str) -> bool:
    try:
        return _hasher().verify(password_hash or _decoy(), password) and password_hash is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def _renew_hash(account: Account, password: str) -> None:
    if account.password_hash and _hasher().check_needs_rehash(account.password_hash):
        account.password_hash = _hasher().hash(password)


def doubt_password(session: ScopedSession, account_id: int, password: str, *, now: datetime) -> AccountReason | None:
    """Why this may not be the present password of the account; None when it is. Tries are counted."""
    account = require(session, account_id)
    if not attempts.allow_attempt(session, "confirm", str(account_id), limit=TRIES_PER_ADDRESS, now=now):
        return AccountReason.TOO_MANY_TRIES
    return None if _matches(account.password_hash, password) else AccountReason.WRONG_PRESENT_PASSWORD


def set_password(session: ScopedSession, account_id: int, password: str, *, now: datetime) -> AccountView:
    """Set a password and end every other session. Raises InvalidInput where the password is too weak."""
    account = require(session, account_id)
    reason = _weakness(password, account)
    if reason is not None:
        details = {"minimum": PASSWORD_MIN, "maximum": PASSWORD_MAX}
        raise InvalidInput((Problem(key="password", reason=reason, details=details),))
    account.password_hash = _hasher().hash(password)
    renewed = end_sessions(session, account_id, now=now)
    _record(session, account_id, Action.ACCOUNT_PASSWORD_SET, now)
    return renewed


def _weakness(password: str, account: Account) -> AccountReason | None:
    if len(password) < PASSWORD_MIN:
        return AccountReason.PASSWORD_TOO_SHORT
    if len(password) > PASSWORD_MAX:
        return AccountReason.PASSWORD_TOO_LONG
    if password.strip().lower() in {account.email, account.name.lower()}:
        return AccountReason.PASSWORD_IS_ADDRESS
    return None


def sign_out_everywhere(session: ScopedSession, account_id: int, *, now: datetime) -> AccountView:
    """End every session and every unused link of this account, because its owner wants so."""
    renewed = end_sessions(session, account_id, now=now)
    _record(session, account_id, Action.ACCOUNT_SIGNED_OUT, now)
    return renewed


def _record(session: ScopedSession, account_id: int, action: Action, now: datetime) -> None:
    audit.record_for_installation(session, account_id, action, subject=f"account:{account_id}", now=now)


def end_sessions(session: ScopedSession, account_id: int, *, now: datetime) -> AccountView:
    """End every session and every unused link as part of something else, which is recorded by its own name."""
    account = require(session, account_id)
    account.session_key = secrets.token_urlsafe(24)
    running = update(BrowserSession).where(BrowserSession.account_id == account_id, BrowserSession.ended_at.is_(None))
    session.execute(running.values(ended_at=now))
    end_links(session, account_id)
    session.flush()
    return view_of(account)


def note_came_in(session: ScopedSession, account_id: int, *, now: datetime) -> None:
    """Note the first time that somebody came in; later times change nothing."""
    outside = update(Account).where(Account.id == account_id, Account.came_in_at.is_(None))
    session.execute(outside.values(came_in_at=now))


def end_links(session: ScopedSession, account_id: int) -> None:
    """Make every link that was not used worthless."""
    for link in _unused_links(session, account_id):
        session.delete(link)


def choose_language(session: ScopedSession, account_id: int, language: Language) -> None:
    """Remember the language in which this account wants to read."""
    require(session, account_id).language = language.value
    session.flush()


def issue_link(session: ScopedSession, account_id: int, *, now: datetime, lifetime: timedelta = LINK_LIFETIME) -> str:
    """A secret that lets its holder in once. Only its digest is kept; older unused ones stop working."""
    require(session, account_id)
    for link in _unused_links(session, account_id):
        link.used_at = now
    secret = secrets.token_urlsafe(32)
    session.add(SignInLink(digest=_digest(secret), account_id=account_id, created_at=now, expires_at=now + lifetime))
    session.flush()
    return secret


def _unused_links(session: ScopedSession, account_id: int) -> Sequence[SignInLink]:
    query = select(SignInLink).where(SignInLink.account_id == account_id, SignInLink.used_at.is_(None))
    return session.scalars(query).all()


def redeem_link(session: ScopedSession, secret: str, *, now: datetime) -> AccountView:
    """The account that a one-time link opens; raises Refused where it is unknown, used or too old."""
    link = session.scalar(select(SignInLink).where(SignInLink.digest == _digest(secret)).with_for_update())
    if link is None or link.used_at is not None or now >= link.expires_at:
        raise Refused(AccountReason.LINK_SPENT)
    link.used_at = now
    session.flush()
    account = find_account(session, link.account_id)
    if account is None:
        raise Refused(AccountReason.LINK_SPENT)
    return account


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def require(session: ScopedSession, account_id: int) -> Account:
    """The row of an account, for the services around it. Raises NotFound."""
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound
    return account


def require_held(session: ScopedSession, account_id: int) -> None:
    """Hold the row of an account until the work is committed, so that of two who begin the same one waits."""
    require(session, account_id)
    session.scalar(select(Account.id).where(Account.id == account_id).with_for_update(key_share=True))
