"""Another e-mail address: confirmed at the new one, told to the old one, and undone from there within a week."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select, update

from ecoop.db import ScopedSession
from ecoop.errors import InvalidInput, Problem, Refused
from ecoop.governance.audit import Action
from ecoop.models import Account, AddressChange, Passkey, RecoveryCode, TotpFactor
from ecoop.services import accounts, attempts, audit, second_factors
from ecoop.services.accounts import AccountReason, AccountView

CONFIRM_LIFETIME = timedelta(hours=24)
UNDO_LIFETIME = timedelta(days=7)
CHANGES_A_DAY = 3


class AddressReason(StrEnum):
    """Why an address stays as it is."""

    ADDRESS_SAME = "address_same"
    ADDRESS_TOO_OFTEN = "address_too_often"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """An address that was changed: whose, what it was, and the secret that undoes it."""

    account: AccountView
    old_email: str
    undo_secret: str
    undo_until: datetime


def ask(session: ScopedSession, account_id: int, email: str, *, now: datetime) -> tuple[str, str]:
    """Ask for another address: the address as it will be kept, and the secret of the link that goes there.

    An earlier wish that was not confirmed ends. Raises InvalidInput or Refused; that others use the address is no
    hindrance and is not told.
    """
    account = accounts.require(session, account_id)
    address = accounts.normal_address(email)
    if address == account.email:
        raise InvalidInput((Problem(key="email", reason=AddressReason.ADDRESS_SAME),))
    day = timedelta(days=1)
    if not attempts.allow_attempt(session, "address", str(account_id), limit=CHANGES_A_DAY, now=now, window=day):
        raise Refused(AddressReason.ADDRESS_TOO_OFTEN)
    waiting = update(AddressChange).where(
        AddressChange.account_id == account_id, AddressChange.confirmed_at.is_(None), AddressChange.closed_at.is_(None)
    )
    session.execute(waiting.values(closed_at=now))
    secret = secrets.token_urlsafe(32)
    session.add(
        AddressChange(
            account_id=account_id,
            old_email=account.email,
            new_email=address,
            asked_at=now,
            confirm_digest=_digest(secret),
            confirm_until=now + CONFIRM_LIFETIME,
        )
    )
    session.flush()
    _record(session, account_id, Action.ACCOUNT_ADDRESS_ASKED, now)
    return address, secret


def confirm(session: ScopedSession, secret: str, *, now: datetime) -> Changed:
    """Use the new address from now on. Raises Refused where the link is unknown, used or too old."""
    row = session.scalar(select(AddressChange).where(AddressChange.confirm_digest == _digest(secret)).with_for_update())
    if row is None or row.confirmed_at is not None or row.closed_at is not None or now >= row.confirm_until:
        raise Refused(AccountReason.LINK_SPENT)
    account = _open_account(session, row.account_id)
    if account.email != row.old_email:
        raise Refused(AccountReason.LINK_SPENT)
    undo = secrets.token_urlsafe(32)
    row.confirmed_at, row.undo_digest, row.undo_until = now, _digest(undo), now + UNDO_LIFETIME
    account.email = row.new_email
    accounts.end_links(session, row.account_id)
    session.flush()
    _record(session, row.account_id, Action.ACCOUNT_ADDRESS_CHANGED, now)
    return Changed(
        account=accounts.view_of(account), old_email=row.old_email, undo_secret=undo, undo_until=row.undo_until
    )


def undo(session: ScopedSession, secret: str, *, now: datetime) -> AccountView:
    """Give the account back to its old address, as its owner finds it after somebody else was in it.

    Every session ends, the password goes, and so does every second step that was added since the change was asked;
    later changes of address are undone with it. Raises Refused.
    """
    row = session.scalar(select(AddressChange).where(AddressChange.undo_digest == _digest(secret)).with_for_update())
    if row is None or row.undo_until is None or row.closed_at is not None or now >= row.undo_until:
        raise Refused(AccountReason.LINK_SPENT)
    account = _open_account(session, row.account_id)
    account.email, account.password_hash = row.old_email, None
    session.flush()
    later = update(AddressChange).where(AddressChange.account_id == account.id, AddressChange.id >= row.id)
    session.execute(later.values(closed_at=now))
    session.execute(delete(Passkey).where(Passkey.account_id == account.id, Passkey.created_at >= row.asked_at))
    session.execute(
        delete(TotpFactor).where(TotpFactor.account_id == account.id, TotpFactor.created_at >= row.asked_at)
    )
    session.execute(
        delete(RecoveryCode).where(RecoveryCode.account_id == account.id, RecoveryCode.created_at >= row.asked_at)
    )
    second_factors.drop_codes_without_factor(session, account.id)
    restored = accounts.end_sessions(session, account.id, now=now)
    _record(session, account.id, Action.ACCOUNT_ADDRESS_RESTORED, now)
    return restored


def _open_account(session: ScopedSession, account_id: int) -> Account:
    account = session.get(Account, account_id)
    if account is None or account.closed_at is not None:
        raise Refused(AccountReason.LINK_SPENT)
    return account


def _record(session: ScopedSession, account_id: int, action: Action, now: datetime) -> None:
    audit.record_for_installation(session, account_id, action, subject=f"account:{account_id}", now=now)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
