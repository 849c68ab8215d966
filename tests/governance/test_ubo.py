"""Who holds more than a quarter."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from ecoop.governance.ubo import Interest, beneficial_owners


def test_exactly_a_quarter_is_not_more_than_a_quarter() -> None:
    assert beneficial_owners({number: Decimal(1) for number in range(4)}) == ()


def test_one_of_three_holds_more_than_a_quarter() -> None:
    found = beneficial_owners({number: Decimal(1) for number in range(3)})

    assert [(one.party_id, one.share) for one in found] == [
        (0, Fraction(1, 3)),
        (1, Fraction(1, 3)),
        (2, Fraction(1, 3)),
    ]


def test_capital_counts_where_it_is_known() -> None:
    votes = {number: Decimal(1) for number in range(10)}
    (found,) = beneficial_owners(votes, {1: 30_000, 2: 20_000, 3: 19_000, 4: 11_000, 5: 15_000, 6: 15_000})

    assert (found.party_id, found.interest, found.share) == (1, Interest.CAPITAL, Fraction(30, 110))


def test_nobody_owns_what_is_nothing() -> None:
    assert beneficial_owners({}, {1: 0}) == ()


@given(st.dictionaries(st.integers(0, 30), st.decimals(0, 100, places=2), max_size=12))
def test_at_most_three_hold_more_than_a_quarter(votes: dict[int, Decimal]) -> None:
    found = beneficial_owners(votes)

    assert len(found) <= 3
    assert all(one.share > Fraction(1, 4) for one in found)
