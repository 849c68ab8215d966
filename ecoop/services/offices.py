"""Decisions with their numbers, and offices: appointing, ending early, and what the board should look at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, InvalidInput, NotFound, Problem
from ecoop.governance.audit import Action
from ecoop.governance.membership import IS_MEMBER
from ecoop.governance.offices import Around, Body, Held, Office, OfficeReason, OfficeWarning, office_warnings
from ecoop.governance.roles import Actor, Permission, Role
from ecoop.governance.statutes import PartyKind, Statutes
from ecoop.models import Account, Decision, Membership, MembershipSpan, OfficeTerm, Paper, Party, RoleGrant
from ecoop.models.parties import FOREVER
from ecoop.services import audit
from ecoop.services.names import read_names
from ecoop.services.number_series import next_number

SERIES = "decision"
LONGEST_SUBJECT, LONGEST_TEXT = 200, 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDecision:
    """A decision to be recorded; `annuls_id` is the key of the one that it takes back."""

    body: Body
    decided_on: date
    subject: str
    text: str | None = None
    annuls_id: int | None = None
    paper_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    """A recorded decision; `annulled_by` is the number of the decision that took it back."""

    id: int
    number: int
    body: Body
    decided_on: date
    subject: str
    text: str | None
    paper_id: int | None
    annuls: int | None
    annulled_by: int | None
    recorded_at: datetime
    recorded_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeView:
    """A time in office: who, from which decision; `ended_by` is the number of the decision that ended it early."""

    id: int
    party_id: int
    name: str
    office: Office
    starts_on: date
    ends_on: date | None
    decision: int
    decision_annulled: bool
    ended_by: int | None

    @property
    def held(self) -> Held:
        """As the rules ask it."""
        return Held(party_id=self.party_id, office=self.office, starts_on=self.starts_on, ends_on=self.ends_on)


def record_decision(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, new: NewDecision, now: datetime
) -> int:
    """Record a decision under the next number; its key. Raises InvalidInput naming everything that is wrong."""
    _require_keeper(actor)
    problems = [*_doubt_words(new, clock.legal_day(now)), *_doubt_annulling(session, cooperative_id, new)]
    if new.paper_id is not None and not _has_paper(session, cooperative_id, new.paper_id):
        problems.append(Problem(key="paper_id", reason=OfficeReason.PAPER_UNKNOWN))
    if problems:
        raise InvalidInput(tuple(problems))
    row = Decision(
        cooperative_id=cooperative_id, number=next_number(session, cooperative_id, SERIES), body=new.body,
        decided_on=new.decided_on, subject=new.subject.strip(), text=(new.text or "").strip() or None,
        annuls_id=new.annuls_id, paper_id=new.paper_id, recorded_at=now,
        recorded_by_id=actor.account_id if actor else None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.record(
        session, actor, Action.DECISION_RECORDED, cooperative_id=cooperative_id, subject=f"decision:{row.id}",
        details={"decision": row.number, "kind": new.body.value, "starts_on": new.decided_on.isoformat()}, now=now,
    )  # fmt: skip
    return row.id


def _doubt_words(new: NewDecision, today: date) -> Iterator[Problem]:
    subject = new.subject.strip()
    if not subject:
        yield Problem(key="subject", reason=OfficeReason.SUBJECT_MISSING)
    elif len(subject) > LONGEST_SUBJECT or not subject.isprintable():
        yield Problem(key="subject", reason=OfficeReason.WORDS_UNUSABLE, details={"maximum": LONGEST_SUBJECT})
    if len(new.text or "") > LONGEST_TEXT:
        yield Problem(key="text", reason=OfficeReason.WORDS_UNUSABLE, details={"maximum": LONGEST_TEXT})
    if not date(1850, 1, 1) <= new.decided_on <= today:
        yield Problem(key="decided_on", reason=OfficeReason.DECIDED_IN_FUTURE)


def _doubt_annulling(session: ScopedSession, cooperative_id: int, new: NewDecision) -> Iterator[Problem]:
    if new.annuls_id is None:
        return
    target = _decision(session, cooperative_id, new.annuls_id)
    if target is None:
        yield Problem(key="annuls_id", reason=OfficeReason.ANNULS_UNKNOWN)
    elif _is_annulled(session, target):
        yield Problem(key="annuls_id", reason=OfficeReason.ANNULLED_ALREADY)
    elif target.decided_on > new.decided_on:
        yield Problem(key="decided_on", reason=OfficeReason.ANNULS_LATER)


def appoint(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    party_id: int,
    office: Office,
    starts_on: date,
    ends_on: date | None,
    decision_id: int,
    now: datetime,
) -> int:
    """Record that a person was appointed to an office by a decision; the key of the term.

    Raises InvalidInput naming everything that is wrong, NotFound for a party that is not here.
    """
    _require_keeper(actor)
    party = session.scalar(
        select(Party).where(Party.cooperative_id == cooperative_id, Party.id == party_id).with_for_update()
    )
    if party is None:
        raise NotFound
    held = Held(party_id=party_id, office=office, starts_on=starts_on, ends_on=ends_on)
    problems = [
        *_doubt_decision(session, cooperative_id, decision_id, starts_on),
        *_doubt_term(session, cooperative_id, party, held),
    ]
    if problems:
        raise InvalidInput(tuple(problems))
    row = _term(cooperative_id, held, decision_id, None, actor, now)
    session.add(row)
    session.flush()
    _record(session, actor, Action.OFFICE_GIVEN, row, now)
    return row.id


def _doubt_term(session: ScopedSession, cooperative_id: int, party: Party, new: Held) -> Iterator[Problem]:
    if new.ends_on is not None and new.ends_on <= new.starts_on:
        yield Problem(key="ends_on", reason=OfficeReason.PERIOD_EMPTY)
    if party.kind is not PartyKind.PERSON:
        yield Problem(key="party_id", reason=OfficeReason.NO_PERSON)
    query = select(OfficeTerm.id).where(
        OfficeTerm.cooperative_id == cooperative_id, OfficeTerm.party_id == new.party_id,
        OfficeTerm.office == new.office, OfficeTerm.known_until.is_(None),
        OfficeTerm.starts_on < (new.ends_on or FOREVER), OfficeTerm.ends_on > new.starts_on,
    )  # fmt: skip
    if session.scalars(query).first() is not None:
        yield Problem(key="party_id", reason=OfficeReason.ALREADY)


def _doubt_decision(session: ScopedSession, cooperative_id: int, decision_id: int, day: date) -> Iterator[Problem]:
    decision = _decision(session, cooperative_id, decision_id)
    if decision is None:
        yield Problem(key="decision_id", reason=OfficeReason.DECISION_UNKNOWN)
    elif _is_annulled(session, decision):
        yield Problem(key="decision_id", reason=OfficeReason.DECISION_ANNULLED)
    elif decision.decided_on > day:
        yield Problem(key="decision_id", reason=OfficeReason.DECISION_LATER)


def end_office(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    term_id: int,
    ends_on: date,
    decision_id: int,
    now: datetime,
) -> None:
    """Record that a term ended earlier than it was given for; the first day without it is `ends_on`."""
    _require_keeper(actor)
    row = session.scalar(
        select(OfficeTerm)
        .where(OfficeTerm.cooperative_id == cooperative_id, OfficeTerm.id == term_id)
        .with_for_update()
    )
    if row is None:
        raise NotFound
    problems = [*_doubt_decision(session, cooperative_id, decision_id, ends_on)]
    if row.known_until is not None:
        problems.append(Problem(key="", reason=OfficeReason.OVER_ALREADY))
    elif ends_on <= row.starts_on:
        problems.append(Problem(key="ends_on", reason=OfficeReason.PERIOD_EMPTY))
    elif ends_on >= row.ends_on:
        problems.append(Problem(key="ends_on", reason=OfficeReason.ENDS_LATER))
    if problems:
        raise InvalidInput(tuple(problems))
    held = Held(party_id=row.party_id, office=row.office, starts_on=row.starts_on, ends_on=ends_on)
    row.known_until = now
    ended = _term(cooperative_id, held, row.decision_id, decision_id, actor, now)
    session.add(ended)
    session.flush()
    _record(session, actor, Action.OFFICE_ENDED, ended, now)


def read_decisions(session: ScopedSession, *, cooperative_id: int) -> tuple[DecisionView, ...]:
    """Every decision, the newest number first."""
    annulled, annulling = aliased(Decision), aliased(Decision)
    rows = session.execute(
        select(Decision, annulled.number, annulling.number, Account.name)
        .outerjoin(
            annulled, and_(annulled.cooperative_id == Decision.cooperative_id, annulled.id == Decision.annuls_id)
        )
        .outerjoin(
            annulling, and_(annulling.cooperative_id == Decision.cooperative_id, annulling.annuls_id == Decision.id)
        )
        .outerjoin(Account, Account.id == Decision.recorded_by_id)
        .where(Decision.cooperative_id == cooperative_id)
        .order_by(Decision.number.desc())
    )
    return tuple(
        DecisionView(
            id=row.id, number=row.number, body=row.body, decided_on=row.decided_on, subject=row.subject,
            text=row.text, paper_id=row.paper_id, annuls=annuls, annulled_by=annulled_by,
            recorded_at=row.recorded_at, recorded_by=name,
        )
        for row, annuls, annulled_by, name in rows
    )  # fmt: skip


def read_offices(
    session: ScopedSession, *, cooperative_id: int, day: date, known_at: datetime | None = None
) -> tuple[OfficeView, ...]:
    """Every term there is, was or will be, as known at `known_at` (None: now); names are those of `day`."""
    given, ending, annulling = aliased(Decision), aliased(Decision), aliased(Decision)
    rows = session.execute(
        select(OfficeTerm, given.number, ending.number, annulling.id)
        .join(given, and_(given.cooperative_id == OfficeTerm.cooperative_id, given.id == OfficeTerm.decision_id))
        .outerjoin(
            ending, and_(ending.cooperative_id == OfficeTerm.cooperative_id, ending.id == OfficeTerm.ended_by_id)
        )
        .outerjoin(annulling, and_(annulling.cooperative_id == given.cooperative_id, annulling.annuls_id == given.id))
        .where(OfficeTerm.cooperative_id == cooperative_id, _known(known_at))
        .order_by(OfficeTerm.starts_on, OfficeTerm.id)
    ).all()
    ids = {row.party_id for row, *_numbers in rows}
    names = read_names(session, cooperative_id=cooperative_id, party_ids=ids, day=day, known_at=known_at)
    return tuple(
        OfficeView(
            id=row.id, party_id=row.party_id, name=names.get(row.party_id, ""), office=row.office,
            starts_on=row.starts_on, ends_on=None if row.ends_on == FOREVER else row.ends_on, decision=decision,
            decision_annulled=annulled is not None, ended_by=ended_by,
        )
        for row, decision, ended_by, annulled in rows
    )  # fmt: skip


def read_warnings(
    session: ScopedSession,
    *,
    cooperative_id: int,
    offices: tuple[OfficeView, ...],
    statutes: Statutes | None,
    day: date,
) -> tuple[OfficeWarning, ...]:
    """What the board should look at on `day` about `offices`, under these statutes."""
    members: set[int] = set()
    accounts: dict[int, int] = {}
    party_ids = {one.party_id for one in offices}
    for party_id, account_id, is_member in _holders(session, cooperative_id, party_ids, day):
        if account_id is not None:
            accounts[party_id] = account_id
        if is_member:
            members.add(party_id)
    around = Around(members=frozenset(members), accounts=accounts, roles=_roles(session, cooperative_id, day))
    return office_warnings([one.held for one in offices], statutes, around, day=day)


def _holders(
    session: ScopedSession, cooperative_id: int, party_ids: set[int], day: date
) -> list[tuple[int, int | None, bool]]:
    """The login of each party, and whether it is a member on `day`."""
    is_member = (
        select(Membership.id)
        .join(
            MembershipSpan,
            and_(
                MembershipSpan.cooperative_id == Membership.cooperative_id,
                MembershipSpan.membership_id == Membership.id,
            ),
        )
        .where(
            Membership.cooperative_id == Party.cooperative_id, Membership.party_id == Party.id,
            MembershipSpan.status.in_(sorted(IS_MEMBER)), MembershipSpan.known_until.is_(None),
            MembershipSpan.starts_on <= day, MembershipSpan.ends_on > day,
        )
        .exists()
    )  # fmt: skip
    rows = session.execute(
        select(Party.id, Party.account_id, is_member).where(
            Party.cooperative_id == cooperative_id, Party.id.in_(sorted(party_ids))
        )
    )
    return [(party_id, account_id, bool(member)) for party_id, account_id, member in rows]


def _roles(session: ScopedSession, cooperative_id: int, day: date) -> Mapping[Role, frozenset[int]]:
    rows = session.execute(
        select(RoleGrant.role, RoleGrant.account_id).where(
            RoleGrant.cooperative_id == cooperative_id, RoleGrant.starts_on <= day,
            or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on > day),
        )
    ).all()  # fmt: skip
    return {role: frozenset(one for held, one in rows if held is role) for role in {held for held, _one in rows}}


def read_account_names(session: ScopedSession, ids: set[int]) -> dict[int, str]:
    """The names of logins."""
    rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(sorted(ids))))
    return {account_id: name for account_id, name in rows}  # noqa: C416  rows are no pairs to the type checker


def _known(known_at: datetime | None) -> ColumnElement[bool]:
    if known_at is None:
        return OfficeTerm.known_until.is_(None)
    return and_(
        OfficeTerm.known_from <= known_at, or_(OfficeTerm.known_until.is_(None), OfficeTerm.known_until > known_at)
    )


def _require_keeper(actor: Actor | None) -> None:
    if actor is not None and not actor.may(Permission.KEEP_REGISTER):
        raise Forbidden


def _has_paper(session: ScopedSession, cooperative_id: int, paper_id: int) -> bool:
    query = select(Paper.id).where(Paper.cooperative_id == cooperative_id, Paper.id == paper_id)
    return session.scalar(query) is not None


def _decision(session: ScopedSession, cooperative_id: int, decision_id: int) -> Decision | None:
    return session.scalar(select(Decision).where(Decision.cooperative_id == cooperative_id, Decision.id == decision_id))


def _is_annulled(session: ScopedSession, decision: Decision) -> bool:
    query = select(Decision.id).where(
        Decision.cooperative_id == decision.cooperative_id, Decision.annuls_id == decision.id
    )
    return session.scalar(query) is not None


def _term(
    cooperative_id: int, held: Held, decision_id: int, ended_by_id: int | None, actor: Actor | None, now: datetime
) -> OfficeTerm:
    return OfficeTerm(
        cooperative_id=cooperative_id, party_id=held.party_id, office=held.office, starts_on=held.starts_on,
        ends_on=held.ends_on or FOREVER, decision_id=decision_id, ended_by_id=ended_by_id, known_from=now,
        recorded_by_id=actor.account_id if actor else None,
    )  # fmt: skip


def _record(session: ScopedSession, actor: Actor | None, action: Action, row: OfficeTerm, now: datetime) -> None:
    details = {"office": row.office.value, "starts_on": row.starts_on.isoformat(), "ends_on": row.ends_on.isoformat()}
    audit.record(
        session, actor, action, cooperative_id=row.cooperative_id, subject=f"office:{row.id}",
        details={**details}, now=now,
    )  # fmt: skip
