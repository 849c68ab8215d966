"""`ecoop register`: the member register at any date."""

import json
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import click

from ecoop.cli.database import opened, require_current
from ecoop.cli.demo import Day
from ecoop.cli.failures import BAD_INPUT, Failure
from ecoop.cli.importing import import_
from ecoop.cli.words import Group, Option
from ecoop.config import read_settings
from ecoop.language import gettext, mark

if TYPE_CHECKING:
    from ecoop.services.register import RegisterLine

FIELDS = ("number", "name", "street", "house_number", "postcode", "city", "class", "status", "member_since")


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
    from ecoop import clock
    from ecoop.db import Scope
    from ecoop.services.cooperatives import read_cooperatives
    from ecoop.services.register import Order, RegisterQuestion, digest_of, read_whole_register

    end = None if known is None else datetime.combine(known + timedelta(days=1), time(), clock.AMSTERDAM)
    asked = RegisterQuestion(
        day=on, known_at=None if end is None else end - timedelta(microseconds=1), order=Order.NUMBER
    )
    with opened(read_settings().database_url) as database:
        require_current(database)
        with database.work(Scope()) as session:
            ids = {one.slug: one.id for one in read_cooperatives(session)}
        if cooperative not in ids:
            sentence = gettext("There is no cooperative with the short name %(slug)s.", slug=cooperative)
            raise Failure(sentence, exit_code=BAD_INPUT)
        with database.work(Scope(cooperative_ids=frozenset({ids[cooperative]}))) as session:
            lines = read_whole_register(session, None, cooperative_id=ids[cooperative], asked=asked)
    rows = [_row(line) for line in lines]
    if kind == "json":
        digest = digest_of(lines, day=on)
        told = {
            "on": on.isoformat(),
            "members": [dict(zip(FIELDS, row, strict=True)) for row in rows],
            "digest": digest,
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        click.echo(_csv(rows), nl=False)


def _row(line: "RegisterLine") -> tuple[object, ...]:
    since = line.member_since.isoformat() if line.member_since else None
    return (
        line.number, line.name, line.street, line.house_number, line.postcode, line.city, line.class_code,
        line.status.value, since,
    )  # fmt: skip


def _csv(rows: list[tuple[object, ...]]) -> str:
    import csv
    import io

    from ecoop.exchange.tables import harmless

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(FIELDS)
    writer.writerows([["" if one is None else harmless(str(one)) for one in row] for row in rows])
    return text.getvalue()
