"""What the page "Who can see what of you" shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ecoop import language
from ecoop.governance.roles import RULES, SUPPORT_PERMISSIONS, Permission, Role
from ecoop.language import gettext as _
from ecoop.language import mark, ngettext
from ecoop.language.access import access_name
from ecoop.language.names import role_name
from ecoop.services.access_log import AccessView
from ecoop.services.accounts import AccountView
from ecoop.services.places import Place
from ecoop.services.roles import RoleHolder
from ecoop.services.second_factors import FactorState
from ecoop.web.navigation import place_name

MEMBERS = frozenset({Role.MEMBER})
"""Whose names are for the board only."""

SEEN_INSIDE = (
    (mark("Your name, with every office you hold here"), Permission.SEE_ROLES),
    (mark("Your name as a member"), Permission.GRANT_ROLES),
    (mark("Whether you ever signed in, and whether you have a second step"), Permission.GRANT_ROLES),
    (mark("Your e-mail address, and the letters of this cooperative to you"), Permission.WRITE_LETTERS),
    (mark("Your number, name, address and membership in the member register"), Permission.SEE_REGISTER),
    (mark("Your phone number and your e-mail address in the register"), Permission.SEE_CONTACT),
    (mark("Your date of birth"), Permission.KEEP_REGISTER),
    (mark("Your consents, and who looked at what is kept about you"), Permission.KEEP_PRIVACY),
)
"""What others can see here, and the permission with which they see it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRow:
    """One kind of data about somebody."""

    what: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRow:
    """Who may see one kind of data."""

    what: str
    roles: str
    people: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedRow:
    """One time that somebody looked."""

    at: str
    who: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutMePage:
    """Who can see what of me here, and who looked."""

    title: str
    answer: str
    kept: tuple[KeptRow, ...]
    seen: tuple[SeenRow, ...]
    looked: tuple[LookedRow, ...]
    may_take_along: bool
    """Whether the register of this place may hold something about this person to take along."""


def about_me_page(
    place: Place,
    account: AccountView,
    *,
    holders: Sequence[RoleHolder],
    state: FactorState,
    letters: int,
    sessions: int,
    looked: Sequence[AccessView],
    day: date,
) -> AboutMePage:
    """What is kept about somebody here, who may see it, and who looked."""
    return AboutMePage(
        title=_("Who can see what of you"),
        answer=ngettext(
            "%(count)s time somebody looked at something about you in %(place)s.",
            "%(count)s times somebody looked at something about you in %(place)s.",
            len(looked),
            place=place_name(place),
        )
        if looked
        else _("Nobody looked at anything about you in %(place)s.", place=place_name(place)),
        kept=_kept(place, account, state=state, letters=letters, sessions=sessions),
        seen=(*(_seen(words, permission, holders, day) for words, permission in SEEN_INSIDE), *_seen_elsewhere()),
        looked=tuple(
            LookedRow(
                at=language.moment(one.at),
                who=_("%(name)s, as administrator", name=one.name) if one.as_support else one.name,
                what=access_name(one.kind),
            )
            for one in looked
        ),
        may_take_along=place.actor.may(Permission.SEE_OWN_PAGE),
    )


def _kept(
    place: Place, account: AccountView, *, state: FactorState, letters: int, sessions: int
) -> tuple[KeptRow, ...]:
    held = [
        _("%(role)s since %(day)s", role=role_name(one.role), day=language.day(one.starts_on))
        for one in (*place.actor.roles, *place.actor.held_back)
    ]
    password = _("yes, as a fingerprint only") if account.has_password else _("no")
    return (
        KeptRow(what=_("Name and e-mail address"), value=f"{account.name}, {account.email}"),
        KeptRow(what=_("Roles here"), value=", ".join(held) or _("none")),
        KeptRow(
            what=_("Letters to you"),
            value=ngettext("%(count)s letter in the outbox", "%(count)s letters in the outbox", letters),
        ),
        KeptRow(
            what=_("Browsers in which you are signed in"),
            value=ngettext("%(count)s browser", "%(count)s browsers", sessions),
        ),
        KeptRow(what=_("Password"), value=password),
        KeptRow(what=_("Second step"), value=_("yes") if state.has_any else _("no")),
    )


def _seen(words: str, permission: Permission, holders: Sequence[RoleHolder], day: date) -> SeenRow:
    seeing = [role for role, rule in RULES.items() if permission in rule.permissions]
    offices = [role for role in seeing if role not in MEMBERS]
    people = sorted({one.name for one in holders if one.role in offices and one.runs_on(day)})
    kinds = [_("all members")] if MEMBERS & set(seeing) else []
    if permission in SUPPORT_PERMISSIONS:
        kinds.append(_("an administrator while the board lets them look in"))
    return SeenRow(
        what=_(words),
        roles=_("everybody inside") if MEMBERS & set(seeing) else language.listing([role_name(one) for one in seeing]),
        people=", ".join([*people, *kinds]) or _("nobody"),
    )


def _seen_elsewhere() -> tuple[SeenRow, ...]:
    return (
        SeenRow(
            what=_("Your e-mail address, and the letters to you"),
            roles=role_name(Role.ADMINISTRATOR),
            people=_("who runs the installation"),
        ),
        SeenRow(
            what=_("Your password, your codes and your keys"),
            roles=_("nobody"),
            people=_("nobody: they are kept as fingerprints or encrypted"),
        ),
    )
