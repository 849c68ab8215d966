"""Files that come in and go out: routes that take larger ones than the rest, and answers that no browser runs."""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import quote

from flask import Flask, Response, current_app, request

from ecoop.config import MEBIBYTE
from ecoop.web.platform import platform

View = TypeVar("View", bound=Callable[..., object])

AROUND_THE_FILE = 256 * 1024
"""What a form may hold beside its file, in bytes."""
_SANDBOX = "sandbox; default-src 'none'"


def takes_papers(view: View) -> View:
    """Let this route take files as large as the installation allows for papers."""
    view.takes_papers = True  # type: ignore[attr-defined]
    return view


def wants_papers() -> bool:
    """Whether the route of this request takes papers."""
    return request.endpoint is not None and hasattr(current_app.view_functions[request.endpoint], "takes_papers")


def largest_file() -> int:
    """How large a file this request may bring, in whole MB."""
    settings = platform().settings
    return (settings.paper_limit_bytes if wants_papers() else settings.upload_limit_bytes) // MEBIBYTE


def install_uploads(app: Flask) -> None:
    """Raise the limit for the routes that take papers, before anything reads the form; close every file afterwards."""

    @app.before_request
    def _raise_limit() -> None:
        if wants_papers():
            request.max_content_length = platform().settings.paper_limit_bytes + AROUND_THE_FILE

    @app.teardown_request
    def _close_files(_error: BaseException | None) -> None:
        request.close()


def as_download(body: bytes, *, media_type: str, name: str) -> Response:
    """A file to be kept, not shown: whatever is in it, no browser runs it on our site. The name may hold any letter."""
    plain = "".join(one if 32 <= ord(one) < 127 and one not in '"\\%' else "_" for one in name)
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    answer = Response(body, content_type=media_type + charset)
    answer.headers["Content-Disposition"] = disposition
    answer.headers["Content-Security-Policy"] = _SANDBOX
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
