"""Codes from an app and codes on paper, below the pages."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from ecoop import sealing
from ecoop.db import Database, Scope, ScopedSession
from ecoop.errors import NotFound, Refused
from ecoop.models import RecoveryCode, TotpFactor
from ecoop.services import second_factors
from ecoop.services.second_factors import FactorReason, Proof
from tests.support.factories import NOW, an_account

KEY = sealing.new_key()
HALF_MINUTE = timedelta(seconds=30)


@pytest.fixture
def session(database: Database) -> Iterator[ScopedSession]:
    """A session that writes."""
    with database.session(Scope(may_write=True)) as session:
        yield session


@pytest.fixture
def noor(session: ScopedSession) -> int:
    """The number of an account without a second step."""
    return an_account(session).id


def _begun(session: ScopedSession, account_id: int) -> str:
    second_factors.begin_app(session, account_id, key=KEY, now=NOW)
    secret = second_factors.read_new_secret(session, account_id, key=KEY)
    assert secret is not None
    return secret


def _set_up(session: ScopedSession, account_id: int) -> tuple[str, tuple[str, ...]]:
    secret = _begun(session, account_id)
    code = second_factors.code_of(secret, now=NOW)
    codes = second_factors.confirm_app(session, account_id, code, key=KEY, now=NOW)
    assert isinstance(codes, tuple)
    return secret, codes


def _check(session: ScopedSession, account_id: int, code: str, after: timedelta) -> object:
    return second_factors.check(session, account_id, code, key=KEY, now=NOW + after)


def test_an_app_counts_once_a_right_code_was_given(session: ScopedSession, noor: int) -> None:
    secret = _begun(session, noor)
    assert not second_factors.read_state(session, noor).has_any

    second_factors.confirm_app(session, noor, second_factors.code_of(secret, now=NOW), key=KEY, now=NOW)

    assert second_factors.read_state(session, noor).has_app


def test_a_wrong_code_does_not_confirm_an_app(session: ScopedSession, noor: int) -> None:
    secret = _begun(session, noor)
    wrong = second_factors.code_of(secret, now=NOW + timedelta(days=1))

    answer = second_factors.confirm_app(session, noor, wrong, key=KEY, now=NOW)

    assert answer is FactorReason.WRONG_CODE
    assert not second_factors.read_state(session, noor).has_any


def test_the_secret_is_kept_sealed(session: ScopedSession, noor: int) -> None:
    secret, _codes = _set_up(session, noor)

    kept = session.scalars(sa.select(TotpFactor.sealed_secret)).one()
    assert secret not in kept
    assert sealing.unseal(kept, KEY) == secret


def test_the_secret_of_an_app_that_counts_is_not_told_again(session: ScopedSession, noor: int) -> None:
    _set_up(session, noor)

    assert second_factors.read_new_secret(session, noor, key=KEY) is None


def test_an_app_that_counts_cannot_be_replaced_in_passing(session: ScopedSession, noor: int) -> None:
    _set_up(session, noor)

    with pytest.raises(Refused):
        second_factors.begin_app(session, noor, key=KEY, now=NOW)


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_clock_may_be_half_a_minute_off(session: ScopedSession, noor: int, steps: int) -> None:
    secret, _codes = _set_up(session, noor)
    later = 4 * HALF_MINUTE
    code = second_factors.code_of(secret, now=NOW + later + steps * HALF_MINUTE)

    assert _check(session, noor, code, later) is Proof.APP


@pytest.mark.parametrize("steps", [-2, 2])
def test_a_clock_may_not_be_further_off(session: ScopedSession, noor: int, steps: int) -> None:
    secret, _codes = _set_up(session, noor)
    later = 4 * HALF_MINUTE
    code = second_factors.code_of(secret, now=NOW + later + steps * HALF_MINUTE)

    assert _check(session, noor, code, later) is FactorReason.WRONG_CODE


def test_a_code_is_taken_once(session: ScopedSession, noor: int) -> None:
    secret, _codes = _set_up(session, noor)
    code = second_factors.code_of(secret, now=NOW + HALF_MINUTE)
    assert _check(session, noor, code, HALF_MINUTE) is Proof.APP

    assert _check(session, noor, code, HALF_MINUTE) is FactorReason.WRONG_CODE


def test_an_older_code_is_not_taken_after_a_newer_one(session: ScopedSession, noor: int) -> None:
    secret, _codes = _set_up(session, noor)
    older, newer = (second_factors.code_of(secret, now=NOW + steps * HALF_MINUTE) for steps in (1, 2))
    assert _check(session, noor, newer, 2 * HALF_MINUTE) is Proof.APP

    assert _check(session, noor, older, 2 * HALF_MINUTE) is FactorReason.WRONG_CODE


def test_the_code_that_confirmed_the_app_does_not_sign_in(session: ScopedSession, noor: int) -> None:
    secret, _codes = _set_up(session, noor)

    assert _check(session, noor, second_factors.code_of(secret, now=NOW), timedelta()) is FactorReason.WRONG_CODE


def test_a_code_may_hold_spaces(session: ScopedSession, noor: int) -> None:
    secret, _codes = _set_up(session, noor)
    code = second_factors.code_of(secret, now=NOW + HALF_MINUTE)

    assert _check(session, noor, f" {code[:3]} {code[3:]} ", HALF_MINUTE) is Proof.APP


def test_with_another_encryption_key_the_app_says_so(session: ScopedSession, noor: int) -> None:
    _set_up(session, noor)

    with pytest.raises(Refused) as refused:
        second_factors.check(session, noor, "123456", key=sealing.new_key(), now=NOW)

    assert refused.value.reason is FactorReason.APP_UNREADABLE


def test_ten_recovery_codes_come_with_the_first_second_step(session: ScopedSession, noor: int) -> None:
    _secret, codes = _set_up(session, noor)

    assert len(set(codes)) == 10
    assert second_factors.read_state(session, noor).codes_left == 10


@pytest.mark.parametrize(
    "spelling", [str, str.upper, lambda code: code.replace("-", " ")], ids=["as is", "capitals", "spaces"]
)
def test_a_recovery_code_works_once_however_it_is_written(session: ScopedSession, noor: int, spelling: object) -> None:
    _secret, codes = _set_up(session, noor)
    assert _check(session, noor, spelling(codes[0]), HALF_MINUTE) is Proof.RECOVERY_CODE  # type: ignore[operator]

    assert _check(session, noor, codes[0], HALF_MINUTE) is FactorReason.WRONG_CODE
    assert second_factors.read_state(session, noor).codes_left == 9


def test_recovery_codes_are_kept_as_digests(session: ScopedSession, noor: int) -> None:
    _secret, codes = _set_up(session, noor)

    kept = "".join(session.scalars(sa.select(RecoveryCode.digest)))
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)


def test_the_recovery_code_of_another_opens_nothing(session: ScopedSession, noor: int) -> None:
    _secret, codes = _set_up(session, noor)
    other = an_account(session, "Niek").id
    _set_up(session, other)

    assert _check(session, other, codes[0], HALF_MINUTE) is FactorReason.WRONG_CODE


def test_new_recovery_codes_end_the_old_ones(session: ScopedSession, noor: int) -> None:
    _secret, old = _set_up(session, noor)
    new = second_factors.renew_codes(session, noor, now=NOW)

    assert _check(session, noor, old[0], HALF_MINUTE) is FactorReason.WRONG_CODE
    assert _check(session, noor, new[0], HALF_MINUTE) is Proof.RECOVERY_CODE


def test_without_a_second_step_there_are_no_recovery_codes(session: ScopedSession, noor: int) -> None:
    with pytest.raises(NotFound):
        second_factors.renew_codes(session, noor, now=NOW)


def test_the_codes_go_with_the_app(session: ScopedSession, noor: int) -> None:
    _secret, codes = _set_up(session, noor)

    second_factors.remove_app(session, noor, now=NOW)

    assert second_factors.read_state(session, noor) == second_factors.FactorState(
        has_app=False, passkeys=0, codes_left=0
    )
    assert _check(session, noor, codes[0], HALF_MINUTE) is FactorReason.WRONG_CODE


def test_the_sixth_wrong_code_is_refused_and_a_right_one_with_it(session: ScopedSession, noor: int) -> None:
    secret, _codes = _set_up(session, noor)
    for _ in range(second_factors.TRIES - 1):  # the code that confirmed the app was the first
        assert _check(session, noor, "abc", HALF_MINUTE) is FactorReason.WRONG_CODE

    right = second_factors.code_of(secret, now=NOW + HALF_MINUTE)
    assert _check(session, noor, right, HALF_MINUTE) is FactorReason.CODE_TOO_MANY


def test_thirty_tries_are_all_there_are_on_a_day(session: ScopedSession, noor: int) -> None:
    secret, _codes = _set_up(session, noor)
    answers = [_check(session, noor, "abc", timedelta(minutes=16 * turn)) for turn in range(1, 7) for _ in range(5)]
    assert FactorReason.CODE_TOO_MANY in answers[-2:]

    after = timedelta(hours=3)
    right = second_factors.code_of(secret, now=NOW + after)
    assert _check(session, noor, right, after) is FactorReason.CODE_TOO_MANY
    tomorrow = timedelta(days=1, minutes=1)
    right = second_factors.code_of(secret, now=NOW + tomorrow)
    assert _check(session, noor, right, tomorrow) is Proof.APP
