"""What is kept: tables, constraints, column types. No queries and no decisions."""

from ecoop.db import Base, Logged, Owned, OwnedOrMine
from ecoop.models.accounts import Account, Attempt, SignInLink
from ecoop.models.audit import AccessEntry, AuditEntry, AuditHead, AuditNote, InstallationEntry, InstallationHead
from ecoop.models.buildings import Building
from ecoop.models.cases import Assumption, BusinessCase
from ecoop.models.cooperatives import Cooperative, Installation, Umbrella, UmbrellaMembership
from ecoop.models.figures import StatedFigure
from ecoop.models.letters import Letter
from ecoop.models.memberships import Membership, MembershipEventRow, MembershipSpan, NumberSeries
from ecoop.models.parties import Party, PartyRecord
from ecoop.models.roles import AdministratorGrant, RoleBuilding, RoleGrant, SupportGrant, UmbrellaGrant

__all__ = [
    "AccessEntry",
    "Account",
    "AdministratorGrant",
    "Assumption",
    "Attempt",
    "AuditEntry",
    "AuditHead",
    "AuditNote",
    "Base",
    "Building",
    "BusinessCase",
    "Cooperative",
    "Installation",
    "InstallationEntry",
    "InstallationHead",
    "Letter",
    "Logged",
    "Membership",
    "MembershipEventRow",
    "MembershipSpan",
    "NumberSeries",
    "Owned",
    "OwnedOrMine",
    "Party",
    "PartyRecord",
    "RoleBuilding",
    "RoleGrant",
    "SignInLink",
    "StatedFigure",
    "SupportGrant",
    "Umbrella",
    "UmbrellaGrant",
    "UmbrellaMembership",
]
