"""Who may vote on a day, read from the register in a few questions, and the roll that is frozen from it.

A frozen roll is what a general meeting works with: it does not change when the register does, carries a digest over
every line, and refuses to be read when a line was changed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from typing import Any

from sqlalchemy import and_, select

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, InvalidInput, NotFound, Problem, Refused
from ecoop.governance.audit import Action
from ecoop.governance.membership import Standing, Status
from ecoop.governance.roles import Actor, Permission
from ecoop.governance.statutes import PartyKind
from ecoop.governance.voting_rights import Candidate, VoteRoll, VotingRight, vote_roll
from ecoop.models import Account, Membership, MembershipSpan, Party
from ecoop.models import VoteRoll as RollRow
from ecoop.models import VoteRollLine as LineRow
from ecoop.services import audit
from ecoop.services.names import read_names
from ecoop.services.register import spans_known_at
from ecoop.services.representations import read_voting_representatives
from ecoop.services.statutes import StatutesView, read_statutes

LONGEST_PURPOSE = 200
MILLION = 1_000_000


class VotersReason(StrEnum):
    """Why a roll cannot be frozen or read."""

    PURPOSE_MISSING = "voters_purpose_missing"
    PURPOSE_UNUSABLE = "voters_purpose_unusable"
    DAY_UNLIKELY = "day_unlikely"
    NOBODY = "voters_nobody"
    ROLL_CHANGED = "voters_roll_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RollView:
    """The roll of a day with what a reader asks about each line.

    `names` are by membership, `kinds` and `party_ids` too; `representatives` are names by party.
    """

    roll: VoteRoll
    statutes: StatutesView | None
    known_at: datetime | None
    names: Mapping[int, str]
    kinds: Mapping[int, PartyKind]
    party_ids: Mapping[int, int]
    representatives: Mapping[int, str]

    def votes_for_others(self) -> dict[int, int]:
        """By party: for how many other members it votes. The own vote, if it has one, is a right of its own."""
        counts: dict[int, int] = {}
        for right in self.roll.voters:
            if right.representative_id is not None:
                counts[right.representative_id] = counts.get(right.representative_id, 0) + 1
        return counts


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenRoll:
    """The header of a frozen roll."""

    id: int
    day: date
    known_at: datetime
    purpose: str
    statutes_id: int | None
    lines: int
    voters: int
    votes: Decimal
    digest: str
    frozen_at: datetime
    frozen_by: str | None


def read_vote_roll(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    day: date,
    known_at: datetime | None = None,
) -> RollView:
    """Everybody in the register on `day`, who may vote and who may not, as known at `known_at` (None: now).

    The number of questions does not depend on the number of members. `actor` is None on the command line.
    """
    _require_reader(actor)
    statutes = read_statutes(session, cooperative_id=cooperative_id, day=day, known_at=known_at)
    acting = read_voting_representatives(session, cooperative_id=cooperative_id, day=day, known_at=known_at)
    found = list(_standings(session, cooperative_id, day, known_at))
    candidates = [
        Candidate(
            membership_id=membership_id,
            number=number,
            kind=kind,
            standing=standing,
            representatives=acting.get(party_id, ()),
        )
        for membership_id, number, party_id, kind, standing in found
    ]
    names = read_names(session, cooperative_id=cooperative_id, day=day, known_at=known_at)
    speaking = {one for several in acting.values() for one in several}
    return RollView(
        roll=vote_roll(candidates, statutes.statutes if statutes else None, on=day),
        statutes=statutes,
        known_at=known_at,
        names={membership_id: names.get(party_id, "") for membership_id, _number, party_id, *_rest in found},
        kinds={membership_id: kind for membership_id, _number, _party, kind, _standing in found},
        party_ids={membership_id: party_id for membership_id, _number, party_id, *_rest in found},
        representatives={party_id: names.get(party_id, "") for party_id in speaking},
    )


_Found = tuple[int, int | None, int, PartyKind, Standing]


def _standings(session: ScopedSession, cooperative_id: int, day: date, known_at: datetime | None) -> Iterator[_Found]:
    """Every membership of which anything was known, with what it is on `day`.

    Whose first span begins later was nothing yet on `day`. A number is shown once an admission is known, so that a
    roll of the past does not tell the number that somebody got later.
    """
    rows = session.execute(
        select(
            Membership.id, Membership.number, Membership.party_id, Party.kind, MembershipSpan.starts_on,
            MembershipSpan.ends_on, MembershipSpan.status, MembershipSpan.class_code,
        )
        .join(
            MembershipSpan,
            and_(
                MembershipSpan.cooperative_id == Membership.cooperative_id,
                MembershipSpan.membership_id == Membership.id,
            ),
        )
        .join(Party, and_(Party.cooperative_id == Membership.cooperative_id, Party.id == Membership.party_id))
        .where(Membership.cooperative_id == cooperative_id, spans_known_at(known_at))
        .order_by(Membership.id, MembershipSpan.starts_on)
    )  # fmt: skip
    for membership_id, together in groupby(rows, key=lambda row: row[0]):
        spans: list[Sequence[Any]] = list(together)
        _id, number, party_id, kind, *_span = spans[0]
        is_numbered = any(row[6] in _NUMBERED for row in spans)
        yield membership_id, number if is_numbered else None, party_id, kind, _standing(spans, day)


_NUMBERED = frozenset({Status.MEMBER, Status.SUSPENDED, Status.FORMER})


def _standing(spans: Sequence[Sequence[Any]], day: date) -> Standing:
    for *_who, starts_on, ends_on, status, class_code in spans:
        if starts_on <= day < ends_on:
            return Standing(status=status, class_code=class_code, since=starts_on)
    return Standing()


def freeze_vote_roll(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, day: date, purpose: str, now: datetime
) -> int:
    """Keep the roll of `day` as it is known now; its key. It never changes again.

    Raises InvalidInput, and Refused where nobody may vote.
    """
    if actor is not None and not actor.may(Permission.KEEP_REGISTER):
        raise Forbidden
    purpose = purpose.strip()
    problems = tuple(_doubt_freezing(purpose, day, clock.legal_day(now)))
    if problems:
        raise InvalidInput(problems)
    found = read_vote_roll(session, actor, cooperative_id=cooperative_id, day=day, known_at=now)
    if not found.roll.voters:
        raise Refused(VotersReason.NOBODY)
    row = RollRow(
        cooperative_id=cooperative_id, day=day, known_at=now, purpose=purpose,
        statutes_id=found.statutes.id if found.statutes else None, lines=len(found.roll.rights),
        voters=len(found.roll.voters), votes_millionths=_millionths(found.roll.votes), digest=found.roll.digest,
        frozen_at=now, frozen_by_id=actor.account_id if actor else None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add_all(_line(row, right) for right in found.roll.rights)
    session.flush()
    audit.record(
        session, actor, Action.VOTE_ROLL_FROZEN, cooperative_id=cooperative_id, subject=f"vote_roll:{row.id}",
        details={"starts_on": day.isoformat(), "count": row.voters, "roll_digest": row.digest}, now=now,
    )  # fmt: skip
    return row.id


def _doubt_freezing(purpose: str, day: date, today: date) -> Iterator[Problem]:
    if not purpose:
        yield Problem(key="purpose", reason=VotersReason.PURPOSE_MISSING)
    elif len(purpose) > LONGEST_PURPOSE or not purpose.isprintable():
        yield Problem(key="purpose", reason=VotersReason.PURPOSE_UNUSABLE, details={"maximum": LONGEST_PURPOSE})
    if abs(day - today) > timedelta(days=36_525):
        yield Problem(key="on", reason=VotersReason.DAY_UNLIKELY)


def read_frozen_rolls(session: ScopedSession, actor: Actor | None, *, cooperative_id: int) -> tuple[FrozenRoll, ...]:
    """Every frozen roll, the newest first. Its lines are not looked at here."""
    _require_reader(actor)
    rows = session.execute(
        select(RollRow, Account.name)
        .outerjoin(Account, Account.id == RollRow.frozen_by_id)
        .where(RollRow.cooperative_id == cooperative_id)
        .order_by(RollRow.frozen_at.desc(), RollRow.id.desc())
    )
    return tuple(_header(row, name) for row, name in rows)


def read_frozen(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, roll_id: int
) -> tuple[FrozenRoll, RollView]:
    """A frozen roll with its lines; names are those that were known when it was frozen.

    Raises NotFound, and Refused where its lines and its digest do not belong together.
    """
    _require_reader(actor)
    found = session.execute(
        select(RollRow, Account.name)
        .outerjoin(Account, Account.id == RollRow.frozen_by_id)
        .where(RollRow.cooperative_id == cooperative_id, RollRow.id == roll_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    header = _header(*found)
    rows = session.execute(
        select(LineRow, Membership.party_id, Party.kind)
        .join(Membership, and_(Membership.cooperative_id == LineRow.cooperative_id,
                               Membership.id == LineRow.membership_id))
        .join(Party, and_(Party.cooperative_id == Membership.cooperative_id, Party.id == Membership.party_id))
        .where(LineRow.cooperative_id == cooperative_id, LineRow.roll_id == roll_id)
        .order_by(LineRow.membership_id)
    ).all()  # fmt: skip
    roll = VoteRoll(on=header.day, rights=tuple(_right(row) for row, *_rest in rows))
    if (roll.digest, len(roll.voters), roll.votes) != (header.digest, header.voters, header.votes):
        raise Refused(VotersReason.ROLL_CHANGED)
    names = read_names(session, cooperative_id=cooperative_id, day=header.day, known_at=header.known_at)
    speaking = {row.representative_id for row, *_rest in rows if row.representative_id is not None}
    return header, RollView(
        roll=roll,
        statutes=None,
        known_at=header.known_at,
        names={row.membership_id: names.get(party_id, "") for row, party_id, _kind in rows},
        kinds={row.membership_id: kind for row, _party, kind in rows},
        party_ids={row.membership_id: party_id for row, party_id, _kind in rows},
        representatives={party_id: names.get(party_id, "") for party_id in speaking},
    )


def _require_reader(actor: Actor | None) -> None:
    if actor is not None and not actor.may(Permission.SEE_REGISTER):
        raise Forbidden


def _millionths(votes: Decimal) -> int:
    return int(votes * MILLION)  # statutes know votes to a millionth, so nothing is lost


def _line(row: RollRow, right: VotingRight) -> LineRow:
    return LineRow(
        cooperative_id=row.cooperative_id, roll_id=row.id, membership_id=right.membership_id, number=right.number,
        votes_millionths=_millionths(right.votes), reason=right.reason, class_code=right.class_code,
        representative_id=right.representative_id,
    )  # fmt: skip


def _right(row: LineRow) -> VotingRight:
    return VotingRight(
        membership_id=row.membership_id, number=row.number, votes=Decimal(row.votes_millionths) / MILLION,
        reason=row.reason, class_code=row.class_code, representative_id=row.representative_id,
    )  # fmt: skip


def _header(row: RollRow, name: str | None) -> FrozenRoll:
    return FrozenRoll(
        id=row.id, day=row.day, known_at=row.known_at, purpose=row.purpose, statutes_id=row.statutes_id,
        lines=row.lines, voters=row.voters, votes=Decimal(row.votes_millionths) / MILLION, digest=row.digest,
        frozen_at=row.frozen_at, frozen_by=name,
    )  # fmt: skip
