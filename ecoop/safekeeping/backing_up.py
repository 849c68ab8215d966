"""Making a backup while everybody works on: the database at one instant, then the papers."""

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson
import sqlalchemy as sa

from ecoop import __version__
from ecoop.db import Database
from ecoop.errors import Refused
from ecoop.migrations import revision_of
from ecoop.migrations.refilling import read_numbering
from ecoop.safekeeping.archive import PAPERS, TABLES, Manifest, StoredTable, Writer
from ecoop.safekeeping.files import arriving
from ecoop.safekeeping.reasons import SafekeepingReason
from ecoop.safekeeping.rows import read_heads, read_layouts, read_lines
from ecoop.vault import NotKept, Vault

LAST_BACKUP_FILE = "last-backup"
INCOMPLETE = ".incomplete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What was made, and where."""

    file: Path
    rows: int
    papers: int
    damaged_papers: tuple[str, ...]


def make_backup(database: Database, papers: Vault, file: Path, *, now: datetime) -> Backup:
    """Write everything to `file`, which is there whole afterwards or stays as it was.

    A paper that is not what was put in stays out and is named. Then an older backup under the same name stays too,
    because it may hold that paper still: the new one gets the name with `.incomplete` behind it.
    """
    with arriving(file, now=now) as arrival, closing(Writer(arrival.stream)) as writer:
        with database.snapshot() as connection:
            told = _keep_rows(connection, writer)
        # A paper is kept before the row that names it, so every paper of the snapshot is there by now.
        kept, damaged = _keep_papers(papers, writer)
        manifest = Manifest(
            version=__version__,
            revision=told.revision,
            database=told.kind,
            made_at=now,
            tables=told.tables,
            heads=told.heads,
            numbering=told.numbering,
            damaged_papers=damaged,
        )
        writer.finish(manifest)
        if damaged and file.exists():
            arrival.place = file.with_name(file.name + INCOMPLETE)
    return Backup(file=arrival.place, rows=manifest.rows, papers=kept, damaged_papers=damaged)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    revision: str
    kind: str
    tables: dict[str, StoredTable]
    heads: dict[str, tuple[int, str]]
    numbering: dict[str, int]


def _keep_rows(connection: sa.Connection, writer: Writer) -> _Rows:
    revision = revision_of(connection)
    if revision is None:
        raise Refused(SafekeepingReason.DATABASE_NOT_OURS)
    layouts, tables = read_layouts(connection), {}
    for layout in layouts:
        count = 0
        with writer.member(f"{TABLES}{layout.name}.jsonl", compressed=True) as write:
            for some, lines in read_lines(connection, layout):
                count += some
                write(lines)
        tables[layout.name] = StoredTable(columns=layout.columns, rows=count)
    return _Rows(
        revision=revision,
        kind=connection.dialect.name,
        tables=tables,
        heads=read_heads(connection, layouts),
        numbering=read_numbering(connection),
    )


def _keep_papers(papers: Vault, writer: Writer) -> tuple[int, tuple[str, ...]]:
    kept, damaged = 0, []
    for digest in tuple(papers.digests()):
        try:
            content = papers.read(digest)
        except NotKept:
            damaged.append(digest)
            continue
        with writer.member(f"{PAPERS}{digest}", compressed=False) as write:
            write(content)
        kept += 1
    return kept, tuple(damaged)


def note_backup(folder: Path, *, now: datetime) -> None:
    """Remember when the last whole backup was made, so that somebody notices when it was long ago."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with arriving(folder / LAST_BACKUP_FILE, now=now) as arrival:
        arrival.stream.write(orjson.dumps({"made_at": now}))


def last_backup(folder: Path) -> datetime | None:
    """When the last whole backup was made here; None where that is not known."""
    try:
        return datetime.fromisoformat(orjson.loads((folder / LAST_BACKUP_FILE).read_bytes())["made_at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def names_of(digests: Iterable[str]) -> str:
    """Digests of papers, short enough to read."""
    return ", ".join(digest[:12] for digest in digests)
