"""What the pages of a building and its dwellings show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ecoop import language
from ecoop.exchange.tables import Cell, Column, Kind, Table
from ecoop.governance.heat_supply import BINDING
from ecoop.governance.roles import Actor, Permission
from ecoop.governance.tenures import Occupancy, TenureKind
from ecoop.language import gettext as _
from ecoop.language import ngettext
from ecoop.language.cases import SEGMENTS, name_of
from ecoop.language.dwellings import connection_name, contract_name, kind_name
from ecoop.language.names import ownership_name
from ecoop.services.building_counts import Counts
from ecoop.services.building_views import BuildingFacts, DwellingLine, Holder


class Shown(StrEnum):
    """Which dwellings of a building one asks for."""

    ALL = ""
    MEMBER = "member"
    NO_MEMBER = "no_member"
    SIGNED = "signed"
    NOT_SIGNED = "not_signed"


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildingQuestion:
    """What is asked of a building."""

    day: date
    text: str = ""
    unit_id: int | None = None
    shown: Shown = Shown.ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class DwellingRow:
    """One dwelling in words; `cells` stand under the columns after the address."""

    id: int
    address: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildingPage:
    """A building: what is counted per structural unit, and its dwellings."""

    title: str
    answer: str
    second: str
    units: Table | None
    columns: tuple[str, ...]
    rows: tuple[DwellingRow, ...]
    listed: str
    has_dwellings: bool
    is_asked: bool
    may_keep: bool
    sees_all: bool
    sees_residents: bool


def building_page(found: BuildingFacts, asked: BuildingQuestion, actor: Actor, *, is_asked: bool) -> BuildingPage:
    """A building on a day; the rows are those that were asked for."""
    lines = wanted(found, asked)
    return BuildingPage(
        title=found.name,
        answer=_answer(found.counts),
        second=_supply(found),
        units=unit_table(found) if found.units else None,
        columns=_columns(found, with_people=found.sees_residents),
        rows=tuple(
            DwellingRow(id=one.id, address=one.address, cells=_cells(one, found, with_people=found.sees_residents))
            for one in lines
        ),
        listed=ngettext("%(count)s dwelling or business unit", "%(count)s dwellings and business units", len(lines)),
        has_dwellings=bool(found.lines),
        is_asked=is_asked,
        may_keep=actor.may(Permission.KEEP_REGISTER),
        sees_all=actor.may(Permission.SEE_BUILDINGS),
        sees_residents=found.sees_residents,
    )


def _answer(counts: Counts) -> str:
    return _(
        "%(members)s of %(places)s dwellings and business units have a member, %(signed)s have a signed heat contract.",
        members=language.number(counts.with_member), places=language.number(counts.places),
        signed=language.number(counts.signed),
    )  # fmt: skip


def _supply(found: BuildingFacts) -> str:
    counts = found.counts
    told = _(
        "%(connected)s are connected, %(delivering)s get heat.",
        connected=language.number(counts.connected), delivering=language.number(counts.delivering),
    )  # fmt: skip
    return f"{ownership_name(found.ownership)}. {told}"


def unit_table(found: BuildingFacts) -> Table:
    """What is counted per structural unit."""
    rows = [(unit.name, *_counted(unit.counts)) for unit in found.units]
    if len(rows) > 1:
        rows.append((_("Together"), *_counted(found.counts)))
    return Table(
        name="units",
        caption=_("Per structural unit"),
        columns=(
            Column(label=_("Structural unit")),
            Column(label=_("Dwellings"), kind=Kind.COUNT),
            Column(label=_("Business units"), kind=Kind.COUNT),
            Column(label=_("Rented"), kind=Kind.COUNT),
            Column(label=_("Owner lives there"), kind=Kind.COUNT),
            Column(label=_("With a member"), kind=Kind.COUNT),
            Column(label=_("Members"), kind=Kind.COUNT),
            Column(label=_("Contract signed"), kind=Kind.COUNT),
            Column(label=_("Signed, of all"), kind=Kind.PERCENT, none="–"),
            Column(label=_("Connected"), kind=Kind.COUNT),
            Column(label=_("Gets heat"), kind=Kind.COUNT),
        ),
        rows=tuple(rows),
        totals=1 if len(found.units) > 1 else 0,
    )


def _counted(counts: Counts) -> tuple[Cell, ...]:
    share = counts.signed / counts.places if counts.places else None
    return (
        counts.dwellings, counts.business_units, counts.rented, counts.owner_occupied, counts.with_member,
        counts.members, counts.signed, share, counts.connected, counts.delivering,
    )  # fmt: skip


def wanted(found: BuildingFacts, asked: BuildingQuestion) -> list[DwellingLine]:
    """The dwellings that were asked for. Who sees no residents cannot ask for members."""
    words = asked.text.casefold().split()
    return [
        line
        for line in found.lines
        if (asked.unit_id is None or line.unit_id == asked.unit_id)
        and _fits(line, asked.shown)
        and all(any(word in text for text in _texts(line)) for word in words)
    ]


def _texts(line: DwellingLine) -> list[str]:
    return [line.address.casefold(), *((one.name or "").casefold() for one in line.holders)]


def _fits(line: DwellingLine, shown: Shown) -> bool:
    match shown:
        case Shown.MEMBER:
            return line.has_member is True
        case Shown.NO_MEMBER:
            return line.has_member is False
        case Shown.SIGNED:
            return line.contract in BINDING
        case Shown.NOT_SIGNED:
            return line.contract not in BINDING
        case _:
            return True


def _columns(found: BuildingFacts, *, with_people: bool) -> tuple[str, ...]:
    several = (_("Structural unit"),) if len(found.units) > 1 else ()
    if with_people:
        return (*several, _("Owner or landlord"), _("Tenant"), _("Member"), _("Connection"), _("Heat contract"))
    return (*several, _("What it is"), _("Landlord"), _("Connection"), _("Heat contract"))


def _cells(line: DwellingLine, found: BuildingFacts, *, with_people: bool) -> tuple[str, ...]:
    several = (line.unit,) if len(found.units) > 1 else ()
    states = (connection_name(line.connection) or "–", contract_name(line.contract) or "–")
    if not with_people:
        return (*several, kind_name(line.kind), names(line.holders, TenureKind.LANDLORD) or "–", *states)
    owners = names(line.holders, TenureKind.OWNER) or names(line.holders, TenureKind.LANDLORD)
    is_unknown = line.occupancy is Occupancy.LET_TENANT_UNKNOWN
    tenant = names(line.holders, TenureKind.TENANT) or (_("not known") if is_unknown else "–")
    return (*several, owners or _("unknown"), tenant, _members(line.holders) or "–", *states)


def names(holders: Iterable[Holder], kind: TenureKind) -> str:
    """Those who have it by that right, on one line."""
    return language.listing([one.name or _("unknown") for one in holders if one.kind is kind])


def _members(holders: Iterable[Holder]) -> str:
    return language.listing([
        _("no. %(number)s", number=one.number) if one.number is not None else _("member")
        for one in holders
        if one.membership_id is not None and one.kind is not TenureKind.LANDLORD
    ])  # fmt: skip


def dwelling_table(found: BuildingFacts, lines: Sequence[DwellingLine], *, day: date, with_people: bool) -> Table:
    """The dwellings as a file, with who has them or without."""
    columns = (_("Address"), _("Segment"), *_columns(found, with_people=with_people))
    rows = [
        (
            line.address, name_of(SEGMENTS, line.segment) if line.segment else "",
            *_cells(line, found, with_people=with_people),
        )
        for line in lines
    ]  # fmt: skip
    return Table(
        name=found.name,
        caption=_("Dwellings of %(building)s on %(day)s", building=found.name, day=language.day(day)),
        columns=tuple(Column(label=label) for label in columns),
        rows=tuple(rows),
    )


def unit_choices(found: BuildingFacts) -> list[tuple[str, str]]:
    """The structural units of a building."""
    return [("", _("All structural units")), *((str(unit.id), unit.name) for unit in found.units)]


def shown_choices(*, sees_residents: bool) -> list[tuple[str, str]]:
    """Which dwellings one asks for."""
    members = [(Shown.MEMBER.value, _("with a member")), (Shown.NO_MEMBER.value, _("without a member"))]
    return [
        (Shown.ALL.value, _("All")),
        *(members if sees_residents else []),
        (Shown.SIGNED.value, _("contract signed")),
        (Shown.NOT_SIGNED.value, _("no contract signed")),
    ]
