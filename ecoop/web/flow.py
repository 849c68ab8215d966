"""Small steps that many views share: trying something that may be refused, answering, telling."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flask import flash, redirect, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from ecoop.errors import InvalidInput, Problem, Refused
from ecoop.language.reasons import problem_text, refusal_text
from ecoop.web.access import db


@dataclass(slots=True)
class Trial:
    """How an attempt ended: done, or with these sentences that have no field of their own."""

    refused: bool = False
    messages: list[str] = field(default_factory=list)
    problems: tuple[Problem, ...] = ()


@contextmanager
def trying(form: FlaskForm | None = None) -> Iterator[Trial]:
    """Run a verb in a savepoint. A refusal undoes it all and lands beside the form's fields, or in the messages."""
    trial = Trial()
    savepoint = db().begin_nested()
    try:
        yield trial
    except InvalidInput as invalid:
        savepoint.rollback()
        trial.refused, trial.problems = True, invalid.problems
        for problem in invalid.problems:
            _tell(form, trial, problem.key, problem_text(problem))
    except Refused as refused:
        savepoint.rollback()
        trial.refused = True
        trial.messages.append(refusal_text(refused))
    else:
        savepoint.commit()


def _tell(form: FlaskForm | None, trial: Trial, key: str, sentence: str) -> None:
    if form is not None and key in form:
        form[key].errors = [*form[key].errors, sentence]
    else:
        trial.messages.append(sentence)


def go_to(endpoint: str, **values: object) -> Response:
    """Answer a form: look there now."""
    return redirect(url_for(endpoint, **values), 303)  # type: ignore[arg-type]


def tell(sentence: str, kind: str = "success") -> None:
    """Show a sentence on the next page; kind is success, warning or danger."""
    flash(sentence, kind)


def local_path(wanted: str | None) -> str | None:
    """The path to go to after signing in, if it is one of ours: never another site."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return None
    if any(ord(character) < 32 for character in wanted):  # browsers and urlsplit drop some of them
        return None
    parts = urlsplit(wanted)
    return None if parts.scheme or parts.netloc else wanted
