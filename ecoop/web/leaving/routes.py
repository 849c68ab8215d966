"""Leaving: exits step by step with everything in the way at once, and handing over with a dwelling."""

from datetime import timedelta

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from ecoop import language, money
from ecoop.governance.leaving import CapitalGoes, ContractGoes, NoticeBy
from ecoop.governance.membership import EndReason
from ecoop.governance.roles import Permission
from ecoop.language import gettext as _
from ecoop.services import exit_money, exit_reading, exit_steps, giving_notice, leaving, register, transfers
from ecoop.services.access_log import AccessKind
from ecoop.services.exit_reading import ExitView
from ecoop.services.giving_notice import NewExit
from ecoop.services.leaving import Money
from ecoop.services.parties import PartyFacts
from ecoop.services.register import MemberView
from ecoop.services.transfers import Successor
from ecoop.web.access import actor, allow, asked, day, db, note_reading, now, place
from ecoop.web.flow import Trial, go_to, tell, trying
from ecoop.web.forms import EcoopForm
from ecoop.web.leaving import choices, letters, pages
from ecoop.web.leaving.forms import (
    AnswersForm,
    BeginForm,
    ContractForm,
    DayForm,
    HandOverForm,
    MoneyForm,
    PaidForm,
    UndoForm,
)

bp = Blueprint("leaving", __name__, url_prefix="/cooperatives/<slug:cooperative>/leaving")

Answer = str | tuple[str, int] | Response
FACTS = ("name", "given_names", "name_prefix", "family_name", "birth_date", "email", "phone", "street",
         "house_number", "postcode", "city")  # fmt: skip


@bp.get("/")
@allow(Permission.SEE_REGISTER)
def show(cooperative: str) -> str:
    """Every exit."""
    found = exit_reading.read_exits(db(), actor(), cooperative_id=place().id)
    return render_template("leaving/list.html", page=pages.list_page(found, actor()), place=place())


def _member(membership_id: int) -> MemberView:
    """The member; opening the form is looking at somebody, sending it is work that the audit trail tells of."""
    found = register.read_member(db(), actor(), cooperative_id=place().id, membership_id=membership_id, day=day())
    if request.method == "GET":
        about = found.party.account_id
        note_reading(AccessKind.MEMBER, subject=f"membership:{membership_id}", about_account_id=about)
    return found


@bp.route("/<int:membership_id>/begin", methods=["GET", "POST"])
@allow(Permission.KEEP_REGISTER)
def begin(cooperative: str, membership_id: int) -> Answer:
    """Write down that a membership is going to end."""
    name = _member(membership_id).party.facts.name
    form = BeginForm(received_on=day())
    form.cause.choices, form.given_by.choices = choices.cause_choices(), choices.given_by_choices()
    messages: list[str] = []
    if form.validate_on_submit():
        new = NewExit(
            cause=EndReason(form.cause.data), given_by=NoticeBy(form.given_by.data),
            received_on=form.received_on.data, decision=form.decision.data, why=form.why.data,
        )  # fmt: skip
        exit_id, messages = _started(form, membership_id, new)
        if exit_id is not None:
            return go_to("leaving.step", cooperative=cooperative, exit_id=exit_id)
    page, status = pages.begin_page(name), 400 if form.is_submitted() else 200
    words = {"page": page, "form": form, "messages": messages, "place": place(), "number": membership_id}
    return render_template("leaving/begin.html", **words), status


def _started(form: EcoopForm, membership_id: int, new: NewExit) -> tuple[int | None, list[str]]:
    with trying(form) as trial:
        exit_id = giving_notice.start_exit(
            db(), actor(), cooperative_id=place().id, membership_id=membership_id, new=new, now=now()
        )
        tell(_("The exit is begun. Everything that is in the way stands below."))
    return (None if trial.refused else exit_id), trial.messages


@bp.route("/<int:membership_id>/hand-over", methods=["GET", "POST"])
@allow(Permission.KEEP_REGISTER)
def hand_over(cooperative: str, membership_id: int) -> Answer:
    """Begin handing a membership over to somebody else, along with a dwelling."""
    found = _member(membership_id)
    form = HandOverForm(ends_on=day(), class_code=found.standing.class_code)
    form.class_code.choices = choices.class_choices()
    form.dwelling.choices = choices.dwelling_choices(
        transfers.read_dwellings(db(), cooperative_id=place().id, membership_id=membership_id, day=day())
    )
    messages: list[str] = []
    if form.validate_on_submit():
        exit_id, messages = _handed_over(form, membership_id)
        if exit_id is not None:
            return go_to("leaving.step", cooperative=cooperative, exit_id=exit_id)
    page, status = pages.hand_over_page(found.party.facts.name), 400 if form.is_submitted() else 200
    words = {"page": page, "form": form, "messages": messages, "place": place(), "number": membership_id}
    return render_template("leaving/hand_over.html", **words), status


