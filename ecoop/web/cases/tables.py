"""The tables of the business case: the same numbers as in its pictures, on the page and as files."""

from collections.abc import Mapping, Sequence
from math import isfinite

from ecoop.exchange.tables import Cell, Column, Kind, Table
from ecoop.finance.nmdn import Reference
from ecoop.finance.results import CaseResult
from ecoop.language import gettext as _
from ecoop.language.assumptions import label_of, unit_words
from ecoop.language.cases import ASSETS, SEGMENTS, SHORT_REFERENCES, SOURCES, SUBSIDIES, USES, name_of
from ecoop.language.names import tag_name
from ecoop.money import round_together
from ecoop.services.cases import AssumptionView, CaseView

Amounts = Sequence[tuple[str, int]]
LABELS = frozenset({"schema", "name"})


def sources(result: CaseResult) -> Amounts:
    """Where the cooperative's money comes from [EUR], whole euros that add up."""
    plan = result.sources_uses.sources
    shown = {name: value for name, value in plan.items() if name != "capitalised_interest" and abs(value) >= 0.5}
    rounded = round_together(list(shown.values()))
    names = [name_of({**SUBSIDIES, **SOURCES}, name) for name in shown]
    return list(zip(names, rounded, strict=True))


def uses(result: CaseResult) -> Amounts:
    """What the cooperative's money is for [EUR]: works by part, then the rest; whole euros that add up."""
    plan = result.sources_uses.uses
    rest = {
        name_of(USES, name): value
        for name, value in plan.items()
        if name not in {"capex", "capitalised_interest"} and abs(value) >= 0.5
    }
    shown = _works(result, plan["capex"]) | rest
    return list(zip(shown, round_together(list(shown.values())), strict=True))


def _works(result: CaseResult, together: float) -> dict[str, float]:
    """The works part by part [EUR]: what belongs to a connection is bought for who joins, the rest in full."""
    uptake = result.inputs.connections.uptake
    amounts = {
        name_of(ASSETS, asset.name): asset.amount * (uptake if asset.per_connection else 1.0)
        for asset in result.inputs.capex.asset
    }
    planned = sum(amounts.values())
    return {name: together * amount / planned for name, amount in amounts.items()} if planned else {}


def sources_table(result: CaseResult) -> Table:
    """Where the money comes from: the sum of the cooperative, and the water board's share apart."""
    return _plan_table("sources", _("Where the money comes from"), sources(result), result)


def uses_table(result: CaseResult) -> Table:
    """What the money is for, with the same sums."""
    return _plan_table("uses", _("What the money is for"), uses(result), result)


def _plan_table(name: str, caption: str, rows: Amounts, result: CaseResult) -> Table:
    together = sum(amount for _name, amount in rows)
    water_board = round(result.inputs.capex.teo_by_waterboard)
    return Table(
        name=name,
        caption=caption,
        columns=(Column(label=_("Part")), Column(label=_("EUR"), kind=Kind.EURO)),
        rows=(
            *rows,
            (_("The cooperative together"), together),
            (_("Heat from the canal, by the water board"), water_board),
            (_("The whole project"), together + water_board),
        ),
        totals=3,
    )


def bills_table(result: CaseResult, position: int, references: Mapping[Reference, str]) -> Table:
    """Now against then per kind of customer in one year, both references beside each other."""
    columns = [
        Column(label=_("Kind of connection")),
        Column(label=_("Connections"), kind=Kind.COUNT),
        *(Column(label=name, kind=Kind.EURO) for name in references.values()),
        Column(label=_("Later, with heat"), kind=Kind.EURO),
        *(Column(label=_("Pay no more, %(reference)s", reference=short_reference(one)), kind=Kind.PERCENT)
          for one in references),
    ]  # fmt: skip
    rows = [_bill_row(result, segment.name, position, references) for segment in result.inputs.segment]
    everybody: list[Cell] = [_("All together"), sum(segment.count for segment in result.inputs.segment)]
    everybody += [None] * (len(references) + 1)
    everybody += [result.nmdn[reference].share_ok(position) for reference in references]
    return Table(
        name="bills",
        caption=_("The yearly bill now and later, average per connection"),
        columns=tuple(_no_sum(column) for column in columns),
        rows=(*rows, tuple(everybody)),
        totals=1,
    )


def short_reference(reference: Reference) -> str:
    """A reference in two or three words, for the head of a column."""
    return name_of(SHORT_REFERENCES, reference)


def _no_sum(column: Column) -> Column:
    return Column(label=column.label, kind=column.kind, none="–")


