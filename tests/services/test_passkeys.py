"""Passkeys, signed and checked for real."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from ecoop.db import Database, Scope, ScopedSession
from ecoop.errors import InvalidInput, NotFound, Refused
from ecoop.services import passkeys, second_factors
from ecoop.services.accounts import AccountView, view_of
from ecoop.services.passkeys import Challenge, Party
from ecoop.services.second_factors import FactorReason
from tests.support.authenticator import Authenticator, text_of
from tests.support.factories import NOW, an_account

PARTY = Party(host="localhost", origin="http://localhost")
SOON = NOW + timedelta(seconds=20)


@pytest.fixture
def session(database: Database) -> Iterator[ScopedSession]:
    """A session that writes."""
    with database.session(Scope(may_write=True)) as session:
        yield session


@pytest.fixture
def noor(session: ScopedSession) -> AccountView:
    """An account without a second step."""
    return view_of(an_account(session))


def _make(session: ScopedSession, owner: AccountView, key: Authenticator, name: str = "telefoon") -> tuple[str, ...]:
    challenge = passkeys.new_challenge(NOW)
    answer = key.make(passkeys.options_to_make(session, owner, PARTY, challenge))
    return passkeys.add(session, owner.id, answer, name=name, party=PARTY, challenge=challenge, now=SOON)


def _sign_in(session: ScopedSession, key: Authenticator, **changed: str) -> AccountView:
    challenge = passkeys.new_challenge(NOW)
    answer = key.use(passkeys.options_to_use(PARTY, challenge), **changed)
    return passkeys.sign_in(session, answer, party=PARTY, challenge=challenge, now=SOON)


def _refusal(session: ScopedSession, key: Authenticator, **changed: str) -> object:
    with pytest.raises(Refused) as refused:
        _sign_in(session, key, **changed)
    return refused.value.reason


def test_a_passkey_says_who_it_is(session: ScopedSession, noor: AccountView) -> None:
    key = Authenticator()
    codes = _make(session, noor, key)

    assert _sign_in(session, key).id == noor.id
    assert len(codes) == 10
    assert second_factors.read_state(session, noor.id).has_any


def test_both_sides_are_told_to_ask_for_the_owner(session: ScopedSession, noor: AccountView) -> None:
    challenge = passkeys.new_challenge(NOW)
    making = json.loads(passkeys.options_to_make(session, noor, PARTY, challenge))
    using = json.loads(passkeys.options_to_use(PARTY, challenge))

    assert making["authenticatorSelection"]["userVerification"] == using["userVerification"] == "required"
    assert making["authenticatorSelection"]["residentKey"] == "required"
    assert not using.get("allowCredentials")


def test_a_passkey_that_does_not_verify_its_owner_is_not_kept(session: ScopedSession, noor: AccountView) -> None:
    with pytest.raises(Refused):
        _make(session, noor, Authenticator(verifies=False))

    assert passkeys.read_passkeys(session, noor.id) == ()


def test_a_passkey_that_does_not_verify_its_owner_opens_nothing(session: ScopedSession, noor: AccountView) -> None:
    key = Authenticator()
    _make(session, noor, key)

    assert _refusal(session, replace(key, verifies=False)) is FactorReason.PASSKEY_WRONG


@pytest.mark.parametrize("changed", [{"origin": "https://localhost.evil.example"}, {"host": "evil.example"}], ids=str)
def test_an_answer_given_to_another_site_opens_nothing(
    session: ScopedSession, noor: AccountView, changed: dict[str, str]
) -> None:
    key = Authenticator()
    _make(session, noor, key)

    assert _refusal(session, replace(key, **changed)) is FactorReason.PASSKEY_WRONG


def test_another_key_under_the_same_name_opens_nothing(session: ScopedSession, noor: AccountView) -> None:
    key = Authenticator()
    _make(session, noor, key)

    assert _refusal(session, Authenticator(credential_id=key.credential_id)) is FactorReason.PASSKEY_WRONG


def test_a_passkey_does_not_open_the_account_of_another(session: ScopedSession, noor: AccountView) -> None:
    key = Authenticator()
    _make(session, noor, key)

    assert _refusal(session, key, userHandle=text_of(b"account:4711")) is FactorReason.PASSKEY_WRONG


def test_an_unknown_passkey_opens_nothing(session: ScopedSession, noor: AccountView) -> None:
    assert _refusal(session, Authenticator()) is FactorReason.PASSKEY_WRONG


def test_a_copied_passkey_is_found_out_by_its_counter(session: ScopedSession, noor: AccountView) -> None:
    key = Authenticator()
    _make(session, noor, key)
    copied = replace(key)
    _sign_in(session, key)

    assert _refusal(session, copied) is FactorReason.PASSKEY_WRONG


def test_a_passkey_that_does_not_count_may_be_used_again(session: ScopedSession, noor: AccountView) -> None:
    key = Authenticator(counts=False)
    _make(session, noor, key)
    _sign_in(session, key)

    assert _sign_in(session, key).id == noor.id


def test_an_answer_works_once(session: ScopedSession, noor: AccountView) -> None:
    key = Authenticator(counts=False)
    _make(session, noor, key)
    challenge = passkeys.new_challenge(NOW)
    answer = key.use(passkeys.options_to_use(PARTY, challenge))
    passkeys.sign_in(session, answer, party=PARTY, challenge=challenge, now=SOON)

    with pytest.raises(Refused) as refused:
        passkeys.sign_in(session, answer, party=PARTY, challenge=challenge, now=SOON)

    assert refused.value.reason is FactorReason.PASSKEY_STALE


@pytest.mark.parametrize("after", [timedelta(seconds=-1), passkeys.CHALLENGE_LIFETIME])
def test_an_answer_to_an_old_question_opens_nothing(
    session: ScopedSession, noor: AccountView, after: timedelta
) -> None:
    key = Authenticator()
    _make(session, noor, key)
    challenge = passkeys.new_challenge(NOW)
    answer = key.use(passkeys.options_to_use(PARTY, challenge))

    with pytest.raises(Refused) as refused:
        passkeys.sign_in(session, answer, party=PARTY, challenge=challenge, now=NOW + after)

    assert refused.value.reason is FactorReason.PASSKEY_STALE


def test_an_answer_without_a_question_opens_nothing(session: ScopedSession, noor: AccountView) -> None:
    key = Authenticator()
    _make(session, noor, key)
    answer = key.use(passkeys.options_to_use(PARTY, passkeys.new_challenge(NOW)))

    for challenge in (None, Challenge(secret="another", asked_at=NOW)):
        with pytest.raises(Refused):
            passkeys.sign_in(session, answer, party=PARTY, challenge=challenge, now=SOON)


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", "1", '{"id": 1}', "{" * 9000, "x" * 30_000])
def test_what_is_no_answer_is_refused(session: ScopedSession, noor: AccountView, answer: str) -> None:
    with pytest.raises(Refused):
        passkeys.sign_in(session, answer, party=PARTY, challenge=passkeys.new_challenge(NOW), now=SOON)
    with pytest.raises(Refused):
        passkeys.add(session, noor.id, answer, name="x", party=PARTY, challenge=passkeys.new_challenge(NOW), now=SOON)


def test_a_passkey_needs_a_name(session: ScopedSession, noor: AccountView) -> None:
    with pytest.raises(InvalidInput):
        _make(session, noor, Authenticator(), name="  ")


def test_a_passkey_is_kept_once(session: ScopedSession, noor: AccountView) -> None:
    key = Authenticator()
    _make(session, noor, key)

    with pytest.raises(Refused) as refused:
        _make(session, noor, key)

    assert refused.value.reason is FactorReason.PASSKEY_OTHER


def test_several_passkeys_each_open_the_account(session: ScopedSession, noor: AccountView) -> None:
    keys = [Authenticator(), Authenticator()]
    codes = [_make(session, noor, key, name=f"sleutel {number}") for number, key in enumerate(keys)]

    assert [_sign_in(session, key).id for key in keys] == [noor.id, noor.id]
    assert [len(one) for one in codes] == [10, 0]


def test_a_passkey_that_was_taken_away_opens_nothing(session: ScopedSession, noor: AccountView) -> None:
    key = Authenticator()
    _make(session, noor, key)
    passkeys.remove(session, noor.id, passkeys.read_passkeys(session, noor.id)[0].id, now=NOW)

    assert _refusal(session, key) is FactorReason.PASSKEY_WRONG
    assert not second_factors.read_state(session, noor.id).has_any


def test_nobody_takes_away_the_passkey_of_another(session: ScopedSession, noor: AccountView) -> None:
    _make(session, noor, Authenticator())
    other = an_account(session, "Niek").id

    with pytest.raises(NotFound):
        passkeys.remove(session, other, passkeys.read_passkeys(session, noor.id)[0].id, now=NOW)


def test_a_closed_account_is_not_opened(session: ScopedSession) -> None:
    closed = an_account(session, "Niek")
    key = Authenticator()
    _make(session, view_of(closed), key)
    closed.closed_at = NOW
    session.flush()

    assert _refusal(session, key) is FactorReason.PASSKEY_WRONG
