"""Your data: what the register keeps about oneself. Nobody else's record is ever shown here."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from ecoop import language, money
from ecoop.errors import NotFound
from ecoop.governance.holdings import LedgerAccount, holdings_on
from ecoop.governance.leaving import NoticeBy, proposed_day
from ecoop.governance.membership import EndReason
from ecoop.governance.roles import Permission
from ecoop.language import gettext as _
from ecoop.language.my_data import holding_name, tenure_words
from ecoop.services import (
    exit_reading,
    exit_steps,
    giving_notice,
    ledger,
    own_data,
    representations,
    tenures,
)
from ecoop.services.access_log import AccessKind
from ecoop.services.giving_notice import NewExit
from ecoop.services.own_data import OwnParty
from ecoop.services.parties import PartyFacts
from ecoop.web.access import actor, allow, asked, day, db, note_reading, now, place
from ecoop.web.flow import Trial, go_to, tell, trying
from ecoop.web.my_data import pages
from ecoop.web.my_data.forms import AnswerForm, NameForm, NoticeForm, OwnForm

bp = Blueprint("my_data", __name__, url_prefix="/cooperatives/<slug:cooperative>/my-data")

Answer = str | tuple[str, int] | Response


@bp.get("/")
@allow(Permission.SEE_OWN_PAGE)
def show(cooperative: str) -> str:
    """Everything the register keeps about me."""
    found = own_data.read_own(db(), actor(), cooperative_id=place().id, day=day())
    page = pages.own_page([(one, _around(one)) for one in found], cooperative=place().name)
    return render_template("my_data/show.html", page=page, place=place())


def _around(one: OwnParty) -> pages.Around:
    here: dict[str, Any] = {"cooperative_id": place().id, "party_id": one.party.id, "day": day()}
    acting = representations.representatives_of(db(), **here)
    acted = representations.represented_by(db(), **here)
    return pages.Around(
        represented_by=tuple(dict.fromkeys(each.representative for each in acting)),
        represents=tuple(dict.fromkeys(each.represented for each in acted)),
        dwellings=tuple((each.address, tenure_words(each.kind)) for each in tenures.tenures_of(db(), **here)),
        money=_money(one.membership_id),
        exit=None
        if one.membership_id is None
        else exit_reading.read_open_exit(db(), cooperative_id=place().id, membership_id=one.membership_id),
    )


def _money(membership_id: int | None) -> tuple[tuple[str, str], ...]:
    """What stands between the cooperative and me today."""
    if membership_id is None:
        return ()
    entries = ledger.read_entries(db(), cooperative_id=place().id, membership_ids=(membership_id,))
    return tuple(
        (
            holding_name(found.account, promised=found.promised, owed=cents < 0, tranche=found.tranche),
            language.euros(money.to_euros(abs(cents) if found.account is LedgerAccount.CONTRIBUTION else cents), 2),
        )
        for found, cents in sorted(holdings_on(entries, day()).items())
    )


def _mine() -> OwnParty | None:
    """The own party that the address names, or the first; None for who has none. Raises NotFound for another's."""
    found = own_data.read_own(db(), actor(), cooperative_id=place().id, day=day())
    wanted = asked().get("party", "")
    if not wanted:
        return found[0] if found else None
    for one in found:
        if str(one.party.id) == wanted:
            return one
    raise NotFound


def _nothing_here() -> Response:
    return go_to("my_data.show", cooperative=place().slug)


@bp.route("/change", methods=["GET", "POST"])
@allow(Permission.SEE_OWN_PAGE)
def change(cooperative: str) -> Answer:
    """Change where I live and how I am reached, from a day on."""
    mine = _mine()
    if mine is None:
        return _nothing_here()
    facts = mine.party.facts
    filled = {name: getattr(facts, name) for name in (*own_data.BY_ONESELF, "name")}
    form, trial = OwnForm(valid_from=day(), **filled), Trial()
    form.language.choices = list(pages.LANGUAGES)
    if form.validate_on_submit():
        with trying(form) as trial:
            given: dict[str, Any] = {name: form[name].data or None for name in (*own_data.BY_ONESELF, "name")}
            own_data.change_own(
                db(), actor(), cooperative_id=place().id, party_id=mine.party.id,
                facts=PartyFacts(**given),
                valid_from=form.valid_from.data, now=now(),
            )  # fmt: skip
            tell(_("Your new data are in the register."))
        if not trial.refused:
            return go_to("my_data.show", cooperative=cooperative)
    status = 400 if form.is_submitted() else 200
    words = {"page": pages.change_page(), "form": form, "messages": trial.messages, "number": mine.party.id}
    return render_template("my_data/change.html", place=place(), **words), status


