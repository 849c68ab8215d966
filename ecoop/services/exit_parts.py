"""What goes along when somebody leaves: the dwelling and the heat contract. Noted, so that it can be put back."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import Refused
from ecoop.governance.heat_supply import BINDING, ContractStep, counting, state_on
from ecoop.governance.leaving import ContractGoes, ExitPartKind, LeavingReason
from ecoop.governance.roles import Actor
from ecoop.governance.tenures import TenureKind
from ecoop.models import Exit, ExitPart, HeatContractEvent, Membership, Tenure
from ecoop.models.parties import FOREVER
from ecoop.services import exit_money, heat_contracts, tenures
from ecoop.services.heat_contracts import ContractView, NewContract
from ecoop.services.tenures import NewTenure

_GOES_ALONG = frozenset({TenureKind.OWNER, TenureKind.TENANT})


def move_dwelling(session: ScopedSession, actor: Actor | None, row: Exit, *, now: datetime) -> None:
    """End what the leaver owns or rents of the dwelling, and let it begin for who takes over, the same day."""
    if row.dwelling_id is None or row.successor_membership_id is None or row.ends_on is None:
        return
    party_id, successor_id = (
        _party_of(session, row.cooperative_id, one) for one in (row.membership_id, row.successor_membership_id)
    )
    shared: dict[str, Any] = {"cooperative_id": row.cooperative_id, "now": now}
    held = tenures.tenures_of(session, cooperative_id=row.cooperative_id, party_id=party_id, day=row.ends_on)
    for one in held:
        if one.dwelling_id != row.dwelling_id or one.kind not in _GOES_ALONG:
            continue
        ended = tenures.end_tenure(session, actor, tenure_id=one.id, valid_until=row.ends_on, **shared)
        new = NewTenure(
            dwelling_id=one.dwelling_id, party_id=successor_id, kind=one.kind, valid_from=row.ends_on,
            valid_until=one.valid_until,
        )  # fmt: skip
        begun = tenures.record_tenure(session, actor, new=new, **shared)
        _note(session, row, ExitPartKind.TENURE, one.id, ended)
        _note(session, row, ExitPartKind.TENURE, None, begun)


def deal_with_contract(session: ScopedSession, actor: Actor | None, row: Exit, *, now: datetime) -> None:
    """End the heat contracts of the leaver, or hand them over: who takes over is offered the same and signs or not."""
    if row.ends_on is None or row.contract_goes not in {ContractGoes.ENDS, ContractGoes.TO_SUCCESSOR}:
        return
    party_id = _party_of(session, row.cooperative_id, row.membership_id)
    found = heat_contracts.contracts_of(session, cooperative_id=row.cooperative_id, party_id=party_id, day=row.ends_on)
    for one in found:
        elsewhere = row.dwelling_id is not None and one.dwelling_id != row.dwelling_id
        if one.state in BINDING and not elsewhere:
            _end_contract(session, actor, row, one, now)


def _end_contract(session: ScopedSession, actor: Actor | None, row: Exit, one: ContractView, now: datetime) -> None:
    hands_over = row.contract_goes is ContractGoes.TO_SUCCESSOR and row.successor_membership_id is not None
    shared: dict[str, Any] = {"cooperative_id": row.cooperative_id, "valid_from": row.ends_on, "now": now}
    step = ContractStep.HANDED_OVER if hands_over else ContractStep.ENDED
    event = heat_contracts.add_contract_event(session, actor, contract_id=one.id, step=step, **shared)
    offered = None
    if hands_over and row.successor_membership_id is not None:
        new = NewContract(
            dwelling_id=one.dwelling_id,
            holder_id=_party_of(session, row.cooperative_id, row.successor_membership_id),
            version=one.version,
            through_landlord=one.through_landlord,
            follows_id=one.id,
        )
        offered = heat_contracts.open_contract(session, actor, new=new, **shared)
    _note(session, row, ExitPartKind.CONTRACT, event, offered)


def put_parts_back(session: ScopedSession, actor: Actor | None, row: Exit, *, why: str | None, now: datetime) -> None:
    """Put back everything that moved, last first. Refused where something rests on it, such as a signed contract."""
    parts = session.scalars(
        select(ExitPart)
        .where(ExitPart.cooperative_id == row.cooperative_id, ExitPart.exit_id == row.id)
        .order_by(ExitPart.id.desc())
    ).all()
    for part in parts:
        match part.kind:
            case ExitPartKind.CAPITAL:
                exit_money.put_capital_back(session, row, part, why, now)
            case ExitPartKind.CONTRACT:
                _put_contract_back(session, actor, row, part, why, now)
            case ExitPartKind.TENURE:
                _put_tenure_back(session, actor, row, part, why, now)


def _put_contract_back(
    session: ScopedSession, actor: Actor | None, row: Exit, part: ExitPart, why: str | None, now: datetime
) -> None:
    shared: dict[str, Any] = {"cooperative_id": row.cooperative_id, "why": why, "now": now}
    day = clock.legal_day(now)
    if part.after_id is not None:
        events = heat_contracts.read_contract_events(
            session, cooperative_id=row.cooperative_id, contract_id=part.after_id
        )
        if state_on(events, FOREVER) in BINDING:
            raise Refused(LeavingReason.EXIT_LATER_EVENTS)
        for one in reversed(counting(events)):
            heat_contracts.add_contract_event(
                session, actor, contract_id=part.after_id, step=ContractStep.CORRECTED, valid_from=day,
                corrects_id=one.id, **shared,
            )  # fmt: skip
    if part.before_id is not None:
        contract_id = session.get_one(HeatContractEvent, (row.cooperative_id, part.before_id)).contract_id
        heat_contracts.add_contract_event(
            session, actor, contract_id=contract_id, step=ContractStep.CORRECTED, valid_from=day,
            corrects_id=part.before_id, **shared,
        )  # fmt: skip


def _put_tenure_back(
    session: ScopedSession, actor: Actor | None, row: Exit, part: ExitPart, why: str | None, now: datetime
) -> None:
    """What began is known no longer; what ended goes on as it was recorded before."""
    shared: dict[str, Any] = {"cooperative_id": row.cooperative_id, "why": why, "now": now}
    if part.after_id is not None:
        if session.get_one(Tenure, (row.cooperative_id, part.after_id)).known_until is not None:
            raise Refused(LeavingReason.EXIT_LATER_EVENTS)
        tenures.correct_tenure(session, actor, tenure_id=part.after_id, **shared)
    if part.before_id is not None:
        before = session.get_one(Tenure, (row.cooperative_id, part.before_id))
        again = NewTenure(
            dwelling_id=before.dwelling_id, party_id=before.party_id, kind=before.kind, valid_from=before.valid_from,
            valid_until=None if before.valid_until == FOREVER else before.valid_until, paper_id=before.paper_id,
        )  # fmt: skip
        tenures.record_tenure(session, actor, new=again, **shared)


def _note(session: ScopedSession, row: Exit, kind: ExitPartKind, before_id: int | None, after_id: int | None) -> None:
    part = ExitPart(
        cooperative_id=row.cooperative_id, exit_id=row.id, kind=kind, before_id=before_id, after_id=after_id
    )
    session.add(part)
    session.flush()


def _party_of(session: ScopedSession, cooperative_id: int, membership_id: int) -> int:
    return session.get_one(Membership, (cooperative_id, membership_id)).party_id
