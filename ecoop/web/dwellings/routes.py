"""Buildings and dwellings: who has them, who is a member, connection and contract, moving."""

from flask import Blueprint, Response, abort, render_template
from werkzeug.wrappers import Response as AnyResponse

from ecoop.exchange.tables import WRITERS
from ecoop.governance.heat_supply import ConnectionStep, ContractStep
from ecoop.governance.roles import Permission
from ecoop.governance.tenures import DwellingKind, TenureKind
from ecoop.language import gettext as _
from ecoop.services import building_views, dwelling_views, dwellings, heat_contracts, moves
from ecoop.services.access_log import AccessKind
from ecoop.services.building_views import BuildingFacts
from ecoop.services.dwelling_views import DwellingFacts
from ecoop.services.dwellings import NewDwelling, NewUnit
from ecoop.services.heat_contracts import NewContract
from ecoop.services.moves import ContractFate, Move
from ecoop.services.parties import PartyFacts
from ecoop.web.access import actor, allow, asked, day, db, note_reading, now, place
from ecoop.web.dwellings import dwelling_pages, pages
from ecoop.web.dwellings.forms import ConnectionForm, ContractForm, DwellingForm, FilterForm, MoveForm
from ecoop.web.dwellings.pages import BuildingQuestion, Shown
from ecoop.web.flow import Trial, go_to, tell, trying

bp = Blueprint("dwellings", __name__, url_prefix="/cooperatives/<slug:cooperative>")

Answer = str | tuple[str, int] | AnyResponse


# a building


@bp.get("/buildings/<int:building_id>/")
@allow(Permission.SEE_DWELLINGS)
def building(cooperative: str, building_id: int) -> str:
    """A building with its structural units and its dwellings, on any day."""
    form, question = _asked()
    found = _building(building_id, question)
    _offer(form, found)
    is_asked = any(asked().get(name) for name in ("text", "unit", "show", "on"))
    page = pages.building_page(found, question, actor(), is_asked=is_asked)
    kept = {name: value for name, value in asked().items() if name in form and value}
    return render_template(
        "dwellings/building.html", page=page, form=form, kept=kept, place=place(), number=building_id
    )


def _asked() -> tuple[FilterForm, BuildingQuestion]:
    """What was asked; what cannot be read asks for nothing."""
    form = FilterForm(formdata=asked())
    form.unit.choices, form.show.choices = [], pages.shown_choices(sees_residents=True)
    form.validate()
    unit = asked().get("unit", "")
    return form, BuildingQuestion(
        day=(form.on.data if not form.on.errors else None) or day(),
        text="" if form.text.errors else form.text.data or "",
        unit_id=int(unit) if unit.isascii() and unit.isdecimal() and len(unit) < 20 else None,
        shown=Shown(form.show.data) if form.show.data in set(Shown) else Shown.ALL,
    )


def _offer(form: FilterForm, found: BuildingFacts) -> None:
    form.unit.choices, form.unit.errors = pages.unit_choices(found), []
    form.show.choices, form.show.errors = pages.shown_choices(sees_residents=found.sees_residents), []


def _building(building_id: int, question: BuildingQuestion) -> BuildingFacts:
    return building_views.read_building_view(
        db(), actor(), cooperative_id=place().id, building_id=building_id, day=question.day
    )


@bp.get("/buildings/<int:building_id>/download.<string:kind>")
@allow(Permission.SEE_DWELLINGS)
def download(cooperative: str, building_id: int, kind: str) -> Response:
    """The dwellings that were asked for with their states, as a file without people."""
    return _file(building_id, kind, with_people=False)


@bp.get("/buildings/<int:building_id>/residents.<string:kind>")
@allow(Permission.SEE_RESIDENTS)
def residents(cooperative: str, building_id: int, kind: str) -> Response:
    """The dwellings that were asked for with who has them, as a file; that it left is noted."""
    return _file(building_id, kind, with_people=True)


def _file(building_id: int, kind: str, *, with_people: bool) -> Response:
    if kind not in WRITERS:
        abort(404)
    _form, question = _asked()
    found = _building(building_id, question)
    if with_people and not found.sees_residents:
        abort(404)  # the role counts for another building
    if with_people:
        note_reading(AccessKind.BUILDING, subject=f"building:{building_id}")
    table = pages.dwelling_table(found, pages.wanted(found, question), day=question.day, with_people=with_people)
    writer, media_type = WRITERS[kind]
    headers = {"Content-Disposition": f'attachment; filename="{place().slug}-building-{question.day}.{kind}"'}
    return Response(writer(table), mimetype=media_type, headers=headers)


