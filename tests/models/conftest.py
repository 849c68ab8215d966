"""Two neighbours with the same kinds of rows: whoever works for the one may not meet the other."""

from dataclasses import dataclass

import pytest

from ecoop.db import Database, Scope
from ecoop.governance.roles import Role
from tests.support import factories
from tests.support.databases import furnishing


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """The keys of what one cooperative owns."""

    id: int
    building: tuple[int, int]
    case: tuple[int, int]
    grant: tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Street:
    """Two cooperatives, and an account that holds a role in both."""

    ours: Neighbour
    theirs: Neighbour
    account_id: int

    def scope(self, *, may_write: bool = False, account: bool = False) -> Scope:
        """The scope of somebody at work in our cooperative."""
        return Scope(
            cooperative_ids=frozenset({self.ours.id}),
            account_id=self.account_id if account else None,
            may_write=may_write,
        )


@pytest.fixture
def street(database: Database) -> Street:
    """`ours` and `theirs`, each with a building, a case with one assumption and a chair."""
    with furnishing(database) as session:
        account = factories.an_account(session)
        keys = []
        for name in ("ours", "theirs"):
            cooperative = factories.a_cooperative(session, name)
            building = factories.a_building(session, cooperative, name)
            case = factories.a_case(session, cooperative, name)
            factories.an_assumption(session, case, "uptake", "0.7", source=name)
            grant = factories.a_role(session, cooperative, account, Role.CHAIR)
            factories.a_limit_to_building(session, grant, building)
            keys.append(
                Neighbour(
                    id=cooperative.id,
                    building=(cooperative.id, building.id),
                    case=(cooperative.id, case.id),
                    grant=(cooperative.id, grant.id),
                )
            )
        return Street(ours=keys[0], theirs=keys[1], account_id=account.id)
