"""Putting a backup back: all of it or nothing, on the database it came from or on the other kind."""

import os
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from ecoop import migrations
from ecoop.db import Database, close_sqlite_file, open_database, sqlite_file
from ecoop.errors import Refused
from ecoop.migrations import refilling
from ecoop.safekeeping.archive import Archive
from ecoop.safekeeping.backing_up import make_backup
from ecoop.safekeeping.files import sync_folder
from ecoop.safekeeping.reasons import SafekeepingReason
from ecoop.safekeeping.rows import REVISION_TABLE, has_rows, read_heads, read_layouts, write_lines
from ecoop.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was put back, and where what stood there before is kept."""

    rows: int
    papers: int
    damaged_papers: tuple[str, ...]
    set_aside: Path | None


def require_readable(archive: Archive) -> None:
    """Refuse a backup of tables that this release does not know."""
    if archive.manifest.revision not in migrations.known_revisions():
        raise Refused(SafekeepingReason.BACKUP_SCHEMA_NEWER, version=archive.manifest.version)


def restore(
    database: Database, papers: Vault, archive: Archive, *, replace: bool, aside: Path, now: datetime
) -> Restored:
    """Put `archive` in the place of an empty database; with `replace` of any, which is first backed up in `aside`.

    The papers come first: what a row names is there before the row is.
    """
    require_readable(archive)
    file = sqlite_file(database)
    occupied = _is_occupied(database, file)
    if occupied and not replace:
        raise Refused(SafekeepingReason.DATABASE_NOT_EMPTY)
    set_aside = None
    if occupied:
        set_aside = make_backup(database, papers, aside, now=now).file
    count = 0
    for digest, content in archive.papers():
        if papers.put(content) != digest:
            raise Refused(SafekeepingReason.BACKUP_DIFFERS, table=digest)
        count += 1
    if file is None:
        refill(database, archive)
    else:
        _take_the_place_of(database, file, archive)
    manifest = archive.manifest
    return Restored(rows=manifest.rows, papers=count, damaged_papers=manifest.damaged_papers, set_aside=set_aside)


def _is_occupied(database: Database, file: Path | None) -> bool:
    """Whether something would be lost. Refuses tables that are not ours, whatever was asked."""
    if file is not None and not file.exists():
        return False
    with database.snapshot() as connection:
        if not sa.inspect(connection).get_table_names():
            return False
        if migrations.revision_of(connection) is None and not _only_notes_revision(connection):
            raise Refused(SafekeepingReason.DATABASE_NOT_OURS)
        return has_rows(connection, read_layouts(connection))


def _only_notes_revision(connection: sa.Connection) -> bool:
    return sa.inspect(connection).get_table_names() == [REVISION_TABLE]


def refill(database: Database, archive: Archive) -> None:
    """Make the tables anew as they were in the backup, fill them, and bring them up to date, in one transaction."""
    manifest = archive.manifest
    with migrations.changing_tables(database) as connection:
        if connection.dialect.name != "sqlite":
            refilling.drop_everything(connection)
        migrations.upgrade_within(connection, manifest.revision)
        layouts = read_layouts(connection)
        if {layout.name for layout in layouts} != set(manifest.tables):
            raise Refused(SafekeepingReason.BACKUP_DIFFERS, table=", ".join(sorted(manifest.tables)))
        with refilling.references_at_the_end(connection):
            for layout in layouts:
                kept = manifest.tables[layout.name]
                if write_lines(connection, layout, kept.columns, archive.lines(layout.name)) != kept.rows:
                    raise Refused(SafekeepingReason.BACKUP_DIFFERS, table=layout.name)
        refilling.set_numbering(connection, manifest.numbering)
        if read_heads(connection, layouts) != manifest.heads:
            raise Refused(SafekeepingReason.BACKUP_DIFFERS, table="audit_entry")
        migrations.upgrade_within(connection)


def _take_the_place_of(database: Database, file: Path, archive: Archive) -> None:
    """Build a new SQLite file beside the old one, and give it the name of the old one when it is done."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.restoring-")
    os.close(handle)
    beside = Path(name)
    fresh = open_database(f"sqlite:///{beside}")
    try:
        refill(fresh, archive)
        fresh.dispose()
        database.dispose()
        if not close_sqlite_file(beside) or (file.exists() and not close_sqlite_file(file)):
            raise Refused(SafekeepingReason.DATABASE_IN_USE)
        with beside.open("rb") as written:
            os.fsync(written.fileno())
        beside.replace(file)
        sync_folder(file.parent)
    finally:
        fresh.dispose()
        for companion in ("", "-wal", "-shm", "-journal"):
            beside.with_name(beside.name + companion).unlink(missing_ok=True)
