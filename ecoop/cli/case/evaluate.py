"""`ecoop case evaluate`: everything the year engine says."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from ecoop import language
from ecoop.cli.case.columns import Row, aligned
from ecoop.cli.case.reading import case_command, tell_document
from ecoop.language import gettext as _
from ecoop.language import mark

if TYPE_CHECKING:
    from ecoop.finance import CaseInputs, CaseResult


@case_command("evaluate", mark("Compute a case from its TOML file, with other values where --set gives them."))
def evaluate(inputs: "CaseInputs", as_json: bool) -> None:
    """Read, change, compute, tell."""
    from ecoop import finance

    result = finance.evaluate(inputs)
    if as_json:
        tell_document(finance.as_document(result))
    else:
        click.echo("\n".join(_summary(result)))


def _summary(result: "CaseResult") -> Iterator[str]:
    """What a board member wants to know first, line by line."""
    from ecoop.web.case_words import case_signs, feasible_sentence, focus_year, promise_sentence

    year = focus_year(result)
    yield result.inputs.name
    yield ""
    yield promise_sentence(result, year)
    yield feasible_sentence(result)
    yield ""
    facts = [*_loan_facts(result), *((sign.label, f"{sign.value} ({sign.note})") for sign in case_signs(result, year))]
    yield from aligned(facts, right=())
    yield ""
    yield _("The yearly bill per connection in %(year)s, on average", year=year)
    yield from aligned(list(_bills(result, year)), right=(1, 2, 3, 4))
    yield ""
    yield _("Fingerprint of the inputs: %(digest)s", digest=result.digest)


def _loan_facts(result: "CaseResult") -> Iterator[Row]:
    loan = result.loan
    yield _("Loan when repayment starts"), language.euros(loan.start_balance_eur)
    if loan.annual_payment_eur is not None:
        yield _("Interest and repayment, each year"), language.euros(loan.annual_payment_eur)
    yield _("Interest in all"), language.euros(loan.total_interest_eur)


def _bills(result: "CaseResult", year: int) -> Iterator[Row]:
    from ecoop.finance.nmdn import Reference
    from ecoop.language.cases import SEGMENTS, name_of

    position = result.position(year)
    yield "", _("Connections"), _("Now, as in the contract"), _("Later, with heat"), _("Pay no more")
    for name, bills in result.nmdn[Reference.CONTRACT].segments.items():
        share = float(bills.ok[position]) / bills.connections if bills.connections else None
        yield (
            name_of(SEGMENTS, name),
            language.number(bills.connections),
            language.euros(float(bills.now_eur[position])),
            language.euros(float(bills.then_eur[position])),
            "–" if share is None else language.percent(share, 1),
        )
