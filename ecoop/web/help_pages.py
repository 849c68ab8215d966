"""Help: Markdown files in the package, shown as pages in the reader's language, with lists that the code itself keeps.

A line `[[glossary]]` in a file stands for such a list; `help_lists.py` makes them. Headings bear the same address in
both languages, that of the English heading, so that a link to a passage works for everybody.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from ecoop import language
from ecoop.language import NO_BREAK, Language, mark
from ecoop.language import gettext as _
from ecoop.web.help_lists import LISTS, HelpList


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of help: its name, and what it tells in one sentence."""

    name: str
    about: str


@dataclass(frozen=True, slots=True)
class Group:
    """Pages for one kind of reader."""

    title: str
    entries: tuple[Entry, ...]


GROUPS = (
    Group(
        mark("For members"),
        (
            Entry("getting-started", mark("How you sign in, what you see and what each role can do.")),
            Entry("not-more-than-now", mark("What the promise about your bill means, and what it is compared with.")),
            Entry("glossary", mark("The words we use, each explained in one sentence, in Dutch and in English.")),
        ),
    ),
    Group(
        mark("For the board"),
        (
            Entry(
                "register", mark("How the member register works: two dates, newcomers, leaving, money, votes, privacy.")
            ),
            Entry("business-case", mark("What “feasible” means, and how the numbers of the example come about.")),
            Entry("model", mark("Every step, every formula and every input of the computation.")),
            Entry("rules", mark("Who may do what, what the audit trail proves, and what the law asks.")),
        ),
    ),
    Group(
        mark("For who runs the server"),
        (
            Entry("running", mark("A server of your own: what it needs, how it starts, and when it grows.")),
            Entry("settings", mark("Installing, starting and keeping ecoop, with every setting and every command.")),
            Entry("backups", mark("What is kept where, how it comes back, and how you practise that.")),
            Entry("upgrading", mark("Taking a new release, step by step, and the way back.")),
        ),
    ),
    Group(
        mark("For who works on the code"),
        (
            Entry("conventions", mark("How ecoop writes numbers, days, money, sources, names and both languages.")),
            Entry("decisions", mark("What was decided and why, by date.")),
        ),
    ),
)
"""Every page, by reader, in the order in which the help lists them."""

NAMES = tuple(entry.name for group in GROUPS for entry in group.entries)
"""The pages, in the order in which the help lists them."""

LIST = re.compile(r"^\[\[(\w+)\]\]$", re.MULTILINE)
"""A line that stands for a list of the code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpLink:
    """A page to go to."""

    name: str
    title: str
    about: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpGroup:
    """The pages for one kind of reader."""

    title: str
    links: tuple[HelpLink, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of a page: running text, or a list that the code keeps."""

    text: Markup | None = None
    listed: HelpList | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpPage:
    """One page of help."""

    title: str
    parts: tuple[Part, ...]
    groups: tuple[HelpGroup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpIndex:
    """All pages of help."""

    title: str
    answer: str
    groups: tuple[HelpGroup, ...]


def read_help(name: str) -> HelpPage | None:
    """The help page called `name` in the language of the moment, or None."""
    if name not in NAMES:
        return None
    spoken = language.current()
    title, body = _read(name, spoken)
    return HelpPage(title=title, parts=tuple(_parts(name, title, body)), groups=_groups(name))


def read_index() -> HelpIndex:
    """The list of all help pages, each with a sentence."""
    return HelpIndex(
        title=_("Help"),
        answer=_("What ecoop does and how it reckons, for who uses it and for who keeps it running."),
        groups=_groups(None),
    )


def _groups(current: str | None) -> tuple[HelpGroup, ...]:
    spoken = language.current()
    return tuple(
        HelpGroup(
            title=_(group.title),
            links=tuple(
                HelpLink(
                    name=entry.name,
                    title=_read(entry.name, spoken)[0],
                    about=_(entry.about),
                    current=entry.name == current,
                )
                for entry in group.entries
            ),
        )
        for group in GROUPS
    )


@cache
def _read(name: str, spoken: Language) -> tuple[str, str]:
    """Title and body: the first line of the file is its title."""
    text = (files("ecoop") / "help" / spoken.value / f"{name}.md").read_text("utf-8")
    title, _newline, body = text.partition("\n")
    return title.lstrip("# ").strip(), body


def _parts(name: str, title: str, body: str) -> Iterator[Part]:
    """Running text and lists, in turn."""
    addresses = iter(_addresses(name))
    labels = _Labels(title)
    for place, piece in enumerate(LIST.split(body)):
        if place % 2:
            yield Part(listed=LISTS[piece]())
        elif piece.strip():
            yield Part(text=_rendered(piece, addresses, labels))


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


@cache
def _addresses(name: str) -> tuple[str, ...]:
    """What stands behind `#` for each heading of a page: its English words, made small and joined."""
    tokens = _markdown().parse(_read(name, Language.ENGLISH)[1])
    words = [inline.content for opened, inline in itertools.pairwise(tokens) if _is_heading(opened)]
    return tuple("-".join(re.findall(r"[a-z0-9]+", one.lower())) for one in words)


def _is_heading(token: Token) -> bool:
    return token.type == "heading_open"


class _Labels:
    """The names of the frames around tables: the heading above, with a number where it has several tables."""

    def __init__(self, title: str) -> None:
        self._heading, self._count = title, 0

    def under(self, heading: str) -> None:
        """From here on tables stand under this heading."""
        self._heading, self._count = heading, 0

    def next(self) -> str:
        """The name of the next table."""
        self._count += 1
        return self._heading if self._count == 1 else f"{self._heading} ({self._count})"


def _rendered(text: str, addresses: Iterator[str], labels: _Labels) -> Markup:
    """Text as HTML: headings with an address, and tables that scroll inside a frame of their own."""
    tokens = _markdown().parse(text.replace("€ ", f"€{NO_BREAK}"))
    framed: list[Token] = []
    for place, token in enumerate(tokens):
        if _is_heading(token):
            token.attrSet("id", next(addresses))
            labels.under(tokens[place + 1].content)
        if token.type == "table_open":
            token.attrSet("class", "data")
            framed.append(_html(_frame(labels.next())))
        framed.append(token)
        if token.type == "table_close":
            framed.append(_html(Markup("</div>\n")))
    return Markup(_markdown().renderer.render(framed, _markdown().options, {}))  # noqa: S704  our own files, HTML off


def _frame(label: str) -> Markup:
    opening = Markup('<div class="table-frame" tabindex="0" role="region" aria-label="{}">\n')
    return opening.format(escape(label))


def _html(content: Markup) -> Token:
    return Token("html_block", "", 0, content=str(content))
