"""`ecoop demo`: an example installation with invented people, made and served in one go."""

import errno
import socket
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ecoop.cli import serving
from ecoop.cli.database import opened
from ecoop.cli.failures import BAD_INPUT, Failure
from ecoop.cli.words import Command, Option
from ecoop.cli.working import worker_beside
from ecoop.config import Settings, read_settings
from ecoop.language import day as long_day
from ecoop.language import gettext, mark

if TYPE_CHECKING:
    from ecoop.services.demo_accounts import DemoAccount

HOST = "127.0.0.1"
PORTS_TRIED = 20


class Day(click.ParamType[date]):
    """A calendar day."""

    name = "day"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read a day as 2026-03-01."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(gettext("%(value)s is not a day; write it as 2026-03-01.", value=value), param, ctx)


@click.command(cls=Command, help=mark("Make an example with invented people, and serve it on this machine."))
@click.option("--port", default=8000, show_default=True, type=serving.PORT, cls=Option, help=mark("Port to listen on."))
@click.option(
    "--day", type=Day(), metavar="YYYY-MM-DD", cls=Option, help=mark("Day on which the example plays. Default: today.")
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("var/demo"),
    show_default=True,
    cls=Option,
    help=mark("Folder in which the example is kept."),
)
@click.option(
    "--rebuild", is_flag=True, cls=Option, help=mark("Start afresh: what was changed in the example is lost.")
)
@click.option("--no-serve", is_flag=True, cls=Option, help=mark("Make the example only."))
def demo(port: int, day: date | None, folder: Path, rebuild: bool, no_serve: bool) -> None:
    """Make or reuse the demo in `folder`, show who lives in it, and serve it."""
    import os

    from ecoop import clock
    from ecoop.demo.keeping import FILE_NAME, NotADemo, address_of, keep_demo

    file = folder / FILE_NAME
    given = os.environ.get("ECOOP_DATABASE_URL")
    if given and given != address_of(file):
        raise Failure(
            gettext(
                "ECOOP_DATABASE_URL names another database. The demo has a file of its own and touches no other: "
                "run it without that setting."
            ),
            exit_code=BAD_INPUT,
        )
    try:
        built = keep_demo(
            file, day=day, today=clock.legal_day(clock.now()), rebuild=rebuild,
            key=lambda: _settings(file).encryption_key,
        )  # fmt: skip
    except NotADemo as error:
        raise Failure(
            gettext("%(file)s is not a demo and is left alone. Choose another place with --folder.", file=file)
        ) from error
    _serve(file, port, built=built, no_serve=no_serve)


def _settings(file: Path) -> Settings:
    from ecoop.demo.keeping import address_of

    return read_settings(
        {
            "ECOOP_DATA": str(file.parent),
            "ECOOP_DATABASE_URL": address_of(file),
            "ECOOP_INSECURE_COOKIES": "1",  # on this machine, where there is no HTTPS
        }
    )


def _serve(file: Path, port: int, *, built: bool, no_serve: bool) -> None:
    settings = _settings(file)
    with opened(settings.database_url) as database:
        from ecoop.db import Scope
        from ecoop.services.cooperatives import read_cooperatives, read_installation
        from ecoop.services.demo_accounts import read_demo_accounts

        with database.work(Scope()) as session:
            known = read_installation(session)
            ids = frozenset(found.id for found in read_cooperatives(session))
        with database.work(Scope(cooperative_ids=ids)) as session:
            accounts = read_demo_accounts(session)
        assert known is not None  # noqa: S101  a demo says what it is
        assert known.demo_day is not None  # noqa: S101
        _introduce(accounts, known.demo_day, file, built=built)
        if no_serve:
            return
        from ecoop.app import create_app

        listener = _listen_somewhere(port)
        with worker_beside(database, settings):
            serving.run(create_app(settings, database), [listener], longest_body=serving.longest_body(settings))


def _introduce(accounts: "tuple[DemoAccount, ...]", day: date, file: Path, *, built: bool) -> None:
    told = {"day": long_day(day), "file": file}
    if built:
        click.echo(gettext("The demo of %(day)s has been made in %(file)s.", **told))
    else:
        click.echo(gettext("The demo of %(day)s stands in %(file)s. To start afresh: ecoop demo --rebuild", **told))
    click.echo(gettext("Everybody in it is invented. Sign in with one click as:"))
    width = max(len(account.name) for account in accounts)
    for account in accounts:
        click.echo(f"  {account.name:<{width}}  {_roles_of(account)}")


def _roles_of(account: "DemoAccount") -> str:
    from ecoop.language.names import role_name

    if not account.places:
        return gettext("no role today")
    return "; ".join(
        ", ".join(role_name(role) for role in place.roles) + (f" ({place.name})" if place.name else "")
        for place in account.places
    )


def _listen_somewhere(port: int) -> socket.socket:
    """A socket on `port`, or on the next one that is free."""
    for candidate in range(port, min(port + PORTS_TRIED, 65536)):
        try:
            listener = serving.bind(HOST, candidate)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise Failure(
                    gettext("Port %(port)s cannot be used: %(why)s.", port=candidate, why=error.strerror)
                ) from error
            continue
        if candidate != port:
            click.echo(gettext("Port %(port)s is taken, so the demo takes %(other)s.", port=port, other=candidate))
        return listener
    raise Failure(gettext("Port %(port)s is taken. Choose another with --port.", port=port))
