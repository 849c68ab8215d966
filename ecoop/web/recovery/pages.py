"""What the pages of the way back in show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ecoop import language
from ecoop.governance.roles import Actor
from ecoop.language import gettext as _
from ecoop.language import ngettext
from ecoop.services.accounts import AccountView
from ecoop.services.recovery import RecoveryView
from ecoop.services.roles import RoleHolder


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPage:
    """A button behind a link in a letter, or what became of it."""

    title: str
    sentences: tuple[str, ...]
    button: str
    kind: str
    messages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressPage:
    """Another address."""

    title: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryRow:
    """One recovery."""

    id: int
    name: str
    reason: str
    state: str
    asked: str
    may_agree: bool
    may_send: bool
    may_stop: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveriesPage:
    """Those whom the board helps back in."""

    title: str
    answer: str
    rows: tuple[RecoveryRow, ...]


def address_page(account: AccountView) -> AddressPage:
    """Another address."""
    return AddressPage(
        title=_("Use another address"),
        answer=_("Your address is %(email)s. A link goes to the new one; only when you use it, the new one counts.",
                 email=account.email),
    )  # fmt: skip


def confirm_page(messages: Sequence[str]) -> LinkPage:
    """The button behind the link at a new address."""
    return LinkPage(
        title=_("Use this address"),
        sentences=(_("From now on your letters and links come here. Your old address gets a notice."),),
        button=_("Yes, use this address"),
        kind="primary",
        messages=tuple(messages),
    )


def undo_page(messages: Sequence[str]) -> LinkPage:
    """The button behind the link at the old address."""
    return LinkPage(
        title=_("Take your old address back"),
        sentences=(
            _("Your old address counts again. Everybody is signed out, and the password no longer works."),
            _("A second step that was added since then goes as well. After that you sign in with a link."),
        ),
        button=_("Yes, take it back"),
        kind="danger",
        messages=tuple(messages),
    )


def use_page(messages: Sequence[str]) -> LinkPage:
    """The button behind the link of a recovery."""
    return LinkPage(
        title=_("Come in again"),
        sentences=(
            _("Your old app, your passkeys and your recovery codes stop working, and every browser is signed out."),
            _("After that you choose a password and set up a new second step."),
        ),
        button=_("Come in"),
        kind="primary",
        messages=tuple(messages),
    )


def stop_page(messages: Sequence[str]) -> LinkPage:
    """The button that stops a recovery."""
    return LinkPage(
        title=_("Stop the recovery"),
        sentences=(_("Did you not ask for this? Then stop it. Everything stays as it is, and the board sees it."),),
        button=_("Yes, stop it"),
        kind="danger",
        messages=tuple(messages),
    )


def recoveries_page(rows: Sequence[RecoveryView], *, actor: Actor, now: datetime) -> RecoveriesPage:
    """Those whom the board helps back in."""
    running = sum(not row.is_over for row in rows)
    return RecoveriesPage(
        title=_("Lost phone"),
        answer=ngettext("%(count)s recovery is running.", "%(count)s recoveries are running.", running)
        if running
        else _("Nobody is being helped back in now."),
        rows=tuple(_row(row, actor, now) for row in rows),
    )


def _row(row: RecoveryView, actor: Actor, now: datetime) -> RecoveryRow:
    waits = not row.is_over and row.opens_at is None
    return RecoveryRow(
        id=row.id,
        name=row.name,
        reason=row.reason,
        state=_state(row, now),
        asked=_("%(when)s, by %(name)s", when=language.moment(row.asked_at), name=row.asked_by),
        may_agree=waits and actor.account_id not in {row.asked_by_id, row.account_id},
        may_send=row.is_due(now),
        may_stop=not row.is_over,
    )


def _state(row: RecoveryView, now: datetime) -> str:
    if row.used_at is not None:
        return _("came in again on %(when)s", when=language.moment(row.used_at))
    if row.stopped_at is not None:
        return _("stopped on %(when)s", when=language.moment(row.stopped_at))
    if row.opens_at is None:
        return _("waits for a second board member to agree")
    if row.sent:
        return _("the letter was sent")
    if now < row.opens_at:
        return _("waiting time until %(when)s", when=language.moment(row.opens_at))
    return _("the waiting time is over: the letter can go out")


def person_choices(holders: Sequence[RoleHolder], *, actor: Actor, day: date) -> list[tuple[str, str]]:
    """Everybody with a role today but oneself, once each, by name."""
    names = {one.account_id: one.name for one in holders if one.runs_on(day) and one.account_id != actor.account_id}
    chosen = sorted(names.items(), key=lambda pair: (pair[1], pair[0]))
    return [("0", _("Choose a person")), *((str(number), name) for number, name in chosen)]
