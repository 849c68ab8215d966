"""What the board is warned of about its offices."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from ecoop.governance.offices import SOON, Around, Held, Office, OfficeWarning, Warned, office_warnings, term_end
from ecoop.governance.roles import Role
from tests.governance.test_statutes import STATUTES

DAY = date(2026, 3, 2)
PETRA, OTTO, VERA = 1, 2, 3
RULES = replace(STATUTES, term_years=4, most_terms=2, smallest_board=2)
CHAIR = Held(party_id=VERA, office=Office.CHAIR, starts_on=date(2025, 1, 1), ends_on=date(2029, 1, 1))
TREASURER = replace(CHAIR, party_id=PETRA, office=Office.TREASURER)
BOARD = (CHAIR, TREASURER)
AROUND = Around(
    members=frozenset({PETRA, OTTO, VERA}),
    accounts={VERA: 30, PETRA: 10, OTTO: 20},
    roles={Role.CHAIR: frozenset({30}), Role.TREASURER: frozenset({10})},
)


def warned(*offices: Held, around: Around = AROUND, rules: object = RULES, day: date = DAY) -> list[Warned]:
    return [one.kind for one in office_warnings(offices, rules, around, day=day)]  # type: ignore[arg-type]


def test_a_board_in_order_gives_no_warning() -> None:
    assert warned(*BOARD) == []


def test_a_term_that_ends_within_half_a_year_is_told_with_its_day() -> None:
    end = DAY + SOON
    (found,) = office_warnings([CHAIR, replace(TREASURER, ends_on=end)], RULES, AROUND, day=DAY)

    assert found == OfficeWarning(kind=Warned.TERM_ENDS_SOON, party_id=PETRA, office=Office.TREASURER, day=end)
    assert warned(CHAIR, replace(TREASURER, ends_on=end + timedelta(days=1))) == []


def test_a_term_that_goes_on_in_a_next_one_needs_nothing() -> None:
    end = DAY + timedelta(days=30)
    later = replace(TREASURER, starts_on=end, ends_on=date(2030, 1, 1))

    assert warned(CHAIR, replace(TREASURER, ends_on=end), later) == []


def test_the_statutes_end_a_term_for_which_nobody_decided_an_end() -> None:
    endless = replace(CHAIR, starts_on=date(2021, 3, 2), ends_on=None)

    assert term_end(endless, RULES) == date(2025, 3, 2)
    assert warned(endless, TREASURER) == [Warned.TERM_OVER]


def test_the_statutes_do_not_end_who_is_not_on_the_board() -> None:
    assert term_end(replace(CHAIR, office=Office.SIGNATORY, ends_on=None), RULES) is None


def test_more_terms_than_the_statutes_allow_are_counted() -> None:
    terms = [replace(CHAIR, starts_on=date(year, 1, 1), ends_on=date(year + 4, 1, 1)) for year in (2017, 2021, 2025)]
    (found,) = office_warnings([*terms, TREASURER], RULES, AROUND, day=DAY)

    assert (found.kind, found.party_id, found.count) == (Warned.TOO_MANY_TERMS, VERA, 3)


def test_a_board_counts_people_and_not_offices() -> None:
    both = (CHAIR, replace(CHAIR, office=Office.TREASURER))

    assert Warned.BOARD_TOO_SMALL in warned(*both)


def test_two_chairs_at_a_time_are_told() -> None:
    assert Warned.OFFICE_TWICE in warned(*BOARD, replace(CHAIR, party_id=OTTO))


def test_who_is_no_member_is_told_unless_the_statutes_allow_it() -> None:
    outside = replace(AROUND, members=frozenset({VERA}))

    assert warned(*BOARD, around=outside) == [Warned.NOT_A_MEMBER]
    assert warned(*BOARD, around=outside, rules=replace(RULES, outsiders_on_board=True)) == []


def test_an_office_without_its_role_and_a_role_without_its_office_are_told() -> None:
    swapped = replace(AROUND, roles={Role.CHAIR: frozenset({30}), Role.TREASURER: frozenset({20})})
    found = office_warnings(BOARD, RULES, swapped, day=DAY)

    assert [(one.kind, one.party_id, one.account_id) for one in found] == [
        (Warned.OFFICE_WITHOUT_ROLE, PETRA, None),
        (Warned.ROLE_WITHOUT_OFFICE, None, 20),
    ]


@pytest.mark.parametrize(("days", "told"), [(1, True), (55, True), (57, False)])
def test_a_change_of_the_board_is_for_the_trade_register_for_eight_weeks(days: int, told: bool) -> None:
    new = replace(TREASURER, starts_on=DAY - timedelta(days=days))

    assert (Warned.TRADE_REGISTER in warned(CHAIR, new)) is told


def test_a_next_term_is_no_change_of_the_board() -> None:
    start = DAY - timedelta(days=3)
    terms = (replace(TREASURER, ends_on=start), replace(TREASURER, starts_on=start))

    assert Warned.TRADE_REGISTER not in warned(CHAIR, *terms)


def test_without_statutes_only_what_was_decided_counts() -> None:
    assert warned(replace(CHAIR, starts_on=date(2000, 1, 1), ends_on=None), TREASURER, rules=None) == []
