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
from ecoop.finance.demand import full_heat_gj, heat_per_connection_gj, lost_heat_gj
from ecoop.finance.funding import capital_plan
from ecoop.finance.indices import index_paths, trend_path
from ecoop.finance.nmdn import Reference
from ecoop.finance.results import CaseResult
from ecoop.finance.tariffs import charged
from ecoop.language import Language, speaking
from ecoop.web.help_lists import LISTS
from ecoop.web.help_pages import LIST, NAMES, read_help
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


def model_numbers() -> list[str]:
    """What the page about the model quotes from the example, step by step."""
    result, written = shipped(), language.number
    inputs, at = result.inputs, result.position(YEAR)
    of = {name: float(row[at]) for name, row in result.series.items()}
    before = {name: float(row[at - 1]) for name, row in result.series.items()}
    flat = next(segment for segment in inputs.segment if segment.name == "flat_owner")
    made, tariff, index = inputs.production, inputs.tariff, index_paths(inputs)
    full, counted = full_heat_gj(inputs), charged(inputs)
    lost = lost_heat_gj(full, made.network_loss_share)
    profit = of["ebitda_eur"] + of["cash_interest_eur"] - of["interest_eur"] - of["depreciation_eur"]
    asked = float(capital_plan(inputs, index, result.years).reserve_plan.fixed[at])
    asked += float(capital_plan(inputs, index, result.years).reserve_plan.per_uptake[at]) * inputs.connections.uptake
    growth = inputs.index.heat_tariff
    assert isinstance(growth, float)
    return [
        str(YEAR), written(flat.gas_m3), written(inputs.reference_gas.cooking_m3), written(flat.useful_gj_per_m3, 3),
        written(heat_per_connection_gj(flat, inputs), 1), written(sum(one.count for one in inputs.segment)),
        written(full), written(of["connected_share"], 2),
        written(float(trend_path(inputs.connections.demand_trend, at + 1)[at]), 6), written(of["heat_sold_gj"], 2),
        written(made.network_loss_share, 2), written(1 - made.network_loss_share, 2), written(lost),
        written(of["heat_fed_gj"]), written(3.6, 1), written(1 - made.peak_share, 2), written(made.scop_heat_pump, 2),
        written(made.peak_share, 2), written(made.peak_efficiency, 2), written(made.aux_share, 2),
        written(of["electricity_mwh"]), written(1 + growth, 2), written(float(index.heat_tariff[at]), 6),
        written(1 - tariff.bad_debt_share, 3), written(counted.small_connections),
        written(tariff.fixed_per_connection), written(counted.capacity_kw), written(tariff.per_kw),
        written(tariff.per_gj, 2), written(of["revenue_eur"]), written(of["electricity_cost_eur"]),
        written(of["opex_eur"]), written(of["ebitda_eur"]), written(of["cash_interest_eur"]),
        written(of["interest_eur"]), written(of["depreciation_eur"]), written(profit),
        written(inputs.tax.vpb_low_rate, 2), written(of["tax_eur"]), written(of["cfads_eur"]),
        written(of["principal_eur"]), written(of["debt_service_eur"]), written(of["dscr"], 2), written(asked),
        written(of["reserve_contribution_eur"]), written(before["cash_eur"]), written(of["cash_eur"]),
    ]  # fmt: skip


@in_both_languages
def test_every_number_of_the_computation_is_that_of_the_engine(spoken: Language) -> None:
    example = section_of("model", spoken, having="38,976" if spoken is Language.ENGLISH else "38.976")

    with speaking(spoken):
        expected = model_numbers()
    assert set(NUMBER.findall(example)) == set(expected)


def plain(written: str, spoken: Language) -> float:
    """A number as it is written in a language."""
    thousands, point = (",", ".") if spoken is Language.ENGLISH else (".", ",")
    return float(written.replace(thousands, "").replace(point, "."))


@in_both_languages
def test_the_computation_can_be_followed_by_hand(spoken: Language) -> None:
    """Where a row of the example is a sum of numbers only, the numbers as they are written give what is written."""
    example = section_of("model", spoken, having="38,976" if spoken is Language.ENGLISH else "38.976")
    followed = 0
    for line in example.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        sum_of = cells[1].replace("€ ", "") if len(cells) == 3 else ""
        if not re.fullmatch(r"[\d.,()+−×÷ ]+", sum_of):
            continue
        sign = {"−": "-", "×": "*", "÷": "/"}
        computed = NUMBER.sub(lambda found: repr(plain(found[0], spoken)), sum_of)
        for written, meant in sign.items():
            computed = computed.replace(written, meant)
        stated = NUMBER.findall(cells[2])[0]
        last_digit = 10.0 ** -len(stated.partition("." if spoken is Language.ENGLISH else ",")[2])
        assert eval(computed) == pytest.approx(plain(stated, spoken), abs=1.01 * last_digit)
        followed += 1

    assert followed == 11


def changed(**values: object) -> CaseResult:
    """The shipped case with some values changed, by their key with `__` for a point."""
    case: Mapping[str, Any] = tomllib.loads(CASE.read_text(encoding="utf-8"))
    for key, value in values.items():
        case = finance.override(case, key.replace("__", "."), value)
    return finance.evaluate(finance.read_case(case))


def test_what_the_model_is_said_not_to_reckon_with_changes_nothing() -> None:
    result = changed(
        liquidity__bridge_limit=1.0,
        liquidity__gap_months=24.0,
        monte_carlo__n=64,
        offer__commercial_bank__rate=0.2,
        reference_gas__boiler_replacement_incl=1.0,
        reference_gas__boiler_maintenance_per_year_incl=1.0,
    )

    for name, row in shipped().series.items():
        assert (result.series[name] == row).all()
    assert result.ratios == shipped().ratios
    assert [bills.bill_cap_eur(YEAR - 2025) for bills in result.nmdn.values()] == [
        bills.bill_cap_eur(YEAR - 2025) for bills in shipped().nmdn.values()
    ]


@in_both_languages
def test_the_page_about_the_model_names_every_file_of_the_engine(spoken: Language) -> None:
    files = {path.name for path in (ROOT / "ecoop" / "finance").glob("*.py")} - {"__init__.py"}
    listed = section_of("model", spoken, having="`ecoop/finance/schema.py`")

    assert set(re.findall(r"`ecoop/finance/(\w+\.py)`", listed)) == files
    assert set(re.findall(r"`ecoop/finance/(\w+\.py)`", text_of("model", spoken))) == files


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
    "lists": LIST,
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shape", SHAPES)
def test_both_languages_have_the_same_parts(name: str, shape: str) -> None:
    dutch, english = (SHAPES[shape].findall(text_of(name, one)) for one in (Language.DUTCH, Language.ENGLISH))
    if shape == "code":
        dutch, english = ([one.replace("--language nl", "--language en") for one in both] for both in (dutch, english))
    if shape == "lists":
        assert set(dutch) <= set(LISTS)
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
