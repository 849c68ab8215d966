"""Passkeys (WebAuthn): making one, signing in with one. User verification is always asked, so one is two factors."""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import InvalidInput, NotFound, Problem, Refused
from ecoop.governance.audit import Action
from ecoop.models import Passkey, SpentChallenge
from ecoop.services import attempts, audit, second_factors
from ecoop.services.accounts import AccountView, find_account
from ecoop.services.second_factors import FactorReason, Proof

CHALLENGE_LIFETIME = timedelta(minutes=5)
MOST, LONGEST_NAME, LONGEST_ANSWER = 10, 60, 20_000
TRIES_PER_NETWORK = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Under which name and address the browser knows us."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """What a passkey was asked to sign, and when."""

    secret: str
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyView:
    """A passkey, as its owner sees it."""

    id: int
    name: str
    created_at: datetime
    last_used_on: date | None


def new_challenge(now: datetime) -> Challenge:
    """Something that nobody signed before."""
    return Challenge(secret=secrets.token_urlsafe(32), asked_at=now)


def read_passkeys(session: ScopedSession, account_id: int) -> tuple[PasskeyView, ...]:
    """The passkeys of an account, oldest first."""
    rows = session.scalars(select(Passkey).where(Passkey.account_id == account_id).order_by(Passkey.id))
    return tuple(
        PasskeyView(id=row.id, name=row.name, created_at=row.created_at, last_used_on=row.last_used_on) for row in rows
    )


def options_to_make(session: ScopedSession, account: AccountView, party: Party, challenge: Challenge) -> str:
    """What the browser needs to make a passkey, as JSON."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    known = session.scalars(select(Passkey.credential_id).where(Passkey.account_id == account.id))
    options = generate_registration_options(
        rp_id=party.host,
        rp_name="ecoop",
        user_name=account.email,
        user_display_name=account.name,
        user_id=_handle(account.id),
        challenge=_bytes(challenge.secret),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=_bytes(one)) for one in known],
    )
    return options_to_json(options)


def options_to_use(party: Party, challenge: Challenge) -> str:
    """What the browser needs to sign in with any passkey of this site, as JSON: no address is asked."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import UserVerificationRequirement

    options = generate_authentication_options(
        rp_id=party.host,
        challenge=_bytes(challenge.secret),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def add(
    session: ScopedSession,
    account_id: int,
    answer: str,
    *,
    name: str,
    party: Party,
    challenge: Challenge | None,
    now: datetime,
) -> tuple[str, ...]:
    """Keep a new passkey. Gives fresh recovery codes where there were none. Raises Refused or InvalidInput."""
    from webauthn import verify_registration_response
    from webauthn.helpers.exceptions import WebAuthnException

    label = " ".join(name.split())
    if not label or len(label) > LONGEST_NAME or not label.isprintable():
        details = {"maximum": LONGEST_NAME}
        raise InvalidInput((Problem(key="name", reason=FactorReason.PASSKEY_NAME, details=details),))
    if second_factors.read_state(session, account_id).passkeys >= MOST:
        raise Refused(FactorReason.PASSKEYS_FULL, maximum=MOST)
    expected = _spend(session, challenge, now)
    try:
        made = verify_registration_response(
            credential=_readable(answer),
            expected_challenge=expected,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refused(FactorReason.PASSKEY_WRONG) from error
    credential_id = _text(made.credential_id)
    if session.scalar(select(Passkey.id).where(Passkey.credential_id == credential_id)) is not None:
        raise Refused(FactorReason.PASSKEY_OTHER)
    row = Passkey(
        account_id=account_id,
        credential_id=credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        name=label,
        created_at=now,
    )
    session.add(row)
    codes = second_factors.first_codes(session, account_id, now=now)
    audit.record_for_installation(
        session, account_id, Action.ACCOUNT_FACTOR_ADDED, subject=f"account:{account_id}",
        details={"kind": Proof.PASSKEY.value}, now=now,
    )  # fmt: skip
    return codes


def may_try(session: ScopedSession, network: str, *, now: datetime) -> bool:
    """Count one try from this network and say whether it is within the limit."""
    return attempts.allow_attempt(session, "passkey", network, limit=TRIES_PER_NETWORK, now=now)


def sign_in(
    session: ScopedSession, answer: str, *, party: Party, challenge: Challenge | None, now: datetime
) -> AccountView:
    """The account that this passkey opens. Raises Refused; one answer for every reason but an old question."""
    from webauthn import verify_authentication_response
    from webauthn.helpers import parse_authentication_credential_json
    from webauthn.helpers.exceptions import WebAuthnException

    expected = _spend(session, challenge, now)
    try:
        given = parse_authentication_credential_json(_readable(answer))
        row = session.scalar(select(Passkey).where(Passkey.credential_id == _text(given.raw_id)).with_for_update())
        if row is None or given.response.user_handle not in (None, _handle(row.account_id)):
            raise Refused(FactorReason.PASSKEY_WRONG)
        verified = verify_authentication_response(
            credential=given,
            expected_challenge=expected,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refused(FactorReason.PASSKEY_WRONG) from error
    row.sign_count, row.last_used_on = verified.new_sign_count, clock.legal_day(now)
    session.flush()
    account = find_account(session, row.account_id)
    if account is None:
        raise Refused(FactorReason.PASSKEY_WRONG)
    return account


def remove(session: ScopedSession, account_id: int, passkey_id: int, *, now: datetime) -> None:
    """Forget a passkey; the codes go with the last second factor. Raises NotFound for one of somebody else."""
    row = session.get(Passkey, passkey_id)
    if row is None or row.account_id != account_id:
        raise NotFound
    session.delete(row)
    session.flush()
    second_factors.drop_codes_without_factor(session, account_id)
    audit.record_for_installation(
        session, account_id, Action.ACCOUNT_FACTOR_REMOVED, subject=f"account:{account_id}",
        details={"kind": Proof.PASSKEY.value}, now=now,
    )  # fmt: skip


def _spend(session: ScopedSession, challenge: Challenge | None, now: datetime) -> bytes:
    """The challenge, taken once: the browser keeps it, so the database remembers which were answered."""
    if challenge is None or not timedelta() <= now - challenge.asked_at < CHALLENGE_LIFETIME:
        raise Refused(FactorReason.PASSKEY_STALE)
    digest = hashlib.sha256(challenge.secret.encode()).hexdigest()
    session.execute(delete(SpentChallenge).where(SpentChallenge.spent_at < now - 2 * CHALLENGE_LIFETIME))
    try:
        with session.begin_nested():
            session.add(SpentChallenge(digest=digest, spent_at=now))
    except IntegrityError as error:
        raise Refused(FactorReason.PASSKEY_STALE) from error
    return _bytes(challenge.secret)


def _readable(answer: str) -> str:
    if len(answer) > LONGEST_ANSWER:
        raise ValueError("No passkey says so much.")
    return answer


def _handle(account_id: int) -> bytes:
    return f"account:{account_id}".encode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
