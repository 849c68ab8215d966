"""What the page "Businesscase" shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ecoop import clock, language
from ecoop.charts import cases as charts
from ecoop.errors import Problem
from ecoop.exchange.tables import Table
from ecoop.finance.digest import ENGINE_VERSION
from ecoop.finance.nmdn import Reference
from ecoop.finance.results import CaseResult
from ecoop.governance.evidence import Tag
from ecoop.governance.figures import SourcedFigure, Unit
from ecoop.governance.roles import Permission
from ecoop.language import gettext as _
from ecoop.language.assumptions import group_title, label_of, value_words
from ecoop.language.cases import BOUNDS, SEGMENTS, SUBJECTS, name_of
from ecoop.language.figures import basis_name
from ecoop.language.names import tag_name
from ecoop.language.reasons import problem_text
from ecoop.money import whole_euros
from ecoop.services.cases import CaseView
from ecoop.services.places import Place
from ecoop.web.case_words import (
    Sign,
    case_signs,
    feasible_sentence,
    focus_year,
    forecast_sentence,
    household_references,
    promise_sentence,
)
from ecoop.web.cases import tables
from ecoop.web.figures import Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedRow:
    """What a source states beside what the case computes."""

    subject: str
    stated: str
    source: str
    source_url: str | None
    computed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumptionRow:
    """One input; `key` is its name in the file."""

    key: str
    label: str
    value: str
    unit: str
    tag: str
    tag_name: str
    source: str | None
    source_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumptionGroup:
    """The inputs of one part of the case."""

    name: str
    rows: tuple[AssumptionRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """The business case."""

    title: str
    case_name: str
    answer: str
    second: str
    signs: tuple[Sign, ...]
    year: int
    years: tuple[int, ...]
    bills: Picture
    shares: Picture
    plan: Picture
    stated: tuple[StatedRow, ...]
    stated_note: str
    cash: Picture
    cover: Picture
    cover_note: str
    groups: tuple[AssumptionGroup, ...]
    counts: tuple[tuple[str, str, int], ...]
    digest: str
    engine_version: str
    recorded: str
    may_replace: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoCasePage:
    """There is no case yet: what belongs here and how to begin."""

    title: str
    answer: str
    may_replace: bool


def no_case_page(place: Place) -> NoCasePage:
    """The empty page."""
    return NoCasePage(
        title=_("Business case"),
        answer=_("%(name)s has no business case here yet.", name=place.name),
        may_replace=place.actor.may(Permission.REPLACE_CASE),
    )


def chosen_year(result: CaseResult, wanted: str | None) -> int:
    """The year that was asked for, else the first full one, else the last."""
    known = {str(year): int(year) for year in result.years}
    return known.get(wanted or "") or focus_year(result)


def case_page(place: Place, case: CaseView, stated: Sequence[SourcedFigure], wanted_year: str | None) -> CasePage:
    """The whole page."""
    result = case.result
    year = chosen_year(result, wanted_year)
    found = tables.all_tables(case, result.position(year), household_references())
    groups = _groups(case)
    return CasePage(
        title=_("Business case"),
        case_name=case.name,
        answer=promise_sentence(result, year),
        second=f"{forecast_sentence(result, year)} {feasible_sentence(result)}".strip(),
        signs=case_signs(result, year),
        year=year,
        years=tuple(int(one) for one in result.years),
        bills=_bills(result, year, found),
        shares=_shares(result, found),
        plan=_plan(result, found),
        stated=_stated(result, stated),
        stated_note=_stated_note(result),
        cash=_cash(result, found),
        cover=_cover(result, found),
        cover_note=_cover_note(result),
        groups=groups,
        counts=_counts(groups),
        digest=result.digest,
        engine_version=ENGINE_VERSION,
        recorded=_recorded(case),
        may_replace=place.actor.may(Permission.REPLACE_CASE),
    )


def _recorded(case: CaseView) -> str:
    day = language.day(clock.legal_day(case.recorded_at))
    if case.recorded_by is None:
        return _("Recorded on %(day)s.", day=day)
    return _("Recorded on %(day)s by %(name)s.", day=day, name=case.recorded_by)


def _bills(result: CaseResult, year: int, found: Mapping[str, Table]) -> Picture:
    position = result.position(year)
    references = household_references()
    names = [name_of(SEGMENTS, segment.name) for segment in result.inputs.segment if segment.kw == 0.0]
    shown = [segment.name for segment in result.inputs.segment if segment.kw == 0.0]
    now = {
        name: [float(result.nmdn[reference].segments[one].now_eur[position]) for one in shown]
        for reference, name in references.items()
    }
    then = [float(result.nmdn[Reference.CONTRACT].segments[one].then_eur[position]) for one in shown]
    return Picture(
        name="bills",
        title=_("The yearly bill in %(year)s: now and later", year=year),
        alt=_("Bars per kind of connection: the bill now under two references, and then with heat."),
        figure=charts.now_and_then(names, now, then),
        tables=(found["bills"],),
    )


def _shares(result: CaseResult, found: Mapping[str, Table]) -> Picture:
    return Picture(
        name="shares",
        title=_("How many pay no more, year after year"),
        alt=_("Two lines by year: the share of connections that do not pay more under each reference."),
        figure=charts.share_by_year(result, household_references()),
        tables=(found["shares"],),
    )


def _plan(result: CaseResult, found: Mapping[str, Table]) -> Picture:
    water_board = (_("Heat from the canal, by the water board"), round(result.inputs.capex.teo_by_waterboard))
    total = sum(amount for _name, amount in tables.sources(result)) + water_board[1]
    columns = ((_("Sources"), tables.sources(result)), (_("Uses"), tables.uses(result)))
    return Picture(
        name="plan",
        title=_("Where %(total)s comes from and what it is for", total=language.euros(total)),
        alt=_("Two stacked bars of the same length: sources and uses of the money, part by part."),
        figure=charts.sources_and_uses(columns, water_board),
        tables=(found["sources"], found["uses"]),
    )


def _cash(result: CaseResult, found: Mapping[str, Table]) -> Picture:
    return Picture(
        name="cash",
        title=_("Cash and debt over %(count)s years", count=len(result.years)),
        alt=_("Lines by year: the loan goes down to nothing, cash goes up and drops when parts are replaced."),
        figure=charts.cash_and_debt(result),
        tables=(found["years"],),
    )


def _cover(result: CaseResult, found: Mapping[str, Table]) -> Picture:
    return Picture(
        name="cover",
        title=_("Can the loan be carried every year?"),
        alt=_("The cover ratio by year beside the level that the lender asks."),
        figure=charts.cover(result),
        tables=(),
    )


def _cover_note(result: CaseResult) -> str:
    after = result.ratios.min_dscr_after_reserve
    if after is None:
        return ""
    return _(
        "After putting money aside for replacements the lowest ratio is %(after)s. The lender's test does not look "
        "at that; the board should.",
        after=language.number(after, 2),
    )


def _stated(result: CaseResult, stated: Sequence[SourcedFigure]) -> tuple[StatedRow, ...]:
    computed = _computed_amounts(result)
    return tuple(
        StatedRow(
            subject=name_of(SUBJECTS, one.subject),
            stated=_stated_amount(one),
            source=one.source,
            source_url=one.source_url,
            computed=language.euros(computed[one.subject]),
        )
        for one in stated
        if one.subject in computed and one.unit is Unit.EUR
    )


def _stated_amount(figure: SourcedFigure) -> str:
    if figure.value is None:
        return _("unknown")
    amount = _(BOUNDS[figure.bound], amount=language.millions(figure.value, 1))
    basis = basis_name(figure.basis)
    return f"{amount}, {basis}" if basis else amount


def _computed_amounts(result: CaseResult) -> dict[str, float]:
    plan = result.sources_uses.sources
    cooperative = sum(amount for _name, amount in tables.sources(result))
    water_board = result.inputs.capex.teo_by_waterboard
    return {
        "total": cooperative + water_board,
        "cooperative": cooperative,
        "water_board": water_board,
        "subsidies": float(result.series["subsidy_eur"].sum()),
        "connection_fees": float(plan["connection_fees"]),
        "loan": result.loan.start_balance_eur,
    }


def _stated_note(result: CaseResult) -> str:
    draws, balance = whole_euros(float(result.series["draw_eur"].sum())), whole_euros(result.loan.start_balance_eur)
    return _(
        "The draws on the loan are %(draws)s. With %(interest)s construction interest the debt at the start of "
        "repayment is %(balance)s, within the limit of %(limit)s.",
        draws=language.euros(draws),
        interest=language.euros(balance - draws),  # what is shown adds up
        balance=language.euros(balance),
        limit=language.euros(result.inputs.funding.loan.limit),
    )


def _groups(case: CaseView) -> tuple[AssumptionGroup, ...]:
    groups: dict[str, list[AssumptionRow]] = {}
    for one in tables.shown_assumptions(case.assumptions):
        group = one.key.partition(".")[0]
        value, unit = value_words(one.value, one.unit)
        row = AssumptionRow(
            key=one.key,
            label=label_of(one.key),
            value=value,
            unit=unit,
            tag=one.tag.value,
            tag_name=tag_name(one.tag),
            source=one.source,
            source_url=one.source_url,
        )
        groups.setdefault(group_title(group), []).append(row)
    return tuple(AssumptionGroup(name=name, rows=tuple(rows)) for name, rows in groups.items())


def _counts(groups: Sequence[AssumptionGroup]) -> tuple[tuple[str, str, int], ...]:
    rows = [row for group in groups for row in group.rows]
    return tuple((tag.value, tag_name(tag), sum(row.tag == tag.value for row in rows)) for tag in Tag)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplacePage:
    """Replacing the case."""

    title: str
    problems: tuple[str, ...]


def replace_page(problems: Sequence[Problem]) -> ReplacePage:
    """The form, with everything that is wrong with the file that was sent, each at its place."""
    return ReplacePage(title=_("Replace the business case"), problems=tuple(map(_problem_line, problems)))


def _problem_line(problem: Problem) -> str:
    told = problem_text(problem)
    return told if problem.key == "file" else f"{problem.key}: {told}"
