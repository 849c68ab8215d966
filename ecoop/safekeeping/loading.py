"""Loading the export of a cooperative into an empty installation: all of it or nothing, and the same export again."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa

from ecoop import migrations
from ecoop.db import Database
from ecoop.errors import Refused
from ecoop.migrations import refilling
from ecoop.safekeeping.exporting import DESCRIPTION, SUMS, digest_of, exported_columns, files_in
from ecoop.safekeeping.open_tables import TYPES, read_table
from ecoop.safekeeping.reasons import SafekeepingReason
from ecoop.safekeeping.rows import AT_ONCE, Layout, has_rows, read_heads, read_layouts
from ecoop.vault import Vault

_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, UnicodeDecodeError, StopIteration)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What was loaded, and the papers that were missing already when it was exported."""

    slug: str
    cooperative_id: int
    rows: int
    papers: int
    damaged_papers: tuple[str, ...]


def load_export(database: Database, papers: Vault, folder: Path) -> Loaded:
    """Put the export in `folder` into a database that holds no cooperative and no account yet.

    Every file is compared with the sums first, the audit trail with its head last. Refuses what differs, what another
    release wrote, and what was opened for another program.
    """
    _require_whole(folder)
    told = _read_description(folder)
    about = told["ecoop"]
    if about["opened"]:
        raise Refused(SafekeepingReason.EXPORT_OPENED)
    count = 0
    for name, file in files_in(folder).items():
        if name.startswith("papers/"):
            if papers.put(file.read_bytes()) != file.name:
                raise Refused(SafekeepingReason.EXPORT_DAMAGED, file=name)
            count += 1
    with migrations.changing_tables(database) as connection:
        rows, cooperative_id = _fill(connection, folder, told)
    return Loaded(
        slug=told["name"], cooperative_id=cooperative_id, rows=rows, papers=count,
        damaged_papers=tuple(about["damaged_papers"]),
    )  # fmt: skip


def _require_whole(folder: Path) -> None:
    """Refuse a folder whose files are not exactly those that the sums name."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(SafekeepingReason.EXPORT_DAMAGED, file=SUMS) from error
    wanted = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    found = files_in(folder)
    for name in sorted(wanted.keys() | found.keys()):
        if name not in found or name not in wanted or digest_of(found[name]) != wanted[name]:
            raise Refused(SafekeepingReason.EXPORT_DAMAGED, file=name)


def _read_description(folder: Path) -> dict[str, Any]:
    try:
        told: dict[str, Any] = orjson.loads((folder / DESCRIPTION).read_bytes())
        _ = told["ecoop"]["opened"], told["ecoop"]["revision"], told["ecoop"]["damaged_papers"], told["resources"]
        return told
    except (OSError, *_UNREADABLE) as error:
        raise Refused(SafekeepingReason.EXPORT_DAMAGED, file=DESCRIPTION) from error


def _fill(connection: sa.Connection, folder: Path, told: dict[str, Any]) -> tuple[int, int]:
    if told["ecoop"]["revision"] != migrations.revision_of(connection):
        raise Refused(SafekeepingReason.EXPORT_OTHER_RELEASE, version=told["ecoop"]["version"])
    layouts = {layout.name: layout for layout in read_layouts(connection)}
    if has_rows(connection, [layouts["cooperative"], layouts["account"]]):
        raise Refused(SafekeepingReason.INSTALLATION_NOT_EMPTY)
    rows = 0
    with refilling.references_at_the_end(connection):
        for resource in told["resources"]:
            try:
                rows += _fill_table(connection, layouts[resource["name"]], folder, resource)
            except _UNREADABLE as error:
                raise Refused(SafekeepingReason.EXPORT_DAMAGED, file=resource["path"]) from error
    refilling.set_numbering(connection, {})
    cooperative_id = connection.scalar(sa.select(layouts["cooperative"].table.c.id))
    head = read_heads(connection, layouts.values()).get(f"cooperative:{cooperative_id}")
    if (list(head) if head else None) != told["ecoop"]["trail_head"]:
        raise Refused(SafekeepingReason.EXPORT_DAMAGED, file="data/audit_entry.csv")
    return rows, int(cooperative_id or 0)


def _fill_table(connection: sa.Connection, layout: Layout, folder: Path, resource: dict[str, Any]) -> int:
    columns = exported_columns(layout)
    if [(one["name"], one["type"]) for one in resource["schema"]["fields"]] != [
        (name, TYPES[kind]) for name, kind in columns.items()
    ]:
        raise ValueError("Other columns.")
    count, statement = 0, sa.insert(layout.table)
    with (folder / "data" / f"{layout.name}.csv").open(encoding="utf-8", newline="") as stream:
        waiting: Iterator[dict[str, Any]] = map(_completed(layout), read_table(stream, columns))
        while batch := list(islice(waiting, AT_ONCE)):
            connection.execute(statement, batch)
            count += len(batch)
    if count != resource["rows"]:
        raise ValueError("Another number of rows.")
    return count


def _completed(layout: Layout) -> Any:
    """A row with what never left: a login gets a session key of its own, and no password until somebody sets one."""
    if layout.name != "account":
        return lambda row: row
    return lambda row: row | {"password_hash": None, "session_key": secrets.token_urlsafe(16)}
