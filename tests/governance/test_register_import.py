"""Undoing an import, decided on events alone."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ecoop.governance.membership import (
    EndReason,
    EventKind,
    MembershipEvent,
    MembershipReason,
    first_doubt,
    known_events,
    standing_on,
    still_standing,
)
from ecoop.governance.register_import import built_upon, taken_back, to_take_out

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
_numbers = count(1)


def an_event(kind: EventKind, day: date, *, hours: int = 0, **given_: Any) -> MembershipEvent:
    if kind in {EventKind.ADMITTED, EventKind.READMITTED, EventKind.CLASS_CHANGED}:
        given_ = {"class_code": "tenant"} | given_
    if kind is EventKind.ENDED:
        given_ = {"end_reason": EndReason.RESIGNATION} | given_
    return MembershipEvent(
        id=next(_numbers), kind=kind, valid_from=day, recorded_at=FIRST + timedelta(hours=hours), **given_
    )


def without(events: list[MembershipEvent], made: frozenset[int]) -> list[MembershipEvent]:
    return [*events, *taken_back(events, made, at=FIRST + timedelta(days=9), key=lambda: next(_numbers))]


ADMITTED, ENDED = an_event(EventKind.ADMITTED, date(2019, 1, 1)), an_event(EventKind.ENDED, date(2021, 1, 1))
IMPORT = frozenset({ADMITTED.id, ENDED.id})


def test_what_an_import_told_counts_no_longer_once_it_is_taken_back() -> None:
    left = without([ADMITTED, ENDED], IMPORT)

    assert known_events(left) == []
    assert standing_on(left, date(2020, 1, 1), FIRST).is_member


def test_what_an_import_corrected_counts_again_once_it_is_taken_back() -> None:
    correction = an_event(EventKind.CORRECTED, ADMITTED.valid_from, hours=1, corrects=ADMITTED.id)
    instead = an_event(EventKind.ADMITTED, date(2019, 2, 1), hours=1)

    left = without([ADMITTED, correction, instead], frozenset({correction.id, instead.id}))

    assert known_events(left) == [ADMITTED]


def test_what_somebody_corrected_already_is_not_corrected_again() -> None:
    correction = an_event(EventKind.CORRECTED, ENDED.valid_from, hours=1, corrects=ENDED.id)

    assert to_take_out([ADMITTED, ENDED, correction], IMPORT) == (ADMITTED,)


def test_a_later_event_on_a_story_that_the_import_began_stands_in_the_way() -> None:
    later = an_event(EventKind.READMITTED, date(2022, 1, 1), hours=2)

    assert built_upon([ADMITTED, ENDED, later], IMPORT, FIRST) == (later,)


def test_a_later_event_that_can_stand_without_the_import_does_not() -> None:
    changed = an_event(EventKind.CLASS_CHANGED, date(2020, 1, 1), hours=1, class_code="owner_occupier")
    later = an_event(EventKind.SUSPENDED, date(2020, 6, 1), hours=2)

    assert built_upon([ADMITTED, changed, later], frozenset({changed.id}), changed.recorded_at) == ()


def test_a_later_event_that_needs_the_import_does() -> None:
    ended = an_event(EventKind.ENDED, date(2021, 1, 1), hours=1)
    later = an_event(EventKind.READMITTED, date(2022, 1, 1), hours=2)

    assert built_upon([ADMITTED, ended, later], frozenset({ended.id}), ended.recorded_at) == (later,)


@given(st.lists(st.sampled_from([ADMITTED, ENDED]), unique=True))
def test_taking_back_twice_takes_back_nothing_more(events: list[MembershipEvent]) -> None:
    left = without(events, IMPORT)

    assert to_take_out(left, IMPORT) == ()
    assert {one.kind for one in still_standing(left)} <= {EventKind.CORRECTED}


def test_a_whole_story_may_be_possible_though_its_events_are_not_one_by_one() -> None:
    assert first_doubt([ENDED, ADMITTED]) is None
    assert first_doubt([ENDED]) == (ENDED, MembershipReason.NOT_MEMBER)


def test_the_first_event_that_cannot_be_is_named() -> None:
    again = an_event(EventKind.ADMITTED, date(2022, 1, 1))
    nothing = MembershipEvent(id=0, kind=EventKind.ADMITTED, valid_from=date(2019, 1, 1), recorded_at=FIRST)

    assert first_doubt([ADMITTED, ENDED, again]) == (again, MembershipReason.WAS_MEMBER_BEFORE)
    assert first_doubt([nothing]) == (nothing, MembershipReason.CLASS_MISSING)
