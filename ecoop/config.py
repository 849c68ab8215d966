"""Settings of one installation, read from the environment once, at the start."""

import os
import secrets
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from ecoop import sealing

SETTINGS: Mapping[str, str] = {
    "ECOOP_DATABASE_URL": "Where the data live. Default: the SQLite file ecoop.sqlite3 in the data folder. "
    "PostgreSQL: postgresql+psycopg://user@host/name.",
    "ECOOP_DATA": "Folder for the database file, the papers and the keys. Default: var in the working directory.",
    "ECOOP_SECRET": "Key that signs sessions, at least 32 characters. Default: made once, kept in the data folder.",
    "ECOOP_ENCRYPTION_KEY": "Key that encrypts secrets in the database; several with commas between, the first one "
    "seals. Default: made once, kept in the data folder.",
    "ECOOP_HOSTS": "Host names under which the site may be asked for, with commas between. "
    "Default: 127.0.0.1 and localhost.",
    "ECOOP_INSECURE_COOKIES": "1 lets sign-in cookies travel without HTTPS. Only for a machine of your own.",
    "ECOOP_PAPER_LIMIT_MB": "How large the file of a paper may be, in MB, from 1 to 200. Default: 20.",
    "ECOOP_SMTP_HOST": "Mail server that takes the letters. Without it letters wait in the outbox.",
    "ECOOP_SMTP_PORT": "Port of the mail server. Default: 587.",
    "ECOOP_SMTP_USER": "Name with which the platform signs in at the mail server. Default: it does not sign in.",
    "ECOOP_SMTP_PASSWORD": "Password that belongs to ECOOP_SMTP_USER.",
    "ECOOP_SMTP_STARTTLS": "1 encrypts the line to the mail server before anything is sent, 0 does not. Default: 1.",
    "ECOOP_MAIL_FROM": "Sender of the letters, for instance ecoop <post@example.org>.",
    "ECOOP_ADDRESS": "Address of the site, for the links in letters that nobody asked for by hand. "
    "Default: https:// and the first of ECOOP_HOSTS.",
}
"""Every setting with its meaning: shown in the help pages, and checked against the code by a test."""

MEBIBYTE = 1024 * 1024
SECRET_FILE, ENCRYPTION_KEY_FILE = "secret", "encryption-key"
"""The keys in the data folder. A backup keeps them apart from what they protect."""
PAPERS_FOLDER = "papers"
"""Where in the data folder the papers lie."""


class SettingsError(Exception):
    """A setting cannot be used; the sentence says which and why. It is a source sentence: shells translate it."""

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence % values)
        self.sentence = sentence
        self.values = values


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What one running process needs to know about where it stands."""

    database_url: str
    secret: str = field(repr=False)
    encryption_key: str = field(repr=False)
    folder: Path
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    secure_cookies: bool = True
    upload_limit_bytes: int = 2 * MEBIBYTE
    paper_limit_bytes: int = 20 * MEBIBYTE
    smtp_host: str | None = None
    smtp_port: int = 587
    smtp_user: str | None = None
    smtp_password: str | None = field(default=None, repr=False)
    smtp_starttls: bool = True
    mail_from: str | None = None
    address: str = "http://127.0.0.1:8000"

    @property
    def papers_folder(self) -> Path:
        """Where the files of the papers lie, under their digest."""
        return self.folder / "papers"


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process; raises SettingsError naming the setting that cannot be used."""
    _refuse_unknown(environment)
    folder = data_folder(environment)
    return Settings(
        database_url=environment.get("ECOOP_DATABASE_URL") or f"sqlite:///{folder / 'ecoop.sqlite3'}",
        secret=_read_secret(environment.get("ECOOP_SECRET"), folder),
        encryption_key=_read_encryption_key(environment.get("ECOOP_ENCRYPTION_KEY"), folder),
        folder=folder,
        hosts=_read_hosts(environment.get("ECOOP_HOSTS")),
        secure_cookies=not _read_switch(environment, "ECOOP_INSECURE_COOKIES", default=False),
        paper_limit_bytes=_read_paper_limit(environment) * MEBIBYTE,
        smtp_host=environment.get("ECOOP_SMTP_HOST") or None,
        smtp_port=_read_port(environment, "ECOOP_SMTP_PORT", default=587),
        smtp_user=environment.get("ECOOP_SMTP_USER") or None,
        smtp_password=environment.get("ECOOP_SMTP_PASSWORD") or None,
        smtp_starttls=_read_switch(environment, "ECOOP_SMTP_STARTTLS", default=True),
        mail_from=_read_sender(environment.get("ECOOP_MAIL_FROM")),
        address=_read_address(environment),
    )


def data_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """The folder for the database file, the papers and the keys."""
    return Path(environment.get("ECOOP_DATA") or "var").absolute()


def wrong_settings(environment: Mapping[str, str] = os.environ) -> tuple[SettingsError, ...]:
    """Everything that `read_settings` would refuse, told at once; no key is made."""
    folder, wrong = data_folder(environment), []
    looks: tuple[Callable[[], object], ...] = (
        lambda: _refuse_unknown(environment),
        lambda: _kept_already(environment, "ECOOP_SECRET", folder / SECRET_FILE) and _read_secret(
            environment.get("ECOOP_SECRET"), folder),
        lambda: _kept_already(environment, "ECOOP_ENCRYPTION_KEY", folder / ENCRYPTION_KEY_FILE)
        and _read_encryption_key(environment.get("ECOOP_ENCRYPTION_KEY"), folder),
        lambda: _read_switch(environment, "ECOOP_INSECURE_COOKIES", default=False),
        lambda: _read_port(environment, "ECOOP_SMTP_PORT", default=587),
        lambda: _read_switch(environment, "ECOOP_SMTP_STARTTLS", default=True),
        lambda: _read_sender(environment.get("ECOOP_MAIL_FROM")),
    )  # fmt: skip
    for look in looks:
        try:
            look()
        except SettingsError as error:
            wrong.append(error)
    return tuple(wrong)


