"""The keys, kept apart from what they protect: in a file of their own, for its owner only."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import orjson

from ecoop import sealing
from ecoop.config import ENCRYPTION_KEY_FILE, SECRET_FILE
from ecoop.errors import Refused
from ecoop.safekeeping.files import arriving
from ecoop.safekeeping.reasons import SafekeepingReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The key that signs sessions, and the one that seals secrets."""

    secret: str = field(repr=False)
    encryption_key: str = field(repr=False)


def write_keys(keys: Keys, file: Path, *, now: datetime) -> None:
    """Keep the keys in `file`, which is there whole afterwards or stays as it was."""
    told = {"secret": keys.secret, "encryption_key": keys.encryption_key}
    with arriving(file, now=now) as arrival:
        arrival.stream.write(orjson.dumps(told | {"sha256": _digest(keys)}, option=orjson.OPT_APPEND_NEWLINE))


def read_keys(file: Path) -> Keys:
    """The keys in `file`. Refuses what is damaged or is not a file of keys."""
    try:
        told = orjson.loads(file.read_bytes())
        keys = Keys(secret=told["secret"], encryption_key=told["encryption_key"])
        whole = told["sha256"] == _digest(keys) and sealing.is_key(keys.encryption_key)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(SafekeepingReason.KEYS_DAMAGED, file=file) from error
    if not whole:
        raise Refused(SafekeepingReason.KEYS_DAMAGED, file=file)
    return keys


def install_keys(keys: Keys, folder: Path, *, now: datetime) -> tuple[Path, ...]:
    """Put the keys in the data folder. Others that are there are kept under another name, which is told."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    set_aside = []
    for name, key in ((SECRET_FILE, keys.secret), (ENCRYPTION_KEY_FILE, keys.encryption_key)):
        place = folder / name
        if place.exists() and place.read_text(encoding="ascii", errors="replace").strip() != key:
            set_aside.append(place.replace(folder / f"{name}.before-{now:%Y%m%dT%H%M%S}"))
        with arriving(place, now=now) as arrival:
            arrival.stream.write(key.encode("ascii"))
    return tuple(set_aside)


def _digest(keys: Keys) -> str:
    return hashlib.sha256(f"{keys.secret}\n{keys.encryption_key}".encode()).hexdigest()
