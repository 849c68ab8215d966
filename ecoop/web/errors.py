"""What goes wrong, as a page: one table from meaning to status, and clear words for each."""

import logging
from dataclasses import dataclass

from flask import Flask, g, render_template
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, IntegrityError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge, SecurityError
from werkzeug.wrappers import Response

from ecoop.errors import EcoopError, Forbidden, InvalidInput, NotFound, Refused
from ecoop.language import gettext as _
from ecoop.language import mark
from ecoop.language.reasons import problem_text, refusal_text
from ecoop.web.log_lines import request_id
from ecoop.web.uploads import largest_file, wants_papers

log = logging.getLogger("ecoop")

STATUS_OF: dict[type[EcoopError], int] = {NotFound: 404, Forbidden: 403, Refused: 409, InvalidInput: 400}

TEXTS: dict[int, tuple[str, str]] = {
    400: (
        mark("This request cannot be read"),
        mark("Something in the request was missing or not right. Go back, look at what you filled in, and try again."),
    ),
    403: (
        mark("You may not do this"),
        mark("Your role does not include this page. The page “Who may do what” shows which role does."),
    ),
    404: (
        mark("This page does not exist"),
        mark("The address is wrong, or what stood here is not meant for you. Start again from the first page."),
    ),
    405: (
        mark("This cannot be done here"),
        mark("The page exists, but not for this kind of request. Start again from the first page."),
    ),
    409: (
        mark("This is not possible now"),
        mark("Somebody else changed the same thing, or the rules do not allow it any more. Look at it anew."),
    ),
    413: (
        mark("This file is too large"),
        mark("A file may be at most 2 MB. Nothing was stored."),
    ),
    500: (
        mark("Something went wrong on our side"),
        mark("Nothing you did was stored half. Try again; if it stays wrong, tell the administrator the number below."),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorPage:
    """What the error page shows."""

    title: str
    explanation: str
    status: int
    details: tuple[str, ...] = ()
    number: str | None = None
    """By which the request is found in the log, where the fault may be ours."""


def install_errors(app: Flask) -> None:
    """Answer every failure with a page."""
    app.register_error_handler(EcoopError, _on_ours)
    app.register_error_handler(CSRFError, _on_stale_form)
    app.register_error_handler(IntegrityError, _on_race)
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(Exception, _on_fault)


def _answer(status: int, details: tuple[str, ...] = (), explanation: str | None = None) -> Response:
    if "door" in g:
        g.door.failed = True
    title, usual = TEXTS.get(status, TEXTS[400 if status < 500 else 500])
    page = ErrorPage(
        title=_(title),
        explanation=explanation or _(usual),
        status=status,
        details=details,
        number=request_id() if status >= 500 else None,
    )
    try:
        return Response(render_template("errors/error.html", page=page), status=status, mimetype="text/html")
    except DBAPIError:  # what stands around every page is asked of the database, which does not answer
        return _without_page(500)


def _without_page(status: int) -> Response:
    """The two sentences alone."""
    lines = [_(text) for text in TEXTS[status]]
    if status >= 500:
        lines.append(_("Number of this request: %(number)s", number=request_id()))
    return Response("\n".join(lines) + "\n", status=status, mimetype="text/plain")


def _on_ours(error: EcoopError) -> Response:
    status = next((status for kind, status in STATUS_OF.items() if isinstance(error, kind)), None)
    if status is None:
        return _on_fault(error)
    if isinstance(error, InvalidInput):
        return _answer(status, tuple(problem_text(problem) for problem in error.problems))
    if isinstance(error, Refused):
        return _answer(status, (refusal_text(error),))
    return _answer(status)


def _on_stale_form(_error: CSRFError) -> Response:
    return _answer(400, (_("The form was open for too long, or came from another page. Load the page again."),))


def _on_race(_error: IntegrityError) -> Response:
    """The database was the last referee."""
    return _answer(409)


def _on_http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return error.get_response()
    if isinstance(error, MethodNotAllowed):
        answer = _answer(error.code)
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
        return answer
    if isinstance(error, SecurityError):  # asked for under a name that is not ours: no page with addresses can be made
        return _without_page(400)
    if isinstance(error, RequestEntityTooLarge) and wants_papers():
        return _answer(error.code, explanation=_too_large(largest_file()))
    return _answer(error.code)


def _too_large(megabytes: int) -> str:
    return _("The file of a paper may be at most %(size)s MB. Nothing was stored.", size=megabytes)


def _on_fault(error: Exception) -> Response:
    log.exception("A request failed", exc_info=error)
    return _answer(500)
