"""Membership as a story of events: what somebody is on a day follows from them, as it was known at an instant.

Nothing is overwritten. Each event says from which day it counts (valid from) and when it was written down (recorded
at); a correction takes an earlier event out from the moment it was recorded. So the register of any day can be read
as it stands now, and as it was known then: the list that a past general meeting used can be made again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum


class EventKind(StrEnum):
    """What happened to a membership (Dutch term in the comment)."""

    APPLIED = "applied"  # aangemeld
    WITHDRAWN = "withdrawn"  # aanmelding ingetrokken
    ADMITTED = "admitted"  # toegelaten
    REFUSED = "refused"  # geweigerd
    READMITTED = "readmitted"  # opnieuw toegelaten
    CLASS_CHANGED = "class_changed"  # andere lidmaatschapssoort
    SUSPENDED = "suspended"  # geschorst
    REINSTATED = "reinstated"  # schorsing opgeheven
    NOTICE_GIVEN = "notice_given"  # opgezegd
    NOTICE_WITHDRAWN = "notice_withdrawn"  # opzegging ingetrokken
    ENDED = "ended"  # geëindigd
    TRANSFERRED = "transferred"  # overgedragen, met de woning
    CORRECTED = "corrected"  # gecorrigeerd


class EndReason(StrEnum):
    """Why a membership ended (art. 2:35 BW names the first four)."""

    RESIGNATION = "resignation"  # opzegging door het lid
    RESIGNATION_BY_COOPERATIVE = "resignation_by_cooperative"  # opzegging door de coöperatie
    EXPULSION = "expulsion"  # ontzetting (royement)
    DEATH = "death"  # overlijden
    DISSOLUTION = "dissolution"  # de rechtspersoon houdt op te bestaan
    TRANSFER = "transfer"  # overdracht


class Status(StrEnum):
    """What somebody is on a day."""

    NONE = "none"
    APPLICANT = "applicant"
    REFUSED = "refused"
    MEMBER = "member"
    SUSPENDED = "suspended"
    FORMER = "former"


IS_MEMBER = frozenset({Status.MEMBER, Status.SUSPENDED})
"""A suspended member is a member without most rights."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipEvent:
    """One event. `id` orders events that were recorded at the same instant.

    `valid_from` is the first day on which it counts: an ENDED of 1 January leaves somebody a member on 31 December.
    `class_code` comes with APPLIED, ADMITTED, READMITTED and CLASS_CHANGED; `end_reason` with ENDED and TRANSFERRED;
    `corrects` names the event that a CORRECTED takes out.
    """

    id: int
    kind: EventKind
    valid_from: date
    recorded_at: datetime
    class_code: str | None = None
    end_reason: EndReason | None = None
    corrects: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A time as a member: since when, and the first day without (None: still, or no end is known)."""

    starts_on: date
    ends_on: date | None = None
    end_reason: EndReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What somebody is on a day. `periods` holds every time as a member that began by then, oldest first."""

    status: Status = Status.NONE
    class_code: str | None = None
    since: date | None = None
    """The day on which the present status began."""
    notice_on: date | None = None
    """When notice was given, if it was and was not withdrawn."""
    periods: tuple[Period, ...] = ()

    @property
    def is_member(self) -> bool:
        """Whether it is a member, suspended or not."""
        return self.status in IS_MEMBER

    @property
    def member_since(self) -> date | None:
        """The first day of the present time as a member."""
        return self.periods[-1].starts_on if self.is_member and self.periods else None

    @property
    def first_member_on(self) -> date | None:
        """The first day ever as a member; a readmission does not change it."""
        return self.periods[0].starts_on if self.periods else None


class MembershipReason(StrEnum):
    """Why an event cannot happen."""

    ALREADY_APPLIED = "membership_already_applied"
    NO_APPLICATION = "membership_no_application"
    ALREADY_MEMBER = "membership_already_member"
    NEVER_MEMBER = "membership_never_member"
    WAS_MEMBER_BEFORE = "membership_was_member_before"
    NOT_MEMBER = "membership_not_member"
    NOT_SUSPENDED = "membership_not_suspended"
    ALREADY_SUSPENDED = "membership_already_suspended"
    NOTICE_ALREADY_GIVEN = "membership_notice_already_given"
    NO_NOTICE = "membership_no_notice"
    SAME_CLASS = "membership_same_class"
    CLASS_MISSING = "membership_class_missing"
    REASON_MISSING = "membership_reason_missing"
    NOTHING_TO_CORRECT = "membership_nothing_to_correct"
    BREAKS_LATER = "membership_breaks_later"
    MERGED = "membership_merged"


