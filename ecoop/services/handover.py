"""The hand-over report for a new board: what it takes over, what waits, who may do what, what it has to arrange.

Everything is read as it stands on a day; the number of queries does not depend on how much there is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import Forbidden
from ecoop.governance.audit import Action
from ecoop.governance.heat_supply import ContractStep
from ecoop.governance.leaving import ExitState
from ecoop.governance.membership import EventKind, Status
from ecoop.governance.papers import PaperKind
from ecoop.governance.roles import BOARD_ROLES, Actor, Permission
from ecoop.models import (
    AuditHead,
    BusinessCase,
    Dwelling,
    Exit,
    Letter,
    MembershipEventRow,
    MembershipSpan,
    Paper,
    PaperVersion,
)
from ecoop.models.letters import LetterState
from ecoop.services import (
    audit,
    legal_holds,
    mandates,
    obligations,
    offices,
    register,
    register_export,
    retention,
    roles,
    turns,
)
from ecoop.services.balances import MoneyOverview, read_overview
from ecoop.services.legal_holds import HoldView
from ecoop.services.obligations import ObligationView
from ecoop.services.offices import DecisionView, OfficeView
from ecoop.services.register_check import Finding, check_register
from ecoop.services.register_export import Departure
from ecoop.services.roles import RoleHolder
from ecoop.services.statutes import StatutesView, read_statutes
from ecoop.services.supply_states import contract_states
from ecoop.services.turns import TurnView

LOOKING_BACK = timedelta(days=365)
SHOWN_DECISIONS = 20
RETURNED = (LetterState.BOUNCED, LetterState.REFUSED, LetterState.GIVEN_UP)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLine:
    """A paper that counts: its newest version."""

    id: int
    title: str
    kind: PaperKind
    version: int
    uploaded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """Totals of what was agreed with members. The money is None for who may not see it."""

    mandates: int
    usable_mandates: int
    contracts: Mapping[ContractStep, int]
    open_exits: int
    money: MoneyOverview | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """What a new board takes over on a day."""

    day: date
    holders: tuple[RoleHolder, ...]
    changes_on_board: tuple[RoleHolder, ...]
    """Board roles that began or ended in the last year: the trade register and the UBO register must know."""
    counts: Mapping[Status, int]
    admitted: int
    ended: int
    """In the year before the day."""
    oldest_application: date | None
    waiting: tuple[TurnView, ...]
    papers: tuple[PaperLine, ...]
    case: tuple[str, datetime] | None
    letters_waiting: int
    letters_returned: int
    due_parties: int
    holds: tuple[HoldView, ...]
    departures: tuple[Departure, ...]
    trail: tuple[int, str] | None
    """Number and fingerprint of the last entry of the audit trail."""
    statutes: StatutesView | None
    offices: tuple[OfficeView, ...]
    decisions: tuple[DecisionView, ...]
    """The newest that were not annulled."""
    findings: tuple[Finding, ...]
    """What the check of the register says today."""
    promises: tuple[ObligationView, ...]
    """Open promises of members."""
    agreed: Agreed


def read_handover(session: ScopedSession, actor: Actor, *, cooperative_id: int, day: date) -> Handover:
    """Everything for the report, for the board."""
    if not actor.may(Permission.SEE_CONTACT):
        raise Forbidden
    since = day - LOOKING_BACK
    holders = roles.read_holders(session, cooperative_id=cooperative_id, day=since)
    board = [one for one in holders if one.role in BOARD_ROLES]
    trial = retention.try_out(session, actor, cooperative_id=cooperative_id, day=day)
    holds = legal_holds.read_holds(session, actor, cooperative_id=cooperative_id, day=day)
    head = session.scalar(select(AuditHead).where(AuditHead.cooperative_id == cooperative_id))
    letters = _letters(session, cooperative_id)
    return Handover(
        day=day,
        holders=tuple(one for one in holders if one.runs_on(day)),
        changes_on_board=tuple(
            one for one in board if one.starts_on > since or (one.ends_on is not None and one.ends_on <= day)
        ),
        counts=register.read_counts(session, cooperative_id=cooperative_id, day=day),
        admitted=_events(session, cooperative_id, (EventKind.ADMITTED, EventKind.READMITTED), since, day),
        ended=_events(session, cooperative_id, (EventKind.ENDED, EventKind.TRANSFERRED), since, day),
        oldest_application=_oldest_application(session, cooperative_id, day),
        waiting=turns.read_turns(session, cooperative_id=cooperative_id),
        papers=_papers(session, cooperative_id),
        case=_case(session, cooperative_id),
        letters_waiting=letters.get(LetterState.WAITING, 0) + letters.get(LetterState.TO_PRINT, 0),
        letters_returned=sum(letters.get(state, 0) for state in RETURNED),
        due_parties=len({line.party_id for line in trial.lines}),
        holds=tuple(one for one in holds if one.runs_on(day)),
        departures=_departures(session, cooperative_id, since),
        trail=(head.number, head.digest) if head else None,
        statutes=read_statutes(session, cooperative_id=cooperative_id, day=day),
        offices=tuple(
            one for one in offices.read_offices(session, cooperative_id=cooperative_id, day=day)
            if one.held.runs_on(day)
        ),
        decisions=tuple(
            one for one in offices.read_decisions(session, cooperative_id=cooperative_id) if one.annulled_by is None
        )[:SHOWN_DECISIONS],
        findings=check_register(session, actor, cooperative_id=cooperative_id, day=day, thorough=False),
        promises=tuple(
            one for one in obligations.read_obligations(session, actor, cooperative_id=cooperative_id, day=day)
            if one.outcome is None
        ),
        agreed=_agreed(session, actor, cooperative_id, day),
    )  # fmt: skip


def _agreed(session: ScopedSession, actor: Actor, cooperative_id: int, day: date) -> Agreed:
    found = mandates.read_mandates(session, actor, cooperative_id=cooperative_id, day=day)
    states = contract_states(day, (Dwelling.cooperative_id == cooperative_id,))
    contracts = session.execute(
        select(states.c.step, func.count())
        .where(states.c.cooperative_id == cooperative_id, states.c.place == 1)
        .group_by(states.c.step)
    )
    exits = select(func.count()).where(Exit.cooperative_id == cooperative_id, Exit.state == ExitState.OPEN)
    sees_money = actor.may(Permission.SEE_MONEY)
    return Agreed(
        mandates=len(found),
        usable_mandates=sum(one.standing.may_collect for one in found),
        contracts={step: count for step, count in contracts},  # noqa: C416  rows are no pairs to the type checker
        open_exits=session.scalar(exits) or 0,
        money=read_overview(session, actor, cooperative_id=cooperative_id, day=day) if sees_money else None,
    )


def _events(session: ScopedSession, cooperative_id: int, kinds: tuple[EventKind, ...], since: date, until: date) -> int:
    """How often this happened on the days after `since`, `until` included; what was corrected away left out."""
    gone = select(MembershipEventRow.corrects_id).where(
        MembershipEventRow.cooperative_id == cooperative_id, MembershipEventRow.corrects_id.is_not(None)
    )
    query = select(func.count()).where(
        MembershipEventRow.cooperative_id == cooperative_id,
        MembershipEventRow.kind.in_(kinds),
        MembershipEventRow.valid_from > since,
        MembershipEventRow.valid_from <= until,
        MembershipEventRow.id.not_in(gone),
    )
    return session.scalar(query) or 0


def _oldest_application(session: ScopedSession, cooperative_id: int, day: date) -> date | None:
    return session.scalar(
        select(func.min(MembershipSpan.starts_on)).where(
            MembershipSpan.cooperative_id == cooperative_id,
            MembershipSpan.status == Status.APPLICANT,
            MembershipSpan.known_until.is_(None),
            MembershipSpan.starts_on <= day,
            MembershipSpan.ends_on > day,
        )
    )


def _papers(session: ScopedSession, cooperative_id: int) -> tuple[PaperLine, ...]:
    rows = session.execute(
        select(Paper, PaperVersion)
        .join(
            PaperVersion,
            (PaperVersion.cooperative_id == Paper.cooperative_id) & (PaperVersion.paper_id == Paper.id),
        )
        .where(Paper.cooperative_id == cooperative_id, Paper.withdrawn_at.is_(None))
        .order_by(Paper.kind, Paper.title, Paper.id, PaperVersion.number)
    )
    newest = {
        paper.id: PaperLine(id=paper.id, title=paper.title, kind=paper.kind, version=version.number,
                            uploaded_at=version.uploaded_at)
        for paper, version in rows
    }  # fmt: skip
    return tuple(newest.values())


def _case(session: ScopedSession, cooperative_id: int) -> tuple[str, datetime] | None:
    row = session.execute(
        select(BusinessCase.name, BusinessCase.recorded_at)
        .where(BusinessCase.cooperative_id == cooperative_id, BusinessCase.replaced_at.is_(None))
        .order_by(BusinessCase.id.desc())
        .limit(1)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def _letters(session: ScopedSession, cooperative_id: int) -> dict[LetterState, int]:
    rows = session.execute(
        select(Letter.state, func.count()).where(Letter.cooperative_id == cooperative_id).group_by(Letter.state)
    )
    return {state: count for state, count in rows}  # noqa: C416  rows are no pairs to the type checker


def _departures(session: ScopedSession, cooperative_id: int, since: date) -> tuple[Departure, ...]:
    first = datetime.combine(since, time(), clock.AMSTERDAM)
    found = register_export.read_departures(session, cooperative_id=cooperative_id)
    return tuple(one for one in found if one.at >= first)


def record_handover(session: ScopedSession, actor: Actor, *, cooperative_id: int, now: datetime) -> None:
    """Note in the trail that the report was taken along."""
    if not actor.may(Permission.KEEP_PRIVACY):
        raise Forbidden
    audit.record(session, actor, Action.HANDOVER_MADE, cooperative_id=cooperative_id, now=now)
