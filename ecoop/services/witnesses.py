"""Witnesses of what other parts of the register keep: offices, money, mandates, contracts, dwellings."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from sqlalchemy import ColumnElement, and_, select

from ecoop.db import ScopedSession
from ecoop.governance import mandates as mandate_rules
from ecoop.governance.direct_debits import DirectDebitState, LineResult
from ecoop.governance.heat_supply import BINDING, ContractStep, SupplyEvent, state_on
from ecoop.governance.holdings import LedgerAccount, LedgerEntry, holdings_on, open_charges_on
from ecoop.governance.leaving import Blocker, BlockerCode
from ecoop.governance.mandates import MandateEvent, MandateState
from ecoop.governance.membership import IS_MEMBER
from ecoop.governance.tenures import TenureKind
from ecoop.models import (
    DirectDebit,
    DirectDebitLine,
    Dwelling,
    HeatContract,
    HeatContractEvent,
    Mandate,
    MandateEventRow,
    Membership,
    MembershipSpan,
    OfficeTerm,
    PartyRecord,
    Representation,
    Tenure,
)
from ecoop.models.parties import FOREVER
from ecoop.services.dwellings import address_of
from ecoop.services.leavers import Leaver
from ecoop.services.ledger import read_entries

_LIVES_THERE = frozenset({TenureKind.OWNER, TenureKind.TENANT})
_UNDER_WAY = frozenset({DirectDebitState.DRAFTED, DirectDebitState.ANNOUNCED, DirectDebitState.FILE_MADE})


def offices_held(session: ScopedSession, leaver: Leaver) -> Iterator[Blocker]:
    """Offices that run on after the membership."""
    rows = session.scalars(
        select(OfficeTerm)
        .where(
            OfficeTerm.cooperative_id == leaver.cooperative_id,
            OfficeTerm.party_id == leaver.party_id,
            OfficeTerm.known_until.is_(None),
            OfficeTerm.ends_on > leaver.gone_on,
        )
        .order_by(OfficeTerm.id)
    )
    for row in rows:
        ends_on = None if row.ends_on == FOREVER else row.ends_on
        yield Blocker(code=BlockerCode.OFFICE, subject=f"office_term:{row.id}", name=row.office.value, on=ends_on)


def representations(session: ScopedSession, leaver: Leaver) -> Iterator[Blocker]:
    """Whom the leaver acts for, and who acts for the leaver: once for each, whatever the matters."""
    sides = (
        (BlockerCode.REPRESENTS, Representation.representative_id, Representation.represented_id),
        (BlockerCode.IS_REPRESENTED, Representation.represented_id, Representation.representative_id),
    )
    for code, mine, other in sides:
        rows = session.execute(
            select(other, PartyRecord.name)
            .join(
                PartyRecord,
                and_(
                    PartyRecord.cooperative_id == Representation.cooperative_id,
                    PartyRecord.party_id == other,
                    PartyRecord.known_until.is_(None),
                    PartyRecord.valid_from <= leaver.day,
                    PartyRecord.valid_until > leaver.day,
                ),
            )
            .where(
                Representation.cooperative_id == leaver.cooperative_id,
                mine == leaver.party_id,
                Representation.known_until.is_(None),
                Representation.valid_until > leaver.gone_on,
            )
            .distinct()
        )
        for party_id, name in rows:
            yield Blocker(code=code, subject=f"party:{party_id}", name=name)


def open_charges(session: ScopedSession, leaver: Leaver) -> Iterator[Blocker]:
    """Contributions that were charged and not paid."""
    for one in open_charges_on(_entries(session, leaver), leaver.day):
        yield Blocker(
            code=BlockerCode.OPEN_CHARGES, subject=f"ledger_entry:{one.entry_id}", amount_cents=one.cents,
            on=one.booked_on,
        )  # fmt: skip


def money_held(session: ScopedSession, leaver: Leaver) -> Iterator[Blocker]:
    """Capital and loans that the cooperative holds of the leaver, and what was promised for a tranche."""
    for place, cents in sorted(holdings_on(_entries(session, leaver), leaver.day).items()):
        if cents <= 0 or place.account is LedgerAccount.CONTRIBUTION:
            continue
        if place.promised:
            code = BlockerCode.TRANCHE_PLEDGE
        else:
            code = BlockerCode.LOAN if place.account is LedgerAccount.LOAN else BlockerCode.CAPITAL
        subject = f"{place.account.value}:{leaver.membership_id}:{place.tranche}"
        yield Blocker(code=code, subject=subject, name=place.tranche, amount_cents=cents)


def _entries(session: ScopedSession, leaver: Leaver) -> list[LedgerEntry]:
    return read_entries(session, cooperative_id=leaver.cooperative_id, membership_ids=leaver.membership_ids)


def collections(session: ScopedSession, leaver: Leaver) -> Iterator[Blocker]:
    """Direct debits that the bank has not answered yet."""
    rows = session.execute(
        select(DirectDebitLine.id, DirectDebitLine.cents)
        .join(
            DirectDebit,
            and_(
                DirectDebit.cooperative_id == DirectDebitLine.cooperative_id,
                DirectDebit.id == DirectDebitLine.direct_debit_id,
            ),
        )
        .where(
            DirectDebitLine.cooperative_id == leaver.cooperative_id,
            DirectDebitLine.membership_id.in_(leaver.membership_ids),
            DirectDebitLine.result == LineResult.OPEN,
            DirectDebit.state.in_(sorted(_UNDER_WAY)),
        )
    )
    for number, cents in rows:
        yield Blocker(code=BlockerCode.COLLECTION, subject=f"direct_debit_line:{number}", amount_cents=cents)


def mandates(session: ScopedSession, leaver: Leaver) -> Iterator[Blocker]:
    """Mandates with which money could still be collected after the membership."""
    found: defaultdict[tuple[int, str], list[MandateEvent]] = defaultdict(list)
    rows = session.execute(
        select(Mandate.id, Mandate.reference, MandateEventRow)
        .join(
            MandateEventRow,
            and_(
                MandateEventRow.cooperative_id == Mandate.cooperative_id,
                MandateEventRow.mandate_id == Mandate.id,
            ),
        )
        .where(Mandate.cooperative_id == leaver.cooperative_id, Mandate.party_id.in_(leaver.party_ids))
    )
    for number, reference, row in rows:
        event = MandateEvent(id=row.id, kind=row.kind, valid_from=row.valid_from, recorded_at=row.recorded_at)
        found[number, reference].append(event)
    for (number, reference), events in found.items():
        state = mandate_rules.standing_on(events, leaver.gone_on).state
        if state not in mandate_rules.OVER and state is not MandateState.NONE:
            yield Blocker(code=BlockerCode.MANDATE, subject=f"mandate:{number}", name=reference)


def heat_contracts(session: ScopedSession, leaver: Leaver) -> Iterator[Blocker]:
    """Heat contracts that bind the leaver, and the dwellings where nobody else has one."""
    mine = select(HeatContract.dwelling_id).where(
        HeatContract.cooperative_id == leaver.cooperative_id, HeatContract.holder_id.in_(leaver.party_ids)
    )
    rows = session.execute(
        select(HeatContract, Dwelling, HeatContractEvent)
        .join(
            Dwelling,
            and_(Dwelling.cooperative_id == HeatContract.cooperative_id, Dwelling.id == HeatContract.dwelling_id),
        )
        .join(
            HeatContractEvent,
            and_(
                HeatContractEvent.cooperative_id == HeatContract.cooperative_id,
                HeatContractEvent.contract_id == HeatContract.id,
            ),
        )
        .where(HeatContract.cooperative_id == leaver.cooperative_id, HeatContract.dwelling_id.in_(mine))
        .order_by(HeatContract.id)
    )
    stories: dict[int, tuple[HeatContract, Dwelling, list[SupplyEvent[ContractStep]]]] = {}
    for contract, dwelling, row in rows:
        event = SupplyEvent(
            id=row.id, step=row.step, valid_from=row.valid_from, recorded_at=row.recorded_at, corrects=row.corrects_id
        )
        stories.setdefault(contract.id, (contract, dwelling, []))[2].append(event)
    binding = [
        (contract, dwelling)
        for contract, dwelling, events in stories.values()
        if state_on(events, leaver.gone_on) in BINDING
    ]
    covered = {contract.dwelling_id for contract, _dwelling in binding if contract.holder_id not in leaver.party_ids}
    for contract, dwelling in binding:
        if contract.holder_id not in leaver.party_ids:
            continue
        yield Blocker(code=BlockerCode.HEAT_CONTRACT, subject=f"heat_contract:{contract.id}", name=address_of(dwelling))
        if contract.dwelling_id not in covered:
            yield Blocker(code=BlockerCode.ONLY_CONTRACT, subject=f"dwelling:{dwelling.id}", name=address_of(dwelling))


def last_of_dwellings(session: ScopedSession, leaver: Leaver) -> Iterator[Blocker]:
    """Dwellings that the leaver owns or rents, and where nobody else who does is a member."""
    mine = select(Tenure.dwelling_id).where(
        Tenure.cooperative_id == leaver.cooperative_id,
        Tenure.party_id == leaver.party_id,
        *held_on(leaver.gone_on),
    )
    rows = session.execute(
        select(Dwelling, Tenure.party_id, MembershipSpan.id)
        .join(
            Tenure,
            and_(
                Tenure.cooperative_id == Dwelling.cooperative_id,
                Tenure.dwelling_id == Dwelling.id,
                *held_on(leaver.gone_on),
            ),
        )
        .outerjoin(
            Membership,
            and_(Membership.cooperative_id == Tenure.cooperative_id, Membership.party_id == Tenure.party_id),
        )
        .outerjoin(
            MembershipSpan,
            and_(
                MembershipSpan.cooperative_id == Membership.cooperative_id,
                MembershipSpan.membership_id == Membership.id,
                MembershipSpan.known_until.is_(None),
                MembershipSpan.starts_on <= leaver.gone_on,
                MembershipSpan.ends_on > leaver.gone_on,
                MembershipSpan.status.in_(sorted(IS_MEMBER)),
            ),
        )
        .where(Dwelling.cooperative_id == leaver.cooperative_id, Dwelling.id.in_(mine))
        .order_by(Dwelling.id)
    )
    dwellings: dict[int, Dwelling] = {}
    others: set[int] = set()
    for dwelling, party_id, span in rows:
        dwellings[dwelling.id] = dwelling
        if party_id != leaver.party_id and span is not None:
            others.add(dwelling.id)
    for number, dwelling in dwellings.items():
        if number not in others:
            yield Blocker(code=BlockerCode.LAST_OF_DWELLING, subject=f"dwelling:{number}", name=address_of(dwelling))


def held_on(day: date) -> tuple[ColumnElement[bool], ...]:
    """Tenures by which somebody lives or works there on `day`."""
    return (
        Tenure.kind.in_(sorted(_LIVES_THERE)), Tenure.known_until.is_(None), Tenure.valid_from <= day,
        Tenure.valid_until > day,
    )  # fmt: skip
