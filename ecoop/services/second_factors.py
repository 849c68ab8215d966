"""The second step of signing in: codes from an app (TOTP), and codes on paper for when the phone is lost."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, exists, func, select

from ecoop import sealing
from ecoop.db import ScopedSession
from ecoop.errors import NotFound, Refused
from ecoop.governance.audit import Action
from ecoop.models import Account, Passkey, RecoveryCode, TotpFactor
from ecoop.services import attempts, audit
from ecoop.services.accounts import require

STEP_SECONDS = 30
DRIFT_STEPS = 1
CODES = 10
TRIES, TRIES_A_DAY = 5, 30
"""Of codes, per account: a million codes of which three are right are not found this way."""
DAY = timedelta(days=1)
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what is read wrongly on paper: i, l, o, 0, 1. Sixteen of them are 79 bits."""


class FactorReason(StrEnum):
    """Why a second step refuses."""

    WRONG_CODE = "wrong_code"
    CODE_TOO_MANY = "code_too_many"
    APP_ALREADY = "app_already"
    APP_UNREADABLE = "app_unreadable"
    PASSKEY_WRONG = "passkey_wrong"
    PASSKEY_OTHER = "passkey_other"
    PASSKEY_STALE = "passkey_stale"
    PASSKEY_NAME = "passkey_name"
    PASSKEYS_FULL = "passkeys_full"


class Proof(StrEnum):
    """By what somebody took the second step."""

    APP = "app"
    RECOVERY_CODE = "recovery_code"
    PASSKEY = "passkey"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorState:
    """What an account has for a second step."""

    has_app: bool
    passkeys: int
    codes_left: int

    @property
    def has_any(self) -> bool:
        """Whether signing in asks for a second step."""
        return self.has_app or self.passkeys > 0


def read_state(session: ScopedSession, account_id: int) -> FactorState:
    """What an account has for a second step, in one query."""
    app = exists().where(TotpFactor.account_id == account_id, TotpFactor.confirmed_at.is_not(None))
    keys = select(func.count(Passkey.id)).where(Passkey.account_id == account_id).scalar_subquery()
    codes = (
        select(func.count(RecoveryCode.digest))
        .where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
        .scalar_subquery()
    )
    has_app, passkeys, left = session.execute(
        select(app, keys, codes).select_from(Account).where(Account.id == account_id)
    ).one()
    return FactorState(has_app=has_app, passkeys=passkeys, codes_left=left)


def begin_app(session: ScopedSession, account_id: int, *, key: str, now: datetime) -> None:
    """Make a fresh secret for an app; it counts once a code of it was given. Refused where an app counts already."""
    import pyotp

    require(session, account_id)
    row = session.get(TotpFactor, account_id, with_for_update=True)
    if row is not None and row.confirmed_at is not None:
        raise Refused(FactorReason.APP_ALREADY)
    sealed = sealing.seal(pyotp.random_base32(), key)
    if row is None:
        session.add(TotpFactor(account_id=account_id, sealed_secret=sealed, created_at=now, last_step=0))
    else:
        row.sealed_secret, row.created_at, row.last_step = sealed, now, 0
    session.flush()


def read_new_secret(session: ScopedSession, account_id: int, *, key: str) -> str | None:
    """The secret of an app that is being set up; None where there is none. That of an app that counts is not told."""
    row = session.get(TotpFactor, account_id)
    if row is None or row.confirmed_at is not None:
        return None
    return _unsealed(row, key)


def address_of_secret(secret: str, *, account: str, issuer: str) -> str:
    """What stands in the picture that the app reads (otpauth://)."""
    import pyotp

    return pyotp.TOTP(secret, interval=STEP_SECONDS).provisioning_uri(name=account, issuer_name=issuer)


def picture_of_secret(address: str) -> str:
    """The QR code as SVG."""
    import io

    import segno

    kept = io.BytesIO()
    segno.make(address, error="m").save(kept, kind="svg", scale=5, border=4, light="#fff", xmldecl=False)
    return kept.getvalue().decode()


def code_of(secret: str, *, now: datetime) -> str:
    """The code that an app with this secret shows at this moment."""
    import pyotp

    return pyotp.TOTP(secret, interval=STEP_SECONDS).at(now)


def confirm_app(
    session: ScopedSession, account_id: int, code: str, *, key: str, now: datetime
) -> tuple[str, ...] | FactorReason:
    """Let the app count from now on. Gives fresh recovery codes where there were none; or why the code is refused."""
    if not _may_try(session, "second_step", account_id, now):
        return FactorReason.CODE_TOO_MANY
    row = session.get(TotpFactor, account_id, with_for_update=True)
    if row is None or row.confirmed_at is not None:
        raise NotFound
    if not _take(row, code, key=key, now=now):
        return FactorReason.WRONG_CODE
    row.confirmed_at = now
    codes = first_codes(session, account_id, now=now)
    session.flush()
    _record(session, account_id, Action.ACCOUNT_FACTOR_ADDED, kind=Proof.APP, now=now)
    return codes


