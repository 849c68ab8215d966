"""Who may act for whom."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecoop.governance.representation import Acting, Matter, RepresentationReason, doubt_representation
from ecoop.governance.statutes import PartyKind

BAKERY, PETRA, OTTO = 1, 2, 3
SINCE = date(2024, 1, 1)
VOTES = Acting(represented_id=BAKERY, representative_id=PETRA, matter=Matter.VOTE, valid_from=SINCE)


def doubts(new: Acting, *known: Acting, **kinds: PartyKind) -> tuple[RepresentationReason, ...]:
    asked = {"represented": PartyKind.ORGANISATION, "representative": PartyKind.PERSON} | kinds
    return doubt_representation(new, known, **asked)


def test_a_person_may_vote_for_an_organisation() -> None:
    assert doubts(VOTES) == ()


def test_one_person_votes_at_a_time() -> None:
    assert doubts(replace(VOTES, representative_id=OTTO), VOTES) == (RepresentationReason.VOTE_TAKEN,)


def test_the_next_begins_on_the_day_the_last_ends() -> None:
    until = date(2025, 1, 1)
    known = replace(VOTES, valid_until=until)

    assert doubts(replace(VOTES, representative_id=OTTO, valid_from=until), known) == ()


def test_mail_and_contracts_may_go_to_several() -> None:
    known = replace(VOTES, matter=Matter.MAIL)

    assert doubts(replace(known, representative_id=OTTO), known) == ()


def test_the_same_is_not_recorded_twice() -> None:
    assert doubts(VOTES, VOTES) == (RepresentationReason.ALREADY,)


def test_who_votes_for_one_may_vote_for_another() -> None:
    assert doubts(replace(VOTES, represented_id=OTTO), VOTES) == ()


@pytest.mark.parametrize(
    ("new", "kinds", "reason"),
    [
        (replace(VOTES, representative_id=BAKERY), {}, RepresentationReason.ONESELF),
        (VOTES, {"representative": PartyKind.ORGANISATION}, RepresentationReason.NO_PERSON),
        (VOTES, {"represented": PartyKind.PERSON}, RepresentationReason.PERSON_VOTES),
        (replace(VOTES, valid_until=SINCE), {}, RepresentationReason.PERIOD_EMPTY),
    ],
)
def test_what_cannot_be_is_told(new: Acting, kinds: dict[str, PartyKind], reason: RepresentationReason) -> None:
    assert reason in doubts(new, **kinds)


def test_contracts_of_a_person_may_be_done_by_another() -> None:
    assert doubts(replace(VOTES, matter=Matter.CONTRACT), represented=PartyKind.PERSON) == ()


@given(
    periods=st.lists(st.tuples(st.integers(0, 40), st.integers(1, 20), st.sampled_from([PETRA, OTTO])), max_size=8),
    day=st.integers(0, 60),
)
def test_whatever_is_recorded_nobody_votes_beside_another(periods: list[tuple[int, int, int]], day: int) -> None:
    known: list[Acting] = []
    for start, length, person in periods:
        begins = SINCE + timedelta(days=start)
        new = replace(VOTES, representative_id=person, valid_from=begins, valid_until=begins + timedelta(days=length))
        if not doubts(new, *known):
            known.append(new)
    on = replace(VOTES, valid_from=SINCE + timedelta(days=day), valid_until=SINCE + timedelta(days=day + 1))

    assert sum(one.meets(on) for one in known) <= 1
