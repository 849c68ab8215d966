"""What the first pages show."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from ecoop import language
from ecoop.exchange.tables import Cell, Column, Kind, Table
from ecoop.finance.nmdn import Reference
from ecoop.finance.results import CaseResult
from ecoop.governance.roles import Permission
from ecoop.governance.tenures import DwellingKind
from ecoop.language import gettext as _
from ecoop.language import ngettext
from ecoop.language.cases import REFERENCES, SEGMENTS, name_of
from ecoop.language.dwellings import connection_name, contract_name
from ecoop.language.names import ownership_name
from ecoop.language.turns import PLACES, turn_line
from ecoop.money import whole_euros
from ecoop.services.building_counts import Counts
from ecoop.services.buildings import BuildingView
from ecoop.services.cases import CaseView
from ecoop.services.cooperatives import CooperativeView
from ecoop.services.dwelling_views import OwnDwelling
from ecoop.services.places import Place
from ecoop.services.support import SupportView
from ecoop.services.turns import SUPPORT_ASKED, TurnView
from ecoop.web.case_words import Sign, case_signs, feasible_sentence, focus_year, forecast_sentence, promise_sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class WelcomePage:
    """The front door for who is not signed in."""

    title: str
    answer: str
    demo: bool
    cooperatives: tuple[tuple[str, str, str], ...]
    """Short name, name and place of those with a public page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Something that waits for who looks, or that they should know; `url` is where something is done about it."""

    sentence: str
    url: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewPage:
    """The state of affairs of a cooperative."""

    title: str
    answer: str
    second: str
    signs: tuple[Sign, ...]
    buildings: str
    waiting: tuple[Waiting, ...]
    has_case: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """One kind of connection to choose from."""

    code: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPage:
    """What the promise means for a household like the member's own."""

    title: str
    greeting: str
    """The own dwelling; empty for who has none that is recorded."""
    states: tuple[str, ...]
    answer: str
    second: str
    households: tuple[Household, ...]
    ask: str
    table: Table | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildingsPage:
    """The buildings that somebody may see."""

    title: str
    answer: str
    second: str
    table: Table
    links: tuple[str, ...]
    """Where each building leads, in the order of the table; empty for who may not look further."""


def welcome_page(published: Sequence[CooperativeView], *, demo: bool) -> WelcomePage:
    """What this is, for who comes in without an account."""
    return WelcomePage(
        title=_("Your energy cooperative, in your own hands"),
        answer=_("The business case, the buildings and who may do what in one place, for members and board alike."),
        demo=demo,
        cooperatives=tuple((one.slug, one.name, one.place) for one in published),
    )


def overview_page(
    place: Place,
    *,
    case: CaseView | None,
    buildings: Sequence[BuildingView],
    support: Sequence[SupportView],
    waits: Sequence[TurnView],
    noticed: Sequence[Waiting] = (),
    now: datetime,
) -> OverviewPage:
    """Stand van zaken."""
    result = case.result if case else None
    return OverviewPage(
        title=_("State of affairs"),
        answer=_overview_answer(place, result),
        second=_second(result) if result else "",
        signs=case_signs(result, focus_year(result)) if result else (),
        buildings=_buildings_sentence(buildings),
        waiting=(*_turns(place, waits, support), *noticed, *_looking_in(place, support, now)),
        has_case=case is not None,
    )


def _where(place: Place, answer: str) -> str:
    return url_for("home.overview", cooperative=place.slug) + answer if answer else ""


def _turns(place: Place, waits: Sequence[TurnView], support: Sequence[SupportView]) -> Iterator[Waiting]:
    asked = {f"support_grant:{one.id}": one for one in support}
    for turn in waits:
        one = asked.get(turn.subject)
        if one is not None:
            sentence = _("%(name)s asks to look in: “%(reason)s”", name=one.administrator, reason=one.reason)
        else:
            sentence = turn_line(turn.kind, turn.since, turn.due_on)
        yield Waiting(sentence=sentence, url=_where(place, PLACES.get(turn.kind, "")), label=_("Answer it"))


def _looking_in(place: Place, support: Sequence[SupportView], now: datetime) -> Iterator[Waiting]:
    for one in support:
        if one.is_open(now) and one.ends_at:
            sentence = _(
                "%(name)s can look in until %(end)s.", name=one.administrator, end=language.moment(one.ends_at)
            )
            yield Waiting(sentence=sentence, url=_where(place, PLACES[SUPPORT_ASKED]), label=_("Look at it"))


