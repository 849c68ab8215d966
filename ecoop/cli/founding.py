"""`ecoop init`: found the installation, a cooperative and its first chair."""

import sys
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import click

from ecoop.cli.database import installation_of, opened, require_current
from ecoop.cli.failures import Failure
from ecoop.cli.words import Command, Option
from ecoop.config import read_settings
from ecoop.errors import InvalidInput, Problem
from ecoop.language import gettext, mark, moment

if TYPE_CHECKING:
    from ecoop.db import Database, ScopedSession
    from ecoop.services.accounts import AccountView
    from ecoop.services.cooperatives import CooperativeView

QUESTIONS = {
    "cooperative": mark("Short name of the cooperative, as in its address (small letters, digits, hyphens)"),
    "name": mark("Name of the cooperative"),
    "place": mark("Place of the cooperative"),
    "board_name": mark("Name of the first chair"),
    "board_email": mark("E-mail address of the first chair"),
}
OPTION_OF_COOPERATIVE = {"slug": "--cooperative", "name": "--name", "place": "--place"}
OPTION_OF_CHAIR = {"email": "--board-email", "name": "--board-name"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Founding:
    """What is asked for."""

    cooperative: str
    name: str
    place: str
    board_name: str
    board_email: str
    administrator: bool


@click.command(cls=Command, help=mark("Found a cooperative and let its first chair in."))
@click.option("--cooperative", metavar="SLUG", cls=Option, help=mark("Short name, as in the address."))
@click.option("--name", cls=Option, help=mark("Name of the cooperative."))
@click.option("--place", cls=Option, help=mark("Place of the cooperative."))
@click.option("--board-name", cls=Option, help=mark("Name of the first chair."))
@click.option("--board-email", cls=Option, help=mark("E-mail address of the first chair."))
@click.option("--administrator", is_flag=True, cls=Option, help=mark("Let this person run the installation as well."))
@click.option(
    "--address",
    default="http://127.0.0.1:8000",
    show_default=True,
    metavar="URL",
    cls=Option,
    help=mark("Address of the site, for the link to sign in."),
)
def init(address: str, administrator: bool, **given: str | None) -> None:
    """Found what was asked and print a link that lets the chair in once."""
    from ecoop import clock

    if not address.startswith(("http://", "https://")):
        raise InvalidInput((Problem(key="--address", reason="address_incomplete"),))
    wanted = Founding(administrator=administrator, **_asked(given))
    now = clock.now()
    with opened(read_settings().database_url) as database:
        require_current(database)
        installation = installation_of(database)
        if installation is not None and installation.is_demo:
            raise Failure(gettext("This is a demo database. Found a real cooperative in a database of its own."))
        account, secret = _found(database, wanted, found_installation=installation is None, now=now)
    _tell(wanted, account, f"{address.rstrip('/')}/sign-in/link/{secret}", now)


def _asked(given: dict[str, str | None]) -> dict[str, str]:
    """What was given, asking for what is missing where somebody sits at the terminal."""
    answers = {name: (given.get(name) or "").strip() for name in QUESTIONS}
    if sys.stdin.isatty():
        return {name: answer or click.prompt(gettext(QUESTIONS[name])) for name, answer in answers.items()}
    return answers


def _found(
    database: "Database", wanted: Founding, *, found_installation: bool, now: datetime
) -> "tuple[AccountView, str]":
    """Do it all in one piece of work; a problem leaves everything as it was."""
    from ecoop import clock
    from ecoop.db import Scope
    from ecoop.governance.roles import Reach, Role
    from ecoop.services import accounts, cooperatives, places, roles

    with database.work(Scope(may_write=True)) as session:
        if found_installation:
            cooperatives.found_installation(session, demo_day=None, now=now)
        founded = _found_cooperative(session, wanted, now)
        day = clock.legal_day(now)
        chair = roles.NewRole(role=Role.CHAIR, email=wanted.board_email, name=wanted.board_name, starts_on=day)
        account = roles.grant_role(session, None, cooperative_id=founded.id, new=chair, now=now)
        known = places.read_places(session, account, day=day, now=now)
        if wanted.administrator and not any(place.reach is Reach.INSTALLATION for place in known):
            roles.make_administrator(session, account_id=account.id, day=day, now=now)
        return account, accounts.issue_link(session, account.id, now=now, lifetime=accounts.FIRST_LINK_LIFETIME)


def _found_cooperative(session: "ScopedSession", wanted: Founding, now: datetime) -> "CooperativeView":
    """The cooperative, once everything that was given can be used; else every problem is told."""
    from ecoop.services import accounts, cooperatives

    given = {
        "--cooperative": wanted.cooperative,
        "--name": wanted.name,
        "--place": wanted.place,
        "--board-name": wanted.board_name,
        "--board-email": wanted.board_email,
    }
    problems = {option: Problem(key=option, reason="option_missing") for option, answer in given.items() if not answer}
    founded = None
    try:
        founded = cooperatives.found_cooperative(
            session, slug=wanted.cooperative, name=wanted.name, place=wanted.place, now=now
        )
    except InvalidInput as invalid:
        problems = _renamed(invalid, OPTION_OF_COOPERATIVE) | problems
    for normal, answer in ((accounts.normal_address, wanted.board_email), (accounts.normal_name, wanted.board_name)):
        try:
            normal(answer)
        except InvalidInput as invalid:
            problems = _renamed(invalid, OPTION_OF_CHAIR) | problems
    if founded is None or problems:
        raise InvalidInput(tuple(problems[option] for option in given if option in problems))
    return founded


def _renamed(invalid: InvalidInput, options: dict[str, str]) -> dict[str, Problem]:
    """The problems of a service, by the option in which the value was given."""
    return {
        options[problem.key]: Problem(key=options[problem.key], reason=problem.reason, details=problem.details)
        for problem in invalid.problems
    }


def _tell(wanted: Founding, account: "AccountView", link: str, now: datetime) -> None:
    from ecoop.services.accounts import FIRST_LINK_LIFETIME

    click.echo(
        gettext("%(cooperative)s has been founded. %(name)s is chair.", cooperative=wanted.name, name=account.name)
    )
    if wanted.administrator:
        click.echo(gettext("%(name)s may run the installation.", name=account.name))
    click.echo(
        gettext("With this link %(name)s can sign in once, until %(until)s:", name=account.name,
                until=moment(now + FIRST_LINK_LIFETIME))
    )  # fmt: skip
    click.echo(link)
