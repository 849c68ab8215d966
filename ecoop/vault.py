"""Files outside the database, kept under the digest of what is in them: equal files are kept once, none is changed."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ecoop.errors import EcoopError

_DIGEST = re.compile(r"[0-9a-f]{64}")


class KeptState(StrEnum):
    """How a kept file stands."""

    SOUND = "sound"
    MISSING = "missing"
    ALTERED = "altered"


class NotKept(EcoopError):
    """The file is missing or is not what was put in: a fault of the disk or of somebody at it."""


@dataclass(frozen=True, slots=True)
class Vault:
    """The files in one folder. A file `ab12…` (SHA-256 in hexadecimal) lies in the subfolder `ab`."""

    folder: Path

    def put(self, content: bytes) -> str:
        """Keep `content` and give its digest. It is on the disk, whole, before this returns."""
        digest = hashlib.sha256(content).hexdigest()
        if self.state(digest) is KeptState.SOUND:
            return digest
        place = self.path(digest)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=".arriving-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(place)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return digest

    def read(self, digest: str) -> bytes:
        """What was put in under `digest`, looked at before it is given. Raises NotKept."""
        try:
            content = self.path(digest).read_bytes()
        except OSError as error:
            raise NotKept(digest) from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise NotKept(digest)
        return content

    def state(self, digest: str) -> KeptState:
        """Whether the file is there and is what was put in."""
        try:
            with self.path(digest).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            return KeptState.MISSING
        return KeptState.SOUND if found == digest else KeptState.ALTERED

    def remove(self, digest: str) -> None:
        """Forget a file; nothing happens where it is not there."""
        self.path(digest).unlink(missing_ok=True)

    def digests(self) -> Iterator[str]:
        """The digests of everything that is kept, in order; other names in the folder are passed over."""
        for file in sorted(self.folder.glob("??/*")):
            if _DIGEST.fullmatch(file.name) and file.is_file():
                yield file.name

    def path(self, digest: str) -> Path:
        """Where the file of this digest lies. Raises ValueError for what is not a digest."""
        if not _DIGEST.fullmatch(digest):
            raise ValueError("Not a digest.")
        return self.folder / digest[:2] / digest