def _second(result: CaseResult) -> str:
    return f"{forecast_sentence(result, focus_year(result))} {feasible_sentence(result)}".strip()


def _overview_answer(place: Place, result: CaseResult | None) -> str:
    if result is not None:
        return promise_sentence(result, focus_year(result))
    if place.actor.may(Permission.SEE_CASE):
        return _("%(name)s has no business case here yet.", name=place.name)
    return _("Welcome to %(name)s.", name=place.name)


def _buildings_sentence(buildings: Sequence[BuildingView]) -> str:
    if not buildings:
        return ""
    dwellings = sum(one.dwellings for one in buildings)
    businesses = sum(one.business_units for one in buildings)
    return ngettext(
        "%(count)s building with %(dwellings)s dwellings and %(businesses)s business units.",
        "%(count)s buildings with %(dwellings)s dwellings and %(businesses)s business units.",
        len(buildings),
        dwellings=language.number(dwellings),
        businesses=language.number(businesses),
    )


def own_page(place: Place, *, case: CaseView | None, segment: str | None, mine: Sequence[OwnDwelling] = ()) -> OwnPage:
    """Voor jou: the own dwelling, and what the promise means for a household like it."""
    home = mine[0] if mine else None
    if case is None:
        answer = _("There is no business case yet, so we cannot say what you will pay.")
        return OwnPage(title=_("For you"), greeting=_greeting(place, home), states=_states(mine), answer=answer,
                       second="", households=(), ask="", table=None, notes=())  # fmt: skip
    result = case.result
    codes = [one.name for one in result.inputs.segment]
    own = home.segment if home and home.segment in codes else None
    chosen = segment if segment in codes else own or codes[0]
    year = focus_year(result)
    position = result.position(year)
    return OwnPage(
        title=_("For you"),
        greeting=_greeting(place, home),
        states=_states(mine),
        answer=_own_answer(result, chosen, position, year),
        second=promise_sentence(result, year),
        households=tuple(Household(code=code, name=name_of(SEGMENTS, code), chosen=code == chosen) for code in codes),
        ask=_("Look at another kind of connection") if own else _("What kind of connection do you have?"),
        table=_own_table(result, chosen, position),
        notes=_own_notes(result, chosen, position, year),
    )


def _greeting(place: Place, home: OwnDwelling | None) -> str:
    if home is None:
        return ""
    told = {"name": place.actor.name.partition(" ")[0], "building": home.building, "address": home.address}
    if home.kind is DwellingKind.BUSINESS_UNIT:
        return _("%(name)s, your business: %(building)s, %(address)s", **told)
    return _("%(name)s, your home: %(building)s, %(address)s", **told)


def _states(mine: Sequence[OwnDwelling]) -> tuple[str, ...]:
    """How far connection and contract are, for each dwelling of who looks."""
    return tuple(sentence for one in mine for sentence in _states_of(one, several=len(mine) > 1))


def _states_of(one: OwnDwelling, *, several: bool) -> Iterator[str]:
    where = f"{one.address}: " if several else ""
    state = connection_name(one.connection)
    yield where + (
        _("Your connection: %(state)s.", state=state) if state else _("Nothing is planned for your connection yet.")
    )
    signed = contract_name(one.contract)
    if signed:
        yield where + _("Your heat contract: %(state)s (%(version)s).", state=signed, version=one.version)
    elif one.has_contract_of_another:
        yield where + _("The heat contract of this dwelling is not in your name.")
    else:
        yield where + _("You have no heat contract yet.")


def _own_answer(result: CaseResult, segment: str, position: int, year: int) -> str:
    bills = result.nmdn[Reference.CONTRACT].segments[segment]
    now, then = (whole_euros(float(one[position])) for one in (bills.now_eur, bills.then_eur))
    words = {
        "kind": name_of(SEGMENTS, segment),
        "now": language.euros(now),
        "then": language.euros(then),
        "year": year,
        "difference": language.euros(abs(now - then)),
    }
    if then <= now:
        return _("%(kind)s: on average %(then)s a year with heat, %(difference)s less than now.", **words)
    return _("%(kind)s: on average %(then)s a year with heat, %(difference)s more than now.", **words)


