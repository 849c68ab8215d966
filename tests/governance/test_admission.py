"""What an application lacks, how it stands, and how old somebody is."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecoop.governance.admission import (
    ApplicationStatus,
    Asked,
    Missing,
    Outcome,
    Speaker,
    TextKind,
    age_on,
    missing,
    starts_later,
    status_of,
)
from ecoop.governance.statutes import EntryRule, LegalForm, MembershipClass, NoticeEnd, PartyKind, Statutes

DAY = date(2026, 3, 2)
TENANT = MembershipClass(
    code="tenant", name_nl="Huurder", name_en="Tenant", votes=Decimal(1), open_to=frozenset({PartyKind.PERSON})
)
STATUTES = Statutes(
    valid_from=date(2020, 1, 1), legal_form=LegalForm.EXCLUDED, classes=(TENANT,), entry_rule=EntryRule.DECISION,
    minimum_age=18, notice_weeks=4, notice_end=NoticeEnd.END_OF_FINANCIAL_YEAR,
)  # fmt: skip
COMPLETE = Asked(
    kind=PartyKind.PERSON, class_code="tenant", birth_date=date(1980, 1, 1), has_address=True, email="a@example.org",
    accepted=frozenset({TextKind.STATUTES, TextKind.PRIVACY}),
    to_accept=frozenset({TextKind.STATUTES, TextKind.PRIVACY}),
)  # fmt: skip
COMPANY = replace(
    COMPLETE, kind=PartyKind.ORGANISATION, birth_date=None, registration_number="12345678", representative="Bo Bos"
)


def test_a_complete_application_lacks_nothing() -> None:
    assert missing(COMPLETE, STATUTES, DAY) == ()


@pytest.mark.parametrize(
    ("change", "lacking"),
    [
        ({"birth_date": None}, Missing.BIRTH_DATE),
        ({"has_address": False}, Missing.ADDRESS),
        ({"email": None}, Missing.EMAIL),
        ({"class_code": None}, Missing.CLASS),
        ({"class_code": "patron"}, Missing.CLASS_UNKNOWN),
        ({"birth_date": date(2008, 3, 3)}, Missing.TOO_YOUNG),
        ({"accepted": frozenset({TextKind.STATUTES})}, Missing.ACCEPTANCE),
    ],
)
def test_what_a_person_lacks_is_named(change: dict[str, object], lacking: Missing) -> None:
    assert missing(replace(COMPLETE, **change), STATUTES, DAY) == (lacking,)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "lacking"),
    [
        ({"registration_number": None}, Missing.REGISTRATION_NUMBER),
        ({"representative": None}, Missing.REPRESENTATIVE),
    ],
)
def test_an_organisation_is_registered_and_represented(change: dict[str, object], lacking: Missing) -> None:
    assert missing(replace(COMPANY, **change), None, DAY) == (lacking,)  # type: ignore[arg-type]


def test_a_kind_of_membership_can_be_closed_to_organisations() -> None:
    assert missing(COMPANY, STATUTES, DAY) == (Missing.CLASS_NOT_OPEN,)


def test_statutes_that_are_not_recorded_ask_for_nothing() -> None:
    assert missing(replace(COMPLETE, birth_date=DAY, class_code="patron"), None, DAY) == ()


def test_the_day_of_the_birthday_makes_a_year() -> None:
    assert (age_on(date(2008, 3, 2), DAY), age_on(date(2008, 3, 3), DAY)) == (18, 17)


def test_who_was_born_on_a_leap_day_is_a_year_older_on_the_first_of_march() -> None:
    born = date(2008, 2, 29)

    assert (age_on(born, date(2026, 2, 28)), age_on(born, date(2026, 3, 1))) == (17, 18)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_nobody_grows_younger(born: date, day: date) -> None:
    later = date(day.year + 1, day.month, min(day.day, 28))

    assert age_on(born, later) >= age_on(born, day)


def test_a_question_makes_the_applicant_the_one_to_answer() -> None:
    assert status_of(confirmed=True, outcome=None, last_speaker=Speaker.BOARD) is ApplicationStatus.ASKED
    assert status_of(confirmed=True, outcome=None, last_speaker=Speaker.APPLICANT) is ApplicationStatus.WAITING


def test_what_was_decided_is_no_longer_waiting() -> None:
    assert status_of(confirmed=True, outcome=Outcome.REFUSED, last_speaker=Speaker.BOARD) is ApplicationStatus.REFUSED


def test_before_the_link_was_used_it_is_unconfirmed() -> None:
    assert status_of(confirmed=False, outcome=None, last_speaker=None) is ApplicationStatus.UNCONFIRMED


def test_only_statutes_that_ask_for_more_than_a_decision_are_told() -> None:
    assert starts_later(STATUTES) is None
    assert starts_later(replace(STATUTES, entry_rule=EntryRule.INSCRIPTION)) is EntryRule.INSCRIPTION
