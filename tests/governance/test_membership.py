"""What somebody is follows from the events: on any day, and as it was known at any instant."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecoop.governance.membership import (
    EndReason,
    EventKind,
    MembershipEvent,
    MembershipReason,
    Standing,
    Status,
    doubt_event,
    known_events,
    spans,
    standing_on,
    story_holds,
)

JANUARY = date(2024, 1, 1)
NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)


class Story:
    """Events of one membership, told in order of recording."""

    def __init__(self) -> None:
        self.events: list[MembershipEvent] = []

    def tell(
        self,
        kind: EventKind,
        day: date,
        *,
        recorded: datetime | None = None,
        class_code: str | None = None,
        end_reason: EndReason | None = None,
        corrects: int | None = None,
    ) -> MembershipEvent:
        number = len(self.events) + 1
        event = MembershipEvent(
            id=number,
            kind=kind,
            valid_from=day,
            recorded_at=recorded or NOON + timedelta(days=number),
            class_code=class_code,
            end_reason=end_reason,
            corrects=corrects,
        )
        self.events.append(event)
        return event

    def on(self, day: date, known: datetime | None = None) -> Standing:
        return standing_on(self.events, day, known)


def a_member(since: date = JANUARY) -> Story:
    story = Story()
    story.tell(EventKind.APPLIED, since - timedelta(days=20), class_code="tenant")
    story.tell(EventKind.ADMITTED, since, class_code="tenant")
    return story


def refused(story: Story, kind: EventKind, day: date, **given_: object) -> tuple[MembershipReason, ...]:
    story.tell(kind, day, **given_)  # type: ignore[arg-type]
    return doubt_event(story.events[:-1], story.events[-1])


def test_who_applied_is_an_applicant_until_admitted() -> None:
    story = a_member()

    assert story.on(JANUARY - timedelta(days=1)).status is Status.APPLICANT
    assert story.on(JANUARY).status is Status.MEMBER
    assert story.on(JANUARY - timedelta(days=21)).status is Status.NONE


def test_a_leaver_of_31_december_is_a_member_on_that_day() -> None:
    story = a_member()
    story.tell(EventKind.ENDED, date(2025, 1, 1), end_reason=EndReason.RESIGNATION)

    assert story.on(date(2024, 12, 31)).is_member
    assert story.on(date(2025, 1, 1)).status is Status.FORMER


def test_a_day_of_the_past_can_be_read_as_it_was_known_then() -> None:
    story = a_member()
    late = NOON + timedelta(days=200)
    story.tell(EventKind.ENDED, date(2024, 3, 1), end_reason=EndReason.DEATH, recorded=late)

    assert story.on(date(2024, 4, 1), known=late - timedelta(seconds=1)).is_member
    assert story.on(date(2024, 4, 1), known=late).status is Status.FORMER


def test_who_comes_back_keeps_the_history() -> None:
    story = a_member()
    story.tell(EventKind.ENDED, date(2024, 6, 1), end_reason=EndReason.RESIGNATION)
    story.tell(EventKind.READMITTED, date(2025, 2, 1), class_code="owner_occupier")
    standing = story.on(date(2025, 3, 1))

    assert len(standing.periods) == 2
    assert (standing.first_member_on, standing.member_since) == (JANUARY, date(2025, 2, 1))
    assert standing.class_code == "owner_occupier"


def test_a_suspension_leaves_somebody_a_member() -> None:
    story = a_member()
    story.tell(EventKind.SUSPENDED, date(2024, 2, 1))
    story.tell(EventKind.REINSTATED, date(2024, 3, 1))

    assert story.on(date(2024, 2, 15)).status is Status.SUSPENDED
    assert story.on(date(2024, 2, 15)).is_member
    assert story.on(date(2024, 3, 1)).status is Status.MEMBER


def test_a_correction_takes_an_event_out_from_when_it_was_recorded() -> None:
    story = a_member()
    mistake = story.tell(EventKind.ENDED, date(2024, 6, 1), end_reason=EndReason.RESIGNATION)
    mended = story.tell(EventKind.CORRECTED, date(2024, 6, 1), corrects=mistake.id)
    day = date(2024, 7, 1)

    assert story.on(day).is_member
    assert not story.on(day, known=mended.recorded_at - timedelta(seconds=1)).is_member


def test_a_correction_can_be_corrected() -> None:
    story = a_member()
    ended = story.tell(EventKind.ENDED, date(2024, 6, 1), end_reason=EndReason.RESIGNATION)
    mistake = story.tell(EventKind.CORRECTED, date(2024, 6, 1), corrects=ended.id)
    story.tell(EventKind.CORRECTED, date(2024, 6, 1), corrects=mistake.id)

    assert story.on(date(2024, 7, 1)).status is Status.FORMER


def test_notice_is_given_before_the_end_and_can_be_withdrawn() -> None:
    story = a_member()
    story.tell(EventKind.NOTICE_GIVEN, date(2024, 5, 1))
    assert story.on(date(2024, 5, 2)).notice_on == date(2024, 5, 1)

    story.tell(EventKind.NOTICE_WITHDRAWN, date(2024, 5, 10))
    assert story.on(date(2024, 5, 10)).notice_on is None
    assert story.on(date(2024, 5, 9)).notice_on == date(2024, 5, 1)


def test_an_application_that_was_refused_leaves_no_member() -> None:
    story = Story()
    story.tell(EventKind.APPLIED, JANUARY, class_code="tenant")
    story.tell(EventKind.REFUSED, date(2024, 2, 1))

    assert story.on(date(2024, 3, 1)).status is Status.REFUSED
    assert story.on(date(2024, 3, 1)).periods == ()


@pytest.mark.parametrize(
    ("kind", "given_", "reason"),
    [
        (EventKind.APPLIED, {"class_code": "tenant"}, MembershipReason.ALREADY_MEMBER),
        (EventKind.ADMITTED, {"class_code": "tenant"}, MembershipReason.ALREADY_MEMBER),
        (EventKind.REINSTATED, {}, MembershipReason.NOT_SUSPENDED),
        (EventKind.REFUSED, {}, MembershipReason.NO_APPLICATION),
        (EventKind.CLASS_CHANGED, {"class_code": "tenant"}, MembershipReason.SAME_CLASS),
        (EventKind.CLASS_CHANGED, {}, MembershipReason.CLASS_MISSING),
        (EventKind.NOTICE_WITHDRAWN, {}, MembershipReason.NO_NOTICE),
        (EventKind.ENDED, {}, MembershipReason.REASON_MISSING),
        (EventKind.CORRECTED, {"corrects": 99}, MembershipReason.NOTHING_TO_CORRECT),
    ],
    ids=str,
)
def test_what_cannot_happen_to_a_member_is_told(
    kind: EventKind, given_: dict[str, object], reason: MembershipReason
) -> None:
    assert refused(a_member(), kind, date(2024, 2, 1), **given_) == (reason,)


def test_one_membership_ends_once() -> None:
    story = a_member()
    story.tell(EventKind.ENDED, date(2024, 6, 1), end_reason=EndReason.RESIGNATION)

    assert refused(story, EventKind.ENDED, date(2024, 7, 1), end_reason=EndReason.RESIGNATION) == (
        MembershipReason.NOT_MEMBER,
    )


def test_who_was_a_member_is_readmitted_not_admitted() -> None:
    story = a_member()
    story.tell(EventKind.ENDED, date(2024, 6, 1), end_reason=EndReason.RESIGNATION)

    assert refused(story, EventKind.ADMITTED, date(2025, 1, 1), class_code="tenant") == (
        MembershipReason.WAS_MEMBER_BEFORE,
    )


def test_an_event_in_the_past_may_not_contradict_what_came_later() -> None:
    story = a_member()
    story.tell(EventKind.SUSPENDED, date(2024, 6, 1))

    assert refused(story, EventKind.ENDED, date(2024, 3, 1), end_reason=EndReason.RESIGNATION) == (
        MembershipReason.BREAKS_LATER,
    )


def test_what_everything_rests_on_cannot_be_corrected_away() -> None:
    story = a_member()
    story.tell(EventKind.CLASS_CHANGED, date(2024, 6, 1), class_code="owner_occupier")

    assert refused(story, EventKind.CORRECTED, JANUARY, corrects=2) == (MembershipReason.BREAKS_LATER,)


# for every story


@st.composite
def stories(draw: st.DrawFn) -> list[MembershipEvent]:
    """Stories of up to twelve events, of which each was allowed when it was told."""
    events: list[MembershipEvent] = []
    for number in range(1, draw(st.integers(1, 12)) + 1):
        event = MembershipEvent(
            id=number,
            kind=draw(st.sampled_from(list(EventKind))),
            valid_from=JANUARY + timedelta(days=draw(st.integers(0, 60))),
            recorded_at=NOON + timedelta(hours=draw(st.integers(0, 5)), minutes=number),
            class_code=draw(st.sampled_from(["tenant", "owner_occupier", "business"])),
            end_reason=EndReason.RESIGNATION,
            corrects=draw(st.integers(1, number)),
        )
        if not doubt_event(events, event):
            events.append(event)
    return events


@given(stories(), st.integers(0, 70), st.integers(0, 400), st.integers(0, 2**32))
def test_the_order_in_which_events_are_given_makes_no_difference(
    events: list[MembershipEvent], days: int, minutes: int, seed: int
) -> None:
    day, known = JANUARY + timedelta(days=days), NOON + timedelta(minutes=minutes)
    shuffled = list(events)
    random.Random(seed).shuffle(shuffled)

    assert standing_on(shuffled, day, known) == standing_on(events, day, known)


@given(stories(), st.randoms(use_true_random=False))
def test_replaying_events_in_any_recorded_order_gives_the_same_register(
    events: list[MembershipEvent], chance: random.Random
) -> None:
    """What happened on different days may be written down in any order: afterwards the register says the same."""
    once = {event.valid_from: event for event in events if event.kind is not EventKind.CORRECTED}
    told = sorted(once.values(), key=lambda event: event.valid_from)
    numbers = list(range(1, len(told) + 1))
    chance.shuffle(numbers)
    otherwise = [
        replace(event, id=number, recorded_at=NOON + timedelta(minutes=number))
        for event, number in zip(told, numbers, strict=True)
    ]

    assert spans(otherwise) == spans(told)


@given(stories())
def test_a_story_of_which_each_event_was_allowed_holds(events: list[MembershipEvent]) -> None:
    assert story_holds(events)


@given(stories(), st.integers(0, 400))
def test_what_is_recorded_later_never_changes_what_was_known(events: list[MembershipEvent], minutes: int) -> None:
    known = NOON + timedelta(minutes=minutes)
    by_then = [event for event in events if event.recorded_at <= known]

    for days in range(0, 61, 10):
        day = JANUARY + timedelta(days=days)
        assert standing_on(events, day, known) == standing_on(by_then, day, known)


@given(stories())
def test_periods_follow_each_other_and_only_the_last_is_open(events: list[MembershipEvent]) -> None:
    periods = standing_on(events, JANUARY + timedelta(days=100)).periods

    for earlier, later in pairwise(periods):
        assert earlier.ends_on is not None
        assert earlier.starts_on <= earlier.ends_on <= later.starts_on


@given(stories())
def test_a_correction_and_what_it_corrects_never_count(events: list[MembershipEvent]) -> None:
    counting = {event.id for event in known_events(events)}
    live = {e.id for e in events if e.kind is EventKind.CORRECTED} - {
        e.corrects for e in events if e.kind is EventKind.CORRECTED
    }

    assert not counting & {event.corrects for event in events if event.id in live}
    assert all(event.kind is not EventKind.CORRECTED for event in known_events(events))


@given(stories(), st.integers(0, 400))
def test_spans_say_of_every_day_what_the_events_say(events: list[MembershipEvent], minutes: int) -> None:
    known = NOON + timedelta(minutes=minutes)
    found = spans(events, known)

    for days in range(-1, 62):
        day = JANUARY + timedelta(days=days)
        here = [one for one in found if one.starts_on <= day and (one.ends_on is None or day < one.ends_on)]
        standing = standing_on(events, day, known)
        told = [(one.status, one.class_code, one.member_since, one.notice_on) for one in here]
        before_everything = standing == Standing() and not here
        assert before_everything or told == [
            (standing.status, standing.class_code, standing.member_since, standing.notice_on)
        ]


@given(stories())
def test_spans_follow_each_other_without_gaps(events: list[MembershipEvent]) -> None:
    found = spans(events)

    assert all(earlier.ends_on == later.starts_on for earlier, later in pairwise(found))
    assert not found or found[-1].ends_on is None
