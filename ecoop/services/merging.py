"""Merging two parties that turned out to be the same: which one stays, which values, and what moves along.

Nothing is deleted. Both lines stay in the register with their numbers and times, and the register of any day before
reads as it did; the one that is gone points to the one that stays.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, or_, select

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, InvalidInput, NotFound, Problem
from ecoop.governance.audit import Action
from ecoop.governance.membership import IS_MEMBER, Standing, Status, spans, standing_on
from ecoop.governance.roles import Actor, Permission
from ecoop.models import Account, Application, Membership, Party, PartyMerge, PartyRecord
from ecoop.services import audit, memberships, parties
from ecoop.services.parties import FIELDS, PartyView, holding_on
from ecoop.services.party_hangers import HANGERS, Move


class MergeReason(StrEnum):
    """Why two parties cannot be merged (now)."""

    SAME = "merge_same"
    ALREADY = "merge_already"
    BOTH_MEMBERS = "merge_both_members"
    WRONG_WAY = "merge_wrong_way"
    OPEN_APPLICATION = "merge_open_application"
    UNKNOWN_FIELD = "merge_unknown_field"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two, as it is today."""

    party: PartyView
    membership_id: int | None
    number: int | None
    standing: Standing
    is_or_becomes_member: bool = False
    """Today, or on a later day that is written down already: who takes over a dwelling next month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hanging:
    """How many of something hang on the party that goes, and whether they move along."""

    code: str
    count: int
    moves: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MergePlan:
    """What merging would do: the two sides, the fields in which they differ, what hangs on the one that goes."""

    kept: Side
    gone: Side
    differing: tuple[str, ...]
    hanging: tuple[Hanging, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedParty:
    """A party at the other end of a merge."""

    party_id: int
    name: str
    membership_id: int | None
    number: int | None
    at: datetime
    by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Merges:
    """Into which party this one went, and which ones went into it."""

    into: MergedParty | None
    taken: tuple[MergedParty, ...]


def plan_merge(
    session: ScopedSession, actor: Actor, *, cooperative_id: int, kept_id: int, gone_id: int, day: date
) -> MergePlan:
    """What merging `gone_id` into `kept_id` would do, and what stands in its way. Raises NotFound."""
    if not actor.may(Permission.KEEP_REGISTER):
        raise Forbidden
    kept, gone = (_side(session, cooperative_id, one, day) for one in (kept_id, gone_id))
    return MergePlan(
        kept=kept,
        gone=gone,
        differing=tuple(name for name in FIELDS if getattr(kept.party.facts, name) != getattr(gone.party.facts, name)),
        hanging=tuple(_hanging(session, cooperative_id, gone_id, day)),
        problems=tuple(_doubts(session, cooperative_id, kept, gone)),
    )


def merge(
    session: ScopedSession,
    actor: Actor,
    *,
    cooperative_id: int,
    kept_id: int,
    gone_id: int,
    take: frozenset[str],
    why: str | None,
    now: datetime,
) -> None:
    """Merge: `kept_id` stays, with the values of the fields in `take` from `gone_id`, from today on.

    Raises InvalidInput naming everything that stands in its way.
    """
    if not actor.may(Permission.KEEP_REGISTER):
        raise Forbidden
    rows = _hold(session, cooperative_id, (kept_id, gone_id))
    day = clock.legal_day(now)
    plan = plan_merge(session, actor, cooperative_id=cooperative_id, kept_id=kept_id, gone_id=gone_id, day=day)
    problems = list(plan.problems)
    if not take <= set(FIELDS):
        problems.append(Problem(key="", reason=MergeReason.UNKNOWN_FIELD))
    if problems:
        raise InvalidInput(tuple(problems))
    taken = sorted(take & set(plan.differing))
    if taken:
        theirs: dict[str, Any] = {name: getattr(plan.gone.party.facts, name) for name in taken}
        parties.change_party(
            session, actor, cooperative_id=cooperative_id, party_id=kept_id,
            facts=replace(plan.kept.party.facts, **theirs), valid_from=day, now=now,
        )  # fmt: skip
    for hanger in HANGERS:
        if hanger.move is not None:
            hanger.move(session, Move(cooperative_id, gone_id, kept_id, now))
    rows[gone_id].merged_into_id = kept_id
    session.add(
        PartyMerge(
            cooperative_id=cooperative_id,
            kept_id=kept_id,
            gone_id=gone_id,
            taken_fields=" ".join(taken),
            merged_at=now,
            merged_by_id=actor.account_id,
        )
    )
    session.flush()
    audit.record(
        session, actor, Action.PARTY_MERGED, cooperative_id=cooperative_id, subject=f"party:{gone_id}",
        details={"party_id": kept_id, "fields": taken}, why=why, now=now,
    )  # fmt: skip


def read_merges(session: ScopedSession, *, cooperative_id: int, party_id: int, day: date) -> Merges:
    """How this party was merged, in either direction."""
    rows = session.execute(
        select(PartyMerge, Account.name)
        .outerjoin(Account, Account.id == PartyMerge.merged_by_id)
        .where(
            PartyMerge.cooperative_id == cooperative_id,
            or_(PartyMerge.kept_id == party_id, PartyMerge.gone_id == party_id),
        )
        .order_by(PartyMerge.id)
    ).all()
    if not rows:
        return Merges(into=None, taken=())
    others = {row.kept_id if row.gone_id == party_id else row.gone_id for row, _name in rows}
    known = _names(session, cooperative_id, others, day)
    found = [
        (row, MergedParty(party_id=other, at=row.merged_at, by=name, **known[other]))
        for row, name in rows
        if (other := row.kept_id if row.gone_id == party_id else row.gone_id) in known
    ]
    return Merges(
        into=next((one for row, one in found if row.gone_id == party_id), None),
        taken=tuple(one for row, one in found if row.kept_id == party_id),
    )


def find_membership_of(session: ScopedSession, *, cooperative_id: int, party_id: int) -> int | None:
    """The membership of a party, if it has or had one."""
    return session.scalar(
        select(Membership.id).where(Membership.cooperative_id == cooperative_id, Membership.party_id == party_id)
    )


def _names(session: ScopedSession, cooperative_id: int, ids: set[int], day: date) -> dict[int, dict[str, Any]]:
    rows = session.execute(
        select(PartyRecord.party_id, PartyRecord.name, Membership.id, Membership.number)
        .outerjoin(
            Membership,
            and_(Membership.cooperative_id == PartyRecord.cooperative_id, Membership.party_id == PartyRecord.party_id),
        )
        .where(
            PartyRecord.cooperative_id == cooperative_id,
            PartyRecord.party_id.in_(sorted(ids)),
            *holding_on(day, None),
        )
    )
    return {
        party_id: {"name": name, "membership_id": membership_id, "number": number}
        for party_id, name, membership_id, number in rows
    }


def _hold(session: ScopedSession, cooperative_id: int, ids: tuple[int, int]) -> dict[int, Party]:
    """Both rows, held in one order whoever asks, so that two merges do not wait for each other."""
    rows = session.scalars(
        select(Party)
        .where(Party.cooperative_id == cooperative_id, Party.id.in_(sorted(ids)))
        .order_by(Party.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = {row.id: row for row in rows}
    if set(ids) - set(found):
        raise NotFound
    return found


def _side(session: ScopedSession, cooperative_id: int, party_id: int, day: date) -> Side:
    party = parties.read_party(session, cooperative_id=cooperative_id, party_id=party_id, day=day)
    row = session.scalar(
        select(Membership).where(Membership.cooperative_id == cooperative_id, Membership.party_id == party_id)
    )
    if row is None:
        return Side(party=party, membership_id=None, number=None, standing=Standing())
    events = memberships.read_events(session, cooperative_id=cooperative_id, membership_id=row.id)
    coming = any(one.status in IS_MEMBER for one in spans(events) if one.ends_on is None or one.ends_on > day)
    return Side(
        party=party, membership_id=row.id, number=row.number, standing=standing_on(events, day),
        is_or_becomes_member=coming,
    )  # fmt: skip


def _hanging(session: ScopedSession, cooperative_id: int, party_id: int, day: date) -> Iterator[Hanging]:
    for hanger in HANGERS:
        count = hanger.count(session, cooperative_id, party_id, day)
        if count:
            yield Hanging(code=hanger.code, count=count, moves=hanger.move is not None)


def _doubts(session: ScopedSession, cooperative_id: int, kept: Side, gone: Side) -> Iterator[Problem]:
    ids = [kept.party.id, gone.party.id]
    if ids[0] == ids[1]:
        yield Problem(key="", reason=MergeReason.SAME)
        return
    merged = select(Party.id).where(
        Party.cooperative_id == cooperative_id, Party.id.in_(ids), Party.merged_into_id.is_not(None)
    )
    if session.scalar(merged.limit(1)) is not None:
        yield Problem(key="", reason=MergeReason.ALREADY)
    if gone.is_or_becomes_member:
        numbers = {"kept": kept.number, "gone": gone.number}
        both = kept.is_or_becomes_member
        yield Problem(key="", reason=MergeReason.BOTH_MEMBERS if both else MergeReason.WRONG_WAY, details=numbers)
    waits = select(Application.id).where(
        Application.cooperative_id == cooperative_id,
        Application.party_id == gone.party.id,
        Application.outcome.is_(None),
    )
    if gone.standing.status is Status.APPLICANT or session.scalar(waits.limit(1)) is not None:
        yield Problem(key="", reason=MergeReason.OPEN_APPLICATION)
