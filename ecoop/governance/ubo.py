"""Who is an ultimate beneficial owner (UBO): more than a quarter of the votes or of the capital.

The test is the one that is generally told for cooperatives [not verified]: who holds more than 25 % of the votes or of
the economic interest is reported to the trade register; where nobody does, the board is (pseudo-UBO). Nothing here is
advice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

QUARTER = Fraction(1, 4)


class Interest(StrEnum):
    """In what somebody has a share."""

    VOTES = "votes"
    CAPITAL = "capital"


@dataclass(frozen=True, slots=True, kw_only=True)
class BeneficialOwner:
    """A party with more than a quarter: in what, and its exact share."""

    party_id: int
    interest: Interest
    share: Fraction


def beneficial_owners(
    votes: Mapping[int, Decimal], capital: Mapping[int, int] | None = None
) -> tuple[BeneficialOwner, ...]:
    """Everybody with more than a quarter, largest share first; empty: the board stands for them (pseudo-UBO).

    Parameters
    ----------
    votes
        Votes of each party.
    capital
        Capital of each party [cents]. None: not known, and not looked at.
    """
    found = [*_over_quarter(votes, Interest.VOTES), *_over_quarter(capital or {}, Interest.CAPITAL)]
    return tuple(sorted(found, key=lambda one: (-one.share, one.interest, one.party_id)))


def _over_quarter(held: Mapping[int, Decimal] | Mapping[int, int], interest: Interest) -> list[BeneficialOwner]:
    exact = {party_id: Fraction(amount) for party_id, amount in held.items()}
    total = sum(exact.values(), Fraction(0))
    return [
        BeneficialOwner(party_id=party_id, interest=interest, share=amount / total)
        for party_id, amount in exact.items()
        if total > 0 and amount > QUARTER * total
    ]
