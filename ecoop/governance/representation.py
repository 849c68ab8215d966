"""Who may act for whom: for days, in a matter, and never for oneself.

A member that is no natural person speaks through somebody. There is one who votes for it at a time, so that nobody
has to ask in a meeting whose vote counts; contracts and mail may go to several. Who is a member as well keeps the own
vote beside the one that is cast for another: these are two rights.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ecoop.governance.statutes import PartyKind


class Matter(StrEnum):
    """In what somebody acts for another (Dutch term in the comment)."""

    VOTE = "vote"  # stemmen
    CONTRACT = "contract"  # overeenkomsten
    MAIL = "mail"  # post


class RepresentationReason(StrEnum):
    """Why somebody cannot act for another."""

    ONESELF = "representation_oneself"
    NO_PERSON = "representation_no_person"
    PERSON_VOTES = "representation_person_votes"
    VOTE_TAKEN = "representation_vote_taken"
    ALREADY = "representation_already"
    PERIOD_EMPTY = "representation_period_empty"
    PROOF_MISSING = "representation_proof_missing"
    PROOF_UNUSABLE = "representation_proof_unusable"
    PAPER_UNKNOWN = "representation_paper_unknown"
    OVER_ALREADY = "representation_over_already"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """Somebody acts for another in a matter: from a day until a day (not included; None: until further notice)."""

    represented_id: int
    representative_id: int
    matter: Matter
    valid_from: date
    valid_until: date | None = None

    def meets(self, other: "Acting") -> bool:
        """Whether there is a day on which both hold."""
        begins_in_time = other.valid_until is None or self.valid_from < other.valid_until
        return begins_in_time and (self.valid_until is None or other.valid_from < self.valid_until)


def doubt_representation(
    new: Acting, known: Iterable[Acting], *, represented: PartyKind, representative: PartyKind
) -> tuple[RepresentationReason, ...]:
    """Why `new` cannot hold beside what is known of the same party."""
    return tuple(_doubts(new, known, represented, representative))


def _doubts(
    new: Acting, known: Iterable[Acting], represented: PartyKind, representative: PartyKind
) -> Iterator[RepresentationReason]:
    if new.valid_until is not None and new.valid_until <= new.valid_from:
        yield RepresentationReason.PERIOD_EMPTY
    if new.represented_id == new.representative_id:
        yield RepresentationReason.ONESELF
    if representative is not PartyKind.PERSON:
        yield RepresentationReason.NO_PERSON
    if represented is PartyKind.PERSON and new.matter is Matter.VOTE:
        yield RepresentationReason.PERSON_VOTES
    beside = [
        one for one in known if one.represented_id == new.represented_id and one.matter is new.matter and one.meets(new)
    ]
    if any(one.representative_id == new.representative_id for one in beside):
        yield RepresentationReason.ALREADY
    elif new.matter is Matter.VOTE and beside:
        yield RepresentationReason.VOTE_TAKEN
