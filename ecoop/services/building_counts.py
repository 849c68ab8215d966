"""What is counted over the dwellings of a building or a structural unit, by the database and not row by row."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select

from ecoop.db import ScopedSession
from ecoop.errors import Forbidden
from ecoop.governance.heat_supply import BINDING, ConnectionStep
from ecoop.governance.membership import IS_MEMBER
from ecoop.governance.roles import Actor, Permission
from ecoop.governance.tenures import DwellingKind, TenureKind
from ecoop.models import Dwelling, Membership, MembershipSpan, Tenure
from ecoop.services.supply_states import Condition, States, connection_states, contract_states
from ecoop.services.tenures import tenures_on

CONNECTED = frozenset({ConnectionStep.LAID, ConnectionStep.DELIVERING, ConnectionStep.INTERRUPTED})
"""A connection in these states is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What is counted over dwellings on a day; None where nobody counted it of all of them."""

    dwellings: int = 0
    business_units: int = 0
    equivalent_thousandths: int | None = None
    rented: int = 0
    owner_occupied: int = 0
    with_member: int = 0
    """Dwellings and business units of which an owner or tenant is a member."""
    members: int = 0
    signed: int = 0
    """Those with a contract that binds, delivery included."""
    connected: int = 0
    delivering: int = 0

    @property
    def places(self) -> int:
        """Dwellings and business units together."""
        return self.dwellings + self.business_units


def read_building_counts(
    session: ScopedSession, actor: Actor, *, cooperative_id: int, day: date
) -> Mapping[int, Counts]:
    """What is counted over each building that the actor may see, by the key of the building."""
    if not actor.may(Permission.SEE_DWELLINGS):
        raise Forbidden
    found = counted(session, Dwelling.building_id, (Dwelling.cooperative_id == cooperative_id, *standing(day)), day)
    return {key: counts for key, counts in found.items() if actor.may_in(Permission.SEE_DWELLINGS, key)}


def standing(day: date) -> Condition:
    """The dwellings that are there on `day`."""
    return Dwelling.valid_from <= day, Dwelling.valid_until > day


def counted(session: ScopedSession, by: Any, inside: Condition, day: date) -> dict[int, Counts]:
    """Counts over the dwellings that meet `inside`, by a column of theirs."""
    found: defaultdict[int, dict[str, Any]] = defaultdict(dict)
    _put_places(session, found, by, inside)
    _put_occupancy(session, found, by, inside, day)
    _put_members(session, found, by, inside, day)
    _put_supply(session, found, by, inside, day)
    return {key: Counts(**values) for key, values in found.items()}


Found = defaultdict[int, dict[str, Any]]


def _put_places(session: ScopedSession, found: Found, by: Any, inside: Condition) -> None:
    weight = Dwelling.equivalent_thousandths
    rows = session.execute(
        select(by, Dwelling.kind, func.count(), func.count(weight), func.sum(weight))
        .where(*inside)
        .group_by(by, Dwelling.kind)
    )
    totals: defaultdict[int, list[int | None]] = defaultdict(list)
    for key, kind, count, weighed, total in rows:
        found[key]["dwellings" if kind is DwellingKind.DWELLING else "business_units"] = count
        totals[key].append(int(total) if weighed == count else None)
    for key, parts in totals.items():
        known = [part for part in parts if part is not None]
        found[key]["equivalent_thousandths"] = sum(known) if len(known) == len(parts) else None


def _put_occupancy(session: ScopedSession, found: Found, by: Any, inside: Condition, day: date) -> None:
    let = _tenure_exists(day, (TenureKind.TENANT, TenureKind.LANDLORD))
    owned = _tenure_exists(day, (TenureKind.OWNER,))
    for name, condition in (("rented", let), ("owner_occupied", and_(owned, ~let))):
        for key, count in session.execute(select(by, func.count()).where(*inside, condition).group_by(by)):
            found[key][name] = count


def _tenure_exists(day: date, kinds: Iterable[TenureKind]) -> ColumnElement[bool]:
    return exists().where(
        Tenure.cooperative_id == Dwelling.cooperative_id,
        Tenure.dwelling_id == Dwelling.id,
        Tenure.kind.in_(tuple(kinds)),
        *tenures_on(day),
    )


def _put_members(session: ScopedSession, found: Found, by: Any, inside: Condition, day: date) -> None:
    """A landlord who is a member is not counted in each dwelling that it lets."""
    query: Select[Any] = (
        select(by, func.count(Dwelling.id.distinct()), func.count(Membership.id.distinct()))
        .select_from(Dwelling)
        .join(Tenure, and_(Tenure.cooperative_id == Dwelling.cooperative_id, Tenure.dwelling_id == Dwelling.id))
        .join(
            Membership,
            and_(Membership.cooperative_id == Tenure.cooperative_id, Membership.party_id == Tenure.party_id),
        )
        .join(MembershipSpan, span_of_membership())
        .where(
            *inside, *tenures_on(day), *members_on(day), Tenure.kind.in_((TenureKind.OWNER, TenureKind.TENANT))
        )
        .group_by(by)
    )  # fmt: skip
    for key, dwellings, members in session.execute(query):
        found[key].update(with_member=dwellings, members=members)


def span_of_membership() -> ColumnElement[bool]:
    """The spans of a membership."""
    return and_(
        MembershipSpan.cooperative_id == Membership.cooperative_id, MembershipSpan.membership_id == Membership.id
    )


def members_on(day: date) -> Condition:
    """The spans of who is a member on `day`, as it is known now."""
    return (
        MembershipSpan.status.in_(sorted(IS_MEMBER)),
        MembershipSpan.starts_on <= day,
        MembershipSpan.ends_on > day,
        MembershipSpan.known_until.is_(None),
    )


def _put_supply(session: ScopedSession, found: Found, by: Any, inside: Condition, day: date) -> None:
    states = connection_states(day, inside)
    rows = session.execute(
        select(by, states.c.step, func.count())
        .join(states, of_dwelling(states))
        .where(*inside)
        .group_by(by, states.c.step)
    )
    for key, step, count in rows:
        if step in CONNECTED:
            found[key]["connected"] = found[key].get("connected", 0) + count
        if step is ConnectionStep.DELIVERING:
            found[key]["delivering"] = count
    states = contract_states(day, inside)
    signed = (
        select(by, func.count(Dwelling.id.distinct()))
        .join(states, of_dwelling(states))
        .where(*inside, states.c.step.in_(sorted(BINDING)))
        .group_by(by)
    )
    for key, count in session.execute(signed):
        found[key]["signed"] = count


def of_dwelling(states: States) -> ColumnElement[bool]:
    """The present states of a dwelling."""
    return and_(
        states.c.cooperative_id == Dwelling.cooperative_id, states.c.dwelling_id == Dwelling.id, states.c.place == 1
    )
