"""Who may do what: the one declaration of roles, permissions and their reach.

The page "Wie mag wat", the door of the web application and the tests all read this file; nothing else decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Reach(StrEnum):
    """What a role belongs to."""

    COOPERATIVE = "cooperative"
    UMBRELLA = "umbrella"
    INSTALLATION = "installation"


class Limit(StrEnum):
    """What a role is limited to inside its cooperative."""

    NONE = "none"
    BUILDINGS = "buildings"
    MEETING = "meeting"
    FUNDING_SOURCE = "funding_source"


class Permission(StrEnum):
    """One thing a person may do. The name is what a route declares."""

    SEE_COOPERATIVE = "see_cooperative"
    SEE_OWN_PAGE = "see_own_page"
    SEE_CASE = "see_case"
    REPLACE_CASE = "replace_case"
    SEE_BUILDINGS = "see_buildings"
    SEE_OWN_BUILDINGS = "see_own_buildings"
    SEE_DWELLINGS = "see_dwellings"
    SEE_RESIDENTS = "see_residents"
    SEE_ROLES = "see_roles"
    SEE_REGISTER = "see_register"
    KEEP_REGISTER = "keep_register"
    SEE_CONTACT = "see_contact"
    KEEP_PRIVACY = "keep_privacy"
    SEE_MONEY = "see_money"
    KEEP_MONEY = "keep_money"
    SEE_TRAIL = "see_trail"
    ERASE_REASONS = "erase_reasons"
    GRANT_ROLES = "grant_roles"
    GRANT_SUPPORT = "grant_support"
    WRITE_LETTERS = "write_letters"
    SEE_JOBS = "see_jobs"
    SEE_PAPERS = "see_papers"
    MANAGE_PAPERS = "manage_papers"
    SEE_FIGURES = "see_figures"
    RECORD_FIGURES = "record_figures"
    PUBLISH_PAGE = "publish_page"
    SEE_UMBRELLA = "see_umbrella"
    RUN_INSTALLATION = "run_installation"


class Role(StrEnum):
    """What a person is in a cooperative, an umbrella or an installation (Dutch term in the comment)."""

    CHAIR = "chair"  # voorzitter
    BOARD_MEMBER = "board_member"  # bestuurslid
    TREASURER = "treasurer"  # penningmeester
    SECRETARY = "secretary"  # secretaris
    AUDIT_COMMITTEE = "audit_committee"  # kascommissie
    BUILDING_AMBASSADOR = "building_ambassador"  # gebouwambassadeur
    TELLER = "teller"  # lid van het stembureau
    MEMBER = "member"  # lid
    VVE_REPRESENTATIVE = "vve_representative"  # vertegenwoordiger van de VvE
    LANDLORD = "landlord"  # verhuurder
    FUNDER = "funder"  # financier
    STEERING_PARTNER = "steering_partner"  # partner in de stuurgroep
    COORDINATOR = "coordinator"  # coördinator van de koepel
    ADMINISTRATOR = "administrator"  # beheerder van de installatie


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRule:
    """What one role reaches, is limited to and may do."""

    reach: Reach = Reach.COOPERATIVE
    limit: Limit = Limit.NONE
    permissions: frozenset[Permission]


_ANYONE_INSIDE = frozenset(
    {Permission.SEE_COOPERATIVE, Permission.SEE_ROLES, Permission.SEE_PAPERS, Permission.SEE_FIGURES}
)
_BOARD = _ANYONE_INSIDE | {
    Permission.SEE_REGISTER,
    Permission.SEE_CONTACT,
    Permission.SEE_CASE,
    Permission.SEE_BUILDINGS,
    Permission.SEE_DWELLINGS,
    Permission.SEE_RESIDENTS,
    Permission.GRANT_ROLES,
    Permission.GRANT_SUPPORT,
    Permission.SEE_TRAIL,
    Permission.ERASE_REASONS,
    Permission.WRITE_LETTERS,
    Permission.SEE_JOBS,
    Permission.MANAGE_PAPERS,
    Permission.RECORD_FIGURES,
    Permission.PUBLISH_PAGE,
}

_OWN_BUILDINGS = _ANYONE_INSIDE | {Permission.SEE_CASE, Permission.SEE_OWN_BUILDINGS, Permission.SEE_DWELLINGS}

RULES: Mapping[Role, RoleRule] = {
    Role.CHAIR: RoleRule(
        permissions=_BOARD | {Permission.KEEP_REGISTER, Permission.KEEP_PRIVACY, Permission.SEE_MONEY}
    ),
    Role.BOARD_MEMBER: RoleRule(permissions=_BOARD),
    Role.TREASURER: RoleRule(
        permissions=_BOARD | {Permission.REPLACE_CASE, Permission.SEE_MONEY, Permission.KEEP_MONEY}
    ),
    Role.SECRETARY: RoleRule(permissions=_BOARD | {Permission.KEEP_REGISTER, Permission.KEEP_PRIVACY}),
    Role.AUDIT_COMMITTEE: RoleRule(
        permissions=_ANYONE_INSIDE
        | {Permission.SEE_CASE, Permission.SEE_BUILDINGS, Permission.SEE_TRAIL, Permission.SEE_MONEY}
        | {Permission.SEE_REGISTER, Permission.SEE_DWELLINGS, Permission.SEE_RESIDENTS}
    ),
    Role.BUILDING_AMBASSADOR: RoleRule(limit=Limit.BUILDINGS, permissions=_OWN_BUILDINGS | {Permission.SEE_RESIDENTS}),
    Role.TELLER: RoleRule(limit=Limit.MEETING, permissions=_ANYONE_INSIDE),
    Role.MEMBER: RoleRule(permissions=_ANYONE_INSIDE | {Permission.SEE_OWN_PAGE, Permission.SEE_CASE}),
    Role.VVE_REPRESENTATIVE: RoleRule(limit=Limit.BUILDINGS, permissions=_OWN_BUILDINGS),
    Role.LANDLORD: RoleRule(limit=Limit.BUILDINGS, permissions=_OWN_BUILDINGS),
    Role.FUNDER: RoleRule(limit=Limit.FUNDING_SOURCE, permissions=_ANYONE_INSIDE | {Permission.SEE_CASE}),
    Role.STEERING_PARTNER: RoleRule(permissions=_ANYONE_INSIDE | {Permission.SEE_CASE}),
    Role.COORDINATOR: RoleRule(reach=Reach.UMBRELLA, permissions=frozenset({Permission.SEE_UMBRELLA})),
    Role.ADMINISTRATOR: RoleRule(reach=Reach.INSTALLATION, permissions=frozenset({Permission.RUN_INSTALLATION})),
}

BOARD_ROLES = frozenset({Role.CHAIR, Role.BOARD_MEMBER, Role.TREASURER, Role.SECRETARY})

SUPPORT_PERMISSIONS = frozenset(
    {Permission.SEE_COOPERATIVE, Permission.SEE_CASE, Permission.SEE_BUILDINGS, Permission.SEE_ROLES}
)
"""What an administrator may do in a cooperative while the board's support grant runs: look, and nothing else."""

