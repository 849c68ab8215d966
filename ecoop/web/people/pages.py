"""What the page "Wie mag wat" shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ecoop import language
from ecoop.governance.roles import RULES, SUPPORT_PERMISSIONS, Actor, Permission, Reach, Role, roles_reaching
from ecoop.language import gettext as _
from ecoop.language import listing, ngettext
from ecoop.language.names import limit_name, permission_name, role_name
from ecoop.services.roles import RoleHolder
from ecoop.services.support import SupportView

PRIVATE_ROLES = frozenset({Role.MEMBER})
"""Who holds an office is known to everybody inside; who is a member is for the board."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRow:
    """One role: what it may do, what it is limited to."""

    name: str
    limit: str
    cells: tuple[bool, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderRow:
    """One held role."""

    id: int
    name: str
    role: str
    period: str
    limit: str
    granted_by: str
    coming: bool
    account_id: int
    outside: bool
    invitable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportRow:
    """One time that an administrator looked in, or asked to."""

    id: int
    administrator: str
    reason: str
    hours: str
    asked_at: str
    state: str
    waits: bool
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePage:
    """Who may do what."""

    title: str
    answer: str
    permissions: tuple[str, ...]
    rows: tuple[RoleRow, ...]
    holders: tuple[HolderRow, ...]
    names_withheld: bool
    support: tuple[SupportRow, ...]
    may_grant: bool
    may_grant_support: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantPage:
    """Giving a role."""

    title: str
    limited: tuple[str, ...]


def people_page(
    *, holders: Sequence[RoleHolder], support: Sequence[SupportView], actor: Actor, day: date, now: datetime
) -> PeoplePage:
    """The declaration in words, the holders, and who looked in."""
    people = len({holder.account_id for holder in holders if holder.runs_on(day)})
    permissions = _cooperative_permissions()
    all_names = actor.may(Permission.GRANT_ROLES)
    return PeoplePage(
        title=_("Who may do what"),
        answer=ngettext(
            "%(count)s person has a role in this cooperative today.",
            "%(count)s people have a role in this cooperative today.",
            people,
        ),
        permissions=tuple(permission_name(permission) for permission in permissions),
        rows=_rows(permissions),
        holders=_holders([one for one in holders if all_names or one.role not in PRIVATE_ROLES], day),
        names_withheld=not all_names,
        support=tuple(_support(row, now) for row in support),
        may_grant=actor.may(Permission.GRANT_ROLES),
        may_grant_support=actor.may(Permission.GRANT_SUPPORT),
    )


def _cooperative_permissions() -> tuple[Permission, ...]:
    granted = {p for role in roles_reaching(Reach.COOPERATIVE) for p in RULES[role].permissions}
    return tuple(permission for permission in Permission if permission in granted)


def _rows(permissions: Sequence[Permission]) -> tuple[RoleRow, ...]:
    own = [
        RoleRow(
            name=role_name(role),
            limit=limit_name(RULES[role].limit),
            cells=tuple(permission in RULES[role].permissions for permission in permissions),
        )
        for role in roles_reaching(Reach.COOPERATIVE)
    ]
    looking_in = RoleRow(
        name=role_name("administrator"),
        limit=_("only while the board lets them look in"),
        cells=tuple(permission in SUPPORT_PERMISSIONS for permission in permissions),
    )
    return (*own, looking_in)


def _holders(holders: Sequence[RoleHolder], day: date) -> tuple[HolderRow, ...]:
    """The rows; who is to be invited has one button, however many roles."""
    seen: set[int] = set()
    rows = []
    for holder in holders:
        rows.append(_holder(holder, day, first=holder.account_id not in seen))
        seen.add(holder.account_id)
    return tuple(rows)


def _holder(holder: RoleHolder, day: date, *, first: bool) -> HolderRow:
    limit = listing(list(holder.building_names)) or (holder.concerns or "")
    return HolderRow(
        id=holder.id,
        name=holder.name,
        role=role_name(holder.role),
        period=_period(holder, day),
        limit=limit,
        granted_by=holder.granted_by or _("when the cooperative was set up"),
        coming=holder.starts_on > day,
        account_id=holder.account_id,
        outside=not holder.has_come_in,
        invitable=first and not holder.has_come_in,
    )


def _period(holder: RoleHolder, day: date) -> str:
    start = language.day(holder.starts_on)
    if holder.ends_on is None:
        return _("from %(start)s", start=start) if holder.starts_on > day else _("since %(start)s", start=start)
    return _("%(start)s until %(end)s", start=start, end=language.day(holder.ends_on))


def _support(row: SupportView, now: datetime) -> SupportRow:
    return SupportRow(
        id=row.id,
        administrator=row.administrator,
        reason=row.reason,
        hours=ngettext("%(count)s hour", "%(count)s hours", row.hours),
        asked_at=language.moment(row.asked_at),
        state=_state(row, now),
        waits=row.waits,
        is_open=row.is_open(now),
    )


def _state(row: SupportView, now: datetime) -> str:
    if row.waits:
        return _("waits for the board")
    if row.granted_at is None:
        return _("refused")
    assert row.ends_at is not None  # noqa: S101  a constraint of the table
    if row.is_open(now):
        return _("open until %(end)s, granted by %(name)s", end=language.moment(row.ends_at), name=row.granted_by)
    return _("ended on %(end)s", end=language.moment(min(row.ends_at, row.closed_at or row.ends_at)))


def role_choices() -> list[tuple[str, str]]:
    """The roles a board can give, with their names; none is chosen beforehand."""
    return [("", _("Choose a role")), *((role.value, role_name(role)) for role in roles_reaching(Reach.COOPERATIVE))]


def grant_page() -> GrantPage:
    """Giving a role: which roles are for something in particular."""
    limited = tuple(
        f"{role_name(role)}: {limit_name(RULES[role].limit)}"
        for role in roles_reaching(Reach.COOPERATIVE)
        if limit_name(RULES[role].limit)
    )
    return GrantPage(title=_("Give a role"), limited=limited)
