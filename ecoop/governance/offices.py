"""Offices with their terms, and what the board should be warned of.

An office follows from a decision with a number; ending it early asks for another decision. How long a term may last,
how many terms there may be and how many people the board has stands in the statutes of the day.
"""

from enum import StrEnum

from ecoop.governance.roles import Role


class Body(StrEnum):
    """Who decides (Dutch term in the comment)."""

    FOUNDING = "founding"  # oprichting
    GENERAL_MEETING = "general_meeting"  # algemene ledenvergadering
    BOARD = "board"  # bestuur
    SUPERVISORY = "supervisory"  # raad van toezicht
    STEERING_GROUP = "steering_group"  # stuurgroep


class Office(StrEnum):
    """What somebody was appointed to (Dutch term in the comment)."""

    CHAIR = "chair"  # voorzitter
    SECRETARY = "secretary"  # secretaris
    TREASURER = "treasurer"  # penningmeester
    BOARD_MEMBER = "board_member"  # bestuurslid
    SUPERVISORY = "supervisory"  # lid van de raad van toezicht
    AUDIT_COMMITTEE = "audit_committee"  # lid van de kascommissie
    SIGNATORY = "signatory"  # tekenbevoegde, gevolmachtigde


BOARD_OFFICES = frozenset({Office.CHAIR, Office.SECRETARY, Office.TREASURER, Office.BOARD_MEMBER})
"""Who is on the board."""

ROLE_OF: dict[Office, Role] = {
    Office.CHAIR: Role.CHAIR,
    Office.SECRETARY: Role.SECRETARY,
    Office.TREASURER: Role.TREASURER,
    Office.BOARD_MEMBER: Role.BOARD_MEMBER,
    Office.AUDIT_COMMITTEE: Role.AUDIT_COMMITTEE,
}
"""The role on the platform that goes with an office; the others have none."""


class OfficeReason(StrEnum):
    """Why an office or a decision cannot be recorded as given."""

    PERIOD_EMPTY = "office_period_empty"
    ALREADY = "office_already"
    NO_PERSON = "office_no_person"
    DECISION_UNKNOWN = "office_decision_unknown"
    DECISION_ANNULLED = "office_decision_annulled"
    DECISION_LATER = "office_decision_later"
    SUBJECT_MISSING = "decision_subject_missing"
    ANNULS_UNKNOWN = "decision_annuls_unknown"
    ANNULLED_ALREADY = "decision_annulled_already"
    ANNULS_LATER = "decision_annuls_later"
