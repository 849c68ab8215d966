"""`ecoop i18n`: keep the translations in step with the sentences of the code. Works in a checkout only."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ecoop.cli.failures import Failure
from ecoop.cli.words import Group, Option
from ecoop.language import CATALOGUES, DOMAIN, gettext, mark

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "mark": None,
    "SettingsError": None,
    "ngettext": (1, 2),
    "mark_plural": (1, 2),
}
"""Whose first argument is a sentence (or whose first two are, for plurals)."""
PACKAGE = CATALOGUES.parent
TEMPLATES = PACKAGE.parent / "templates"
DUTCH = CATALOGUES / "nl" / "LC_MESSAGES" / f"{DOMAIN}.po"
HEADER = """\
msgid ""
msgstr ""
"Project-Id-Version: ecoop\\n"
"Language: nl\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
"""Without dates and names, so that two people who translate do not meet in every change."""


@click.group(cls=Group, help=mark("The translations, for who works on the code."), no_args_is_help=True)
def i18n() -> None:
    """Everything is a subcommand."""


@i18n.command(help=mark("Bring the sentences of code and templates into the Dutch catalogue."))
@click.option(
    "--check", is_flag=True, cls=Option, help=mark("Change nothing; exit code 1 where the catalogue is out of step.")
)
@click.pass_context
def update(ctx: click.Context, check: bool) -> None:
    """Add new sentences, drop those that are gone, keep the translations."""
    if not TEMPLATES.is_dir():
        raise Failure(gettext("There are no templates beside the package; this command works in a checkout only."))
    template, catalogue = extract(), read(DUTCH)
    problems = tuple(differences(template, catalogue))
    if check:
        for problem in problems:
            click.echo(problem)
        ctx.exit(1 if problems else 0)
    catalogue.update(template, no_fuzzy_matching=True)
    DUTCH.parent.mkdir(parents=True, exist_ok=True)
    DUTCH.write_text(written(catalogue), encoding="utf-8")
    untranslated = len([message for message in catalogue if message.id and not _translated(message.string)])
    click.echo(
        gettext("%(all)s sentences, of which %(open)s are not translated yet.", all=len(catalogue), open=untranslated)
    )


@i18n.command(name="compile", help=mark("Compile the catalogues, so that the program can use them."))
def compile_() -> None:
    """Write the compiled catalogues beside their sources."""
    from ecoop.language.catalogue import compile_catalogues

    try:
        for target in compile_catalogues(CATALOGUES):
            click.echo(str(target.relative_to(PACKAGE.parent)))
    except ValueError as error:
        raise Failure(str(error)) from error


def extract() -> "Catalog":
    """Every sentence in the code and in the templates."""
    from babel.messages.catalog import Catalog
    from babel.messages.extract import extract as extract_from
    from jinja2.ext import babel_extract

    found = Catalog(domain=DOMAIN)
    sources: list[tuple[Path, Any, dict[str, str]]] = [(file, "python", {}) for file in sorted(PACKAGE.rglob("*.py"))]
    options = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
    for ending in ("*.html", "*.txt"):
        sources += [(file, babel_extract, options) for file in sorted(TEMPLATES.rglob(ending))]
    for file, method, choices in sources:
        with file.open("rb") as stream:
            for _line, message, _comments, _context in extract_from(method, stream, KEYWORDS, (), choices):
                found.add(message)
    return found


def read(file: Path) -> "Catalog":
    """The catalogue in `file`; an empty one where there is none."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po

    if not file.exists():
        return Catalog(locale="nl", domain=DOMAIN)
    with file.open("rb") as stream:
        return read_po(stream, locale="nl", domain=DOMAIN)


def written(catalogue: "Catalog") -> str:
    """The catalogue as it is kept: sorted, without places in the code and without sentences that are gone."""
    from babel.messages.pofile import write_po

    stream = io.BytesIO()
    write_po(stream, catalogue, width=120, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    return HEADER + stream.getvalue().decode("utf-8").strip("\n") + "\n"


def differences(template: "Catalog", catalogue: "Catalog") -> Iterator[str]:
    """What is missing from the catalogue, not translated or no longer used, one line each."""
    for message in template:
        if message.id:
            known = catalogue.get(message.id)
            if known is None:
                yield gettext("missing: %(sentence)s", sentence=_first(message.id))
            elif not _translated(known.string):
                yield gettext("not translated: %(sentence)s", sentence=_first(message.id))
    for message in catalogue:
        if message.id and template.get(message.id) is None:
            yield gettext("obsolete: %(sentence)s", sentence=_first(message.id))


def _translated(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return bool(string) if string is None or isinstance(string, str) else all(string)


def _first(identity: str | tuple[str, ...] | list[str]) -> str:
    return identity if isinstance(identity, str) else identity[0]
