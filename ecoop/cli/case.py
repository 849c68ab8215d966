"""`ecoop case`: compute a business case from its file. Needs no database."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ecoop import language
from ecoop.cli.failures import BAD_INPUT, Failure
from ecoop.cli.words import Command, Group, Option
from ecoop.errors import InvalidInput, Problem
from ecoop.language import gettext as _
from ecoop.language import mark

if TYPE_CHECKING:
    from ecoop.finance import CaseInputs, CaseResult

Row = tuple[str, ...]
LONGEST_QUOTE = 80
"""As much of a line as a complaint repeats."""


@click.group(cls=Group, help=mark("The business case."), no_args_is_help=True)
def case() -> None:
    """Everything is a subcommand."""


@case.command(cls=Command, help=mark("Compute a case from its TOML file, with other values where --set gives them."))
@click.argument("file", metavar="CASE.toml", type=click.Path(path_type=Path))
@click.option(
    "--set",
    "changes",
    metavar="KEY=VALUE",
    multiple=True,
    cls=Option,
    help=mark("Another value for one key, such as segment.flat_owner.count=200. May be given more than once."),
)
@click.option("--json", "as_json", is_flag=True, cls=Option, help=mark("Everything that was computed, as JSON."))
def evaluate(file: Path, changes: tuple[str, ...], as_json: bool) -> None:
    """Read, change, compute, tell."""
    from ecoop import finance

    inputs = _read(_load(file), changes)
    result = finance.evaluate(inputs)
    if as_json:
        click.echo(json.dumps(finance.as_document(result), allow_nan=False, indent=2))
    else:
        click.echo("\n".join(_summary(result)))


def _load(file: Path) -> Mapping[str, Any]:
    """The file as TOML gives it; one that cannot be read ends the command with a sentence."""
    text = ""
    try:
        text = file.read_bytes().decode("utf-8-sig")
        return tomllib.loads(text)
    except OSError as error:
        why = error.strerror or str(error)
        raise Failure(_("%(file)s cannot be read: %(why)s.", file=file, why=why), exit_code=BAD_INPUT) from error
    except UnicodeDecodeError as error:
        raise InvalidInput((Problem(key=str(file), reason="not_text"),)) from error
    except (ValueError, RecursionError) as error:
        details = {"message": _where(str(error), text)}
        raise InvalidInput((Problem(key=str(file), reason="not_toml", details=details),)) from error


def _where(message: str, text: str) -> str:
    """What the TOML reader says, with the line it means: that line names the key."""
    found = re.search(r"at line ([0-9]+)", message)
    lines = text.split("\n")
    if found is None or int(found[1]) > len(lines):
        return message
    line = lines[int(found[1]) - 1].partition(" #")[0].strip()
    return f"{message}: {line if len(line) <= LONGEST_QUOTE else line[:LONGEST_QUOTE] + '…'}"


def _read(mapping: Mapping[str, Any], changes: Sequence[str]) -> "CaseInputs":
    """The inputs with the changes made; everything that is wrong with either is told at once."""
    from ecoop.finance import override, read_case

    problems: list[Problem] = []
    for change in changes:
        key, equals, text = change.partition("=")
        if not (equals and key.strip()):
            problems.append(Problem(key="--set", reason="set_without_value", details={"given": change}))
            continue
        if not _is_text(change):
            problems.append(Problem(key="--set", reason="set_not_text", details={"given": ascii(change)}))
            continue
        try:
            mapping = override(mapping, key.strip(), _value(text.strip()))
        except InvalidInput as invalid:
            problems += invalid.problems
    try:
        inputs = read_case(mapping)
    except InvalidInput as invalid:
        problems += invalid.problems
    if problems:
        raise InvalidInput(tuple(problems))
    return inputs


def _is_text(given: str) -> bool:
    """Whether what the terminal gave is text: bytes that are none arrive as halves of characters."""
    try:
        given.encode()
    except UnicodeEncodeError:
        return False
    return True


def _value(text: str) -> str:
    """The text of a value; quotes that TOML asks for fall away. Numbers and lists are read by `override`."""
    try:
        read = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    quoted = read["value"]
    return quoted if len(read) == 1 and isinstance(quoted, str) else text


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
    yield from _aligned(facts, right=())
    yield ""
    yield _("The yearly bill per connection in %(year)s, on average", year=year)
    yield from _aligned(list(_bills(result, year)), right=(1, 2, 3, 4))
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


def _aligned(rows: Sequence[Row], *, right: tuple[int, ...]) -> Iterator[str]:
    """The rows in columns; those in `right` end below each other."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        cells = [
            text.rjust(width) if at in right else text.ljust(width)
            for at, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()
