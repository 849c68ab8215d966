"""Who may do what, who looked in; giving and ending roles."""

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from ecoop import language
from ecoop.governance.roles import Permission, Role
from ecoop.language import gettext as _
from ecoop.language.names import role_name
from ecoop.services import invitations, roles, support
from ecoop.services.buildings import read_buildings
from ecoop.web.access import actor, allow, day, db, now, place
from ecoop.web.flow import go_to, tell, trying
from ecoop.web.forms import PlainForm
from ecoop.web.letters import send_invitation, send_role_letter
from ecoop.web.people import pages
from ecoop.web.people.forms import GrantForm

bp = Blueprint("people", __name__, url_prefix="/cooperatives/<slug:cooperative>/people")

Answer = str | tuple[str, int] | Response


@bp.get("/")
@allow(Permission.SEE_ROLES)
def show(cooperative: str) -> str:
    """Wie mag wat: the declaration in words, who holds which role, and who looked in."""
    page = pages.people_page(
        holders=roles.read_holders(db(), cooperative_id=place().id, day=day()),
        support=support.read_support(db(), cooperative_id=place().id),
        actor=actor(),
        day=day(),
        now=now(),
    )
    return render_template("people/show.html", page=page, place=place(), form=PlainForm())


@bp.route("/grant", methods=["GET", "POST"])
@allow(Permission.GRANT_ROLES)
def grant(cooperative: str) -> Answer:
    """Give somebody a role."""
    form = GrantForm(starts_on=day())
    form.role.choices = pages.role_choices()
    form.building_ids.choices = [(one.id, one.name) for one in read_buildings(db(), actor())]
    if form.validate_on_submit() and _grant(form):
        return go_to("people.show", cooperative=cooperative)
    status = 400 if form.is_submitted() else 200
    return render_template("people/grant.html", page=pages.grant_page(), form=form, place=place()), status


def _grant(form: GrantForm) -> bool:
    new = roles.NewRole(
        role=Role(form.role.data),
        email=form.email.data,
        name=form.name.data,
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        building_ids=tuple(form.building_ids.data or ()),
        concerns=form.concerns.data,
    )
    with trying(form) as trial:
        one = roles.grant_role(db(), actor(), cooperative_id=place().id, new=new, now=now())
        send_role_letter(
            one,
            role=new.role,
            cooperative=place().name,
            granted_by=actor().name,
            starts_on=new.starts_on,
        )
        tell(
            _(
                "%(name)s is %(role)s from %(day)s. A letter is on its way.",
                name=one.name,
                role=role_name(new.role),
                day=language.day(new.starts_on),
            )
        )
    return not trial.refused


@bp.post("/invitations/<int:account_id>")
@allow(Permission.GRANT_ROLES)
def invite(cooperative: str, account_id: int) -> Response:
    """Invite somebody with a role here who never came in; an earlier invitation stops working."""
    with trying() as trial:
        invited = invitations.invite_holder(db(), actor(), cooperative_id=place().id, account_id=account_id, now=now())
        send_invitation(invited, cooperative=place().name, invited_by=actor().name)
        tell(_("An invitation to %(name)s is on its way.", name=invited.account.name))
    _tell_refusal(trial.messages)
    return go_to("people.show", cooperative=cooperative)


@bp.post("/<int:grant_id>/end")
@allow(Permission.GRANT_ROLES)
def end(cooperative: str, grant_id: int) -> Response:
    """End a role from today on."""
    with trying() as trial:
        roles.end_role(db(), actor(), cooperative_id=place().id, grant_id=grant_id, now=now())
        tell(_("The role has ended. What was done in it stays in the records."))
    _tell_refusal(trial.messages)
    return go_to("people.show", cooperative=cooperative)


@bp.post("/support/<int:support_id>/grant")
@allow(Permission.GRANT_SUPPORT)
def grant_support(cooperative: str, support_id: int) -> Response:
    """Let the administrator look in."""
    with trying() as trial:
        support.grant_support(db(), actor(), cooperative_id=place().id, support_id=support_id, now=now())
        tell(_("The administrator can look in now. It ends by itself; you can end it earlier."))
    _tell_refusal(trial.messages)
    return go_to("people.show", cooperative=cooperative)


@bp.post("/support/<int:support_id>/close")
@allow(Permission.GRANT_SUPPORT)
def close_support(cooperative: str, support_id: int) -> Response:
    """Refuse the request, or end it at once."""
    with trying() as trial:
        support.close_support(db(), actor(), cooperative_id=place().id, support_id=support_id, now=now())
        tell(_("The administrator cannot look in."))
    _tell_refusal(trial.messages)
    return go_to("people.show", cooperative=cooperative)


def _tell_refusal(messages: list[str]) -> None:
    for message in messages:
        tell(message, "danger")
