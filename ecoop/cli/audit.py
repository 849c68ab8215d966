"""`ecoop audit`: check the trails, and write one to a file."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ecoop.cli.database import opened, require_current
from ecoop.cli.failures import BAD_INPUT, IMPOSSIBLE, Failure, complain
from ecoop.cli.words import Group, Option
from ecoop.config import read_settings
from ecoop.language import gettext, mark

if TYPE_CHECKING:
    from ecoop.db import Database, Scope
    from ecoop.governance.audit import Verdict


@click.group(cls=Group, help=mark("The audit trails."), no_args_is_help=True)
def audit() -> None:
    """Everything is a subcommand."""


@audit.command(help=mark("Check every entry of the trails, or of one. Exit code 0: whole, 1: broken."))
@click.argument("cooperative", required=False, metavar="[COOP]")
@click.option(
    "--head", metavar="HASH", cls=Option, help=mark("A fingerprint seen before, which must still stand in the trail.")
)
@click.option(
    "--file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    cls=Option,
    help=mark("Check a trail that was exported, without a database."),
)
@click.pass_context
def verify(ctx: click.Context, cooperative: str | None, head: str | None, file: Path | None) -> None:
    """Say per trail whether it is whole, and where it breaks first."""
    from ecoop.governance.audit import is_digest

    if head is not None:
        head = head.strip().lower()
        if not is_digest(head):
            sentence = gettext("--head: a fingerprint has 64 characters: digits and the letters a to f.")
            raise Failure(sentence, exit_code=BAD_INPUT)
    holds = _verify_file(file, head) if file is not None else _verify_database(cooperative, head)
    ctx.exit(0 if holds else IMPOSSIBLE)


def _verify_file(file: Path, head: str | None) -> bool:
    from ecoop.governance.audit import verify_export

    verdict = verify_export(file.read_bytes().decode("utf-8", "replace"), known_head=head)
    _tell(str(file), verdict)
    return verdict.holds


def _verify_database(cooperative: str | None, head: str | None) -> bool:
    from ecoop.errors import NotFound
    from ecoop.services import audit_reading

    with opened(read_settings().database_url) as database:
        require_current(database)
        with database.work(_everywhere(database)) as session:
            try:
                found = audit_reading.verify_everything(session, slug=cooperative)
            except NotFound as error:
                raise _unknown(cooperative or "") from error
            known = head is None or audit_reading.holds_head(session, head, slug=cooperative)
    for one in found:
        _tell(one.name or gettext("Installation"), one.verdict)
    if not known:
        complain(gettext("The fingerprint that was given does not occur in any of these trails."))
    return known and all(one.verdict.holds for one in found)


def _tell(name: str, verdict: "Verdict") -> None:
    from ecoop.language.audit import fault_sentence

    if verdict.first_break is None:
        click.echo(
            gettext("%(name)s: %(count)s entries, whole. Fingerprint: %(head)s", name=name, count=verdict.count,
                    head=verdict.head)
        )  # fmt: skip
    else:
        complain(f"{name}: {fault_sentence(verdict.first_break.fault, verdict.first_break.number)}")


@audit.command(help=mark("Write the trail of a cooperative to a file. That it was done is recorded."))
@click.argument("cooperative", metavar="COOP")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
def export(cooperative: str, file: Path) -> None:
    """One JSON line per entry, and a last line with the fingerprint."""
    from dataclasses import replace

    from ecoop import clock
    from ecoop.services import audit_reading
    from ecoop.services.cooperatives import read_cooperatives

    with opened(read_settings().database_url) as database:
        require_current(database)
        with database.work(replace(_everywhere(database), may_write=True)) as session:
            known = {one.slug: one.id for one in read_cooperatives(session)}
            if cooperative not in known:
                raise _unknown(cooperative)
            text = audit_reading.export_trail(session, None, cooperative_id=known[cooperative], now=clock.now())
            file.write_text(text, encoding="utf-8", newline="\n")
    click.echo(gettext("The trail was written to %(file)s.", file=file))


def _everywhere(database: "Database") -> "Scope":
    from ecoop.db import Scope
    from ecoop.services.cooperatives import read_cooperatives

    with database.work(Scope()) as session:
        return Scope(cooperative_ids=frozenset(one.id for one in read_cooperatives(session)))


def _unknown(slug: str) -> Failure:
    return Failure(gettext("There is no cooperative with the short name %(slug)s.", slug=slug), exit_code=BAD_INPUT)
