"""The whole of the money of members: what is open, charging, the balance list, years, files."""

from datetime import date
from pathlib import Path

from flask import Response, abort, render_template

from ecoop.exchange.audit_file import write_audit_file
from ecoop.exchange.tables import WRITERS, Table
from ecoop.governance.roles import Permission
from ecoop.language import gettext as _
from ecoop.language.jobs import job_state
from ecoop.services import (
    balances,
    closed_years,
    contributions,
    creditors,
    jobs,
    ledger_files,
    letters,
    yearly_statements,
)
from ecoop.services.access_log import AccessKind
from ecoop.services.creditors import NewCreditor
from ecoop.services.jobs import JobState
from ecoop.web.access import actor, allow, asked, day, db, note_reading, now, place
from ecoop.web.flow import go_to, tell, trying
from ecoop.web.forms import PlainForm
from ecoop.web.membership_money import forms, pages
from ecoop.web.membership_money.common import Answer, bp, key, tell_refusals
from ecoop.web.membership_money.forms import ChargeForm, CreditorForm, DayForm, PreviewForm, YearForm
from ecoop.web.platform import platform

FIRST_YEAR = date(1900, 1, 1)


@bp.get("/")
@allow(Permission.SEE_MONEY)
def show(cooperative: str) -> str:
    """What members hold together, and which contributions are open."""
    found = balances.read_overview(db(), actor(), cooperative_id=place().id, day=day())
    names = balances.read_names(db(), actor(), cooperative_id=place().id, day=day())
    page = pages.overview_page(found, names, actor(), day=day())
    return render_template("membership_money/overview.html", page=page, place=place())


@bp.get("/charge")
@allow(Permission.KEEP_MONEY)
def charge(cooperative: str) -> str:
    """Which contribution, of whom; and what that comes to, once it was filled in."""
    form = PreviewForm(formdata=asked() or None, year=day().year, booked_on=day())
    forms.offer(form, class_code=forms.class_choices())
    run = None
    if asked() and form.validate():
        run = contributions.charge_run(
            db(), cooperative_id=place().id, class_code=form.class_code.data, year=form.year.data,
            cents=form.amount.data, day=form.booked_on.data,
        )  # fmt: skip
    page = pages.charge_page(run, kind=form.class_code.data or "", year=form.year.data or 0)
    confirm = ChargeForm(formdata=None)
    return render_template("membership_money/charge.html", page=page, form=form, confirm=confirm, place=place())


@bp.post("/charge")
@allow(Permission.KEEP_MONEY)
def charge_now(cooperative: str) -> Answer:
    """Charge it to everybody who was shown, and has it not yet."""
    form = ChargeForm()
    forms.offer(form, class_code=forms.class_choices())
    if form.validate_on_submit():
        with trying(form) as trial:
            run = contributions.charge_contribution(
                db(), actor(), cooperative_id=place().id, class_code=form.class_code.data, year=form.year.data,
                cents=form.amount.data, booked_on=form.booked_on.data, now=now(),
            )  # fmt: skip
            tell(pages.charged_sentence(run, form.year.data))
        if not trial.refused:
            return go_to("membership_money.show", cooperative=cooperative)
    page = pages.charge_page(None)
    return render_template("membership_money/charge.html", page=page, form=form, confirm=form, place=place()), 400


@bp.get("/balance")
@allow(Permission.SEE_MONEY)
def balance(cooperative: str) -> str:
    """The balance list of a day."""
    form = DayForm(formdata=asked())
    form.validate()
    note_reading(AccessKind.MONEY, subject="balance_list")
    found = balances.read_balance_list(db(), actor(), cooperative_id=place().id, day=_day_of(form))
    number = form.page.data if isinstance(form.page.data, int) and 0 < form.page.data < 10**6 else 1
    page = pages.balance_page(found, number)
    return render_template("membership_money/balance.html", page=page, form=form, place=place())


@bp.get("/balance.<string:kind>")
@allow(Permission.SEE_MONEY)
def download_balance(cooperative: str, kind: str) -> Response:
    """The whole list as a file; that it left is noted."""
    form = DayForm(formdata=asked())
    form.validate()
    note_reading(AccessKind.MONEY, subject="balance_list")
    found = balances.read_balance_list(db(), actor(), cooperative_id=place().id, day=_day_of(form))
    return _as_file(pages.balance_table(found), kind, f"{place().slug}-balance-{found.day}")


def _day_of(form: DayForm) -> date:
    return day() if form.on.errors or form.on.data is None else form.on.data


def _as_file(table: Table, kind: str, name: str) -> Response:
    if kind not in WRITERS:
        abort(404)
    writer, media_type = WRITERS[kind]
    return _download(writer(table), media_type, f"{name}.{kind}")


def _download(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, mimetype=media_type, headers=headers)


