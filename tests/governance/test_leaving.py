"""What stands in the way of leaving: told all at once, whatever the order in which it is found."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecoop.governance.leaving import (
    Blocker,
    BlockerCode,
    Weighed,
    Weight,
    confirm_by,
    holds_up,
    proposed_day,
    weigh,
)
from ecoop.governance.membership import EndReason
from ecoop.governance.statutes import (
    EntryRule,
    LegalForm,
    MembershipClass,
    NoticeEnd,
    PartyKind,
    Statutes,
)

DAY = date(2026, 3, 2)
CLASS = MembershipClass(
    code="tenant", name_nl="Huurder", name_en="Tenant", votes=Decimal(1), open_to=frozenset(PartyKind)
)
STATUTES = Statutes(
    valid_from=date(2018, 12, 18), legal_form=LegalForm.EXCLUDED, classes=(CLASS,), entry_rule=EntryRule.DECISION,
    minimum_age=18, notice_weeks=4, notice_end=NoticeEnd.END_OF_FINANCIAL_YEAR,
)  # fmt: skip
LIABLE = Statutes(
    valid_from=date(2018, 12, 18), legal_form=LegalForm.STATUTORY, classes=(CLASS,), entry_rule=EntryRule.DECISION,
    minimum_age=18, notice_weeks=4, notice_end=NoticeEnd.ANY_DAY,
)  # fmt: skip

blockers = st.lists(
    st.builds(
        Blocker,
        code=st.sampled_from(BlockerCode),
        subject=st.sampled_from(["a:1", "a:2", "b:1"]),
        name=st.sampled_from(["", "Kade 1"]),
        amount_cents=st.none() | st.integers(1, 500),
        on=st.none() | st.dates(DAY, DAY + timedelta(days=3)),
    ),
    max_size=12,
)


def weighed(
    *found: Blocker, cause: EndReason = EndReason.RESIGNATION, ends_on: date | None = None, **given_: object
) -> tuple[Weighed, ...]:
    return weigh(found, cause=cause, ends_on=ends_on, day=DAY, **given_)  # type: ignore[arg-type]


@given(found=blockers, data=st.data())
def test_the_order_in_which_blockers_are_found_does_not_matter(found: list[Blocker], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(found))

    assert weighed(*shuffled) == weighed(*found)


@given(found=blockers)
def test_every_blocker_is_told_once_and_none_is_left_out(found: list[Blocker]) -> None:
    told = [(one.blocker.code, one.blocker.subject) for one in weighed(*found)]

    assert sorted(told) == sorted({(one.code, one.subject) for one in found})


@given(found=blockers)
def test_what_stops_is_told_first(found: list[Blocker]) -> None:
    weights = [one.weight for one in weighed(*found)]

    assert weights == sorted(weights, key=lambda one: one is not Weight.STOPS)


@given(found=blockers, cause=st.sampled_from([EndReason.DEATH, EndReason.DISSOLUTION]))
def test_what_the_law_ends_is_stopped_by_nothing_but_no_membership(found: list[Blocker], cause: EndReason) -> None:
    stopping = {one.blocker.code for one in weighed(*found, cause=cause) if one.weight is Weight.STOPS}

    assert stopping <= {BlockerCode.NOT_A_MEMBER}


def test_nobody_is_kept_past_the_day_on_which_the_membership_ends() -> None:
    owing = Blocker(code=BlockerCode.OPEN_CHARGES, subject="party:1", amount_cents=100)

    before = weighed(owing, ends_on=DAY + timedelta(days=1))
    after = weighed(owing, ends_on=DAY)

    assert [before[0].weight, after[0].weight] == [Weight.STOPS, Weight.ASKS]


def test_what_asks_holds_up_until_it_is_answered() -> None:
    capital = Blocker(code=BlockerCode.CAPITAL, subject="party:1", amount_cents=100)

    assert holds_up(weighed(capital))
    assert not holds_up(weighed(capital, answered=frozenset({(BlockerCode.CAPITAL, "party:1")})))


def test_an_answer_to_one_thing_is_none_to_another_of_its_kind() -> None:
    two = [Blocker(code=BlockerCode.MANDATE, subject=f"mandate:{number}") for number in (1, 2)]

    assert holds_up(weighed(*two, answered=frozenset({(BlockerCode.MANDATE, "mandate:1")})))


def test_nothing_in_the_way_holds_up_nothing() -> None:
    assert not holds_up(weighed())


@pytest.mark.parametrize(
    ("cause", "day"),
    [
        (EndReason.RESIGNATION, date(2027, 1, 1)),
        (EndReason.RESIGNATION_BY_COOPERATIVE, date(2027, 1, 1)),
        (EndReason.EXPULSION, DAY),
        (EndReason.DEATH, date(2026, 3, 3)),
        (EndReason.DISSOLUTION, date(2026, 3, 3)),
        (EndReason.TRANSFER, None),
    ],
)
def test_each_cause_has_its_own_first_day_without(cause: EndReason, day: date | None) -> None:
    assert proposed_day(STATUTES, cause=cause, received_on=DAY) == day


def test_without_statutes_the_board_says_when_a_notice_takes_effect() -> None:
    assert proposed_day(None, cause=EndReason.RESIGNATION, received_on=DAY) is None


def test_only_where_members_are_liable_the_law_sets_a_day_for_the_letter() -> None:
    assert [confirm_by(one, DAY) for one in (None, STATUTES, LIABLE)] == [None, None, date(2026, 3, 16)]
