"""Offices with their terms, and what the board should be warned of.

An office follows from a decision with a number; ending it early asks for another decision. How long a term may last,
how many terms there may be and how many people the board has stands in the statutes of the day.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from ecoop.governance.roles import Role
from ecoop.governance.statutes import Statutes, Term, is_over_most_terms, last_day_by_statutes


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
    ENDS_LATER = "office_ends_later"
    OVER_ALREADY = "office_over_already"
    DECISION_UNKNOWN = "office_decision_unknown"
    DECISION_ANNULLED = "office_decision_annulled"
    DECISION_LATER = "office_decision_later"
    WORDS_UNUSABLE = "decision_words_unusable"
    DECIDED_IN_FUTURE = "decision_in_future"
    PAPER_UNKNOWN = "decision_paper_unknown"
    SUBJECT_MISSING = "decision_subject_missing"
    ANNULS_UNKNOWN = "decision_annuls_unknown"
    ANNULLED_ALREADY = "decision_annulled_already"
    ANNULS_LATER = "decision_annuls_later"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An office that somebody holds, held or will hold: until a day (not included), or None without an end."""

    party_id: int
    office: Office
    starts_on: date
    ends_on: date | None = None

    def runs_on(self, day: date) -> bool:
        """Whether it is held on `day`."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


class Warned(StrEnum):
    """What the board should look at."""

    TERM_OVER = "office_term_over"
    TERM_ENDS_SOON = "office_term_ends_soon"
    TOO_MANY_TERMS = "office_too_many_terms"
    BOARD_TOO_SMALL = "office_board_too_small"
    OFFICE_TWICE = "office_twice"
    NOT_A_MEMBER = "office_not_a_member"
    OFFICE_WITHOUT_ROLE = "office_without_role"
    ROLE_WITHOUT_OFFICE = "office_role_without_office"
    TRADE_REGISTER = "office_trade_register"


SOON = timedelta(days=183)
"""Half a year: time to find somebody and to call a general meeting."""
TRADE_REGISTER_WEEKS = 8
"""For how long a change of the board is shown as something to report to the trade register (KvK)."""
ONE_HOLDER = frozenset({Office.CHAIR, Office.SECRETARY, Office.TREASURER})
"""Offices that one person holds at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeWarning:
    """One thing to look at: about whom and which office, and from which day it counts."""

    kind: Warned
    party_id: int | None = None
    account_id: int | None = None
    office: Office | None = None
    day: date | None = None
    count: int | None = None


