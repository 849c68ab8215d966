"""Letters of a cooperative: written to a group, followed per person, printed for who has no e-mail."""

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from ecoop.governance.roles import Permission
from ecoop.language import gettext as _
from ecoop.language import ngettext
from ecoop.language.register import class_codes, class_name
from ecoop.mail import mailing_letter
from ecoop.services import jobs, letters, mail_choices, mailings
from ecoop.services.access_log import AccessKind
from ecoop.services.buildings import read_buildings
from ecoop.services.jobs import JobState, JobView
from ecoop.services.letters import LetterFilter
from ecoop.services.mailings import MEMBERS, Group, MailingText, Recipient
from ecoop.web.access import account, actor, allow, day, db, note_reading, now, place, signed_in
from ecoop.web.correspondence import pages
from ecoop.web.correspondence.forms import ChoiceForm, WriteForm
from ecoop.web.flow import go_to, tell, trying
from ecoop.web.forms import PlainForm
from ecoop.web.platform import platform

bp = Blueprint("correspondence", __name__)
INSIDE = "/cooperatives/<slug:cooperative>/letters"

Answer = str | tuple[str, int] | AnyResponse


@bp.get(f"{INSIDE}/")
@allow(Permission.WRITE_LETTERS)
def show(cooperative: str) -> str:
    """What was written, to whom, and what became of it."""
    wanted = pages.parse_state(request.args.get("state"))
    page = pages.letters_page(
        letters.read_letters_of(db(), cooperative_id=place().id, wanted=LetterFilter(state=wanted)),
        counts=letters.count_letters_of(db(), cooperative_id=place().id),
        written=mailings.read_mailings(db(), cooperative_id=place().id),
        work=[one for one in jobs.read_jobs(db(), cooperative_id=place().id) if one.kind == letters.PRINT],
        wanted=wanted,
    )
    return render_template("correspondence/show.html", page=page, place=place(), form=PlainForm())


@bp.route(f"{INSIDE}/write", methods=["GET", "POST"])
@allow(Permission.WRITE_LETTERS)
def write(cooperative: str) -> Answer:
    """Write to a group: first a preview, then sending."""
    form = WriteForm()
    form.role.choices = pages.role_choices()
    form.building.choices = [(str(one.id), one.name) for one in read_buildings(db(), actor())]
    form.member_class.choices = [(code, class_name(code)) for code in class_codes()]
    preview = None
    if form.validate_on_submit():
        if "send" in request.form:
            number = _send(form)
            if number is not None:
                return go_to("correspondence.show_mailing", cooperative=cooperative, mailing_id=number)
        else:
            preview = _preview(form)
    status = 400 if form.is_submitted() and preview is None else 200
    page = pages.write_page(preview)
    return render_template("correspondence/write.html", page=page, form=form, place=place()), status


def _group(form: WriteForm) -> Group:
    return Group(chosen={name: tuple(form[name].data or ()) for name in ("role", "building", MEMBERS)})


def _text(form: WriteForm) -> MailingText:
    fields = ("subject_nl", "text_nl", "subject_en", "text_en")
    return MailingText(**{name: form[name].data or "" for name in fields})


def _preview(form: WriteForm) -> pages.Preview | None:
    text, people = _text(form), tuple[Recipient, ...]()
    with trying(form) as trial:
        people = mailings.check_mailing(db(), cooperative_id=place().id, group=_group(form), text=text, day=day())
    for message in trial.messages:
        tell(message, "danger")
    if trial.refused:
        return None
    first = people[0]
    subject, words, spoken = text.in_language(first.language)
    letter = mailing_letter(name=first.name, cooperative=place().name, subject=subject, text=words, spoken=spoken)
    return pages.preview_of(people, *letter)


def _send(form: WriteForm) -> int | None:
    number = None
    with trying(form) as trial:
        number = mailings.send_mailing(
            db(), actor(), cooperative_id=place().id, group=_group(form), text=_text(form), day=day(), now=now(),
            once=form.once.data or "",
        )  # fmt: skip
        tell(_("Your letter is being written to everybody. You can leave this page: it goes on."))
    for message in trial.messages:
        tell(message, "danger")
    return None if trial.refused else number


