"""What every command about a case needs: its file read, its changes made, its answer told."""

import functools
import json
import re
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
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
    from ecoop.finance import CaseInputs

LONGEST_QUOTE = 80
"""As much of a line as a complaint repeats."""


@click.group(cls=Group, help=mark("The business case."), no_args_is_help=True)
def case() -> None:
    """Everything is a subcommand."""


def case_command(name: str, sentence: str) -> Callable[[Callable[..., None]], click.Command]:
    """Declare a command about a case: `name CASE.toml --set KEY=VALUE --json`, and what the command adds itself.

    The function gets `inputs`, the case read and changed, `as_json`, and its own options.
    """

    def declare(function: Callable[..., None]) -> click.Command:
        @functools.wraps(function)  # brings the options of the function along
        def run(file: Path, changes: tuple[str, ...], as_json: bool, **options: Any) -> None:
            function(inputs=read_inputs(file, changes), as_json=as_json, **options)

        return case.command(name, cls=Command, help=sentence)(_file(_changes(_json(run))))

    return declare


_file = click.argument("file", metavar="CASE.toml", type=click.Path(path_type=Path))
_changes = click.option(
    "--set",
    "changes",
    metavar="KEY=VALUE",
    multiple=True,
    cls=Option,
    help=mark("Another value for one key, such as segment.flat_owner.count=200. May be given more than once."),
)
_json = click.option("--json", "as_json", is_flag=True, cls=Option, help=mark("Everything that was computed, as JSON."))


def tell_document(document: Mapping[str, Any]) -> None:
    """Everything that was computed, at full precision; what is unknown is null, and nothing is NaN."""
    click.echo(json.dumps(document, allow_nan=False, indent=2))


@contextmanager
def timed() -> Iterator[None]:
    """Tell on the error output how long the work took, where somebody watches it."""
    begin = time.perf_counter()
    yield
    if sys.stderr.isatty():
        seconds = language.number(time.perf_counter() - begin, 2)
        click.echo(_("Computed in %(seconds)s seconds.", seconds=seconds), err=True)


def read_inputs(file: Path, changes: Sequence[str]) -> "CaseInputs":
    """The case in a file with the changes made; everything that is wrong with either is told at once."""
    return _changed(_load(file), changes)


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


def _changed(mapping: Mapping[str, Any], changes: Sequence[str]) -> "CaseInputs":
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
