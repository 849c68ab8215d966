"""The connection of a dwelling and its heat contract, each as a story of events with states of its own.

A connection can be there without a contract, a contract can be signed long before the connection is laid, and neither
says anything about membership. Nothing is overwritten: a wrong event is taken out by a correction.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Generic, TypeVar


class ConnectionStep(StrEnum):
    """What happened to a connection; the last one is its state (Dutch term in the comment)."""

    PLANNED = "planned"  # gepland
    LAID = "laid"  # aangelegd
    DELIVERING = "delivering"  # levert warmte
    INTERRUPTED = "interrupted"  # onderbroken
    REMOVED = "removed"  # verwijderd
    CORRECTED = "corrected"  # gecorrigeerd


class ContractStep(StrEnum):
    """What happened to a heat contract; the last one is its state (Dutch term in the comment)."""

    OFFERED = "offered"  # aangeboden
    DECLINED = "declined"  # afgewezen
    SIGNED = "signed"  # getekend
    DELIVERING = "delivering"  # levering begonnen
    NOTICE = "notice"  # opgezegd
    ENDED = "ended"  # geëindigd
    HANDED_OVER = "handed_over"  # overgedragen, bij verhuizing
    CORRECTED = "corrected"  # gecorrigeerd


class SupplyReason(StrEnum):
    """Why an event of a connection or contract cannot happen."""

    NOT_NOW = "supply_not_now"
    NOTHING_TO_CORRECT = "supply_nothing_to_correct"
    BREAKS_LATER = "supply_breaks_later"
    ANOTHER_DELIVERS = "supply_another_delivers"
    ANOTHER_SIGNED = "supply_another_signed"


Step = TypeVar("Step", ConnectionStep, ContractStep)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyEvent(Generic[Step]):
    """One event: from which day it counts, and when it was written down; `corrects` names the one it takes out."""

    id: int
    step: Step
    valid_from: date
    recorded_at: datetime
    corrects: int | None = None


BINDING = frozenset({ContractStep.SIGNED, ContractStep.DELIVERING, ContractStep.NOTICE})
"""A contract in these states binds somebody."""

OVER = frozenset({ContractStep.DECLINED, ContractStep.ENDED, ContractStep.HANDED_OVER})
"""A contract in these states is over."""

_AFTER_CONNECTION: Mapping[ConnectionStep | None, frozenset[ConnectionStep]] = {
    None: frozenset({ConnectionStep.PLANNED, ConnectionStep.LAID}),
    ConnectionStep.PLANNED: frozenset({ConnectionStep.LAID, ConnectionStep.REMOVED}),
    ConnectionStep.LAID: frozenset({ConnectionStep.DELIVERING, ConnectionStep.REMOVED}),
    ConnectionStep.DELIVERING: frozenset({ConnectionStep.INTERRUPTED, ConnectionStep.REMOVED}),
    ConnectionStep.INTERRUPTED: frozenset({ConnectionStep.DELIVERING, ConnectionStep.REMOVED}),
    ConnectionStep.REMOVED: frozenset({ConnectionStep.PLANNED, ConnectionStep.LAID}),
}

_AFTER_CONTRACT: Mapping[ContractStep | None, frozenset[ContractStep]] = {
    None: frozenset({ContractStep.OFFERED, ContractStep.SIGNED}),
    ContractStep.OFFERED: frozenset({ContractStep.SIGNED, ContractStep.DECLINED}),
    ContractStep.DECLINED: frozenset({ContractStep.OFFERED}),
    ContractStep.SIGNED: frozenset(
        {ContractStep.DELIVERING, ContractStep.NOTICE, ContractStep.ENDED, ContractStep.HANDED_OVER}
    ),
    ContractStep.DELIVERING: frozenset({ContractStep.NOTICE, ContractStep.ENDED, ContractStep.HANDED_OVER}),
    ContractStep.NOTICE: frozenset({ContractStep.ENDED, ContractStep.HANDED_OVER}),
    ContractStep.ENDED: frozenset(),
    ContractStep.HANDED_OVER: frozenset(),
}


def connection_steps_after(state: ConnectionStep | None) -> tuple[ConnectionStep, ...]:
    """What can happen next to a connection in this state (None: nothing happened yet)."""
    return tuple(step for step in ConnectionStep if step in _AFTER_CONNECTION[state])


def contract_steps_after(state: ContractStep | None) -> tuple[ContractStep, ...]:
    """What can happen next to a contract in this state (None: nothing happened yet)."""
    return tuple(step for step in ContractStep if step in _AFTER_CONTRACT[state])


def counting(events: Iterable[SupplyEvent[Step]], known_at: datetime | None = None) -> list[SupplyEvent[Step]]:
    """The events that count as known at `known_at` (None: now): by day, and within a day as they were recorded.

    What a correction took out counts no more. A correction is not corrected itself: what happened is written down anew.
    """
    seen = [one for one in events if known_at is None or one.recorded_at <= known_at]
    taken_out = {one.corrects for one in seen}
    left = [one for one in seen if one.corrects is None and one.id not in taken_out]
    return sorted(left, key=lambda one: (one.valid_from, one.recorded_at, one.id))


def state_on(events: Iterable[SupplyEvent[Step]], day: date, known_at: datetime | None = None) -> Step | None:
    """The state on `day`, as known at `known_at` (None: now); None before anything happened."""
    begun = [one.step for one in counting(events, known_at) if one.valid_from <= day]
    return begun[-1] if begun else None


def doubt_connection_event(
    events: Sequence[SupplyEvent[ConnectionStep]], new: SupplyEvent[ConnectionStep]
) -> tuple[SupplyReason, ...]:
    """Why `new` cannot be added to the story of a connection; nothing where it can."""
    return tuple(_doubts(events, new, _AFTER_CONNECTION))


def doubt_contract_event(
    events: Sequence[SupplyEvent[ContractStep]],
    new: SupplyEvent[ContractStep],
    *,
    others: Iterable[ContractStep | None] = (),
) -> tuple[SupplyReason, ...]:
    """Why `new` cannot be added to the story of a contract; nothing where it can.

    `others` are the states of the other contracts of the dwelling on the day of `new`: one delivers at a time, and
    who signs takes the place of nobody whose contract still binds without notice.
    """
    problems = list(_doubts(events, new, _AFTER_CONTRACT))
    beside = set(others)
    if new.step is ContractStep.DELIVERING and beside & {ContractStep.DELIVERING, ContractStep.NOTICE}:
        problems.append(SupplyReason.ANOTHER_DELIVERS)
    if new.step is ContractStep.SIGNED and beside & {ContractStep.SIGNED, ContractStep.DELIVERING}:
        problems.append(SupplyReason.ANOTHER_SIGNED)
    return tuple(problems)


def _doubts(
    events: Sequence[SupplyEvent[Step]], new: SupplyEvent[Step], allowed: Mapping[Step | None, frozenset[Step]]
) -> Iterator[SupplyReason]:
    after = list(events)
    after.append(new)
    if new.corrects is not None:
        if all(one.id != new.corrects for one in counting(events)):
            yield SupplyReason.NOTHING_TO_CORRECT
        elif not _holds(after, allowed):
            yield SupplyReason.BREAKS_LATER
        return
    before = state_on([one for one in counting(events) if one.valid_from <= new.valid_from], new.valid_from)
    if new.step not in allowed[before]:
        yield SupplyReason.NOT_NOW
    elif not _holds(after, allowed):
        yield SupplyReason.BREAKS_LATER


def _holds(events: Iterable[SupplyEvent[Step]], allowed: Mapping[Step | None, frozenset[Step]]) -> bool:
    state: Step | None = None
    for one in counting(events):
        if one.step not in allowed[state]:
            return False
        state = one.step
    return True
