"""The member register: lists at any date, the story of a member, recording people and what happens."""

from datetime import datetime, time, timedelta

from flask import Blueprint, Response, abort, render_template
from werkzeug.wrappers import Response as AnyResponse

from ecoop import clock
from ecoop.exchange.printing import print_table
from ecoop.exchange.tables import WRITERS
from ecoop.governance.membership import IS_MEMBER, EventKind, Status
from ecoop.governance.roles import Permission
from ecoop.governance.statutes import PartyKind
from ecoop.language import gettext as _
from ecoop.services import (
    dwelling_views,
    member_logins,
    member_story,
    memberships,
    merging,
    parties,
    register,
    register_list,
    retention,
)
from ecoop.services.access_log import AccessKind
from ecoop.services.duplicates import Alike, find_alike
from ecoop.services.memberships import NewEvent
from ecoop.services.parties import FIELDS, PartyFacts, PartyView
from ecoop.services.register import MemberView, Order, RegisterQuestion
from ecoop.web.access import actor, allow, asked, day, db, note_reading, now, place
from ecoop.web.flow import go_to, tell, trying
from ecoop.web.letters import send_invitation
from ecoop.web.members import pages, tables
from ecoop.web.members.forms import EventForm, ListForm, MemberForm, PartyForm
from ecoop.web.members.story import story_of
from ecoop.web.money_card import money_card
from ecoop.web.representing import read_acting

bp = Blueprint("members", __name__, url_prefix="/cooperatives/<slug:cooperative>/members")

Answer = str | tuple[str, int] | AnyResponse


@bp.get("/")
@allow(Permission.SEE_REGISTER)
def show(cooperative: str) -> str:
    """A page of the register on any day."""
    form = _list_form()
    question = _question(form)
    found = register.read_register(db(), actor(), cooperative_id=place().id, asked=question)
    is_asked = any(asked().get(name) for name in ("text", "on", "known", "status", "kind"))
    page = pages.list_page(found, question, actor(), today=day(), is_asked=is_asked)
    kept = {name: value for name, value in asked().items() if name in form and name != "page" and value}
    return render_template("members/list.html", page=page, form=form, kept=kept, place=place())


def _list_form() -> ListForm:
    form = ListForm(formdata=asked())
    form.status.choices = pages.status_choices()
    form.kind.choices = pages.class_choices(everybody=True)
    form.order.choices = pages.order_choices()
    form.validate()
    return form


def _question(form: ListForm) -> RegisterQuestion:
    """What was asked; a field that cannot be read asks for nothing."""
    on = form.on.data if not form.on.errors else None
    known = form.known.data if not form.known.errors else None
    end = None if known is None else datetime.combine(known + timedelta(days=1), time(), clock.AMSTERDAM)
    chosen = form.status.data if not form.status.errors else ""
    return RegisterQuestion(
        day=on or day(),
        known_at=None if end is None else end - timedelta(microseconds=1),
        statuses=frozenset({Status(chosen)}) if chosen else IS_MEMBER,
        class_code=form.kind.data or None if not form.kind.errors else None,
        text="" if form.text.errors else form.text.data or "",
        order=Order.NUMBER if form.order.data == Order.NUMBER.value else Order.NAME,
        page=form.page.data if isinstance(form.page.data, int) and 0 < form.page.data < 10**6 else 1,
    )


@bp.get("/download.<string:kind>")
@allow(Permission.SEE_REGISTER)
def download(cooperative: str, kind: str) -> Response:
    """Every line that was asked for as a file or on paper; that it left is noted."""
    if kind not in {*WRITERS, "pdf"}:
        abort(404)
    question = _question(_list_form())
    note_reading(AccessKind.REGISTER, subject="register")
    found = register_list.read_register_list(db(), actor(), cooperative_id=place().id, asked=question)
    headers = {"Content-Disposition": f'attachment; filename="{place().slug}-members-{question.day}.{kind}"'}
    table = tables.register_table(found)
    if kind == "pdf":
        paper = print_table(table, place=place().name, notes=tables.list_notes(found), footnote=tables.footnote(found))
        return Response(paper, mimetype="application/pdf", headers=headers)
    writer, media_type = WRITERS[kind]
    return Response(writer(table), mimetype=media_type, headers=headers)


