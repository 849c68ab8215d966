"""Who has which dwelling by what right: recorded one by one or many at once, ended, corrected, never overwritten."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, select

from ecoop.db import ScopedSession
from ecoop.errors import InvalidInput, NotFound, Problem
from ecoop.governance.audit import Action, Detail
from ecoop.governance.roles import Actor
from ecoop.governance.tenures import HeldTenure, TenureKind, TenureReason, doubt_tenure
from ecoop.models import Dwelling, Tenure
from ecoop.models.parties import FOREVER
from ecoop.services import audit
from ecoop.services.dwellings import (
    MANY,
    DwellingReason,
    Key,
    address_of,
    held_dwellings,
    known,
    known_parties,
    require_keeper,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTenure:
    """A party has a dwelling from a day until a day (not included; None: no end is known)."""

    dwelling_id: int
    party_id: int
    kind: TenureKind
    valid_from: date
    valid_until: date | None = None
    paper_id: int | None = None


def record_tenure(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    new: NewTenure,
    why: str | None = None,
    now: datetime,
) -> int:
    """Record that a party owns, rents or lets a dwelling; the key. Raises InvalidInput where that cannot be."""
    return _recorded(session, actor, cooperative_id, (new,), now, why, key=lambda _place, name: name)[0]


def record_tenures(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, new: Sequence[NewTenure], now: datetime
) -> tuple[int, ...]:
    """Record many at once with one entry in the audit trail; their keys in the order given.

    Raises InvalidInput naming every problem, with the place in the list before the field.
    """
    return _recorded(session, actor, cooperative_id, new, now, None, key=lambda place, name: f"{place}.{name}")


def _recorded(
    session: ScopedSession,
    actor: Actor | None,
    cooperative_id: int,
    new: Sequence[NewTenure],
    now: datetime,
    why: str | None,
    *,
    key: Key,
) -> tuple[int, ...]:
    require_keeper(actor)
    dwellings = held_dwellings(session, cooperative_id, {one.dwelling_id for one in new})
    parties = known_parties(session, cooperative_id, {one.party_id for one in new})
    held = _held_tenures(session, cooperative_id, dwellings)
    problems = []
    for place, one in enumerate(new):
        row = dwellings[one.dwelling_id]
        wanted = as_held(one)
        if one.party_id not in parties:
            problems.append(Problem(key=key(place, "party_id"), reason=DwellingReason.PARTY_UNKNOWN))
        if not row.valid_from <= one.valid_from < row.valid_until:
            problems.append(Problem(key=key(place, "valid_from"), reason=TenureReason.OUTSIDE_DWELLING))
        problems += [Problem(key=key(place, "kind"), reason=r) for r in doubt_tenure(held[one.dwelling_id], wanted)]
        held[one.dwelling_id].append(wanted)
    if problems:
        raise InvalidInput(tuple(problems))
    rows = [tenure_row(cooperative_id, one, actor, now) for one in new]
    session.add_all(rows)
    session.flush()
    subject = f"dwelling:{new[0].dwelling_id}" if len(new) == 1 else None
    audit.record(
        session, actor, Action.TENURE_RECORDED, cooperative_id=cooperative_id, subject=subject,
        details=_tenure_details(new), why=why, now=now,
    )  # fmt: skip
    return tuple(row.id for row in rows)


def _tenure_details(new: Sequence[NewTenure]) -> dict[str, Detail]:
    if len(new) != 1:
        return {"count": len(new)}
    return {"kind": new[0].kind.value, "starts_on": new[0].valid_from.isoformat()}


def end_tenure(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    tenure_id: int,
    valid_until: date,
    why: str | None = None,
    now: datetime,
) -> int:
    """From `valid_until` on (the first day without) it holds no longer; the key under which it goes on being known."""
    require_keeper(actor)
    row = _known_tenure(session, cooperative_id, tenure_id)
    if not row.valid_from < valid_until < row.valid_until:
        reason = TenureReason.ENDS_BEFORE_IT_BEGINS if valid_until <= row.valid_from else TenureReason.NOT_HELD
        raise InvalidInput((Problem(key="valid_until", reason=reason),))
    row.known_until = now
    ended = NewTenure(
        dwelling_id=row.dwelling_id, party_id=row.party_id, kind=row.kind, valid_from=row.valid_from,
        valid_until=valid_until, paper_id=row.paper_id,
    )  # fmt: skip
    new = tenure_row(cooperative_id, ended, actor, now)
    session.add(new)
    session.flush()
    audit.record(
        session, actor, Action.TENURE_ENDED, cooperative_id=cooperative_id, subject=f"dwelling:{row.dwelling_id}",
        details={"kind": row.kind.value, "ends_on": valid_until.isoformat()}, why=why, now=now,
    )  # fmt: skip
    return new.id


def correct_tenure(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, tenure_id: int, why: str | None, now: datetime
) -> None:
    """It was recorded wrongly and is known no longer; what was known before stays readable as it was known then."""
    require_keeper(actor)
    row = _known_tenure(session, cooperative_id, tenure_id)
    row.known_until = now
    session.flush()
    audit.record(
        session, actor, Action.TENURE_CORRECTED, cooperative_id=cooperative_id, subject=f"dwelling:{row.dwelling_id}",
        details={"kind": row.kind.value, "starts_on": row.valid_from.isoformat()}, why=why, now=now,
    )  # fmt: skip


def as_held(one: NewTenure) -> HeldTenure:
    """As the rules see it."""
    return HeldTenure(party_id=one.party_id, kind=one.kind, starts_on=one.valid_from, ends_on=one.valid_until)


def tenure_row(cooperative_id: int, one: NewTenure, actor: Actor | None, now: datetime) -> Tenure:
    """A row that is known from now on."""
    return Tenure(
        cooperative_id=cooperative_id,
        dwelling_id=one.dwelling_id,
        party_id=one.party_id,
        kind=one.kind,
        valid_from=one.valid_from,
        valid_until=one.valid_until or FOREVER,
        known_from=now,
        recorded_by_id=actor.account_id if actor else None,
        paper_id=one.paper_id,
    )


def tenures_on(day: date, known_at: datetime | None = None) -> tuple[ColumnElement[bool], ...]:
    """The tenures that hold on `day`, as known at `known_at` (None: now)."""
    return Tenure.valid_from <= day, Tenure.valid_until > day, known(Tenure, known_at)


def _held_tenures(
    session: ScopedSession, cooperative_id: int, wanted: Iterable[int]
) -> defaultdict[int, list[HeldTenure]]:
    query = select(Tenure).where(Tenure.cooperative_id == cooperative_id, Tenure.known_until.is_(None))
    ids = sorted(wanted)
    if len(ids) <= MANY:
        query = query.where(Tenure.dwelling_id.in_(ids))
    found: defaultdict[int, list[HeldTenure]] = defaultdict(list)
    for row in session.scalars(query):
        ends_on = None if row.valid_until == FOREVER else row.valid_until
        found[row.dwelling_id].append(
            HeldTenure(party_id=row.party_id, kind=row.kind, starts_on=row.valid_from, ends_on=ends_on)
        )
    return found


def _known_tenure(session: ScopedSession, cooperative_id: int, tenure_id: int) -> Tenure:
    row = session.scalar(
        select(Tenure)
        .where(Tenure.cooperative_id == cooperative_id, Tenure.id == tenure_id, Tenure.known_until.is_(None))
        .with_for_update()
    )
    if row is None:
        raise NotFound
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class TenureView:
    """A dwelling that a party has on a day; `valid_until` is the first day without, None where no end is known."""

    id: int
    dwelling_id: int
    party_id: int
    address: str
    kind: TenureKind
    valid_from: date
    valid_until: date | None


def tenures_of(
    session: ScopedSession, *, cooperative_id: int, party_id: int, day: date, known_at: datetime | None = None
) -> tuple[TenureView, ...]:
    """What a party owns, rents or lets on `day`, by address, as known at `known_at` (None: now)."""
    return _views(session, Tenure.party_id == party_id, cooperative_id, tenures_on(day, known_at))


def tenures_of_dwelling(
    session: ScopedSession,
    *,
    cooperative_id: int,
    dwelling_id: int,
    day: date,
    kind: TenureKind | None = None,
    known_at: datetime | None = None,
) -> tuple[TenureView, ...]:
    """Who owns, rents or lets a dwelling on `day`, or only by one right, as known at `known_at` (None: now)."""
    of_dwelling = Tenure.dwelling_id == dwelling_id
    if kind is not None:
        of_dwelling = and_(of_dwelling, Tenure.kind == kind)
    return _views(session, of_dwelling, cooperative_id, tenures_on(day, known_at))


def _views(
    session: ScopedSession, which: ColumnElement[bool], cooperative_id: int, holding: tuple[ColumnElement[bool], ...]
) -> tuple[TenureView, ...]:
    rows = session.execute(
        select(Tenure, Dwelling)
        .join(Dwelling, and_(Dwelling.cooperative_id == Tenure.cooperative_id, Dwelling.id == Tenure.dwelling_id))
        .where(Tenure.cooperative_id == cooperative_id, which, *holding)
        .order_by(Dwelling.street, Dwelling.house_number, Dwelling.addition, Tenure.id)
    )
    return tuple(
        TenureView(
            id=row.id, dwelling_id=row.dwelling_id, party_id=row.party_id, address=address_of(dwelling), kind=row.kind,
            valid_from=row.valid_from, valid_until=None if row.valid_until == FOREVER else row.valid_until,
        )
        for row, dwelling in rows
    )  # fmt: skip
