"""The bank file: put in, look, choose, book. The file is not kept; its lines travel sealed from step to step."""

import hashlib

from flask import render_template

from ecoop.errors import Problem
from ecoop.exchange.bank_files import MOST_BYTES, read_bank_file
from ecoop.governance.roles import Permission
from ecoop.language import gettext as _
from ecoop.language import ngettext
from ecoop.language.money import money
from ecoop.language.reasons import problem_text
from ecoop.services import bank_reconciliation
from ecoop.services.access_log import AccessKind
from ecoop.services.bank_reconciliation import Booked, Proposal
from ecoop.web.access import actor, allow, day, db, note_reading, now, place
from ecoop.web.flow import go_to, tell, trying
from ecoop.web.membership_money import bank_pages
from ecoop.web.membership_money.bank_pages import Carried
from ecoop.web.membership_money.common import Answer, bp, key, tell_refusals
from ecoop.web.membership_money.forms import BankChoicesForm, BankFileForm
from ecoop.web.uploads import largest_file


@bp.get("/bank-file/")
@allow(Permission.SEE_MONEY)
def bank_file(cooperative: str) -> str:
    """What was promised, received and is open; and where the file is put in."""
    return _start(BankFileForm(formdata=None))


def _start(form: BankFileForm, messages: tuple[str, ...] = ()) -> str:
    promised = bank_reconciliation.read_promised(db(), actor(), cooperative_id=place().id, day=day())
    page = bank_pages.start_page(promised, actor())
    return render_template(
        "membership_money/bank_file.html", page=page, form=form, messages=messages, place=place(),
        limit=min(largest_file(), MOST_BYTES // 1024 // 1024),
    )  # fmt: skip


@bp.post("/bank-file/")
@allow(Permission.KEEP_MONEY)
def look_at_bank_file(cooperative: str) -> Answer:
    """Read the file and propose what belongs to whom. Nothing is booked."""
    form = BankFileForm()
    if not form.validate_on_submit():
        return _start(form), 400
    content = form.file.data.read()
    with trying(form) as trial:
        lines = read_bank_file(content, limit_bytes=largest_file() * 1024 * 1024)
    if trial.refused:
        return _start(form, tuple(trial.messages)), 400
    note_reading(AccessKind.MONEY, subject="bank_file")
    carried = Carried(lines=lines, digest=hashlib.sha256(content).hexdigest(), accepted={})
    return _look(carried)


def _proposed(carried: Carried) -> Proposal:
    return bank_reconciliation.propose(
        db(), actor(), cooperative_id=place().id, lines=carried.lines, day=day(), key=key()
    )


def _sealed(carried: Carried) -> str:
    return bank_pages.carry(carried, cooperative_id=place().id, account_id=actor().account_id, key=key())


def _look(carried: Carried, messages: tuple[str, ...] = ()) -> str:
    found = _proposed(carried)
    form = bank_pages.choices_form(found, sent=False)
    form.sealed.data = _sealed(carried)
    page = bank_pages.look_page(found, actor())
    return render_template("membership_money/bank_lines.html", page=page, form=form, messages=messages, place=place())


def _carried() -> Carried | None:
    """What the last step carried; None where it is damaged, of somebody else, or without its token."""
    form = BankChoicesForm()
    if not form.validate_on_submit():
        return None
    with trying() as trial:
        carried = bank_pages.carried_from(
            form.sealed.data or "", cooperative_id=place().id, account_id=actor().account_id, key=key()
        )
    tell_refusals(trial)
    return None if trial.refused else carried


@bp.post("/bank-file/choose")
@allow(Permission.KEEP_MONEY)
def choose_bank_lines(cooperative: str) -> Answer:
    """Show once more what was chosen, before it is booked."""
    carried = _carried()
    if carried is None:
        return go_to("membership_money.bank_file", cooperative=cooperative)
    found = _proposed(carried)
    form = bank_pages.choices_form(found, sent=True)
    accepted = bank_pages.accepted_of(form, found)
    if not form.validate_on_submit() or not accepted:
        return _look(carried, (_("Choose at least one line to book, from what is offered."),)), 400
    form.sealed.data = _sealed(Carried(lines=carried.lines, digest=carried.digest, accepted=accepted))
    page = bank_pages.confirm_page(found, accepted, actor())
    return render_template("membership_money/bank_confirm.html", page=page, form=form, place=place())


@bp.post("/bank-file/book")
@allow(Permission.KEEP_MONEY)
def book_bank_file(cooperative: str) -> Answer:
    """Book what was chosen: all of it or nothing."""
    carried = _carried()
    if carried is None:
        return go_to("membership_money.bank_file", cooperative=cooperative)
    with trying() as trial:
        done = bank_reconciliation.book(
            db(), actor(), cooperative_id=place().id, lines=carried.lines, accepted=carried.accepted,
            file_digest=carried.digest, key=key(), now=now(),
        )  # fmt: skip
        tell(_done(done))
    if trial.refused:
        messages = [_of_line(problem, carried) for problem in trial.problems] or trial.messages
        return _look(carried, tuple(dict.fromkeys(messages))), 400
    return go_to("membership_money.bank_file", cooperative=cooperative)


def _of_line(problem: Problem, carried: Carried) -> str:
    """What is wrong, with the line that it is about."""
    line = next((one for one in carried.lines if one.reference == problem.key), None)
    sentence = problem_text(problem)
    return sentence if line is None else f"{line.name or line.reference}, {money(line.cents)}: {sentence}"


def _done(done: Booked) -> str:
    told = ngettext(
        "%(count)s receipt was booked, %(total)s.", "%(count)s receipts were booked, %(total)s together.",
        done.receipts, total=money(done.cents),
    )  # fmt: skip
    if not done.returns:
        return told
    back = ngettext("%(count)s direct debit came back.", "%(count)s direct debits came back.", done.returns)
    return f"{told} {back}"
