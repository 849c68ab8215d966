"""One dwelling: who has it, what covers it, connection and contract, and how that came about; and the own dwellings."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, select

from ecoop.db import ScopedSession
from ecoop.errors import NotFound
from ecoop.governance.heat_supply import (
    BINDING,
    ConnectionStep,
    ContractStep,
    connection_steps_after,
    contract_steps_after,
    counting,
    state_on,
)
from ecoop.governance.roles import Actor, Permission
from ecoop.governance.tenures import DwellingKind, TenureKind
from ecoop.models import (
    Account,
    AssociationCover,
    AuditNote,
    Building,
    Connection,
    ConnectionEvent,
    Dwelling,
    HeatContract,
    HeatContractEvent,
    Party,
    PartyRecord,
    StructuralUnit,
    Tenure,
)
from ecoop.models.parties import FOREVER
from ecoop.services.building_views import NAMED_TO_ALL, Holder, holders_on, shown, telling
from ecoop.services.dwellings import address_of, known
from ecoop.services.heat_contracts import ContractView, contracts_of_dwelling, read_connection_events
from ecoop.services.parties import holding_on
from ecoop.services.tenures import tenures_on


class StoryKind(StrEnum):
    """What a line of the story is about."""

    TENURE_BEGAN = "tenure_began"
    TENURE_ENDED = "tenure_ended"
    CONNECTION = "connection"
    CONTRACT = "contract"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLine:
    """One thing that happened to a dwelling: `code` is the kind of tenure or the step; who wrote it down, and why."""

    kind: StoryKind
    code: str
    day: date
    recorded_at: datetime
    actor: str | None
    name: str | None = None
    """Of whom it is about, as far as the reader may see it."""
    reason: str | None = None
    is_corrected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractFacts:
    """A contract of the dwelling; `holder` is None for who may not see it, `next_steps` is what can happen to it."""

    contract: ContractView
    holder: str | None
    next_steps: tuple[ContractStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DwellingFacts:
    """One dwelling on a day, as it is known now."""

    id: int
    building_id: int
    building: str
    unit: str
    kind: DwellingKind
    address: str
    postcode: str
    city: str | None
    segment: str | None
    floor_area_m2: int | None
    equivalent_thousandths: int | None
    landlord_reference: str | None
    holders: tuple[Holder, ...]
    associations: tuple[str, ...]
    connection: ConnectionStep | None
    connection_since: date | None
    next_connection_steps: tuple[ConnectionStep, ...]
    contracts: tuple[ContractFacts, ...]
    story: tuple[StoryLine, ...]
    sees_residents: bool


def read_dwelling(
    session: ScopedSession, actor: Actor, *, cooperative_id: int, dwelling_id: int, day: date
) -> DwellingFacts:
    """One dwelling on `day`. Raises NotFound for one that is not the actor's to see."""
    row, building, unit = _found(session, cooperative_id, dwelling_id)
    if not actor.may_in(Permission.SEE_DWELLINGS, building.id):
        raise NotFound
    sees = actor.may_in(Permission.SEE_RESIDENTS, building.id)
    inside = (Dwelling.cooperative_id == cooperative_id, Dwelling.id == dwelling_id)
    events = read_connection_events(session, cooperative_id=cooperative_id, dwelling_id=dwelling_id)
    begun = [one for one in counting(events) if one.valid_from <= day]
    state = begun[-1].step if begun else None
    return DwellingFacts(
        id=row.id,
        building_id=building.id,
        building=building.name,
        unit=unit.name,
        kind=row.kind,
        address=address_of(row),
        postcode=row.postcode,
        city=row.city,
        segment=row.segment,
        floor_area_m2=row.floor_area_m2,
        equivalent_thousandths=row.equivalent_thousandths,
        landlord_reference=row.landlord_reference,
        holders=shown(holders_on(session, inside, day)[dwelling_id], sees=sees),
        associations=_associations(session, cooperative_id, dwelling_id, day),
        connection=state,
        connection_since=next((one.valid_from for one in reversed(begun)), None),
        next_connection_steps=connection_steps_after(state),
        contracts=_contracts(session, cooperative_id, dwelling_id, day, sees=sees),
        story=_story(session, cooperative_id, dwelling_id, sees=sees),
        sees_residents=sees,
    )  # fmt: skip