@bp.get("/<int:membership_id>/")
@allow(Permission.SEE_REGISTER)
def member(cooperative: str, membership_id: int) -> str:
    """One member: who it is, what it is, and how that came about. Looking is noted."""
    found = register.read_member(db(), actor(), cooperative_id=place().id, membership_id=membership_id, day=day())
    note_reading(AccessKind.MEMBER, subject=f"membership:{membership_id}", about_account_id=found.party.account_id)
    return _shown(found, _event_form(membership_id))


def _shown(found: MemberView, form: EventForm) -> str:
    """The page of a member, with what other parts know of it."""
    party, home = found.party, place().id
    lines = member_story.read_story(db(), actor(), cooperative_id=home, membership_id=found.membership_id, day=day())
    page = pages.member_page(
        found,
        actor(),
        story=story_of(lines, everything=asked().get("story") == "all"),
        merges=merging.read_merges(db(), cooperative_id=home, party_id=party.id, day=day()),
        leaving=retention.read_leaving(db(), cooperative_id=home, day=day(), party_ids=[party.id]),
        login=member_logins.read_login(db(), cooperative_id=home, party_id=party.id),
        homes=dwelling_views.read_own_dwellings(db(), cooperative_id=home, party_id=party.id, day=day()),
    )
    acting = read_acting(db(), party, cooperative_id=home, day=day())
    number = found.membership_id
    card = money_card(db(), actor(), cooperative_id=home, membership_id=number, party_id=party.id, day=day())
    return render_template(
        "members/member.html", page=page, form=form, place=place(), number=number, acting=acting, card=card
    )


def _event_form(membership_id: int) -> EventForm:
    form = EventForm(valid_from=day())
    form.kind.choices = pages.event_choices()
    form.class_code.choices = pages.class_choices()
    events = memberships.read_events(db(), cooperative_id=place().id, membership_id=membership_id)
    form.corrects.choices = pages.correction_choices(events)
    return form


@bp.post("/<int:membership_id>/login")
@allow(Permission.KEEP_REGISTER)
def let_in(cooperative: str, membership_id: int) -> AnyResponse:
    """Give a member a way in, with a letter that holds the first link."""
    with trying() as trial:
        invited = member_logins.give_login(
            db(), actor(), cooperative_id=place().id, membership_id=membership_id, now=now()
        )
        if invited is not None:
            send_invitation(invited, cooperative=place().name, invited_by=actor().name)
            tell(_("An invitation to %(name)s is on its way.", name=invited.account.name))
        else:
            tell(_("This member was in before, and sees from now on what a member sees."))
    for message in trial.messages:
        tell(message, "danger")
    return go_to("members.member", cooperative=cooperative, membership_id=membership_id)


@bp.post("/<int:membership_id>/events")
@allow(Permission.KEEP_REGISTER)
def record(cooperative: str, membership_id: int) -> Answer:
    """Write down what happened to a membership."""
    found = register.read_member(db(), actor(), cooperative_id=place().id, membership_id=membership_id, day=day())
    form = _event_form(membership_id)
    if form.validate_on_submit():
        new = NewEvent(
            kind=EventKind(form.kind.data),
            valid_from=form.valid_from.data,
            class_code=form.class_code.data or None,
            corrects_id=_corrected(form),
            why=form.why.data,
        )
        with trying(form) as trial:
            memberships.add_event(
                db(), actor(), cooperative_id=place().id, membership_id=membership_id, new=new, now=now()
            )
            tell(_("Written in the register."))
        if not trial.refused:
            return go_to("members.member", cooperative=cooperative, membership_id=membership_id)
    return _shown(found, form), 400


