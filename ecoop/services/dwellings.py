"""Structural units, dwellings and business units, and which owners' association covers them."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, or_, select

from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, InvalidInput, NotFound, Problem
from ecoop.governance.audit import Action, Detail
from ecoop.governance.roles import Actor, Permission
from ecoop.governance.tenures import DwellingKind
from ecoop.models import AssociationCover, Building, Dwelling, Party, StructuralUnit, Tenure
from ecoop.models.parties import FOREVER
from ecoop.services import audit

LONGEST = {"street": 120, "house_number": 20, "addition": 20, "postcode": 12, "city": 80, "landlord_reference": 40}
_DUTCH_POSTCODE = re.compile(r"[1-9]\d{3} [A-Z]{2}")
_SEGMENT = re.compile(r"[a-z0-9_]{1,40}")
LARGEST = 1_000_000
"""Nothing that is measured of a dwelling is larger: square metres, thousandths of an equivalent."""


Key = Callable[[int, str], str]
"""How a problem is named: by the place in the list that was given, and the field."""


class DwellingReason(StrEnum):
    """Why a dwelling cannot be kept as given."""

    TEXT_MISSING = "dwelling_text_missing"
    TEXT_UNUSABLE = "party_text_unusable"
    POSTCODE_UNUSABLE = "party_postcode_unusable"
    NUMBER_UNUSABLE = "dwelling_number_unusable"
    SEGMENT_UNUSABLE = "dwelling_segment_unusable"
    ADDRESS_TAKEN = "dwelling_address_taken"
    UNIT_NAME_TAKEN = "structural_unit_name_taken"
    UNIT_ELSEWHERE = "structural_unit_elsewhere"
    PARTY_UNKNOWN = "dwelling_party_unknown"
    COVERED_ALREADY = "dwelling_covered_already"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDwelling:
    """A dwelling or business unit to be added. None is unknown."""

    structural_unit_id: int
    kind: DwellingKind
    street: str
    house_number: str
    postcode: str
    valid_from: date
    addition: str = ""
    city: str | None = None
    segment: str | None = None
    floor_area_m2: int | None = None
    equivalent_thousandths: int | None = None
    landlord_reference: str | None = None


# units and dwellings


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUnit:
    """A structural unit of a building, to be added."""

    building_id: int
    name: str


def add_structural_units(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, new: Sequence[NewUnit], now: datetime
) -> tuple[int, ...]:
    """Structural units of buildings; their keys. Raises InvalidInput where a building has one of that name already.

    A problem of the only one is named by its field, one of several with its place before: "3.name".
    """
    require_keeper(actor)
    known = set(session.scalars(select(Building.id).where(Building.cooperative_id == cooperative_id)))
    if not {one.building_id for one in new} <= known:
        raise NotFound
    rows = [
        StructuralUnit(
            cooperative_id=cooperative_id, building_id=one.building_id, name=" ".join(one.name.split()), created_at=now
        )
        for one in new
    ]
    problems = _doubt_units(session, cooperative_id, rows)
    if problems:
        raise InvalidInput(tuple(problems))
    session.add_all(rows)
    session.flush()
    building_ids = sorted({row.building_id for row in rows})
    subject = f"structural_unit:{rows[0].id}" if len(rows) == 1 else None
    audit.record(
        session, actor, Action.STRUCTURAL_UNIT_ADDED, cooperative_id=cooperative_id, subject=subject,
        details={"building_ids": building_ids, "count": len(rows)}, now=now,
    )  # fmt: skip
    return tuple(row.id for row in rows)


def _doubt_units(session: ScopedSession, cooperative_id: int, rows: Sequence[StructuralUnit]) -> list[Problem]:
    taken = {
        (building_id, name)
        for building_id, name in session.execute(
            select(StructuralUnit.building_id, StructuralUnit.name).where(
                StructuralUnit.cooperative_id == cooperative_id
            )
        )
    }
    problems = []
    for place, row in enumerate(rows):
        key = "name" if len(rows) == 1 else f"{place}.name"
        problems += list(_doubt_text(key, row.name, 120))
        if (row.building_id, row.name) in taken:
            problems.append(Problem(key=key, reason=DwellingReason.UNIT_NAME_TAKEN))
        taken.add((row.building_id, row.name))
    return problems


def add_dwelling(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, new: NewDwelling, now: datetime
) -> int:
    """Add one dwelling or business unit; its key. Raises InvalidInput naming every problem."""
    return _added(session, actor, cooperative_id, (new,), now, key=lambda _place, name: name)[0]


def add_dwellings(
    session: ScopedSession, actor: Actor | None, *, cooperative_id: int, new: Sequence[NewDwelling], now: datetime
) -> tuple[int, ...]:
    """Add many at once with one entry in the audit trail; their keys in the order given.

    Raises InvalidInput naming every problem, with the place in the list before the field: "12.postcode".
    """
    return _added(session, actor, cooperative_id, new, now, key=lambda place, name: f"{place}.{name}")


def _added(
    session: ScopedSession,
    actor: Actor | None,
    cooperative_id: int,
    given: Sequence[NewDwelling],
    now: datetime,
    *,
    key: Key,
) -> tuple[int, ...]:
    require_keeper(actor)
    new = [_normal(one) for one in given]
    buildings = _buildings_of_units(session, cooperative_id)
    problems = [
        Problem(key=key(place, problem.key), reason=problem.reason, details=problem.details)
        for place, one in enumerate(new)
        for problem in _doubts(one, buildings)
    ]
    problems += _taken(session, cooperative_id, new, key)
    if problems:
        raise InvalidInput(tuple(problems))
    rows = [
        Dwelling(
            cooperative_id=cooperative_id,
            building_id=buildings[one.structural_unit_id],
            valid_until=FOREVER,
            created_at=now,
            **{name: getattr(one, name) for name in NewDwelling.__slots__},
        )
        for one in new
    ]
    session.add_all(rows)
    session.flush()
    details: dict[str, Detail] = {"building_ids": sorted({row.building_id for row in rows}), "count": len(rows)}
    subject = f"dwelling:{rows[0].id}" if len(rows) == 1 else None
    audit.record(
        session, actor, Action.DWELLING_ADDED, cooperative_id=cooperative_id, subject=subject, details=details, now=now
    )
    return tuple(row.id for row in rows)


def _normal(new: NewDwelling) -> NewDwelling:
    """In one spelling: trimmed, a Dutch postcode as 1234 AB, nothing as None."""
    tight = new.postcode.replace(" ", "").upper()
    return replace(
        new,
        street=" ".join(new.street.split()),
        house_number="".join(new.house_number.split()),
        addition="".join(new.addition.split()),
        postcode=f"{tight[:4]} {tight[4:]}" if tight else "",
        city=" ".join((new.city or "").split()) or None,
        segment=(new.segment or "").strip() or None,
        landlord_reference=" ".join((new.landlord_reference or "").split()) or None,
    )


def _doubts(new: NewDwelling, buildings: Mapping[int, int]) -> Iterator[Problem]:
    if new.structural_unit_id not in buildings:
        yield Problem(key="structural_unit_id", reason=DwellingReason.UNIT_ELSEWHERE)
    for name in ("street", "house_number"):
        yield from _doubt_text(name, getattr(new, name), LONGEST[name])
    for name in ("addition", "city", "landlord_reference"):
        if getattr(new, name):
            yield from _doubt_text(name, getattr(new, name), LONGEST[name])
    if not _DUTCH_POSTCODE.fullmatch(new.postcode):
        yield Problem(key="postcode", reason=DwellingReason.POSTCODE_UNUSABLE)
    if new.segment is not None and not _SEGMENT.fullmatch(new.segment):
        yield Problem(key="segment", reason=DwellingReason.SEGMENT_UNUSABLE)
    for name, lowest in (("floor_area_m2", 1), ("equivalent_thousandths", 0)):
        value = getattr(new, name)
        if value is not None and not lowest <= value <= LARGEST:
            yield Problem(key=name, reason=DwellingReason.NUMBER_UNUSABLE)


def _doubt_text(name: str, text: str, longest: int) -> Iterator[Problem]:
    if not text:
        yield Problem(key=name, reason=DwellingReason.TEXT_MISSING)
    elif len(text) > longest or not text.isprintable():
        yield Problem(key=name, reason=DwellingReason.TEXT_UNUSABLE, details={"maximum": longest})


def _taken(session: ScopedSession, cooperative_id: int, new: Sequence[NewDwelling], key: Key) -> list[Problem]:
    """Whose address another dwelling has already, in the register or earlier in the list."""
    wanted = {one.postcode for one in new}
    rows = session.execute(
        select(Dwelling.postcode, Dwelling.house_number, Dwelling.addition).where(
            Dwelling.cooperative_id == cooperative_id, Dwelling.postcode.in_(sorted(wanted))
        )
    )
    seen = {(postcode, number, addition) for postcode, number, addition in rows}
    problems = []
    for place, one in enumerate(new):
        address = (one.postcode, one.house_number, one.addition)
        if address in seen:
            problems.append(Problem(key=key(place, "house_number"), reason=DwellingReason.ADDRESS_TAKEN))
        seen.add(address)
    return problems


def _buildings_of_units(session: ScopedSession, cooperative_id: int) -> dict[int, int]:
    rows = session.execute(
        select(StructuralUnit.id, StructuralUnit.building_id).where(StructuralUnit.cooperative_id == cooperative_id)
    )
    return {unit_id: building_id for unit_id, building_id in rows}  # noqa: C416  rows are no pairs to the type checker


def record_cover(
    session: ScopedSession,
    actor: Actor | None,
    *,
    cooperative_id: int,
    party_id: int,
    dwelling_ids: Sequence[int],
    valid_from: date,
    now: datetime,
) -> None:
    """From a day on an owners' association covers these dwellings. One covers a dwelling at a time."""
    require_keeper(actor)
    wanted = set(dwelling_ids)
    held_dwellings(session, cooperative_id, wanted)
    problems = []
    if party_id not in known_parties(session, cooperative_id, {party_id}):
        problems.append(Problem(key="party_id", reason=DwellingReason.PARTY_UNKNOWN))
    covered = select(AssociationCover.id).where(
        AssociationCover.cooperative_id == cooperative_id,
        AssociationCover.dwelling_id.in_(sorted(wanted)),
        AssociationCover.known_until.is_(None),
        AssociationCover.valid_until > valid_from,
    )
    if session.scalars(covered.limit(1)).first() is not None:
        problems.append(Problem(key="dwelling_ids", reason=DwellingReason.COVERED_ALREADY))
    if problems:
        raise InvalidInput(tuple(problems))
    session.add_all(
        AssociationCover(
            cooperative_id=cooperative_id, dwelling_id=dwelling_id, party_id=party_id, valid_from=valid_from,
            valid_until=FOREVER, known_from=now, recorded_by_id=actor.account_id if actor else None,
        )
        for dwelling_id in sorted(wanted)
    )  # fmt: skip
    session.flush()
    audit.record(
        session, actor, Action.COVER_RECORDED, cooperative_id=cooperative_id, subject=f"party:{party_id}",
        details={"count": len(wanted), "starts_on": valid_from.isoformat()}, now=now,
    )  # fmt: skip


