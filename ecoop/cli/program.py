"""The program as a whole: its language, and its answer to everything that goes wrong below it."""

import gettext as standard_gettext
import io
import os
import sys
from typing import Any

import click

from ecoop import language
from ecoop.cli.failures import complain, failures_told
from ecoop.cli.words import Group
from ecoop.language import CATALOGUES, DOMAIN, Language


class Program(Group):
    """The group at the top: what its commands raise on purpose ends in sentences here."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Start in the language of the terminal, so that what precedes the options is understood too."""
        speak(Language(environment_language()))
        _write_what_can_be_written()
        return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        with failures_told(ctx):
            return super().invoke(ctx)


def _write_what_can_be_written() -> None:
    """Let a character that the terminal does not have become a question mark, instead of ending the program."""
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="replace")


def environment_language() -> str:
    """The language of the terminal if we speak it, else Dutch."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            found = language.parse_language(os.environ[name].partition("_")[0].partition(".")[0])
            return (found or language.DEFAULT).value
    return language.DEFAULT.value


def choose_language(_ctx: click.Context, _option: click.Parameter, value: str) -> None:
    """Speak the language of the option `--language`."""
    chosen = Language(value)
    if not _catalogue_stands(chosen):
        complain("The translations are not compiled, so this is English. To mend it: ecoop i18n compile")
    speak(chosen)


def speak(chosen: Language) -> None:
    """Set the language of our sentences and of click's; without compiled translations that is English."""
    if not _catalogue_stands(chosen):
        chosen = Language.ENGLISH
    language.choose(chosen)
    # click asks the standard library, which looks at the environment
    os.environ["LANGUAGE"] = chosen.value
    standard_gettext.bindtextdomain(DOMAIN, CATALOGUES)
    standard_gettext.textdomain(DOMAIN)


def _catalogue_stands(chosen: Language) -> bool:
    return chosen is Language.ENGLISH or (CATALOGUES / chosen.value / "LC_MESSAGES" / f"{DOMAIN}.mo").is_file()
