"""The public page of a cooperative: saving a text, publishing it, taking it down, and what a stranger gets to see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select

from ecoop.clock import legal_day
from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, InvalidInput, NotFound, Problem, Refused
from ecoop.governance.audit import Action
from ecoop.governance.figures import SourcedFigure
from ecoop.governance.roles import Actor, Permission
from ecoop.models import Account, Cooperative, PageFigure, PagePaper, PagePublication, PageVersion
from ecoop.services import audit
from ecoop.services.cooperatives import CooperativeView
from ecoop.services.figures import read_figures
from ecoop.services.papers import PaperView, read_public_papers

LONGEST_TEXT, LONGEST_CONTACT = 10_000, 200


class PageReason(StrEnum):
    """Why a page is refused."""

    ABOUT_MISSING = "page_about_missing"
    ABOUT_TOO_LONG = "page_about_too_long"
    CONTACT_UNUSABLE = "page_contact_unusable"
    PAPER_UNKNOWN = "page_paper_unknown"
    FIGURE_UNKNOWN = "page_figure_unknown"
    NOTHING_SAVED = "page_nothing_saved"
    NOT_PUBLIC = "page_not_public"
    ALREADY_PUBLIC = "page_already_public"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """What the board fills in: Markdown in Dutch and perhaps in English, and what it chooses to show."""

    about_nl: str
    about_en: str | None = None
    contact: str | None = None
    paper_ids: frozenset[int] = frozenset()
    figure_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedText:
    """A text that was saved, by whom and when."""

    id: int
    text: PageText
    saved_by: str | None
    saved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """From when on which text was public (None: none was), and who did that."""

    version_id: int | None
    by: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDesk:
    """What the board sees of its page: the newest text, which one is public, and what was public before."""

    newest: SavedText | None
    history: tuple[Publication, ...]

    @property
    def is_public(self) -> bool:
        """Whether a stranger sees a page."""
        return bool(self.history) and self.history[0].version_id is not None

    @property
    def has_unpublished(self) -> bool:
        """Whether the newest text is another than the one that is public."""
        return self.newest is not None and (not self.history or self.history[0].version_id != self.newest.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPage:
    """What a stranger sees, and nothing else."""

    cooperative: CooperativeView
    about_nl: str
    about_en: str | None
    contact: str | None
    papers: tuple[PaperView, ...]
    figures: tuple[SourcedFigure, ...]
    published_at: datetime


def save_text(session: ScopedSession, actor: Actor, *, cooperative_id: int, text: PageText, now: datetime) -> int:
    """Keep a text; its number. Nobody outside sees it yet. Raises InvalidInput naming every problem."""
    _require_publisher(actor)
    _check(session, cooperative_id, text, legal_day(now))
    row = PageVersion(
        cooperative_id=cooperative_id,
        about_nl=text.about_nl.strip(),
        about_en=(text.about_en or "").strip() or None,
        contact=(text.contact or "").strip() or None,
        saved_by_id=actor.account_id,
        saved_at=now,
    )
    session.add(row)
    session.flush()
    shared = {"cooperative_id": cooperative_id, "version_id": row.id}
    session.add_all(PagePaper(**shared, paper_id=one) for one in sorted(text.paper_ids))
    session.add_all(PageFigure(**shared, figure_id=one) for one in sorted(text.figure_ids))
    session.flush()
    audit.record(
        session,
        actor,
        Action.PAGE_SAVED,
        cooperative_id=cooperative_id,
        subject=f"page_version:{row.id}",
        details={"papers": sorted(text.paper_ids), "figures": sorted(text.figure_ids)},
        now=now,
    )
    return row.id


def publish(session: ScopedSession, actor: Actor, *, cooperative_id: int, version_id: int, now: datetime) -> None:
    """Let everybody see this text. It must be the newest: else somebody published what they did not read."""
    _require_publisher(actor)
    desk = read_desk(session, cooperative_id=cooperative_id)
    if desk.newest is None or desk.newest.id != version_id:
        raise Refused(PageReason.NOTHING_SAVED)
    if not desk.has_unpublished:
        raise Refused(PageReason.ALREADY_PUBLIC)
    _show(session, actor, cooperative_id, version_id, Action.PAGE_PUBLISHED, now)


def take_down(session: ScopedSession, actor: Actor, *, cooperative_id: int, now: datetime) -> None:
    """Let nobody outside see the page any more."""
    _require_publisher(actor)
    if not read_desk(session, cooperative_id=cooperative_id).is_public:
        raise Refused(PageReason.NOT_PUBLIC)
    _show(session, actor, cooperative_id, None, Action.PAGE_TAKEN_DOWN, now)


def read_desk(session: ScopedSession, *, cooperative_id: int) -> PageDesk:
    """What the board sees of its page."""
    query = (
        select(PageVersion, Account.name)
        .outerjoin(Account, Account.id == PageVersion.saved_by_id)
        .where(PageVersion.cooperative_id == cooperative_id)
        .order_by(PageVersion.id.desc())
        .limit(1)
    )
    newest = next((_saved(session, row, name) for row, name in session.execute(query)), None)
    history = (
        select(PagePublication, Account.name)
        .outerjoin(Account, Account.id == PagePublication.by_id)
        .where(PagePublication.cooperative_id == cooperative_id)
        .order_by(PagePublication.id.desc())
    )
    return PageDesk(
        newest=newest,
        history=tuple(
            Publication(version_id=row.version_id, by=name, at=row.at) for row, name in session.execute(history)
        ),
    )


def read_public_page(session: ScopedSession, *, slug: str, day: date) -> PublicPage:
    """What is public of a cooperative today. Raises NotFound where nothing is.

    The session's scope is that one cooperative. A paper that is no longer public, or a figure that was withdrawn after
    it was published, is left out.
    """
    row = session.scalar(select(Cooperative).where(Cooperative.slug == slug))
    shown = _last_publication(session, row.id) if row is not None else None
    if row is None or shown is None or shown.version_id is None:
        raise NotFound
    version = session.get_one(PageVersion, (row.id, shown.version_id))
    return _page(session, row, _saved(session, version, None).text, shown_at=shown.at, day=day)


def read_preview(session: ScopedSession, *, cooperative_id: int, day: date, now: datetime) -> PublicPage:
    """The newest text as it would be shown if it were published now. Raises NotFound before anything was saved."""
    newest = read_desk(session, cooperative_id=cooperative_id).newest
    row = session.get(Cooperative, cooperative_id)
    if newest is None or row is None:
        raise NotFound
    return _page(session, row, newest.text, shown_at=now, day=day)


def _page(session: ScopedSession, row: Cooperative, text: PageText, *, shown_at: datetime, day: date) -> PublicPage:
    papers = read_public_papers(session, cooperative_id=row.id, day=day)
    return PublicPage(
        cooperative=CooperativeView(id=row.id, slug=row.slug, name=row.name, place=row.place),
        about_nl=text.about_nl,
        about_en=text.about_en,
        contact=text.contact,
        papers=tuple(one for one in papers if one.id in text.paper_ids),
        figures=tuple(one for one in read_figures(session, cooperative_id=row.id) if one.id in text.figure_ids),
        published_at=shown_at,
    )


def read_published(session: ScopedSession) -> tuple[CooperativeView, ...]:
    """The cooperatives in scope that have a public page, by name."""
    rows = session.scalars(select(Cooperative).order_by(Cooperative.name))
    found = []
    for row in rows:
        shown = _last_publication(session, row.id)
        if shown is not None and shown.version_id is not None:
            found.append(CooperativeView(id=row.id, slug=row.slug, name=row.name, place=row.place))
    return tuple(found)


def _require_publisher(actor: Actor) -> None:
    if not actor.may(Permission.PUBLISH_PAGE):
        raise Forbidden


def _check(session: ScopedSession, cooperative_id: int, text: PageText, day: date) -> None:
    problems = list(_text_problems(text))
    if text.paper_ids:
        public = {one.id for one in read_public_papers(session, cooperative_id=cooperative_id, day=day)}
        if not text.paper_ids <= public:
            problems.append(Problem(key="paper_ids", reason=PageReason.PAPER_UNKNOWN))
    if text.figure_ids:
        known = {one.id for one in read_figures(session, cooperative_id=cooperative_id)}
        if not text.figure_ids <= known:
            problems.append(Problem(key="figure_ids", reason=PageReason.FIGURE_UNKNOWN))
    if problems:
        raise InvalidInput(tuple(problems))


def _text_problems(text: PageText) -> Iterable[Problem]:
    if not text.about_nl.strip():
        yield Problem(key="about_nl", reason=PageReason.ABOUT_MISSING)
    for key, told in (("about_nl", text.about_nl), ("about_en", text.about_en or "")):
        if len(told) > LONGEST_TEXT:
            yield Problem(key=key, reason=PageReason.ABOUT_TOO_LONG, details={"maximum": LONGEST_TEXT})
    contact = (text.contact or "").strip()
    if len(contact) > LONGEST_CONTACT or not contact.isprintable():
        yield Problem(key="contact", reason=PageReason.CONTACT_UNUSABLE, details={"maximum": LONGEST_CONTACT})


def _show(
    session: ScopedSession, actor: Actor, cooperative_id: int, version_id: int | None, action: Action, now: datetime
) -> None:
    row = PagePublication(cooperative_id=cooperative_id, version_id=version_id, by_id=actor.account_id, at=now)
    session.add(row)
    session.flush()
    subject = None if version_id is None else f"page_version:{version_id}"
    audit.record(session, actor, action, cooperative_id=cooperative_id, subject=subject, now=now)


def _last_publication(session: ScopedSession, cooperative_id: int) -> PagePublication | None:
    query = select(PagePublication).where(PagePublication.cooperative_id == cooperative_id)
    return session.scalar(query.order_by(PagePublication.id.desc()).limit(1))


def _saved(session: ScopedSession, row: PageVersion, name: str | None) -> SavedText:
    papers = select(PagePaper.paper_id).where(PagePaper.version_id == row.id)
    figures = select(PageFigure.figure_id).where(PageFigure.version_id == row.id)
    return SavedText(
        id=row.id,
        text=PageText(
            about_nl=row.about_nl,
            about_en=row.about_en,
            contact=row.contact,
            paper_ids=frozenset(session.scalars(papers)),
            figure_ids=frozenset(session.scalars(figures)),
        ),
        saved_by=name,
        saved_at=row.saved_at,
    )
