"""Looking whether everything stands as it should. Each look is one function; what it finds, it says with what to do."""

import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from ecoop import clock, mail, migrations
from ecoop.config import ENCRYPTION_KEY_FILE, SECRET_FILE, Settings, usable_settings, wrong_settings
from ecoop.db import Database, DatabaseUnreachable, Scope, open_database, sqlite_file, told_plainly
from ecoop.language import mark
from ecoop.migrations import SchemaState
from ecoop.safekeeping.backing_up import last_backup
from ecoop.services import letters, papers
from ecoop.services.audit_reading import newest_entry, verify_everything
from ecoop.services.cooperatives import InstallationView, read_cooperatives, read_installation
from ecoop.vault import KeptState, Vault

ROOM_NEEDED = 1 << 30
CLOCK_SLACK = timedelta(seconds=10)
LETTER_PATIENCE = timedelta(hours=1)
BACKUP_PATIENCE = timedelta(days=2)
LEFT_BEHIND = timedelta(days=1)
NETWORK_DISKS = frozenset({"9p", "afs", "cifs", "fuse.s3fs", "fuse.sshfs", "nfs", "nfs4", "smb3", "smbfs"})
MOUNTS = Path("/proc/self/mounts")
AT_HOME = ("127.0.0.1", "localhost")


class Severity(StrEnum):
    """How bad it is: a notice leaves the exit code at 0."""

    WRONG = "wrong"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as it should be: what it is about, and a source sentence with what to do."""

    key: str
    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)
    severity: Severity = Severity.WRONG


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the looks look at. `settings` are those that can be used; the wrong ones are told by a look of their own."""

    environment: Mapping[str, str]
    settings: Settings
    database: Database
    now: datetime
    calls_mail: bool = False
    installation: InstallationView | None = None

    @property
    def is_real(self) -> bool:
        """Whether it is more than an example."""
        return self.installation is not None and not self.installation.is_demo


def check(environment: Mapping[str, str], *, now: datetime, calls_mail: bool = False) -> tuple[Finding, ...]:
    """Everything that is not as it should be; nothing is changed. With `calls_mail` the mail server is rung up too."""
    settings = usable_settings(environment)
    try:
        with told_plainly():
            database = open_database(settings.database_url)
    except DatabaseUnreachable as error:
        return (*_look_at_settings(environment), _unreachable(error))
    try:
        ground = Ground(environment=environment, settings=settings, database=database, now=now, calls_mail=calls_mail)
        return tuple(_looked_at(ground))
    finally:
        database.dispose()


def _looked_at(ground: Ground) -> Iterator[Finding]:
    yield from _look_at_settings(ground.environment)
    for look in OF_THE_MACHINE:
        yield from look(ground)
    try:
        with told_plainly():
            state = _state(ground.database)
            if state is not SchemaState.CURRENT:
                yield Finding(key="schema", sentence=SCHEMA[state])
                return
            with ground.database.work(Scope()) as session:
                installation = read_installation(session)
            if installation is None:
                yield Finding(key="founding", sentence=mark("There is no cooperative yet. Found one first: ecoop init"))
            founded = Ground(
                environment=ground.environment, settings=ground.settings, database=ground.database, now=ground.now,
                calls_mail=ground.calls_mail, installation=installation,
            )  # fmt: skip
            for look in OF_WHAT_IS_KEPT:
                yield from look(founded)
    except DatabaseUnreachable as error:
        yield _unreachable(error)


def _unreachable(error: DatabaseUnreachable) -> Finding:
    sentence = mark("The database cannot be used. Check the setting ECOOP_DATABASE_URL. The answer was: %(why)s")
    return Finding(key="database", sentence=sentence, values={"why": error})


def _state(database: Database) -> SchemaState:
    file = sqlite_file(database)
    return SchemaState.EMPTY if file is not None and not file.exists() else migrations.schema_state(database)


SCHEMA: Mapping[SchemaState, str] = {
    SchemaState.EMPTY: mark("The database is empty. To make the tables: ecoop db upgrade"),
    SchemaState.OLDER: mark("The database was made by an older release. Make a backup, then: ecoop db upgrade"),
    SchemaState.UNKNOWN: mark(
        "The database was made by a newer release, or is not ours. Install the release that made it."
    ),
}