def _handed_over(form: HandOverForm, membership_id: int) -> tuple[int | None, list[str]]:
    given = {name: form[name].data for name in FACTS if form[name].data not in (None, "")}
    facts = PartyFacts(**given) if form.name.data and form.successor.data is None else None
    with trying(form) as trial:
        buyer = transfers.find_or_record(
            db(), actor(), cooperative_id=place().id, on=form.ends_on.data, now=now(),
            successor=Successor(number=form.successor.data, facts=facts),
        )  # fmt: skip
        new = NewExit(
            cause=EndReason.TRANSFER, given_by=NoticeBy.MEMBER, received_on=min(form.ends_on.data, day()),
            ends_on=form.ends_on.data, successor_membership_id=buyer, successor_class=form.class_code.data,
            dwelling_id=int(form.dwelling.data) if form.dwelling.data else None, why=form.why.data,
        )  # fmt: skip
        exit_id = giving_notice.start_exit(
            db(), actor(), cooperative_id=place().id, membership_id=membership_id, new=new, now=now()
        )
        tell(_("The handing over is begun. Everything that is in the way stands below."))
    return (None if trial.refused else exit_id), trial.messages


@bp.get("/exits/<int:exit_id>/")
@allow(Permission.SEE_REGISTER)
def step(cooperative: str, exit_id: int) -> str:
    """One exit, at the step that is asked for or the first that is not done."""
    one = exit_reading.read_exit(db(), actor(), cooperative_id=place().id, exit_id=exit_id)
    note_reading(AccessKind.MEMBER, subject=f"membership:{one.membership_id}")
    return _exit_page(one, asked=asked().get("step", ""))


def _exit_page(
    one: ExitView, *, asked: str = "", forms: dict[str, EcoopForm] | None = None, trial: Trial | None = None
) -> str:
    statutes = exit_steps.statutes_on(db(), place().id, one.received_on)
    found = leaving.weighed(db(), cooperative_id=place().id, exit_id=one.id, day=day())
    page = pages.exit_page(one, found, statutes, actor(), asked=asked, today=day())
    first = one.ends_on or page.proposed
    shown: dict[str, EcoopForm] = {
        "day": DayForm(ends_on=None if first is None else first - timedelta(days=1)),
        "answers": AnswersForm(),
        "money": _money_form(one, page.capital_cents),
        "contract": _contract_form(one),
        "undo": UndoForm(),
        "paid": PaidForm(paid_on=day()),
    } | (forms or {})
    messages = trial.messages if trial else []
    return render_template("leaving/exit.html", page=page, one=one, forms=shown, messages=messages, place=place())


def _money_form(one: ExitView, cents: int | None) -> MoneyForm:
    amount = "" if cents is None else language.number(money.to_euros(cents), 2)
    form = MoneyForm(goes=one.capital_goes or "", amount=amount, on=one.capital_on)
    form.goes.choices = choices.money_choices(one)
    return form


def _contract_form(one: ExitView) -> ContractForm:
    form = ContractForm(contract=one.contract_goes or "")
    form.contract.choices = choices.contract_choices(one)
    return form


def _read(exit_id: int) -> ExitView:
    return exit_reading.read_exit(db(), actor(), cooperative_id=place().id, exit_id=exit_id)


def _refused(one: ExitView, code: str, name: str, form: EcoopForm, trial: Trial | None) -> Answer:
    return _exit_page(one, asked=code, forms={name: form}, trial=trial), 400


@bp.post("/exits/<int:exit_id>/day")
@allow(Permission.KEEP_REGISTER)
def set_day(cooperative: str, exit_id: int) -> Answer:
    """Say which day is the last as a member."""
    one, form, trial = _read(exit_id), DayForm(), None
    if form.validate_on_submit():
        with trying(form) as trial:
            ends_on = form.ends_on.data + timedelta(days=1)
            leaving.set_day(db(), actor(), cooperative_id=place().id, exit_id=exit_id, ends_on=ends_on, now=now())
        if not trial.refused:
            return go_to("leaving.step", cooperative=cooperative, exit_id=exit_id)
    return _refused(one, "day", "day", form, trial)


