"""Who is likely known already, as pages of several journeys show it."""

from dataclasses import dataclass

from ecoop import language
from ecoop.language import gettext as _
from ecoop.language.admission import alike_name
from ecoop.services.duplicates import Alike


@dataclass(frozen=True, slots=True, kw_only=True)
class AlikeRow:
    """Somebody known who is alike."""

    party_id: int
    membership_id: int | None
    name: str
    facts: str
    why: str
    is_likely: bool


def alike_row(one: Alike) -> AlikeRow:
    """Somebody who is alike, with what tells people apart."""
    street = " ".join(part for part in (one.street, one.house_number) if part)
    place = " ".join(part for part in (one.postcode, one.city) if part)
    number = _("number %(number)s", number=one.number) if one.number is not None else _("no member number")
    born = language.day(one.birth_date) if one.birth_date else ""
    return AlikeRow(
        party_id=one.party_id,
        membership_id=one.membership_id,
        name=one.name,
        facts=", ".join(part for part in (number, born, street, place) if part),
        why=", ".join(alike_name(reason) for reason in one.reasons),
        is_likely=one.is_likely,
    )
