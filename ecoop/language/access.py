"""What somebody looked at, in words."""

from collections.abc import Mapping

from ecoop.language import gettext, mark

ACCESS_KINDS: Mapping[str, str] = {
    "support_visit": mark("A page, as an administrator whom the board let look in"),
    "trail": mark("The audit trail"),
    "letter": mark("A letter to one person"),
    "paper": mark("A paper that is not for everybody"),
    "application": mark("An application for membership"),
    "member": mark("The page of one member"),
    "privacy": mark("What is kept about one person, and until when"),
    "export": mark("Everything of the cooperative, or of one person, as files"),
    "register": mark("The member register as a file"),
    "money": mark("What members paid and hold"),
    "iban": mark("A whole account number"),
    "building": mark("The dwellings of a building as a file"),
    "dwelling": mark("The page of a dwelling"),
}


def access_name(kind: str) -> str:
    """What was looked at; a kind of a later release shows its code."""
    return gettext(ACCESS_KINDS[kind]) if kind in ACCESS_KINDS else kind