def _found(session: ScopedSession, cooperative_id: int, dwelling_id: int) -> tuple[Dwelling, Building, StructuralUnit]:
    found = session.execute(
        select(Dwelling, Building, StructuralUnit)
        .join(Building, and_(Building.cooperative_id == Dwelling.cooperative_id, Building.id == Dwelling.building_id))
        .join(
            StructuralUnit,
            and_(
                StructuralUnit.cooperative_id == Dwelling.cooperative_id,
                StructuralUnit.id == Dwelling.structural_unit_id,
            ),
        )
        .where(Dwelling.cooperative_id == cooperative_id, Dwelling.id == dwelling_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    row, building, unit = found
    return row, building, unit


def _associations(session: ScopedSession, cooperative_id: int, dwelling_id: int, day: date) -> tuple[str, ...]:
    rows = session.scalars(
        select(PartyRecord.name)
        .join(
            AssociationCover,
            and_(
                AssociationCover.cooperative_id == PartyRecord.cooperative_id,
                AssociationCover.party_id == PartyRecord.party_id,
            ),
        )
        .where(
            AssociationCover.cooperative_id == cooperative_id,
            AssociationCover.dwelling_id == dwelling_id,
            AssociationCover.valid_from <= day,
            AssociationCover.valid_until > day,
            known(AssociationCover, None),
            *holding_on(day, None),
        )
        .order_by(PartyRecord.name)
    )
    return tuple(rows)


def _contracts(
    session: ScopedSession, cooperative_id: int, dwelling_id: int, day: date, *, sees: bool
) -> tuple[ContractFacts, ...]:
    found = contracts_of_dwelling(session, cooperative_id=cooperative_id, dwelling_id=dwelling_id, day=day)
    rows = session.execute(
        select(Party.id, Party.kind, PartyRecord.name)
        .join(PartyRecord, and_(PartyRecord.cooperative_id == Party.cooperative_id, PartyRecord.party_id == Party.id))
        .where(
            Party.cooperative_id == cooperative_id, Party.id.in_({one.holder_id for one in found}),
            *holding_on(day, None),
        )
    )  # fmt: skip
    names = {party_id: name for party_id, kind, name in rows if sees or kind in NAMED_TO_ALL}
    return tuple(
        ContractFacts(contract=one, holder=names.get(one.holder_id), next_steps=contract_steps_after(one.state))
        for one in reversed(found)
    )


# the story


def _story(session: ScopedSession, cooperative_id: int, dwelling_id: int, *, sees: bool) -> tuple[StoryLine, ...]:
    """What happened, newest first. Who came and left is told to who may see residents."""
    lines = [
        *_connection_lines(session, cooperative_id, dwelling_id),
        *_contract_lines(session, cooperative_id, dwelling_id, sees=sees),
    ]
    if sees:
        lines += _tenure_lines(session, cooperative_id, dwelling_id)
    return tuple(sorted(lines, key=lambda line: (line.day, line.recorded_at), reverse=True))


def _connection_lines(session: ScopedSession, cooperative_id: int, dwelling_id: int) -> Iterator[StoryLine]:
    rows = session.execute(
        _with_words(select(ConnectionEvent, Account.name, AuditNote.text), ConnectionEvent)
        .join(
            Connection,
            and_(
                Connection.cooperative_id == ConnectionEvent.cooperative_id,
                Connection.id == ConnectionEvent.connection_id,
            ),
        )
        .where(Connection.cooperative_id == cooperative_id, Connection.dwelling_id == dwelling_id)
    ).all()
    taken_out = {row.corrects_id for row, _name, _reason in rows}
    for row, name, reason in rows:
        yield StoryLine(
            kind=StoryKind.CONNECTION, code=row.step.value, day=row.valid_from, recorded_at=row.recorded_at,
            actor=name, reason=reason, is_corrected=row.id in taken_out,
        )  # fmt: skip


def _contract_lines(
    session: ScopedSession, cooperative_id: int, dwelling_id: int, *, sees: bool
) -> Iterator[StoryLine]:
    rows = session.execute(
        _with_words(select(HeatContractEvent, Account.name, AuditNote.text, PartyRecord.name), HeatContractEvent)
        .join(
            HeatContract,
            and_(
                HeatContract.cooperative_id == HeatContractEvent.cooperative_id,
                HeatContract.id == HeatContractEvent.contract_id,
            ),
        )
        .outerjoin(
            PartyRecord,
            and_(
                PartyRecord.cooperative_id == HeatContract.cooperative_id,
                PartyRecord.party_id == HeatContract.holder_id,
                *holding_on_itself(HeatContractEvent.valid_from),
            ),
        )
        .where(HeatContract.cooperative_id == cooperative_id, HeatContract.dwelling_id == dwelling_id)
    ).all()
    taken_out = {row.corrects_id for row, *_rest in rows}
    for row, name, reason, holder in rows:
        yield StoryLine(
            kind=StoryKind.CONTRACT, code=row.step.value, day=row.valid_from, recorded_at=row.recorded_at,
            actor=name, name=holder if sees else None, reason=reason if sees else None,
            is_corrected=row.id in taken_out,
        )  # fmt: skip


def _with_words(query: Any, events: Any) -> Any:
    """Who wrote an event down, and the reason that is kept with the audit trail."""
    return query.outerjoin(Account, Account.id == events.actor_id).outerjoin(
        AuditNote, and_(AuditNote.cooperative_id == events.cooperative_id, AuditNote.number == events.audit_number)
    )


def holding_on_itself(day: Any) -> tuple[Any, ...]:
    """The record of a party that holds on the day in another column, as it is known now."""
    return PartyRecord.valid_from <= day, PartyRecord.valid_until > day, PartyRecord.known_until.is_(None)


def _tenure_lines(session: ScopedSession, cooperative_id: int, dwelling_id: int) -> Iterator[StoryLine]:
    rows = session.execute(
        select(Tenure, Account.name, PartyRecord.name)
        .outerjoin(Account, Account.id == Tenure.recorded_by_id)
        .outerjoin(
            PartyRecord,
            and_(
                PartyRecord.cooperative_id == Tenure.cooperative_id,
                PartyRecord.party_id == Tenure.party_id,
                *holding_on_itself(Tenure.valid_from),
            ),
        )
        .where(Tenure.cooperative_id == cooperative_id, Tenure.dwelling_id == dwelling_id)
        .order_by(Tenure.known_from, Tenure.id)
    ).all()
    told: dict[tuple[int, str, date], list[tuple[Tenure, str | None]]] = {}
    names: dict[int, str] = {}
    for row, actor, name in rows:
        told.setdefault((row.party_id, row.kind.value, row.valid_from), []).append((row, actor))
        names[row.id] = name
    for versions in told.values():
        yield from _tenure_story(versions, names.get(versions[0][0].id))


def _tenure_story(versions: list[tuple[Tenure, str | None]], name: str | None) -> Iterator[StoryLine]:
    """When it began, as it was first written down, and when it ended, as it is known now."""
    (first, actor), (last, ended_by) = versions[0], versions[-1]
    is_corrected = all(row.known_until is not None for row, _actor in versions)
    yield StoryLine(
        kind=StoryKind.TENURE_BEGAN, code=first.kind.value, day=first.valid_from, recorded_at=first.known_from,
        actor=actor, name=name, is_corrected=is_corrected,
    )  # fmt: skip
    if last.known_until is None and last.valid_until < FOREVER:
        yield StoryLine(
            kind=StoryKind.TENURE_ENDED, code=last.kind.value, day=last.valid_until, recorded_at=last.known_from,
            actor=ended_by, name=name,
        )  # fmt: skip


# the own dwellings


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDwelling:
    """A dwelling that somebody has, told to that person; `contract` is the state of the own contract."""

    id: int
    building: str
    address: str
    kind: DwellingKind
    tenure: TenureKind
    segment: str | None
    connection: ConnectionStep | None
    contract: ContractStep | None
    version: str | None
    has_contract_of_another: bool
    """Whether somebody else holds a contract that binds, such as the landlord."""


def read_own_dwellings(
    session: ScopedSession,
    *,
    cooperative_id: int,
    day: date,
    account_id: int | None = None,
    party_id: int | None = None,
) -> tuple[OwnDwelling, ...]:
    """The dwellings that an account, or a party, owns or rents on `day`; those that it lets are left out."""
    query = (
        select(Tenure, Dwelling, Building.name)
        .join(Party, and_(Party.cooperative_id == Tenure.cooperative_id, Party.id == Tenure.party_id))
        .join(Dwelling, and_(Dwelling.cooperative_id == Tenure.cooperative_id, Dwelling.id == Tenure.dwelling_id))
        .join(Building, and_(Building.cooperative_id == Dwelling.cooperative_id, Building.id == Dwelling.building_id))
        .where(
            Tenure.cooperative_id == cooperative_id, Tenure.kind != TenureKind.LANDLORD, *tenures_on(day),
            Party.account_id == account_id if party_id is None else Party.id == party_id,
        )
        .order_by(Tenure.valid_from, Tenure.id)
    )  # fmt: skip
    if account_id is None and party_id is None:
        return ()
    return tuple(_own(session, tenure, dwelling, name, day) for tenure, dwelling, name in session.execute(query))


def _own(session: ScopedSession, tenure: Tenure, dwelling: Dwelling, building: str, day: date) -> OwnDwelling:
    shared: dict[str, Any] = {"cooperative_id": tenure.cooperative_id, "dwelling_id": dwelling.id}
    found = contracts_of_dwelling(session, day=day, **shared)
    contracts = [one for one in found if one.holder_id == tenure.party_id]
    state = telling([one.state for one in contracts if one.state is not None])
    return OwnDwelling(
        id=dwelling.id,
        building=building,
        address=address_of(dwelling),
        kind=dwelling.kind,
        tenure=tenure.kind,
        segment=dwelling.segment,
        connection=state_on(read_connection_events(session, **shared), day),
        contract=state,
        version=next((one.version for one in contracts if one.state is state), None),
        has_contract_of_another=any(one.state in BINDING and one.holder_id != tenure.party_id for one in found),
    )
