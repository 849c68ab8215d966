"""Another e-mail address: confirmed at the new one, undone at the old one."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from ecoop import sealing
from ecoop.db import Database, Scope, ScopedSession
from ecoop.errors import InvalidInput, Refused
from ecoop.services import account_events, accounts, addresses, browser_sessions, second_factors
from ecoop.services.accounts import AccountReason, AccountView
from tests.support.factories import NOW

KEY = sealing.new_key()
OLD, NEW, THIRD = "noor@example.org", "noor@elders.example.org", "dief@example.org"
LATER = NOW + timedelta(hours=1)

pytestmark = pytest.mark.usefixtures("cheap_passwords")


@pytest.fixture
def session(database: Database) -> Iterator[ScopedSession]:
    """A session that writes."""
    with database.session(Scope(may_write=True)) as session:
        yield session


@pytest.fixture
def noor(session: ScopedSession) -> AccountView:
    """An account with a password."""
    account = accounts.create_account(session, email=OLD, name="Noor", now=NOW)
    return accounts.set_password(session, account.id, "vier woorden op een rij", now=NOW)


def _changed(session: ScopedSession, noor: AccountView, email: str = NEW) -> addresses.Changed:
    _address, secret = addresses.ask(session, noor.id, email, now=NOW)
    return addresses.confirm(session, secret, now=LATER)


def _address(session: ScopedSession, noor: AccountView) -> str:
    found = accounts.find_account(session, noor.id)
    assert found is not None
    return found.email


def test_an_address_counts_once_its_link_was_used(session: ScopedSession, noor: AccountView) -> None:
    _given, secret = addresses.ask(session, noor.id, f"  {NEW.upper()} ", now=NOW)
    assert _address(session, noor) == OLD

    changed = addresses.confirm(session, secret, now=LATER)

    assert changed.old_email == OLD
    assert _address(session, noor) == NEW


@pytest.mark.parametrize("after", [timedelta(hours=24), timedelta(days=9)])
def test_a_link_to_a_new_address_grows_too_old(session: ScopedSession, noor: AccountView, after: timedelta) -> None:
    _given, secret = addresses.ask(session, noor.id, NEW, now=NOW)

    with pytest.raises(Refused):
        addresses.confirm(session, secret, now=NOW + after)


def test_a_link_to_a_new_address_works_once(session: ScopedSession, noor: AccountView) -> None:
    _given, secret = addresses.ask(session, noor.id, NEW, now=NOW)
    addresses.confirm(session, secret, now=LATER)

    with pytest.raises(Refused):
        addresses.confirm(session, secret, now=LATER)


def test_a_later_wish_ends_the_earlier(session: ScopedSession, noor: AccountView) -> None:
    _given, earlier = addresses.ask(session, noor.id, NEW, now=NOW)
    addresses.ask(session, noor.id, THIRD, now=NOW)

    with pytest.raises(Refused):
        addresses.confirm(session, earlier, now=LATER)


@pytest.mark.parametrize("email", ["", "geen adres", OLD])
def test_what_is_no_other_address_is_refused(session: ScopedSession, noor: AccountView, email: str) -> None:
    with pytest.raises(InvalidInput):
        addresses.ask(session, noor.id, email, now=NOW)


def test_that_others_use_the_address_is_not_told(session: ScopedSession, noor: AccountView) -> None:
    accounts.create_account(session, email=NEW, name="Niek", now=NOW)

    assert _changed(session, noor).account.email == NEW


def test_the_fourth_wish_of_a_day_is_refused(session: ScopedSession, noor: AccountView) -> None:
    for number in range(3):
        addresses.ask(session, noor.id, f"noor{number}@example.org", now=NOW)

    with pytest.raises(Refused):
        addresses.ask(session, noor.id, "noor4@example.org", now=NOW + timedelta(hours=23))


def test_undoing_gives_the_old_address_back_and_puts_everybody_out(session: ScopedSession, noor: AccountView) -> None:
    key = browser_sessions.begin(session, noor.id, browser="", now=NOW)
    changed = _changed(session, noor)

    restored = addresses.undo(session, changed.undo_secret, now=LATER)

    assert restored.email == OLD
    assert not restored.has_password
    assert browser_sessions.recognise(session, noor.id, session_key=restored.session_key, key=key, now=LATER) is None


def test_undoing_takes_away_what_was_added_since(session: ScopedSession, noor: AccountView) -> None:
    _given, secret = addresses.ask(session, noor.id, NEW, now=NOW)
    changed = addresses.confirm(session, secret, now=LATER)
    second_factors.begin_app(session, noor.id, key=KEY, now=LATER)
    of_thief = second_factors.read_new_secret(session, noor.id, key=KEY) or ""
    second_factors.confirm_app(session, noor.id, second_factors.code_of(of_thief, now=LATER), key=KEY, now=LATER)

    addresses.undo(session, changed.undo_secret, now=LATER)

    assert not second_factors.read_state(session, noor.id).has_any


def test_undoing_leaves_what_was_there_before(session: ScopedSession, noor: AccountView) -> None:
    earlier = NOW - timedelta(days=1)
    second_factors.begin_app(session, noor.id, key=KEY, now=earlier)
    own = second_factors.read_new_secret(session, noor.id, key=KEY) or ""
    second_factors.confirm_app(session, noor.id, second_factors.code_of(own, now=earlier), key=KEY, now=earlier)
    changed = _changed(session, noor)

    addresses.undo(session, changed.undo_secret, now=LATER)

    assert second_factors.read_state(session, noor.id).has_app


def test_the_first_owner_gets_the_account_back_through_a_second_change(
    session: ScopedSession, noor: AccountView
) -> None:
    first = _changed(session, noor)
    second = _changed(session, noor, THIRD)

    addresses.undo(session, first.undo_secret, now=LATER)

    assert _address(session, noor) == OLD
    with pytest.raises(Refused) as refused:
        addresses.undo(session, second.undo_secret, now=LATER)
    assert refused.value.reason is AccountReason.LINK_SPENT


def test_undoing_is_possible_for_a_week(session: ScopedSession, noor: AccountView) -> None:
    changed = _changed(session, noor)

    with pytest.raises(Refused):
        addresses.undo(session, changed.undo_secret, now=LATER + addresses.UNDO_LIFETIME)


def test_every_step_is_recorded_without_an_address(session: ScopedSession, noor: AccountView) -> None:
    addresses.undo(session, _changed(session, noor).undo_secret, now=LATER)

    found = account_events.read_events(session, noor.id)
    assert [event.action for event in found][:3] == [
        "account.address_restored",
        "account.address_changed",
        "account.address_asked",
    ]
    assert "example" not in repr(found)
