"""Help: Markdown files in the package, shown as pages in the reader's language."""

from dataclasses import dataclass
from importlib.resources import files

from markdown_it import MarkdownIt
from markupsafe import Markup

from ecoop import language

NAMES = (
    "getting-started",
    "not-more-than-now",
    "business-case",
    "running",
    "settings",
    "backups",
    "upgrading",
    "decisions",
)
"""The pages, in the order in which the help lists them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpPage:
    """One page of help."""

    title: str
    body: Markup
    others: tuple[tuple[str, str], ...]


def read_help(name: str) -> HelpPage | None:
    """The help page called `name` in the language of the moment, or None."""
    if name not in NAMES:
        return None
    title, body = _read(name)
    rendered = MarkdownIt("commonmark", {"html": False}).enable("table").render(body)
    others = tuple((other, _read(other)[0]) for other in NAMES)
    return HelpPage(title=title, body=Markup(rendered), others=others)  # noqa: S704  our own files, HTML switched off


def _read(name: str) -> tuple[str, str]:
    """Title and body: the first line of the file is its title."""
    text = (files("ecoop") / "help" / language.current().value / f"{name}.md").read_text("utf-8")
    title, _, body = text.partition("\n")
    return title.lstrip("# ").strip(), body
