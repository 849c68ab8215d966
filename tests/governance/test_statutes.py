"""Statutes as data: what is in force, when notice ends a membership, and what contradicts itself."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecoop.governance.statutes import (
    EntryRule,
    LegalForm,
    MembershipClass,
    NoticeEnd,
    PartyKind,
    Statutes,
    StatutesConflict,
    Term,
    conflicts,
    first_day_without,
    in_force_on,
    is_over_most_terms,
    last_day_by_statutes,
)

TENANT = MembershipClass(
    code="tenant", name_nl="Huurder", name_en="Tenant", votes=Decimal(1), open_to=frozenset({PartyKind.PERSON})
)
STATUTES = Statutes(
    valid_from=date(2018, 12, 18),
    legal_form=LegalForm.EXCLUDED,
    classes=(TENANT, replace(TENANT, code="associate", votes=Decimal(0))),
    entry_rule=EntryRule.DECISION,
    minimum_age=18,
    notice_weeks=4,
    notice_end=NoticeEnd.END_OF_FINANCIAL_YEAR,
)


def test_the_newest_version_that_began_is_in_force() -> None:
    later = replace(STATUTES, valid_from=date(2024, 5, 1), notice_weeks=8)

    assert in_force_on([later, STATUTES], date(2024, 4, 30)) is STATUTES
    assert in_force_on([STATUTES, later], date(2024, 5, 1)) is later
    assert in_force_on([later, STATUTES], date(2018, 12, 17)) is None


@pytest.mark.parametrize(
    ("ends", "notice", "first_day"),
    [
        (NoticeEnd.ANY_DAY, date(2026, 3, 2), date(2026, 3, 31)),
        (NoticeEnd.END_OF_MONTH, date(2026, 3, 2), date(2026, 4, 1)),
        (NoticeEnd.END_OF_MONTH, date(2026, 3, 4), date(2026, 5, 1)),
        (NoticeEnd.END_OF_MONTH, date(2026, 11, 20), date(2027, 1, 1)),
        (NoticeEnd.END_OF_FINANCIAL_YEAR, date(2026, 3, 2), date(2027, 1, 1)),
        (NoticeEnd.END_OF_FINANCIAL_YEAR, date(2026, 12, 3), date(2027, 1, 1)),
        (NoticeEnd.END_OF_FINANCIAL_YEAR, date(2026, 12, 4), date(2028, 1, 1)),
    ],
)
def test_notice_ends_a_membership_when_the_statutes_say(ends: NoticeEnd, notice: date, first_day: date) -> None:
    assert first_day_without(replace(STATUTES, notice_end=ends), notice) == first_day


def test_a_financial_year_may_end_in_february() -> None:
    statutes = replace(STATUTES, financial_year_ends=(2, 29), notice_weeks=0)

    assert first_day_without(statutes, date(2027, 1, 10)) == date(2027, 3, 1)
    assert first_day_without(statutes, date(2028, 1, 10)) == date(2028, 3, 1)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(list(NoticeEnd)), st.integers(0, 60))
def test_nobody_leaves_before_the_term_of_notice_is_over(notice: date, ends: NoticeEnd, weeks: int) -> None:
    statutes = replace(STATUTES, notice_end=ends, notice_weeks=weeks)

    assert (first_day_without(statutes, notice) - notice).days > 7 * weeks


def test_statutes_without_conflict_have_none() -> None:
    assert conflicts(STATUTES) == ()


@pytest.mark.parametrize(
    ("change", "conflict"),
    [
        ({"classes": ()}, StatutesConflict.NO_CLASSES),
        ({"classes": (TENANT, TENANT)}, StatutesConflict.CLASS_TWICE),
        ({"classes": (replace(TENANT, votes=Decimal(0)),)}, StatutesConflict.NOBODY_VOTES),
        ({"classes": (TENANT, replace(TENANT, code="x", votes=Decimal(-1)))}, StatutesConflict.VOTES_NEGATIVE),
        ({"classes": (replace(TENANT, open_to=frozenset()),)}, StatutesConflict.CLASS_FOR_NOBODY),
        ({"most_votes": Decimal("0.5")}, StatutesConflict.CAP_BELOW_CLASS),
        ({"most_terms": 2}, StatutesConflict.TERM_WITHOUT_LENGTH),
        ({"notice_weeks": 105}, StatutesConflict.NOTICE_TOO_LONG),
    ],
    ids=str,
)
def test_a_conflict_is_told(change: dict[str, object], conflict: StatutesConflict) -> None:
    assert conflicts(replace(STATUTES, **change)) == (conflict,)  # type: ignore[arg-type]


def test_a_term_of_office_ends_as_the_statutes_say() -> None:
    statutes = replace(STATUTES, term_years=4, most_terms=2)
    term = Term(starts_on=date(2024, 2, 29))

    assert last_day_by_statutes(statutes, term) == date(2028, 2, 29)
    assert last_day_by_statutes(replace(statutes, term_years=1), term) == date(2025, 2, 28)
    assert last_day_by_statutes(STATUTES, term) is None
    assert not is_over_most_terms(statutes, [term, term])
    assert is_over_most_terms(statutes, [term, term, term])


@pytest.mark.parametrize("form", list(LegalForm))
def test_a_cooperative_without_excluded_liability_keeps_the_strict_register(form: LegalForm) -> None:
    assert form.asks_strict_register == (form is not LegalForm.EXCLUDED)
