"""Finding one person by what a secretary types: a member number or a name."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import and_, select

from ecoop.db import ScopedSession
from ecoop.errors import InvalidInput, Problem
from ecoop.governance.statutes import PartyKind
from ecoop.models import Membership, Party, PartyRecord
from ecoop.services.parties import plain

SHOWN = 5


class FindingReason(StrEnum):
    """Why nobody was found."""

    NOBODY = "person_nobody"
    SEVERAL = "person_several"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFound:
    """A person in the register, with the member number if there is one."""

    party_id: int
    name: str
    number: int | None


def find_person(session: ScopedSession, *, cooperative_id: int, text: str, day: date, key: str) -> PersonFound:
    """The one person with this member number or name. Raises InvalidInput for the field `key` where it is not one."""
    words = plain(text).split()
    query = (
        select(Party.id, PartyRecord.name, Membership.number)
        .join(PartyRecord, and_(PartyRecord.cooperative_id == Party.cooperative_id, PartyRecord.party_id == Party.id))
        .outerjoin(Membership, and_(Membership.cooperative_id == Party.cooperative_id, Membership.party_id == Party.id))
        .where(
            Party.cooperative_id == cooperative_id, Party.kind == PartyKind.PERSON, Party.merged_into_id.is_(None),
            PartyRecord.known_until.is_(None), PartyRecord.valid_from <= day, PartyRecord.valid_until > day,
        )
    )  # fmt: skip
    if len(words) == 1 and words[0].isdecimal() and len(words[0]) < 10:
        query = query.where(Membership.number == int(words[0]))
    else:
        query = query.where(*(PartyRecord.name_key.contains(word, autoescape=True) for word in words))
    rows = session.execute(query.order_by(PartyRecord.name_key, Party.id).limit(SHOWN + 1)).all() if words else []
    exact = [row for row in rows if plain(row[1]) == plain(text)]
    if len(exact) == 1:
        rows = exact
    if not rows:
        raise InvalidInput((Problem(key=key, reason=FindingReason.NOBODY),))
    if len(rows) > 1:
        names = ", ".join(f"{name} ({number})" if number else name for _id, name, number in rows[:SHOWN])
        raise InvalidInput((Problem(key=key, reason=FindingReason.SEVERAL, details={"names": names}),))
    party_id, name, number = rows[0]
    return PersonFound(party_id=party_id, name=name, number=number)
