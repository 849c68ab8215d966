"""The command line: `ecoop …`. Exit codes: 0 done, 2 bad input (one line per problem), 1 otherwise."""

import click

from ecoop import __version__
from ecoop.cli.audit import audit
from ecoop.cli.case import case
from ecoop.cli.checking import check
from ecoop.cli.database import db
from ecoop.cli.demo import demo
from ecoop.cli.founding import init
from ecoop.cli.languages import i18n
from ecoop.cli.letters import letters
from ecoop.cli.papers import papers
from ecoop.cli.program import Program, choose_language, environment_language
from ecoop.cli.register import register
from ecoop.cli.safekeeping import backup, restore
from ecoop.cli.serving import serve
from ecoop.cli.words import Option
from ecoop.cli.working import worker
from ecoop.language import Language, mark


@click.group(cls=Program, help=mark("The platform on which energy cooperatives run themselves."), no_args_is_help=True)
@click.option(
    "--language",
    cls=Option,
    type=click.Choice([language.value for language in Language]),
    default=environment_language,
    callback=choose_language,
    is_eager=True,
    expose_value=False,
    help=mark("Language of the messages. Default: that of the terminal, else Dutch."),
)
@click.version_option(__version__, prog_name="ecoop", help=mark("Show the version and exit."), cls=Option)
def main() -> None:
    """Everything is a subcommand."""


for command in (init, serve, worker, demo, db, backup, restore, check, audit, register, case, letters, papers, i18n):
    main.add_command(command)
