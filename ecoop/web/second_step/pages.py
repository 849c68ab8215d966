"""What the pages around the second step show."""

from collections.abc import Sequence
from dataclasses import dataclass

from ecoop import language
from ecoop.language import gettext as _
from ecoop.language import ngettext
from ecoop.services.accounts import AccountView
from ecoop.services.passkeys import PasskeyView
from ecoop.services.second_factors import FactorState


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPage:
    """The second step itself."""

    title: str
    answer: str
    has_passkey: bool
    passkeys_work: bool
    letter_waits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyRow:
    """One passkey."""

    id: int
    name: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepsPage:
    """What one has for a second step."""

    title: str
    answer: str
    wanted_by: str
    has_app: bool
    has_any: bool
    codes: str
    passkeys: tuple[PasskeyRow, ...]
    passkeys_work: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AppPage:
    """Setting up an app."""

    title: str
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesPage:
    """Recovery codes, shown once."""

    title: str
    answer: str
    codes: tuple[str, ...]
    owner: str


def ask_page(state: FactorState, *, passkeys_work: bool, letter_waits: bool) -> AskPage:
    """The second step itself."""
    return AskPage(
        title=_("Second step"),
        answer=_("Fill in the code that your app shows now, or a recovery code.")
        if state.has_app
        else _("Use your passkey, or fill in a recovery code."),
        has_passkey=state.passkeys > 0,
        passkeys_work=passkeys_work,
        letter_waits=letter_waits,
    )


def steps_page(
    state: FactorState, passkeys: Sequence[PasskeyView], *, wanted_by: str, passkeys_work: bool
) -> StepsPage:
    """What one has for a second step, and what one can add."""
    return StepsPage(
        title=_("Your second step"),
        answer=_("Who knows your password or reads your mail cannot come in: signing in asks for a second step.")
        if state.has_any
        else _("You have no second step yet. With one, nobody comes in with your password or your mail alone."),
        wanted_by=wanted_by,
        has_app=state.has_app,
        has_any=state.has_any,
        codes=ngettext("%(count)s recovery code is left.", "%(count)s recovery codes are left.", state.codes_left),
        passkeys=tuple(PasskeyRow(id=one.id, name=one.name, note=_note(one)) for one in passkeys),
        passkeys_work=passkeys_work,
    )


def _note(one: PasskeyView) -> str:
    made = language.moment(one.created_at)
    if one.last_used_on is None:
        return _("made on %(made)s, not used yet", made=made)
    return _("made on %(made)s, last used on %(used)s", made=made, used=language.day(one.last_used_on))


def app_page(secret: str) -> AppPage:
    """Setting up an app."""
    return AppPage(
        title=_("Set up an app with codes"), secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    )


def codes_page(codes: tuple[str, ...], owner: AccountView) -> CodesPage:
    """Recovery codes, shown once."""
    return CodesPage(
        title=_("Your recovery codes"),
        answer=_("Print these codes or write them down now: they are not shown again. Each works once."),
        codes=codes,
        owner=f"{owner.name}, {owner.email}",
    )