@bp.route("/buildings/<int:building_id>/add", methods=["GET", "POST"])
@allow(Permission.KEEP_REGISTER)
def add(cooperative: str, building_id: int) -> Answer:
    """Add a dwelling or business unit to a building."""
    found = _building(building_id, BuildingQuestion(day=day()))
    form = DwellingForm(valid_from=day())
    form.kind.choices, form.segment.choices = dwelling_pages.kind_choices(), dwelling_pages.segment_choices()
    form.structural_unit_id.choices = dwelling_pages.own_unit_choices(found)
    trial = Trial()
    if form.validate_on_submit():
        with trying(form) as trial:
            dwelling_id = dwellings.add_dwelling(
                db(), actor(), cooperative_id=place().id, new=_new_dwelling(form, building_id), now=now()
            )
            tell(_("The dwelling is in the register."))
        if not trial.refused:
            return go_to("dwellings.dwelling", cooperative=cooperative, dwelling_id=dwelling_id)
    page = dwelling_pages.add_page(found, messages=trial.messages)
    status = 400 if form.is_submitted() else 200
    return render_template("dwellings/add.html", page=page, form=form, place=place(), found=found), status


def _new_dwelling(form: DwellingForm, building_id: int) -> NewDwelling:
    unit_id = form.structural_unit_id.data
    if not unit_id:
        new = NewUnit(building_id=building_id, name=form.new_unit.data or "")
        (unit_id,) = dwellings.add_structural_units(db(), actor(), cooperative_id=place().id, new=[new], now=now())
    return NewDwelling(
        structural_unit_id=int(unit_id),
        kind=DwellingKind(form.kind.data),
        street=form.street.data,
        house_number=form.house_number.data,
        addition=form.addition.data or "",
        postcode=form.postcode.data,
        city=form.city.data,
        segment=form.segment.data,
        floor_area_m2=form.floor_area_m2.data,
        landlord_reference=form.landlord_reference.data,
        valid_from=form.valid_from.data,
    )


# a dwelling


@bp.get("/dwellings/<int:dwelling_id>/")
@allow(Permission.SEE_DWELLINGS)
def dwelling(cooperative: str, dwelling_id: int) -> str:
    """One dwelling: who has it, connection and contract, and how that came about. Looking is noted."""
    found = _dwelling(dwelling_id)
    if found.sees_residents:
        for account_id in {one.account_id for one in found.holders} or {None}:
            note_reading(AccessKind.DWELLING, subject=f"dwelling:{dwelling_id}", about_account_id=account_id)
    return _shown(found)


def _dwelling(dwelling_id: int) -> DwellingFacts:
    return dwelling_views.read_dwelling(db(), actor(), cooperative_id=place().id, dwelling_id=dwelling_id, day=day())


def _shown(
    found: DwellingFacts,
    *,
    connection: ConnectionForm | None = None,
    contract: ContractForm | None = None,
    messages: list[str] | None = None,
) -> str:
    return render_template(
        "dwellings/dwelling.html",
        page=dwelling_pages.dwelling_page(found, actor()),
        connection=connection or _connection_form(found),
        contract=contract or _contract_form(found),
        messages=messages or [],
        place=place(),
        number=found.id,
    )


def _connection_form(found: DwellingFacts) -> ConnectionForm:
    form = ConnectionForm(valid_from=day())
    form.step.choices = dwelling_pages.step_choices(found.next_connection_steps)
    return form


def _contract_form(found: DwellingFacts) -> ContractForm:
    form = ContractForm(contract_from=day())
    form.holder_id.choices = dwelling_pages.holder_choices(found)
    form.contract_step.choices = dwelling_pages.step_choices((ContractStep.OFFERED, ContractStep.SIGNED))
    return form


@bp.post("/dwellings/<int:dwelling_id>/connection")
@allow(Permission.KEEP_REGISTER)
def connect(cooperative: str, dwelling_id: int) -> Answer:
    """Write down what happened to the connection."""
    found = _dwelling(dwelling_id)
    form = _connection_form(found)
    trial = Trial()
    if form.validate_on_submit():
        with trying(form) as trial:
            heat_contracts.add_connection_event(
                db(), actor(), cooperative_id=place().id, dwelling_id=dwelling_id, now=now(),
                step=ConnectionStep(form.step.data), valid_from=form.valid_from.data, why=form.why.data,
            )  # fmt: skip
            tell(_("Written in the register."))
        if not trial.refused:
            return go_to("dwellings.dwelling", cooperative=cooperative, dwelling_id=dwelling_id)
    return _shown(found, connection=form, messages=trial.messages), 400


