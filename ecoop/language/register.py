"""The member register in words: what somebody is, what happened, what is known of a party."""

from collections.abc import Mapping

from ecoop.language import gettext, mark

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
    """A kind of membership; one that the cooperative named itself shows its code."""
    if code is None:
        return ""
    return gettext(CLASSES[code]) if code in CLASSES else code
