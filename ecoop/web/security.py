"""Headers that make a browser refuse what we never do."""

import base64
import hashlib
import json
import re
from functools import cache
from importlib.resources import files

from flask import Flask, g, request
from werkzeug.wrappers import Response

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'{style}; img-src 'self' data:{images}; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


@cache
def chart_styles() -> tuple[str, str]:
    """The hashes of the few styles that plotly.js sets itself: for style elements, and for style attributes.

    Read from the installed package, so that an upgrade that changes them is noticed by a test.
    """
    script = files("plotly").joinpath("package_data/plotly.min.js").read_text("utf-8")
    elements, attributes = [_hash("")], [_hash("")]
    if found := re.search(r"textContent='(\.maplibregl-map\{(?:[^'\\]|\\.)*)'", script):
        elements.append(_hash(re.sub(r"\\(.)", r"\1", found[1])))
    if found := re.search(r"CSS_DECLARATIONS=(\[\[.*?\]\])", script):
        attributes.append(_hash("".join(f"{name}: {value}; " for name, value in json.loads(found[1]))))
    return " ".join(elements), " ".join(attributes)


def allow_charts() -> None:
    """Let the page of this request hold charts."""
    g.has_charts = True


def content_security_policy(*, charts: bool) -> str:
    """The policy of a page: everything from here, nothing inline, nothing evaluated."""
    if not charts:
        return _POLICY.format(style="", images="")
    elements, attributes = chart_styles()
    extra = f"; style-src-elem 'self' {elements}; style-src-attr 'unsafe-hashes' {attributes}"
    return _POLICY.format(style=extra, images=" blob:")


def install_headers(app: Flask) -> None:
    """Set the headers on every answer."""

    @app.after_request
    def _set(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", content_security_policy(charts="has_charts" in g))
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        response.headers.setdefault("Cache-Control", "no-store")
        return response
