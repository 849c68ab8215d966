"""Representation: who acts for whom, in what, for which days and on what proof. Nothing is overwritten."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select

from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, InvalidInput, NotFound, Problem
from ecoop.governance.audit import Action
from ecoop.governance.representation import Acting, Matter, RepresentationReason, doubt_representation
from ecoop.governance.roles import Actor, Permission
from ecoop.models import Membership, Paper, Party, Representation
from ecoop.models.parties import FOREVER
from ecoop.services import audit
from ecoop.services.names import read_names

LONGEST_PROOF = 200
_FIELD_OF = {
    RepresentationReason.PERIOD_EMPTY: "valid_until",
    RepresentationReason.PERSON_VOTES: "matter",
    RepresentationReason.VOTE_TAKEN: "valid_from",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RepresentationView:
    """Who acts for whom, with both names; `membership_id` of each side where it has one."""

    id: int
    represented_id: int
    represented: str
    represented_membership_id: int | None
    representative_id: int
    representative: str
    representative_membership_id: int | None
    matter: Matter
    valid_from: date
    valid_until: date | None
    proof: str | None
    paper_id: int | None

    def runs_on(self, day: date) -> bool:
        """Whether it holds on `day`."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


def record_representation(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    new: Acting,
    proof: str | None = None,
    paper_id: int | None = None,
    now: datetime,
) -> int:
    """Record that a person acts for a party; the key. Raises InvalidInput naming everything that is wrong."""
    _require_keeper(actor)
    represented = _party(session, cooperative_id, new.represented_id)
    representative = _party(session, cooperative_id, new.representative_id)
    rows = session.scalars(
        select(Representation).where(
            Representation.cooperative_id == cooperative_id, Representation.represented_id == new.represented_id,
            Representation.known_until.is_(None),
        )
    )  # fmt: skip
    reasons = doubt_representation(
        new, [_acting(row) for row in rows], represented=represented.kind, representative=representative.kind
    )
    problems = [Problem(key=_FIELD_OF.get(reason, "representative_id"), reason=reason) for reason in reasons]
    problems += _doubt_proof(session, cooperative_id, proof, paper_id)
    if problems:
        raise InvalidInput(tuple(problems))
    row = _row(cooperative_id, new, (proof or "").strip() or None, paper_id, actor, now)
    session.add(row)
    session.flush()
    _record(session, actor, Action.REPRESENTATION_RECORDED, row, now)
    return row.id


def _doubt_proof(
    session: ScopedSession, cooperative_id: int, proof: str | None, paper_id: int | None
) -> Iterator[Problem]:
    text = (proof or "").strip()
    if not text and paper_id is None:
        yield Problem(key="proof", reason=RepresentationReason.PROOF_MISSING)
    elif len(text) > LONGEST_PROOF or not text.isprintable():
        yield Problem(key="proof", reason=RepresentationReason.PROOF_UNUSABLE, details={"maximum": LONGEST_PROOF})
    if paper_id is not None:
        query = select(Paper.id).where(Paper.cooperative_id == cooperative_id, Paper.id == paper_id)
        if session.scalar(query) is None:
            yield Problem(key="paper_id", reason=RepresentationReason.PAPER_UNKNOWN)


def end_representation(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    representation_id: int,
    valid_until: date,
    now: datetime,
) -> None:
    """Record that it holds no longer: `valid_until` is the first day without. What was known before stays readable."""
    _require_keeper(actor)
    row = session.scalar(
        select(Representation)
        .where(Representation.cooperative_id == cooperative_id, Representation.id == representation_id)
        .with_for_update()
    )
    if row is None:
        raise NotFound
    if row.known_until is not None or valid_until >= row.valid_until:
        raise InvalidInput((Problem(key="valid_until", reason=RepresentationReason.OVER_ALREADY),))
    if valid_until <= row.valid_from:
        raise InvalidInput((Problem(key="valid_until", reason=RepresentationReason.PERIOD_EMPTY),))
    row.known_until = now
    ended = Acting(
        represented_id=row.represented_id, representative_id=row.representative_id, matter=row.matter,
        valid_from=row.valid_from, valid_until=valid_until,
    )  # fmt: skip
    added = _row(cooperative_id, ended, row.proof, row.paper_id, actor, now)
    session.add(added)
    session.flush()
    _record(session, actor, Action.REPRESENTATION_ENDED, added, now)


def representatives_of(
    session: ScopedSession,
    *,
    cooperative_id: int,
    party_id: int,
    day: date | None,
    matter: Matter | None = None,
    known_at: datetime | None = None,
) -> tuple[RepresentationView, ...]:
    """Who acts for a party on `day` (None: on any day), in one matter or in all."""
    query = _holding(cooperative_id, day, matter, known_at).where(Representation.represented_id == party_id)
    return _views(session, cooperative_id, query, day, known_at)


