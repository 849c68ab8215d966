"""What all figures share. Colours are told apart in grey and by colour-blind readers; shapes repeat the difference."""

from typing import Any

from ecoop import language
from ecoop.language import Language

Figure = dict[str, Any]

PETROL = "#0e5a6b"
SIGNAL = "#c4511d"
OCHRE = "#dda63a"
SAGE = "#8fb8a4"
SLATE = "#64748b"
SAND = "#d8cbb3"

MILLION = 1_000_000


def figure(traces: list[Figure], *, y_title: str, height: int = 360, **layout: Any) -> Figure:
    """A figure with the shared layout; keywords override it."""
    dutch = language.current() is Language.DUTCH
    base: Figure = {
        "height": height,
        "margin": {"l": 64, "r": 16, "t": 48, "b": 48},
        "separators": ",." if dutch else ".,",
        "hovermode": "x unified",
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "legend": {"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0, "traceorder": "normal"},
        "xaxis": {"fixedrange": True, "showgrid": False},
        "yaxis": {
            "title": {"text": y_title, "font": {"size": 13}},
            "fixedrange": True,
            "zeroline": True,
            "rangemode": "tozero",
        },
        "dragmode": False,
    }
    return {"data": traces, "layout": base | layout}


def in_millions(shown: str) -> str:
    """How plotly writes an amount in millions: `shown` is the axis and its format, as in "y:.2f"."""
    unit = "mln" if language.current() is Language.DUTCH else "M"
    return f"€ %{{{shown}}} {unit}"


def line(x: list[Any], y: list[Any], name: str, colour: str, **more: Any) -> Figure:
    """One line; None leaves a gap."""
    style = {"color": colour, "width": 2.5, "dash": more.pop("dash", "solid")}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "name": name, "line": style, **more}


def threshold(value: float, name: str) -> tuple[Figure, Figure]:
    """A level to compare with: the line as a shape, and its name beside it."""
    shape = {
        "type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": value, "y1": value,
        "line": {"color": SIGNAL, "width": 1.5, "dash": "dash"},
    }  # fmt: skip
    note = {
        "xref": "paper", "x": 1, "xanchor": "right", "y": value, "yanchor": "bottom", "text": name,
        "showarrow": False, "font": {"color": SIGNAL, "size": 12},
    }  # fmt: skip
    return shape, note
