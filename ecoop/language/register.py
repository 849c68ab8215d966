"""The member register in words: what somebody is, what happened, what is known of a party."""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field

from ecoop.language import Language, current, gettext, mark

STATUSES: Mapping[str, str] = {
    "none": mark("no member"),
    "applicant": mark("applicant"),
    "refused": mark("application refused"),
    "member": mark("member"),
    "suspended": mark("suspended member"),
    "former": mark("former member"),
}

EVENTS: Mapping[str, str] = {
    "applied": mark("Applied"),
    "withdrawn": mark("Application withdrawn"),
    "admitted": mark("Admitted as a member"),
    "refused": mark("Application refused"),
    "readmitted": mark("Admitted as a member again"),
    "class_changed": mark("Kind of membership changed"),
    "suspended": mark("Membership suspended"),
    "reinstated": mark("Suspension ended"),
    "notice_given": mark("Notice given"),
    "notice_withdrawn": mark("Notice withdrawn"),
    "ended": mark("Membership ended"),
    "transferred": mark("Membership transferred"),
    "corrected": mark("Register corrected"),
}

END_REASONS: Mapping[str, str] = {
    "resignation": mark("resignation by the member"),
    "resignation_by_cooperative": mark("notice by the cooperative"),
    "expulsion": mark("expulsion"),
    "death": mark("death"),
    "dissolution": mark("the organisation ceased to exist"),
    "transfer": mark("transfer"),
}

PARTY_KINDS: Mapping[str, str] = {
    "person": mark("Person"),
    "organisation": mark("Organisation"),
    "owners_association": mark("Owners' association (VvE)"),
    "corporation": mark("Housing corporation"),
    "household": mark("Household"),
}

CLASSES: Mapping[str, str] = {
    "owner_occupier": mark("Owner-occupier"),
    "tenant": mark("Tenant"),
    "business": mark("Business"),
}
"""The kinds of membership that a cooperative begins with; its statutes may know others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes:
    """The kinds of membership of a cooperative: which can be chosen today, and the Dutch and English name of each."""

    chosen_from: tuple[str, ...] = tuple(CLASSES)
    names: Mapping[str, tuple[str, str]] = field(default_factory=dict)


_known: ContextVar[Callable[[], Classes]] = ContextVar("classes", default=Classes)


def choose_classes(read: Callable[[], Classes]) -> None:
    """Whose kinds of membership are named for the rest of this context; `read` is asked when one is named."""
    found: list[Classes] = []

    def once() -> Classes:
        if not found:
            found.append(read())
        return found[0]

    _known.set(once)


def class_codes() -> tuple[str, ...]:
    """The kinds of membership that can be chosen."""
    return _known.get()().chosen_from


def status_name(status: str) -> str:
    """What somebody is."""
    return gettext(STATUSES[status])


def event_name(kind: str) -> str:
    """What happened."""
    return gettext(EVENTS[kind])


def end_reason_name(reason: str) -> str:
    """Why a membership ended."""
    return gettext(END_REASONS[reason])


def party_kind_name(kind: str) -> str:
    """What a party is."""
    return gettext(PARTY_KINDS[kind])


def class_name(code: str | None) -> str:
    """A kind of membership as the statutes name it; one that nobody knows shows its code."""
    if code is None:
        return ""
    names = _known.get()().names.get(code)
    if names is not None:
        return names[0] if current() is Language.DUTCH else names[1]
    return gettext(CLASSES[code]) if code in CLASSES else code