_ALLOWED: dict[EventKind, frozenset[Status]] = {
    EventKind.APPLIED: frozenset({Status.NONE, Status.REFUSED, Status.FORMER}),
    EventKind.WITHDRAWN: frozenset({Status.APPLICANT}),
    EventKind.ADMITTED: frozenset({Status.NONE, Status.APPLICANT, Status.REFUSED}),
    EventKind.REFUSED: frozenset({Status.APPLICANT}),
    EventKind.READMITTED: frozenset({Status.FORMER, Status.APPLICANT, Status.REFUSED}),
    EventKind.CLASS_CHANGED: IS_MEMBER,
    EventKind.SUSPENDED: frozenset({Status.MEMBER}),
    EventKind.REINSTATED: frozenset({Status.SUSPENDED}),
    EventKind.NOTICE_GIVEN: IS_MEMBER,
    EventKind.NOTICE_WITHDRAWN: IS_MEMBER,
    EventKind.ENDED: IS_MEMBER,
    EventKind.TRANSFERRED: IS_MEMBER,
}
"""In which status an event can happen."""

_ORDER = {kind: place for place, kind in enumerate(EventKind)}
_NEEDS_CLASS = frozenset({EventKind.APPLIED, EventKind.ADMITTED, EventKind.READMITTED, EventKind.CLASS_CHANGED})
_ENDS = frozenset({EventKind.ENDED, EventKind.TRANSFERRED})


def known_events(events: Iterable[MembershipEvent], known_at: datetime | None = None) -> list[MembershipEvent]:
    """The events that count as far as was known at `known_at` (None: now), in the order in which they count.

    What was recorded later, and what was taken out by a correction recorded by then, is left out. A correction can be
    corrected: then what it took out counts again. The order is by day, then by kind, then as recorded; so it does not
    matter in which order the events are given.
    """
    seen = sorted(
        (event for event in events if known_at is None or event.recorded_at <= known_at),
        key=lambda event: (event.recorded_at, event.id),
    )
    taken_out = _taken_out(seen)
    counting = [event for event in seen if event.kind is not EventKind.CORRECTED and event.id not in taken_out]
    return sorted(counting, key=lambda event: (event.valid_from, _ORDER[event.kind], event.recorded_at, event.id))


def _taken_out(seen: Sequence[MembershipEvent]) -> frozenset[int]:
    """What corrections that count take out, of events in the order in which they were recorded."""
    taken_out: set[int] = set()
    for event in reversed(seen):  # a correction is younger than what it corrects
        if event.kind is EventKind.CORRECTED and event.id not in taken_out and event.corrects is not None:
            taken_out.add(event.corrects)
    return frozenset(taken_out)


def still_standing(events: Iterable[MembershipEvent]) -> tuple[MembershipEvent, ...]:
    """The events that no correction took out, corrections included, in the order in which they were recorded."""
    seen = sorted(events, key=lambda event: (event.recorded_at, event.id))
    gone = _taken_out(seen)
    return tuple(event for event in seen if event.id not in gone)


def standing_on(events: Iterable[MembershipEvent], day: date, known_at: datetime | None = None) -> Standing:
    """What somebody is on `day`, as known at `known_at` (None: now)."""
    standing = Standing()
    for event in known_events(events, known_at):
        if event.valid_from > day:
            break
        standing = _after(standing, event)
    return standing


def _after(standing: Standing, event: MembershipEvent) -> Standing:  # noqa: C901  one line for each kind
    """The standing once `event` counts."""
    day = event.valid_from
    match event.kind:
        case EventKind.APPLIED:
            return replace(standing, status=Status.APPLICANT, class_code=event.class_code, since=day)
        case EventKind.WITHDRAWN:
            back = Status.FORMER if standing.periods else Status.NONE
            return replace(standing, status=back, since=day)
        case EventKind.REFUSED:
            return replace(standing, status=Status.REFUSED, since=day)
        case EventKind.ADMITTED | EventKind.READMITTED:
            periods = (*standing.periods, Period(starts_on=day))
            return Standing(status=Status.MEMBER, class_code=event.class_code, since=day, periods=periods)
        case EventKind.CLASS_CHANGED:
            return replace(standing, class_code=event.class_code)
        case EventKind.SUSPENDED:
            return replace(standing, status=Status.SUSPENDED, since=day)
        case EventKind.REINSTATED:
            return replace(standing, status=Status.MEMBER, since=day)
        case EventKind.NOTICE_GIVEN:
            return replace(standing, notice_on=day)
        case EventKind.NOTICE_WITHDRAWN:
            return replace(standing, notice_on=None)
        case EventKind.ENDED | EventKind.TRANSFERRED:
            return _ended(standing, event)
        case _:
            return standing


