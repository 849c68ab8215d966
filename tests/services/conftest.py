"""Two cooperatives to work in, and passwords that cost nothing."""

from dataclasses import dataclass

import pytest

from ecoop.db import Database, Scope, ScopedSession
from ecoop.governance.roles import Actor, HeldRole, Role
from tests.support.databases import furnishing
from tests.support.factories import LONG_AGO, a_cooperative, a_role, an_account
from tests.support.web import cheap_passwords

__all__ = ["cheap_passwords"]


@dataclass(frozen=True, kw_only=True)
class World:
    """A cooperative with a treasurer, and a neighbour."""

    database: Database
    home: int
    neighbour: int
    treasurer: Actor
    outsider: int

    def inside(self) -> ScopedSession:
        """A session that writes in the cooperative."""
        return self.database.session(Scope(cooperative_ids=frozenset({self.home}), may_write=True))

    def reading(self, *cooperatives: int) -> ScopedSession:
        """A session that only reads."""
        return self.database.session(Scope(cooperative_ids=frozenset(cooperatives or {self.home})))

    def acting(self, *roles: Role, account_id: int | None = None) -> Actor:
        """Somebody at work with these roles."""
        held = tuple(HeldRole(role=role, starts_on=LONG_AGO) for role in roles)
        return Actor(account_id=account_id or self.treasurer.account_id, name="Actor", roles=held)


@pytest.fixture
def world(database: Database) -> World:
    """The world, on SQLite and on PostgreSQL."""
    with furnishing(database) as session:
        home, neighbour = a_cooperative(session), a_cooperative(session)
        treasurer, outsider = an_account(session, "Petra"), an_account(session, "Otto")
        a_role(session, home, treasurer, Role.TREASURER)
        a_role(session, neighbour, outsider, Role.CHAIR)
        ids = home.id, neighbour.id, treasurer.id, outsider.id
    held = (HeldRole(role=Role.TREASURER, starts_on=LONG_AGO),)
    actor = Actor(account_id=ids[2], name="Petra", roles=held)
    return World(database=database, home=ids[0], neighbour=ids[1], treasurer=actor, outsider=ids[3])
