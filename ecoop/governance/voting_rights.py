"""Who may vote on a day, with how many votes and why; who may not, and why.

The roll of voters of a general meeting follows from the register alone: membership (art. 2:38(1) BW: every member
that is not suspended), the class and its votes in the statutes of that day, and for a member that is no natural
person who speaks for it.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from ecoop.governance.membership import Standing, Status
from ecoop.governance.statutes import MembershipClass, PartyKind, Statutes


class VotingReason(StrEnum):
    """Why a member may vote, or may not."""

    MEMBER_OF_CLASS = "voting_member_of_class"
    CAPPED = "voting_capped"
    NOT_MEMBER_YET = "voting_not_member_yet"
    APPLICATION_OPEN = "voting_application_open"
    APPLICATION_REFUSED = "voting_application_refused"
    MEMBERSHIP_ENDED = "voting_membership_ended"
    SUSPENDED = "voting_suspended"
    CLASS_UNKNOWN = "voting_class_unknown"
    CLASS_WITHOUT_VOTE = "voting_class_without_vote"
    NO_REPRESENTATIVE = "voting_no_representative"
    STATUTES_MISSING = "voting_statutes_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody in the register, as far as voting asks: `representatives` may vote for it on that day."""

    membership_id: int
    number: int | None
    kind: PartyKind
    standing: Standing
    representatives: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VotingRight:
    """The answer for one member: how many votes (zero: none), and the reason; `class_code` is the class it rests on.

    `representative_id` is the party that casts them, for a member that is no natural person.
    """

    membership_id: int
    number: int | None
    votes: Decimal
    reason: VotingReason
    class_code: str | None = None
    representative_id: int | None = None

    @property
    def may_vote(self) -> bool:
        """Whether there is a vote at all."""
        return self.votes > 0


_NO_VOTE: dict[Status, VotingReason] = {
    Status.NONE: VotingReason.NOT_MEMBER_YET,
    Status.APPLICANT: VotingReason.APPLICATION_OPEN,
    Status.REFUSED: VotingReason.APPLICATION_REFUSED,
    Status.FORMER: VotingReason.MEMBERSHIP_ENDED,
    Status.SUSPENDED: VotingReason.SUSPENDED,
}


def voting_right(candidate: Candidate, statutes: Statutes | None) -> VotingRight:
    """Whether a member may vote under these statutes, with how many votes, and why."""
    reason, kind = _judge(candidate, statutes)
    votes = Decimal(0) if kind is None else kind.votes
    if kind is not None and statutes is not None and statutes.most_votes is not None and votes > statutes.most_votes:
        votes, reason = statutes.most_votes, VotingReason.CAPPED
    return VotingRight(
        membership_id=candidate.membership_id,
        number=candidate.number,
        votes=votes,
        reason=reason,
        class_code=candidate.standing.class_code if candidate.standing.is_member else None,
        representative_id=None if candidate.kind is PartyKind.PERSON or votes <= 0 else min(candidate.representatives),
    )


def _judge(candidate: Candidate, statutes: Statutes | None) -> tuple[VotingReason, MembershipClass | None]:
    standing = candidate.standing
    if standing.status is not Status.MEMBER:
        return _NO_VOTE[standing.status], None
    if statutes is None:
        return VotingReason.STATUTES_MISSING, None
    kind = statutes.class_called(standing.class_code)
    if kind is None:
        return VotingReason.CLASS_UNKNOWN, None
    if kind.votes <= 0:
        return VotingReason.CLASS_WITHOUT_VOTE, None
    if candidate.kind is not PartyKind.PERSON and not candidate.representatives:
        return VotingReason.NO_REPRESENTATIVE, None
    return VotingReason.MEMBER_OF_CLASS, kind


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteRoll:
    """The roll of voters of one day, in order of membership; its digest says that nothing was changed since."""

    on: date
    rights: tuple[VotingRight, ...]

    @property
    def voters(self) -> tuple[VotingRight, ...]:
        """Who may vote."""
        return tuple(right for right in self.rights if right.may_vote)

    @property
    def votes(self) -> Decimal:
        """All votes together."""
        return sum((right.votes for right in self.rights), Decimal(0))

    @property
    def digest(self) -> str:
        """SHA-256 over the canonical JSON of the roll: day, and per member key, votes, reason, class, who casts."""
        rows = [
            [right.membership_id, right.number, plain_votes(right.votes), right.reason.value, right.class_code,
             right.representative_id]
            for right in self.rights
        ]  # fmt: skip
        text = json.dumps({"on": self.on.isoformat(), "rights": rows}, separators=(",", ":"), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def plain_votes(votes: Decimal) -> str:
    """Votes in one spelling only: 10 and 2.5, never 1E+1 or 2.50."""
    return f"{votes.normalize():f}"


def vote_roll(candidates: Iterable[Candidate], statutes: Statutes | None, *, on: date) -> VoteRoll:
    """The roll of everybody in the register, who may vote and who may not; the order given makes no difference."""
    rights = sorted((voting_right(one, statutes) for one in candidates), key=lambda right: right.membership_id)
    return VoteRoll(on=on, rights=tuple(rights))