def _ended(standing: Standing, event: MembershipEvent) -> Standing:
    if not standing.periods:
        return standing
    last = replace(standing.periods[-1], ends_on=event.valid_from, end_reason=event.end_reason)
    periods = (*standing.periods[:-1], last)
    return replace(standing, status=Status.FORMER, since=event.valid_from, notice_on=None, periods=periods)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days on which the standing is the same: from a day until a day (not included; None: until further notice)."""

    status: Status
    class_code: str | None
    starts_on: date
    ends_on: date | None
    member_since: date | None
    notice_on: date | None


def spans(events: Iterable[MembershipEvent], known_at: datetime | None = None) -> tuple[Span, ...]:
    """The whole story as spans that follow each other without gaps, from the first event on.

    On each day the span that holds it says what `standing_on` says.
    """
    found: list[Span] = []
    standing = Standing()
    for event in known_events(events, known_at):
        standing = _after(standing, event)
        if found and found[-1].starts_on == event.valid_from:
            found.pop()
        elif found:
            found[-1] = replace(found[-1], ends_on=event.valid_from)
        found.append(_span(standing, event.valid_from))
    return tuple(_joined(found))


def _span(standing: Standing, starts_on: date) -> Span:
    return Span(
        status=standing.status,
        class_code=standing.class_code,
        starts_on=starts_on,
        ends_on=None,
        member_since=standing.member_since,
        notice_on=standing.notice_on,
    )


def _joined(found: Iterable[Span]) -> Iterator[Span]:
    """Spans that say the same and touch each other, as one."""
    last: Span | None = None
    for span in found:
        if last is not None and replace(last, starts_on=span.starts_on, ends_on=span.ends_on) == span:
            last = replace(last, ends_on=span.ends_on)
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last


def doubt_event(events: Iterable[MembershipEvent], new: MembershipEvent) -> tuple[MembershipReason, ...]:
    """Why `new` cannot be added to `events`; nothing where it can.

    Looks at the standing on the day from which it counts, and whether every later event still can happen after it:
    a leaver cannot have been suspended since.
    """
    known = list(events)
    if new.kind is EventKind.CORRECTED:
        return tuple(_doubt_correction(known, new))
    before = standing_on([event for event in known_events(known) if _counts_before(event, new)], new.valid_from)
    problems = [*_doubt_content(new), *_doubt_step(before, new)]
    if not problems and not story_holds([*known, new]):
        problems.append(MembershipReason.BREAKS_LATER)
    return tuple(problems)


def _counts_before(event: MembershipEvent, new: MembershipEvent) -> bool:
    return (event.valid_from, _ORDER[event.kind]) <= (new.valid_from, _ORDER[new.kind])


def _doubt_content(new: MembershipEvent) -> Iterator[MembershipReason]:
    if new.kind in _NEEDS_CLASS and not new.class_code:
        yield MembershipReason.CLASS_MISSING
    if new.kind in _ENDS and new.end_reason is None:
        yield MembershipReason.REASON_MISSING


def _doubt_step(before: Standing, new: MembershipEvent) -> Iterator[MembershipReason]:
    if before.status not in _ALLOWED[new.kind]:
        yield _why_not(before, new.kind)
    elif new.kind is EventKind.ADMITTED and before.periods:
        yield MembershipReason.WAS_MEMBER_BEFORE
    elif new.kind is EventKind.READMITTED and not before.periods:
        yield MembershipReason.NEVER_MEMBER
    elif new.kind is EventKind.CLASS_CHANGED and new.class_code == before.class_code:
        yield MembershipReason.SAME_CLASS
    elif new.kind is EventKind.NOTICE_GIVEN and before.notice_on is not None:
        yield MembershipReason.NOTICE_ALREADY_GIVEN
    elif new.kind is EventKind.NOTICE_WITHDRAWN and before.notice_on is None:
        yield MembershipReason.NO_NOTICE


def _why_not(before: Standing, kind: EventKind) -> MembershipReason:
    if kind in {EventKind.ADMITTED, EventKind.READMITTED, EventKind.APPLIED} and before.is_member:
        return MembershipReason.ALREADY_MEMBER
    if kind is EventKind.APPLIED:
        return MembershipReason.ALREADY_APPLIED
    if kind is EventKind.ADMITTED:
        return MembershipReason.WAS_MEMBER_BEFORE
    if kind is EventKind.READMITTED:
        return MembershipReason.NEVER_MEMBER
    if kind in {EventKind.WITHDRAWN, EventKind.REFUSED}:
        return MembershipReason.NO_APPLICATION
    if kind is EventKind.REINSTATED:
        return MembershipReason.NOT_SUSPENDED
    if kind is EventKind.SUSPENDED and before.status is Status.SUSPENDED:
        return MembershipReason.ALREADY_SUSPENDED
    return MembershipReason.NOT_MEMBER


def _doubt_correction(known: list[MembershipEvent], new: MembershipEvent) -> Iterator[MembershipReason]:
    target = next((event for event in known if event.id == new.corrects), None)
    gone = {event.corrects for event in known if event.kind is EventKind.CORRECTED}
    if target is None or target.id in gone:
        yield MembershipReason.NOTHING_TO_CORRECT
    elif not story_holds([*known, new]):
        yield MembershipReason.BREAKS_LATER


def first_doubt(events: Iterable[MembershipEvent]) -> tuple[MembershipEvent, MembershipReason] | None:
    """The first event of a whole story that cannot be, and why; None where every event can follow those before it.

    For a story that comes in at once, such as a row of a sheet: its events need not be possible one by one.
    """
    standing = Standing()
    for event in known_events(events):
        for reason in (*_doubt_content(event), *_doubt_step(standing, event)):
            return event, reason
        standing = _after(standing, event)
    return None


def story_holds(events: Iterable[MembershipEvent]) -> bool:
    """Whether each event that counts can follow those before it."""
    standing = Standing()
    for event in known_events(events):
        if any(True for _ in _doubt_step(standing, event)):
            return False
        standing = _after(standing, event)
    return True
