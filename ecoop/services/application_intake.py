"""Applicants who stand in the register and not in the inbox, such as an import brings along."""

from datetime import date, datetime, time

from sqlalchemy import and_, select

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import Forbidden
from ecoop.governance.audit import Action
from ecoop.governance.membership import EventKind, Status
from ecoop.governance.roles import Actor, Permission
from ecoop.models import Application, Membership, MembershipEventRow, MembershipSpan
from ecoop.services import audit, parties
from ecoop.services.parties import FIELDS


def outside_ids(session: ScopedSession, *, cooperative_id: int, day: date) -> tuple[int, ...]:
    """The memberships of who is an applicant in the register, and whose application is not in the inbox."""
    inside = select(Application.membership_id).where(
        Application.cooperative_id == cooperative_id,
        Application.outcome.is_(None),
        Application.membership_id.is_not(None),
    )
    query = select(MembershipSpan.membership_id).where(
        MembershipSpan.cooperative_id == cooperative_id,
        MembershipSpan.status == Status.APPLICANT,
        MembershipSpan.starts_on <= day,
        MembershipSpan.ends_on > day,
        MembershipSpan.known_until.is_(None),
        MembershipSpan.membership_id.not_in(inside),
    )
    return tuple(session.scalars(query.order_by(MembershipSpan.starts_on, MembershipSpan.membership_id)))


def take_in(session: ScopedSession, actor: Actor, *, cooperative_id: int, now: datetime) -> int:
    """Put in the inbox who is an applicant in the register without one, such as those of an import; how many."""
    if not actor.may(Permission.KEEP_REGISTER):
        raise Forbidden
    day = clock.legal_day(now)
    found = outside_ids(session, cooperative_id=cooperative_id, day=day)
    rows = session.execute(
        select(Membership, MembershipEventRow)
        .join(
            MembershipEventRow,
            and_(
                MembershipEventRow.cooperative_id == Membership.cooperative_id,
                MembershipEventRow.membership_id == Membership.id,
            ),
        )
        .where(
            Membership.cooperative_id == cooperative_id,
            Membership.id.in_(found),
            MembershipEventRow.kind == EventKind.APPLIED,
        )
        .order_by(MembershipEventRow.valid_from)
    )
    newest = {membership.id: (membership, event) for membership, event in rows}
    for membership, event in newest.values():
        known = parties.read_party(session, cooperative_id=cooperative_id, party_id=membership.party_id, day=day)
        asked_at = datetime.combine(event.valid_from, time(12), clock.AMSTERDAM)
        row = Application(
            cooperative_id=cooperative_id, kind=known.kind, class_code=event.class_code, asked_at=asked_at,
            confirmed_at=asked_at, party_id=membership.party_id, membership_id=membership.id,
            **{name: getattr(known.facts, name) for name in FIELDS},
        )  # fmt: skip
        session.add(row)
    session.flush()
    if newest:
        audit.record(
            session, actor, Action.APPLICATIONS_TAKEN_IN, cooperative_id=cooperative_id,
            details={"count": len(newest)}, now=now,
        )  # fmt: skip
    return len(newest)
