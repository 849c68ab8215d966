"""Text that somebody wrote in Markdown, as HTML that does no harm: no HTML of its own, no pictures, safe links."""

from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markupsafe import Markup

SCHEMES = frozenset({"http", "https", "mailto"})


def _is_safe(address: str) -> bool:
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return False
    return parts.scheme.lower() in SCHEMES and bool(parts.netloc or parts.scheme.lower() == "mailto")


def _renderer() -> MarkdownIt:
    renderer = MarkdownIt("commonmark", {"html": False}).disable("image")
    renderer.validateLink = _is_safe  # type: ignore[method-assign,assignment]
    return renderer


def render_markdown(text: str) -> Markup:
    """The text as HTML; every heading becomes one of the third level, because it stands under one of ours."""
    renderer = _renderer()
    tokens = renderer.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = "h3"
        for child in token.children or ():
            if child.type == "link_open":
                child.attrSet("rel", "noreferrer nofollow")
    return Markup(renderer.renderer.render(tokens, renderer.options, {}))  # noqa: S704  HTML switched off