LONGEST_SUPPORT_HOURS = 72
"""A support grant ends by itself after at most three days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRole:
    """A role somebody holds: since when, until when (not included), and limited to what."""

    role: Role
    starts_on: date
    ends_on: date | None = None
    building_ids: frozenset[int] = frozenset()

    def runs_on(self, day: date) -> bool:
        """Whether the role is held on `day`: the first day counts, the last does not."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody at work in one place, with what may be done there today."""

    account_id: int
    name: str
    roles: tuple[HeldRole, ...] = ()
    supporting: bool = False
    held_back: tuple[HeldRole, ...] = ()
    """Roles that are held, and wait for a second step of signing in."""

    @property
    def looks_in_only(self) -> bool:
        """Whether it is an administrator whom the board let in, and nothing else here."""
        return self.supporting and not self.roles

    def might(self, permission: Permission) -> bool:
        """Whether a role that is held back would allow it."""
        return any(permission in RULES[held.role].permissions for held in self.held_back)

    @property
    def permissions(self) -> frozenset[Permission]:
        """Everything the held roles allow together."""
        granted = SUPPORT_PERMISSIONS if self.supporting else frozenset[Permission]()
        return granted.union(*(RULES[held.role].permissions for held in self.roles))

    def may(self, permission: Permission) -> bool:
        """Whether one of the held roles allows it."""
        return permission in self.permissions

    def may_in(self, permission: Permission, building_id: int) -> bool:
        """Whether a held role allows it in that building: a limited role counts for its own buildings only."""
        return any(
            permission in RULES[held.role].permissions
            and (RULES[held.role].limit is not Limit.BUILDINGS or building_id in held.building_ids)
            for held in self.roles
        )

    def is_any(self, roles: frozenset[Role]) -> bool:
        """Whether one of `roles` is held."""
        return any(held.role in roles for held in self.roles)

    @property
    def own_building_ids(self) -> frozenset[int]:
        """The buildings to which limited roles give access."""
        return frozenset().union(*(held.building_ids for held in self.roles))


def roles_reaching(reach: Reach) -> tuple[Role, ...]:
    """The roles that belong to a cooperative, an umbrella or the installation, in order of declaration."""
    return tuple(role for role, rule in RULES.items() if rule.reach is reach)


def may_grant(actor: Actor, role: Role) -> bool:
    """Whether `actor` may give `role` to somebody: the board gives the roles of its own cooperative, no others."""
    return actor.may(Permission.GRANT_ROLES) and RULES[role].reach is Reach.COOPERATIVE
