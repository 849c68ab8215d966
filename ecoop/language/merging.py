"""What hangs on a party and moves or stays when it is merged with another, in words."""

from collections.abc import Mapping

from ecoop.language import gettext, mark

HANGINGS: Mapping[str, str] = {
    "membership": mark("Line in the register, with its number and its times"),
    "application": mark("Application for membership"),
    "login": mark("Login (only where the one that stays has none)"),
    "promise": mark("Promise that stands in the way of leaving"),
    "tenure": mark("Owning, renting or letting a dwelling, from today on"),
    "cover": mark("Dwellings that the owners' association covers, from today on"),
    "representation": mark("Acting for somebody, or being represented, from today on"),
    "office": mark("Offices, with the whole term"),
    "heat_contract": mark("Heat contracts: hand them over on the page of the dwelling"),
    "bank_account": mark("Bank accounts: add the number anew on the line that stays"),
    "mandate": mark("Mandates: ask for a new one on the line that stays"),
    "consent": mark("Consents: ask for them anew"),
}


def hanging_name(code: str) -> str:
    """What hangs on a party."""
    return gettext(HANGINGS[code]) if code in HANGINGS else code
