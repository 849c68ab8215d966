"""The money of members: charging, receiving, capital, bank accounts and mandates, direct debits, closing years."""

import ecoop.web.membership_money.account_routes
import ecoop.web.membership_money.bank_routes
import ecoop.web.membership_money.debit_routes
import ecoop.web.membership_money.routes  # noqa: F401  each adds its addresses
from ecoop.web.membership_money.common import bp

__all__ = ["bp"]