def term_end(held: Held, statutes: Statutes | None) -> date | None:
    """The first day without this office: as decided, and never later than the statutes allow; None: no end is set."""
    by_statutes = None
    if statutes is not None and held.office in BOARD_OFFICES:
        by_statutes = last_day_by_statutes(statutes, Term(starts_on=held.starts_on, ends_on=held.ends_on))
    ends = [day for day in (held.ends_on, by_statutes) if day is not None]
    return min(ends) if ends else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What stands around the offices on a day: who is a member, and who holds which role on the platform.

    `accounts` gives the login of a party; `roles` gives the logins that hold a role today. None for `members`: nobody
    looked whether office holders are members.
    """

    members: frozenset[int] | None = None
    accounts: Mapping[int, int] = field(default_factory=dict)
    roles: Mapping[Role, frozenset[int]] = field(default_factory=dict)


def office_warnings(
    offices: Sequence[Held], statutes: Statutes | None, around: Around, *, day: date
) -> tuple[OfficeWarning, ...]:
    """Everything the board should look at on `day`, in the order of `Warned`."""
    found = [
        *_warn_terms(offices, statutes, day),
        *_warn_board(offices, statutes, around, day),
        *_warn_roles(offices, around, day),
    ]
    places = {kind: place for place, kind in enumerate(Warned)}
    return tuple(sorted(found, key=lambda one: places[one.kind]))


def _warn_terms(offices: Sequence[Held], statutes: Statutes | None, day: date) -> Iterator[OfficeWarning]:
    for held in offices:
        end = term_end(held, statutes)
        if held.runs_on(day) and end is not None and not _goes_on(held, offices, end):
            about = {"party_id": held.party_id, "office": held.office, "day": end}
            if end <= day:
                yield OfficeWarning(kind=Warned.TERM_OVER, **about)  # type: ignore[arg-type]
            elif end - day <= SOON:
                yield OfficeWarning(kind=Warned.TERM_ENDS_SOON, **about)  # type: ignore[arg-type]
    for party_id, office in dict.fromkeys((one.party_id, one.office) for one in offices if one.runs_on(day)):
        terms = [
            Term(starts_on=one.starts_on, ends_on=one.ends_on)
            for one in offices
            if (one.party_id, one.office) == (party_id, office) and one.starts_on <= day
        ]
        if statutes is not None and office in BOARD_OFFICES and is_over_most_terms(statutes, terms):
            yield OfficeWarning(kind=Warned.TOO_MANY_TERMS, party_id=party_id, office=office, count=len(terms))


def _goes_on(held: Held, offices: Sequence[Held], end: date) -> bool:
    """Whether a next term of the same office begins on the day this one ends, so that nothing has to be done."""
    return any(
        other is not held
        and (other.party_id, other.office) == (held.party_id, held.office)
        and held.starts_on < other.starts_on <= end
        for other in offices
    )


def _warn_board(
    offices: Sequence[Held], statutes: Statutes | None, around: Around, day: date
) -> Iterator[OfficeWarning]:
    board = [one for one in offices if one.office in BOARD_OFFICES and one.runs_on(day)]
    size = len({one.party_id for one in board})
    if statutes is not None and size < statutes.smallest_board:
        yield OfficeWarning(kind=Warned.BOARD_TOO_SMALL, count=size)
    for office in ONE_HOLDER:
        holders = {one.party_id for one in board if one.office is office}
        if len(holders) > 1:
            yield OfficeWarning(kind=Warned.OFFICE_TWICE, office=office, count=len(holders))
    asks_members = statutes is not None and not statutes.outsiders_on_board and around.members is not None
    for party_id in dict.fromkeys(one.party_id for one in board):
        if asks_members and party_id not in (around.members or frozenset()):
            yield OfficeWarning(kind=Warned.NOT_A_MEMBER, party_id=party_id)
    changed = [day_ for day_ in _board_changes(offices, day) if day - timedelta(weeks=TRADE_REGISTER_WEEKS) < day_]
    if changed:
        yield OfficeWarning(kind=Warned.TRADE_REGISTER, day=max(changed))


def _board_changes(offices: Sequence[Held], day: date) -> Iterator[date]:
    """The days until `day` on which somebody came onto the board or left it; a next term is no change."""
    for held in offices:
        if held.office in BOARD_OFFICES:
            same = [one for one in offices if (one.party_id, one.office) == (held.party_id, held.office)]
            if held.starts_on <= day and not any(one.ends_on == held.starts_on for one in same):
                yield held.starts_on
            ends = held.ends_on
            if ends is not None and ends <= day and not any(one.starts_on == ends for one in same):
                yield ends


def _warn_roles(offices: Sequence[Held], around: Around, day: date) -> Iterator[OfficeWarning]:
    """Where the platform lets somebody do what no decision appointed them to, and the other way round."""
    running = [one for one in offices if one.runs_on(day)]
    for held in running:
        role = ROLE_OF.get(held.office)
        if role is not None and around.accounts.get(held.party_id) not in around.roles.get(role, frozenset()):
            yield OfficeWarning(kind=Warned.OFFICE_WITHOUT_ROLE, party_id=held.party_id, office=held.office)
    for office, role in ROLE_OF.items():
        appointed = {around.accounts.get(one.party_id) for one in running if one.office is office}
        for account_id in sorted(around.roles.get(role, frozenset()) - appointed):
            yield OfficeWarning(kind=Warned.ROLE_WITHOUT_OFFICE, account_id=account_id, office=office)
