"""Figures are plain dictionaries that any JSON writer takes, in the reader's language."""

import json
import math
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import orjson
import pytest

from ecoop import language
from ecoop.charts import cases as charts
from ecoop.charts.style import Figure
from ecoop.demo.building import case_text
from ecoop.finance import evaluate
from ecoop.finance.nmdn import Reference
from ecoop.finance.reading import read_case
from ecoop.finance.results import CaseResult
from ecoop.language import Language
from ecoop.services.case_files import read_text
from ecoop.web.figures import Picture

NAMES = {Reference.CONTRACT: "One", Reference.GAS_PATH: "Other"}


@cache
def result() -> CaseResult:
    """The shipped case."""
    return evaluate(read_case(read_text(case_text())[0]))


FIGURES: dict[str, Callable[[], Figure]] = {
    "sources and uses": lambda: charts.sources_and_uses(
        [("Sources", [("A", 2_000_000), ("B", 500_000)]), ("Uses", [("C", 2_500_000)])], ("D", 100_000)
    ),
    "cash and debt": lambda: charts.cash_and_debt(result()),
    "cover": lambda: charts.cover(result()),
    "now and then": lambda: charts.now_and_then(["A"], {"Now": [1.0], "Else": [2.0]}, [3.0]),
    "share by year": lambda: charts.share_by_year(result(), NAMES),
}


@pytest.fixture(params=["nl", "en"])
def code(request: pytest.FixtureRequest) -> Iterator[str]:
    """Both languages."""
    with language.speaking(Language(request.param)):
        yield request.param


def _values(thing: Any) -> Iterator[Any]:
    if isinstance(thing, dict):
        for value in thing.values():
            yield from _values(value)
    elif isinstance(thing, list):
        for value in thing:
            yield from _values(value)
    else:
        yield thing


@pytest.mark.parametrize("make", FIGURES.values(), ids=FIGURES)
def test_a_figure_is_plain(make: Callable[[], Figure], code: str) -> None:
    figure = make()

    assert {type(value) for value in _values(figure)} <= {str, int, float, bool, type(None)}
    assert json.loads(orjson.dumps(figure)) == json.loads(json.dumps(figure, allow_nan=False))


@pytest.mark.parametrize("make", FIGURES.values(), ids=FIGURES)
def test_a_figure_holds_no_number_that_is_none(make: Callable[[], Figure], code: str) -> None:
    assert all(math.isfinite(value) for value in _values(make()) if isinstance(value, float))


@pytest.mark.parametrize("make", FIGURES.values(), ids=FIGURES)
def test_a_figure_writes_numbers_as_its_reader_does(make: Callable[[], Figure], code: str) -> None:
    assert make()["layout"]["separators"] == (",." if code == "nl" else ".,")


def test_a_threshold_is_written_as_its_reader_does(code: str) -> None:
    (note,) = FIGURES["cover"]()["layout"]["annotations"]

    assert language.number(result().inputs.covenants.min_dscr, 2) in note["text"]


def test_what_is_hovered_over_is_in_the_readers_language(code: str) -> None:
    hovered = [trace["hovertemplate"] for trace in FIGURES["cash and debt"]()["data"]]

    assert all((" mln" in text) is (code == "nl") for text in hovered)


def test_the_lines_are_those_of_the_engine() -> None:
    loan, cash, _aside = FIGURES["cash and debt"]()["data"]

    assert loan["x"] == result().years.tolist()
    assert [value * 1e6 for value in cash["y"]] == pytest.approx(result().series["cash_eur"].tolist())


def test_a_year_without_debt_service_is_a_gap_and_not_nothing() -> None:
    cover, _after = FIGURES["cover"]()["data"]

    assert None in cover["y"]
    assert 0 not in cover["y"]


def test_json_inside_a_page_cannot_end_its_element() -> None:
    figure = charts.now_and_then(["</script><b>&"], {"Now": [1.0], "Else": [1.0]}, [1.0])
    picture = Picture(name="x", title="x", alt="x", figure=figure, tables=())

    assert not set("<>&") & set(picture.json)
    assert json.loads(picture.json) == figure