def check(session: ScopedSession, account_id: int, code: str, *, key: str, now: datetime) -> Proof | FactorReason:
    """What the code proved, or why it proves nothing. Every try is counted; a recovery code is used up."""
    if not _may_try(session, "second_step", account_id, now):
        return FactorReason.CODE_TOO_MANY
    plain = "".join(one for one in code.lower() if one.isascii() and one.isalnum())
    row = session.get(TotpFactor, account_id, with_for_update=True)
    if len(plain) == 6 and plain.isdecimal() and row is not None and row.confirmed_at is not None:
        if not _take(row, plain, key=key, now=now):
            return FactorReason.WRONG_CODE
        _forget(session, account_id)
        return Proof.APP
    return _use_code(session, account_id, plain, now)


def _use_code(session: ScopedSession, account_id: int, plain: str, now: datetime) -> Proof | FactorReason:
    digest = _digest(account_id, plain)
    kept = session.scalar(select(RecoveryCode).where(RecoveryCode.digest == digest).with_for_update())
    if kept is None or kept.account_id != account_id or kept.used_at is not None:
        return FactorReason.WRONG_CODE
    kept.used_at = now
    _forget(session, account_id)
    session.flush()
    left = read_state(session, account_id).codes_left
    audit.record_for_installation(
        session, account_id, Action.ACCOUNT_CODE_USED, subject=f"account:{account_id}", details={"count": left}, now=now
    )
    return Proof.RECOVERY_CODE


def _take(row: TotpFactor, code: str, *, key: str, now: datetime) -> bool:
    """Whether the code is right now, or half a minute earlier or later, and later than the last one taken."""
    import pyotp

    app = pyotp.TOTP(_unsealed(row, key), interval=STEP_SECONDS)
    given = "".join(code.split()).encode()
    present = int(now.timestamp()) // STEP_SECONDS
    for step in range(present - DRIFT_STEPS, present + DRIFT_STEPS + 1):
        if step > row.last_step and hmac.compare_digest(app.generate_otp(step).encode(), given):
            row.last_step = step
            return True
    return False


def _unsealed(row: TotpFactor, key: str) -> str:
    try:
        return sealing.unseal(row.sealed_secret, key)
    except sealing.Unreadable as error:
        raise Refused(FactorReason.APP_UNREADABLE) from error


def remove_app(session: ScopedSession, account_id: int, *, now: datetime) -> None:
    """Take the app away; the codes go with the last second factor."""
    row = session.get(TotpFactor, account_id, with_for_update=True)
    if row is None:
        raise NotFound
    counted = row.confirmed_at is not None
    session.delete(row)
    session.flush()
    drop_codes_without_factor(session, account_id)
    if counted:
        _record(session, account_id, Action.ACCOUNT_FACTOR_REMOVED, kind=Proof.APP, now=now)


def drop_codes_without_factor(session: ScopedSession, account_id: int) -> None:
    """Recovery codes stand in for a second factor: without one they are nothing."""
    if not read_state(session, account_id).has_any:
        session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))


def first_codes(session: ScopedSession, account_id: int, *, now: datetime) -> tuple[str, ...]:
    """Fresh recovery codes where the account has none left; nothing where it has."""
    session.flush()
    return () if read_state(session, account_id).codes_left else _new_codes(session, account_id, now)


def renew_codes(session: ScopedSession, account_id: int, *, now: datetime) -> tuple[str, ...]:
    """Ten new recovery codes; the old ones stop working. Raises NotFound where there is no second factor."""
    if not read_state(session, account_id).has_any:
        raise NotFound
    codes = _new_codes(session, account_id, now)
    audit.record_for_installation(
        session, account_id, Action.ACCOUNT_CODES_RENEWED, subject=f"account:{account_id}", now=now
    )
    return codes


def _new_codes(session: ScopedSession, account_id: int, now: datetime) -> tuple[str, ...]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    codes = tuple("".join(secrets.choice(_LETTERS) for _ in range(16)) for _ in range(CODES))
    session.add_all(
        RecoveryCode(digest=_digest(account_id, code), account_id=account_id, created_at=now) for code in codes
    )
    session.flush()
    return tuple("-".join(code[place : place + 4] for place in range(0, 16, 4)) for code in codes)


def remove_all(session: ScopedSession, account_id: int) -> None:
    """Take every second factor away: its owner lost them, and is let in by another way."""
    for kind in (TotpFactor, Passkey, RecoveryCode):
        session.execute(delete(kind).where(kind.account_id == account_id))
    session.flush()


def _may_try(session: ScopedSession, kind: str, account_id: int, now: datetime) -> bool:
    within = attempts.allow_attempt(session, kind, str(account_id), limit=TRIES, now=now)
    return within & attempts.allow_attempt(
        session, f"{kind}_day", str(account_id), limit=TRIES_A_DAY, now=now, window=DAY
    )


def _forget(session: ScopedSession, account_id: int) -> None:
    for kind in ("second_step", "second_step_day"):
        attempts.forget_attempts(session, kind, str(account_id))


def _digest(account_id: int, plain: str) -> str:
    return hashlib.sha256(f"{account_id}:{plain}".encode()).hexdigest()


def _record(session: ScopedSession, account_id: int, action: Action, *, kind: Proof, now: datetime) -> None:
    audit.record_for_installation(
        session, account_id, action, subject=f"account:{account_id}", details={"kind": kind.value}, now=now
    )
