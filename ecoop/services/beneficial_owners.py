"""Who has more than a quarter of the votes or of the capital, read from the register and the ledger."""

from collections import Counter
from datetime import date
from decimal import Decimal

from ecoop.db import ScopedSession
from ecoop.governance.roles import Actor
from ecoop.governance.ubo import BeneficialOwner, beneficial_owners
from ecoop.services.balances import read_capital
from ecoop.services.voters import read_vote_roll


def read_owners(
    session: ScopedSession, actor: Actor, *, cooperative_id: int, day: date
) -> tuple[tuple[BeneficialOwner, str], ...]:
    """Everybody with more than a quarter on `day`, with the name. Raises Forbidden for who may not see the register.

    The number of queries does not depend on the number of members.
    """
    found = read_vote_roll(session, actor, cooperative_id=cooperative_id, day=day)
    votes: dict[int, Decimal] = {found.party_ids[right.membership_id]: right.votes for right in found.roll.voters}
    capital: Counter[int] = Counter()
    for membership_id, cents in read_capital(session, cooperative_id=cooperative_id, day=day).items():
        if membership_id in found.party_ids:
            capital[found.party_ids[membership_id]] += cents
    names = {found.party_ids[membership_id]: name for membership_id, name in found.names.items()}
    return tuple((one, names[one.party_id]) for one in beneficial_owners(votes, capital))
