"""How long what is kept: the purpose that needs it longest decides, and a hold stops everything."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecoop.governance.register_fields import Field
from ecoop.governance.retention import (
    PERSONAL,
    RULES,
    Beginning,
    PartyFacts,
    Purpose,
    RetentionRule,
    Setting,
    digest_of,
    due,
    leaves_on,
    leaving,
    months_after,
    proof_of,
    rules_on,
)

ENDED = date(2024, 1, 1)


def facts(**happened: date | None) -> PartyFacts:
    found = {Beginning(name): day for name, day in happened.items()}
    return PartyFacts(party_id=1, happened=found, filled=PERSONAL)


def told(party: PartyFacts, field: Field) -> tuple[date | None, Purpose | None]:
    one = next(one for one in leaving(party, RULES) if one.field is field)
    return one.leaves_on, one.purpose


def test_every_purpose_has_one_rule() -> None:
    assert set(RULES) == set(Purpose)


def test_every_personal_field_is_needed_for_something() -> None:
    assert frozenset().union(*(rule.fields for rule in RULES.values())) == PERSONAL


def test_a_rule_that_says_it_was_read_names_where() -> None:
    assert [rule.purpose for rule in RULES.values() if rule.is_verified and not rule.source] == []


def test_nothing_of_a_member_leaves() -> None:
    assert {told(facts(membership_ended=None), field)[0] for field in PERSONAL} == {None}


def test_a_birth_date_leaves_two_years_after_the_end_of_the_membership() -> None:
    assert told(facts(membership_ended=ENDED), Field.BIRTH_DATE) == (date(2026, 1, 1), Purpose.CONTACT)


def test_the_name_stays_with_the_line_of_the_register() -> None:
    assert told(facts(membership_ended=ENDED), Field.NAME) == (date(2034, 1, 1), Purpose.REGISTER)


def test_money_keeps_an_address_for_seven_years_after_its_year() -> None:
    party = facts(membership_ended=ENDED, last_booked=date(2023, 3, 1))

    assert told(party, Field.ADDRESS) == (date(2031, 1, 1), Purpose.MONEY)
    assert told(party, Field.EMAIL) == (date(2026, 1, 1), Purpose.CONTACT)


def test_who_never_became_a_member_leaves_a_year_after_the_answer() -> None:
    assert told(facts(application_closed=ENDED), Field.NAME) == (date(2025, 1, 1), Purpose.APPLICATION)


def test_what_no_purpose_needs_is_told_and_not_thrown_away() -> None:
    found = leaving(facts(), RULES)

    assert {one.purpose for one in found} == {None}
    assert due(found, date(2100, 1, 1)) == ()


def test_a_running_contract_keeps_a_name_whatever_ended() -> None:
    assert told(facts(membership_ended=date(1990, 1, 1), contract_ended=None), Field.NAME)[0] is None
    assert told(facts(membership_ended=date(1990, 1, 1), contract_ended=None), Field.EMAIL)[0] == date(1992, 1, 1)


def test_a_hold_stops_everything() -> None:
    found = leaving(facts(membership_ended=date(1990, 1, 1)), RULES, held=True)

    assert due(found, date(2100, 1, 1)) == ()


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 1, 31), 1, date(2024, 3, 1)),
        (date(2024, 2, 29), 12, date(2025, 3, 1)),
        (date(2024, 12, 31), 0, date(2024, 12, 31)),
        (date(2023, 12, 1), 13, date(2025, 1, 1)),
    ],
)
def test_months_end_on_the_same_day_or_the_first_after(day: date, months: int, expected: date) -> None:
    assert months_after(day, months) == expected


def test_a_setting_counts_from_its_day_and_is_nobodys_verified_source() -> None:
    settings = [Setting(id=1, purpose=Purpose.CONTACT, kept_months=12, starts_on=date(2026, 1, 1))]

    assert rules_on(settings, date(2025, 12, 31))[Purpose.CONTACT] == RULES[Purpose.CONTACT]
    changed = rules_on(settings, date(2026, 1, 1))[Purpose.CONTACT]
    assert (changed.kept_months, changed.is_verified) == (12, False)


def test_the_proof_changes_with_every_part_of_it() -> None:
    lines = due(leaving(facts(membership_ended=ENDED), RULES), date(2030, 1, 1))
    first = proof_of(lines, cooperative="home", day=date(2030, 1, 1), is_dry=False)
    others = [
        proof_of(lines[:-1], cooperative="home", day=date(2030, 1, 1), is_dry=False),
        proof_of(lines, cooperative="away", day=date(2030, 1, 1), is_dry=False),
        proof_of(lines, cooperative="home", day=date(2030, 1, 2), is_dry=False),
        proof_of(lines, cooperative="home", day=date(2030, 1, 1), is_dry=True),
    ]

    assert digest_of(first) not in {digest_of(one) for one in others}


days = st.dates(date(1990, 1, 1), date(2090, 1, 1))
parties = st.builds(
    PartyFacts,
    party_id=st.integers(1, 9),
    happened=st.dictionaries(st.sampled_from(Beginning), st.none() | days),
    filled=st.frozensets(st.sampled_from(sorted(PERSONAL))),
)


@given(party=parties, day=days)
def test_what_is_due_was_filled_and_every_purpose_has_run_out(party: PartyFacts, day: date) -> None:
    for line in due(leaving(party, RULES), day):
        for field in line.fields:
            needing = [rule for rule in RULES.values() if field in rule.fields and rule.beginning in party.happened]
            ends = [party.happened[rule.beginning] for rule in needing]
            assert field in party.filled
            assert needing
            assert None not in ends
            assert all(leaves_on(rule, end) <= day for rule, end in zip(needing, ends, strict=True) if end)


@given(party=parties, day=days)
def test_a_held_party_loses_nothing(party: PartyFacts, day: date) -> None:
    assert due(leaving(party, RULES, held=True), day) == ()


@given(party=parties, day=days, later=st.integers(0, 4000))
def test_what_is_due_stays_due(party: PartyFacts, day: date, later: int) -> None:
    def fields(on: date) -> set[Field]:
        return {field for line in due(leaving(party, RULES), on) for field in line.fields}

    assert fields(day) <= fields(day + timedelta(days=later))


@given(party=parties, months=st.integers(0, 600), purpose=st.sampled_from(Purpose))
def test_keeping_longer_never_lets_something_go_earlier(party: PartyFacts, months: int, purpose: Purpose) -> None:
    def ends(rules: dict[Purpose, RetentionRule]) -> list[date]:
        return [one.leaves_on or date.max for one in leaving(party, rules)]

    def with_months(kept: int) -> dict[Purpose, RetentionRule]:
        return rules_on([Setting(id=1, purpose=purpose, kept_months=kept, starts_on=date.min)], date.max)

    assert all(a <= b for a, b in zip(ends(with_months(months)), ends(with_months(months + 1)), strict=True))


@given(day=days, months=st.integers(0, 600))
def test_months_after_never_comes_early(day: date, months: int) -> None:
    later = months_after(day, months)

    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) in {months, months + 1}
    assert later.day == day.day or later.day == 1
