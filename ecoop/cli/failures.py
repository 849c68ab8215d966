"""How a command ends when it cannot do what was asked: in sentences and an exit code, never in a traceback."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import click

from ecoop.config import SettingsError
from ecoop.errors import InvalidInput, Problem, Refused
from ecoop.language import gettext
from ecoop.language.reasons import problem_text, refusal_text

IMPOSSIBLE, BAD_INPUT = 1, 2
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What is written to may be full."""


class Failure(Exception):
    """The command stops here; the sentence, already in the reader's language, says why and what to do next."""

    def __init__(self, sentence: str, *, exit_code: int = IMPOSSIBLE) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.exit_code = exit_code


def complain(sentence: str) -> None:
    """One line on the error output; what commands a terminal, as bytes of another kind of file can, is left out."""
    line = " ".join(sentence.split())
    click.echo("".join(letter for letter in line if letter.isprintable()), err=True)


def tell_problem(problem: Problem) -> None:
    """One line for one problem: where, and what is wrong there."""
    text = problem_text(problem)
    complain(f"{problem.key}: {text}" if problem.key else text)


@contextmanager
def failures_told(ctx: click.Context) -> Iterator[None]:
    """Turn everything that is raised on purpose into sentences and an exit code."""
    try:
        yield
    except InvalidInput as invalid:
        for problem in invalid.problems:
            tell_problem(problem)
        ctx.exit(BAD_INPUT)
    except Refused as refused:
        complain(refusal_text(refused))
        ctx.exit(IMPOSSIBLE)
    except SettingsError as error:
        complain(gettext(error.sentence, **error.values))
        ctx.exit(BAD_INPUT)
    except Failure as failure:
        complain(failure.sentence)
        ctx.exit(failure.exit_code)
    except OSError as error:
        if error.errno in FULL:
            complain(gettext("The answer cannot be written: %(why)s.", why=error.strerror))
            ctx.exit(IMPOSSIBLE)
        if error.filename is None:
            raise
        complain(gettext("%(file)s cannot be used: %(why)s.", file=error.filename, why=error.strerror))
        ctx.exit(IMPOSSIBLE)