@bp.post("/exits/<int:exit_id>/answers")
@allow(Permission.KEEP_REGISTER)
def answer(cooperative: str, exit_id: int) -> Answer:
    """Tick off what was arranged."""
    one, form, trial = _read(exit_id), AnswersForm(), None
    found = leaving.weighed(db(), cooperative_id=place().id, exit_id=exit_id, day=day())
    form.answered.choices = [(leaving.name_of(each), "") for each in found]
    if form.validate_on_submit():
        with trying(form) as trial:
            leaving.answer_blockers(
                db(), actor(), cooperative_id=place().id, exit_id=exit_id,
                answered=frozenset(form.answered.data or ()), why=form.why.data, now=now(),
            )  # fmt: skip
        if not trial.refused:
            return go_to("leaving.step", cooperative=cooperative, exit_id=exit_id)
    return _refused(one, "blockers", "answers", form, trial)


@bp.post("/exits/<int:exit_id>/money")
@allow(Permission.KEEP_REGISTER)
def set_money(cooperative: str, exit_id: int) -> Answer:
    """Say what becomes of the capital."""
    one, form, trial = _read(exit_id), MoneyForm(), None
    form.goes.choices = choices.money_choices(one)
    if form.validate_on_submit():
        given = Money(goes=CapitalGoes(form.goes.data), cents=form.amount.cents, on=form.on.data)
        with trying(form) as trial:
            leaving.set_money(db(), actor(), cooperative_id=place().id, exit_id=exit_id, money=given, now=now())
        if not trial.refused:
            return go_to("leaving.step", cooperative=cooperative, exit_id=exit_id)
    return _refused(one, "money", "money", form, trial)


@bp.post("/exits/<int:exit_id>/contract")
@allow(Permission.KEEP_REGISTER)
def set_contract(cooperative: str, exit_id: int) -> Answer:
    """Say what becomes of the heat contract."""
    one, form, trial = _read(exit_id), ContractForm(), None
    form.contract.choices = choices.contract_choices(one)
    if form.validate_on_submit():
        goes = ContractGoes(form.contract.data)
        with trying(form) as trial:
            leaving.set_contract(db(), actor(), cooperative_id=place().id, exit_id=exit_id, goes=goes, now=now())
        if not trial.refused:
            return go_to("leaving.step", cooperative=cooperative, exit_id=exit_id)
    return _refused(one, "contract", "contract", form, trial)


@bp.post("/exits/<int:exit_id>/complete")
@allow(Permission.KEEP_REGISTER)
def complete(cooperative: str, exit_id: int) -> Answer:
    """End the membership in the register, and send the letter that says so."""
    form = EcoopForm()
    one = _read(exit_id)
    trial = Trial()
    if form.validate_on_submit():
        with trying() as trial:
            leaving.complete_exit(db(), actor(), cooperative_id=place().id, exit_id=exit_id, now=now())
            letters.send_completed(_read(exit_id))
            tell(_("The exit is completed. The letter is on its way."))
        if not trial.refused:
            return go_to("leaving.step", cooperative=cooperative, exit_id=exit_id)
    return _exit_page(one, asked="letter", trial=trial), 400


@bp.post("/exits/<int:exit_id>/undo")
@allow(Permission.KEEP_REGISTER)
def undo(cooperative: str, exit_id: int) -> Answer:
    """Put everything back, once; whoever got a letter gets another one."""
    one, form, trial = _read(exit_id), UndoForm(), None
    if form.validate_on_submit():
        with trying(form) as trial:
            leaving.undo_exit(
                db(), actor(), cooperative_id=place().id, exit_id=exit_id, why=form.reason.data, now=now()
            )
            letters.send_undone(one)
            tell(_("The exit is undone."))
        if not trial.refused:
            return go_to("leaving.step", cooperative=cooperative, exit_id=exit_id)
    return _refused(one, "", "undo", form, trial)


@bp.post("/exits/<int:exit_id>/paid")
@allow(Permission.KEEP_MONEY)
def paid(cooperative: str, exit_id: int) -> Answer:
    """The treasurer notes that the capital went where it should."""
    one, form, trial = _read(exit_id), PaidForm(), None
    if form.validate_on_submit():
        with trying(form) as trial:
            exit_money.book_exit_money(
                db(), actor(), cooperative_id=place().id, exit_id=exit_id, booked_on=form.paid_on.data, now=now()
            )
            tell(_("Booked."))
        if not trial.refused:
            return go_to("leaving.step", cooperative=cooperative, exit_id=exit_id)
    return _refused(one, "", "paid", form, trial)
