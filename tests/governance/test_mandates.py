"""Whether a mandate may be used follows from what happened to it."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecoop.governance.direct_debits import (
    DirectDebitState,
    Sequence,
    batches_in_order,
    is_announced_long_enough,
    may_become,
    sequence_of,
)
from ecoop.governance.mandates import (
    OVER,
    MandateEvent,
    MandateEventKind,
    MandateReason,
    MandateState,
    doubt_event,
    lapses_on,
    standing_on,
)

SIGNED_ON = date(2024, 2, 29)
NOON = datetime(2024, 2, 29, 12, tzinfo=UTC)


def story(*steps: tuple[MandateEventKind, int]) -> list[MandateEvent]:
    return [
        MandateEvent(id=number, kind=kind, valid_from=SIGNED_ON + timedelta(days=day), recorded_at=NOON)
        for number, (kind, day) in enumerate(steps)
    ]


ACTIVE = ((MandateEventKind.SIGNED, 0), (MandateEventKind.ACTIVATED, 1))


def test_a_signed_mandate_collects_once_it_is_taken_into_use() -> None:
    events = story(*ACTIVE)

    assert not standing_on(events, SIGNED_ON).may_collect
    assert standing_on(events, SIGNED_ON + timedelta(days=1)).may_collect


@pytest.mark.parametrize("kind", [MandateEventKind.REVOKED, MandateEventKind.ENDED, MandateEventKind.SUSPENDED])
def test_a_mandate_that_was_stopped_does_not_collect_from_that_day_on(kind: MandateEventKind) -> None:
    events = story(*ACTIVE, (kind, 10))

    assert standing_on(events, SIGNED_ON + timedelta(days=9)).may_collect
    assert not standing_on(events, SIGNED_ON + timedelta(days=10)).may_collect


def test_what_was_stopped_can_be_resumed_and_what_ended_cannot() -> None:
    (resumed,) = story((MandateEventKind.RESUMED, 20))
    suspended, ended = story(*ACTIVE, (MandateEventKind.SUSPENDED, 5)), story(*ACTIVE, (MandateEventKind.ENDED, 5))

    assert doubt_event(suspended, resumed) == ()
    assert doubt_event(ended, resumed) == (MandateReason.OVER,)


def test_a_mandate_lapses_three_years_after_its_last_use_and_not_before() -> None:
    events = story(*ACTIVE, (MandateEventKind.USED, 1))
    standing = standing_on(events, SIGNED_ON + timedelta(days=1))
    assert lapses_on(standing) == date(2027, 3, 1)

    late = MandateEvent(id=9, kind=MandateEventKind.LAPSED, valid_from=date(2027, 3, 1), recorded_at=NOON)
    early = MandateEvent(id=9, kind=MandateEventKind.LAPSED, valid_from=date(2027, 2, 28), recorded_at=NOON)
    assert doubt_event(events, late) == ()
    assert doubt_event(events, early) == (MandateReason.NOT_YET_LAPSED,)


def test_a_mandate_of_a_leap_day_lapses_on_a_day_that_exists() -> None:
    assert lapses_on(standing_on(story(*ACTIVE), SIGNED_ON)) == date(2027, 2, 28)


def test_nothing_happens_before_what_happened() -> None:
    (early,) = story((MandateEventKind.USED, 3))

    assert doubt_event(story(*ACTIVE, (MandateEventKind.USED, 9)), early) == (MandateReason.BEFORE_LAST,)


@given(st.lists(st.tuples(st.sampled_from(list(MandateEventKind)), st.integers(0, 2000)), max_size=12), st.randoms())
def test_a_story_that_the_rules_let_grow_reads_the_same_in_any_order_and_never_comes_back(
    steps: list[tuple[MandateEventKind, int]], order: random.Random
) -> None:
    grown: list[MandateEvent] = []
    for event in story(*steps):
        if not doubt_event(grown, event):
            grown.append(event)
    day = SIGNED_ON + timedelta(days=2000)

    assert standing_on(order.sample(grown, len(grown)), day) == standing_on(grown, day)
    over = [one for one in grown if standing_on(grown, one.valid_from).state in OVER]
    assert len(over) == 0 or standing_on(grown, day).state in OVER


def test_a_mandate_nobody_signed_is_nothing() -> None:
    assert standing_on([], SIGNED_ON).state is MandateState.NONE


# batches


def test_a_batch_is_announced_before_its_file_is_made() -> None:
    assert not may_become(DirectDebitState.DRAFTED, DirectDebitState.FILE_MADE)
    assert may_become(DirectDebitState.ANNOUNCED, DirectDebitState.FILE_MADE)
    assert not any(may_become(DirectDebitState.BOOKED, one) for one in DirectDebitState)


def test_fourteen_days_are_fourteen_days() -> None:
    collection = date(2026, 5, 15)

    assert is_announced_long_enough(date(2026, 5, 1), collection, 14)
    assert not is_announced_long_enough(date(2026, 5, 2), collection, 14)
    assert is_announced_long_enough(collection, collection, 0)


def test_the_first_use_is_told_apart() -> None:
    assert [sequence_of(uses) for uses in (0, 1, 2)] == [Sequence.FIRST, Sequence.RECURRING, Sequence.RECURRING]
    assert batches_in_order([Sequence.RECURRING, Sequence.FIRST]) == (Sequence.FIRST, Sequence.RECURRING)