def _corrected(form: EventForm) -> int | None:
    """Which event a correction takes out; anything else corrects nothing."""
    is_correction = form.kind.data == EventKind.CORRECTED.value
    return int(form.corrects.data) if is_correction and form.corrects.data else None


@bp.route("/add", methods=["GET", "POST"])
@allow(Permission.KEEP_REGISTER)
def add(cooperative: str) -> Answer:
    """Record a party and admit it as a member."""
    form = MemberForm(valid_from=day())
    form.party_kind.choices = pages.kind_choices()
    form.class_code.choices = pages.class_choices()
    alike: tuple[Alike, ...] = ()
    if form.validate_on_submit() and not (alike := _alike(form, PartyKind(form.party_kind.data))):
        with trying(form) as trial:
            membership_id = _admit(form)
            tell(_("%(name)s is in the register.", name=form.name.data))
        if not trial.refused:
            return go_to("members.member", cooperative=cooperative, membership_id=membership_id)
    status = 400 if form.is_submitted() else 200
    return render_template("members/add.html", page=pages.add_page(alike), form=form, place=place()), status


def _admit(form: MemberForm) -> int:
    party_id = parties.record_party(
        db(),
        actor(),
        cooperative_id=place().id,
        kind=PartyKind(form.party_kind.data),
        facts=_facts(form),
        valid_from=form.valid_from.data,
        now=now(),
    )
    membership_id = memberships.open_membership(db(), cooperative_id=place().id, party_id=party_id, now=now())
    new = NewEvent(
        kind=EventKind.ADMITTED, valid_from=form.valid_from.data, class_code=form.class_code.data, why=form.why.data
    )
    memberships.add_event(db(), actor(), cooperative_id=place().id, membership_id=membership_id, new=new, now=now())
    return membership_id


def _alike(form: PartyForm, kind: PartyKind, party: PartyView | None = None) -> tuple[Alike, ...]:
    """Who is likely the same as what is to be saved, unless that was seen. Who was alike before is nothing new."""
    if form.somebody_else.data:
        return ()
    home = place().id
    known: set[int] = set()
    if party is not None:
        before = find_alike(db(), cooperative_id=home, facts=party.facts, kind=kind)
        known = {one.party_id for one in before if one.is_likely}
        known.add(party.id)
    found = find_alike(db(), cooperative_id=home, facts=_facts(form), kind=kind, leaving_out=frozenset(known))
    return found if any(one.is_likely for one in found) else ()


def _facts(form: PartyForm) -> PartyFacts:
    given = {name: form[name].data for name in FIELDS if name in form}
    return PartyFacts(**{name: value for name, value in given.items() if value not in (None, "")} | {
        "name": form.name.data or ""
    })  # fmt: skip


@bp.route("/<int:membership_id>/change", methods=["GET", "POST"])
@allow(Permission.KEEP_REGISTER)
def change(cooperative: str, membership_id: int) -> Answer:
    """Change what is known of somebody, from a day on."""
    party = register.read_member(db(), actor(), cooperative_id=place().id, membership_id=membership_id, day=day()).party
    form = PartyForm(valid_from=day(), **_filled(party))
    alike: tuple[Alike, ...] = ()
    if form.validate_on_submit() and not (alike := _alike(form, party.kind, party)):
        with trying(form) as trial:
            parties.change_party(
                db(), actor(), cooperative_id=place().id, party_id=party.id, facts=_facts(form),
                valid_from=form.valid_from.data, now=now(),
            )  # fmt: skip
            tell(_("The new data are in the register."))
        if not trial.refused:
            return go_to("members.member", cooperative=cooperative, membership_id=membership_id)
    status = 400 if form.is_submitted() else 200
    page = pages.change_page(party, alike)
    return render_template("members/change.html", page=page, form=form, place=place(), number=membership_id), status


def _filled(party: PartyView) -> dict[str, object]:
    return {name: getattr(party.facts, name) for name in FIELDS if name != "language"}
