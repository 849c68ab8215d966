"""What the administrator's pages show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ecoop import language
from ecoop.language import gettext as _
from ecoop.language import ngettext
from ecoop.services.cooperatives import CooperativeView
from ecoop.services.letters import LetterState, LetterView
from ecoop.services.support import SupportView


@dataclass(frozen=True, slots=True, kw_only=True)
class CooperativeRow:
    """One cooperative by its public name, and whether one may look in."""

    name: str
    place: str
    slug: str
    state: str
    is_open: bool
    waits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallationPage:
    """The cooperatives of this installation."""

    title: str
    answer: str
    rows: tuple[CooperativeRow, ...]
    is_demo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPage:
    """Asking a board to look in."""

    title: str
    name: str
    slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRow:
    """One letter of a demo."""

    recipient: str
    subject: str
    body: str
    written_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxPage:
    """The outbox."""

    title: str
    answer: str
    letters: tuple[LetterRow, ...]


def installation_page(
    cooperatives: Sequence[CooperativeView], support: Sequence[SupportView], *, now: datetime, is_demo: bool
) -> InstallationPage:
    """What there is, without looking in."""
    return InstallationPage(
        title=_("Installation"),
        answer=ngettext(
            "%(count)s cooperative lives on this installation.",
            "%(count)s cooperatives live on this installation.",
            len(cooperatives),
        ),
        rows=tuple(_row(one, support, now) for one in cooperatives),
        is_demo=is_demo,
    )


def _row(cooperative: CooperativeView, support: Sequence[SupportView], now: datetime) -> CooperativeRow:
    own = [one for one in support if one.cooperative_id == cooperative.id]
    running = next((one for one in own if one.is_open(now)), None)
    waits = any(one.waits for one in own)
    if running and running.ends_at:
        state = _("you may look in until %(end)s", end=language.moment(running.ends_at))
    elif waits:
        state = _("your request waits for the board")
    else:
        state = _("closed to you")
    return CooperativeRow(
        name=cooperative.name,
        place=cooperative.place,
        slug=cooperative.slug,
        state=state,
        is_open=running is not None,
        waits=waits,
    )


def ask_page(cooperative: CooperativeView) -> AskPage:
    """Asking a board."""
    return AskPage(
        title=_("Ask to look into %(name)s", name=cooperative.name), name=cooperative.name, slug=cooperative.slug
    )


def outbox_page(counts: Mapping[LetterState, int]) -> OutboxPage:
    """How many letters wait."""
    waiting = counts.get(LetterState.WAITING, 0) + counts.get(LetterState.SENDING, 0)
    return OutboxPage(
        title=_("Outbox"),
        answer=ngettext("%(count)s letter waits to be sent.", "%(count)s letters wait to be sent.", waiting),
        letters=(),
    )


def example_letters_page(letters: Sequence[LetterView]) -> OutboxPage:
    """Every letter that the demo wrote."""
    return OutboxPage(
        title=_("Letters of the example"),
        answer=ngettext(
            "%(count)s letter was written. It is never sent: this is an example.",
            "%(count)s letters were written. They are never sent: this is an example.",
            len(letters),
        ),
        letters=tuple(_letter(letter) for letter in letters),
    )


def _letter(letter: LetterView) -> LetterRow:
    return LetterRow(
        recipient=letter.recipient,
        subject=letter.subject,
        body=letter.body,
        written_at=language.moment(letter.written_at),
    )
