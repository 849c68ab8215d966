"""Moving: who has a dwelling leaves, who comes next takes it over, and the contract is dealt with, as one act."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from ecoop.db import ScopedSession
from ecoop.errors import InvalidInput, Problem, Refused
from ecoop.governance.heat_supply import BINDING, ContractStep
from ecoop.governance.roles import Actor
from ecoop.governance.statutes import PartyKind
from ecoop.governance.tenures import TenureKind, TenureReason
from ecoop.models import Membership, Party
from ecoop.services import heat_contracts, parties, tenures
from ecoop.services.dwellings import DwellingReason, held_dwellings, require_keeper
from ecoop.services.heat_contracts import ContractView, NewContract
from ecoop.services.parties import PartyFacts
from ecoop.services.tenures import NewTenure, TenureView


class ContractFate(StrEnum):
    """What becomes of the contract of who leaves."""

    HAND_OVER = "hand_over"
    """It is handed over: who comes is offered the same contract, and signs it or not."""
    END = "end"
    LEAVE = "leave"


class MoveReason(StrEnum):
    """Why a move cannot be recorded."""

    NOBODY_LEAVES = "move_nobody_leaves"
    NOBODY_TAKES_OVER = "move_nobody_takes_over"
    COMES_AND_LEAVES = "move_comes_and_leaves"
    TWO_COME = "move_two_come"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Who rents (or owns) the dwelling leaves on `day`, and somebody else has it from that day on.

    Who comes is a party of the register, or a person who is recorded with this; neither: nobody comes.
    """

    dwelling_id: int
    kind: TenureKind
    day: date
    incoming_id: int | None = None
    newcomer: PartyFacts | None = None
    fate: ContractFate = ContractFate.LEAVE
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What a move changed: who left, who came, and the contracts that were ended or handed over."""

    left_ids: tuple[int, ...]
    came_id: int | None
    tenure_id: int | None
    contract_ids: tuple[int, ...]


def move(session: ScopedSession, actor: Actor | None, *, cooperative_id: int, moving: Move, now: datetime) -> Moved:
    """Record a move as one act: all of it or nothing.

    Raises InvalidInput naming every problem, Refused where nobody leaves and nobody comes.
    """
    require_keeper(actor)
    held_dwellings(session, cooperative_id, {moving.dwelling_id})
    leaving = tenures.tenures_of_dwelling(
        session, cooperative_id=cooperative_id, dwelling_id=moving.dwelling_id, day=moving.day, kind=moving.kind
    )
    _doubt(moving, leaving)
    shared: dict[str, Any] = {"cooperative_id": cooperative_id, "now": now}
    for one in leaving:
        tenures.end_tenure(session, actor, tenure_id=one.id, valid_until=moving.day, why=moving.why, **shared)
    moving = _with_newcomer(session, actor, moving, shared)
    tenure_id = None
    if moving.incoming_id is not None:
        new = NewTenure(
            dwelling_id=moving.dwelling_id, party_id=moving.incoming_id, kind=moving.kind, valid_from=moving.day
        )
        tenure_id = tenures.record_tenure(session, actor, new=new, why=moving.why, **shared)
    left = tuple(one.party_id for one in leaving)
    contract_ids = _deal(session, actor, cooperative_id, moving, left, now)
    return Moved(left_ids=left, came_id=moving.incoming_id, tenure_id=tenure_id, contract_ids=contract_ids)


def rehearse(session: ScopedSession, actor: Actor | None, *, cooperative_id: int, moving: Move, now: datetime) -> Moved:
    """What a move would change, without changing anything. Raises what `move` would raise."""
    savepoint = session.begin_nested()
    try:
        return move(session, actor, cooperative_id=cooperative_id, moving=moving, now=now)
    finally:
        savepoint.rollback()


def party_of_number(session: ScopedSession, *, cooperative_id: int, number: int | None) -> int | None:
    """The party with that member number, whatever its membership is now; None for no number.

    The number of a line that was merged leads to the party that stayed. Raises InvalidInput where nobody has it.
    """
    if number is None:
        return None
    found = session.scalar(
        select(Membership.party_id).where(Membership.cooperative_id == cooperative_id, Membership.number == number)
    )
    if found is None:
        raise InvalidInput((Problem(key="number", reason=DwellingReason.PARTY_UNKNOWN),))
    while (into := session.get_one(Party, (cooperative_id, found)).merged_into_id) is not None:
        found = into
    return found


def name_of_who_comes(session: ScopedSession, *, cooperative_id: int, moving: Move) -> str:
    """The name of who comes, or nothing where nobody comes."""
    if moving.newcomer is not None:
        return moving.newcomer.name
    if moving.incoming_id is None:
        return ""
    party = parties.read_party(session, cooperative_id=cooperative_id, party_id=moving.incoming_id, day=moving.day)
    return party.facts.name


def _with_newcomer(session: ScopedSession, actor: Actor | None, moving: Move, shared: dict[str, Any]) -> Move:
    if moving.newcomer is None:
        return moving
    party_id = parties.record_party(
        session, actor, kind=PartyKind.PERSON, facts=moving.newcomer, valid_from=moving.day, **shared
    )
    return replace(moving, incoming_id=party_id)


def _doubt(moving: Move, leaving: tuple[TenureView, ...]) -> None:
    comes = moving.incoming_id is not None or moving.newcomer is not None
    if not leaving and not comes:
        raise Refused(MoveReason.NOBODY_LEAVES)
    problems = []
    if moving.incoming_id is not None and moving.newcomer is not None:
        problems.append(Problem(key="name", reason=MoveReason.TWO_COME))
    if moving.incoming_id is not None and moving.incoming_id in {one.party_id for one in leaving}:
        problems.append(Problem(key="number", reason=MoveReason.COMES_AND_LEAVES))
    if not comes and moving.fate is ContractFate.HAND_OVER:
        problems.append(Problem(key="fate", reason=MoveReason.NOBODY_TAKES_OVER))
    if any(one.valid_from >= moving.day for one in leaving):
        problems.append(Problem(key="day", reason=TenureReason.ENDS_BEFORE_IT_BEGINS))
    if problems:
        raise InvalidInput(tuple(problems))


def binding_contracts(
    session: ScopedSession, *, cooperative_id: int, dwelling_id: int, holder_ids: tuple[int, ...], day: date
) -> tuple[ContractView, ...]:
    """The contracts of the dwelling that bind one of these parties on `day`."""
    found = heat_contracts.contracts_of_dwelling(
        session, cooperative_id=cooperative_id, dwelling_id=dwelling_id, day=day
    )
    return tuple(one for one in found if one.holder_id in holder_ids and one.state in BINDING)


def _deal(
    session: ScopedSession, actor: Actor | None, cooperative_id: int, moving: Move, left: tuple[int, ...], now: datetime
) -> tuple[int, ...]:
    """End or hand over what bound who left; a contract that is handed over is offered to who comes."""
    if moving.fate is ContractFate.LEAVE:
        return ()
    contracts = binding_contracts(
        session, cooperative_id=cooperative_id, dwelling_id=moving.dwelling_id, holder_ids=left, day=moving.day
    )
    shared: dict[str, Any] = {"cooperative_id": cooperative_id, "valid_from": moving.day, "now": now}
    step = ContractStep.ENDED if moving.fate is ContractFate.END else ContractStep.HANDED_OVER
    for one in contracts:
        heat_contracts.add_contract_event(session, actor, contract_id=one.id, step=step, why=moving.why, **shared)
        if step is ContractStep.HANDED_OVER and moving.incoming_id is not None:
            offered = NewContract(
                dwelling_id=one.dwelling_id, holder_id=moving.incoming_id, version=one.version,
                through_landlord=one.through_landlord, follows_id=one.id,
            )  # fmt: skip
            heat_contracts.open_contract(session, actor, new=offered, **shared)
    return tuple(one.id for one in contracts)
