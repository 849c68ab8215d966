"""The business case in a few words: what several pages say about it."""

from dataclasses import dataclass

from ecoop import language
from ecoop.finance.nmdn import Reference
from ecoop.finance.results import CaseResult
from ecoop.language import gettext as _
from ecoop.language.cases import FAILURES, REFERENCES, name_of

HOUSEHOLD_REFERENCES = (Reference.CONTRACT, Reference.GAS_PATH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One of the few figures by which a case is judged: a word, an icon and a colour say the same."""

    label: str
    value: str
    note: str
    good: bool


def household_references() -> dict[Reference, str]:
    """The two ways to say what "now" is for a household, with their names."""
    return {reference: name_of(REFERENCES, reference) for reference in HOUSEHOLD_REFERENCES}


def focus_year(result: CaseResult) -> int:
    """The year to speak about: the first full one, else the last."""
    return result.first_full_year or int(result.years[-1])


def promise_sentence(result: CaseResult, year: int) -> str:
    """Whether anybody pays more than now, in one sentence."""
    share = result.share_not_paying_more(Reference.CONTRACT, year)
    count = result.nmdn[Reference.CONTRACT].connections
    if share is None or not count:
        return _("Whether anybody pays more than now is not known in %(year)s.", year=year)
    fine = round(share * count)
    if fine == count:
        return _("All %(count)s connections pay no more in %(year)s than now.", count=language.number(count), year=year)
    return _(
        "%(fine)s of the %(count)s connections pay no more in %(year)s than now; %(more)s pay more.",
        fine=language.number(fine),
        count=language.number(count),
        more=language.number(count - fine),
        year=year,
    )


def forecast_sentence(result: CaseResult, year: int) -> str:
    """The same, against the forecast of gas prices."""
    share = result.share_not_paying_more(Reference.GAS_PATH, year)
    count = result.nmdn[Reference.GAS_PATH].connections
    if share is None or not count:
        return ""
    return _(
        "Compared with what gas is expected to cost by then it is %(fine)s of the %(count)s.",
        fine=language.number(round(share * count)),
        count=language.number(count),
    )


def feasible_sentence(result: CaseResult) -> str:
    """Whether the loan can be carried, in one sentence."""
    if result.feasible:
        paid_back = _last_payment(result)
        if paid_back is None:
            return _("No loan is needed, and cash is never below the minimum.")
        return _("The loan is paid back in %(year)s, and cash is never below the minimum.", year=paid_back)
    return " ".join(_(FAILURES[failure.test], year=failure.year) for failure in result.failures)


def _last_payment(result: CaseResult) -> int | None:
    paid = [int(year) for year, due in zip(result.years, result.series["debt_service_eur"], strict=True) if due > 0]
    return paid[-1] if paid else None


def case_signs(result: CaseResult, year: int) -> tuple[Sign, ...]:
    """The promise under both references, the cover ratio and the cash, each with the level it must reach."""
    covenant = result.inputs.covenants.min_dscr
    lowest = result.ratios.min_dscr
    return (
        *(_promise_sign(result, reference, name, year) for reference, name in household_references().items()),
        Sign(
            label=_("Lowest cover ratio"),
            value=_("none") if lowest is None else language.number(lowest, 2),
            note=_("the lender asks at least %(level)s", level=language.number(covenant, 2)),
            good=lowest is None or lowest >= covenant - 1e-9,
        ),
        Sign(
            label=_("Lowest cash at year end"),
            value=language.euros(result.min_cash_eur),
            note=_(
                "in %(year)s; at least %(minimum)s is needed",
                year=result.min_cash_year,
                minimum=language.euros(result.inputs.cash.minimum),
            ),
            good=result.min_cash_eur >= result.inputs.cash.minimum - 1e-6,
        ),
    )


def _promise_sign(result: CaseResult, reference: Reference, name: str, year: int) -> Sign:
    share = result.share_not_paying_more(reference, year)
    return Sign(
        label=name,
        value=_("unknown") if share is None else language.percent(share, 1),
        note=_("of the connections pay no more in %(year)s", year=year),
        good=share is not None and share >= 1 - 1e-12,
    )
