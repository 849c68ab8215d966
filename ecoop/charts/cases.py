"""The figures of the business case."""

from collections.abc import Mapping, Sequence

import numpy as np

from ecoop import language
from ecoop.charts.style import (
    MILLION,
    OCHRE,
    PETROL,
    SAGE,
    SAND,
    SIGNAL,
    SLATE,
    Figure,
    figure,
    in_millions,
    line,
    threshold,
)
from ecoop.finance.nmdn import Reference
from ecoop.finance.results import CaseResult
from ecoop.language import gettext as _

_SOURCE_TINTS = (PETROL, "#3f8294", "#86b3be", OCHRE, SIGNAL, SLATE, SAND, SAGE)
_USE_TINTS = ("#27515c", "#4a7480", "#6d96a1", "#8fb3bb", "#b2cdd2", "#5f7f6f", "#86a595", "#b3c9bc")
_OUTSIDE = "#b9ad94"


def sources_and_uses(columns: Sequence[tuple[str, Sequence[tuple[str, int]]]], outside: tuple[str, int]) -> Figure:
    """Two stacked bars of named amounts [EUR] that close at the same length; `outside` is hatched at both ends."""
    tints = (_SOURCE_TINTS, _USE_TINTS)
    traces = [
        _part(column, name, amount, tint[place % len(tint)])
        for (column, parts), tint in zip(columns, tints, strict=True)
        for place, (name, amount) in enumerate(parts)
    ]
    for column, _parts in columns:
        traces.append(_part(column, *outside, _OUTSIDE, shape="/"))
    return figure(
        traces,
        y_title="",
        height=300,
        barmode="stack",
        bargap=0.25,
        hovermode="closest",
        uniformtext={"minsize": 11, "mode": "hide"},
        margin={"l": 16, "r": 16, "t": 8, "b": 48},
        xaxis={"title": {"text": _("EUR million"), "font": {"size": 13}}, "fixedrange": True, "rangemode": "tozero"},
        yaxis={"autorange": "reversed", "fixedrange": True, "automargin": True, "showgrid": False},
    )


def _part(column: str, name: str, amount: int, colour: str, shape: str = "") -> Figure:
    return {
        "type": "bar",
        "orientation": "h",
        "y": [column],
        "x": [amount / MILLION],
        "name": name,
        "marker": {
            "color": colour,
            "line": {"color": "#ffffff", "width": 1},
            "pattern": {"shape": shape, "bgcolor": colour, "fgcolor": "#ffffff", "size": 7},
        },
        "hovertemplate": f"%{{fullData.name}}: {in_millions('x:.3f')}<extra></extra>",
        "showlegend": False,
        "text": name,
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
    }


def cash_and_debt(result: CaseResult) -> Figure:
    """Cash, what of it is put aside, and the loan, at the end of each year [EUR million]."""
    years = result.years.tolist()
    rows = {name: (result.series[name] / MILLION).tolist() for name in ("loan_balance_eur", "cash_eur", "reserve_eur")}
    number = in_millions("y:.2f")
    traces = [
        line(years, rows["loan_balance_eur"], _("Loan balance"), SIGNAL, hovertemplate=number),
        line(years, rows["cash_eur"], _("Cash"), PETROL, hovertemplate=number),
        line(years, rows["reserve_eur"], _("of which put aside for replacements"), PETROL, dash="dot",
             hovertemplate=number),
    ]  # fmt: skip
    return figure(traces, y_title=_("EUR million"))


def cover(result: CaseResult) -> Figure:
    """Debt service cover ratio by year beside what the lender asks."""
    years = result.years.tolist()

    def shown(name: str) -> list[float | None]:
        row = result.series[name]
        return [value if ok else None for value, ok in zip(row.tolist(), np.isfinite(row), strict=True)]

    level = result.inputs.covenants.min_dscr
    shape, note = threshold(level, _("the lender asks at least %(level)s", level=language.number(level, 2)))
    traces = [
        line(years, shown("dscr"), _("Cover ratio"), PETROL, hovertemplate="%{y:.2f}"),
        line(years, shown("dscr_after_reserve"), _("after putting aside for replacements"), SLATE, dash="dot",
             hovertemplate="%{y:.2f}"),
    ]  # fmt: skip
    return figure(traces, y_title=_("Cover ratio (DSCR)"), shapes=[shape], annotations=[note])


def now_and_then(names: Sequence[str], now: Mapping[str, Sequence[float]], then: Sequence[float]) -> Figure:
    """Bars per kind of customer: the bill with gas under each reference, and with heat [EUR a year]."""
    number = "€ %{x:,.0f}"
    colours = (SAND, OCHRE)
    traces = [
        {"type": "bar", "orientation": "h", "y": list(names), "x": list(values), "name": name,
         "marker": {"color": colour}, "hovertemplate": number}
        for colour, (name, values) in zip(colours, now.items(), strict=True)
    ]  # fmt: skip
    traces.append(
        {
            "type": "bar",
            "orientation": "h",
            "y": list(names),
            "x": list(then),
            "name": _("Later, with heat"),
            "marker": {"color": PETROL},
            "hovertemplate": number,
        }
    )
    return figure(
        traces,
        y_title="",
        height=120 + 84 * len(names),
        barmode="group",
        hovermode="y unified",
        xaxis={
            "title": {"text": _("EUR a year per connection"), "font": {"size": 13}},
            "fixedrange": True,
            "rangemode": "tozero",
            "tickformat": ",d",
        },
        yaxis={"autorange": "reversed", "fixedrange": True, "automargin": True, "showgrid": False},
    )


def share_by_year(result: CaseResult, names: Mapping[Reference, str]) -> Figure:
    """Share of connections that do not pay more, by year, per reference [percent]."""
    years = result.years.tolist()
    style = {Reference.CONTRACT: (PETROL, "solid"), Reference.GAS_PATH: (SIGNAL, "dash")}
    traces = []
    for reference, name in names.items():
        shares = [result.nmdn[reference].share_ok(position) for position in range(len(years))]
        colour, dash = style[reference]
        percents = [None if share is None else share * 100 for share in shares]
        traces.append(line(years, percents, name, colour, dash=dash, hovertemplate="%{y:.1f}%"))
    return figure(
        traces,
        y_title=_("% of connections"),
        yaxis={"title": {"text": _("% of connections"), "font": {"size": 13}}, "range": [0, 102], "fixedrange": True},
    )
