"""What the pages around signing in show."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from ecoop import language
from ecoop.governance.roles import Reach
from ecoop.language import gettext as _
from ecoop.language import ngettext
from ecoop.language.audit import action_name
from ecoop.language.names import role_name, together
from ecoop.language.sign_in import proof_name
from ecoop.services.account_events import AccountEvent
from ecoop.services.accounts import PASSWORD_MIN, AccountView
from ecoop.services.browser_sessions import SessionView
from ecoop.services.demo_accounts import DemoAccount
from ecoop.services.places import Place
from ecoop.services.second_factors import FactorState
from ecoop.web.access import Door
from ecoop.web.navigation import Link, read_frame


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoDoor:
    """One button of the demo."""

    account_id: int
    name: str
    roles: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage:
    """The sign-in page."""

    title: str
    demo_doors: tuple[DemoDoor, ...]
    passkeys_work: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityPage:
    """Who of the household."""

    title: str
    people: tuple[AccountView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SimplePage:
    """A title and sentences."""

    title: str
    sentences: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """One browser in which one is signed in."""

    id: int
    browser: str
    note: str
    present: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """One thing that happened with the account."""

    at: str
    what: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRow:
    """Somewhere one has a role, and where one reads who can see what there."""

    label: str
    url: str
    note: str
    about_me: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPage:
    """The own account."""

    title: str
    name: str
    email: str
    has_password: bool
    second_step: str
    places: tuple[PlaceRow, ...]
    sessions: tuple[SessionRow, ...]
    events: tuple[EventRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofPage:
    """Proving again who one is."""

    title: str
    answer: str
    can_prove: bool


def sign_in_page(demo: Sequence[DemoAccount], *, passkeys_work: bool) -> SignInPage:
    """The sign-in page, with one button per demo account."""
    doors = tuple(
        DemoDoor(
            account_id=one.id,
            name=one.name,
            roles="; ".join(
                f"{together([role_name(role) for role in place.roles])} – {place.name or _('Installation')}"
                for place in one.places
            ),
        )
        for one in demo
    )
    return SignInPage(title=_("Sign in"), demo_doors=doors, passkeys_work=passkeys_work)


def identity_page(found: Sequence[AccountView]) -> IdentityPage:
    """Which of the household it is."""
    return IdentityPage(title=_("Who are you?"), people=tuple(found))


def forgotten_page() -> SimplePage:
    """Asking for a link."""
    return SimplePage(
        title=_("Sign in with a link"),
        sentences=(_("We send a link to your address. It works once, for a quarter of an hour."),),
    )


def link_sent_page() -> SimplePage:
    """The same answer for every address."""
    return SimplePage(
        title=_("Look in your mail"),
        sentences=(
            _("If we know this address, a letter with a link is on its way to it."),
            _("Nothing after a few minutes? Look among unwanted mail, or ask your board which address they have."),
        ),
    )


def link_page(_secret: str, messages: Sequence[str]) -> SimplePage:
    """The button behind a link."""
    return SimplePage(
        title=_("Sign in with this link"),
        sentences=() if messages else (_("The link works once. After that you choose a password."),),
        messages=tuple(messages),
    )


def password_page(account: AccountView) -> SimplePage:
    """Choosing a password."""
    return SimplePage(
        title=_("Choose a password"),
        sentences=(
            _(
                "For %(name)s, %(email)s. At least %(minimum)s characters; four words in a row are easy to remember.",
                name=account.name,
                email=account.email,
                minimum=PASSWORD_MIN,
            ),
        ),
    )


def proof_page(*, can_prove: bool) -> ProofPage:
    """Proving again who one is."""
    return ProofPage(
        title=_("Is it you?"),
        answer=_("This changes how one comes into your account. So prove once more that it is you.")
        if can_prove
        else _(
            "This changes how one comes into your account. Sign out and in again first: then we know that it is you."
        ),
        can_prove=can_prove,
    )


def account_page(
    door: Door,
    account: AccountView,
    *,
    state: FactorState,
    sessions: Sequence[SessionView],
    present: int,
    events: Sequence[AccountEvent],
) -> AccountPage:
    """The own account."""
    return AccountPage(
        title=_("Your account"),
        name=account.name,
        email=account.email,
        has_password=account.has_password,
        second_step=_second_step(state),
        places=tuple(
            _place(link, place) for link, place in zip(read_frame(door).switches, door.all_places, strict=True)
        ),
        sessions=tuple(
            SessionRow(
                id=one.id,
                browser=one.browser or _("A browser we do not know"),
                note=_(
                    "since %(begun)s, last seen on %(seen)s",
                    begun=language.moment(one.begun_at),
                    seen=language.day(one.last_seen_on),
                ),
                present=one.id == present,
            )
            for one in sessions
        ),
        events=tuple(
            EventRow(
                at=language.moment(one.at),
                what=f"{action_name(one.action)} ({proof_name(one.kind)})" if one.kind else action_name(one.action),
                by=one.by or "",
            )
            for one in events
        ),
    )


def _place(link: Link, place: Place) -> PlaceRow:
    inside = place.reach is Reach.COOPERATIVE
    about_me = url_for("about_me.show", cooperative=place.slug) if inside else ""
    return PlaceRow(label=link.label, url=link.url, note=link.note, about_me=about_me)


def _second_step(state: FactorState) -> str:
    if not state.has_any:
        return _("None yet. With a second step nobody comes in with your password or your mail alone.")
    parts = [_("an app with codes")] if state.has_app else []
    if state.passkeys:
        parts.append(ngettext("%(count)s passkey", "%(count)s passkeys", state.passkeys))
    parts.append(ngettext("%(count)s recovery code", "%(count)s recovery codes", state.codes_left))
    return _("You have %(things)s.", things=language.listing(parts))