@bp.get(f"{INSIDE}/mailings/<int:mailing_id>")
@allow(Permission.WRITE_LETTERS)
def show_mailing(cooperative: str, mailing_id: int) -> str:
    """One letter to a group: what became of it, person by person."""
    work = [
        one
        for one in jobs.read_jobs(db(), cooperative_id=place().id)
        if one.kind == mailings.WRITE and one.arguments.get("mailing_id") == mailing_id
    ]
    page = pages.mailing_page(
        mailings.read_mailing(db(), cooperative_id=place().id, mailing_id=mailing_id),
        letters.read_letters_of(
            db(), cooperative_id=place().id, wanted=LetterFilter(mailing_id=mailing_id), limit=10_000
        ),
        work=work[0] if work else None,
        buildings=read_buildings(db(), actor()),
    )
    return render_template("correspondence/mailing.html", page=page, place=place())


@bp.get(f"{INSIDE}/<int:letter_id>")
@allow(Permission.WRITE_LETTERS)
def read(cooperative: str, letter_id: int) -> str:
    """One letter to one person: who opens it, is noted. What lets somebody in is shown to nobody."""
    found = letters.read_letter(db(), cooperative_id=place().id, letter_id=letter_id)
    note_reading(AccessKind.LETTER, subject=f"letter:{found.id}", about_account_id=found.account_id)
    return render_template("correspondence/read.html", page=pages.letter_page(found), place=place())


@bp.post(f"{INSIDE}/print")
@allow(Permission.WRITE_LETTERS)
def ask_print(cooperative: str) -> AnyResponse:
    """Have one PDF made of all letters for who has no e-mail."""
    with trying() as trial:
        letters.ask_print(db(), actor(), cooperative_id=place().id, now=now())
        tell(_("The letters are being put on paper. In a moment you can download them here."))
    for message in trial.messages:
        tell(message, "danger")
    return go_to("correspondence.show", cooperative=cooperative)


def _print_job(job_id: int) -> JobView | None:
    found = jobs.read_job(db(), cooperative_id=place().id, job_id=job_id)
    return found if found.kind == letters.PRINT and found.state is JobState.DONE else None


@bp.get(f"{INSIDE}/print/<int:job_id>")
@allow(Permission.WRITE_LETTERS)
def download_print(cooperative: str, job_id: int) -> AnyResponse:
    """The PDF of a print that is ready; who downloads it, is noted."""
    found = _print_job(job_id)
    file = letters.print_file(platform().settings.folder, job_id)
    if found is None or not file.is_file():
        tell(_("This print is not there any more. Make it again."), "warning")
        return go_to("correspondence.show", cooperative=cooperative)
    note_reading(AccessKind.LETTER, subject=f"print:{job_id}")
    answer = Response(file.read_bytes(), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="letters-{place().slug}-{job_id}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post(f"{INSIDE}/print/<int:job_id>/posted")
@allow(Permission.WRITE_LETTERS)
def mark_posted(cooperative: str, job_id: int) -> AnyResponse:
    """Everything in that print was put in the post."""
    found = _print_job(job_id)
    up_to = found.arguments.get("up_to") if found else None
    if not isinstance(up_to, int):
        tell(_("This print is not there any more. Make it again."), "warning")
        return go_to("correspondence.show", cooperative=cooperative)
    with trying() as trial:
        count = letters.mark_posted(db(), actor(), cooperative_id=place().id, up_to=up_to, now=now())
        tell(ngettext("%(count)s letter is noted as posted.", "%(count)s letters are noted as posted.", count))
    for message in trial.messages:
        tell(message, "danger")
    return go_to("correspondence.show", cooperative=cooperative)


@bp.route("/account/letters", methods=["GET", "POST"])
@signed_in
def choose() -> Answer:
    """Which letters about waiting work somebody wants to get."""
    chosen = mail_choices.read_choice(db(), account().id)
    form = ChoiceForm(same_day=chosen.same_day, digest=chosen.digest)
    if form.validate_on_submit():
        wanted = mail_choices.ChoiceView(same_day=form.same_day.data, digest=form.digest.data)
        mail_choices.choose(db(), account().id, wanted, now=now())
        tell(_("Your choice is kept."))
        return go_to("correspondence.choose")
    return render_template("correspondence/choose.html", page=pages.choice_page(chosen), form=form)
