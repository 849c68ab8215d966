"""What everybody may see of a cooperative, and the desk at which its board writes that."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from ecoop.db import Scope, ScopedSession
from ecoop.errors import NotFound
from ecoop.governance.roles import Permission
from ecoop.language import gettext as _
from ecoop.services import application_texts, cooperatives, figures, papers, public_page
from ecoop.services.public_page import PageText
from ecoop.vault import Vault
from ecoop.web.access import actor, allow, day, db, door, now, place, public
from ecoop.web.flow import go_to, tell, trying
from ecoop.web.forms import PlainForm
from ecoop.web.platform import platform
from ecoop.web.public_page import pages
from ecoop.web.public_page.forms import PageForm, PublishForm
from ecoop.web.uploads import as_download

bp = Blueprint("public_page", __name__)

Answer = str | tuple[str, int] | AnyResponse
DESK = "/cooperatives/<slug:cooperative>/public-page"
ASK_AGAIN = "private, no-cache"
"""A browser may keep what is public, and asks each time whether it still is."""


@contextmanager
def _inside(slug: str) -> Iterator[ScopedSession]:
    """A session that reads one cooperative and no other. Raises NotFound where there is none of that name."""
    with platform().database.work(Scope()) as looking:
        known = next((one for one in cooperatives.read_cooperatives(looking) if one.slug == slug), None)
    if known is None:
        raise NotFound
    with platform().database.work(Scope(cooperative_ids=frozenset({known.id}))) as reading:
        yield reading


@bp.get("/about/<slug:name>")
@public
def show(name: str) -> Response:
    """What a cooperative published; nothing else of it is read."""
    with _inside(name) as reading:
        found = public_page.read_public_page(reading, slug=name, day=day())
        takes_members = application_texts.is_open(reading, cooperative_id=found.cooperative.id)
    page = pages.about_page(found, takes_members=takes_members)
    answer = make_response(render_template("public_page/show.html", page=page, preview=False))
    if door().account is None:  # else the head of the page is somebody's own
        answer.headers["Cache-Control"] = ASK_AGAIN
    return answer


@bp.get("/about/<slug:name>/papers/<int:paper_id>")
@public
def download(name: str, paper_id: int) -> AnyResponse:
    """The newest version of a paper that stands on the public page."""
    with _inside(name) as reading:
        found = public_page.read_public_page(reading, slug=name, day=day())
    paper = next((one for one in found.papers if one.id == paper_id), None)
    if paper is None:
        raise NotFound
    file = papers.read_file(Vault(platform().settings.papers_folder), paper.newest)
    answer = as_download(file.content, media_type=file.media_type.value, name=file.name)
    answer.headers["Cache-Control"] = ASK_AGAIN
    answer.set_etag(file.digest)
    return answer.make_conditional(request)


@bp.get(f"{DESK}/")
@allow(Permission.PUBLISH_PAGE)
def desk(cooperative: str) -> str:
    """What is public now, and what can be done about it."""
    page = pages.desk_page(public_page.read_desk(db(), cooperative_id=place().id))
    form = PublishForm(formdata=None, version=str(page.version or ""))
    return render_template("public_page/desk.html", page=page, place=place(), form=form, plain=PlainForm(formdata=None))


@bp.get(f"{DESK}/preview")
@allow(Permission.PUBLISH_PAGE)
def preview(cooperative: str) -> str:
    """The newest text as a stranger would see it."""
    found = public_page.read_preview(db(), cooperative_id=place().id, day=day(), now=now())
    return render_template("public_page/show.html", page=pages.about_page(found), preview=True)


@bp.route(f"{DESK}/edit", methods=["GET", "POST"])
@allow(Permission.PUBLISH_PAGE)
def edit(cooperative: str) -> Answer:
    """Write a new text."""
    form = _form()
    messages: list[str] = []
    if form.validate_on_submit():
        with trying(form) as trial:
            public_page.save_text(db(), actor(), cooperative_id=place().id, text=_text(form), now=now())
            tell(_("The text was saved. Nobody outside sees it before you publish it."))
        if not trial.refused:
            return go_to("public_page.desk", cooperative=cooperative)
        messages = trial.messages
    status = 400 if form.is_submitted() else 200
    return render_template("public_page/edit.html", page=pages.edit_page(messages), form=form, place=place()), status


def _form() -> PageForm:
    newest = public_page.read_desk(db(), cooperative_id=place().id).newest
    text = newest.text if newest else PageText(about_nl="")
    form = PageForm(
        about_nl=text.about_nl,
        about_en=text.about_en or "",
        contact=text.contact or "",
        paper_ids=sorted(text.paper_ids),
        figure_ids=sorted(text.figure_ids),
    )
    form.paper_ids.choices = pages.paper_choices(papers.read_public_papers(db(), cooperative_id=place().id, day=day()))
    form.figure_ids.choices = pages.figure_choices(figures.read_figures(db(), cooperative_id=place().id))
    return form


def _text(form: PageForm) -> PageText:
    return PageText(
        about_nl=form.about_nl.data,
        about_en=form.about_en.data,
        contact=form.contact.data,
        paper_ids=frozenset(form.paper_ids.data or ()),
        figure_ids=frozenset(form.figure_ids.data or ()),
    )


@bp.post(f"{DESK}/publish")
@allow(Permission.PUBLISH_PAGE)
def publish(cooperative: str) -> AnyResponse:
    """Let everybody see the newest text."""
    given = PublishForm().version.data or ""
    version_id = int(given) if given.isascii() and given.isdigit() and len(given) < 20 else 0
    with trying() as trial:
        public_page.publish(db(), actor(), cooperative_id=place().id, version_id=version_id, now=now())
        tell(_("The page is public from now on."))
    _tell_refusal(trial.messages)
    return go_to("public_page.desk", cooperative=cooperative)


@bp.post(f"{DESK}/take-down")
@allow(Permission.PUBLISH_PAGE)
def take_down(cooperative: str) -> AnyResponse:
    """Let nobody outside see the page any more."""
    with trying() as trial:
        public_page.take_down(db(), actor(), cooperative_id=place().id, now=now())
        tell(_("Nobody outside sees the page any more."))
    _tell_refusal(trial.messages)
    return go_to("public_page.desk", cooperative=cooperative)


def _tell_refusal(messages: list[str]) -> None:
    for message in messages:
        tell(message, "danger")
