"""What the register keeps about oneself: seen and corrected by who it is about, and by nobody else this way.

Where one lives and how one is reached one changes oneself. Name and date of birth are what others rely on, so they
change when whoever keeps the register says so; another spelling of the same name needs no asking.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import and_, select

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, InvalidInput, NotFound, Problem, Refused
from ecoop.governance.audit import Action
from ecoop.governance.leaving import LeavingReason, RequestState
from ecoop.governance.membership import EndReason, EventKind, Standing, known_events, standing_on
from ecoop.governance.roles import Actor, Permission, Role
from ecoop.models import DataRequest, Membership, Party, PartyRecord
from ecoop.services import audit, memberships, parties, turns
from ecoop.services.once import add_once
from ecoop.services.parties import FIELDS, PartyFacts, PartyView, holding_on, plain, read_party

REQUEST_TURN = "data_request.asked"
BY_ONESELF = ("email", "phone", "street", "house_number", "postcode", "city", "country", "language")
BY_REQUEST = ("name", "given_names", "name_prefix", "family_name", "birth_date")
FURTHEST_AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnEvent:
    """One thing that happened to the own membership; what the board wrote about it for itself is left out."""

    kind: EventKind
    valid_from: date
    class_code: str | None
    end_reason: EndReason | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnParty:
    """One party that is mine, with its membership if it has one. `later` holds what was said about days to come."""

    party: PartyView
    later: tuple[PartyView, ...]
    membership_id: int | None
    number: int | None
    standing: Standing
    story: tuple[OwnEvent, ...]
    request_waits: bool


def read_own(session: ScopedSession, actor: Actor, *, cooperative_id: int, day: date) -> tuple[OwnParty, ...]:
    """The parties that belong to the login of `actor`, and no others: a shared e-mail address opens nothing."""
    _require(actor)
    rows = session.execute(
        select(Party.id, Membership.id, Membership.number)
        .outerjoin(Membership, and_(Membership.cooperative_id == Party.cooperative_id, Membership.party_id == Party.id))
        .where(
            Party.cooperative_id == cooperative_id,
            Party.account_id == actor.account_id,
            Party.merged_into_id.is_(None),
        )
        .order_by(Membership.number, Party.id)
    ).all()
    return tuple(_own(session, cooperative_id, *row, day) for row in rows)


def _own(
    session: ScopedSession, cooperative_id: int, party_id: int, membership_id: int | None, number: int | None, day: date
) -> OwnParty:
    events = (
        memberships.read_events(session, cooperative_id=cooperative_id, membership_id=membership_id)
        if membership_id is not None
        else ()
    )
    waits = session.scalar(
        select(DataRequest.id).where(
            DataRequest.cooperative_id == cooperative_id,
            DataRequest.party_id == party_id,
            DataRequest.state == RequestState.WAITING,
        )
    )
    counting = known_events(events)
    return OwnParty(
        party=read_party(session, cooperative_id=cooperative_id, party_id=party_id, day=day),
        later=_later(session, cooperative_id, party_id, day),
        membership_id=membership_id,
        number=number,
        standing=standing_on(events, day),
        story=tuple(
            OwnEvent(
                kind=one.kind, valid_from=one.valid_from, class_code=one.class_code, end_reason=one.end_reason
            )
            for one in reversed(counting)
        ),
        request_waits=waits is not None,
    )  # fmt: skip


def _later(session: ScopedSession, cooperative_id: int, party_id: int, day: date) -> tuple[PartyView, ...]:
    """What is known already about days to come, in order."""
    days = session.scalars(
        select(PartyRecord.valid_from)
        .where(
            PartyRecord.cooperative_id == cooperative_id,
            PartyRecord.party_id == party_id,
            PartyRecord.valid_from > day,
            PartyRecord.known_until.is_(None),
        )
        .order_by(PartyRecord.valid_from)
    ).all()
    return tuple(read_party(session, cooperative_id=cooperative_id, party_id=party_id, day=one) for one in days)


def change_own(
    session: ScopedSession,
    actor: Actor,
    *,
    cooperative_id: int,
    party_id: int,
    facts: PartyFacts,
    valid_from: date,
    now: datetime,
) -> None:
    """Change where one lives and how one is reached, from today or a later day on; yesterday stays as it was.

    Another spelling of the same name (accents, capitals) goes along. Raises InvalidInput where the name or the date of
    birth would become another one, or the day lies in the past: for that one asks.
    """
    _require(actor)
    _require_own(session, actor, cooperative_id, party_id)
    today = clock.legal_day(now)
    if not today <= valid_from <= today + FURTHEST_AHEAD:
        raise InvalidInput((Problem(key="valid_from", reason=LeavingReason.OWN_DAY_PAST),))
    present = read_party(session, cooperative_id=cooperative_id, party_id=party_id, day=valid_from).facts
    wanted = replace(present, **{name: getattr(facts, name) for name in (*BY_ONESELF, "name")})
    if plain(wanted.name) != plain(present.name):
        raise InvalidInput((Problem(key="name", reason=LeavingReason.OWN_NAME_BY_REQUEST),))
    parties.change_party(
        session, actor, cooperative_id=cooperative_id, party_id=party_id, facts=wanted, valid_from=valid_from, now=now,
        own=True,
    )  # fmt: skip


def ask_correction(
    session: ScopedSession, actor: Actor, *, cooperative_id: int, party_id: int, facts: PartyFacts, now: datetime
) -> int:
    """Ask whoever keeps the register for another name or date of birth; the key of the request.

    Raises InvalidInput where nothing would change, Refused while an earlier request waits.
    """
    _require(actor)
    _require_own(session, actor, cooperative_id, party_id)
    today = clock.legal_day(now)
    found = read_party(session, cooperative_id=cooperative_id, party_id=party_id, day=today)
    wanted = replace(found.facts, **{name: getattr(facts, name) for name in BY_REQUEST})
    normal = parties.normal_facts(wanted, found.kind, today=today)
    if normal == found.facts:
        raise InvalidInput((Problem(key="", reason=parties.PartyReason.NOTHING_CHANGED),))
    row = DataRequest(
        cooperative_id=cooperative_id, party_id=party_id, state=RequestState.WAITING, asked_at=now,
        asked_by_id=actor.account_id, **{name: getattr(normal, name) for name in BY_REQUEST},
    )  # fmt: skip
    if not add_once(session, row):
        raise Refused(LeavingReason.REQUEST_WAITS_ALREADY)
    turns.give_turn(
        session, cooperative_id=cooperative_id, kind=REQUEST_TURN, subject=f"data_request:{row.id}",
        roles=(Role.SECRETARY, Role.CHAIR), now=now,
    )  # fmt: skip
    changed = sorted(name for name in BY_REQUEST if getattr(normal, name) != getattr(found.facts, name))
    audit.record(
        session, actor, Action.DATA_REQUEST_ASKED, cooperative_id=cooperative_id, subject=f"party:{party_id}",
        details={"fields": changed}, now=now,
    )  # fmt: skip
    return row.id


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestView:
    """A request that waits: what stands in the register, and what should stand there."""

    id: int
    party_id: int
    membership_id: int | None
    account_id: int
    asked_at: datetime
    present: PartyFacts
    wanted: PartyFacts


def read_requests(session: ScopedSession, actor: Actor, *, cooperative_id: int, day: date) -> tuple[RequestView, ...]:
    """The requests that wait, oldest first."""
    _require_keeper(actor)
    rows = session.execute(
        select(DataRequest, PartyRecord, Membership.id)
        .join(
            PartyRecord,
            and_(
                PartyRecord.cooperative_id == DataRequest.cooperative_id,
                PartyRecord.party_id == DataRequest.party_id,
                *holding_on(day, None),
            ),
        )
        .outerjoin(
            Membership,
            and_(
                Membership.cooperative_id == DataRequest.cooperative_id,
                Membership.party_id == DataRequest.party_id,
            ),
        )
        .where(DataRequest.cooperative_id == cooperative_id, DataRequest.state == RequestState.WAITING)
        .order_by(DataRequest.asked_at, DataRequest.id)
    )
    return tuple(
        _request(row, PartyFacts(**{name: getattr(record, name) for name in FIELDS}), membership_id)
        for row, record, membership_id in rows
    )


def _request(row: DataRequest, present: PartyFacts, membership_id: int | None) -> RequestView:
    return RequestView(
        id=row.id, party_id=row.party_id, membership_id=membership_id, account_id=row.asked_by_id,
        asked_at=row.asked_at, present=present,
        wanted=replace(present, **{name: getattr(row, name) for name in BY_REQUEST}),
    )  # fmt: skip


def answer_request(
    session: ScopedSession,
    actor: Actor,
    *,
    cooperative_id: int,
    request_id: int,
    accepted: bool,
    valid_from: date,
    why: str | None = None,
    now: datetime,
) -> None:
    """Take a correction over in the register from a day on, or refuse it. What was asked is emptied either way."""
    _require_keeper(actor)
    row = session.scalar(
        select(DataRequest)
        .where(DataRequest.cooperative_id == cooperative_id, DataRequest.id == request_id)
        .with_for_update()
    )
    if row is None:
        raise NotFound
    if row.state is not RequestState.WAITING:
        raise Refused(LeavingReason.REQUEST_ANSWERED_ALREADY)
    if accepted:
        present = read_party(session, cooperative_id=cooperative_id, party_id=row.party_id, day=valid_from).facts
        facts = replace(present, **{name: getattr(row, name) for name in BY_REQUEST})
        parties.change_party(
            session, actor, cooperative_id=cooperative_id, party_id=row.party_id, facts=facts, valid_from=valid_from,
            now=now,
        )  # fmt: skip
    row.state = RequestState.ACCEPTED if accepted else RequestState.REFUSED
    row.name = row.given_names = row.name_prefix = row.family_name = row.birth_date = None
    row.answered_at, row.answered_by_id = now, actor.account_id
    session.flush()
    turns.settle(
        session, cooperative_id=cooperative_id, kind=REQUEST_TURN, subject=f"data_request:{row.id}",
        by_id=actor.account_id, now=now,
    )  # fmt: skip
    audit.record(
        session, actor, Action.DATA_REQUEST_ANSWERED, cooperative_id=cooperative_id, subject=f"party:{row.party_id}",
        details={"outcome": row.state.value}, why=why, now=now,
    )  # fmt: skip


def _require(actor: Actor) -> None:
    if not actor.may(Permission.SEE_OWN_PAGE):
        raise Forbidden


def _require_keeper(actor: Actor) -> None:
    if not actor.may(Permission.KEEP_REGISTER):
        raise Forbidden


def _require_own(session: ScopedSession, actor: Actor, cooperative_id: int, party_id: int) -> None:
    owner = session.scalar(select(Party.account_id).where(Party.cooperative_id == cooperative_id, Party.id == party_id))
    if owner is None or owner != actor.account_id:
        raise NotFound
