"""Styles, scripts and icons: ours and those of installed packages, under addresses that change with their content.

Nothing comes from elsewhere, and no second copy is kept: Bootstrap, its icons and plotly.js are read from their
Python packages.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from flask import Blueprint, Flask, Response, abort, request, url_for
from markupsafe import Markup, escape

from ecoop.web.access import public

bp = Blueprint("assets", __name__)

_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "png": "image/png"}
_YEAR = 31_536_000


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent."""

    body: bytes
    packed: bytes
    digest: str
    media_type: str


@cache
def _sources() -> dict[str, Traversable]:
    bootstrap = files("flask_bootstrap") / "static" / "bootstrap5"
    ours = files("ecoop") / "static"
    return {
        "bootstrap.css": bootstrap / "css" / "bootstrap.min.css",
        "plotly.js": files("plotly") / "package_data" / "plotly.min.js",
    } | {entry.name: entry for entry in ours.iterdir() if entry.name.rpartition(".")[2] in _TYPES}


def read_asset(name: str) -> Asset | None:
    """The asset called `name`, or None."""
    return _read(name) if name in _sources() else None


@cache
def _read(name: str) -> Asset:
    """The asset, remembered; only for names that exist, or whoever asks for others would fill the memory."""
    source = _sources()[name]
    body = source.read_bytes()
    if name.endswith((".css", ".js")):
        # Source maps are not shipped; a browser's tools would look for them in vain.
        body = re.sub(rb"\n?/[/*]# sourceMappingURL=\S+(?: \*/)?\s*$", b"\n", body)
    media_type = _TYPES[name.rpartition(".")[2]]
    return Asset(body, gzip.compress(body, 6, mtime=0), hashlib.sha256(body).hexdigest()[:16], media_type)


def asset_url(name: str) -> str:
    """The address of an asset; raises KeyError where there is none of that name."""
    asset = read_asset(name)
    if asset is None:
        raise KeyError(name)
    return url_for("assets.send", digest=asset.digest, name=name)


@bp.get("/assets/<slug:digest>/<path:name>")
@public
def send(digest: str, name: str) -> Response:
    """Send an asset, packed where the browser can unpack, to be kept for a year."""
    asset = read_asset(name)
    if asset is None or asset.digest != digest:
        abort(404)
    packed = request.accept_encodings.quality("gzip") > 0
    response = Response(asset.packed if packed else asset.body, mimetype=asset.media_type)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
    return response


@cache
def _symbols() -> dict[str, tuple[str, str]]:
    sprite = files("flask_bootstrap") / "static" / "bootstrap5" / "icons" / "bootstrap-icons.svg"
    found = re.findall(
        r'<symbol[^>]*viewBox="([^"]+)"[^>]*id="([^"]+)"[^>]*>(.*?)</symbol>', sprite.read_text("utf-8"), re.DOTALL
    )
    return {name: (box, body) for box, name, body in found}


def icon(name: str) -> Markup:
    """A small picture that only repeats what the words beside it say. Raises KeyError for an unknown name."""
    box, body = _symbols()[name]
    return Markup(  # noqa: S704  the drawing comes from the installed icon package
        f'<svg class="icon" viewBox="{escape(box)}" aria-hidden="true" focusable="false">{body}</svg>'
    )


def install_assets(app: Flask) -> None:
    """Serve the assets and let templates name them."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(asset_url=asset_url, icon=icon)
