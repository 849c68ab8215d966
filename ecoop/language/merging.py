"""What hangs on a party and moves or stays when it is merged with another, in words."""

from collections.abc import Mapping

from ecoop.language import gettext, mark

HANGINGS: Mapping[str, str] = {
    "membership": mark("Line in the register, with its number and its times"),
    "application": mark("Application for membership"),
    "login": mark("Login (only where the one that stays has none)"),
    "promise": mark("Promise that stands in the way of leaving"),
}


def hanging_name(code: str) -> str:
    """What hangs on a party."""
    return gettext(HANGINGS[code]) if code in HANGINGS else code
