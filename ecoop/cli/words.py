"""Commands and options that show their words in the language of the moment, and click's own words."""

import click

from ecoop.language import gettext, mark


class _Translated:
    """Keeps the help as a source sentence and gives it translated whenever it is shown."""

    _help: str | None = None

    def _show_help(self) -> str | None:
        return gettext(self._help) if self._help else self._help

    def _keep_help(self, sentence: str | None) -> None:
        self._help = sentence

    help = property(_show_help, _keep_help, doc="The help in the language of the moment.")


class Option(_Translated, click.Option):
    """An option whose help is translated."""


class Command(_Translated, click.Command):
    """A command whose help is translated."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option --help; click has its words ready before a language is chosen, so they are set again."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = gettext("Show this message and exit.")
        return option

    def get_short_help_str(self, limit: int = 45) -> str:
        """The help in a list of commands: its first sentence, however long the line becomes."""
        return (self.help or "").partition(". ")[0].rstrip(".")


class Group(Command, click.Group):
    """A group of commands whose help is translated."""

    command_class = Command


def mark_plural(singular: str, plural: str) -> tuple[str, str]:
    """Mark a sentence with two forms for translation that is looked up later."""
    return singular, plural


CLICK_WORDS = (
    mark("Usage:"),
    mark("Options"),
    mark("Commands"),
    mark("default: {default}"),
    mark("Try '{command} {option}' for help."),
    mark("Error: {message}"),
    mark("Aborted!"),
    mark("Error: invalid input"),
    mark("Missing command."),
    mark("Missing argument"),
    mark("Missing option"),
    mark("No such command {name!r}."),
    mark("No such option {name!r}."),
    mark("Invalid value: {message}"),
    mark("Invalid value for {param_hint}: {message}"),
    mark("{value!r} is not a valid {number_type}."),
    mark("{value} is not in the range {range}."),
    mark("Option {name!r} does not take a value."),
    mark_plural("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
    mark_plural("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    mark_plural("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    mark_plural("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
)
"""What click says by itself. It asks the standard library for a translation, which finds them in our catalogue."""
