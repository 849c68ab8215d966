"""Which roles of a cooperative want a second step of whoever holds them, and from which day on."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import or_, select

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, InvalidInput, NotFound, Problem, Refused
from ecoop.governance.audit import Action
from ecoop.governance.roles import Actor, Permission, Reach, Role, roles_reaching
from ecoop.models import Account, Passkey, RoleGrant, SecondFactorRule, TotpFactor
from ecoop.services import audit

LONGEST_GRACE = timedelta(days=366)


class RuleReason(StrEnum):
    """Why a rule about the second step is refused."""

    RULE_ROLE = "rule_role"
    RULE_DAY = "rule_day"
    RULE_STOPS_YOU = "rule_stops_you"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleView:
    """A role that wants a second step, since when, and who of its holders has none."""

    role: Role
    since: date
    stops: tuple[str, ...]


def read_wanting(session: ScopedSession, cooperative_id: int, *, day: date) -> frozenset[Role]:
    """The roles that want a second step on `day`."""
    query = select(SecondFactorRule.role).where(
        SecondFactorRule.cooperative_id == cooperative_id, SecondFactorRule.since <= day
    )
    return frozenset(session.scalars(query))


def held_back(actor: Actor, wanting: frozenset[Role]) -> Actor:
    """The actor without the roles that want a second step which this person does not have."""
    back = tuple(held for held in actor.roles if held.role in wanting)
    return replace(actor, roles=tuple(held for held in actor.roles if held.role not in wanting), held_back=back)


def read_rules(session: ScopedSession, cooperative_id: int) -> tuple[RuleView, ...]:
    """The rules of a cooperative in order of role."""
    query = select(SecondFactorRule).where(SecondFactorRule.cooperative_id == cooperative_id)
    rules = {row.role: row.since for row in session.scalars(query)}
    without = read_without(session, cooperative_id, day=min(rules.values(), default=date.max)) if rules else {}
    return tuple(
        RuleView(role=role, since=rules[role], stops=without.get(role, ()))
        for role in roles_reaching(Reach.COOPERATIVE)
        if role in rules
    )


def read_without(session: ScopedSession, cooperative_id: int, *, day: date) -> dict[Role, tuple[str, ...]]:
    """Who holds each role on or after `day` without having anything for a second step."""
    names: dict[Role, set[str]] = defaultdict(set)
    has_app = select(TotpFactor.account_id).where(TotpFactor.confirmed_at.is_not(None))
    rows = session.execute(
        select(RoleGrant.role, Account.name)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(
            RoleGrant.cooperative_id == cooperative_id,
            or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on > day),
            Account.id.not_in(has_app),
            Account.id.not_in(select(Passkey.account_id)),
        )
    )
    for role, name in rows:
        names[role].add(name)
    return {role: tuple(sorted(found)) for role, found in names.items()}


def set_rule(
    session: ScopedSession, actor: Actor, *, cooperative_id: int, role: Role, since: date, has_second: bool,
    now: datetime,
) -> None:  # fmt: skip
    """From `since` on, whoever acts in `role` has a second step. Who sets it says whether they have one themselves.

    Refused where it would stop the very person who sets it at once: then nobody might be left to undo it.
    """
    if not actor.may(Permission.GRANT_ROLES):
        raise Forbidden
    day = clock.legal_day(now)
    problems = []
    if role not in roles_reaching(Reach.COOPERATIVE):
        problems.append(Problem(key="role", reason=RuleReason.RULE_ROLE))
    if not day <= since <= day + LONGEST_GRACE:
        problems.append(Problem(key="since", reason=RuleReason.RULE_DAY))
    if problems:
        raise InvalidInput(tuple(problems))
    if since <= day and not has_second and any(held.role is role for held in actor.roles):
        raise Refused(RuleReason.RULE_STOPS_YOU)
    row = session.get(SecondFactorRule, (cooperative_id, role), with_for_update=True)
    if row is None:
        row = SecondFactorRule(cooperative_id=cooperative_id, role=role)
        session.add(row)
    row.since, row.set_by_id, row.set_at = since, actor.account_id, now
    session.flush()
    audit.record(
        session, actor, Action.SECOND_FACTOR_REQUIRED, cooperative_id=cooperative_id,
        details={"role": role.value, "starts_on": since.isoformat()}, now=now,
    )  # fmt: skip


def end_rule(session: ScopedSession, actor: Actor, *, cooperative_id: int, role: Role, now: datetime) -> None:
    """No longer want a second step of this role. Raises NotFound where there is no such rule."""
    if not actor.may(Permission.GRANT_ROLES):
        raise Forbidden
    row = session.get(SecondFactorRule, (cooperative_id, role))
    if row is None:
        raise NotFound
    session.delete(row)
    session.flush()
    audit.record(
        session, actor, Action.SECOND_FACTOR_FREED, cooperative_id=cooperative_id, details={"role": role.value}, now=now
    )
