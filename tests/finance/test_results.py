"""The result of one case: verdict, ratios and the document for JSON."""

import json

import numpy as np
import pytest

from ecoop.finance import as_document
from ecoop.finance.document import SERIES
from ecoop.finance.metrics import RootStatus
from ecoop.finance.nmdn import Reference
from ecoop.finance.results import Requirement, equity_flow, project_flow
from tests.finance.cases import result

NO_OWN_MONEY = {"cash.opening": 100_000.0, "cash.interest_on_positive": 0.0, "stress.capex_factor": 0.97}
"""Cash at the start is what must stay, and the loan is large enough for all else."""


def test_the_headlines_of_the_demo_case():
    found = result()
    assert found.loan.start_balance_eur == pytest.approx(7_654_914.0933, abs=1e-3)
    assert found.loan.annual_payment_eur == pytest.approx(390_548.0472, abs=1e-3)
    assert (found.ratios.min_dscr, found.ratios.min_dscr_year) == (pytest.approx(1.472141092), 2028)
    assert (found.min_cash_eur, found.min_cash_year) == (pytest.approx(100_000.0), 2025)
    assert found.feasible
    assert found.first_full_year == 2028


def test_every_ratio_of_the_demo_case_follows_from_its_rows():
    found = result()
    rows, ratios = found.series, found.ratios
    assert ratios.adscr == pytest.approx(rows["dscr"][3:].mean())
    assert ratios.llcr == ratios.plcr
    assert ratios.min_dscr_after_reserve == rows["dscr_after_reserve"].min()
    assert (project_flow(rows) @ (1.0 + ratios.irr.roots[0]) ** -np.arange(33.0)) == pytest.approx(0.0, abs=1e-3)


def test_a_shorter_loan_is_covered_longer_by_the_project():
    ratios = result({"funding.loan.repayment_years": 20}).ratios
    assert ratios.plcr > ratios.llcr


def test_no_own_money_gives_no_equity_rate():
    found = result(NO_OWN_MONEY)
    assert equity_flow(found.series)[0] == pytest.approx(0.0, abs=1e-6)
    assert found.ratios.equity_irr is None


def test_own_money_gives_an_equity_rate():
    assert result().ratios.equity_irr.status == RootStatus.MULTIPLE


def test_a_failed_case_names_each_test_once_with_its_first_year():
    found = result({"stress.tariff_scale": 0.8})
    assert not found.feasible
    assert {failure.test for failure in found.failures} == {Requirement.CASH, Requirement.DSCR}
    cash = next(failure for failure in found.failures if failure.test == Requirement.CASH)
    assert found.series["cash_eur"][found.position(cash.year)] < 100_000.0
    assert (found.series["cash_eur"][: found.position(cash.year)] >= 100_000.0 - 1e-6).all()


def test_not_more_than_now_does_not_decide_the_verdict():
    found = result({"stress.tariff_scale": 1.5})
    assert found.feasible
    assert found.nmdn[Reference.CONTRACT].share_ok(0) < 0.5


def test_one_line_answers_take_a_calendar_year():
    found = result()
    assert found.share_not_paying_more(Reference.CONTRACT, 2025) == pytest.approx(1063 / 1102)
    assert found.share_not_paying_more(Reference.CONTRACT, found.first_full_year) == pytest.approx(1061 / 1102)
    late = result({"stress.delay_months": 600.0})
    assert late.share_not_paying_more(Reference.CONTRACT, late.first_full_year) is None


def test_rows_cannot_be_written():
    with pytest.raises(ValueError, match="read-only"):
        result().series["cash_eur"][0] = 1.0


@pytest.mark.parametrize(
    "changes",
    [{}, {"funding.loan.limit": 0.0}, {"acm_maximum.fixed_total_incl": [0.0] * 5}, {"stress.tariff_scale": 0.0},
     {"connections.uptake": 0.0}, {"segment.flat_owner.count": 0}, {"stress.delay_months": 1000.0}],
)  # fmt: skip
def test_the_document_is_strict_json(changes):
    document = as_document(result(changes))
    assert json.loads(json.dumps(document, allow_nan=False)) == document


def test_the_document_has_every_row_for_every_year():
    document = as_document(result())
    assert list(document["series"]) == list(SERIES)
    assert {len(row) for row in document["series"].values()} == {33}
    assert document["series"]["dscr"][:3] == [None, None, None]


def test_the_document_has_its_promised_keys():
    document = as_document(result())
    assert set(document) >= {
        "case", "years", "series", "loan", "ratios", "liquidity", "sources_uses", "nmdn", "verdict",
    }  # fmt: skip
    assert set(document["case"]) == {"name", "schema", "digest", "engine_version"}
    assert document["ratios"]["irr"]["status"] == "single"
    assert document["liquidity"] == {"min_cash_eur": pytest.approx(100_000.0), "min_cash_year": 2025}
    assert document["verdict"] == {"feasible": True, "failed": []}
    assert list(document["sources_uses"]["sources"])[:3] == ["klimaatfonds_amsterdam", "paw", "wis"]


def test_the_document_gives_the_first_year_of_each_segment():
    segment = as_document(result())["nmdn"]["acm"]["segments"]["business_large"]
    assert segment["now_eur"] is None
    assert segment["then_eur"] == pytest.approx(27_966.4021, abs=1e-3)
    assert segment["connections"] == 12


def test_the_document_names_failed_tests():
    document = as_document(result({"stress.tariff_scale": 0.5}))
    assert not document["verdict"]["feasible"]
    assert {entry["test"] for entry in document["verdict"]["failed"]} == {"cash", "dscr"}


def test_the_document_leaves_an_undefined_equity_rate_empty():
    assert as_document(result(NO_OWN_MONEY))["ratios"]["equity_irr"] is None
