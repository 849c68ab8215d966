"""What is kept: tables, constraints, column types. No queries and no decisions."""

from ecoop.db import Base, Owned, OwnedOrMine
from ecoop.models.accounts import Account, Attempt, SignInLink
from ecoop.models.buildings import Building
from ecoop.models.cases import Assumption, BusinessCase
from ecoop.models.cooperatives import Cooperative, Installation, Umbrella, UmbrellaMembership
from ecoop.models.figures import StatedFigure
from ecoop.models.letters import Letter
from ecoop.models.roles import AdministratorGrant, RoleBuilding, RoleGrant, SupportGrant, UmbrellaGrant

__all__ = [
    "Account",
    "AdministratorGrant",
    "Assumption",
    "Attempt",
    "Base",
    "Building",
    "BusinessCase",
    "Cooperative",
    "Installation",
    "Letter",
    "Owned",
    "OwnedOrMine",
    "RoleBuilding",
    "RoleGrant",
    "SignInLink",
    "StatedFigure",
    "SupportGrant",
    "Umbrella",
    "UmbrellaGrant",
    "UmbrellaMembership",
]
