"""Consent: what somebody agreed to, to which version of the text, and whether it still holds (GDPR art. 4(11) and 7).

Only what needs consent asks for it. Keeping the register rests on the membership and on the law; it is never asked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ConsentPurpose(StrEnum):
    """For what somebody is asked (Dutch term in the comment)."""

    NEWSLETTER = "newsletter"  # nieuwsbrief voor wie geen lid is, en ander nieuws dan ledenpost
    PICTURES = "pictures"  # foto's op de website en in de krant
    NEIGHBOURS = "neighbours"  # naam en nummer aan de gebouwambassadeur geven
    HEAT_USE = "heat_use"  # eigen warmtegebruik delen voor onderzoek
    SISTER_COOPERATIVE = "sister_cooperative"  # gegevens doorgeven aan een zustercoöperatie


class ConsentMove(StrEnum):
    """What happened to a consent."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class ConsentHow(StrEnum):
    """How it was told: what proves it (GDPR art. 7(1))."""

    SIGNED_FORM = "signed_form"
    WEBSITE = "website"
    EMAIL = "email"
    SPOKEN = "spoken"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentStep:
    """One move. `id` orders moves of the same day; `version` is the text agreed with, None where it was withdrawn."""

    id: int
    move: ConsentMove
    valid_from: date
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentStanding:
    """Whether a consent holds on a day, since when, and to which version of the text."""

    holds: bool = False
    since: date | None = None
    version: int | None = None


def consent_on(steps: Iterable[ConsentStep], day: date) -> ConsentStanding:
    """What holds on `day`: the last move by then decides. Silence is no consent."""
    standing = ConsentStanding()
    for step in sorted(steps, key=lambda one: (one.valid_from, one.id)):
        if step.valid_from > day:
            break
        given = step.move is ConsentMove.GIVEN
        standing = ConsentStanding(holds=given, since=step.valid_from, version=step.version if given else None)
    return standing


def needs_asking_again(standing: ConsentStanding, newest_version: int | None) -> bool:
    """Whether it was given to an older text than the newest: then it does not cover what the newest adds."""
    return standing.holds and newest_version is not None and (standing.version or 0) < newest_version
