"""Accounts, tries and links, below the pages."""

from datetime import timedelta

import pytest

from ecoop.db import Database, Scope, ScopedSession
from ecoop.errors import InvalidInput, NotFound, Refused
from ecoop.language import Language
from ecoop.services import accounts, attempts
from ecoop.services.accounts import AccountReason, AccountView
from tests.support.factories import NOW

pytestmark = pytest.mark.usefixtures("cheap_passwords")

PASSWORD = "vier woorden op een rij"


def _writing(database: Database) -> ScopedSession:
    return database.session(Scope(may_write=True))


def _account(session: ScopedSession, email: str = "noor@example.org", name: str = "Noor") -> AccountView:
    return accounts.create_account(session, email=email, name=name, now=NOW)


def _authenticate(session: ScopedSession, password: str = PASSWORD, **given: str) -> object:
    values = {"email": "noor@example.org", "network": "192.0.2.1"} | given
    return accounts.authenticate(session, password=password, now=NOW, **values)


def test_an_address_is_kept_small_and_trimmed(database: Database) -> None:
    with _writing(database) as session:
        assert _account(session, "  Noor@Example.ORG ").email == "noor@example.org"


@pytest.mark.parametrize(
    "email", ["", "noor", "@example.org", "noor@example", "no or@example.org", "x" * 250 + "@a.nl"]
)
def test_what_is_no_address_is_refused(sqlite_database: Database, email: str) -> None:
    with _writing(sqlite_database) as session, pytest.raises(InvalidInput) as refused:
        _account(session, email)

    assert refused.value.problems[0].reason == AccountReason.NOT_AN_ADDRESS


def test_an_account_needs_a_name(sqlite_database: Database) -> None:
    with _writing(sqlite_database) as session, pytest.raises(InvalidInput):
        _account(session, name="  ")


def test_a_password_opens_its_account_only(database: Database) -> None:
    with _writing(database) as session:
        noor, niek = _account(session), _account(session, name="Niek")
        accounts.set_password(session, noor.id, PASSWORD, now=NOW)
        accounts.set_password(session, niek.id, PASSWORD + "!", now=NOW)

        opened = _authenticate(session)

    assert isinstance(opened, tuple)
    assert [one.name for one in opened] == ["Noor"]


def test_setting_a_password_ends_every_session(database: Database) -> None:
    with _writing(database) as session:
        noor = _account(session)

        assert accounts.set_password(session, noor.id, PASSWORD, now=NOW).session_key != noor.session_key


def test_a_password_is_not_kept(database: Database) -> None:
    with _writing(database) as session:
        noor = _account(session)
        accounts.set_password(session, noor.id, PASSWORD, now=NOW)
        session.commit()
        row = accounts.require(session, noor.id)

        assert row.password_hash is not None
        assert row.password_hash.startswith("$argon2id$")
        assert PASSWORD not in row.password_hash


def test_a_hash_of_an_older_cost_is_renewed_at_sign_in(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    from argon2 import PasswordHasher

    with _writing(database) as session:
        noor = _account(session)
        accounts.set_password(session, noor.id, PASSWORD, now=NOW)
        before = accounts.require(session, noor.id).password_hash
        costlier = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)
        monkeypatch.setattr(accounts, "_hasher", lambda: costlier)

        _authenticate(session)

        assert accounts.require(session, noor.id).password_hash != before


def test_tries_are_counted_within_their_window(database: Database) -> None:
    with _writing(database) as session:
        within = [attempts.allow_attempt(session, "kind", "subject", limit=2, now=NOW) for _ in range(3)]
        later = NOW + attempts.WINDOW

        assert within == [True, True, False]
        assert attempts.allow_attempt(session, "kind", "subject", limit=2, now=later)


def test_tries_of_one_subject_do_not_count_for_another(database: Database) -> None:
    with _writing(database) as session:
        attempts.allow_attempt(session, "kind", "one", limit=1, now=NOW)

        assert attempts.allow_attempt(session, "kind", "other", limit=1, now=NOW)
        assert attempts.allow_attempt(session, "other kind", "one", limit=1, now=NOW)
        assert not attempts.allow_attempt(session, "kind", "one", limit=1, now=NOW)


def test_a_link_opens_its_account_once(database: Database) -> None:
    with _writing(database) as session:
        noor = _account(session)
        secret = accounts.issue_link(session, noor.id, now=NOW)

        assert accounts.redeem_link(session, secret, now=NOW).id == noor.id
        with pytest.raises(Refused):
            accounts.redeem_link(session, secret, now=NOW)


def test_signing_out_everywhere_ends_links_that_were_not_used(database: Database) -> None:
    with _writing(database) as session:
        noor = _account(session)
        secret = accounts.issue_link(session, noor.id, now=NOW)

        accounts.sign_out_everywhere(session, noor.id, now=NOW)

        with pytest.raises(Refused):
            accounts.redeem_link(session, secret, now=NOW)


@pytest.mark.parametrize(
    ("after", "opens"), [(timedelta(minutes=14, seconds=59), True), (timedelta(minutes=15), False)]
)
def test_a_link_lasts_until_its_last_moment(sqlite_database: Database, after: timedelta, opens: bool) -> None:
    with _writing(sqlite_database) as session:
        secret = accounts.issue_link(session, _account(session).id, now=NOW)
        try:
            opened = bool(accounts.redeem_link(session, secret, now=NOW + after))
        except Refused:
            opened = False

    assert opened is opens


def test_a_language_is_remembered(database: Database) -> None:
    with _writing(database) as session:
        noor = _account(session)
        accounts.choose_language(session, noor.id, Language.ENGLISH)

        found = accounts.find_account(session, noor.id)

    assert found is not None
    assert found.language is Language.ENGLISH


def test_nobody_sets_the_password_of_an_account_that_is_not_there(sqlite_database: Database) -> None:
    with _writing(sqlite_database) as session, pytest.raises(NotFound):
        accounts.set_password(session, 4711, PASSWORD, now=NOW)
