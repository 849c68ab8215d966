"""`ecoop backup` and `ecoop restore`: everything in one file, the keys in another."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ecoop.cli.database import STATES, opened, state_of
from ecoop.cli.failures import BAD_INPUT, IMPOSSIBLE, Failure, complain
from ecoop.cli.words import Command, Option
from ecoop.config import ENCRYPTION_KEY_FILE, SECRET_FILE, Settings, data_folder, read_settings
from ecoop.language import gettext, mark, moment, number

if TYPE_CHECKING:
    from datetime import datetime

    from ecoop.safekeeping.restoring import Restored

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(cls=Command, help=mark("Write database and papers to FILE while everybody works on. The keys go apart."))
@click.argument("file", metavar="FILE", type=FILE, required=False)
@click.option("--keys", metavar="KEYFILE", type=FILE, cls=Option, help=mark("Write the keys to a file of their own."))
@click.pass_context
def backup(ctx: click.Context, file: Path | None, keys: Path | None) -> None:
    """Make what was asked; exit code 1 where a paper is damaged and had to be left out."""
    if file is None and keys is None:
        raise Failure(gettext("Name the file to write, or with --keys the file for the keys."), exit_code=BAD_INPUT)
    if file is not None and keys is not None and file.absolute() == keys.absolute():
        raise Failure(gettext("The keys need a file of their own."), exit_code=BAD_INPUT)
    from ecoop import clock

    settings, now = read_settings(), clock.now()
    if keys is not None:
        from ecoop.safekeeping.keys import Keys, write_keys

        write_keys(Keys(secret=settings.secret, encryption_key=settings.encryption_key), keys, now=now)
        click.echo(gettext("The keys are in %(file)s. Keep them in another place than the backup.", file=keys))
    whole = file is None or _backup(settings, file, with_keys=keys is not None, now=now)
    ctx.exit(0 if whole else IMPOSSIBLE)


def _backup(settings: Settings, file: Path, *, with_keys: bool, now: "datetime") -> bool:
    from ecoop.db import sqlite_file
    from ecoop.migrations import SchemaState
    from ecoop.safekeeping.backing_up import make_backup, note_backup
    from ecoop.vault import Vault

    with opened(settings.database_url) as database:
        used = sqlite_file(database)
        if used is not None and file.exists() and used.exists() and file.samefile(used):
            raise Failure(
                gettext("%(file)s is the database itself. Choose another file.", file=file), exit_code=BAD_INPUT
            )
        state = state_of(database)
        if state in {SchemaState.EMPTY, SchemaState.UNKNOWN}:
            raise Failure(gettext(STATES[state]))
        made = make_backup(database, Vault(settings.papers_folder), file, now=now)
    told = {"file": made.file, "rows": number(made.rows), "papers": number(made.papers)}
    click.echo(gettext("The backup is in %(file)s: %(rows)s rows and %(papers)s papers.", **told))
    if not with_keys:
        click.echo(gettext("The keys are not in it. Keep them apart: ecoop backup --keys KEYFILE"))
    for digest in made.damaged_papers:
        complain(gettext("The paper %(digest)s is missing or damaged, so it is not in the backup. Put it back from an "
                         "older backup.", digest=digest))  # fmt: skip
    if made.damaged_papers and made.file != file:
        complain(gettext("The older backup %(file)s was left alone, because it may hold what is missing.", file=file))
    if not made.damaged_papers:
        note_backup(settings.folder, now=now)
    return not made.damaged_papers


@click.command(cls=Command, help=mark("Put a backup back: all of it, or nothing. The database has to be empty."))
@click.argument("file", metavar="FILE", type=FILE)
@click.option(
    "--keys", metavar="KEYFILE", type=FILE, cls=Option, help=mark("Put the keys back from this file as well.")
)
@click.option(
    "--replace", is_flag=True, cls=Option, help=mark("Replace what is there. A backup of that is made first.")
)
@click.option("--look", is_flag=True, cls=Option, help=mark("Look whether the backup is whole, and do nothing."))
def restore(file: Path, keys: Path | None, *, replace: bool, look: bool) -> None:
    """Look at every bit of the file, then put it back."""
    from ecoop import clock
    from ecoop.safekeeping.archive import opened_archive
    from ecoop.safekeeping.keys import install_keys, read_keys
    from ecoop.safekeeping.restoring import require_readable

    now, found = clock.now(), None if keys is None else read_keys(keys)
    with opened_archive(file) as archive:
        require_readable(archive)
        manifest = archive.manifest
        told = {"version": manifest.version, "moment": moment(manifest.made_at), "rows": number(manifest.rows),
                "papers": number(manifest.papers)}  # fmt: skip
        click.echo(gettext("The backup is whole. ecoop %(version)s made it on %(moment)s: %(rows)s rows and %(papers)s "
                           "papers.", **told))  # fmt: skip
        if look:
            return
        unused = _keys_that_nobody_made() if found else ()
        settings = read_settings()
        from ecoop.safekeeping.restoring import restore as put_back
        from ecoop.vault import Vault

        with opened(settings.database_url) as database:
            aside = settings.folder / f"before-restore-{now:%Y%m%dT%H%M%S}.zip"
            settings.folder.mkdir(parents=True, exist_ok=True)
            vault = Vault(settings.papers_folder)
            restored = put_back(database, vault, archive, replace=replace, aside=aside, now=now)
    if found is not None:
        for fresh in unused:
            fresh.unlink(missing_ok=True)
        for kept in install_keys(found, settings.folder, now=now):
            click.echo(gettext("The key that was there is kept as %(file)s.", file=kept))
    _tell(restored, with_keys=found is not None)


def _keys_that_nobody_made() -> tuple[Path, ...]:
    """The files in which reading the settings would put fresh keys: nothing was signed or sealed with those."""
    return tuple(file for name in (SECRET_FILE, ENCRYPTION_KEY_FILE) if not (file := data_folder() / name).exists())


def _tell(restored: "Restored", *, with_keys: bool) -> None:
    if restored.set_aside is not None:
        click.echo(gettext("What was there is kept in %(file)s.", file=restored.set_aside))
    told = {"rows": number(restored.rows), "papers": number(restored.papers)}
    click.echo(gettext("Everything is back: %(rows)s rows and %(papers)s papers.", **told))
    for digest in restored.damaged_papers:
        complain(gettext("The paper %(digest)s was damaged already when this backup was made.", digest=digest))
    if not with_keys:
        click.echo(gettext("The keys were left as they are. What was sealed opens with the keys of then only; put "
                           "them back with --keys KEYFILE."))  # fmt: skip
    click.echo(gettext("Look whether everything stands as it should: ecoop check"))
