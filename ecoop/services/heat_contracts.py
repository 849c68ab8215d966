"""Connections and heat contracts: every change is an event that is added; the state on a day follows from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, and_, select

from ecoop.db import ScopedSession
from ecoop.errors import InvalidInput, NotFound, Problem
from ecoop.governance.audit import Action
from ecoop.governance.heat_supply import (
    ConnectionStep,
    ContractStep,
    SupplyEvent,
    counting,
    doubt_connection_event,
    doubt_contract_event,
)
from ecoop.governance.roles import Actor
from ecoop.models import Connection, ConnectionEvent, Dwelling, HeatContract, HeatContractEvent
from ecoop.models.types import new_key
from ecoop.services import audit
from ecoop.services.dwellings import DwellingReason, address_of, held_dwellings, known_parties, require_keeper

LONGEST_VERSION = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContract:
    """A heat contract to be opened; `version` is which text of the contract holds, as the cooperative calls it."""

    dwelling_id: int
    holder_id: int
    version: str
    through_landlord: bool = False
    paper_id: int | None = None
    follows_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractView:
    """A contract on a day; `state` is None where nothing has happened by then."""

    id: int
    dwelling_id: int
    holder_id: int
    address: str
    version: str
    through_landlord: bool
    state: ContractStep | None
    since: date | None


# connections


def add_connection_event(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    dwelling_id: int,
    step: ConnectionStep,
    valid_from: date,
    corrects_id: int | None = None,
    why: str | None = None,
    now: datetime,
) -> int:
    """Write down what happened to the connection of a dwelling; the event's key. The first one makes the connection.

    Raises InvalidInput naming why it cannot have happened.
    """
    require_keeper(actor)
    held_dwellings(session, cooperative_id, {dwelling_id})
    connection_id = _connection(session, cooperative_id, dwelling_id, now)
    known = read_connection_events(session, cooperative_id=cooperative_id, dwelling_id=dwelling_id)
    event = SupplyEvent(id=new_key(), step=step, valid_from=valid_from, recorded_at=now, corrects=corrects_id)
    problems = doubt_connection_event(known, event)
    if problems:
        raise InvalidInput(tuple(Problem(key="step", reason=reason) for reason in problems))
    row = ConnectionEvent(
        cooperative_id=cooperative_id, id=event.id, connection_id=connection_id, step=step, valid_from=valid_from,
        recorded_at=now, actor_id=actor.account_id if actor else None, corrects_id=corrects_id,
    )  # fmt: skip
    row.audit_number = audit.record(
        session, actor, Action(f"connection.{step.value}"), cooperative_id=cooperative_id,
        subject=f"dwelling:{dwelling_id}", details={"starts_on": valid_from.isoformat()}, why=why, now=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return event.id


def _connection(session: ScopedSession, cooperative_id: int, dwelling_id: int, now: datetime) -> int:
    known = select(Connection.id).where(
        Connection.cooperative_id == cooperative_id, Connection.dwelling_id == dwelling_id
    )
    found = session.scalar(known)
    if found is not None:
        return found
    row = Connection(cooperative_id=cooperative_id, dwelling_id=dwelling_id, created_at=now)
    session.add(row)
    session.flush()
    return row.id


def read_connection_events(
    session: ScopedSession, *, cooperative_id: int, dwelling_id: int
) -> tuple[SupplyEvent[ConnectionStep], ...]:
    """Every event of the connection of a dwelling, in order of recording."""
    rows = session.scalars(
        select(ConnectionEvent)
        .join(
            Connection,
            and_(
                Connection.cooperative_id == ConnectionEvent.cooperative_id,
                Connection.id == ConnectionEvent.connection_id,
            ),
        )
        .where(Connection.cooperative_id == cooperative_id, Connection.dwelling_id == dwelling_id)
        .order_by(ConnectionEvent.recorded_at, ConnectionEvent.id)
    )
    return tuple(
        SupplyEvent(
            id=row.id, step=row.step, valid_from=row.valid_from, recorded_at=row.recorded_at, corrects=row.corrects_id
        )
        for row in rows
    )


# contracts


def open_contract(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    new: NewContract,
    step: ContractStep = ContractStep.OFFERED,
    valid_from: date,
    why: str | None = None,
    now: datetime,
) -> int:
    """A contract that is offered, or signed at once; its key. Raises InvalidInput naming every problem."""
    require_keeper(actor)
    held_dwellings(session, cooperative_id, {new.dwelling_id})
    row = contract_row(cooperative_id, new, now)
    problems = []
    if not row.version:
        problems.append(Problem(key="version", reason=DwellingReason.TEXT_MISSING))
    elif len(row.version) > LONGEST_VERSION or not row.version.isprintable():
        details = {"maximum": LONGEST_VERSION}
        problems.append(Problem(key="version", reason=DwellingReason.TEXT_UNUSABLE, details=details))
    if new.holder_id not in known_parties(session, cooperative_id, {new.holder_id}):
        problems.append(Problem(key="holder_id", reason=DwellingReason.PARTY_UNKNOWN))
    if problems:
        raise InvalidInput(tuple(problems))
    session.add(row)
    session.flush()
    add_contract_event(
        session, actor, cooperative_id=cooperative_id, contract_id=row.id, step=step, valid_from=valid_from, why=why,
        now=now,
    )  # fmt: skip
    return row.id


def contract_row(cooperative_id: int, new: NewContract, now: datetime) -> HeatContract:
    """A row for a new contract."""
    return HeatContract(
        cooperative_id=cooperative_id,
        dwelling_id=new.dwelling_id,
        holder_id=new.holder_id,
        version=" ".join(new.version.split()),
        paper_id=new.paper_id,
        through_landlord=new.through_landlord,
        follows_id=new.follows_id,
        created_at=now,
    )


def add_contract_event(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    contract_id: int,
    step: ContractStep,
    valid_from: date,
    corrects_id: int | None = None,
    why: str | None = None,
    now: datetime,
) -> int:
    """Write down what happened to a contract; the event's key. Raises InvalidInput naming why it cannot have."""
    require_keeper(actor)
    contract = _held_contract(session, cooperative_id, contract_id)
    known = read_contract_events(session, cooperative_id=cooperative_id, contract_id=contract_id)
    event = SupplyEvent(id=new_key(), step=step, valid_from=valid_from, recorded_at=now, corrects=corrects_id)
    beside = contracts_of_dwelling(
        session, cooperative_id=cooperative_id, dwelling_id=contract.dwelling_id, day=valid_from
    )
    others = [one.state for one in beside if one.id != contract_id]
    problems = doubt_contract_event(known, event, others=others)
    if problems:
        raise InvalidInput(tuple(Problem(key="step", reason=reason) for reason in problems))
    row = HeatContractEvent(
        cooperative_id=cooperative_id, id=event.id, contract_id=contract_id, step=step, valid_from=valid_from,
        recorded_at=now, actor_id=actor.account_id if actor else None, corrects_id=corrects_id,
    )  # fmt: skip
    row.audit_number = audit.record(
        session, actor, Action(f"heat_contract.{step.value}"), cooperative_id=cooperative_id,
        subject=f"heat_contract:{contract_id}", details={"starts_on": valid_from.isoformat()}, why=why, now=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return event.id


def _held_contract(session: ScopedSession, cooperative_id: int, contract_id: int) -> HeatContract:
    """The contract, with its dwelling held: two contracts of one dwelling follow each other."""
    row = session.scalar(
        select(HeatContract).where(HeatContract.cooperative_id == cooperative_id, HeatContract.id == contract_id)
    )
    if row is None:
        raise NotFound
    held_dwellings(session, cooperative_id, {row.dwelling_id})
    return row


def read_contract_events(
    session: ScopedSession, *, cooperative_id: int, contract_id: int
) -> tuple[SupplyEvent[ContractStep], ...]:
    """Every event of a contract, in order of recording."""
    rows = session.scalars(
        select(HeatContractEvent)
        .where(HeatContractEvent.cooperative_id == cooperative_id, HeatContractEvent.contract_id == contract_id)
        .order_by(HeatContractEvent.recorded_at, HeatContractEvent.id)
    )
    return tuple(
        SupplyEvent(
            id=row.id, step=row.step, valid_from=row.valid_from, recorded_at=row.recorded_at, corrects=row.corrects_id
        )
        for row in rows
    )


# reading


def contracts_of(
    session: ScopedSession, *, cooperative_id: int, party_id: int, day: date, known_at: datetime | None = None
) -> tuple[ContractView, ...]:
    """The contracts that a party holds or held, with their states on `day`, as known at `known_at` (None: now)."""
    return _contracts(session, _contract_query(cooperative_id).where(HeatContract.holder_id == party_id), day, known_at)


def contracts_of_dwelling(
    session: ScopedSession, *, cooperative_id: int, dwelling_id: int, day: date, known_at: datetime | None = None
) -> tuple[ContractView, ...]:
    """The contracts of a dwelling, with their states on `day`, as known at `known_at` (None: now)."""
    query = _contract_query(cooperative_id).where(HeatContract.dwelling_id == dwelling_id)
    return _contracts(session, query, day, known_at)


def _contract_query(cooperative_id: int) -> Select[HeatContract, Dwelling, HeatContractEvent]:
    return (
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
        .where(HeatContract.cooperative_id == cooperative_id)
        .order_by(HeatContract.id)
    )


def _contracts(
    session: ScopedSession,
    query: Select[HeatContract, Dwelling, HeatContractEvent],
    day: date,
    known_at: datetime | None,
) -> tuple[ContractView, ...]:
    found: dict[int, tuple[HeatContract, Dwelling, list[SupplyEvent[ContractStep]]]] = {}
    for contract, dwelling, row in session.execute(query):
        event = SupplyEvent(
            id=row.id, step=row.step, valid_from=row.valid_from, recorded_at=row.recorded_at, corrects=row.corrects_id
        )
        found.setdefault(contract.id, (contract, dwelling, []))[2].append(event)
    return tuple(
        _contract_view(contract, dwelling, events, day, known_at) for contract, dwelling, events in found.values()
    )


def _contract_view(
    contract: HeatContract,
    dwelling: Dwelling,
    events: Sequence[SupplyEvent[ContractStep]],
    day: date,
    known_at: datetime | None,
) -> ContractView:
    begun = [one for one in counting(events, known_at) if one.valid_from <= day]
    return ContractView(
        id=contract.id,
        dwelling_id=contract.dwelling_id,
        holder_id=contract.holder_id,
        address=address_of(dwelling),
        version=contract.version,
        through_landlord=contract.through_landlord,
        state=begun[-1].step if begun else None,
        since=begun[-1].valid_from if begun else None,
    )
