"""The small card about money on the page of a member: masked for everybody, amounts for who may see them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ecoop.db import ScopedSession
from ecoop.governance.holdings import LedgerAccount
from ecoop.governance.roles import Actor, Permission
from ecoop.language import gettext as _
from ecoop.language.money import mandate_state, money
from ecoop.services import balances, bank_accounts, mandates


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyCard:
    """What stands on the card, and whether it leads to the account."""

    rows: tuple[tuple[str, str], ...]
    membership_id: int
    leads_on: bool


def money_card(
    session: ScopedSession, actor: Actor, *, cooperative_id: int, membership_id: int, party_id: int, day: date
) -> MoneyCard:
    """By which account a member pays, how the mandate stands; what is held and open for who may see that."""
    sees_money = actor.may(Permission.SEE_MONEY)
    rows = list(_account(session, actor, cooperative_id, party_id, day))
    if sees_money:
        rows += _amounts(session, cooperative_id, membership_id, day)
    return MoneyCard(rows=tuple(rows), membership_id=membership_id, leads_on=sees_money)


def _account(
    session: ScopedSession, actor: Actor, cooperative_id: int, party_id: int, day: date
) -> Iterator[tuple[str, str]]:
    known = bank_accounts.read_bank_accounts(session, actor, cooperative_id=cooperative_id, party_id=party_id)
    accounts = [one for one in known if one.runs_on(day)]
    yield _("Bank account"), ", ".join(one.masked for one in accounts) or _("unknown")
    if accounts:
        signed = mandates.read_mandates(session, actor, cooperative_id=cooperative_id, party_id=party_id, day=day)
        yield _("Mandate"), mandate_state(signed[0].standing.state if signed else "none")


def _amounts(session: ScopedSession, cooperative_id: int, membership_id: int, day: date) -> Iterator[tuple[str, str]]:
    home, number = cooperative_id, membership_id
    held = balances.balance_of(session, cooperative_id=home, membership_id=number, day=day)
    charges = balances.open_charges_of(session, cooperative_id=home, membership_id=number, day=day)
    owed = sum(one.cents for one in charges)
    for account, name in ((LedgerAccount.CAPITAL, _("Capital")), (LedgerAccount.LOAN, _("Loans"))):
        cents = sum(cents for place, cents in held.items() if place.account is account and not place.promised)
        if cents or account is LedgerAccount.CAPITAL:
            yield name, money(cents)
    yield _("Contribution that is open"), money(owed)
