"""A building seen from its dwellings: who has them, who is a member, how far connection and contract are.

Who may not see residents gets the dwellings and their states, and how many members there are per structural unit.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, select

from ecoop.db import ScopedSession
from ecoop.errors import NotFound
from ecoop.governance.heat_supply import ConnectionStep, ContractStep
from ecoop.governance.roles import Actor, Permission
from ecoop.governance.statutes import PartyKind
from ecoop.governance.tenures import DwellingKind, HeldTenure, Occupancy, TenureKind, occupancy_on
from ecoop.models import Building, Dwelling, Membership, MembershipSpan, Party, PartyRecord, StructuralUnit, Tenure
from ecoop.models.buildings import Ownership
from ecoop.models.parties import FOREVER
from ecoop.services.building_counts import (
    Counts,
    counted,
    members_on,
    of_dwelling,
    span_of_membership,
    standing,
)
from ecoop.services.dwellings import address_of
from ecoop.services.parties import holding_on
from ecoop.services.supply_states import Condition, States, connection_states, contract_states
from ecoop.services.tenures import tenures_on

NAMED_TO_ALL = frozenset({PartyKind.CORPORATION, PartyKind.OWNERS_ASSOCIATION})
"""Parties that are no persons: who sees the dwelling may see their names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitView:
    """One structural unit with what is counted over it."""

    id: int
    name: str
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who has a dwelling and by what right; `membership_id` and `number` where it is a member that day."""

    tenure_id: int
    party_id: int
    kind: TenureKind
    name: str | None
    """None where nothing is known of the party for that day."""
    party_kind: PartyKind
    account_id: int | None
    valid_from: date
    valid_until: date | None
    membership_id: int | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DwellingLine:
    """One dwelling of a building on a day."""

    id: int
    unit_id: int
    unit: str
    kind: DwellingKind
    address: str
    segment: str | None
    holders: tuple[Holder, ...]
    """Those that the actor may see."""
    occupancy: Occupancy
    has_member: bool | None
    """Whether an owner or tenant is a member; None for who may not see it."""
    connection: ConnectionStep | None
    contract: ContractStep | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildingFacts:
    """A building with what is counted over it, its structural units and its dwellings."""

    id: int
    name: str
    ownership: Ownership
    counts: Counts
    units: tuple[UnitView, ...]
    lines: tuple[DwellingLine, ...]
    sees_residents: bool


def read_building_view(
    session: ScopedSession, actor: Actor, *, cooperative_id: int, building_id: int, day: date
) -> BuildingFacts:
    """A building on `day`, as it is known now. Raises NotFound for one that is not the actor's to see.

    The number of queries does not depend on the number of dwellings.
    """
    row = session.get(Building, (cooperative_id, building_id))
    if row is None or not actor.may_in(Permission.SEE_DWELLINGS, building_id):
        raise NotFound
    sees = actor.may_in(Permission.SEE_RESIDENTS, building_id)
    inside = (Dwelling.cooperative_id == cooperative_id, Dwelling.building_id == building_id, *standing(day))
    by_unit = counted(session, Dwelling.structural_unit_id, inside, day)
    whole = counted(session, Dwelling.building_id, inside, day)
    units = session.scalars(
        select(StructuralUnit)
        .where(StructuralUnit.cooperative_id == cooperative_id, StructuralUnit.building_id == building_id)
        .order_by(StructuralUnit.name)
    ).all()
    return BuildingFacts(
        id=row.id,
        name=row.name,
        ownership=row.ownership,
        counts=whole.get(building_id, Counts()),
        units=tuple(UnitView(id=unit.id, name=unit.name, counts=by_unit.get(unit.id, Counts())) for unit in units),
        lines=_lines(session, inside, {unit.id: unit.name for unit in units}, day, sees=sees),
        sees_residents=sees,
    )


def _lines(
    session: ScopedSession, inside: Condition, units: Mapping[int, str], day: date, *, sees: bool
) -> tuple[DwellingLine, ...]:
    rows = session.scalars(select(Dwelling).where(*inside)).all()
    holders = holders_on(session, inside, day)
    connections = _connection_of(session, inside, day)
    contracts = _contract_of(session, inside, day)
    lines = [
        DwellingLine(
            id=row.id,
            unit_id=row.structural_unit_id,
            unit=units[row.structural_unit_id],
            kind=row.kind,
            address=address_of(row),
            segment=row.segment,
            holders=shown(holders[row.id], sees=sees),
            occupancy=occupancy_on((_as_held(one) for one in holders[row.id]), day),
            has_member=any(_lives_as_member(one) for one in holders[row.id]) if sees else None,
            connection=connections.get(row.id),
            contract=contracts.get(row.id),
        )
        for row in rows
    ]
    return tuple(sorted(lines, key=lambda line: (line.unit, _natural(line.address))))


def shown(holders: list[Holder], *, sees: bool) -> tuple[Holder, ...]:
    """Those that may be seen: everybody, or only who is no person."""
    return tuple(one for one in holders if sees or one.party_kind in NAMED_TO_ALL)


def _lives_as_member(one: Holder) -> bool:
    return one.membership_id is not None and one.kind is not TenureKind.LANDLORD


def _as_held(one: Holder) -> HeldTenure:
    return HeldTenure(party_id=one.party_id, kind=one.kind, starts_on=one.valid_from, ends_on=one.valid_until)


def _natural(address: str) -> list[tuple[bool, int, str]]:
    """So that number 9 stands before number 10."""
    words = address.replace("-", " - ").split()
    return [(word.isdecimal(), int(word) if word.isdecimal() else 0, word) for word in words]


def holders_on(session: ScopedSession, inside: Condition, day: date) -> defaultdict[int, list[Holder]]:
    """Who has the dwellings that meet `inside` on `day`: owners first, then tenants and landlords."""
    found: defaultdict[int, list[Holder]] = defaultdict(list)
    for tenure, party, record, membership, span in session.execute(_holder_query(inside, day)):
        found[tenure.dwelling_id].append(
            Holder(
                tenure_id=tenure.id,
                party_id=party.id,
                kind=tenure.kind,
                name=record.name if record is not None else None,
                party_kind=party.kind,
                account_id=party.account_id,
                valid_from=tenure.valid_from,
                valid_until=None if tenure.valid_until == FOREVER else tenure.valid_until,
                membership_id=membership.id if span is not None else None,
                number=membership.number if span is not None else None,
            )
        )
    order = list(TenureKind)
    for holders in found.values():
        holders.sort(key=lambda one: (order.index(one.kind), one.tenure_id))
    return found


def _holder_query(inside: Condition, day: date) -> Select[Tenure, Party, PartyRecord, Membership, MembershipSpan]:
    return (
        select(Tenure, Party, PartyRecord, Membership, MembershipSpan)
        .join(Dwelling, and_(Dwelling.cooperative_id == Tenure.cooperative_id, Dwelling.id == Tenure.dwelling_id))
        .join(Party, and_(Party.cooperative_id == Tenure.cooperative_id, Party.id == Tenure.party_id))
        .outerjoin(
            PartyRecord,
            and_(
                PartyRecord.cooperative_id == Party.cooperative_id,
                PartyRecord.party_id == Party.id,
                *holding_on(day, None),
            ),
        )
        .outerjoin(Membership, and_(Membership.cooperative_id == Party.cooperative_id, Membership.party_id == Party.id))
        .outerjoin(MembershipSpan, and_(span_of_membership(), *members_on(day)))
        .where(*inside, *tenures_on(day))
    )


def _connection_of(session: ScopedSession, inside: Condition, day: date) -> dict[int, ConnectionStep]:
    rows = _steps(session, connection_states(day, inside), inside)
    return {dwelling_id: step for dwelling_id, step in rows}  # noqa: C416  rows are no pairs to the type checker


_TELLING = (
    ContractStep.DELIVERING,
    ContractStep.NOTICE,
    ContractStep.SIGNED,
    ContractStep.OFFERED,
    ContractStep.DECLINED,
    ContractStep.HANDED_OVER,
    ContractStep.ENDED,
)
"""Of several contracts of a dwelling, the state that stands first here tells most."""


def telling(states: list[ContractStep]) -> ContractStep | None:
    """The state that tells most of a dwelling with these contracts."""
    return min(states, key=_TELLING.index, default=None)


def _contract_of(session: ScopedSession, inside: Condition, day: date) -> dict[int, ContractStep | None]:
    found: defaultdict[int, list[ContractStep]] = defaultdict(list)
    for dwelling_id, step in _steps(session, contract_states(day, inside), inside):
        found[dwelling_id].append(step)
    return {dwelling_id: telling(steps) for dwelling_id, steps in found.items()}


def _steps(session: ScopedSession, states: States, inside: Condition) -> Any:
    return session.execute(select(Dwelling.id, states.c.step).join(states, of_dwelling(states)).where(*inside))
