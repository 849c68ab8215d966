"""Applications for membership: what is missing of one, how it stands, and why one may be refused.

Whoever decides sees everything that is missing at once; deciding stays the work of the board. Statutes that are not
recorded ask for nothing here: what they may ask is then for the board to look up.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ecoop.governance.statutes import EntryRule, PartyKind, Statutes


class Outcome(StrEnum):
    """How an application ended (Dutch term in the comment)."""

    ADMITTED = "admitted"  # toegelaten
    REFUSED = "refused"  # geweigerd
    WITHDRAWN = "withdrawn"  # ingetrokken door de aanvrager
    EXPIRED = "expired"  # nooit bevestigd


class ApplicationStatus(StrEnum):
    """How an application stands."""

    UNCONFIRMED = "unconfirmed"  # the link in the letter was not used yet
    WAITING = "waiting"  # for the board
    ASKED = "asked"  # for the applicant, who was asked something
    ADMITTED = "admitted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


OPEN = frozenset({ApplicationStatus.WAITING, ApplicationStatus.ASKED})
"""The board has yet to decide."""


class RefusalReason(StrEnum):
    """Why the board refuses an application. Its own words stand beside it."""

    CONDITIONS = "conditions"  # voldoet niet aan de eisen van de statuten
    OUTSIDE_AREA = "outside_area"  # buiten het werkgebied
    INCOMPLETE = "incomplete"  # gegevens ontbreken, ook na een vraag
    DOUBLE = "double"  # is al lid
    OTHER = "other"


class Living(StrEnum):
    """How somebody uses the dwelling or building, as they say themselves."""

    OWNER = "owner"  # eigenaar
    TENANT = "tenant"  # huurder


class Speaker(StrEnum):
    """Who says something in a story of questions and answers."""

    BOARD = "board"
    APPLICANT = "applicant"


class TextKind(StrEnum):
    """A text of the cooperative that stands in the form or in a letter, each version kept."""

    STATUTES = "statutes"  # akkoord met de statuten
    PRIVACY = "privacy"  # privacyverklaring
    APPEAL = "appeal"  # beroep tegen een weigering


ACCEPTED = (TextKind.STATUTES, TextKind.PRIVACY)
"""What an applicant accepts, in the order of the form."""


class Missing(StrEnum):
    """What an application lacks."""

    BIRTH_DATE = "missing_birth_date"
    ADDRESS = "missing_address"
    EMAIL = "missing_email"
    REGISTRATION_NUMBER = "missing_registration_number"
    REPRESENTATIVE = "missing_representative"
    CLASS = "missing_class"
    CLASS_UNKNOWN = "missing_class_unknown"
    CLASS_NOT_OPEN = "missing_class_not_open"
    TOO_YOUNG = "missing_too_young"
    ACCEPTANCE = "missing_acceptance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an application says, as far as it matters for deciding. None is unknown."""

    kind: PartyKind
    class_code: str | None
    birth_date: date | None = None
    has_address: bool = False
    email: str | None = None
    registration_number: str | None = None
    representative: str | None = None
    accepted: frozenset[TextKind] = frozenset()
    to_accept: frozenset[TextKind] = frozenset()
    """The texts that the cooperative asked to accept."""


_REGISTERED = frozenset({PartyKind.ORGANISATION, PartyKind.OWNERS_ASSOCIATION, PartyKind.CORPORATION})
"""What stands in the trade register, and is represented by somebody."""


def status_of(*, confirmed: bool, outcome: Outcome | None, last_speaker: Speaker | None) -> ApplicationStatus:
    """How an application stands, from what happened to it."""
    if outcome is not None:
        return ApplicationStatus(outcome.value)
    if not confirmed:
        return ApplicationStatus.UNCONFIRMED
    return ApplicationStatus.ASKED if last_speaker is Speaker.BOARD else ApplicationStatus.WAITING


def age_on(birth_date: date, day: date) -> int:
    """Whole years on `day`; who was born on 29 February has a birthday on 1 March in other years."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def missing(asked: Asked, statutes: Statutes | None, day: date) -> tuple[Missing, ...]:
    """Everything that an application lacks on `day`, under the statutes in force then (None: not recorded)."""
    return tuple(_missing(asked, statutes, day))


def _missing(asked: Asked, statutes: Statutes | None, day: date) -> Iterator[Missing]:
    if asked.kind is PartyKind.PERSON and asked.birth_date is None:
        yield Missing.BIRTH_DATE
    if not asked.has_address:
        yield Missing.ADDRESS
    if asked.email is None:
        yield Missing.EMAIL
    if asked.kind in _REGISTERED:
        if asked.registration_number is None:
            yield Missing.REGISTRATION_NUMBER
        if asked.representative is None:
            yield Missing.REPRESENTATIVE
    yield from _missing_class(asked, statutes)
    if _is_too_young(asked.birth_date, statutes, day):
        yield Missing.TOO_YOUNG
    if asked.to_accept - asked.accepted:
        yield Missing.ACCEPTANCE


def _is_too_young(birth_date: date | None, statutes: Statutes | None, day: date) -> bool:
    if birth_date is None or statutes is None or statutes.minimum_age is None:
        return False
    return age_on(birth_date, day) < statutes.minimum_age


def _missing_class(asked: Asked, statutes: Statutes | None) -> Iterator[Missing]:
    if asked.class_code is None:
        yield Missing.CLASS
    elif statutes is not None:
        wanted = statutes.class_called(asked.class_code)
        if wanted is None:
            yield Missing.CLASS_UNKNOWN
        elif asked.kind not in wanted.open_to:
            yield Missing.CLASS_NOT_OPEN


def starts_later(statutes: Statutes | None) -> EntryRule | None:
    """What makes somebody a member beyond the decision, where these statutes ask for it."""
    if statutes is None or statutes.entry_rule is EntryRule.DECISION:
        return None
    return statutes.entry_rule
