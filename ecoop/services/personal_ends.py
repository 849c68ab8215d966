"""When what was kept about a party came to an end: what the rules of retention count from, place by place.

Another part of the platform that keeps something about a party adds its finder here. Each asks once for everybody.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from ecoop.db import ScopedSession
from ecoop.governance.consents import ConsentMove
from ecoop.governance.heat_supply import ContractStep
from ecoop.governance.holdings import PROMISES, LedgerAccount
from ecoop.governance.mandates import MandateEventKind
from ecoop.governance.membership import IS_MEMBER, Status
from ecoop.governance.retention import Beginning
from ecoop.models import (
    Application,
    AssociationCover,
    ConsentEvent,
    HeatContract,
    HeatContractEvent,
    LedgerEntryRow,
    Mandate,
    MandateEventRow,
    Membership,
    MembershipSpan,
    Obligation,
    ObligationSettlement,
    OfficeTerm,
    Representation,
    Tenure,
)
from ecoop.models.parties import FOREVER

Days = dict[int, date | None]
"""When something ended, by party; None while it goes on."""
Only = Sequence[int] | None
"""The parties that are asked about; None: everybody."""
Finder = Callable[[ScopedSession, int, Only], Days]


def of_these(column: Any, party_ids: Only) -> tuple[ColumnElement[bool], ...]:
    """The condition that a row is about these parties; none where everybody is asked about."""
    return () if party_ids is None else (column.in_(party_ids),)


MANDATE_OVER = frozenset({MandateEventKind.REVOKED, MandateEventKind.ENDED, MandateEventKind.LAPSED})
CONTRACT_OVER = frozenset({ContractStep.DECLINED, ContractStep.ENDED, ContractStep.HANDED_OVER})


def _later(found: Iterable[tuple[int, date | None]]) -> Days:
    """One day for each party: None where anything goes on, else the latest."""
    days: dict[int, list[date | None]] = defaultdict(list)
    for party_id, day in found:
        days[party_id].append(day)
    return {
        party_id: None if None in some else max(day for day in some if day is not None)
        for party_id, some in days.items()
    }


def _open_end(day: date) -> date | None:
    return None if day == FOREVER else day


def _spans_over(session: ScopedSession, cooperative_id: int, party_ids: Only, statuses: Iterable[Status]) -> Days:
    rows = session.execute(
        select(Membership.party_id, func.max(MembershipSpan.ends_on))
        .join(
            MembershipSpan,
            and_(
                MembershipSpan.cooperative_id == Membership.cooperative_id,
                MembershipSpan.membership_id == Membership.id,
            ),
        )
        .where(
            Membership.cooperative_id == cooperative_id,
            MembershipSpan.known_until.is_(None),
            MembershipSpan.status.in_(sorted(statuses)),
            *of_these(Membership.party_id, party_ids),
        )
        .group_by(Membership.party_id)
    )
    return {party_id: _open_end(last) for party_id, last in rows}


def _membership_ended(session: ScopedSession, cooperative_id: int, party_ids: Only) -> Days:
    """The first day without membership, of the last time as a member."""
    return _spans_over(session, cooperative_id, party_ids, IS_MEMBER)


def _application_closed(session: ScopedSession, cooperative_id: int, party_ids: Only) -> Days:
    """The day on which the last application was answered or withdrawn, in the register or as it was filled in."""
    rows = session.execute(
        select(Application.party_id, Application.closed_at).where(
            Application.cooperative_id == cooperative_id,
            Application.party_id.is_not(None),
            *of_these(Application.party_id, party_ids),
        )
    )
    filled_in = [(party_id or 0, closed.date() if closed else None) for party_id, closed in rows]
    return _later([*_spans_over(session, cooperative_id, party_ids, [Status.APPLICANT]).items(), *filled_in])


def _consent_ended(session: ScopedSession, cooperative_id: int, party_ids: Only) -> Days:
    """The day on which the last consent was taken back; None while one holds."""
    rows = session.execute(
        select(ConsentEvent.party_id, ConsentEvent.purpose, ConsentEvent.move, ConsentEvent.valid_from)
        .where(ConsentEvent.cooperative_id == cooperative_id, *of_these(ConsentEvent.party_id, party_ids))
        .order_by(ConsentEvent.valid_from, ConsentEvent.id)
    )
    last: dict[tuple[int, str], date | None] = {}
    for party_id, purpose, move, day in rows:
        last[party_id, purpose] = None if move is ConsentMove.GIVEN else day
    return _later((party_id, day) for (party_id, _purpose), day in last.items())


def _last_booked(session: ScopedSession, cooperative_id: int, party_ids: Only) -> Days:
    """The day of the last booking; None while there is capital, a loan, a debt or a promise."""
    promise = or_(LedgerEntryRow.kind.in_(sorted(PROMISES)), LedgerEntryRow.corrects_promise)
    booked = session.execute(
        select(
            Membership.party_id,
            LedgerEntryRow.account,
            promise,
            func.sum(LedgerEntryRow.cents),
            func.max(LedgerEntryRow.booked_on),
        )
        .join(
            LedgerEntryRow,
            and_(
                LedgerEntryRow.cooperative_id == Membership.cooperative_id,
                LedgerEntryRow.membership_id == Membership.id,
            ),
        )
        .where(Membership.cooperative_id == cooperative_id, *of_these(Membership.party_id, party_ids))
        .group_by(Membership.party_id, LedgerEntryRow.account, promise)
    ).all()
    sums: dict[tuple[int, LedgerAccount], int] = defaultdict(int)
    for party_id, account, promised, cents, _last in booked:
        if not promised:  # what was promised is no money yet
            sums[party_id, account] += cents
    going_on = [(party_id, None) for (party_id, _account), cents in sums.items() if cents]
    days = [(party_id, last) for party_id, *_rest, last in booked]
    return _later([*days, *going_on, *_promised(session, cooperative_id, party_ids)])


def _promised(session: ScopedSession, cooperative_id: int, party_ids: Only) -> list[tuple[int, date | None]]:
    """Promises of members: settled on a day, or open."""
    rows = session.execute(
        select(Obligation.party_id, ObligationSettlement.settled_on)
        .outerjoin(
            ObligationSettlement,
            and_(
                ObligationSettlement.cooperative_id == Obligation.cooperative_id,
                ObligationSettlement.obligation_id == Obligation.id,
            ),
        )
        .where(Obligation.cooperative_id == cooperative_id, *of_these(Obligation.party_id, party_ids))
    )
    return [(party_id, settled_on) for party_id, settled_on in rows]


def _mandate_ended(session: ScopedSession, cooperative_id: int, party_ids: Only) -> Days:
    """The day on which the last mandate ended; None while one can be used."""
    rows = session.execute(
        select(Mandate.party_id, Mandate.id, MandateEventRow.kind, MandateEventRow.valid_from)
        .outerjoin(
            MandateEventRow,
            and_(MandateEventRow.cooperative_id == Mandate.cooperative_id, MandateEventRow.mandate_id == Mandate.id),
        )
        .where(Mandate.cooperative_id == cooperative_id, *of_these(Mandate.party_id, party_ids))
        .order_by(MandateEventRow.valid_from, MandateEventRow.id)
    )
    last: dict[tuple[int, int], date | None] = {}
    for party_id, mandate_id, kind, day in rows:
        last[party_id, mandate_id] = day if kind in MANDATE_OVER else None
    return _later((party_id, day) for (party_id, _mandate_id), day in last.items())


def _contract_ended(session: ScopedSession, cooperative_id: int, party_ids: Only) -> Days:
    """The day on which the last heat contract ended or was declined; None while one runs or is offered."""
    corrected = select(HeatContractEvent.corrects_id).where(
        HeatContractEvent.cooperative_id == cooperative_id, HeatContractEvent.corrects_id.is_not(None)
    )
    rows = session.execute(
        select(HeatContract.holder_id, HeatContract.id, HeatContractEvent.step, HeatContractEvent.valid_from)
        .outerjoin(
            HeatContractEvent,
            and_(
                HeatContractEvent.cooperative_id == HeatContract.cooperative_id,
                HeatContractEvent.contract_id == HeatContract.id,
                HeatContractEvent.step != ContractStep.CORRECTED,
                HeatContractEvent.id.not_in(corrected),
            ),
        )
        .where(HeatContract.cooperative_id == cooperative_id, *of_these(HeatContract.holder_id, party_ids))
        .order_by(HeatContractEvent.valid_from, HeatContractEvent.recorded_at, HeatContractEvent.id)
    )
    last: dict[tuple[int, int], date | None] = {}
    for party_id, contract_id, step, day in rows:
        last[party_id, contract_id] = day if step in CONTRACT_OVER else None
    return _later((party_id, day) for (party_id, _contract_id), day in last.items())


def _over(
    session: ScopedSession, cooperative_id: int, party_ids: Only, party: Any, ends: Any
) -> list[tuple[int, date | None]]:
    """The last day of a dated row of each party, of the rows that are known now."""
    table = party.class_
    rows = session.execute(
        select(party, func.max(ends))
        .where(table.cooperative_id == cooperative_id, table.known_until.is_(None), *of_these(party, party_ids))
        .group_by(party)
    )
    return [(party_id, _open_end(last)) for party_id, last in rows]


def _dwelling_left(session: ScopedSession, cooperative_id: int, party_ids: Only) -> Days:
    """The first day without a dwelling that the party owned, rented, let or covered."""
    return _later(
        [
            *_over(session, cooperative_id, party_ids, Tenure.party_id, Tenure.valid_until),
            *_over(session, cooperative_id, party_ids, AssociationCover.party_id, AssociationCover.valid_until),
        ]
    )


def _office_left(session: ScopedSession, cooperative_id: int, party_ids: Only) -> Days:
    """The first day without an office."""
    return _later(_over(session, cooperative_id, party_ids, OfficeTerm.party_id, OfficeTerm.ends_on))


def _represented(session: ScopedSession, cooperative_id: int, party_ids: Only) -> Days:
    """The first day on which the party no longer acts for another."""
    return _later(
        _over(session, cooperative_id, party_ids, Representation.representative_id, Representation.valid_until)
    )


FINDERS: dict[Beginning, Finder] = {
    Beginning.MEMBERSHIP_ENDED: _membership_ended,
    Beginning.APPLICATION_CLOSED: _application_closed,
    Beginning.LAST_BOOKED: _last_booked,
    Beginning.MANDATE_ENDED: _mandate_ended,
    Beginning.CONTRACT_ENDED: _contract_ended,
    Beginning.CONSENT_ENDED: _consent_ended,
    Beginning.DWELLING_LEFT: _dwelling_left,
    Beginning.OFFICE_LEFT: _office_left,
    Beginning.REPRESENTED: _represented,
}
"""Who tells when what ended; a test refuses a beginning without one."""
