"""SEPA mandates as a story of events: whether one may be used on a day, and how it came to that.

A mandate is signed, becomes active, is used, and ends: revoked by the payer, ended by the cooperative or with the bank
account, or lapsed after a long time without use. What the schemes of the European Payments Council say about this was
not verified here; the lapse term is a setting.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class MandateScheme(StrEnum):
    """Under which scheme is collected."""

    CORE = "CORE"  # voor iedereen; terug te boeken
    B2B = "B2B"  # alleen voor zakelijke betalers


class SigningWay(StrEnum):
    """How a mandate was signed."""

    ON_PAPER = "on_paper"
    ON_SCREEN = "on_screen"
    TAKEN_OVER = "taken_over"  # from an earlier administration


class MandateEventKind(StrEnum):
    """What happened to a mandate (Dutch term in the comment)."""

    SIGNED = "signed"  # getekend
    ACTIVATED = "activated"  # in gebruik genomen
    USED = "used"  # gebruikt voor een incasso
    SUSPENDED = "suspended"  # opgeschort
    RESUMED = "resumed"  # hervat
    REVOKED = "revoked"  # ingetrokken door de betaler
    ENDED = "ended"  # beëindigd door de coöperatie, of met de rekening
    LAPSED = "lapsed"  # vervallen omdat het lang niet is gebruikt


class MandateState(StrEnum):
    """How a mandate stands on a day."""

    NONE = "none"
    SIGNED = "signed"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    ENDED = "ended"
    LAPSED = "lapsed"


class MandateReason(StrEnum):
    """Why something cannot happen to a mandate."""

    NOT_SIGNED = "mandate_not_signed"
    ALREADY_SIGNED = "mandate_already_signed"
    ALREADY_ACTIVE = "mandate_already_active"
    NOT_ACTIVE = "mandate_not_active"
    NOT_SUSPENDED = "mandate_not_suspended"
    OVER = "mandate_over"
    BEFORE_LAST = "mandate_before_last"
    NOT_YET_LAPSED = "mandate_not_yet_lapsed"
    REFERENCE_UNUSABLE = "mandate_reference_unusable"
    REFERENCE_TAKEN = "mandate_reference_taken"
    ACCOUNT_ENDED = "mandate_account_ended"
    ACCOUNT_ERASED = "mandate_account_erased"
    SIGNED_AHEAD = "mandate_signed_ahead"
    PERSON_NOT_B2B = "mandate_person_not_b2b"
    ONE_ALREADY = "mandate_one_already"


OVER = frozenset({MandateState.REVOKED, MandateState.ENDED, MandateState.LAPSED})
LAPSE_MONTHS = 36
"""After how many months without use a mandate lapses, unless the cooperative set another number [not verified]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateEvent:
    """One event; `id` orders those of one instant."""

    id: int
    kind: MandateEventKind
    valid_from: date
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateStanding:
    """How a mandate stands: since when, and when it was last used."""

    state: MandateState = MandateState.NONE
    since: date | None = None
    signed_on: date | None = None
    last_used_on: date | None = None
    uses: int = 0

    @property
    def may_collect(self) -> bool:
        """Whether money may be collected with it."""
        return self.state is MandateState.ACTIVE


_STEPS: dict[MandateEventKind, tuple[frozenset[MandateState], MandateState]] = {
    MandateEventKind.SIGNED: (frozenset({MandateState.NONE}), MandateState.SIGNED),
    MandateEventKind.ACTIVATED: (frozenset({MandateState.SIGNED}), MandateState.ACTIVE),
    MandateEventKind.USED: (frozenset({MandateState.ACTIVE}), MandateState.ACTIVE),
    MandateEventKind.SUSPENDED: (frozenset({MandateState.ACTIVE}), MandateState.SUSPENDED),
    MandateEventKind.RESUMED: (frozenset({MandateState.SUSPENDED}), MandateState.ACTIVE),
    MandateEventKind.REVOKED: (
        frozenset({MandateState.SIGNED, MandateState.ACTIVE, MandateState.SUSPENDED}),
        MandateState.REVOKED,
    ),
    MandateEventKind.ENDED: (
        frozenset({MandateState.SIGNED, MandateState.ACTIVE, MandateState.SUSPENDED}),
        MandateState.ENDED,
    ),
    MandateEventKind.LAPSED: (
        frozenset({MandateState.SIGNED, MandateState.ACTIVE, MandateState.SUSPENDED}),
        MandateState.LAPSED,
    ),
}
"""From which states an event can happen, and to which it leads."""


def standing_on(events: Iterable[MandateEvent], day: date, known_at: datetime | None = None) -> MandateStanding:
    """How a mandate stands on `day`, as known at `known_at` (None: now), in whatever order the events are given."""
    standing = MandateStanding()
    seen = (one for one in events if known_at is None or one.recorded_at <= known_at)
    for event in sorted(seen, key=lambda one: (one.valid_from, one.recorded_at, one.id)):
        if event.valid_from > day:
            break
        standing = _after(standing, event)
    return standing


def _after(standing: MandateStanding, event: MandateEvent) -> MandateStanding:
    allowed, state = _STEPS[event.kind]
    if standing.state not in allowed:
        return standing
    used = event.kind is MandateEventKind.USED
    return MandateStanding(
        state=state,
        since=standing.since if state is standing.state else event.valid_from,
        signed_on=event.valid_from if event.kind is MandateEventKind.SIGNED else standing.signed_on,
        last_used_on=event.valid_from if used else standing.last_used_on,
        uses=standing.uses + used,
    )


def lapses_on(standing: MandateStanding, months: int = LAPSE_MONTHS) -> date | None:
    """The day from which a mandate that is not used lapses; None where it is over or not signed."""
    begun = standing.last_used_on or standing.signed_on
    if begun is None or standing.state in OVER:
        return None
    years, month = divmod(begun.month - 1 + months, 12)
    for day in range(begun.day, 27, -1):
        try:
            return date(begun.year + years, month + 1, day)
        except ValueError:  # a month without that day
            continue
    return date(begun.year + years, month + 1, min(begun.day, 28))


def doubt_event(
    events: Iterable[MandateEvent], new: MandateEvent, *, lapse_months: int = LAPSE_MONTHS
) -> tuple[MandateReason, ...]:
    """Why `new` cannot happen after `events`; nothing where it can. Events of a mandate follow each other in time."""
    return tuple(_doubts(list(events), new, lapse_months))


def _doubts(events: list[MandateEvent], new: MandateEvent, lapse_months: int) -> Iterator[MandateReason]:
    if any(one.valid_from > new.valid_from for one in events):
        yield MandateReason.BEFORE_LAST
        return
    standing = standing_on(events, new.valid_from)
    if standing.state not in _STEPS[new.kind][0]:
        yield _why_not(standing.state, new.kind)
    elif new.kind is MandateEventKind.LAPSED:
        lapsing = lapses_on(standing, lapse_months)
        if lapsing is None or new.valid_from < lapsing:
            yield MandateReason.NOT_YET_LAPSED


def _why_not(state: MandateState, kind: MandateEventKind) -> MandateReason:
    if state in OVER:
        return MandateReason.OVER
    if kind is MandateEventKind.SIGNED:
        return MandateReason.ALREADY_SIGNED
    if state is MandateState.NONE:
        return MandateReason.NOT_SIGNED
    if kind is MandateEventKind.ACTIVATED:
        return MandateReason.ALREADY_ACTIVE
    if kind is MandateEventKind.RESUMED:
        return MandateReason.NOT_SUSPENDED
    return MandateReason.NOT_ACTIVE
