"""What members promised: a pledge in a tranche, a plan to pay arrears, a loan. Written down, settled, not changed."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, select

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, InvalidInput, NotFound, Problem, Refused
from ecoop.governance.audit import Action
from ecoop.governance.leaving import LeavingReason, ObligationKind, ObligationOutcome
from ecoop.governance.roles import Actor, Permission
from ecoop.models import AuditNote, Membership, Obligation, ObligationSettlement, PartyRecord
from ecoop.services import audit
from ecoop.services.once import add_once
from ecoop.services.parties import holding_on


@dataclass(frozen=True, slots=True, kw_only=True)
class NewObligation:
    """A promise to be written down. `why` says in words what was promised."""

    kind: ObligationKind
    agreed_on: date
    amount_cents: int | None = None
    runs_until: date | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationView:
    """A promise, and how it ended if it did."""

    id: int
    party_id: int
    membership_id: int | None
    name: str
    kind: ObligationKind
    amount_cents: int | None
    agreed_on: date
    runs_until: date | None
    words: str
    outcome: ObligationOutcome | None
    settled_on: date | None


def record_obligation(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    membership_id: int,
    new: NewObligation,
    now: datetime,
) -> int:
    """Write down what a member promised; its key. Raises InvalidInput naming every problem, NotFound."""
    _require(actor)
    party_id = session.scalar(
        select(Membership.party_id).where(Membership.cooperative_id == cooperative_id, Membership.id == membership_id)
    )
    if party_id is None:
        raise NotFound
    problems = []
    if new.amount_cents is not None and new.amount_cents <= 0:
        problems.append(Problem(key="amount", reason=LeavingReason.PROMISE_AMOUNT))
    if new.agreed_on > clock.legal_day(now) or (new.runs_until is not None and new.runs_until <= new.agreed_on):
        problems.append(Problem(key="agreed_on", reason=LeavingReason.PROMISE_DAYS_CROSSED))
    if problems:
        raise InvalidInput(tuple(problems))
    row = Obligation(
        cooperative_id=cooperative_id, party_id=party_id, kind=new.kind, amount_cents=new.amount_cents,
        agreed_on=new.agreed_on, runs_until=new.runs_until, recorded_at=now,
        recorded_by_id=actor.account_id if actor else None,
    )  # fmt: skip
    row.audit_number = audit.record(
        session, actor, Action.OBLIGATION_RECORDED, cooperative_id=cooperative_id, subject=f"party:{party_id}",
        details={"kind": new.kind.value, "starts_on": new.agreed_on.isoformat()}, why=new.why, now=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def settle_obligation(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    obligation_id: int,
    outcome: ObligationOutcome,
    settled_on: date,
    now: datetime,
) -> None:
    """Write down how a promise ended. Refused where that was done before."""
    _require(actor)
    found = session.scalar(
        select(Obligation).where(Obligation.cooperative_id == cooperative_id, Obligation.id == obligation_id)
    )
    if found is None:
        raise NotFound
    if not found.agreed_on <= settled_on <= clock.legal_day(now):
        raise InvalidInput((Problem(key="settled_on", reason=LeavingReason.PROMISE_DAYS_CROSSED),))
    row = ObligationSettlement(
        cooperative_id=cooperative_id, obligation_id=obligation_id, outcome=outcome, settled_on=settled_on,
        recorded_at=now, recorded_by_id=actor.account_id if actor else None,
    )  # fmt: skip
    if not add_once(session, row):
        raise Refused(LeavingReason.PROMISE_SETTLED_ALREADY)
    audit.record(
        session, actor, Action.OBLIGATION_SETTLED, cooperative_id=cooperative_id, subject=f"party:{found.party_id}",
        details={"outcome": outcome.value, "ends_on": settled_on.isoformat()}, now=now,
    )  # fmt: skip


def find_member(session: ScopedSession, *, cooperative_id: int, number: int) -> int | None:
    """The membership with this number; None where there is none."""
    return session.scalar(
        select(Membership.id).where(Membership.cooperative_id == cooperative_id, Membership.number == number)
    )


def _require(actor: Actor | None) -> None:
    if actor is not None and not actor.may(Permission.KEEP_MONEY):
        raise Forbidden


def read_obligations(
    session: ScopedSession, actor: Actor, *, cooperative_id: int, day: date
) -> tuple[ObligationView, ...]:
    """Every promise, open ones first, then the newest."""
    if not actor.may(Permission.SEE_REGISTER):
        raise Forbidden
    rows = session.execute(
        select(Obligation, ObligationSettlement, PartyRecord.name, Membership.id, AuditNote.text)
        .join(
            PartyRecord,
            and_(
                PartyRecord.cooperative_id == Obligation.cooperative_id,
                PartyRecord.party_id == Obligation.party_id,
                *holding_on(day, None),
            ),
        )
        .outerjoin(
            ObligationSettlement,
            and_(
                ObligationSettlement.cooperative_id == Obligation.cooperative_id,
                ObligationSettlement.obligation_id == Obligation.id,
            ),
        )
        .outerjoin(
            Membership,
            and_(
                Membership.cooperative_id == Obligation.cooperative_id,
                Membership.party_id == Obligation.party_id,
            ),
        )
        .outerjoin(
            AuditNote,
            and_(
                AuditNote.cooperative_id == Obligation.cooperative_id,
                AuditNote.number == Obligation.audit_number,
            ),
        )
        .where(Obligation.cooperative_id == cooperative_id)
        .order_by(ObligationSettlement.settled_on.is_not(None), Obligation.agreed_on.desc(), Obligation.id)
    )
    return tuple(
        ObligationView(
            id=row.id, party_id=row.party_id, membership_id=membership_id, name=name, kind=row.kind,
            amount_cents=row.amount_cents, agreed_on=row.agreed_on, runs_until=row.runs_until, words=words or "",
            outcome=end.outcome if end else None, settled_on=end.settled_on if end else None,
        )
        for row, end, name, membership_id, words in rows
    )  # fmt: skip
