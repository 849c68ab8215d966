"""`ecoop register`: the member register at any date."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ecoop.cli.database import opened, require_current
from ecoop.cli.demo import Day
from ecoop.cli.failures import BAD_INPUT, IMPOSSIBLE, Failure, complain
from ecoop.cli.importing import import_
from ecoop.cli.words import Group, Option
from ecoop.config import read_settings
from ecoop.governance.voting_rights import plain_votes
from ecoop.language import gettext, mark, number

if TYPE_CHECKING:
    from ecoop.db import Database, ScopedSession
    from ecoop.services.register_list import RegisterEntry
    from ecoop.services.voters import RollView

FIELDS = (
    "number", "name", "street", "house_number", "postcode", "city", "class", "status", "votes", "capital_cents",
    "member_since", "first_day_without",
)  # fmt: skip
VOTER_FIELDS = ("membership", "number", "name", "class", "votes", "reason", "through", "representative")


@click.group(cls=Group, help=mark("The member register."), no_args_is_help=True)
def register() -> None:
    """Everything is a subcommand."""


register.add_command(import_)


@register.command(name="list", help=mark("Write the members of a day. The same list made again later is the same."))
@click.argument("cooperative", metavar="COOP")
@click.option("--on", type=Day(), metavar="YYYY-MM-DD", required=True, cls=Option, help=mark("Day of the list."))
@click.option(
    "--known",
    type=Day(),
    metavar="YYYY-MM-DD",
    cls=Option,
    help=mark("Last day of what was known. Default: everything that is known now."),
)
@click.option(
    "--format",
    "kind",
    type=click.Choice(["csv", "json"]),
    default="csv",
    show_default=True,
    cls=Option,
    help=mark("How the list is written."),
)
def list_(cooperative: str, on: date, known: date | None, kind: str) -> None:
    """Every member of the day, in order of number, with codes and days as they are kept: byte for byte the same."""
    from ecoop.services.register import Order, RegisterQuestion
    from ecoop.services.register_list import read_register_list

    asked = RegisterQuestion(day=on, known_at=_end_of(known), order=Order.NUMBER)
    with _inside(cooperative) as (session, cooperative_id):
        found = read_register_list(session, None, cooperative_id=cooperative_id, asked=asked)
    rows = [_row(entry) for entry in found.entries]
    if kind == "json":
        told = {
            "on": on.isoformat(),
            "members": [dict(zip(FIELDS, row, strict=True)) for row in rows],
            "digest": found.digest,
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        click.echo(_csv(rows, FIELDS), nl=False)


@contextmanager
def _inside(cooperative: str) -> Iterator[tuple["ScopedSession", int]]:
    """A session that reads one cooperative, and its number."""
    from ecoop.db import Scope

    with opened(read_settings().database_url) as database:
        require_current(database)
        cooperative_id = _id_of(database, cooperative)
        with database.work(Scope(cooperative_ids=frozenset({cooperative_id}))) as session:
            yield session, cooperative_id


def _end_of(known: date | None) -> datetime | None:
    """The last instant of that day in Amsterdam; None: what is known now."""
    from ecoop import clock

    if known is None:
        return None
    return datetime.combine(known + timedelta(days=1), time(), clock.AMSTERDAM) - timedelta(microseconds=1)


@register.command(help=mark("Write who may vote on a day, with how many votes and why; who not, and why."))
@click.argument("cooperative", metavar="COOP")
@click.option("--on", type=Day(), metavar="YYYY-MM-DD", required=True, cls=Option, help=mark("Day of the roll."))
@click.option(
    "--known",
    type=Day(),
    metavar="YYYY-MM-DD",
    cls=Option,
    help=mark("Last day of what was known. Default: everything that is known now."),
)
@click.option("--json", "as_json", is_flag=True, cls=Option, help=mark("Write JSON with the fingerprint of the roll."))
def voters(cooperative: str, on: date, known: date | None, as_json: bool) -> None:
    """Every line of the roll, in order of membership, with codes as they are kept: byte for byte the same."""
    from ecoop.services.voters import read_vote_roll

    with _inside(cooperative) as (session, cooperative_id):
        found = read_vote_roll(session, None, cooperative_id=cooperative_id, day=on, known_at=_end_of(known))
    rows = list(_voters(found))
    if not as_json:
        click.echo(_csv(rows, VOTER_FIELDS), nl=False)
        return
    told = {
        "on": on.isoformat(),
        "statutes": found.statutes.statutes.valid_from.isoformat() if found.statutes else None,
        "voters": len(found.roll.voters),
        "votes": plain_votes(found.roll.votes),
        "rights": [dict(zip(VOTER_FIELDS, row, strict=True)) for row in rows],
        "digest": found.roll.digest,
    }
    click.echo(json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def _voters(found: "RollView") -> Iterator[tuple[object, ...]]:
    for right in found.roll.rights:
        through = None if right.representative_id is None else found.representatives.get(right.representative_id)
        yield (
            right.membership_id, right.number, found.names[right.membership_id], right.class_code,
            plain_votes(right.votes), right.reason.value, through, right.representative_id,
        )  # fmt: skip


@register.command(
    help=mark(
        "Check the whole register against its events, the statutes and the offices, one line for each finding. "
        "Ends with 1 when something is wrong or asks for a look, and with 0 when it does not: what is only coming up "
        "is told, and ends with 0."
    )
)
@click.argument("cooperative", metavar="COOP")
@click.pass_context
def check(ctx: click.Context, cooperative: str) -> None:
    """What was found, worst first."""
    from ecoop import clock
    from ecoop.language.governing import finding_sentence, severity_name
    from ecoop.services.register_check import Severity, check_register

    with _inside(cooperative) as (session, cooperative_id):
        found = check_register(session, None, cooperative_id=cooperative_id, day=clock.legal_day(clock.now()))
    for one in found:
        click.echo(f"{severity_name(one.severity)}: {finding_sentence(one.code, one.details)}")
    if not found:
        click.echo(gettext("Nothing is wrong in the register."))
    if any(one.severity is not Severity.REMINDER for one in found):
        ctx.exit(IMPOSSIBLE)


def _row(entry: "RegisterEntry") -> tuple[object, ...]:
    line = entry.line
    days = [day.isoformat() if day else None for day in (line.member_since, entry.leaves_on)]
    return (
        line.number, line.name, line.street, line.house_number, line.postcode, line.city, line.class_code,
        line.status.value, plain_votes(entry.votes), entry.capital_cents, *days,
    )  # fmt: skip


def _csv(rows: list[tuple[object, ...]], fields: tuple[str, ...] = FIELDS) -> str:
    import csv
    import io

    from ecoop.exchange.tables import harmless

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(fields)
    writer.writerows([["" if one is None else harmless(str(one)) for one in row] for row in rows])
    return text.getvalue()


@register.command(help=mark("Write everything of a cooperative to a folder: open files that can be loaded again."))
@click.argument("cooperative", metavar="COOP")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--open",
    "opened_up",
    is_flag=True,
    cls=Option,
    help=mark("Open the sealed account numbers, for another program. Such an export cannot be loaded again."),
)
@click.pass_context
def export(ctx: click.Context, cooperative: str, folder: Path, opened_up: bool) -> None:
    """Write it, and note in the trail that it left; exit code 1 where the file of a paper is missing."""
    from ecoop import clock
    from ecoop.db import Scope
    from ecoop.safekeeping.exporting import write_export
    from ecoop.services.register_export import record_export
    from ecoop.vault import Vault

    settings, now = read_settings(), clock.now()
    with opened(settings.database_url) as database:
        require_current(database)
        cooperative_id = _id_of(database, cooperative)
        key = settings.encryption_key if opened_up else None
        vault = Vault(settings.papers_folder)
        made = write_export(database, vault, cooperative_id=cooperative_id, folder=folder, open_key=key)
        with database.work(Scope(cooperative_ids=frozenset({cooperative_id}), may_write=True)) as session:
            record_export(session, None, cooperative_id=cooperative_id, now=now, digest=made.digest, opened=opened_up)
    told = {"folder": made.folder, "rows": number(made.rows), "papers": number(made.papers)}
    click.echo(gettext("Everything is in %(folder)s: %(rows)s rows and %(papers)s papers.", **told))
    click.echo(gettext("Fingerprint: %(digest)s", digest=made.digest))
    for digest in made.damaged_papers:
        complain(gettext("The paper %(digest)s is missing or damaged, so it is not in the export.", digest=digest))
    ctx.exit(IMPOSSIBLE if made.damaged_papers else 0)


@register.command(help=mark("Load such an export into an empty installation: all of it, or nothing."))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False, exists=True))
def load(folder: Path) -> None:
    """Load it, and note that in the trail of the installation."""
    from ecoop import clock
    from ecoop.db import Scope
    from ecoop.safekeeping.loading import load_export
    from ecoop.services.cooperatives import note_loaded
    from ecoop.vault import Vault

    settings, now = read_settings(), clock.now()
    with opened(settings.database_url) as database:
        require_current(database)
        loaded = load_export(database, Vault(settings.papers_folder), folder)
        with database.work(Scope(may_write=True)) as session:
            note_loaded(session, cooperative_id=loaded.cooperative_id, now=now)
    told = {"cooperative": loaded.slug, "rows": number(loaded.rows), "papers": number(loaded.papers)}
    click.echo(gettext("%(cooperative)s is loaded: %(rows)s rows and %(papers)s papers.", **told))
    for digest in loaded.damaged_papers:
        complain(gettext("The paper %(digest)s was missing already when this was exported.", digest=digest))
    click.echo(gettext("Nobody has a password here yet: everybody asks for a link on the sign-in page."))


def _id_of(database: "Database", slug: str) -> int:
    """The number of the cooperative with that short name; a failure told plainly where there is none."""
    from ecoop.db import Scope
    from ecoop.services.cooperatives import read_cooperatives

    with database.work(Scope()) as session:
        ids = {one.slug: one.id for one in read_cooperatives(session)}
    if slug not in ids:
        sentence = gettext("There is no cooperative with the short name %(slug)s.", slug=slug)
        raise Failure(sentence, exit_code=BAD_INPUT)
    return ids[slug]