@bp.post("/dwellings/<int:dwelling_id>/contracts")
@allow(Permission.KEEP_REGISTER)
def offer(cooperative: str, dwelling_id: int) -> Answer:
    """Write down that a contract was offered or signed."""
    found = _dwelling(dwelling_id)
    form = _contract_form(found)
    trial = Trial()
    if form.validate_on_submit():
        with trying(form) as trial:
            new = NewContract(
                dwelling_id=dwelling_id, holder_id=int(form.holder_id.data), version=form.version.data,
                through_landlord=form.through_landlord.data,
            )  # fmt: skip
            heat_contracts.open_contract(
                db(), actor(), cooperative_id=place().id, new=new, step=ContractStep(form.contract_step.data),
                valid_from=form.contract_from.data, now=now(),
            )  # fmt: skip
            tell(_("Written in the register."))
        if not trial.refused:
            return go_to("dwellings.dwelling", cooperative=cooperative, dwelling_id=dwelling_id)
    return _shown(found, contract=form, messages=trial.messages), 400


@bp.post("/dwellings/<int:dwelling_id>/contracts/<int:contract_id>/events")
@allow(Permission.KEEP_REGISTER)
def record_contract(cooperative: str, dwelling_id: int, contract_id: int) -> Answer:
    """Write down what happened to a contract."""
    found = _dwelling(dwelling_id)
    one = next((one for one in found.contracts if one.contract.id == contract_id), None)
    if one is None:
        abort(404)
    form = ConnectionForm(valid_from=day())
    form.step.choices = dwelling_pages.step_choices(one.next_steps)
    trial = Trial()
    if form.validate_on_submit():
        with trying() as trial:
            heat_contracts.add_contract_event(
                db(), actor(), cooperative_id=place().id, contract_id=contract_id, step=ContractStep(form.step.data),
                valid_from=form.valid_from.data, why=form.why.data, now=now(),
            )  # fmt: skip
            tell(_("Written in the register."))
        if not trial.refused:
            return go_to("dwellings.dwelling", cooperative=cooperative, dwelling_id=dwelling_id)
    messages = trial.messages or [error for errors in form.errors.values() for error in errors]
    return _shown(found, messages=messages), 400


# moving


@bp.route("/dwellings/<int:dwelling_id>/move", methods=["GET", "POST"])
@allow(Permission.KEEP_REGISTER)
def move(cooperative: str, dwelling_id: int) -> Answer:
    """Record a move: first what would happen, then, once it is confirmed, all of it together."""
    found = _dwelling(dwelling_id)
    form = _move_form()
    trial, asks = Trial(), list[str]()
    if form.validate_on_submit():
        with trying(form) as trial:
            asks = _move(form, found)
        if not trial.refused and not asks:
            return go_to("dwellings.dwelling", cooperative=cooperative, dwelling_id=dwelling_id)
    status = 400 if form.is_submitted() and not asks else 200
    page = dwelling_pages.move_page(found, messages=trial.messages, asks=asks)
    return render_template("dwellings/move.html", page=page, form=form, place=place(), found=found), status


def _move_form() -> MoveForm:
    form = MoveForm(day=day())
    form.kind.choices = dwelling_pages.moving_choices()
    form.fate.choices = dwelling_pages.fate_choices()
    return form


def _move(form: MoveForm, found: DwellingFacts) -> list[str]:
    """Move, once it was confirmed; before that, what it would do."""
    moving = _moving(form, found)
    if form.confirmed.data:
        moves.move(db(), actor(), cooperative_id=place().id, moving=moving, now=now())
        tell(_("The move is written in the register."))
        return []
    moved = moves.rehearse(db(), actor(), cooperative_id=place().id, moving=moving, now=now())
    comes = moves.name_of_who_comes(db(), cooperative_id=place().id, moving=moving)
    told = dwelling_pages.consequences(found, moved, kind=moving.kind, day=moving.day, comes=comes, fate=moving.fate)
    return list(told)


def _moving(form: MoveForm, found: DwellingFacts) -> Move:
    newcomer = None
    if form.name.data:
        newcomer = PartyFacts(
            name=form.name.data, email=form.email.data or None, street=found.address.rpartition(" ")[0],
            house_number=found.address.rpartition(" ")[2], postcode=found.postcode, city=found.city,
        )  # fmt: skip
    return Move(
        dwelling_id=found.id,
        kind=TenureKind(form.kind.data),
        day=form.day.data,
        incoming_id=moves.party_of_number(db(), cooperative_id=place().id, number=form.number.data),
        newcomer=newcomer,
        fate=ContractFate(form.fate.data),
        why=form.why.data,
    )
