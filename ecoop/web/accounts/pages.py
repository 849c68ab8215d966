"""What the pages around signing in show."""

from collections.abc import Sequence
from dataclasses import dataclass

from ecoop.language import gettext as _
from ecoop.language.names import role_name, together
from ecoop.services.accounts import PASSWORD_MIN, AccountView
from ecoop.services.demo_accounts import DemoAccount
from ecoop.web.access import Door
from ecoop.web.forms import PlainForm
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
    button: PlainForm


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
class AccountPage:
    """The own account."""

    title: str
    name: str
    email: str
    has_password: bool
    places: tuple[Link, ...]


def sign_in_page(demo: Sequence[DemoAccount], button: PlainForm) -> SignInPage:
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
    return SignInPage(title=_("Sign in"), demo_doors=doors, button=button)


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


def account_page(door: Door, account: AccountView) -> AccountPage:
    """The own account."""
    return AccountPage(
        title=_("Your account"),
        name=account.name,
        email=account.email,
        has_password=account.has_password,
        places=read_frame(door).switches,
    )
