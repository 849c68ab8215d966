"""Connections and heat contracts: which event can follow which, and what holds on a day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecoop.governance.heat_supply import (
    BINDING,
    OVER,
    ConnectionStep,
    ContractStep,
    SupplyEvent,
    SupplyReason,
    connection_steps_after,
    contract_steps_after,
    counting,
    doubt_connection_event,
    doubt_contract_event,
    state_on,
)

DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def event(id_: int, step: Any, day: date = DAY, *, later: int = 0, corrects: int | None = None) -> SupplyEvent[Any]:
    return SupplyEvent(id=id_, step=step, valid_from=day, recorded_at=NOW + timedelta(days=later), corrects=corrects)


def story(*steps: Any) -> list[SupplyEvent[Any]]:
    return [event(place, step, DAY + timedelta(days=place)) for place, step in enumerate(steps, start=1)]


def test_a_connection_is_planned_laid_and_delivers() -> None:
    found = story(ConnectionStep.PLANNED, ConnectionStep.LAID, ConnectionStep.DELIVERING)

    states = [state_on(found, DAY + timedelta(days=day)) for day in range(4)]
    assert states == [None, ConnectionStep.PLANNED, ConnectionStep.LAID, ConnectionStep.DELIVERING]


def test_heat_that_was_interrupted_can_be_delivered_again() -> None:
    found = story(ConnectionStep.LAID, ConnectionStep.DELIVERING, ConnectionStep.INTERRUPTED)

    assert doubt_connection_event(found, event(9, ConnectionStep.DELIVERING, DAY + timedelta(days=9))) == ()


def test_nothing_is_delivered_through_what_was_not_laid() -> None:
    assert doubt_connection_event([], event(1, ConnectionStep.DELIVERING)) == (SupplyReason.NOT_NOW,)


def test_a_contract_that_was_declined_cannot_be_ended() -> None:
    found = story(ContractStep.OFFERED, ContractStep.DECLINED)

    assert doubt_contract_event(found, event(9, ContractStep.ENDED, DAY + timedelta(days=9))) == (SupplyReason.NOT_NOW,)


def test_an_event_of_an_earlier_day_may_not_make_a_later_one_impossible() -> None:
    found = story(ContractStep.SIGNED, ContractStep.DELIVERING, ContractStep.NOTICE)

    early = event(9, ContractStep.ENDED, DAY + timedelta(days=1), later=9)
    assert doubt_contract_event(found, early) == (SupplyReason.BREAKS_LATER,)


def test_a_correction_takes_an_event_out_from_when_it_was_recorded() -> None:
    found = [event(1, ContractStep.SIGNED), event(2, ContractStep.CORRECTED, later=3, corrects=1)]

    assert state_on(found, DAY) is None
    assert state_on(found, DAY, known_at=NOW) is ContractStep.SIGNED


def test_what_is_needed_by_a_later_event_cannot_be_taken_out() -> None:
    found = story(ContractStep.SIGNED, ContractStep.DELIVERING)

    assert doubt_contract_event(found, event(9, ContractStep.CORRECTED, corrects=1)) == (SupplyReason.BREAKS_LATER,)
    assert doubt_contract_event(found, event(9, ContractStep.CORRECTED, corrects=7)) == (
        SupplyReason.NOTHING_TO_CORRECT,
    )


def test_a_correction_is_not_corrected_itself() -> None:
    found = [event(1, ContractStep.OFFERED), event(2, ContractStep.CORRECTED, corrects=1)]

    assert doubt_contract_event(found, event(3, ContractStep.CORRECTED, corrects=2)) == (
        SupplyReason.NOTHING_TO_CORRECT,
    )


def test_one_contract_of_a_dwelling_delivers_at_a_time() -> None:
    signed = story(ContractStep.SIGNED)
    new = event(9, ContractStep.DELIVERING, DAY + timedelta(days=9))

    assert doubt_contract_event(signed, new, others=[ContractStep.NOTICE]) == (SupplyReason.ANOTHER_DELIVERS,)
    assert doubt_contract_event(signed, new, others=[ContractStep.ENDED, ContractStep.OFFERED, None]) == ()


def test_the_next_may_sign_once_notice_was_given() -> None:
    offered, new = story(ContractStep.OFFERED), event(9, ContractStep.SIGNED, DAY + timedelta(days=9))

    assert doubt_contract_event(offered, new, others=[ContractStep.SIGNED]) == (SupplyReason.ANOTHER_SIGNED,)
    assert doubt_contract_event(offered, new, others=[ContractStep.NOTICE]) == ()


def test_what_is_over_stays_over() -> None:
    assert contract_steps_after(ContractStep.ENDED) == contract_steps_after(ContractStep.HANDED_OVER) == ()
    assert not BINDING & OVER


@pytest.mark.parametrize("step", [one for one in ConnectionStep if one is not ConnectionStep.CORRECTED])
def test_every_state_of_a_connection_says_what_can_follow(step: ConnectionStep) -> None:
    assert connection_steps_after(step)


STEPS = [one for one in ContractStep if one is not ContractStep.CORRECTED]


@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 30)), max_size=8))
def test_a_story_without_doubts_moves_only_along_allowed_steps(tried: list[tuple[ContractStep, int]]) -> None:
    kept: list[SupplyEvent[ContractStep]] = []
    for place, (step, day) in enumerate(tried, start=1):
        new = event(place, step, DAY + timedelta(days=day), later=place)
        if not doubt_contract_event(kept, new):
            kept.append(new)

    state: ContractStep | None = None
    for one in counting(kept):
        assert one.step in contract_steps_after(state)
        state = one.step


@given(st.permutations(story(ContractStep.OFFERED, ContractStep.SIGNED, ContractStep.DELIVERING)))
def test_the_order_in_which_events_are_given_does_not_matter(found: list[SupplyEvent[Any]]) -> None:
    assert state_on(found, DAY + timedelta(days=30)) is ContractStep.DELIVERING
