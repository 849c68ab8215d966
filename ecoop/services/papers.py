"""Papers: adding one, a new version, who may read it, withdrawing it, destroying it when its time is over.

The file is stored first and its row second. What goes wrong between the two leaves a file that no row names, which
harms nobody and shows nowhere; a row without its file would be a paper that is lost.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, exists, select

from ecoop.clock import legal_day
from ecoop.db import Database, Scope, ScopedSession
from ecoop.errors import Forbidden, InvalidInput, NotFound, Problem, Refused
from ecoop.governance.audit import Action
from ecoop.governance.papers import (
    READERS,
    RETENTION_OF,
    FileRefused,
    MediaType,
    PaperKind,
    PaperReason,
    Retention,
    Right,
    check_file,
    clean_name,
    keep_until,
    may_read,
    readers_on,
)
from ecoop.governance.roles import Actor, Permission
from ecoop.models import Account, Cooperative, Paper, PaperDestruction, PaperRight, PaperVersion, SheetImport
from ecoop.services import audit
from ecoop.vault import KeptState, Vault

LONGEST_TITLE, LONGEST_REMARK = 200, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as it came in."""

    content: bytes
    name: str | None
    remark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPaper:
    """What is filled in for a new paper. `retention` None: what belongs to its kind."""

    title: str
    kind: PaperKind
    readers: tuple[str, ...] = ()
    retention: Retention | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    """One version of a paper; `destroyed_at` is when its file was destroyed."""

    number: int
    digest: str
    media_type: MediaType
    size: int
    file_name: str
    remark: str | None
    uploaded_by: str | None
    uploaded_at: datetime
    destroyed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperView:
    """A paper with its versions, the newest first, and who may read it, now and before."""

    id: int
    title: str
    kind: PaperKind
    retention: Retention
    keep_until: date | None
    added_at: datetime
    withdrawn_at: datetime | None
    rights: tuple[Right, ...]
    versions: tuple[VersionView, ...]

    @property
    def newest(self) -> VersionView:
        """The newest version."""
        return self.versions[0]

    def readers_on(self, day: date) -> frozenset[str]:
        """Who it is open to on `day`; a paper that is withdrawn is open to nobody."""
        return frozenset() if self.withdrawn_at is not None else readers_on(self.rights, day)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFile:
    """A file, ready to be given."""

    content: bytes
    media_type: MediaType
    name: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A version whose file is not what was put in."""

    cooperative: str
    paper_id: int
    number: int
    digest: str
    state: KeptState


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired:
    """A version whose time is over."""

    cooperative: str
    paper_id: int
    number: int
    keep_until: date


# reading


def read_papers(session: ScopedSession, actor: Actor, *, cooperative_id: int, day: date) -> tuple[PaperView, ...]:
    """The papers that `actor` may read on `day`, the one with the newest version first."""
    found = _views(session, select(Paper).where(Paper.cooperative_id == cooperative_id))
    readable = [one for one in found if may_read(actor, one.readers_on(day))]
    return tuple(sorted(readable, key=lambda one: (one.newest.uploaded_at, one.id), reverse=True))


def read_paper(session: ScopedSession, actor: Actor, *, cooperative_id: int, paper_id: int, day: date) -> PaperView:
    """One paper. Raises NotFound where it is not there or not for `actor`: the two are not told apart."""
    found = _views(session, select(Paper).where(Paper.cooperative_id == cooperative_id, Paper.id == paper_id))
    if not found or not may_read(actor, found[0].readers_on(day)):
        raise NotFound
    return found[0]


def read_titles(
    session: ScopedSession, actor: Actor, *, cooperative_id: int, ids: Iterable[int], day: date
) -> dict[int, str]:
    """The titles of these papers, by number: only of those that `actor` may read."""
    found = _views(session, select(Paper).where(Paper.cooperative_id == cooperative_id, Paper.id.in_(sorted(ids))))
    return {one.id: one.title for one in found if may_read(actor, one.readers_on(day))}


def read_public_papers(session: ScopedSession, *, cooperative_id: int, day: date) -> tuple[PaperView, ...]:
    """The papers that are open to everybody on `day`, by title."""
    found = _views(session, select(Paper).where(Paper.cooperative_id == cooperative_id, Paper.withdrawn_at.is_(None)))
    return tuple(sorted((one for one in found if "public" in one.readers_on(day)), key=lambda one: one.title))


def read_file(vault: Vault, version: VersionView) -> PaperFile:
    """The file of a version that may be read. Raises NotFound once it was destroyed, NotKept where it is damaged."""
    if version.destroyed_at is not None:
        raise NotFound
    content = vault.read(version.digest)
    return PaperFile(content=content, media_type=version.media_type, name=version.file_name, digest=version.digest)


def version_of(paper: PaperView, number: int) -> VersionView:
    """The version with that number. Raises NotFound."""
    found = next((one for one in paper.versions if one.number == number), None)
    if found is None:
        raise NotFound
    return found


def _views(session: ScopedSession, query: Select[Paper]) -> list[PaperView]:
    rows = list(session.scalars(query))
    ids = [row.id for row in rows]
    rights: dict[int, list[Right]] = defaultdict(list)
    for right in session.scalars(select(PaperRight).where(PaperRight.paper_id.in_(ids)).order_by(PaperRight.id)):
        rights[right.paper_id].append(Right(reader=right.reader, starts_on=right.starts_on, ends_on=right.ends_on))
    versions = _versions(session, ids)
    return [
        PaperView(
            id=row.id,
            title=row.title,
            kind=row.kind,
            retention=row.retention,
            keep_until=row.keep_until,
            added_at=row.added_at,
            withdrawn_at=row.withdrawn_at,
            rights=tuple(rights[row.id]),
            versions=tuple(versions[row.id]),
        )
        for row in rows
    ]


def _versions(session: ScopedSession, ids: Sequence[int]) -> dict[int, list[VersionView]]:
    destroyed = {
        (row.paper_id, row.number): row.destroyed_at
        for row in session.scalars(select(PaperDestruction).where(PaperDestruction.paper_id.in_(ids)))
    }
    found: dict[int, list[VersionView]] = defaultdict(list)
    query = (
        select(PaperVersion, Account.name)
        .outerjoin(Account, Account.id == PaperVersion.uploaded_by_id)
        .where(PaperVersion.paper_id.in_(ids))
        .order_by(PaperVersion.number.desc())
    )
    for row, name in session.execute(query):
        found[row.paper_id].append(
            VersionView(
                number=row.number,
                digest=row.digest,
                media_type=MediaType(row.media_type),
                size=row.size,
                file_name=row.file_name,
                remark=row.remark,
                uploaded_by=name,
                uploaded_at=row.uploaded_at,
                destroyed_at=destroyed.get((row.paper_id, row.number)),
            )
        )
    return found


# changing


def add_paper(
    session: ScopedSession,
    vault: Vault,
    actor: Actor,
    *,
    cooperative_id: int,
    new: NewPaper,
    upload: Upload,
    limit_bytes: int,
    now: datetime,
) -> int:
    """Add a paper with its first version; its number. Raises InvalidInput naming every problem."""
    _require_manager(actor)
    title = " ".join(new.title.split())
    problems = [*_title_problems(title), *_reader_problems(new.readers)]
    media_type = _checked(upload, limit_bytes, problems)
    digest = vault.put(upload.content)
    retention = new.retention or RETENTION_OF[new.kind]
    row = Paper(
        cooperative_id=cooperative_id,
        title=title,
        kind=new.kind,
        retention=retention,
        added_by_id=actor.account_id,
        added_at=now,
    )
    session.add(row)
    session.flush()
    _add_version(session, actor, row, 1, digest, media_type, upload, now)
    _open_to(session, row, new.readers, starts_on=legal_day(now), ends_on=None)
    audit.record(
        session,
        actor,
        Action.PAPER_ADDED,
        cooperative_id=cooperative_id,
        subject=f"paper:{row.id}",
        details={
            "kind": new.kind.value,
            "retention": retention.value,
            "readers": sorted(new.readers),
            "file_digest": digest,
        },
        now=now,
    )
    return row.id


def add_version(
    session: ScopedSession,
    vault: Vault,
    actor: Actor,
    *,
    cooperative_id: int,
    paper_id: int,
    upload: Upload,
    limit_bytes: int,
    now: datetime,
) -> int:
    """Add a version; its number. Raises Refused for a withdrawn paper and for the file that is the newest already."""
    _require_manager(actor)
    media_type = _checked(upload, limit_bytes, [])
    digest = vault.put(upload.content)
    row = _held(session, cooperative_id, paper_id)
    newest = session.scalars(
        select(PaperVersion).where(PaperVersion.paper_id == paper_id).order_by(PaperVersion.number.desc()).limit(1)
    ).one()
    if newest.digest == digest:
        raise Refused(PaperReason.SAME_FILE)
    number = newest.number + 1
    _add_version(session, actor, row, number, digest, media_type, upload, now)
    audit.record(
        session,
        actor,
        Action.PAPER_VERSION_ADDED,
        cooperative_id=cooperative_id,
        subject=f"paper:{paper_id}",
        details={"version": number, "file_digest": digest},
        now=now,
    )
    return number


def change_rights(
    session: ScopedSession,
    actor: Actor,
    *,
    cooperative_id: int,
    paper_id: int,
    readers: tuple[str, ...],
    until: date | None,
    now: datetime,
) -> None:
    """From today on the paper is open to `readers`, until `until` (not included); who could read it before is kept."""
    _require_manager(actor)
    day = legal_day(now)
    problems = list(_reader_problems(readers))
    if until is not None and until <= day:
        problems.append(Problem(key="until", reason=PaperReason.UNTIL_OVER))
    if problems:
        raise InvalidInput(tuple(problems))
    row = _held(session, cooperative_id, paper_id)
    _end_rights(session, row, day)
    _open_to(session, row, readers, starts_on=day, ends_on=until)
    audit.record(
        session,
        actor,
        Action.PAPER_RIGHTS_CHANGED,
        cooperative_id=cooperative_id,
        subject=f"paper:{paper_id}",
        details={"readers": sorted(set(readers)), "ends_on": until.isoformat() if until else None},
        now=now,
    )


def withdraw(
    session: ScopedSession, actor: Actor, *, cooperative_id: int, paper_id: int, why: str | None, now: datetime
) -> date | None:
    """Nobody but the board reads it from now on; the first day on which it may be destroyed (None: never)."""
    _require_manager(actor)
    row = _held(session, cooperative_id, paper_id)
    day = legal_day(now)
    row.withdrawn_at, row.withdrawn_by_id = now, actor.account_id
    row.keep_until = keep_until(row.retention, day)
    _end_rights(session, row, day)
    session.flush()
    audit.record(
        session,
        actor,
        Action.PAPER_WITHDRAWN,
        cooperative_id=cooperative_id,
        subject=f"paper:{paper_id}",
        details={
            "retention": row.retention.value,
            "keep_until": row.keep_until.isoformat() if row.keep_until else None,
        },
        why=why,
        now=now,
    )
    return row.keep_until


def _require_manager(actor: Actor) -> None:
    if not actor.may(Permission.MANAGE_PAPERS):
        raise Forbidden


def _title_problems(title: str) -> Iterable[Problem]:
    if not title:
        yield Problem(key="title", reason=PaperReason.TITLE_MISSING)
    elif len(title) > LONGEST_TITLE or not title.isprintable():
        yield Problem(key="title", reason=PaperReason.TITLE_UNUSABLE, details={"maximum": LONGEST_TITLE})


def _reader_problems(readers: Iterable[str]) -> Iterable[Problem]:
    if not set(readers) <= set(READERS):
        yield Problem(key="readers", reason=PaperReason.READER_UNKNOWN)


def _checked(upload: Upload, limit_bytes: int, problems: list[Problem]) -> MediaType:
    """The kind of the file, if nothing is wrong: with it or with what is given beside it."""
    if len(upload.remark or "") > LONGEST_REMARK:
        problems.append(Problem(key="remark", reason=PaperReason.REMARK_TOO_LONG, details={"maximum": LONGEST_REMARK}))
    media_type = None
    try:
        media_type = check_file(upload.content, limit_bytes=limit_bytes)
    except FileRefused as refused:
        details = {"maximum": limit_bytes // (1024 * 1024)}
        problems.append(Problem(key="file", reason=refused.reason, details=details))
    if problems or media_type is None:
        raise InvalidInput(tuple(problems))
    return media_type


def _held(session: ScopedSession, cooperative_id: int, paper_id: int) -> Paper:
    """The paper, held until the work is done so that its versions follow each other; not one that is withdrawn."""
    query = select(Paper).where(Paper.cooperative_id == cooperative_id, Paper.id == paper_id)
    row = session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if row is None:
        raise NotFound
    if row.withdrawn_at is not None:
        raise Refused(PaperReason.WITHDRAWN)
    return row


def _add_version(
    session: ScopedSession,
    actor: Actor,
    paper: Paper,
    number: int,
    digest: str,
    media_type: MediaType,
    upload: Upload,
    now: datetime,
) -> None:
    session.add(
        PaperVersion(
            cooperative_id=paper.cooperative_id,
            paper_id=paper.id,
            number=number,
            digest=digest,
            media_type=media_type.value,
            size=len(upload.content),
            file_name=clean_name(upload.name, media_type),
            remark=" ".join((upload.remark or "").split()) or None,
            uploaded_by_id=actor.account_id,
            uploaded_at=now,
        )
    )
    session.flush()


def _open_to(
    session: ScopedSession, paper: Paper, readers: Iterable[str], *, starts_on: date, ends_on: date | None
) -> None:
    session.add_all(
        PaperRight(
            cooperative_id=paper.cooperative_id,
            paper_id=paper.id,
            reader=reader,
            starts_on=starts_on,
            ends_on=ends_on,
        )
        for reader in sorted(set(readers))
    )
    session.flush()


def _end_rights(session: ScopedSession, paper: Paper, day: date) -> None:
    for right in session.scalars(select(PaperRight).where(PaperRight.paper_id == paper.id)):
        if right.ends_on is None or right.ends_on > day:
            right.ends_on = max(right.starts_on, day)
    session.flush()


# keeping watch, and destroying


def doubt_files(session: ScopedSession, vault: Vault) -> tuple[Doubt, ...]:
    """Every version in scope whose file is missing or altered, of all cooperatives in scope."""
    found = []
    for slug, row in session.execute(_living().order_by(Cooperative.slug, PaperVersion.paper_id, PaperVersion.number)):
        state = vault.state(row.digest)
        if state is not KeptState.SOUND:
            found.append(
                Doubt(cooperative=slug, paper_id=row.paper_id, number=row.number, digest=row.digest, state=state)
            )
    return tuple(found)


def count_files(session: ScopedSession) -> int:
    """How many versions in scope should have a file."""
    return len({row.digest for _slug, row in session.execute(_living())})


def purge_expired(database: Database, vault: Vault, *, now: datetime, dry_run: bool) -> tuple[Expired, ...]:
    """Destroy the files of withdrawn papers whose time is over, in every cooperative; what was, or would be, destroyed.

    The rows go first and are committed, then the files: a file that is left behind by an interruption is removed the
    next time. The row of a version stays, with the digest of what is gone.
    """
    with database.work(Scope()) as session:
        ids = frozenset(session.scalars(select(Cooperative.id)))
    with database.work(Scope(cooperative_ids=ids, may_write=not dry_run)) as session:
        expired = _expired(session, legal_day(now))
        if not dry_run:
            _record_destruction(session, expired, now)
    if not dry_run:
        with database.work(Scope(cooperative_ids=ids, may_write=True)) as session:
            _remove_destroyed(session, vault)
    return tuple(one for _cooperative_id, one in expired)


def _living() -> Select[str, PaperVersion]:
    gone = exists().where(
        PaperDestruction.cooperative_id == PaperVersion.cooperative_id,
        PaperDestruction.paper_id == PaperVersion.paper_id,
        PaperDestruction.number == PaperVersion.number,
    )
    query = select(Cooperative.slug, PaperVersion).join(Cooperative, Cooperative.id == PaperVersion.cooperative_id)
    return query.where(~gone)


def _expired(session: ScopedSession, day: date) -> list[tuple[int, Expired]]:
    query = _living().add_columns(Paper.keep_until)
    query = query.join(
        Paper, (Paper.cooperative_id == PaperVersion.cooperative_id) & (Paper.id == PaperVersion.paper_id)
    ).where(Paper.withdrawn_at.is_not(None), Paper.keep_until <= day)
    return [
        (
            row.cooperative_id,
            Expired(cooperative=slug, paper_id=row.paper_id, number=row.number, keep_until=until),
        )
        for slug, row, until in session.execute(query.order_by(PaperVersion.paper_id, PaperVersion.number))
    ]


def _record_destruction(session: ScopedSession, expired: Iterable[tuple[int, Expired]], now: datetime) -> None:
    for cooperative_id, one in expired:
        version = session.get_one(PaperVersion, (cooperative_id, one.paper_id, one.number))
        session.add(
            PaperDestruction(cooperative_id=cooperative_id, paper_id=one.paper_id, number=one.number, destroyed_at=now)
        )
        session.flush()
        audit.record(
            session,
            None,
            Action.PAPER_DESTROYED,
            cooperative_id=cooperative_id,
            subject=f"paper:{one.paper_id}",
            details={
                "version": one.number,
                "file_digest": version.digest,
                "keep_until": one.keep_until.isoformat(),
            },
            now=now,
        )


def _remove_destroyed(session: ScopedSession, vault: Vault) -> None:
    """Equal files are kept once for all cooperatives, so one that is needed anywhere stays. The session sees all."""
    needed = {row.digest for _slug, row in session.execute(_living())}
    needed |= set(session.scalars(select(SheetImport.digest)))  # kept as evidence of what was taken over
    destroyed = session.scalars(
        select(PaperVersion.digest).join(
            PaperDestruction,
            (PaperDestruction.cooperative_id == PaperVersion.cooperative_id)
            & (PaperDestruction.paper_id == PaperVersion.paper_id)
            & (PaperDestruction.number == PaperVersion.number),
        )
    )
    for digest in set(destroyed) - needed:
        vault.remove(digest)