def _bill_row(result: CaseResult, segment: str, position: int, references: Mapping[Reference, str]) -> tuple[Cell, ...]:
    bills = {reference: result.nmdn[reference].segments[segment] for reference in references}
    first = next(iter(bills.values()))
    return (
        name_of(SEGMENTS, segment),
        first.connections,
        *(float(one.now_eur[position]) for one in bills.values()),
        float(first.then_eur[position]),
        *(float(one.ok[position]) / one.connections if one.connections else None for one in bills.values()),
    )


def shares_table(result: CaseResult, references: Mapping[Reference, str]) -> Table:
    """Share of connections that do not pay more, by year."""
    rows = [
        (int(year), *(result.nmdn[reference].share_ok(position) for reference in references))
        for position, year in enumerate(result.years)
    ]
    return Table(
        name="shares",
        caption=_("Connections that do not pay more than now, by year"),
        columns=(
            Column(label=_("Year"), kind=Kind.YEAR),
            *(Column(label=name, kind=Kind.PERCENT) for name in references.values()),
        ),
        rows=tuple(rows),
    )


_YEARS = (
    ("revenue_eur", Kind.EURO), ("electricity_cost_eur", Kind.EURO), ("opex_eur", Kind.EURO),
    ("ebitda_eur", Kind.EURO), ("tax_eur", Kind.EURO), ("debt_service_eur", Kind.EURO),
    ("replacement_eur", Kind.EURO), ("loan_balance_eur", Kind.EURO), ("cash_eur", Kind.EURO),
    ("reserve_eur", Kind.EURO), ("dscr", Kind.RATIO), ("dscr_after_reserve", Kind.RATIO),
)  # fmt: skip


def years_table(result: CaseResult) -> Table:
    """Cash, debt and cover ratio of every year."""
    labels = {
        "revenue_eur": _("Revenue"),
        "electricity_cost_eur": _("Electricity"),
        "opex_eur": _("Upkeep and management"),
        "ebitda_eur": _("Operating result"),
        "tax_eur": _("Tax"),
        "debt_service_eur": _("Interest and repayment"),
        "replacement_eur": _("Replacements"),
        "loan_balance_eur": _("Loan at year end"),
        "cash_eur": _("Cash at year end"),
        "reserve_eur": _("of which put aside"),
        "dscr": _("Cover ratio"),
        "dscr_after_reserve": _("Cover ratio after putting aside"),
    }
    columns = [Column(label=_("Year"), kind=Kind.YEAR)]
    columns += [Column(label=labels[name], kind=kind, none="–") for name, kind in _YEARS]
    rows = tuple(
        (int(year), *(_finite(float(result.series[name][position])) for name, _kind in _YEARS))
        for position, year in enumerate(result.years)
    )
    caption = _("Every year from %(first)s to %(last)s", first=int(result.years[0]), last=int(result.years[-1]))
    return Table(name="years", caption=caption, columns=tuple(columns), rows=rows)


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None


def assumptions_table(assumptions: Sequence[AssumptionView]) -> Table:
    """Every input with its value, unit, tag and source."""
    return Table(
        name="assumptions",
        caption=_("Every assumption"),
        columns=(
            Column(label=_("Assumption")),
            Column(label=_("Name in the file")),
            Column(label=_("Value")),
            Column(label=_("Unit"), none=""),
            Column(label=_("How sure")),
            Column(label=_("Source and remarks"), none="–"),
            Column(label=_("Address"), none="–"),
        ),
        rows=tuple(
            (
                label_of(one.key),
                one.key,
                _as_number(one.value),
                unit_words(one.unit),
                tag_name(one.tag),
                one.source,
                one.source_url,
            )
            for one in shown_assumptions(assumptions)
        ),
    )


def _as_number(written: str) -> Cell:
    """A plain number as a number, so that no spreadsheet takes 1.5 for a day; anything else as it was written."""
    try:
        value = float(written)
        return int(written) if written.removeprefix("-").isdigit() else value if isfinite(value) else written
    except ValueError:
        return written


def shown_assumptions(assumptions: Sequence[AssumptionView]) -> list[AssumptionView]:
    """All but the names of things, which are no assumptions."""
    return [one for one in assumptions if one.key.rpartition(".")[2] not in LABELS]


def all_tables(case: CaseView, position: int, references: Mapping[Reference, str]) -> dict[str, Table]:
    """The tables of the page by name."""
    result = case.result
    tables = (
        bills_table(result, position, references),
        shares_table(result, references),
        sources_table(result),
        uses_table(result),
        years_table(result),
        assumptions_table(case.assumptions),
    )
    return {table.name: table for table in tables}