def _look_at_settings(environment: Mapping[str, str]) -> Iterator[Finding]:
    for wrong in wrong_settings(environment):
        yield Finding(key="settings", sentence=wrong.sentence, values=wrong.values)


# the machine


def look_at_folder(ground: Ground) -> Iterator[Finding]:
    """The data folder is ours, and nobody else looks into it."""
    folder = ground.settings.folder
    if not folder.is_dir():
        sentence = mark("The data folder %(folder)s is not there. Make it, for the user of ecoop only: chmod 700.")
        yield Finding(key="folder", sentence=sentence, values={"folder": folder})
        return
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        sentence = mark("ecoop may not write in the data folder %(folder)s. Give it to the user of ecoop: chown.")
        yield Finding(key="folder", sentence=sentence, values={"folder": folder})


def look_at_rights(ground: Ground) -> Iterator[Finding]:
    """Keys, database and papers are for their owner only."""
    folder = ground.settings.folder
    places = [folder / SECRET_FILE, folder / ENCRYPTION_KEY_FILE, ground.settings.papers_folder]
    database = sqlite_file(ground.database)
    places += [] if database is None else [database]
    for place in places:
        if place.exists() and is_open_to_others(place):
            sentence = mark("Other users of this machine can read %(file)s. To mend it: chmod go= %(folder)s")
            yield Finding(key="rights", sentence=sentence, values={"file": place, "folder": place.parent})
        if place.exists() and place.stat().st_uid != os.geteuid():
            sentence = mark("%(file)s belongs to another user than the one who runs this. Give it to the user of "
                            "ecoop with chown, and run ecoop as that user only.")  # fmt: skip
            yield Finding(key="rights", sentence=sentence, values={"file": place})


def is_open_to_others(place: Path) -> bool:
    """Whether group or others may read `place`, and its folder lets them through."""
    own, above = place.stat().st_mode, place.parent.stat().st_mode
    by_group = own & stat.S_IRGRP and above & stat.S_IXGRP
    by_others = own & stat.S_IROTH and above & stat.S_IXOTH
    return bool(by_group or by_others)


def look_at_keys(ground: Ground) -> Iterator[Finding]:
    """Keys that are not there yet are made at the next start, which is too early where there were others."""
    names = {SECRET_FILE: "ECOOP_SECRET", ENCRYPTION_KEY_FILE: "ECOOP_ENCRYPTION_KEY"}
    for name, setting in names.items():
        if ground.environment.get(setting) is None and not (ground.settings.folder / name).exists():
            sentence = mark("%(file)s is made when ecoop starts. Was there one before? Then put that one back first.")
            values = {"file": ground.settings.folder / name}
            yield Finding(key="keys", sentence=sentence, values=values, severity=Severity.NOTICE)


def look_at_disk(ground: Ground) -> Iterator[Finding]:
    """There is room, and SQLite lies on a disk of this machine."""
    file = sqlite_file(ground.database)
    for place in {ground.settings.folder, *([] if file is None else [file.parent])}:
        if place.is_dir() and shutil.disk_usage(place).free < ROOM_NEEDED:
            sentence = mark("The disk under %(folder)s is nearly full. Make room: without it nothing can be kept.")
            yield Finding(key="disk", sentence=sentence, values={"folder": place})
    if file is not None and MOUNTS.exists() and disk_kind(file, MOUNTS.read_text("utf-8")) in NETWORK_DISKS:
        sentence = mark("%(file)s lies on a network disk, where SQLite loses data. Move it to a disk of this machine, "
                        "or use PostgreSQL.")  # fmt: skip
        yield Finding(key="disk", sentence=sentence, values={"file": file})


def disk_kind(place: Path, mounts: str) -> str:
    """The kind of disk on which `place` lies, from a list as in /proc/self/mounts."""
    found = {}
    for line in mounts.splitlines():
        _, point, kind, *_ = line.split(" ")
        where = Path(point.encode().decode("unicode_escape"))
        if place.absolute().is_relative_to(where):
            found[len(where.parts)] = kind
    return found[max(found)] if found else ""


