"""Recording many parties at once, with their memberships: for a beginning, an import and the demo."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, InvalidInput, Problem
from ecoop.governance.audit import Action
from ecoop.governance.membership import EventKind, MembershipEvent, doubt_event, spans
from ecoop.governance.roles import Actor, Permission
from ecoop.governance.statutes import PartyKind
from ecoop.models import Membership, MembershipEventRow, MembershipSpan, Party, PartyRecord
from ecoop.models.parties import FOREVER
from ecoop.models.types import new_key
from ecoop.services import audit
from ecoop.services.memberships import SERIES, NewEvent, span_row
from ecoop.services.number_series import take_numbers
from ecoop.services.parties import PartyFacts, normal_facts, party_record


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """A party to be recorded with what happened to its membership; without events it is no member.

    The events are its first ones, so the last that enters gets a number. Reasons in words belong to single events.
    """

    kind: PartyKind
    facts: PartyFacts
    valid_from: date
    account_id: int | None = None
    events: tuple[NewEvent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """The keys that a party and its membership got."""

    party_id: int
    membership_id: int | None


def enrol_many(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    entries: Sequence[Enrolment],
    now: datetime,
) -> tuple[Enrolled, ...]:
    """Record these parties and memberships, in the order given, with one entry in the audit trail for each kind.

    Raises InvalidInput naming every problem, with the place in the list before the field: "12.postcode".
    """
    if actor is not None and not actor.may(Permission.KEEP_REGISTER):
        raise Forbidden
    facts = _normal(entries, clock.legal_day(now))
    parties = [
        Party(cooperative_id=cooperative_id, id=new_key(), kind=one.kind, created_at=now, account_id=one.account_id)
        for one in entries
    ]
    session.add_all(parties)
    session.flush()
    session.add_all(_records(parties, entries, facts, actor, now))
    members = _begin(session, cooperative_id, parties, entries, actor, now)
    audit.record(
        session, actor, Action.PARTY_RECORDED, cooperative_id=cooperative_id, details={"count": len(entries)}, now=now
    )
    for kind, count in sorted(Counter(event.kind for one in entries for event in one.events).items()):
        audit.record(
            session, actor, Action(f"membership.{kind.value}"), cooperative_id=cooperative_id,
            details={"count": count}, now=now,
        )  # fmt: skip
    return tuple(Enrolled(party_id=row.id, membership_id=members.get(row.id)) for row in parties)


def _normal(entries: Sequence[Enrolment], today: date) -> list[PartyFacts]:
    facts, problems = [], []
    for place, one in enumerate(entries):
        try:
            facts.append(normal_facts(one.facts, one.kind, today=today))
        except InvalidInput as invalid:
            problems += [_placed(place, problem.key, problem) for problem in invalid.problems]
        problems += _doubt_events(place, one.events)
    if problems:
        raise InvalidInput(tuple(problems))
    return facts


def _placed(place: int, key: str, problem: Problem) -> Problem:
    return Problem(key=f"{place}.{key}", reason=problem.reason, details=problem.details)


def _doubt_events(place: int, events: Sequence[NewEvent]) -> Iterator[Problem]:
    known: list[MembershipEvent] = []
    for number, new in enumerate(events):
        event = _event(number, new, datetime(1970, 1, 1, tzinfo=clock.AMSTERDAM))
        for reason in doubt_event(known, event):
            yield Problem(key=f"{place}.kind", reason=reason)
        known.append(event)


def _event(key: int, new: NewEvent, now: datetime) -> MembershipEvent:
    return MembershipEvent(
        id=key, kind=new.kind, valid_from=new.valid_from, recorded_at=now, class_code=new.class_code,
        end_reason=new.end_reason,
    )  # fmt: skip


def _records(
    parties: Sequence[Party],
    entries: Sequence[Enrolment],
    facts: Sequence[PartyFacts],
    actor: Actor | None,
    now: datetime,
) -> Iterator[PartyRecord]:
    for party, one, told in zip(parties, entries, facts, strict=True):
        yield party_record(party, told, one.valid_from, FOREVER, actor, now)


def _begin(
    session: ScopedSession,
    cooperative_id: int,
    parties: Sequence[Party],
    entries: Sequence[Enrolment],
    actor: Actor | None,
    now: datetime,
) -> dict[int, int]:
    """Begin the memberships; the key of each by that of its party."""
    entering = [one for one in entries if _enters(one)]
    numbers = iter(take_numbers(session, cooperative_id=cooperative_id, name=SERIES, count=len(entering)))
    members: list[Membership] = []
    following: list[MembershipEventRow | MembershipSpan] = []
    for party, one in zip(parties, entries, strict=True):
        if one.events:
            row = Membership(
                cooperative_id=cooperative_id, id=new_key(), party_id=party.id, created_at=now,
                number=next(numbers) if _enters(one) else None,
            )  # fmt: skip
            members.append(row)
            following += _story(row, one.events, actor, now)
    session.add_all(members)
    session.flush()
    session.add_all(following)
    session.flush()
    return {row.party_id: row.id for row in members}


def _enters(one: Enrolment) -> bool:
    return any(event.kind is EventKind.ADMITTED for event in one.events)


def _story(
    row: Membership, events: Sequence[NewEvent], actor: Actor | None, now: datetime
) -> Iterator[MembershipEventRow | MembershipSpan]:
    told = [_event(new_key(), new, now) for new in events]
    for event in told:
        yield MembershipEventRow(
            cooperative_id=row.cooperative_id, id=event.id, membership_id=row.id, kind=event.kind,
            valid_from=event.valid_from, recorded_at=now, actor_id=actor.account_id if actor else None,
            class_code=event.class_code, end_reason=event.end_reason,
        )  # fmt: skip
    for span in spans(told):
        yield span_row(row, span, now)
