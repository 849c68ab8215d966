"""What waits for somebody, in words. Every process that gives turns adds its own sentence here."""

from collections.abc import Mapping
from datetime import date, datetime

from ecoop.clock import legal_day
from ecoop.language import day as long_day
from ecoop.language import gettext, mark

TURNS: Mapping[str, str] = {
    "support.asked": mark("An administrator of the installation asks to look into your cooperative."),
    "application.waiting": mark("Somebody applied for membership, or answered a question about it."),
    "exit.notice": mark("A member gave notice."),
    "exit.pay_back": mark("Capital of a leaver is to be booked."),
    "data_request.asked": mark("A member asks to correct the name or the date of birth."),
    "retention.due": mark("The time of some personal data is over. Look what may go, and let it go."),
}
PLACES: Mapping[str, str] = {
    "support.asked": "people/#looking-in",
    "application.waiting": "applications/",
    "exit.notice": "leaving/",
    "exit.pay_back": "leaving/",
    "data_request.asked": "my-data/requests",
    "retention.due": "privacy/due",
}
"""Where it is answered, below the address of the cooperative."""


def turn_sentence(kind: str) -> str:
    """What waits; something of a later release shows its code."""
    return gettext(TURNS[kind]) if kind in TURNS else kind


def turn_line(kind: str, since: datetime, due_on: date | None) -> str:
    """What waits, since when and until when, as one line of a letter."""
    words: dict[str, object] = {"sentence": turn_sentence(kind), "since": long_day(legal_day(since))}
    if due_on is None:
        return gettext("%(sentence)s It waits since %(since)s.", **words)
    return gettext(
        "%(sentence)s It waits since %(since)s and must be answered by %(due)s.", due=long_day(due_on), **words
    )
