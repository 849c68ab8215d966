"""The money of membership in words: accounts, entries, mandates and direct debits."""

from collections.abc import Mapping

from ecoop.language import NO_BREAK, euros, gettext, mark
from ecoop.money import to_euros

ACCOUNTS: Mapping[str, str] = {
    "contribution": mark("Contribution"),
    "capital": mark("Capital"),
    "loan": mark("Loan"),
}

ENTRIES: Mapping[str, str] = {
    "charged": mark("charged"),
    "promised": mark("promised"),
    "promise_lapsed": mark("promise lapsed"),
    "received": mark("received"),
    "returned": mark("came back from the bank"),
    "refunded": mark("paid back, too much was paid"),
    "written_off": mark("written off"),
    "transferred_out": mark("passed to another member"),
    "transferred_in": mark("taken over from another member"),
    "paid_out": mark("paid out"),
    "corrected": mark("counter entry"),
}

MANDATE_STATES: Mapping[str, str] = {
    "none": mark("not signed"),
    "signed": mark("signed, not in use yet"),
    "active": mark("in use"),
    "suspended": mark("suspended for a while"),
    "revoked": mark("revoked by the payer"),
    "ended": mark("ended"),
    "lapsed": mark("lapsed, it was not used for too long"),
}

MANDATE_EVENTS: Mapping[str, str] = {
    "suspended": mark("Suspend for a while"),
    "resumed": mark("Take into use again"),
    "revoked": mark("Revoked by the payer"),
    "ended": mark("End it"),
}

SCHEMES: Mapping[str, str] = {
    "CORE": mark("for everybody (CORE)"),
    "B2B": mark("between businesses (B2B)"),
}

SIGNING: Mapping[str, str] = {
    "on_paper": mark("on paper"),
    "on_screen": mark("on screen"),
    "taken_over": mark("taken over from an earlier administration"),
}

BATCH_STATES: Mapping[str, str] = {
    "drafted": mark("drafted"),
    "announced": mark("announced"),
    "file_made": mark("file made"),
    "booked": mark("results booked"),
    "cancelled": mark("cancelled"),
}

LINE_RESULTS: Mapping[str, str] = {
    "open": mark("to be collected"),
    "booked": mark("collected"),
    "returned": mark("came back"),
    "left_out": mark("left out: paid meanwhile, or without a mandate"),
}

RETURN_REASONS: Mapping[str, str] = {
    "AC01": mark("account number is wrong"),
    "AC04": mark("account is closed"),
    "AC06": mark("account is blocked"),
    "AM04": mark("not enough money on the account"),
    "MD01": mark("no mandate"),
    "MD06": mark("the payer asked the money back"),
    "MD07": mark("the payer has died"),
    "MS02": mark("the payer refused"),
    "MS03": mark("the bank gives no reason"),
}
"""What banks answer most, by the code of ISO 20022; the words are ours [not verified]."""


def money(cents: int) -> str:
    """An amount with cents: € 1.234,50."""
    return euros(to_euros(cents), 2)


def round_money(cents: int) -> str:
    """An amount in whole euros where it has no cents, else with them."""
    return euros(to_euros(cents), 2 if cents % 100 else 0)


def account_name(account: str, tranche: str | None = None, *, promised: bool = False) -> str:
    """For what money is kept; a loan with the name of its tranche."""
    name = gettext(ACCOUNTS[account])
    if tranche:
        name = f"{name}{NO_BREAK}{tranche}"
    return gettext("%(account)s, promised", account=name) if promised else name


def entry_name(kind: str) -> str:
    """What an entry says."""
    return gettext(ENTRIES[kind])


def mandate_state(state: str) -> str:
    """How a mandate stands."""
    return gettext(MANDATE_STATES[state])


def mandate_event(kind: str) -> str:
    """What can be done with a mandate."""
    return gettext(MANDATE_EVENTS[kind])


def scheme_name(scheme: str) -> str:
    """Under which scheme is collected."""
    return gettext(SCHEMES[scheme])


def signing_name(way: str) -> str:
    """How a mandate was signed."""
    return gettext(SIGNING[way])


def batch_state(state: str) -> str:
    """How far a direct debit is."""
    return gettext(BATCH_STATES[state])


def line_result(result: str, code: str | None = None) -> str:
    """What became of a line; with the reason of the bank where it came back."""
    name = gettext(LINE_RESULTS[result])
    if code is None:
        return name
    reason = gettext(RETURN_REASONS[code]) if code in RETURN_REASONS else gettext("another reason")
    return gettext("%(result)s: %(reason)s (%(code)s)", result=name, reason=reason, code=code)


MATCH_REASONS: Mapping[str, str] = {
    "end_to_end": mark("A direct debit of ours that came back."),
    "mandate": mark("The mandate is of this member."),
    "iban": mark("It came from an account of this member."),
    "number": mark("The member number stands in the description."),
    "reference": mark("The description names this charge."),
    "name_and_amount": mark("Name and amount are the same."),
    "booked": mark("It is booked already."),
    "batch_first": mark("Part of a direct debit that is not booked yet. Book it on its own page."),
    "several_members": mark("It can be of several members."),
    "several_items": mark("It can be for several open amounts."),
    "no_such_amount": mark("This member has no open amount that is the same."),
    "nobody_found": mark("No member was found. Book it on the page of the member, if it is of one."),
    "went_out": mark("No receipt and no direct debit of ours that came back."),
}
"""Why a line of the bank is proposed as it is, or is not."""


def match_reason(code: str) -> str:
    """Why a line of the bank stands as it does."""
    return gettext(MATCH_REASONS[code])
