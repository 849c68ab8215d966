"""What the pages of the papers show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ecoop import clock, language
from ecoop.governance.papers import (
    READERS,
    RETENTION_OF,
    PaperKind,
    Retention,
    is_restricted,
    keep_until,
    retention_rule,
)
from ecoop.governance.roles import Actor, Permission
from ecoop.language import gettext as _
from ecoop.language import listing, ngettext
from ecoop.language.papers import file_size, media_type_name, paper_kind_name, reader_name, retention_name
from ecoop.services.papers import PaperView, VersionView


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRow:
    """One paper in the list."""

    id: int
    title: str
    kind: str
    number: int
    count: str
    day: str
    sort_day: str
    readers: str
    size: str
    file: str
    restricted: bool
    withdrawn: bool
    can_download: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PapersPage:
    """The papers that somebody may read."""

    title: str
    answer: str
    rows: tuple[PaperRow, ...]
    withdrawn: tuple[PaperRow, ...]
    may_manage: bool
    retention: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """One version of a paper."""

    number: int
    day: str
    by: str
    file: str
    size: str
    digest: str
    remark: str
    destroyed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperPage:
    """One paper."""

    title: str
    id: int
    answer: str
    kind: str
    readers: str
    restricted: bool
    retention: str
    retention_note: str
    versions: tuple[VersionRow, ...]
    rights: tuple[tuple[str, str], ...]
    may_manage: bool
    is_withdrawn: bool
    withdraw_note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPage:
    """Adding a paper."""

    title: str
    limit: int
    messages: tuple[str, ...]


def papers_page(papers: Sequence[PaperView], actor: Actor, day: date) -> PapersPage:
    """The list: what counts, and for the board what was withdrawn."""
    current = [one for one in papers if one.withdrawn_at is None]
    answer = (
        ngettext(
            "There is %(count)s paper for you to read.", "There are %(count)s papers for you to read.", len(current)
        )
        if current
        else _("There is no paper for you to read yet.")
    )
    return PapersPage(
        title=_("Papers"),
        answer=answer,
        rows=tuple(_row(one, day) for one in current),
        withdrawn=tuple(_row(one, day) for one in papers if one.withdrawn_at is not None),
        may_manage=actor.may(Permission.MANAGE_PAPERS),
        retention=tuple((paper_kind_name(kind), _retention_words(RETENTION_OF[kind], day)) for kind in PaperKind),
    )


def _row(paper: PaperView, day: date) -> PaperRow:
    newest, readers = paper.newest, paper.readers_on(day)
    return PaperRow(
        id=paper.id,
        title=paper.title,
        kind=paper_kind_name(paper.kind),
        number=newest.number,
        count=ngettext("%(count)s version", "%(count)s versions", len(paper.versions)),
        day=language.day(clock.legal_day(newest.uploaded_at)),
        sort_day=clock.legal_day(newest.uploaded_at).isoformat(),
        readers=_readers(readers),
        size=file_size(newest.size),
        file=media_type_name(newest.media_type),
        restricted=is_restricted(readers),
        withdrawn=paper.withdrawn_at is not None,
        can_download=newest.destroyed_at is None,
    )


def _readers(readers: frozenset[str]) -> str:
    """Who may read; the widest says it all, and without any it is the board."""
    if "public" in readers:
        return reader_name("public")
    if "inside" in readers:
        return reader_name("inside")
    roles = [reader_name(one) for one in READERS if one in readers]
    return listing([_("Board"), *roles])


def _retention_words(code: Retention, day: date) -> str:
    rule = retention_rule(code, day)
    told = retention_name(code)
    if rule.source is None:
        return told
    if rule.verified:
        return _("%(what)s (%(source)s)", what=told, source=rule.source)
    return _("%(what)s (%(source)s; not verified yet)", what=told, source=rule.source)


def paper_page(paper: PaperView, actor: Actor, day: date) -> PaperPage:
    """One paper with its versions, its readers and how long it is kept."""
    readers = paper.readers_on(day)
    newest = paper.newest
    return PaperPage(
        title=paper.title,
        id=paper.id,
        answer=_(
            "Version %(number)s of %(day)s",
            number=newest.number,
            day=language.day(clock.legal_day(newest.uploaded_at)),
        ),
        kind=paper_kind_name(paper.kind),
        readers=_("Withdrawn: only the board reads it") if paper.withdrawn_at else _readers(readers),
        restricted=is_restricted(readers),
        retention=_retention_words(paper.retention, day),
        retention_note=_retention_note(paper),
        versions=tuple(_version(one) for one in paper.versions),
        rights=tuple((reader_name(one.reader), _period(one.starts_on, one.ends_on)) for one in paper.rights),
        may_manage=actor.may(Permission.MANAGE_PAPERS),
        is_withdrawn=paper.withdrawn_at is not None,
        withdraw_note=_withdraw_note(paper, day),
    )


def _retention_note(paper: PaperView) -> str:
    if paper.withdrawn_at is None:
        return ""
    if paper.keep_until is None:
        return _("It was withdrawn and is kept for ever.")
    if any(one.destroyed_at for one in paper.versions):
        return _("Its files were destroyed. That they were there, and when, stays in the records.")
    return _("It was withdrawn. Its files are destroyed from %(day)s on.", day=language.day(paper.keep_until))


def _withdraw_note(paper: PaperView, day: date) -> str:
    until = keep_until(paper.retention, day)
    if until is None:
        return _("From now on only the board reads it. A paper of this kind is kept for ever.")
    return _(
        "From now on only the board reads it. Its files are kept until %(day)s and then destroyed.",
        day=language.day(until),
    )


def _version(one: VersionView) -> VersionRow:
    return VersionRow(
        number=one.number,
        day=language.moment(one.uploaded_at),
        by=one.uploaded_by or _("when the cooperative was set up"),
        file=one.file_name,
        size=f"{media_type_name(one.media_type)}, {file_size(one.size)}",
        digest=one.digest,
        remark=one.remark or "",
        destroyed=_("destroyed on %(day)s", day=language.day(clock.legal_day(one.destroyed_at)))
        if one.destroyed_at
        else "",
    )


def _period(starts_on: date, ends_on: date | None) -> str:
    start = language.day(starts_on)
    if ends_on is None:
        return _("since %(start)s", start=start)
    return _("%(start)s until %(end)s", start=start, end=language.day(ends_on))


def add_page(limit: int, messages: Sequence[str] = ()) -> AddPage:
    """The form for a new paper."""
    return AddPage(title=_("Add a paper"), limit=limit, messages=tuple(messages))
