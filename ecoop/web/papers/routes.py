"""Reading papers, adding them and their versions, choosing who reads them, withdrawing them."""

from collections.abc import Sequence

from flask import Blueprint, Response, render_template
from werkzeug.wrappers import Response as AnyResponse

from ecoop import language
from ecoop.governance.papers import PaperKind, is_restricted
from ecoop.governance.roles import Permission
from ecoop.language import gettext as _
from ecoop.services import papers
from ecoop.services.access_log import AccessKind
from ecoop.services.papers import NewPaper, PaperView, Upload
from ecoop.vault import Vault
from ecoop.web.access import actor, allow, day, db, note_reading, now, place
from ecoop.web.flow import go_to, tell, trying
from ecoop.web.papers import pages
from ecoop.web.papers.forms import PaperForm, ReadersForm, VersionForm, WithdrawForm, kind_choices, reader_choices
from ecoop.web.platform import platform
from ecoop.web.uploads import as_download, largest_file, takes_papers

bp = Blueprint("papers", __name__, url_prefix="/cooperatives/<slug:cooperative>/papers")

Answer = str | tuple[str, int] | AnyResponse


def vault() -> Vault:
    """Where the files lie."""
    return Vault(platform().settings.papers_folder)


@bp.get("/")
@allow(Permission.SEE_PAPERS)
def show(cooperative: str) -> str:
    """The papers that the visitor may read."""
    found = papers.read_papers(db(), actor(), cooperative_id=place().id, day=day())
    return render_template("papers/list.html", page=pages.papers_page(found, actor(), day()), place=place())


@bp.route("/add", methods=["GET", "POST"])
@allow(Permission.MANAGE_PAPERS)
@takes_papers
def add(cooperative: str) -> Answer:
    """Add a paper."""
    form = PaperForm()
    form.kind.choices, form.readers.choices = kind_choices(), reader_choices()
    messages: list[str] = []
    if form.validate_on_submit():
        with trying(form) as trial:
            paper_id = papers.add_paper(
                db(),
                vault(),
                actor(),
                cooperative_id=place().id,
                new=NewPaper(title=form.title.data, kind=PaperKind(form.kind.data), readers=tuple(form.readers.data)),
                upload=_upload(form),
                limit_bytes=platform().settings.paper_limit_bytes,
                now=now(),
            )
            tell(_("The paper was added."))
        if not trial.refused:
            return go_to("papers.paper", cooperative=cooperative, paper_id=paper_id)
        messages = trial.messages
    status = 400 if form.is_submitted() else 200
    page = pages.add_page(largest_file(), messages)
    return render_template("papers/add.html", page=page, form=form, place=place()), status


def _upload(form: VersionForm) -> Upload:
    return Upload(content=form.file.data.read(), name=form.file.data.filename, remark=form.remark.data)


@bp.get("/<int:paper_id>")
@allow(Permission.SEE_PAPERS)
def paper(cooperative: str, paper_id: int) -> str:
    """One paper."""
    return _shown(_found(paper_id))


def _found(paper_id: int) -> PaperView:
    return papers.read_paper(db(), actor(), cooperative_id=place().id, paper_id=paper_id, day=day())


def _shown(
    found: PaperView,
    version: VersionForm | None = None,
    readers: ReadersForm | None = None,
    messages: Sequence[str] = (),
) -> str:
    readers = readers or ReadersForm(formdata=None, readers=sorted(found.readers_on(day())))
    readers.readers.choices = reader_choices()
    return render_template(
        "papers/paper.html",
        page=pages.paper_page(found, actor(), day()),
        place=place(),
        version=version or VersionForm(formdata=None),
        readers=readers,
        withdrawal=WithdrawForm(formdata=None),
        messages=messages,
        limit=platform().settings.paper_limit_bytes // (1024 * 1024),
    )


@bp.get("/<int:paper_id>/versions/<int:number>")
@allow(Permission.SEE_PAPERS)
def download(cooperative: str, paper_id: int, number: int) -> Response:
    """The file of one version. Of a paper that is not for everybody inside, the log tells who fetched it."""
    found = _found(paper_id)
    version = papers.version_of(found, number)
    file = papers.read_file(vault(), version)
    if is_restricted(found.readers_on(day())):
        note_reading(AccessKind.PAPER, subject=f"paper:{paper_id}")
    return as_download(file.content, media_type=file.media_type.value, name=file.name)


@bp.post("/<int:paper_id>/versions")
@allow(Permission.MANAGE_PAPERS)
@takes_papers
def add_version(cooperative: str, paper_id: int) -> Answer:
    """Add a version to a paper."""
    found, form = _found(paper_id), VersionForm()
    messages: list[str] = []
    if form.validate_on_submit():
        with trying(form) as trial:
            number = papers.add_version(
                db(),
                vault(),
                actor(),
                cooperative_id=place().id,
                paper_id=paper_id,
                upload=_upload(form),
                limit_bytes=platform().settings.paper_limit_bytes,
                now=now(),
            )
            tell(_("Version %(number)s was added. The versions before it stay.", number=number))
        if not trial.refused:
            return go_to("papers.paper", cooperative=cooperative, paper_id=paper_id)
        messages = trial.messages
    return _shown(found, version=form, messages=messages), 400


@bp.post("/<int:paper_id>/readers")
@allow(Permission.MANAGE_PAPERS)
def change_readers(cooperative: str, paper_id: int) -> Answer:
    """Choose who reads a paper."""
    found, form = _found(paper_id), ReadersForm()
    messages: list[str] = []
    form.readers.choices = reader_choices()
    if form.validate_on_submit():
        with trying(form) as trial:
            papers.change_rights(
                db(),
                actor(),
                cooperative_id=place().id,
                paper_id=paper_id,
                readers=tuple(form.readers.data),
                until=form.until.data,
                now=now(),
            )
            tell(_("Who may read this paper has changed."))
        if not trial.refused:
            return go_to("papers.paper", cooperative=cooperative, paper_id=paper_id)
        messages = trial.messages
    return _shown(found, readers=form, messages=messages), 400


@bp.post("/<int:paper_id>/withdraw")
@allow(Permission.MANAGE_PAPERS)
def withdraw(cooperative: str, paper_id: int) -> Answer:
    """Withdraw a paper."""
    found, form = _found(paper_id), WithdrawForm()
    if not form.validate_on_submit():
        return _shown(found, messages=tuple(form.why.errors)), 400
    with trying() as trial:
        until = papers.withdraw(
            db(), actor(), cooperative_id=place().id, paper_id=paper_id, why=form.why.data, now=now()
        )
        if until is None:
            tell(_("The paper was withdrawn. It is kept for ever."))
        else:
            tell(_("The paper was withdrawn. Its files are kept until %(day)s.", day=language.day(until)))
    for message in trial.messages:
        tell(message, "danger")
    return go_to("papers.paper", cooperative=cooperative, paper_id=paper_id)
