"""One's own data in words: what one has of a dwelling, and what stands between oneself and the cooperative."""

from collections.abc import Mapping

from ecoop.language import gettext, mark

TENURES: Mapping[str, str] = {
    "owner": mark("you are the owner"),
    "tenant": mark("you are the tenant"),
    "landlord": mark("you let it"),
}


def tenure_words(kind: str) -> str:
    """By what right one has a dwelling."""
    return gettext(TENURES[kind])


def holding_name(account: str, *, promised: bool, owed: bool, tranche: str) -> str:
    """What an amount is."""
    if account == "contribution":
        return gettext("Contribution still to pay") if owed else gettext("Contribution paid ahead")
    if account == "loan":
        name = mark("Loan you promised, tranche %(tranche)s") if promised else mark("Your loan, tranche %(tranche)s")
        return gettext(name, tranche=tranche)
    return gettext("Capital you promised") if promised else gettext("Your capital")
