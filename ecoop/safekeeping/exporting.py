"""Everything of one cooperative in open files: to take along, to read with other programs, to load again elsewhere.

A folder with a CSV file for each table, the files of the papers, a description of it all (`datapackage.json`, a
Frictionless Data Package), and `SHA256SUMS`, which `sha256sum -c` understands. The same data give the same bytes.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa

from ecoop import __version__, sealing
from ecoop.db import Database
from ecoop.errors import Refused
from ecoop.migrations import revision_of
from ecoop.safekeeping.open_tables import TYPES, write_table
from ecoop.safekeeping.reasons import SafekeepingReason
from ecoop.safekeeping.rows import AT_ONCE, Layout, read_heads, read_layouts
from ecoop.vault import NotKept, Vault

PROFILE = "data-package"
DESCRIPTION, SUMS, README = "datapackage.json", "SHA256SUMS", "README.txt"
STAYS = frozenset({"job"})
"""What belongs to a cooperative and stays behind: work in the background is of the installation that does it."""
SECRETS: Mapping[str, frozenset[str]] = {"account": frozenset({"password_hash", "session_key"})}
"""Columns that never leave: who comes in elsewhere chooses a new password there."""
SEALED = "sealed_"
"""How columns are called that only the keys of the installation open."""
ACCOUNTS = frozenset({"actor_id", "on_behalf_of_id", "account_id", "about_account_id"})
"""Columns that name an account without a reference, because they outlive it; and every column that ends in by_id."""
_EXPLAINED = """\
Everything of one energy cooperative, written by ecoop.
Alles van een energiecooperatie, geschreven door ecoop.

