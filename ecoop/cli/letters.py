"""`ecoop letters`: send what waits in the outbox."""

import click

from ecoop.cli.database import opened, require_current
from ecoop.cli.failures import IMPOSSIBLE, Failure, complain
from ecoop.cli.words import Group
from ecoop.config import read_settings
from ecoop.language import gettext, mark, ngettext


@click.group(cls=Group, help=mark("The letters in the outbox."), no_args_is_help=True)
def letters() -> None:
    """Everything is a subcommand."""


@letters.command(help=mark("Send the letters that wait. Those that are refused stay in the outbox."))
@click.pass_context
def send(ctx: click.Context) -> None:
    """Send the letters and say what became of them; exit code 1 where some were not taken."""
    from ecoop import clock, mail

    settings = read_settings()
    with opened(settings.database_url) as database:
        require_current(database)
        mail.write_due_letters(database, clock.now())
        try:
            delivery = mail.send_waiting(database, settings, clock.now())
        except mail.DemoSendsNothing as error:
            raise Failure(gettext("This is a demo: its letters are never sent.")) from error
        except mail.MailServerUnreachable as error:
            sentence = gettext("The mail server cannot be used. The letters wait. The answer was: %(why)s", why=error)
            raise Failure(sentence) from error
    click.echo(ngettext("%(count)s letter was sent.", "%(count)s letters were sent.", delivery.sent))
    for undelivered in delivery.undelivered:
        told = {"recipient": undelivered.recipient, "why": undelivered.why}
        complain(gettext("%(recipient)s: the mail server did not take the letter. It answered: %(why)s", **told))
    ctx.exit(IMPOSSIBLE if delivery.undelivered else 0)
