"""Statutes as dated data: what a cooperative agreed about membership, votes, proxies, notice and offices.

A rule of the law that was not verified carries a mark, and a rule without a clause of the statutes says so: neither is
presented as certain. Nothing here is advice.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum


class PartyKind(StrEnum):
    """What can be a party (Dutch term in the comment)."""

    PERSON = "person"  # natuurlijk persoon
    ORGANISATION = "organisation"  # rechtspersoon, bedrijf
    OWNERS_ASSOCIATION = "owners_association"  # VvE
    CORPORATION = "corporation"  # woningcorporatie
    HOUSEHOLD = "household"  # huishouden


class LegalForm(StrEnum):
    """What members answer for when the cooperative is dissolved with a deficit (art. 2:55 and 2:56 BW)."""

    EXCLUDED = "excluded"  # U.A., uitgesloten aansprakelijkheid
    LIMITED = "limited"  # B.A., beperkte aansprakelijkheid
    STATUTORY = "statutory"  # W.A., wettelijke aansprakelijkheid

    @property
    def asks_strict_register(self) -> bool:
        """Whether art. 2:61 BW asks for written applications and a list at the trade register [not verified]."""
        return self is not LegalForm.EXCLUDED


class EntryRule(StrEnum):
    """From when somebody who was admitted is a member."""

    DECISION = "decision"  # toelatingsbesluit
    FIRST_CONTRIBUTION = "first_contribution"  # eerste inleg of contributie ontvangen
    INSCRIPTION = "inscription"  # inschrijving in het register


class NoticeEnd(StrEnum):
    """On which day a membership ends after notice."""

    ANY_DAY = "any_day"
    END_OF_MONTH = "end_of_month"
    END_OF_FINANCIAL_YEAR = "end_of_financial_year"


class ProxyHolder(StrEnum):
    """Who may hold a proxy. The law says another who is entitled to vote, unless statutes differ (art. 2:38(4) BW)."""

    ENTITLED_VOTER = "entitled_voter"
    ANYBODY = "anybody"


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipClass:
    """A kind of membership (lidmaatschapssoort): for whom, and with how many votes."""

    code: str
    name_nl: str
    name_en: str
    votes: Decimal
    """Votes per member; exact, and zero for who may not vote."""
    open_to: frozenset[PartyKind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statutes:
    """One version of the statutes, from the day on which the notarial deed was passed."""

    valid_from: date
    legal_form: LegalForm
    classes: tuple[MembershipClass, ...]
    entry_rule: EntryRule
    minimum_age: int | None
    notice_weeks: int
    notice_end: NoticeEnd
    financial_year_ends: tuple[int, int] = (12, 31)
    """Month and day."""
    proxy_holder: ProxyHolder = ProxyHolder.ENTITLED_VOTER
    most_proxies: int | None = None
    """How many proxies one person may hold; None where the statutes set no limit."""
    most_votes: Decimal | None = None
    """The most that one member may cast; None where the statutes set no limit."""
    term_years: int | None = None
    most_terms: int | None = None
    smallest_board: int = 1
    outsiders_on_board: bool = False
    """Whether somebody who is no member may be on the board; the law says members (art. 2:37(1) BW) [not verified]."""
    clauses: tuple[tuple[str, str], ...] = ()
    """The article of the statutes for a rule, by the name of the rule."""

    def class_called(self, code: str | None) -> MembershipClass | None:
        """The class with this code, if these statutes know it."""
        return next((one for one in self.classes if one.code == code), None)


def in_force_on(versions: Iterable[Statutes], day: date) -> Statutes | None:
    """The version in force on `day`: the newest of those that began by then."""
    begun = [one for one in versions if one.valid_from <= day]
    return max(begun, key=lambda one: one.valid_from) if begun else None


def first_day_without(statutes: Statutes, notice_on: date) -> date:
    """The first day on which somebody who gives notice on `notice_on` is no member any more.

    The notice term runs first; then the statutes say on which day it ends. (The law's own rule, the end of the
    financial year with four weeks' notice, art. 2:36 BW, is not verified here: it is a value of the statutes.)
    """
    earliest = notice_on + timedelta(weeks=statutes.notice_weeks)
    match statutes.notice_end:
        case NoticeEnd.ANY_DAY:
            return earliest + timedelta(days=1)
        case NoticeEnd.END_OF_MONTH:
            return _month_after(earliest)
        case NoticeEnd.END_OF_FINANCIAL_YEAR:
            month, day = statutes.financial_year_ends
            last = _day_of(earliest.year, month, day)
            return (last if last >= earliest else _day_of(earliest.year + 1, month, day)) + timedelta(days=1)


def _month_after(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _day_of(year: int, month: int, day: int) -> date:
    """That day of the year; the last of February in a year that has no 29th."""
    try:
        return date(year, month, day)
    except ValueError:
        return _month_after(date(year, month, 1)) - timedelta(days=1)


class StatutesConflict(StrEnum):
    """How statutes contradict themselves or the law."""

    NO_CLASSES = "statutes_no_classes"
    CLASS_TWICE = "statutes_class_twice"
    NOBODY_VOTES = "statutes_nobody_votes"
    VOTES_NEGATIVE = "statutes_votes_negative"
    CLASS_FOR_NOBODY = "statutes_class_for_nobody"
    CAP_BELOW_CLASS = "statutes_cap_below_class"
    TERM_WITHOUT_LENGTH = "statutes_term_without_length"
    NOTICE_TOO_LONG = "statutes_notice_too_long"


LONGEST_NOTICE_WEEKS = 104
"""Leaving must stay free (art. 2:60 BW): a longer term than this is told as a doubt."""


def conflicts(statutes: Statutes) -> tuple[StatutesConflict, ...]:
    """What is wrong inside one version of the statutes."""
    return tuple(_conflicts(statutes))


def _conflicts(statutes: Statutes) -> Iterator[StatutesConflict]:
    classes = statutes.classes
    if not classes:
        yield StatutesConflict.NO_CLASSES
    elif all(one.votes == 0 for one in classes):
        yield StatutesConflict.NOBODY_VOTES
    if len({one.code for one in classes}) < len(classes):
        yield StatutesConflict.CLASS_TWICE
    if any(one.votes < 0 for one in classes):
        yield StatutesConflict.VOTES_NEGATIVE
    if any(not one.open_to for one in classes):
        yield StatutesConflict.CLASS_FOR_NOBODY
    if statutes.most_votes is not None and any(one.votes > statutes.most_votes for one in classes):
        yield StatutesConflict.CAP_BELOW_CLASS
    if statutes.most_terms is not None and statutes.term_years is None:
        yield StatutesConflict.TERM_WITHOUT_LENGTH
    if statutes.notice_weeks > LONGEST_NOTICE_WEEKS:
        yield StatutesConflict.NOTICE_TOO_LONG


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A time in office: from a day until a day (not included), as decided."""

    starts_on: date
    ends_on: date | None = None


def last_day_by_statutes(statutes: Statutes, term: Term) -> date | None:
    """The first day after the longest term that the statutes allow from its beginning; None where they set none."""
    if statutes.term_years is None:
        return None
    return _day_of(term.starts_on.year + statutes.term_years, term.starts_on.month, term.starts_on.day)


def is_over_most_terms(statutes: Statutes, terms: Sequence[Term]) -> bool:
    """Whether somebody was in this office more often than the statutes allow."""
    return statutes.most_terms is not None and len(terms) > statutes.most_terms