data/*.csv        one file for each table, UTF-8, comma, quotes where needed (een bestand per tabel)
papers/*          the files of the papers, named by the SHA-256 of their content (de bestanden van de stukken)
datapackage.json  which tables there are, with their columns, types, keys and references (welke tabellen en kolommen)
SHA256SUMS        check with: sha256sum -c SHA256SUMS (controleer hiermee of alles heel is)

An empty cell is unknown. An apostrophe at the beginning of a text keeps spreadsheets from taking it for a formula:
take one away to get the text. (Een lege cel is onbekend. Haal een apostrof aan het begin weg voor de echte tekst.)

Amounts are whole cents, instants are UTC, days count in the Netherlands, and 9999-12-31 means: without an end.
Passwords, second steps and letters that were still waiting to be sent are not in here. Columns that begin with
sealed_ open only with the keys of the installation, which are kept apart.

Load it into an empty ecoop with: ecoop register load FOLDER
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written, and the papers whose files were missing or damaged and so are not in it."""

    folder: Path
    rows: int
    papers: int
    damaged_papers: tuple[str, ...]
    digest: str
    """SHA-256 of `SHA256SUMS`, which names every file: one line that stands for everything."""


def write_export(
    database: Database, papers: Vault, *, cooperative_id: int, folder: Path, open_key: str | None = None
) -> Exported:
    """Write everything of a cooperative into `folder`, which must not hold anything yet.

    With `open_key` the sealed columns are opened: for another program. Such an export cannot be loaded again.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Refused(SafekeepingReason.FOLDER_NOT_EMPTY, folder=folder)
    (folder / "data").mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / "papers").mkdir(exist_ok=True, mode=0o700)
    with database.snapshot() as connection:
        told = _Writing(connection, cooperative_id, open_key).write(folder)
        digests = _paper_digests(connection, cooperative_id)
    kept, damaged = _keep_papers(papers, folder, digests)
    _describe(folder, told, damaged)
    return Exported(folder=folder, rows=told.rows, papers=kept, damaged_papers=damaged, digest=_write_sums(folder))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What is known once the tables are written."""

    slug: str
    revision: str
    head: tuple[int, str] | None
    resources: list[dict[str, Any]]
    rows: int
    opened: bool


class _Writing:
    """One export of one instant."""

    def __init__(self, connection: sa.Connection, cooperative_id: int, open_key: str | None) -> None:
        self._connection = connection
        self._id = cooperative_id
        self._key = open_key
        self._layouts = {layout.name: layout for layout in read_layouts(connection)}
        self._tables = {name: layout.table for name, layout in self._layouts.items()}
        self._inspector = sa.inspect(connection)
        self._own = [
            layout for name, layout in sorted(self._layouts.items())
            if "cooperative_id" in layout.columns and name not in STAYS
        ]  # fmt: skip

    def write(self, folder: Path) -> _Told:
        """Every table that holds something of the cooperative, and what it refers to outside: accounts, umbrellas."""
        revision = revision_of(self._connection)
        if revision is None:
            raise Refused(SafekeepingReason.DATABASE_NOT_OURS)
        cooperative = self._tables["cooperative"]
        slug = self._connection.scalar(sa.select(cooperative.c.slug).where(cooperative.c.id == self._id))
        if slug is None:
            raise Refused(SafekeepingReason.COOPERATIVE_UNKNOWN)
        resources, rows = [], 0
        for layout, wanted in self._wanted():
            columns = exported_columns(layout)
            with (folder / "data" / f"{layout.name}.csv").open("w", encoding="utf-8", newline="") as stream:
                count = write_table(stream, columns, self._rows(layout, columns, wanted))
            resources.append(self._resource(layout, columns, count))
            rows += count
        heads = read_heads(self._connection, self._layouts.values())
        return _Told(slug=slug, revision=revision, head=heads.get(f"cooperative:{self._id}"), resources=resources,
                     rows=rows, opened=self._key is not None)  # fmt: skip

    def _wanted(self) -> Iterator[tuple[Layout, sa.ColumnElement[bool]]]:
        """The tables in order of their names, each with the rows that go along."""
        found = {layout.name: self._of_ours(layout) for layout in self._own}
        found["cooperative"] = self._tables["cooperative"].c.id == self._id
        found["account"] = self._tables["account"].c.id.in_(sorted(self._accounts()))
        member = self._tables["umbrella_membership"]
        umbrellas = sa.select(member.c.umbrella_id).where(member.c.cooperative_id == self._id)
        found["umbrella"] = self._tables["umbrella"].c.id.in_(umbrellas)
        for name in sorted(found):
            yield self._layouts[name], found[name]

    def _of_ours(self, layout: Layout) -> sa.ColumnElement[bool]:
        table = self._tables[layout.name]
        ours: sa.ColumnElement[bool] = table.c.cooperative_id == self._id
        if layout.name == "letter":  # what still waits is sent by who wrote it, and would be sent twice
            return sa.and_(ours, table.c.state.not_in(["waiting", "sending"]))
        return ours

    def _accounts(self) -> set[int]:
        """The accounts that anything of the cooperative names."""
        found = set[int]()
        for layout in self._own:
            referring = {
                column for key in self._inspector.get_foreign_keys(layout.name) if key["referred_table"] == "account"
                for column in key["constrained_columns"]
            }  # fmt: skip
            named = {one for one in layout.columns if one in ACCOUNTS or one.endswith("by_id")}
            for column in sorted(referring | named):
                query = sa.select(self._tables[layout.name].c[column]).where(self._of_ours(layout)).distinct()
                found |= {one for one in self._connection.scalars(query) if one is not None}
        return found

    def _rows(self, layout: Layout, columns: Mapping[str, str], wanted: sa.ColumnElement[bool]) -> Iterator[list[Any]]:
        table = self._tables[layout.name]
        query = sa.select(*(table.c[name] for name in columns)).where(wanted)
        query = query.order_by(*(self._ordered(table.c[name], layout.columns[name]) for name in layout.key))
        for row in self._connection.execute(query, execution_options={"yield_per": AT_ONCE}):
            yield self._shown(layout, dict(zip(columns, row, strict=True)))

    def _ordered(self, column: Any, kind: str) -> Any:
        """Texts in the order of their bytes, as SQLite has them by itself, so that both databases write the same."""
        return column.collate("C") if kind == "text" and self._connection.dialect.name != "sqlite" else column

    def _shown(self, layout: Layout, row: dict[str, Any]) -> list[Any]:
        """The row as it leaves: a letter that lets somebody in without its text, sealed values opened if asked."""
        if layout.name == "letter" and row["is_secret"]:
            row["body"] = ""
        if self._key is not None:
            for name, value in row.items():
                if name.startswith(SEALED) and value is not None:
                    row[name] = sealing.unseal(value, self._key)
        return list(row.values())

    def _resource(self, layout: Layout, columns: Mapping[str, str], count: int) -> dict[str, Any]:
        """What a Data Package says of one table."""
        references = [
            {"fields": key["constrained_columns"],
             "reference": {"resource": key["referred_table"], "fields": key["referred_columns"]}}
            for key in self._inspector.get_foreign_keys(layout.name)
        ]  # fmt: skip
        fields = [
            {"name": name, "type": TYPES[kind]} | ({"format": "binary"} if kind == "bytes" else {})
            for name, kind in columns.items()
        ]
        schema = {"fields": fields, "primaryKey": list(layout.key), "missingValues": [""],
                  "foreignKeys": sorted(references, key=repr)}  # fmt: skip
        return {"name": layout.name, "path": f"data/{layout.name}.csv", "profile": "tabular-data-resource",
                "format": "csv", "encoding": "utf-8", "rows": count, "schema": schema}  # fmt: skip


def exported_columns(layout: Layout) -> dict[str, str]:
    """The columns of a table that leave, with their kinds."""
    return {name: kind for name, kind in layout.columns.items() if name not in SECRETS.get(layout.name, frozenset())}


def _paper_digests(connection: sa.Connection, cooperative_id: int) -> tuple[str, ...]:
    """The files of papers that were not destroyed."""
    known = {layout.name: layout.table for layout in read_layouts(connection)}
    version, gone = known["paper_version"], known["paper_destruction"]
    destroyed = sa.exists().where(
        gone.c.cooperative_id == version.c.cooperative_id,
        gone.c.paper_id == version.c.paper_id,
        gone.c.number == version.c.number,
    )
    query = sa.select(version.c.digest).where(version.c.cooperative_id == cooperative_id, ~destroyed).distinct()
    return tuple(sorted(connection.scalars(query)))


def _keep_papers(papers: Vault, folder: Path, digests: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    damaged = []
    for digest in digests:
        try:
            (folder / "papers" / digest).write_bytes(papers.read(digest))
        except NotKept:
            damaged.append(digest)
    return len(digests) - len(damaged), tuple(damaged)


def _describe(folder: Path, told: _Told, damaged: tuple[str, ...]) -> None:
    described = {
        "profile": PROFILE, "name": told.slug, "resources": told.resources,
        "ecoop": {"version": __version__, "revision": told.revision, "trail_head": told.head, "opened": told.opened,
                  "damaged_papers": damaged},
    }  # fmt: skip
    (folder / DESCRIPTION).write_bytes(orjson.dumps(described, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    (folder / README).write_text(_EXPLAINED, encoding="utf-8")


def _write_sums(folder: Path) -> str:
    lines = [f"{digest_of(file)}  {name}\n" for name, file in files_in(folder).items()]
    text = "".join(lines)
    (folder / SUMS).write_text(text, encoding="utf-8")
    return hashlib.sha256(text.encode()).hexdigest()


def files_in(folder: Path) -> dict[str, Path]:
    """Every file below the folder but the sums themselves, by its name with slashes, in order."""
    found = {file.relative_to(folder).as_posix(): file for file in folder.rglob("*") if file.is_file()}
    return {name: found[name] for name in sorted(found) if name != SUMS}


def digest_of(file: Path) -> str:
    """SHA-256 of a file."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
