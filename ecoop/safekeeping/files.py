"""Writing a file so that it is there whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

STALE = timedelta(days=1)
"""So old, what was left behind by an interrupted backup is cleared away by the next."""


@dataclass(slots=True)
class Arrival:
    """A file that is being written beside its place, readable for its owner only."""

    stream: IO[bytes]
    place: Path


@contextmanager
def arriving(place: Path, *, now: datetime) -> Iterator[Arrival]:
    """A file beside `place` that takes that place (or the one set meanwhile) once the block ends well, on the disk."""
    prefix = f".{place.name}.arriving-"
    for left in place.parent.glob(f"{prefix}*"):
        if now.timestamp() - left.stat().st_mtime > STALE.total_seconds():
            left.unlink(missing_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=prefix)
    try:
        with os.fdopen(handle, "w+b") as stream:
            arrival = Arrival(stream, place)
            yield arrival
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(arrival.place)
        sync_folder(place.parent)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """See to it that the names in `folder` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
