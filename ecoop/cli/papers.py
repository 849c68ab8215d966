"""`ecoop papers`: are the files of the papers still there and unchanged, and which ones must go."""

import click

from ecoop.cli.database import opened, require_current
from ecoop.cli.failures import IMPOSSIBLE, complain
from ecoop.cli.words import Group, Option
from ecoop.config import read_settings
from ecoop.language import day as long_day
from ecoop.language import gettext, mark, ngettext


@click.group(cls=Group, help=mark("The files of the papers."), no_args_is_help=True)
def papers() -> None:
    """Everything is a subcommand."""


@papers.command(help=mark("Tell which files are missing or altered. Exit code 0: all are as they were put in."))
@click.pass_context
def check(ctx: click.Context) -> None:
    """Look at every file that a version of a paper names."""
    from ecoop.db import Scope
    from ecoop.language.papers import kept_state_name
    from ecoop.services.cooperatives import read_cooperatives
    from ecoop.services.papers import count_files, doubt_files
    from ecoop.vault import Vault

    settings = read_settings()
    with opened(settings.database_url) as database:
        require_current(database)
        with database.work(Scope()) as session:
            ids = frozenset(one.id for one in read_cooperatives(session))
        with database.work(Scope(cooperative_ids=ids)) as session:
            doubts = doubt_files(session, Vault(settings.papers_folder))
            count = count_files(session)
    for one in doubts:
        complain(
            gettext(
                "%(cooperative)s, paper %(paper)s, version %(version)s: %(state)s (%(digest)s)",
                cooperative=one.cooperative,
                paper=one.paper_id,
                version=one.number,
                state=kept_state_name(one.state),
                digest=one.digest,
            )
        )
    click.echo(ngettext("%(count)s file was looked at.", "%(count)s files were looked at.", count))
    ctx.exit(IMPOSSIBLE if doubts else 0)


@papers.command(help=mark("Destroy the files of withdrawn papers whose time is over. Run it every night."))
@click.option("--dry-run", is_flag=True, cls=Option, help=mark("Only tell what would be destroyed."))
def purge(dry_run: bool) -> None:
    """Destroy what may not be kept any longer, and say what that was."""
    from ecoop import clock
    from ecoop.services.papers import purge_expired
    from ecoop.vault import Vault

    settings = read_settings()
    with opened(settings.database_url) as database:
        require_current(database)
        expired = purge_expired(database, Vault(settings.papers_folder), now=clock.now(), dry_run=dry_run)
    for one in expired:
        click.echo(
            gettext(
                "%(cooperative)s, paper %(paper)s, version %(version)s: kept until %(day)s",
                cooperative=one.cooperative,
                paper=one.paper_id,
                version=one.number,
                day=long_day(one.keep_until),
            )
        )
    if dry_run:
        click.echo(ngettext("%(count)s file would be destroyed.", "%(count)s files would be destroyed.", len(expired)))
    else:
        click.echo(ngettext("%(count)s file was destroyed.", "%(count)s files were destroyed.", len(expired)))
