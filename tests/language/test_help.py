"""The help: both languages tell the same, the numbers in it are those of the engine, and every setting is explained."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ecoop import finance, language
from ecoop.cli import main
from ecoop.config import SETTINGS
from ecoop.finance.nmdn import Reference
from ecoop.language import Language, speaking
from ecoop.web.help_pages import NAMES, read_help
from tests.support.repository import ROOT

HELP = ROOT / "ecoop" / "help"
CASE = ROOT / "ecoop" / "demo" / "ketelhuiswg.toml"
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
YEAR = 2028

in_both_languages = pytest.mark.parametrize("spoken", list(Language))


def text_of(name: str, spoken: Language) -> str:
    return (HELP / spoken.value / f"{name}.md").read_text(encoding="utf-8")


def section_of(name: str, spoken: Language, *, having: str) -> str:
    """The one section of a page that holds `having`."""
    found = [one for one in text_of(name, spoken).split("\n## ") if having in one]
    assert len(found) == 1
    return found[0]


def case_with(**changes: float) -> finance.CaseResult:
    """The shipped case, with other values for owner-occupied flats that all use the same."""
    case: Mapping[str, Any] = tomllib.loads(CASE.read_text(encoding="utf-8"))
    for key, value in changes.items():
        case = finance.override(case, f"segment.flat_owner.{key}", value)
    return finance.evaluate(finance.read_case(case))


@cache
def shipped() -> finance.CaseResult:
    return case_with()


@cache
def bill(gas_m3: float) -> tuple[float, float]:
    """Now and then of one household that uses `gas_m3` and cooks on gas [EUR in YEAR]."""
    result = case_with(gas_m3=gas_m3, sigma_log=0.0)
    bills = result.nmdn[Reference.CONTRACT].segments["flat_owner"]
    position = result.position(YEAR)
    return float(bills.now_eur[position]), float(bills.then_eur[position])


def break_even_m3() -> float:
    """The gas use at which now and then are equal; both are straight lines in the gas use."""
    (now_low, then_low), (now_high, then_high) = bill(400.0), bill(500.0)
    low, high = now_low - then_low, now_high - then_high
    return 400.0 - 100.0 * low / (high - low)


def promise_numbers() -> list[str]:
    """What the page about the promise quotes, written in the language of the moment."""
    result, gas = shipped(), shipped().inputs.reference_gas
    contract, forecast = result.nmdn[Reference.CONTRACT], result.nmdn[Reference.GAS_PATH]
    position, years = result.position(YEAR), len(gas.years)
    fine = round((contract.share_ok(position) or 0.0) * contract.connections)
    now, then = bill(1050.0)
    low_now, low_then = bill(271.0)
    written = language.number
    return [
        str(YEAR), written(sum(gas.variable_price_incl) / years, 3), written(sum(gas.fixed_per_year_incl) / years, 2),
        written(1050), written(gas.cooking_m3), written(now), written(then), written(round(now) - round(then)),
        written(contract.connections), written(fine), written(contract.connections - fine),
        written(round((forecast.share_ok(position) or 0.0) * forecast.connections)),
        written(break_even_m3()), written(271), written(low_then - low_now),
        written(contract.bill_cap_eur(position) or 0.0),
    ]  # fmt: skip


def case_numbers() -> list[str]:
    """What the page about the business case quotes from the example."""
    result, sources, written = shipped(), shipped().sources_uses.sources, language.number
    inputs, ratios = result.inputs, result.ratios
    free = result.series["cash_eur"] - result.series["reserve_eur"]
    roomy = next(int(year) for year, left in zip(result.years, free, strict=True) if left > inputs.cash.minimum + 0.5)
    assert ratios.min_dscr is not None
    assert ratios.min_dscr_after_reserve is not None
    assert result.loan.annual_payment_eur is not None
    return [
        written(result.nmdn[Reference.CONTRACT].connections), written(inputs.capex.total),
        written(inputs.capex.teo_by_waterboard), written(sum(dict(inputs.funding.subsidies.grants).values())),
        written(inputs.funding.connection_fees.total), written(float(sources["loan_draws"])),
        written(result.loan.capitalised_interest_eur), written(result.loan.start_balance_eur),
        str(inputs.time.first_repayment_year), written(result.loan.annual_payment_eur),
        str(inputs.funding.loan.repayment_years), written(inputs.funding.loan.rate * 100), written(ratios.min_dscr, 2),
        str(ratios.min_dscr_year), written(inputs.covenants.min_dscr, 2), written(ratios.min_dscr_after_reserve, 2),
        "1", str(roomy - 1), written(inputs.cash.minimum),
    ]  # fmt: skip


@in_both_languages
def test_every_number_about_the_promise_is_that_of_the_engine(spoken: Language) -> None:
    example = section_of("not-more-than-now", spoken, having="37 m³")
    low_users = section_of("not-more-than-now", spoken, having="453")

    with speaking(spoken):
        expected = promise_numbers()
    assert set(NUMBER.findall(example) + NUMBER.findall(low_users)) == set(expected)


@in_both_languages
def test_every_number_of_the_example_case_is_that_of_the_engine(spoken: Language) -> None:
    example = section_of("business-case", spoken, having="0.91" if spoken is Language.ENGLISH else "0,91")

    with speaking(spoken):
        expected = case_numbers()
    assert set(NUMBER.findall(example)) == set(expected)


def test_there_is_a_page_for_every_name_and_a_name_for_every_page() -> None:
    for spoken in Language:
        assert {path.stem for path in (HELP / spoken.value).iterdir()} == set(NAMES)


@in_both_languages
@pytest.mark.parametrize("name", NAMES)
def test_a_page_begins_with_one_title_and_holds_no_other(name: str, spoken: Language) -> None:
    titles = [line for line in text_of(name, spoken).splitlines() if line.startswith("# ")]

    assert titles == [text_of(name, spoken).splitlines()[0]]


@in_both_languages
def test_no_two_pages_bear_the_same_title(spoken: Language) -> None:
    with speaking(spoken):
        titles = [page.title for page in map(read_help, NAMES) if page is not None]
    assert len(set(titles)) == len(NAMES)


SHAPES = {
    "sections": re.compile(r"^##+ ", re.MULTILINE),
    "items": re.compile(r"^(?:-|\d+\.) ", re.MULTILINE),
    "rows": re.compile(r"^\|(?=.*\|$)", re.MULTILINE),
    "paragraphs": re.compile(r"^$", re.MULTILINE),
    "links": re.compile(r"\]\(([^)]+)\)"),
    "code": re.compile(r"`[^`]+`"),
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shape", SHAPES)
def test_both_languages_have_the_same_parts(name: str, shape: str) -> None:
    dutch, english = (SHAPES[shape].findall(text_of(name, one)) for one in (Language.DUTCH, Language.ENGLISH))
    if shape == "code":
        dutch, english = ([one.replace("--language nl", "--language en") for one in both] for both in (dutch, english))
    if shape in {"links", "code"}:
        dutch, english = sorted(dutch), sorted(english)

    assert dutch == english


@in_both_languages
@pytest.mark.parametrize("name", NAMES)
def test_links_lead_to_help_pages(name: str, spoken: Language) -> None:
    assert set(SHAPES["links"].findall(text_of(name, spoken))) <= set(NAMES)


@in_both_languages
def test_every_setting_is_explained_and_no_other(spoken: Language) -> None:
    explained = re.findall(r"^- `(ECOOP_\w+)`: .", text_of("settings", spoken), re.MULTILINE)

    assert explained == list(SETTINGS)


def commands() -> dict[str, set[str]]:
    """Every command by its words behind `ecoop`, with its options."""
    found = {}
    for name, command in main.commands.items():
        below = {f"{name} {sub}": one for sub, one in getattr(command, "commands", {}).items()}
        for words, one in {name: command, **below}.items():
            found[words] = {option for parameter in one.params for option in parameter.opts} | {"--help"}
    return found


@in_both_languages
@pytest.mark.parametrize("name", NAMES)
def test_the_help_names_only_commands_and_options_that_exist(name: str, spoken: Language) -> None:
    quoted = [code.strip("`") for code in SHAPES["code"].findall(text_of(name, spoken)) if "@" not in code]
    given = {option for code in quoted for option in code.split() if option.startswith("--")}
    named = {re.split(" (?=--|[A-Z])", code)[0] for code in quoted if code.startswith("ecoop ")}

    assert given <= set().union({"--language"}, *commands().values())
    assert named <= {"ecoop", *(f"ecoop {words}" for words in commands())}


@in_both_languages
def test_the_help_is_calm(spoken: Language) -> None:
    for name in NAMES:
        assert "!" not in text_of(name, spoken)


def test_the_help_is_shipped_with_the_package() -> None:
    assert Path(finance.__file__).parents[1] / "help" == HELP
