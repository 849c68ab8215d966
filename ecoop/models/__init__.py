"""What is kept: tables, constraints, column types. No queries and no decisions."""

from ecoop.db import Base, Logged, Owned, OwnedOrMine
from ecoop.models.accounts import Account, Attempt, SignInLink
from ecoop.models.audit import AccessEntry, AuditEntry, AuditHead, AuditNote, InstallationEntry, InstallationHead
from ecoop.models.buildings import Building
from ecoop.models.cases import Assumption, BusinessCase
from ecoop.models.cooperatives import Cooperative, Installation, Umbrella, UmbrellaMembership
from ecoop.models.figures import Figure, FigureChoice, FigureWithdrawal
from ecoop.models.letters import Letter
from ecoop.models.pages import PageFigure, PagePaper, PagePublication, PageVersion
from ecoop.models.papers import Paper, PaperDestruction, PaperRight, PaperVersion
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
    "Figure",
    "FigureChoice",
    "FigureWithdrawal",
    "Installation",
    "InstallationEntry",
    "InstallationHead",
    "Letter",
    "Logged",
    "Owned",
    "OwnedOrMine",
    "PageFigure",
    "PagePaper",
    "PagePublication",
    "PageVersion",
    "Paper",
    "PaperDestruction",
    "PaperRight",
    "PaperVersion",
    "RoleBuilding",
    "RoleGrant",
    "SignInLink",
    "SupportGrant",
    "Umbrella",
    "UmbrellaGrant",
    "UmbrellaMembership",
]