def look_at_time_zone(_ground: Ground) -> Iterator[Finding]:
    """Days are counted in Amsterdam, winter and summer."""
    hours = [clock.as_local(datetime(2026, month, 1, tzinfo=UTC)).hour for month in (1, 7)]
    if hours != [1, 2]:
        yield Finding(key="clock", sentence=mark("The time zone data of this machine are wrong. Install tzdata."))


def look_at_mail(ground: Ground) -> Iterator[Finding]:
    """The settings for mail are complete, and agree with each other."""
    settings = ground.settings
    if (settings.smtp_user is None) != (settings.smtp_password is None):
        yield Finding(key="mail", sentence=mark("ECOOP_SMTP_USER and ECOOP_SMTP_PASSWORD belong together: set both."))
    if settings.smtp_user is not None and not settings.smtp_starttls and settings.smtp_host not in AT_HOME:
        yield Finding(key="mail", sentence=mark("The password for the mail server travels readable. Set "
                                                "ECOOP_SMTP_STARTTLS to 1."))  # fmt: skip
    if ground.calls_mail and settings.smtp_host is not None:
        try:
            mail.ring_up(settings)
        except mail.MailServerUnreachable as error:
            sentence = mark("The mail server cannot be used. Check the settings ECOOP_SMTP_…. The answer was: %(why)s")
            yield Finding(key="mail", sentence=sentence, values={"why": error})


OF_THE_MACHINE: tuple[Callable[[Ground], Iterable[Finding]], ...] = (
    look_at_folder,
    look_at_rights,
    look_at_keys,
    look_at_disk,
    look_at_time_zone,
    look_at_mail,
)


# what is kept


def look_at_references(ground: Ground) -> Iterator[Finding]:
    """The database is not damaged, and no row refers to nothing."""
    for what in migrations.broken_rows(ground.database):
        sentence = mark("The database is damaged, at %(what)s. Restore the last sound backup: ecoop restore FILE")
        yield Finding(key="database", sentence=sentence, values={"what": what})


def look_at_clock(ground: Ground) -> Iterator[Finding]:
    """Our clock agrees with that of the database, and did not run back."""
    theirs = migrations.server_time(ground.database)
    if theirs is not None and abs(theirs - ground.now) > CLOCK_SLACK:
        sentence = mark("The clocks of this machine and of the database differ by %(seconds)s seconds. Let both follow "
                        "a time server.")  # fmt: skip
        values = {"seconds": round(abs(theirs - ground.now).total_seconds())}
        yield Finding(key="clock", sentence=sentence, values=values)
    with ground.database.work(_everywhere(ground)) as session:
        newest = newest_entry(session)
    if newest is not None and newest > ground.now + CLOCK_SLACK:
        sentence = mark("The clock of this machine is behind: the audit trail has an entry of %(moment)s. Let it "
                        "follow a time server.")  # fmt: skip
        yield Finding(key="clock", sentence=sentence, values={"moment": newest})


def look_at_sender(ground: Ground) -> Iterator[Finding]:
    """A real cooperative can write to its members."""
    if ground.is_real and (ground.settings.smtp_host is None or ground.settings.mail_from is None):
        yield Finding(key="mail", sentence=mark("Nobody gets a letter, not even a link to sign in: set ECOOP_SMTP_HOST "
                                                "and ECOOP_MAIL_FROM."))  # fmt: skip


def look_at_hosts(ground: Ground) -> Iterator[Finding]:
    """A real cooperative is served under its own name, with HTTPS."""
    at_home = set(ground.settings.hosts) <= set(AT_HOME)
    if ground.is_real and at_home and ground.settings.secure_cookies:
        yield Finding(key="hosts", sentence=mark("The site answers on this machine only. Set ECOOP_HOSTS to its name, "
                                                 "such as ecoop.example.org."))  # fmt: skip
    if not at_home and not ground.settings.secure_cookies:
        yield Finding(key="hosts", sentence=mark("Sign-in cookies travel without HTTPS to other machines. Leave out "
                                                 "ECOOP_INSECURE_COOKIES."))  # fmt: skip


