"""Legal holds: nothing about somebody goes while a dispute or a claim runs, and why (GDPR art. 17(3)(e))."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import or_, select

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, InvalidInput, NotFound, Problem, Refused
from ecoop.governance.audit import Action
from ecoop.governance.roles import Actor, Permission
from ecoop.models import Account, AuditNote, LegalHold, Membership, Party, PartyRecord
from ecoop.services import audit


class RetentionReason(StrEnum):
    """Why something about retention is refused."""

    MONTHS_OUT_OF_RANGE = "retention_months_out_of_range"
    DAY_PAST = "retention_day_past"
    WHY_MISSING = "retention_why_missing"
    PARTY_UNKNOWN = "retention_party_unknown"
    HELD_ALREADY = "retention_held_already"
    NOT_HELD = "retention_not_held"
    NOTHING_DUE = "retention_nothing_due"
    CHANGED_MEANWHILE = "retention_changed_meanwhile"


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldView:
    """A legal hold: about whom, since when, until when, who placed it and why."""

    id: int
    party_id: int
    name: str
    starts_on: date
    ends_on: date | None
    placed_by: str | None
    lifted_by: str | None
    reason: str | None

    def runs_on(self, day: date) -> bool:
        """Whether it holds on `day`."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whom:
    """Who a line of a run is about, as the register shows it now."""

    party_id: int
    name: str
    number: int | None
    membership_id: int | None


def require_keeper(actor: Actor | None) -> None:
    if actor is not None and not actor.may(Permission.KEEP_PRIVACY):
        raise Forbidden


def require_reader(actor: Actor | None) -> None:
    if actor is not None and not actor.may(Permission.SEE_REGISTER):
        raise Forbidden


def place_hold(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, party_id: int, why: str, now: datetime
) -> int:
    """Let nothing of a party go until the hold is lifted, because of a dispute or a claim; its key."""
    require_keeper(actor)
    if not why.strip():
        raise InvalidInput((Problem(key="why", reason=RetentionReason.WHY_MISSING),))
    held_party(session, cooperative_id, party_id)
    day = clock.legal_day(now)
    if any(one.party_id == party_id for one in running_holds(session, cooperative_id, day)):
        raise Refused(RetentionReason.HELD_ALREADY)
    row = LegalHold(
        cooperative_id=cooperative_id, party_id=party_id, starts_on=day, ends_on=None,
        placed_by_id=actor.account_id if actor else None, placed_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    row.audit_number = audit.record(
        session, actor, Action.HOLD_PLACED, cooperative_id=cooperative_id, subject=f"party:{party_id}", why=why, now=now
    )
    session.flush()
    return row.id


def lift_hold(session: ScopedSession, actor: Actor | None, *, cooperative_id: int, hold_id: int, now: datetime) -> None:
    """Let the rules count again for this party, from today on."""
    require_keeper(actor)
    row = session.scalar(
        select(LegalHold).where(LegalHold.cooperative_id == cooperative_id, LegalHold.id == hold_id).with_for_update()
    )
    if row is None:
        raise NotFound
    if row.lifted_at is not None:
        raise Refused(RetentionReason.NOT_HELD)
    row.ends_on, row.lifted_at = clock.legal_day(now), now
    row.lifted_by_id = actor.account_id if actor else None
    session.flush()
    audit.record(
        session, actor, Action.HOLD_LIFTED, cooperative_id=cooperative_id, subject=f"party:{row.party_id}", now=now
    )


def held_party(session: ScopedSession, cooperative_id: int, party_id: int) -> Party:
    """The party, which nobody else minimises or holds meanwhile."""
    row = session.scalar(
        select(Party).where(Party.cooperative_id == cooperative_id, Party.id == party_id).with_for_update()
    )
    if row is None:
        raise InvalidInput((Problem(key="party_id", reason=RetentionReason.PARTY_UNKNOWN),))
    return row


def running_holds(session: ScopedSession, cooperative_id: int, day: date) -> list[LegalHold]:
    query = select(LegalHold).where(
        LegalHold.cooperative_id == cooperative_id,
        LegalHold.starts_on <= day,
        or_(LegalHold.ends_on.is_(None), LegalHold.ends_on > day),
    )
    return list(session.scalars(query))


def read_holds(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, party_id: int | None = None, day: date
) -> tuple[HoldView, ...]:
    """Every hold, those that run first. Why stands there for who keeps privacy."""
    require_reader(actor)
    query = (
        select(LegalHold, AuditNote.text)
        .outerjoin(
            AuditNote,
            (AuditNote.cooperative_id == LegalHold.cooperative_id) & (AuditNote.number == LegalHold.audit_number),
        )
        .where(LegalHold.cooperative_id == cooperative_id)
        .order_by(LegalHold.id.desc())
    )
    if party_id is not None:
        query = query.where(LegalHold.party_id == party_id)
    rows = session.execute(query).all()
    whom = read_whom(session, cooperative_id=cooperative_id, party_ids={row.party_id for row, _ in rows}, day=day)
    names = _account_names(session, {one for row, _ in rows for one in (row.placed_by_id, row.lifted_by_id) if one})
    tells = actor is None or actor.may(Permission.KEEP_PRIVACY)
    found = [
        HoldView(
            id=row.id, party_id=row.party_id, name=whom[row.party_id].name, starts_on=row.starts_on,
            ends_on=row.ends_on, placed_by=names.get(row.placed_by_id or 0), lifted_by=names.get(row.lifted_by_id or 0),
            reason=reason if tells else None,
        )
        for row, reason in rows
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: not one.runs_on(day)))


def _account_names(session: ScopedSession, ids: Iterable[int]) -> dict[int, str]:
    rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(sorted(set(ids)))))
    return {number: name for number, name in rows}  # noqa: C416  rows are no pairs to the type checker


def read_whom(session: ScopedSession, *, cooperative_id: int, party_ids: Iterable[int], day: date) -> dict[int, Whom]:
    """Name, number and membership of parties, as they are known now; one query for all."""
    wanted = sorted(set(party_ids))
    rows = session.execute(
        select(PartyRecord.party_id, PartyRecord.name, Membership.number, Membership.id)
        .outerjoin(
            Membership,
            (Membership.cooperative_id == PartyRecord.cooperative_id) & (Membership.party_id == PartyRecord.party_id),
        )
        .where(
            PartyRecord.cooperative_id == cooperative_id,
            PartyRecord.party_id.in_(wanted),
            PartyRecord.known_until.is_(None),
        )
        .order_by(PartyRecord.party_id, PartyRecord.valid_from)
    )
    found = {
        party_id: Whom(party_id=party_id, name=name, number=number, membership_id=membership_id)
        for party_id, name, number, membership_id in rows
    }
    missing = set(wanted) - found.keys()
    return found | {one: Whom(party_id=one, name="–", number=None, membership_id=None) for one in missing}


def read_one(session: ScopedSession, actor: Actor | None, *, cooperative_id: int, party_id: int, day: date) -> Whom:
    """Name and number of one party. Raises NotFound where it is not in this register."""
    require_keeper(actor)
    query = select(Party.id).where(Party.cooperative_id == cooperative_id, Party.id == party_id)
    if session.scalar(query) is None:
        raise NotFound
    return read_whom(session, cooperative_id=cooperative_id, party_ids=[party_id], day=day)[party_id]