# what others in this room need as well


def require_keeper(actor: Actor | None) -> None:
    """Who writes here keeps the register; None is the command line."""
    if actor is not None and not actor.may(Permission.KEEP_REGISTER):
        raise Forbidden


def held_dwellings(session: ScopedSession, cooperative_id: int, wanted: set[int]) -> dict[int, Dwelling]:
    """These dwellings, held until the work is done so that nobody records beside it. Raises NotFound."""
    query = select(Dwelling).where(Dwelling.cooperative_id == cooperative_id)
    if len(wanted) <= MANY:
        query = query.where(Dwelling.id.in_(sorted(wanted)))
    found = {row.id: row for row in session.scalars(query.order_by(Dwelling.id).with_for_update()) if row.id in wanted}
    if len(found) < len(wanted):
        raise NotFound
    return found


MANY = 500
"""More than so many keys are not named one by one: a database takes only so many in one statement."""


def known_parties(session: ScopedSession, cooperative_id: int, wanted: set[int]) -> set[int]:
    """Those of `wanted` that are parties of the cooperative, and did not turn out to be another one."""
    query = select(Party.id).where(Party.cooperative_id == cooperative_id, Party.merged_into_id.is_(None))
    if len(wanted) <= MANY:
        query = query.where(Party.id.in_(sorted(wanted)))
    return set(session.scalars(query)) & wanted


def known(kind: type[Tenure | AssociationCover], known_at: datetime | None) -> ColumnElement[bool]:
    """The rows that were what the cooperative knew at `known_at` (None: now)."""
    if known_at is None:
        return kind.known_until.is_(None)
    return and_(kind.known_from <= known_at, or_(kind.known_until.is_(None), kind.known_until > known_at))


def address_of(row: Dwelling) -> str:
    """Street, number and what follows it, as one writes it."""
    return f"{row.street} {row.house_number}{'-' if row.addition else ''}{row.addition}"