def look_at_papers(ground: Ground) -> Iterator[Finding]:
    """Every paper is what was put in, and none is left halfway."""
    vault = Vault(ground.settings.papers_folder)
    with ground.database.work(_everywhere(ground)) as session:
        for doubt in papers.doubt_files(session, vault):
            if doubt.state is KeptState.MISSING:
                sentence = mark("A file is gone: paper %(paper)s of %(cooperative)s, version %(version)s. Put %(file)s "
                                "back from a backup.")  # fmt: skip
                values = {"paper": doubt.paper_id, "cooperative": doubt.cooperative, "version": doubt.number,
                          "file": vault.path(doubt.digest)}  # fmt: skip
                yield Finding(key="papers", sentence=sentence, values=values)
    for digest in vault.digests():
        if vault.state(digest) is not KeptState.SOUND:
            sentence = mark("The paper %(file)s is damaged. Put it back from an older backup.")
            yield Finding(key="papers", sentence=sentence, values={"file": vault.path(digest)})
    for left in sorted(vault.folder.glob("??/.arriving-*")):
        if ground.now.timestamp() - left.stat().st_mtime > LEFT_BEHIND.total_seconds():
            sentence = mark("%(file)s was left behind halfway and belongs to nothing. Remove it.")
            values = {"file": left}
            yield Finding(key="papers", sentence=sentence, values=values, severity=Severity.NOTICE)


def look_at_chains(ground: Ground) -> Iterator[Finding]:
    """Nobody changed the audit trails."""
    with ground.database.work(_everywhere(ground)) as session:
        for found in verify_everything(session):
            if found.verdict.first_break is not None:
                sentence = mark("The audit trail %(chain)s does not hold at entry %(number)s. Keep the database as it "
                                "is, tell the board, and compare it with a backup.")  # fmt: skip
                values = {"chain": found.slug or found.verdict.chain, "number": found.verdict.first_break.number}
                yield Finding(key="chains", sentence=sentence, values=values)


def look_at_letters(ground: Ground) -> Iterator[Finding]:
    """Letters go out."""
    with ground.database.work(Scope(carries=True)) as session:
        oldest = letters.oldest_waiting(session)
    if ground.is_real and oldest is not None and ground.now - oldest > LETTER_PATIENCE:
        sentence = mark("A letter has waited since %(moment)s. Is a worker running (ecoop serve or ecoop worker), and "
                        "does the mail server answer (ecoop check --mail)?")  # fmt: skip
        yield Finding(key="letters", sentence=sentence, values={"moment": oldest})


def look_at_backup(ground: Ground) -> Iterator[Finding]:
    """A backup is made every day."""
    made_at = last_backup(ground.settings.folder)
    if not ground.is_real:
        return
    if made_at is None:
        sentence = mark("No backup was made here yet. Let the machine make one every night: ecoop backup FILE")
        yield Finding(key="backup", sentence=sentence, severity=Severity.NOTICE)
    elif ground.now - made_at > BACKUP_PATIENCE:
        sentence = mark("The last whole backup is of %(moment)s. Let the machine make one every night: "
                        "ecoop backup FILE")  # fmt: skip
        yield Finding(key="backup", sentence=sentence, values={"moment": made_at})


def _everywhere(ground: Ground) -> Scope:
    with ground.database.work(Scope()) as session:
        return Scope(cooperative_ids=frozenset(found.id for found in read_cooperatives(session)))


def look_whether_whole(ground: Ground) -> Iterator[Finding]:
    """Whether what is kept is still what was put in: tables, papers and trails."""
    for look in (look_at_references, look_at_papers, look_at_chains):
        yield from look(ground)


OF_WHAT_IS_KEPT: tuple[Callable[[Ground], Iterable[Finding]], ...] = (
    look_at_references,
    look_at_clock,
    look_at_sender,
    look_at_hosts,
    look_at_papers,
    look_at_chains,
    look_at_letters,
    look_at_backup,
)
"""A look at something that is kept gets its line here."""
