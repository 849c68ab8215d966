"""Members with money, for tests: everything through the services, and account numbers of a bank that does not exist."""

from datetime import date
from typing import Any

from stdnum import iban as iban_numbers

from ecoop.db import ScopedSession
from ecoop.governance.membership import EventKind
from ecoop.governance.statutes import PartyKind
from ecoop.services import bank_accounts, creditors, mandates, memberships, parties
from ecoop.services.creditors import NewCreditor
from ecoop.services.mandates import NewMandate
from ecoop.services.memberships import NewEvent
from ecoop.services.parties import PartyFacts
from tests.support.factories import NOW

KEY = "bm90aGluZy1zZWNyZXQtaW4tdGhpcy1rZXktYXQtYWw="
SINCE = date(2024, 1, 1)
CREDITOR_IDENTIFIER = "NL69ZZZ123456780000"


def an_iban(number: int) -> str:
    """A number with right check digits at the bank TEST, which there is not."""
    rest = f"TEST{number:010}"
    return f"NL{iban_numbers.calc_check_digits('NL00' + rest)}{rest}"


def a_paying_member(
    session: ScopedSession, home: int, name: str = "Petra", *, since: date = SINCE, class_code: str = "tenant",
    **given: Any,
) -> int:  # fmt: skip
    """A member since a day; the key of the membership."""
    facts = PartyFacts(name=name, **({"email": f"{name.lower()}@example.org"} | given))
    party_id = parties.record_party(
        session, None, cooperative_id=home, kind=PartyKind.PERSON, facts=facts, valid_from=since, now=NOW
    )
    number = memberships.open_membership(session, cooperative_id=home, party_id=party_id, now=NOW)
    new = NewEvent(kind=EventKind.ADMITTED, valid_from=since, class_code=class_code)
    memberships.add_event(session, None, cooperative_id=home, membership_id=number, new=new, now=NOW)
    return number


def a_bank_account(session: ScopedSession, home: int, membership_id: int, number: int = 1, **given: Any) -> int:
    """An account in use since long ago."""
    party_id = bank_accounts.party_of(session, cooperative_id=home, membership_id=membership_id)
    values = {"iban": an_iban(number), "holder": "P. Petra", "valid_from": SINCE, "key": KEY, "now": NOW} | given
    return bank_accounts.add_bank_account(session, None, cooperative_id=home, party_id=party_id, **values)


def a_mandate(session: ScopedSession, home: int, membership_id: int, number: int = 1, **given: Any) -> int:
    """A mandate in use since long ago, on an account of its own."""
    account = a_bank_account(session, home, membership_id, number)
    new = NewMandate(**({"bank_account_id": account, "signed_on": SINCE} | given))
    return mandates.sign_mandate(session, None, cooperative_id=home, new=new, now=NOW)


def a_creditor(session: ScopedSession, home: int, **given: Any) -> int:
    """The cooperative may collect since long ago."""
    values = {"identifier": CREDITOR_IDENTIFIER, "name": "Coöperatie Ergens", "iban": an_iban(99),
              "valid_from": SINCE}  # fmt: skip
    new = NewCreditor(**(values | given))
    return creditors.set_creditor(session, None, cooperative_id=home, new=new, key=KEY, now=NOW)
