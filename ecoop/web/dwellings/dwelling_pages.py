"""What the page of a dwelling, a move and a new dwelling show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ecoop import language
from ecoop.governance.heat_supply import OVER, ConnectionStep, ContractStep
from ecoop.governance.roles import Actor, Permission
from ecoop.governance.tenures import DwellingKind, TenureKind
from ecoop.language import gettext as _
from ecoop.language.cases import SEGMENTS, name_of
from ecoop.language.dwellings import (
    connection_name,
    contract_name,
    fate_name,
    kind_name,
    tenure_name,
)
from ecoop.services.building_views import BuildingFacts, Holder
from ecoop.services.dwelling_views import ContractFacts, DwellingFacts, StoryKind, StoryLine
from ecoop.services.moves import ContractFate, Moved
from ecoop.web.dwellings.pages import names

THOUSANDTHS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderRow:
    """Somebody who has the dwelling; `membership_id` leads to the page of the member, where one may look there."""

    what: str
    name: str
    membership_id: int | None
    member: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractRow:
    """A heat contract in words; `steps` can be written down next."""

    id: int
    holder: str
    state: str
    since: str
    version: str
    through_landlord: bool
    is_over: bool
    steps: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRow:
    """One line of the story."""

    day: str
    what: str
    who: str
    recorded: str
    reason: str
    corrected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DwellingPage:
    """One dwelling: who has it, connection and contract, and how that came about."""

    title: str
    answer: str
    building: str
    building_id: int
    facts: tuple[tuple[str, str], ...]
    holders: tuple[HolderRow, ...]
    connection: str
    contracts: tuple[ContractRow, ...]
    story: tuple[StoryRow, ...]
    may_keep: bool
    sees_all: bool
    sees_residents: bool


def dwelling_page(found: DwellingFacts, actor: Actor) -> DwellingPage:
    """One dwelling on a day, newest event first."""
    sees_register = actor.may(Permission.SEE_REGISTER)
    return DwellingPage(
        title=_("%(address)s, %(building)s", address=found.address, building=found.building),
        answer=_answer(found),
        building=found.building,
        building_id=found.building_id,
        facts=tuple(_facts(found)),
        holders=tuple(_holder(one, sees_register=sees_register) for one in found.holders),
        connection=_connection(found),
        contracts=tuple(_contract(one) for one in found.contracts),
        story=tuple(_story(line) for line in found.story),
        may_keep=actor.may(Permission.KEEP_REGISTER),
        sees_all=actor.may(Permission.SEE_BUILDINGS),
        sees_residents=found.sees_residents,
    )


def _answer(found: DwellingFacts) -> str:
    tenant = names(found.holders, TenureKind.TENANT)
    landlord = names(found.holders, TenureKind.LANDLORD)
    owners = names(found.holders, TenureKind.OWNER)
    if tenant and landlord:
        return _("%(name)s rents it from %(other)s.", name=tenant, other=landlord)
    if tenant:
        return _("%(name)s rents it.", name=tenant)
    if landlord and found.sees_residents:
        return _("%(name)s lets it; the tenant is not known here.", name=landlord)
    if landlord:
        return _("%(name)s lets it.", name=landlord)
    if owners:
        return _("%(owners)s: owner, and nobody else is known to live or work there.", owners=owners)
    return _("Who has it is not known here.") if found.sees_residents else _connection(found)


def _facts(found: DwellingFacts) -> Iterator[tuple[str, str]]:
    unknown = _("unknown")
    yield _("What it is"), kind_name(found.kind)
    yield _("Address"), ", ".join([found.address, " ".join(part for part in (found.postcode, found.city) if part)])
    yield _("Building and structural unit"), f"{found.building}, {found.unit}"
    yield _("Segment of the business case"), name_of(SEGMENTS, found.segment) if found.segment else unknown
    yield (
        _("Floor area"),
        (_("%(area)s m²", area=language.number(found.floor_area_m2)) if found.floor_area_m2 is not None else unknown),
    )
    yield (
        _("Dwelling equivalents"),
        (
            language.number(found.equivalent_thousandths / THOUSANDTHS, 1)
            if found.equivalent_thousandths is not None
            else unknown
        ),
    )
    yield _("Owners' association (VvE)"), language.listing(list(found.associations)) or _("none")
    if found.landlord_reference:
        yield _("Number of the landlord"), found.landlord_reference


def _holder(one: Holder, *, sees_register: bool) -> HolderRow:
    member = _("member, no. %(number)s", number=one.number) if one.number is not None else ""
    return HolderRow(
        what=tenure_name(one.kind),
        name=one.name or _("unknown"),
        membership_id=one.membership_id if sees_register else None,
        member=member or _("no member"),
        since=language.day(one.valid_from),
    )


def _connection(found: DwellingFacts) -> str:
    if found.connection is None or found.connection_since is None:
        return _("Nothing is recorded of the connection yet.")
    return _(
        "The connection: %(state)s, since %(day)s.",
        state=connection_name(found.connection), day=language.day(found.connection_since),
    )  # fmt: skip


def _contract(one: ContractFacts) -> ContractRow:
    contract = one.contract
    return ContractRow(
        id=contract.id,
        holder=one.holder or _("not shown"),
        state=contract_name(contract.state) or "–",
        since=language.day(contract.since) if contract.since else "–",
        version=contract.version,
        through_landlord=contract.through_landlord,
        is_over=contract.state in OVER,
        steps=tuple((step.value, contract_name(step)) for step in one.next_steps),
    )


def _story(line: StoryLine) -> StoryRow:
    return StoryRow(
        day=language.day(line.day),
        what=_what(line),
        who=line.actor or _("ecoop itself"),
        recorded=language.moment(line.recorded_at),
        reason=line.reason or "",
        corrected=line.is_corrected,
    )


def _what(line: StoryLine) -> str:
    name = line.name or _("unknown")
    match line.kind:
        case StoryKind.TENURE_BEGAN:
            return _("%(kind)s from this day: %(name)s", kind=tenure_name(line.code), name=name)
        case StoryKind.TENURE_ENDED:
            return _("%(kind)s no longer: %(name)s", kind=tenure_name(line.code), name=name)
        case StoryKind.CONNECTION:
            return _("Connection: %(state)s", state=connection_name(line.code))
        case _ if line.name:
            return _("Heat contract of %(name)s: %(state)s", name=line.name, state=contract_name(line.code))
        case _:
            return _("Heat contract: %(state)s", state=contract_name(line.code))


# forms


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """A form with a title; `asks` says what would happen, to be confirmed."""

    title: str
    answer: str
    asks: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()


def move_page(found: DwellingFacts, *, messages: Sequence[str] = (), asks: Sequence[str] = ()) -> FormPage:
    """Recording that people move."""
    return FormPage(
        title=_("Record a move at %(address)s", address=found.address),
        answer=_("Who leaves, who comes and what becomes of the contract, written down together."),
        asks=tuple(asks),
        messages=tuple(messages),
    )


def consequences(
    found: DwellingFacts, moved: Moved, *, kind: TenureKind, day: date, comes: str, fate: ContractFate
) -> Iterator[str]:
    """What a move does, in sentences to be confirmed."""
    told = {"address": found.address, "day": language.day(day)}
    leaving = [one.name or _("unknown") for one in found.holders if one.party_id in moved.left_ids and one.kind is kind]
    if leaving:
        yield _("%(names)s will have left %(address)s on %(day)s.", names=language.listing(leaving), **told)
    if comes:
        right = tenure_name(kind).lower()
        yield _("%(name)s is %(right)s of %(address)s from %(day)s on.", name=comes, right=right, **told)
    if moved.contract_ids and fate is ContractFate.HAND_OVER:
        yield _("The heat contract is handed over: it is over for who leaves and is offered to who comes.")
    elif moved.contract_ids:
        yield _("The heat contract ends on %(day)s.", **told)
    else:
        yield _("No heat contract changes.")
    yield _("Memberships stay as they are: a move is no notice.")


def add_page(found: BuildingFacts, *, messages: Sequence[str] = ()) -> FormPage:
    """Adding a dwelling."""
    return FormPage(
        title=_("Add a dwelling to %(building)s", building=found.name),
        answer=_("Who has it, the connection and the contract follow on the page of the dwelling."),
        messages=tuple(messages),
    )


def kind_choices() -> list[tuple[str, str]]:
    """What is connected."""
    return [(one.value, kind_name(one)) for one in DwellingKind]


def segment_choices() -> list[tuple[str, str]]:
    """Segments of the business case."""
    return [("", _("Not known yet")), *((code, name_of(SEGMENTS, code)) for code in SEGMENTS)]


def own_unit_choices(found: BuildingFacts) -> list[tuple[str, str]]:
    """The units of a building, or a new one."""
    return [*((str(unit.id), unit.name) for unit in found.units), ("", _("A new structural unit"))]


def step_choices(steps: Sequence[ConnectionStep] | Sequence[ContractStep]) -> list[tuple[str, str]]:
    """What can be written down next."""
    named = {one.value: connection_name(one) for one in steps if isinstance(one, ConnectionStep)}
    named |= {one.value: contract_name(one) for one in steps if isinstance(one, ContractStep)}
    return [("", _("Choose what happened")), *named.items()]


def moving_choices() -> list[tuple[str, str]]:
    """By what right who moves has the dwelling."""
    return [(one.value, tenure_name(one)) for one in (TenureKind.TENANT, TenureKind.OWNER)]


def fate_choices() -> list[tuple[str, str]]:
    """What becomes of the contract."""
    return [(one.value, fate_name(one)) for one in ContractFate]


def holder_choices(found: DwellingFacts) -> list[tuple[str, str]]:
    """Who can hold a contract of this dwelling."""
    seen = {str(one.party_id): f"{one.name or _('unknown')} ({tenure_name(one.kind).lower()})" for one in found.holders}
    return [("", _("Choose who")), *list(seen.items())]
