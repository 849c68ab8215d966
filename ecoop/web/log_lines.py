"""Lines in the log: one for every answer, each with the number of its request, and nothing in them about anybody.

A path may hold the secret of a link, a query a name, and the message of an exception the row that was refused. So a
line names the endpoint instead of the path, other people's messages stand there without their values, and of an
exception only its kind and the places in the code are told.
"""

import logging
import secrets
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePath
from typing import TypedDict

import orjson
from flask import Flask, g, has_request_context, request
from werkzeug.wrappers import Response

from ecoop.web.platform import platform

GIVEN_ID = "ecoop.request_id"
"""Where the server leaves the number that a trusted proxy gave to the request, in the WSGI environment."""
METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
FIELDS = "fields"

log = logging.getLogger("ecoop.access")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One request that was answered: what may be told about it."""

    endpoint: str
    method: str
    status: int
    seconds: float


class _Cause(TypedDict):
    type: str
    at: list[str]


def install_log_lines(app: Flask) -> None:
    """Number every request and write down how it was answered. Comes first, so that it sees the final answer."""
    app.before_request(_begin)
    app.after_request(_end)


def request_id() -> str:
    """The number of the present request: what the proxy gave it, or one of our own."""
    if "request_id" not in g:
        g.request_id = request.environ.get(GIVEN_ID) or secrets.token_hex(16)
    return str(g.request_id)


def _begin() -> None:
    g.begun = time.perf_counter()
    request_id()


def _end(response: Response) -> Response:
    answered = Answered(
        endpoint=request.endpoint or "unknown",
        method=request.method if request.method in METHODS else "other",
        status=response.status_code,
        seconds=time.perf_counter() - g.get("begun", time.perf_counter()),
    )
    response.headers["X-Request-ID"] = request_id()
    told = {"endpoint": answered.endpoint, "method": answered.method, "status": answered.status}
    log.info("answered", extra={FIELDS: told | {"milliseconds": round(answered.seconds * 1000, 1)}})
    for observe in platform().observers:
        observe(answered)
    return response


class LogLines(logging.Formatter):
    """Records as lines of JSON, or as lines for a person at a terminal: with the same in them."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__()
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """The line of one record."""
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        if has_request_context():
            told["request_id"] = request_id()
        told |= getattr(record, FIELDS, {})
        error = record.exc_info[1] if record.exc_info else None
        if self._as_json:
            return orjson.dumps(told | ({"error": list(_causes(error))} if error else {}), default=str).decode()
        line = " ".join(str(told.pop(name)) for name in ("time", "level", "logger", "message"))
        line += "".join(f" {name}={value}" for name, value in told.items())
        return line + "".join(f"\n  {cause['type']}" + "".join(f"\n    {at}" for at in cause["at"])
                              for cause in _causes(error))  # fmt: skip


def _message(record: logging.LogRecord) -> str:
    """Our own messages in full; those of libraries as they are written in their code, without what they filled in."""
    ours = record.name == "ecoop" or record.name.startswith("ecoop.")
    return record.getMessage() if ours else str(record.msg)


def _causes(error: BaseException | None) -> Iterator["_Cause"]:
    """The exception and what led to it: kinds and places, never a message."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        places = [
            f"{'/'.join(PurePath(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ]
        yield {"type": f"{type(error).__module__}.{type(error).__qualname__}", "at": places}
        error = error.__cause__ or error.__context__


def set_up_logging(*, as_json: bool) -> None:
    """Write the log of this process to the error output."""
    handler = logging.StreamHandler()
    handler.setFormatter(LogLines(as_json=as_json))
    logging.basicConfig(handlers=[handler], level=logging.INFO)
    logging.getLogger("alembic").setLevel(logging.WARNING)
