"""What the public page and its desk show."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ecoop import clock, language
from ecoop.governance.figures import SourcedFigure
from ecoop.language import Language
from ecoop.language import gettext as _
from ecoop.language.figures import basis_name, figure_sentence, status_name, subject_name, time_words, value_words
from ecoop.language.papers import file_size, media_type_name, paper_kind_name
from ecoop.services.papers import PaperView
from ecoop.services.public_page import PageDesk, Publication, PublicPage
from ecoop.web.markdown import render_markdown


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPaper:
    """A paper that everybody may fetch."""

    id: int
    title: str
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFigure:
    """A published figure with where it comes from."""

    subject: str
    value: str
    told: str
    source: str
    source_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutPage:
    """What a stranger sees."""

    title: str
    answer: str
    slug: str
    about: Markup
    about_language: str
    contact: str
    papers: tuple[PublicPaper, ...]
    figures: tuple[PublicFigure, ...]
    published: str
    takes_members: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPage:
    """What the board sees."""

    title: str
    answer: str
    second: str
    is_public: bool
    version: int | None
    can_publish: bool
    history: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditPage:
    """The form."""

    title: str
    messages: tuple[str, ...]


def about_page(found: PublicPage, *, takes_members: bool = False) -> AboutPage:
    """The page in the reader's language where the board wrote that, else in Dutch."""
    english = language.current() is Language.ENGLISH and found.about_en is not None
    text = found.about_en if english and found.about_en is not None else found.about_nl
    return AboutPage(
        title=found.cooperative.name,
        answer=_("Energy cooperative in %(place)s", place=found.cooperative.place)
        if found.cooperative.place
        else _("Energy cooperative"),
        slug=found.cooperative.slug,
        about=render_markdown(text),
        about_language="en" if english else "nl",
        contact=found.contact or "",
        papers=tuple(_paper(one) for one in found.papers),
        figures=tuple(_figure(one) for one in found.figures),
        published=_("Published by the board on %(day)s.", day=language.day(clock.legal_day(found.published_at))),
        takes_members=takes_members,
    )


def _paper(paper: PaperView) -> PublicPaper:
    newest = paper.newest
    told = _(
        "%(kind)s, %(day)s, %(file)s, %(size)s",
        kind=paper_kind_name(paper.kind),
        day=language.day(clock.legal_day(newest.uploaded_at)),
        file=media_type_name(newest.media_type),
        size=file_size(newest.size),
    )
    return PublicPaper(id=paper.id, title=paper.title, told=told)


def _figure(figure: SourcedFigure) -> PublicFigure:
    time = time_words(figure.as_at, figure.period_start, figure.period_end, partial=figure.is_partial)
    parts = [status_name(figure.status.value), time, basis_name(figure.basis.value)]
    return PublicFigure(
        subject=subject_name(figure.subject),
        value=value_words(figure.value, figure.bound.value, figure.unit.value),
        told=", ".join(part for part in parts if part),
        source=figure.source,
        source_url=figure.source_url,
    )


def desk_page(desk: PageDesk) -> DeskPage:
    """What is public now, what waits, and what was public before."""
    return DeskPage(
        title=_("Public page"),
        answer=_("Everybody can read your page.") if desk.is_public else _("Nobody outside sees a page of yours."),
        second=_waiting(desk),
        is_public=desk.is_public,
        version=desk.newest.id if desk.newest else None,
        can_publish=desk.has_unpublished,
        history=tuple(_told(one) for one in desk.history),
    )


def _waiting(desk: PageDesk) -> str:
    if desk.newest is None:
        return _("Write who you are, choose papers and figures, look at it, and publish it.")
    day = language.moment(desk.newest.saved_at)
    if desk.has_unpublished:
        return _("The text of %(day)s by %(name)s is not public yet.", day=day, name=desk.newest.saved_by)
    return _("It shows the text of %(day)s by %(name)s.", day=day, name=desk.newest.saved_by)


def _told(one: Publication) -> str:
    told = {"day": language.moment(one.at), "name": one.by}
    return (
        _("%(day)s: taken down by %(name)s", **told)
        if one.version_id is None
        else _("%(day)s: published by %(name)s", **told)
    )


def edit_page(messages: Sequence[str] = ()) -> EditPage:
    """The form."""
    return EditPage(title=_("Write the public page"), messages=tuple(messages))


def paper_choices(papers: Sequence[PaperView]) -> list[tuple[int, str]]:
    """The papers that are open to everybody."""
    return [(one.id, one.title) for one in papers]


def figure_choices(figures: Sequence[SourcedFigure]) -> list[tuple[int, str]]:
    """The figures that count, each in a sentence with its source."""
    return [(one.id, f"{subject_name(one.subject)}: {_sentence(one)}") for one in figures if one.id is not None]


def _sentence(figure: SourcedFigure) -> str:
    return figure_sentence(
        value_words(figure.value, figure.bound.value, figure.unit.value),
        time_words(figure.as_at, figure.period_start, figure.period_end, partial=figure.is_partial),
        basis_name(figure.basis.value),
        figure.source,
    )
