"""Connections and contracts of many dwellings at once: for a beginning, an import and the demo."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ecoop.db import ScopedSession
from ecoop.errors import InvalidInput, Problem
from ecoop.governance.audit import Action
from ecoop.governance.heat_supply import (
    ConnectionStep,
    ContractStep,
    SupplyEvent,
    doubt_connection_event,
    doubt_contract_event,
)
from ecoop.governance.roles import Actor
from ecoop.models import Connection, ConnectionEvent, HeatContractEvent
from ecoop.models.types import new_key
from ecoop.services import audit
from ecoop.services.dwellings import DwellingReason, held_dwellings, known_parties, require_keeper
from ecoop.services.heat_contracts import NewContract, contract_row


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """Where a dwelling stands when it is brought into the register with many others: its steps, oldest first."""

    dwelling_id: int
    connection: tuple[tuple[ConnectionStep, date], ...] = ()
    contract: NewContract | None = None
    steps: tuple[tuple[ContractStep, date], ...] = ()


def add_stock(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, stock: Sequence[Stock], now: datetime
) -> None:
    """Bring connections and contracts of many dwellings into the register, with one entry for each kind.

    For dwellings of which nothing is known yet. Raises InvalidInput with the place in the list before the field.
    """
    require_keeper(actor)
    held_dwellings(session, cooperative_id, {one.dwelling_id for one in stock})
    holders = {one.contract.holder_id for one in stock if one.contract}
    problems = _doubt_stock(stock, known_parties(session, cooperative_id, holders), now)
    if problems:
        raise InvalidInput(tuple(problems))
    actor_id = actor.account_id if actor else None
    counts = {
        Action.CONNECTION_PLANNED: _add_connections(session, cooperative_id, stock, actor_id, now),
        Action.HEAT_CONTRACT_OFFERED: _add_contracts(session, cooperative_id, stock, actor_id, now),
    }
    for action, count in counts.items():
        if count:
            audit.record(session, actor, action, cooperative_id=cooperative_id, details={"count": count}, now=now)


def _doubt_stock(stock: Sequence[Stock], holders: set[int], now: datetime) -> list[Problem]:
    problems = []
    for place, one in enumerate(stock):
        if one.contract and one.contract.holder_id not in holders:
            problems.append(Problem(key=f"{place}.holder_id", reason=DwellingReason.PARTY_UNKNOWN))
        laid: list[SupplyEvent[ConnectionStep]] = []
        for step, day in one.connection:
            event = SupplyEvent(id=len(laid), step=step, valid_from=day, recorded_at=now)
            problems += [Problem(key=f"{place}.connection", reason=r) for r in doubt_connection_event(laid, event)]
            laid.append(event)
        signed: list[SupplyEvent[ContractStep]] = []
        for taken, day in one.steps:
            done = SupplyEvent(id=len(signed), step=taken, valid_from=day, recorded_at=now)
            problems += [Problem(key=f"{place}.steps", reason=r) for r in doubt_contract_event(signed, done)]
            signed.append(done)
    return problems


def _add_connections(
    session: ScopedSession, cooperative_id: int, stock: Sequence[Stock], actor_id: int | None, now: datetime
) -> int:
    rows: list[Connection | ConnectionEvent] = []
    for one in stock:
        if one.connection:
            key = new_key()
            rows.append(Connection(cooperative_id=cooperative_id, id=key, dwelling_id=one.dwelling_id, created_at=now))
            rows += [
                ConnectionEvent(
                    cooperative_id=cooperative_id, id=new_key(), connection_id=key, step=step, valid_from=day,
                    recorded_at=now, actor_id=actor_id,
                )
                for step, day in one.connection
            ]  # fmt: skip
    session.add_all(rows)
    session.flush()
    return sum(isinstance(row, Connection) for row in rows)


def _add_contracts(
    session: ScopedSession, cooperative_id: int, stock: Sequence[Stock], actor_id: int | None, now: datetime
) -> int:
    contracts, events = [], []
    for one in stock:
        if one.contract is not None:
            row = contract_row(cooperative_id, one.contract, now)
            row.id = new_key()
            contracts.append(row)
            events += [
                HeatContractEvent(
                    cooperative_id=cooperative_id, id=new_key(), contract_id=row.id, step=step, valid_from=day,
                    recorded_at=now, actor_id=actor_id,
                )
                for step, day in one.steps
            ]  # fmt: skip
    session.add_all(contracts)
    session.flush()
    session.add_all(events)
    session.flush()
    return len(contracts)
