"""Settings of one installation, read from the environment once, at the start."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SETTINGS: Mapping[str, str] = {
    "ECOOP_DATABASE_URL": "Where the data live. Default: the SQLite file ecoop.sqlite3 in the data folder. "
    "PostgreSQL: postgresql+psycopg://user@host/name.",
    "ECOOP_DATA": "Folder for the database file and the secret. Default: var in the working directory.",
    "ECOOP_SECRET": "Key that signs sessions, at least 32 characters. Default: made once, kept in the data folder.",
    "ECOOP_HOSTS": "Host names under which the site may be asked for, with commas between. "
    "Default: 127.0.0.1 and localhost.",
    "ECOOP_INSECURE_COOKIES": "1 lets sign-in cookies travel without HTTPS. Only for a machine of your own.",
}
"""Every setting with its meaning: shown in the help pages, and checked against the code by a test."""

MEBIBYTE = 1024 * 1024


class SettingsError(Exception):
    """A setting cannot be used; the message says which and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What one running process needs to know about where it stands."""

    database_url: str
    secret: str
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    secure_cookies: bool = True
    upload_limit_bytes: int = 2 * MEBIBYTE


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process; raises SettingsError naming the setting that cannot be used."""
    unknown = sorted(
        name
        for name in environment
        if name.startswith("ECOOP_") and name not in SETTINGS and name not in _OTHERS_READ_THESE
    )
    if unknown:
        raise SettingsError(f"Unknown setting {', '.join(unknown)}. Known are: {', '.join(SETTINGS)}.")
    folder = Path(environment.get("ECOOP_DATA") or "var").absolute()
    return Settings(
        database_url=environment.get("ECOOP_DATABASE_URL") or f"sqlite:///{folder / 'ecoop.sqlite3'}",
        secret=_read_secret(environment.get("ECOOP_SECRET"), folder),
        hosts=_read_hosts(environment.get("ECOOP_HOSTS")),
        secure_cookies=environment.get("ECOOP_INSECURE_COOKIES") != "1",
    )


_OTHERS_READ_THESE = frozenset({"ECOOP_REQUIRE_ALL", "ECOOP_CHROMIUM", "ECOOP_POSTGRES_BIN"})  # the tests


def _read_hosts(text: str | None) -> tuple[str, ...]:
    if not text:
        return ("127.0.0.1", "localhost")
    return tuple(host.strip() for host in text.split(",") if host.strip())


def _read_secret(given: str | None, folder: Path) -> str:
    if given is not None:
        if len(given) < 32:
            raise SettingsError("ECOOP_SECRET must be at least 32 characters long.")
        return given
    file = folder / "secret"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return file.read_text(encoding="ascii").strip()