def usable_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings without the wrong ones and with keys that open nothing, to look at the rest. Writes nothing."""
    wrong = {str(error.values.get("name")) for error in wrong_settings(environment)}
    left = {name: text for name, text in environment.items() if name in SETTINGS and name not in wrong}
    return read_settings(left | {"ECOOP_SECRET": "-" * 32, "ECOOP_ENCRYPTION_KEY": sealing.new_key()})


def _kept_already(environment: Mapping[str, str], name: str, file: Path) -> bool:
    return environment.get(name) is not None or file.exists()


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    unknown = sorted(
        name
        for name in environment
        if name.startswith("ECOOP_") and name not in SETTINGS and name not in _OTHERS_READ_THESE
    )
    if unknown:
        raise SettingsError(
            "Unknown setting %(names)s. Known are: %(known)s.", names=", ".join(unknown), known=", ".join(SETTINGS)
        )


_OTHERS_READ_THESE = frozenset({"ECOOP_REQUIRE_ALL", "ECOOP_CHROMIUM", "ECOOP_POSTGRES_BIN"})  # the tests


def _read_switch(environment: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = environment.get(name) or ("1" if default else "0")
    if text not in {"0", "1"}:
        raise SettingsError("%(name)s must be 0 or 1, and is %(value)s.", name=name, value=text)
    return text == "1"


def _read_port(environment: Mapping[str, str], name: str, *, default: int) -> int:
    text = environment.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise SettingsError("%(name)s must be a port between 1 and 65535, and is %(value)s.", name=name, value=text)
    return int(text)


def _read_paper_limit(environment: Mapping[str, str]) -> int:
    text = environment.get("ECOOP_PAPER_LIMIT_MB") or "20"
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= 200):
        raise SettingsError(
            "%(name)s must be a whole number from 1 to 200, and is %(value)s.",
            name="ECOOP_PAPER_LIMIT_MB",
            value=text,
        )
    return int(text)


def _read_sender(text: str | None) -> str | None:
    if not text:
        return None
    _, address = parseaddr(text)
    if "@" not in address or not text.isprintable():
        raise SettingsError("%(name)s is not an e-mail address: %(value)s.", name="ECOOP_MAIL_FROM", value=text)
    return text


def _read_address(environment: Mapping[str, str]) -> str:
    given = environment.get("ECOOP_ADDRESS")
    if not given:
        host = (*_read_hosts(environment.get("ECOOP_HOSTS")), "localhost")[0]
        return "http://127.0.0.1:8000" if host in {"127.0.0.1", "localhost"} else f"https://{host}"
    parts = urlsplit(given)
    if parts.scheme not in {"http", "https"} or not parts.netloc or not given.isprintable() or " " in given:
        raise SettingsError("%(name)s must begin with https:// and a host name, and is %(value)s.",
                            name="ECOOP_ADDRESS", value=given)  # fmt: skip
    return given.rstrip("/")


def _read_hosts(text: str | None) -> tuple[str, ...]:
    if not text:
        return ("127.0.0.1", "localhost")
    return tuple(host.strip().lower() for host in text.split(",") if host.strip())


def _read_secret(given: str | None, folder: Path) -> str:
    if given is not None:
        if len(given) < 32:
            raise SettingsError("%(name)s must be at least 32 characters long.", name="ECOOP_SECRET")
        return given
    kept = _kept(folder / SECRET_FILE, secrets.token_urlsafe(48))
    if len(kept) < 32:
        raise SettingsError(
            "The secret in %(file)s is damaged. Remove that file; a new one is made.", file=folder / SECRET_FILE
        )
    return kept


def _read_encryption_key(given: str | None, folder: Path) -> str:
    if given is not None:
        if not sealing.is_key(given):
            raise SettingsError("%(name)s is not a key. ecoop makes one when it is left out.",
                                name="ECOOP_ENCRYPTION_KEY")  # fmt: skip
        return given
    kept = _kept(folder / ENCRYPTION_KEY_FILE, sealing.new_key())
    if not sealing.is_key(kept):
        raise SettingsError(
            "The encryption key in %(file)s is damaged. Put it back from a backup: what it sealed cannot be read "
            "without it.",
            file=folder / ENCRYPTION_KEY_FILE,
        )
    return kept


def _kept(file: Path, fresh: str) -> str:
    """What the file holds; a file that is not there yet is made, for its owner only.

    It appears with everything in it, so that two processes that start together keep the same key.
    """
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.arriving-")
        try:
            with os.fdopen(handle, "w", encoding="ascii") as arriving:
                arriving.write(fresh)
                arriving.flush()
                os.fsync(arriving.fileno())
            with suppress(FileExistsError):
                os.link(name, file)  # fails where another process was first
        finally:
            Path(name).unlink(missing_ok=True)
    return file.read_text(encoding="ascii", errors="replace").strip()
