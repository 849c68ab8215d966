"""Rows for tests, each with just enough in it. Plain functions; what a test is about it says itself.

A cooperative that is made in a session joins the session's scope, so that the test can go on to furnish it.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from ecoop.db import ScopedSession
from ecoop.governance.evidence import Tag
from ecoop.governance.roles import Role
from ecoop.models import (
    Account,
    AdministratorGrant,
    Assumption,
    Base,
    Building,
    BusinessCase,
    Cooperative,
    RoleBuilding,
    RoleGrant,
    SupportGrant,
    Umbrella,
    UmbrellaGrant,
    UmbrellaMembership,
)
from ecoop.models.buildings import Ownership

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
"""The instant at which tests take place, unless they say otherwise."""
TODAY = date(2026, 3, 2)
LONG_AGO = date(2025, 1, 1)

Row = TypeVar("Row", bound=Base)
_numbers = count(1)


def _kept(session: ScopedSession, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row


def a_cooperative(session: ScopedSession, slug: str | None = None, **given: Any) -> Cooperative:
    """A cooperative; the session may write in it from here on."""
    slug = slug or f"cooperative-{next(_numbers)}"
    values = {"name": f"Energiecoöperatie {slug}", "place": "Ergensland", "created_at": NOW} | given
    cooperative = _kept(session, Cooperative(slug=slug, **values))
    scope = session.scope
    session.info["scope"] = replace(scope, cooperative_ids=scope.cooperative_ids | {cooperative.id})
    return cooperative


def an_account(session: ScopedSession, name: str = "Noor de Wit", **given: Any) -> Account:
    """An account that can sign in by letter only."""
    number = next(_numbers)
    values = {"email": f"account{number}@example.org", "session_key": f"key-{number}", "created_at": NOW} | given
    return _kept(session, Account(name=name, **values))


def a_role(session: ScopedSession, cooperative: Cooperative, account: Account, role: Role, **given: Any) -> RoleGrant:
    """`account` holds `role` in `cooperative`, since long ago and without an end."""
    values = {"starts_on": LONG_AGO, "granted_at": NOW - timedelta(days=400)} | given
    return _kept(session, RoleGrant(cooperative_id=cooperative.id, account_id=account.id, role=role, **values))


def a_limit_to_building(session: ScopedSession, grant: RoleGrant, building: Building) -> RoleBuilding:
    """The role of `grant` counts for `building`."""
    row = RoleBuilding(
        cooperative_id=grant.cooperative_id,
        account_id=grant.account_id,
        grant_id=grant.id,
        building_id=building.id,
    )
    return _kept(session, row)


def a_building(session: ScopedSession, cooperative: Cooperative, name: str | None = None, **given: Any) -> Building:
    """A building of a corporation with a hundred dwellings."""
    values = {"ownership": Ownership.CORPORATION, "dwellings": 100, "business_units": 0} | given
    name = name or f"Gebouw {next(_numbers)}"
    return _kept(session, Building(cooperative_id=cooperative.id, name=name, **values))


def a_case(session: ScopedSession, cooperative: Cooperative, name: str = "Businesscase", **given: Any) -> BusinessCase:
    """The case that counts, without assumptions."""
    values = {"recorded_at": NOW} | given
    return _kept(session, BusinessCase(cooperative_id=cooperative.id, name=name, **values))


def an_assumption(session: ScopedSession, case: BusinessCase, key: str, value: str, **given: Any) -> Assumption:
    """One unsourced input of `case`."""
    values = {"position": next(_numbers), "tag": Tag.ASSUMPTION} | given
    row = Assumption(cooperative_id=case.cooperative_id, case_id=case.id, key=key, value=value, **values)
    return _kept(session, row)


def an_administrator(session: ScopedSession, account: Account, **given: Any) -> AdministratorGrant:
    """`account` runs the installation."""
    values = {"starts_on": LONG_AGO, "granted_at": NOW} | given
    return _kept(session, AdministratorGrant(account_id=account.id, **values))


def a_support_request(session: ScopedSession, cooperative: Cooperative, account: Account, **given: Any) -> SupportGrant:
    """An administrator asked to look into `cooperative`; the board has not answered."""
    values = {"reason": "De businesscase opent niet.", "hours": 24, "asked_at": NOW} | given
    return _kept(session, SupportGrant(cooperative_id=cooperative.id, account_id=account.id, **values))


def an_umbrella(session: ScopedSession, slug: str | None = None, **given: Any) -> Umbrella:
    """An umbrella without members."""
    slug = slug or f"umbrella-{next(_numbers)}"
    return _kept(session, Umbrella(slug=slug, **({"name": f"Koepel {slug}", "created_at": NOW} | given)))


def a_membership(
    session: ScopedSession, umbrella: Umbrella, cooperative: Cooperative, **given: Any
) -> UmbrellaMembership:
    """`cooperative` has belonged to `umbrella` since long ago."""
    values = {"starts_on": LONG_AGO} | given
    return _kept(session, UmbrellaMembership(cooperative_id=cooperative.id, umbrella_id=umbrella.id, **values))


def a_coordinator(session: ScopedSession, umbrella: Umbrella, account: Account, **given: Any) -> UmbrellaGrant:
    """`account` coordinates `umbrella`."""
    values = {"role": Role.COORDINATOR, "starts_on": LONG_AGO, "granted_at": NOW} | given
    return _kept(session, UmbrellaGrant(umbrella_id=umbrella.id, account_id=account.id, **values))