@bp.route("/name", methods=["GET", "POST"])
@allow(Permission.SEE_OWN_PAGE)
def ask_name(cooperative: str) -> Answer:
    """Ask for another name or date of birth."""
    mine = _mine()
    if mine is None:
        return _nothing_here()
    form, trial = NameForm(**{name: getattr(mine.party.facts, name) for name in own_data.BY_REQUEST}), Trial()
    if form.validate_on_submit():
        with trying(form) as trial:
            given: dict[str, Any] = {name: form[name].data or None for name in own_data.BY_REQUEST}
            facts = PartyFacts(**given)
            own_data.ask_correction(
                db(), actor(), cooperative_id=place().id, party_id=mine.party.id, facts=facts, now=now()
            )
            tell(_("Your request is with the secretary."))
        if not trial.refused:
            return go_to("my_data.show", cooperative=cooperative)
    status = 400 if form.is_submitted() else 200
    words = {"page": pages.name_page(), "form": form, "messages": trial.messages, "number": mine.party.id}
    return render_template("my_data/name.html", place=place(), is_person=mine.party.kind == "person", **words), status


@bp.route("/notice", methods=["GET", "POST"])
@allow(Permission.SEE_OWN_PAGE)
def give_notice(cooperative: str) -> Answer:
    """Give notice for the own membership; it lands with the secretary."""
    mine = _mine()
    if mine is None:
        return _nothing_here()
    form, trial = NoticeForm(), Trial()
    if form.validate_on_submit() and mine.membership_id is not None:
        new = NewExit(
            cause=EndReason.RESIGNATION, given_by=NoticeBy.MEMBER, received_on=day(), why=form.why.data or None
        )
        with trying(form) as trial:
            giving_notice.start_exit(
                db(), actor(), cooperative_id=place().id, membership_id=mine.membership_id, new=new, now=now(),
                own=True,
            )  # fmt: skip
            tell(_("Your notice is in the register. The secretary goes on with it."))
        if not trial.refused:
            return go_to("my_data.show", cooperative=cooperative)
    statutes = exit_steps.statutes_on(db(), place().id, day())
    first = proposed_day(statutes, cause=EndReason.RESIGNATION, received_on=day())
    rule = _("As your statutes say.") if first is not None else ""
    page = pages.notice_page(None if first is None else first - timedelta(days=1), rule)
    words = {"page": page, "form": form, "messages": trial.messages, "number": mine.party.id, "place": place()}
    return render_template("my_data/notice.html", **words), 400 if form.is_submitted() else 200


@bp.get("/requests")
@allow(Permission.KEEP_REGISTER)
def requests(cooperative: str) -> str:
    """The requests that wait for whoever keeps the register. Looking is noted."""
    for one in own_data.read_requests(db(), actor(), cooperative_id=place().id, day=day()):
        note_reading(AccessKind.MEMBER, subject=f"party:{one.party_id}", about_account_id=one.account_id)
    return _requests()


def _requests(trial: Trial | None = None) -> str:
    found = own_data.read_requests(db(), actor(), cooperative_id=place().id, day=day())
    form = AnswerForm(valid_from=day())
    form.outcome.choices = pages.outcome_choices()
    return render_template(
        "my_data/requests.html", page=pages.requests_page(found), form=form, place=place(),
        messages=trial.messages if trial else [],
    )  # fmt: skip


@bp.post("/requests/<int:request_id>")
@allow(Permission.KEEP_REGISTER)
def answer(cooperative: str, request_id: int) -> Answer:
    """Take a correction over, or refuse it."""
    form, trial = AnswerForm(), Trial()
    form.outcome.choices = pages.outcome_choices()
    if form.validate_on_submit():
        with trying() as trial:
            own_data.answer_request(
                db(), actor(), cooperative_id=place().id, request_id=request_id,
                accepted=form.outcome.data == "accepted", valid_from=form.valid_from.data, why=form.why.data, now=now(),
            )  # fmt: skip
            tell(_("The request is answered."))
        if not trial.refused:
            return go_to("my_data.requests", cooperative=cooperative)
    return _requests(trial), 400