@bp.get("/ledger/<int:year>.<string:kind>")
@allow(Permission.SEE_MONEY)
def download_ledger(cooperative: str, year: int, kind: str) -> Response:
    """Every entry of a year as a table or as an audit file; that it left is noted."""
    if not 1900 <= year <= day().year or kind not in {*WRITERS, "xaf"}:
        abort(404)
    note_reading(AccessKind.MONEY, subject=f"ledger:{year}")
    since = FIRST_YEAR if kind == "xaf" else date(year, 1, 1)
    lines = ledger_files.read_ledger(db(), actor(), cooperative_id=place().id, since=since, until=date(year + 1, 1, 1))
    name = f"{place().slug}-ledger-{year}"
    if kind != "xaf":
        return _as_file(pages.ledger_table(lines, year), kind, name)
    told = pages.audit_file(lines, year, company=place().name, code=place().slug, made_on=day())
    return _download(write_audit_file(told), "application/xml", f"{name}.xaf")


@bp.get("/years")
@allow(Permission.SEE_MONEY)
def years(cooperative: str) -> str:
    """Which years are closed, and what can be made of them."""
    return _years(YearForm())


def _years(form: YearForm) -> str:
    home = place().id
    closed = closed_years.read_closed_years(db(), actor(), cooperative_id=home)
    looked = [(one, closed_years.still_holds(db(), actor(), cooperative_id=home, view=one)) for one in closed[:5]]
    runs = [
        (job, job_state(job.state), job.state is JobState.DONE and _print(job.id).is_file())
        for job in jobs.read_jobs(db(), cooperative_id=home)
        if job.kind == yearly_statements.STATEMENTS
    ]
    page = pages.years_page([*looked, *((one, True) for one in closed[5:])], runs[:5], actor(), day=day())
    return render_template("membership_money/years.html", page=page, form=form, plain=PlainForm(), place=place())


@bp.post("/years/close")
@allow(Permission.KEEP_MONEY)
def close_year(cooperative: str) -> Answer:
    """Close a year for good."""
    form = YearForm()
    if not form.validate_on_submit():
        return _years(form), 400
    with trying(form) as trial:
        closed_years.close_year(db(), actor(), cooperative_id=place().id, year=form.year.data, now=now())
        tell(_("The year %(year)s is closed.", year=str(form.year.data)))
    tell_refusals(trial)
    return go_to("membership_money.years", cooperative=cooperative)


@bp.post("/years/<int:year>/statements/<string:wanted>")
@allow(Permission.KEEP_MONEY)
def ask_statements(cooperative: str, year: int, wanted: str) -> Answer:
    """Have the statements of a closed year made, and sent where that is wanted."""
    if wanted not in {"make", "send"}:
        abort(404)
    with trying() as trial:
        yearly_statements.ask_statements(
            db(), actor(), cooperative_id=place().id, year=year, send=wanted == "send", now=now()
        )
        tell(_("The statements are being made. Look here again in a moment."))
    tell_refusals(trial)
    return go_to("membership_money.years", cooperative=cooperative)


@bp.get("/years/statements/<int:job_id>")
@allow(Permission.SEE_MONEY)
def download_statements(cooperative: str, job_id: int) -> Answer:
    """The PDF of all statements; who downloads it, is noted."""
    found = jobs.read_job(db(), cooperative_id=place().id, job_id=job_id)
    file = _print(job_id)
    if found.kind != yearly_statements.STATEMENTS or not file.is_file():
        tell(_("These statements are not there any more. Make them again."), "warning")
        return go_to("membership_money.years", cooperative=cooperative)
    note_reading(AccessKind.MONEY, subject=f"statements:{job_id}")
    return _download(file.read_bytes(), "application/pdf", f"statements-{place().slug}-{job_id}.pdf")


def _print(job_id: int) -> Path:
    return letters.print_file(platform().settings.folder, job_id)


@bp.route("/collecting", methods=["GET", "POST"])
@allow(Permission.KEEP_MONEY)
def collecting(cooperative: str) -> Answer:
    """As whom the cooperative collects, and on which terms."""
    known = creditors.read_creditor(db(), actor(), cooperative_id=place().id, day=day())
    start = {} if known is None else {"identifier": known.identifier, "name": known.name,
                                      "announce_days": known.announce_days,
                                      "lapse_months": known.lapse_months}  # fmt: skip
    form = CreditorForm(valid_from=day(), **start)
    if form.validate_on_submit():
        with trying(form) as trial:
            creditors.set_creditor(db(), actor(), cooperative_id=place().id, new=_creditor(form), key=key(), now=now())
            tell(_("It is collected like this from now on."))
        if not trial.refused:
            return go_to("membership_money.debits", cooperative=cooperative)
    page = pages.creditor_page(known)
    status = 400 if form.is_submitted() else 200
    return render_template("membership_money/collecting.html", page=page, form=form, place=place()), status


def _creditor(form: CreditorForm) -> NewCreditor:
    given = {name: form[name].data for name in ("announce_days", "lapse_months") if form[name].data is not None}
    return NewCreditor(
        identifier=form.identifier.data, name=form.name.data, iban=form.iban.data, valid_from=form.valid_from.data,
        **given,
    )  # fmt: skip