def _own_table(result: CaseResult, segment: str, position: int) -> Table:
    contract = result.nmdn[Reference.CONTRACT].segments[segment]
    rows = []
    for reference in (Reference.CONTRACT, Reference.GAS_PATH):
        bills = result.nmdn[reference].segments[segment]
        now, then = (whole_euros(float(one[position])) for one in (bills.now_eur, contract.then_eur))
        share = float(bills.ok[position]) / bills.connections if bills.connections else None
        rows.append((name_of(REFERENCES, reference), now, then, then - now, share))
    return Table(
        name="own",
        caption=_("A household like yours, now and later"),
        columns=(
            Column(label=_("Compared with")),
            Column(label=_("Now, a year"), kind=Kind.EURO),
            Column(label=_("With heat, a year"), kind=Kind.EURO),
            Column(label=_("Difference"), kind=Kind.EURO),
            Column(label=_("Households like this that pay no more"), kind=Kind.PERCENT, none="–"),
        ),
        rows=tuple(rows),
    )


def _own_notes(result: CaseResult, segment: str, position: int, year: int) -> tuple[str, ...]:
    inputs = result.inputs
    mine = next(one for one in inputs.segment if one.name == segment)
    vat = _("including VAT") if mine.pays_vat else _("excluding VAT, which a business reclaims")
    return (
        _("Amounts of %(year)s, %(vat)s.", year=year, vat=vat),
        _(
            "Reckoned with %(gas)s m³ gas a year, cooking included. Your use may differ: who uses little gains less.",
            gas=language.number(mine.gas_m3),
        ),
        _("These are averages of the business case, not your own bill. They rest on assumptions you can read there."),
    )


def buildings_page(
    place: Place, buildings: Sequence[BuildingView], counts: Mapping[int, Counts] | None = None, *, own: bool = False
) -> BuildingsPage:
    """The buildings with what is connected in them; `counts` for who may see their dwellings."""
    rows = [_building_row(one, counts) for one in buildings]
    if len(rows) > 1:
        rows.append(_together(buildings, counts))
    return BuildingsPage(
        title=_("My buildings") if own else _("Buildings"),
        answer=_buildings_sentence(buildings) or _("No buildings are recorded for %(name)s yet.", name=place.name),
        second=_counted_sentence(counts) if counts else "",
        table=Table(
            name="buildings",
            caption=_("Buildings and what is connected in them"),
            columns=(
                Column(label=_("Building")),
                Column(label=_("Owner")),
                Column(label=_("Dwellings"), kind=Kind.COUNT),
                Column(label=_("Business units"), kind=Kind.COUNT),
                Column(label=_("Dwelling equivalents"), kind=Kind.COUNT),
                *(_count_columns() if counts is not None else ()),
            ),
            rows=tuple(rows),
            totals=1 if len(buildings) > 1 else 0,
        ),
        links=tuple(_building_url(place, one.id) for one in buildings) if counts is not None else (),
    )


def _building_url(place: Place, building_id: int) -> str:
    return url_for("dwellings.building", cooperative=place.slug, building_id=building_id)


def _count_columns() -> tuple[Column, ...]:
    return (
        Column(label=_("With a member"), kind=Kind.COUNT),
        Column(label=_("Contract signed"), kind=Kind.COUNT),
        Column(label=_("Gets heat"), kind=Kind.COUNT),
    )


def _building_row(one: BuildingView, counts: Mapping[int, Counts] | None) -> tuple[Cell, ...]:
    row = (one.name, ownership_name(one.ownership), one.dwellings, one.business_units, one.dwelling_equivalents)
    return row if counts is None else (*row, *_counted(counts.get(one.id, Counts())))


def _counted(counts: Counts) -> tuple[Cell, ...]:
    return counts.with_member, counts.signed, counts.delivering


def _together(buildings: Sequence[BuildingView], counts: Mapping[int, Counts] | None) -> tuple[Cell, ...]:
    known = [one.dwelling_equivalents for one in buildings if one.dwelling_equivalents is not None]
    total = sum(known) if len(known) == len(buildings) else None
    row = (_("Together"), "", sum(b.dwellings for b in buildings), sum(b.business_units for b in buildings), total)
    if counts is None:
        return row
    found = counts.values()
    sums = sum(c.with_member for c in found), sum(c.signed for c in found), sum(c.delivering for c in found)
    return (*row, *sums)


def _counted_sentence(counts: Mapping[int, Counts]) -> str:
    found = counts.values()
    return _(
        "%(members)s of %(places)s have a member, %(signed)s have a signed heat contract.",
        members=language.number(sum(one.with_member for one in found)),
        places=language.number(sum(one.places for one in found)),
        signed=language.number(sum(one.signed for one in found)),
    )