def represented_by(
    session: ScopedSession,
    *,
    cooperative_id: int,
    party_id: int,
    day: date | None,
    matter: Matter | None = None,
    known_at: datetime | None = None,
) -> tuple[RepresentationView, ...]:
    """For whom a party acts on `day` (None: on any day), in one matter or in all."""
    query = _holding(cooperative_id, day, matter, known_at).where(Representation.representative_id == party_id)
    return _views(session, cooperative_id, query, day, known_at)


def read_voting_representatives(
    session: ScopedSession, *, cooperative_id: int, day: date, known_at: datetime | None = None
) -> dict[int, tuple[int, ...]]:
    """For every party that somebody may vote for on `day`: the parties that may. One question, however many."""
    found: dict[int, tuple[int, ...]] = {}
    for row in session.scalars(_holding(cooperative_id, day, Matter.VOTE, known_at)):
        found[row.represented_id] = (*found.get(row.represented_id, ()), row.representative_id)
    return found


def _holding(
    cooperative_id: int, day: date | None, matter: Matter | None, known_at: datetime | None
) -> Select[Representation]:
    query = select(Representation).where(Representation.cooperative_id == cooperative_id, _known(known_at))
    if day is not None:
        query = query.where(Representation.valid_from <= day, Representation.valid_until > day)
    if matter is not None:
        query = query.where(Representation.matter == matter)
    return query.order_by(Representation.valid_from, Representation.id)


def _known(known_at: datetime | None) -> ColumnElement[bool]:
    if known_at is None:
        return Representation.known_until.is_(None)
    until = or_(Representation.known_until.is_(None), Representation.known_until > known_at)
    return and_(Representation.known_from <= known_at, until)


def _views(
    session: ScopedSession,
    cooperative_id: int,
    query: Select[Representation],
    day: date | None,
    known_at: datetime | None,
) -> tuple[RepresentationView, ...]:
    rows = session.scalars(query).all()
    ids = {one for row in rows for one in (row.represented_id, row.representative_id)}
    on = day or max((row.valid_from for row in rows), default=date.min)
    names = read_names(session, cooperative_id=cooperative_id, party_ids=ids, day=on, known_at=known_at)
    numbers = _memberships(session, cooperative_id, ids)
    return tuple(
        RepresentationView(
            id=row.id,
            represented_id=row.represented_id,
            represented=names.get(row.represented_id, ""),
            represented_membership_id=numbers.get(row.represented_id),
            representative_id=row.representative_id,
            representative=names.get(row.representative_id, ""),
            representative_membership_id=numbers.get(row.representative_id),
            matter=row.matter,
            valid_from=row.valid_from,
            valid_until=_acting(row).valid_until,
            proof=row.proof,
            paper_id=row.paper_id,
        )
        for row in rows
    )


def _memberships(session: ScopedSession, cooperative_id: int, party_ids: set[int]) -> dict[int, int]:
    if not party_ids:
        return {}
    rows = session.execute(
        select(Membership.party_id, Membership.id).where(
            Membership.cooperative_id == cooperative_id, Membership.party_id.in_(sorted(party_ids))
        )
    )
    return {party_id: membership_id for party_id, membership_id in rows}  # noqa: C416  rows are no pairs to the checker


def _require_keeper(actor: Actor | None) -> None:
    if actor is not None and not actor.may(Permission.KEEP_REGISTER):
        raise Forbidden


def _party(session: ScopedSession, cooperative_id: int, party_id: int) -> Party:
    row = session.scalar(
        select(Party).where(Party.cooperative_id == cooperative_id, Party.id == party_id).with_for_update()
    )
    if row is None:
        raise NotFound
    return row


def _acting(row: Representation) -> Acting:
    return Acting(
        represented_id=row.represented_id, representative_id=row.representative_id, matter=row.matter,
        valid_from=row.valid_from, valid_until=None if row.valid_until == FOREVER else row.valid_until,
    )  # fmt: skip


def _row(
    cooperative_id: int, new: Acting, proof: str | None, paper_id: int | None, actor: Actor | None, now: datetime
) -> Representation:
    return Representation(
        cooperative_id=cooperative_id, represented_id=new.represented_id, representative_id=new.representative_id,
        matter=new.matter, valid_from=new.valid_from, valid_until=new.valid_until or FOREVER, proof=proof,
        paper_id=paper_id, known_from=now, recorded_by_id=actor.account_id if actor else None,
    )  # fmt: skip


def _record(session: ScopedSession, actor: Actor | None, action: Action, row: Representation, now: datetime) -> None:
    days = {"starts_on": row.valid_from.isoformat(), "ends_on": row.valid_until.isoformat()}
    audit.record(
        session, actor, action, cooperative_id=row.cooperative_id, subject=f"representation:{row.id}",
        details={"kind": row.matter.value, **days}, now=now,
    )  # fmt: skip
