"""Who may vote on a day, with how many votes, and why."""

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from ecoop.governance.membership import Period, Standing, Status
from ecoop.governance.statutes import MembershipClass, PartyKind
from ecoop.governance.voting_rights import Candidate, VotingReason, plain_votes, vote_roll, voting_right
from tests.governance.test_statutes import STATUTES

DAY = date(2026, 3, 2)
BUSINESS = MembershipClass(
    code="business", name_nl="Bedrijf", name_en="Business", votes=Decimal("2.5"),
    open_to=frozenset({PartyKind.ORGANISATION}),
)  # fmt: skip
RULES = replace(STATUTES, classes=(*STATUTES.classes, BUSINESS))
MEMBER = Standing(status=Status.MEMBER, class_code="tenant", periods=(Period(starts_on=date(2020, 1, 1)),))
PETRA = Candidate(membership_id=1, number=12, kind=PartyKind.PERSON, standing=MEMBER)
BAKERY = Candidate(
    membership_id=2,
    number=13,
    kind=PartyKind.ORGANISATION,
    standing=replace(MEMBER, class_code="business"),
    representatives=(7,),
)


def test_a_member_has_the_votes_of_the_class() -> None:
    right = voting_right(PETRA, RULES)

    assert (right.votes, right.reason, right.class_code) == (Decimal(1), VotingReason.MEMBER_OF_CLASS, "tenant")


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (Status.NONE, VotingReason.NOT_MEMBER_YET),
        (Status.APPLICANT, VotingReason.APPLICATION_OPEN),
        (Status.REFUSED, VotingReason.APPLICATION_REFUSED),
        (Status.FORMER, VotingReason.MEMBERSHIP_ENDED),
        (Status.SUSPENDED, VotingReason.SUSPENDED),
    ],
)
def test_who_is_no_member_in_good_standing_does_not_vote(status: Status, reason: VotingReason) -> None:
    right = voting_right(replace(PETRA, standing=replace(MEMBER, status=status)), RULES)

    assert not right.may_vote
    assert right.reason is reason


def test_an_organisation_votes_through_a_representative() -> None:
    assert voting_right(BAKERY, RULES).votes == Decimal("2.5")
    assert voting_right(replace(BAKERY, representatives=()), RULES).reason is VotingReason.NO_REPRESENTATIVE


def test_a_class_may_be_without_a_vote() -> None:
    associate = replace(PETRA, standing=replace(MEMBER, class_code="associate"))

    assert voting_right(associate, RULES).reason is VotingReason.CLASS_WITHOUT_VOTE


def test_a_class_that_the_statutes_do_not_know_does_not_vote() -> None:
    unknown = replace(PETRA, standing=replace(MEMBER, class_code="investor"))

    assert voting_right(unknown, RULES).reason is VotingReason.CLASS_UNKNOWN


def test_without_statutes_nobody_votes() -> None:
    assert voting_right(PETRA, None).reason is VotingReason.STATUTES_MISSING


def test_no_member_casts_more_than_the_statutes_allow() -> None:
    right = voting_right(BAKERY, replace(RULES, most_votes=Decimal(2)))

    assert (right.votes, right.reason) == (Decimal(2), VotingReason.CAPPED)


def test_the_roll_counts_exactly() -> None:
    roll = vote_roll([PETRA, BAKERY], RULES, on=DAY)

    assert roll.votes == Decimal("3.5")
    assert [right.number for right in roll.voters] == [12, 13]


def test_the_digest_of_a_roll_does_not_depend_on_the_order() -> None:
    everybody = [replace(PETRA, membership_id=number) for number in range(50)]
    shuffled = list(everybody)
    random.Random(1).shuffle(shuffled)

    assert vote_roll(shuffled, RULES, on=DAY).digest == vote_roll(everybody, RULES, on=DAY).digest


@pytest.mark.parametrize(
    "change",
    [{"number": 99}, {"standing": replace(MEMBER, status=Status.SUSPENDED)}, {"membership_id": 9}],
    ids=str,
)
def test_the_digest_of_a_roll_changes_with_what_is_in_it(change: dict[str, object]) -> None:
    before = vote_roll([PETRA, BAKERY], RULES, on=DAY).digest

    assert vote_roll([replace(PETRA, **change), BAKERY], RULES, on=DAY).digest != before  # type: ignore[arg-type]
    assert vote_roll([PETRA, BAKERY], RULES, on=date(2026, 3, 3)).digest != before


def test_the_roll_says_who_casts_the_votes_of_an_organisation() -> None:
    assert voting_right(BAKERY, RULES).representative_id == 7
    assert voting_right(PETRA, RULES).representative_id is None


def test_another_representative_is_another_roll() -> None:
    first, second = (vote_roll([replace(BAKERY, representatives=(one,))], RULES, on=DAY) for one in (7, 8))

    assert first.digest != second.digest


def test_votes_have_one_spelling() -> None:
    assert [plain_votes(Decimal(text)) for text in ("10", "1E+1", "2.50", "0.0")] == ["10", "10", "2.5", "0"]
