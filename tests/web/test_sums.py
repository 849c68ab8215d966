"""What is shown adds up as it is shown: nobody should find a euro too many with a pocket calculator."""

import re
import tomllib
from collections.abc import Mapping

import pytest

from ecoop.demo.building import case_text
from ecoop.finance import evaluate, override, read_case
from ecoop.finance.results import CaseResult
from ecoop.language import gettext
from ecoop.language.cases import ASSETS, SOURCES, SUBSIDIES, USES
from ecoop.web.case_words import feasible_sentence
from ecoop.web.cases import tables
from tests.support.web import KETELHUIS, Site

HOUSEHOLDS = ("flat_small_rent", "flat_medium_rent", "flat_owner", "monument_large", "business_small", "business_large")
MEMBER = "Mo Meterkast"


def _euros(text: str) -> list[int]:
    found = re.findall(r"(-?)€\s([\d.]+)", text)
    return [int(sign + digits.replace(".", "")) for sign, digits in found]


@pytest.mark.parametrize("household", HOUSEHOLDS)
def test_the_difference_is_that_of_the_bills_shown(demo: Site, household: str) -> None:
    page = demo.signed_in(MEMBER).get(f"/cooperatives/{KETELHUIS}/for-you", query={"household": household})
    rows = [_euros(" ".join(row)) for row in page.table("Een huishouden als het jouwe, nu en straks")[1:]]
    then, difference = _euros(page.words())[:2]

    assert [now + change for now, _, change in rows] == [bill for _, bill, _ in rows]
    assert (then, difference) == (rows[0][1], abs(rows[0][2]))


def test_draws_and_interest_make_the_debt_shown(demo: Site) -> None:
    words = demo.signed_in(MEMBER).get(f"/cooperatives/{KETELHUIS}/case/").words()
    sentence = words[words.index("Van de lening wordt") :]

    draws, interest, balance, _limit = _euros(sentence)[:4]

    assert draws + interest == balance


# other cases than the shipped one

RICH = {"funding.loan.limit": "0.0", "cash.opening": "20000000.0"}
WITHOUT_WORKS = {"capex.total": "0.0"} | {f"capex.asset.{name}.amount": "0.0" for name in ASSETS}


def _result(changes: Mapping[str, str]) -> CaseResult:
    case: Mapping[str, object] = tomllib.loads(case_text())
    for key, value in changes.items():
        case = override(case, key, value)
    return evaluate(read_case(case))


def test_who_does_not_join_saves_only_what_belongs_to_a_connection() -> None:
    shown = dict(tables.uses(_result({"connections.uptake": "0.85"})))

    assert shown[gettext(ASSETS["heat_pump_stations"])] == 6_000_000
    assert shown[gettext(ASSETS["delivery_sets"])] == 1_912_500  # 0.85 of 2 250 000


def test_dearer_works_are_dearer_in_each_part() -> None:
    shown = dict(tables.uses(_result({"stress.capex_factor": "1.1"})))

    assert shown[gettext(ASSETS["heat_pump_stations"])] == 6_600_000


@pytest.mark.parametrize(
    "changes", [{"connections.uptake": "0.85"}, {"funding.loan.limit": "1000000.0"}, RICH, WITHOUT_WORKS]
)
def test_sources_and_uses_close_in_every_case(changes: dict[str, str]) -> None:
    result = _result(changes)

    assert sum(amount for _name, amount in tables.sources(result)) == sum(amount for _, amount in tables.uses(result))


@pytest.mark.parametrize("changes", [{"funding.loan.limit": "1000000.0"}, RICH, WITHOUT_WORKS])
def test_every_row_of_the_plan_has_words(changes: dict[str, str]) -> None:
    plan = _result(changes).sources_uses

    assert set(plan.sources) <= SUBSIDIES.keys() | SOURCES.keys()
    assert set(plan.uses) <= USES.keys()


def test_who_needs_no_loan_is_not_told_when_it_is_paid_back() -> None:
    assert feasible_sentence(_result(RICH)) == gettext("No loan is needed, and cash is never below the minimum.")
