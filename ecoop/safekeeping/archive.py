"""The file of a backup: an ordinary zip whose comment is the SHA-256 of every byte before it.

So anybody can look inside with any program, and one flipped bit anywhere, headers and padding included, is noticed.
It holds `database/TABLE.jsonl` (a JSON list per row), `papers/DIGEST`, and `manifest.json`, which is written last.
"""

import hashlib
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

import orjson

from ecoop.errors import Refused
from ecoop.safekeeping.reasons import SafekeepingReason

FORMAT = 1
MANIFEST, TABLES, PAPERS = "manifest.json", "database/", "papers/"
_SEAL_LENGTH = 64
_CHUNK = 1 << 20
_SAME_DAY = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTable:
    """How one table stands in a backup: its columns with their kinds, and how many rows."""

    columns: Mapping[str, str]
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says about itself."""

    version: str
    revision: str
    database: str
    made_at: datetime
    tables: Mapping[str, StoredTable]
    heads: Mapping[str, tuple[int, str]]
    """Number and digest of the last entry of every audit chain."""
    numbering: Mapping[str, int]
    damaged_papers: tuple[str, ...]
    """Papers that were not what was put in, so that they are not in the backup."""
    members: Mapping[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(table.rows for table in self.tables.values())

    @property
    def papers(self) -> int:
        """How many papers there are."""
        return sum(name.startswith(PAPERS) for name in self.members)


class Writer:
    """A backup that is being written; it is one only after `finish`."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._zip = zipfile.ZipFile(stream, "w")
        self._members: dict[str, str] = {}

    def close(self) -> None:
        """Let go of the file, whether it was finished or not."""
        self._zip.close()

    @contextmanager
    def member(self, name: str, *, compressed: bool) -> Iterator[Callable[[bytes], None]]:
        """One file inside, written in as many pieces as come."""
        about = zipfile.ZipInfo(name, _SAME_DAY)
        about.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
        about.external_attr = 0o600 << 16
        digest = hashlib.sha256()
        with self._zip.open(about, "w", force_zip64=True) as inside:

            def write(piece: bytes) -> None:
                digest.update(piece)
                inside.write(piece)

            yield write
        self._members[name] = digest.hexdigest()

    def finish(self, manifest: Manifest) -> None:
        """Add what the backup says about itself, and seal it."""
        members = dict(self._members)
        with self.member(MANIFEST, compressed=True) as write:
            told = {"format": FORMAT, "members": members}
            told |= {name: getattr(manifest, name) for name in Manifest.__slots__ if name != "members"}
            write(orjson.dumps(told, option=orjson.OPT_INDENT_2))
        self._zip.comment = b"0" * _SEAL_LENGTH
        self._zip.close()
        self._stream.flush()
        seal = _digest_before_seal(self._stream)
        self._stream.seek(-_SEAL_LENGTH, 2)
        self._stream.write(seal)


class Archive:
    """A backup that was found whole."""

    def __init__(self, inside: zipfile.ZipFile, manifest: Manifest) -> None:
        self._zip = inside
        self.manifest = manifest

    def lines(self, table: str) -> Iterator[bytes]:
        """The rows of one table, one line each."""
        with self._zip.open(f"{TABLES}{table}.jsonl") as inside:
            yield from inside

    def papers(self) -> Iterator[tuple[str, bytes]]:
        """Every paper with the digest under which it was kept."""
        for name in self.manifest.members:
            if name.startswith(PAPERS):
                yield name.removeprefix(PAPERS), self._zip.read(name)


@contextmanager
def opened_archive(file: Path) -> Iterator[Archive]:
    """The backup in `file`, every bit of it looked at. Refuses what is damaged and what a newer release made."""
    with file.open("rb") as stream:
        if not _is_sealed(stream):
            raise Refused(SafekeepingReason.BACKUP_DAMAGED, file=file)
        with zipfile.ZipFile(stream) as inside:
            told = orjson.loads(inside.read(MANIFEST))
            if told["format"] > FORMAT:
                raise Refused(SafekeepingReason.BACKUP_FORMAT_NEWER, version=told["version"])
            yield Archive(inside, _read_manifest(told))


def _read_manifest(told: dict[str, object]) -> Manifest:
    given = {name: told[name] for name in Manifest.__slots__}
    given["tables"] = {name: StoredTable(**table) for name, table in told["tables"].items()}  # type: ignore[attr-defined]
    given["heads"] = {name: (head[0], head[1]) for name, head in told["heads"].items()}  # type: ignore[attr-defined]
    given["made_at"] = datetime.fromisoformat(str(told["made_at"]))
    given["damaged_papers"] = tuple(told["damaged_papers"])  # type: ignore[arg-type]
    return Manifest(**given)  # type: ignore[arg-type]


def _is_sealed(stream: IO[bytes]) -> bool:
    if stream.seek(0, 2) <= _SEAL_LENGTH:
        return False
    expected = _digest_before_seal(stream)
    stream.seek(-_SEAL_LENGTH, 2)
    return stream.read() == expected


def _digest_before_seal(stream: IO[bytes]) -> bytes:
    left = stream.seek(0, 2) - _SEAL_LENGTH
    stream.seek(0)
    digest = hashlib.sha256()
    while left > 0:
        piece = stream.read(min(_CHUNK, left))
        if not piece:
            break
        digest.update(piece)
        left -= len(piece)
    return digest.hexdigest().encode()
