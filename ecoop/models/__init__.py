"""What is kept: tables, constraints, column types. No queries and no decisions."""

from ecoop.db import Base, Logged, Owned, OwnedOrMine, Posted
from ecoop.models.accounts import Account, Attempt, SignInLink
from ecoop.models.audit import AccessEntry, AuditEntry, AuditHead, AuditNote, InstallationEntry, InstallationHead
from ecoop.models.buildings import Building
from ecoop.models.cases import Assumption, BusinessCase
from ecoop.models.cooperatives import Cooperative, Installation, Umbrella, UmbrellaMembership
from ecoop.models.figures import Figure, FigureChoice, FigureWithdrawal
from ecoop.models.jobs import Job
from ecoop.models.letters import Letter, MailChoice, Mailing
from ecoop.models.memberships import Membership, MembershipEventRow, MembershipSpan, NumberSeries
from ecoop.models.pages import PageFigure, PagePaper, PagePublication, PageVersion
from ecoop.models.papers import Paper, PaperDestruction, PaperRight, PaperVersion
from ecoop.models.parties import Party, PartyRecord
from ecoop.models.privacy import (
    ConsentEvent,
    ConsentText,
    LegalHold,
    Minimisation,
    MinimisationLine,
    RetentionSetting,
)
from ecoop.models.roles import AdministratorGrant, RoleBuilding, RoleGrant, SupportGrant, UmbrellaGrant
from ecoop.models.sign_in import (
    AccountRecovery,
    AddressChange,
    BrowserSession,
    Passkey,
    RecoveryCode,
    SecondFactorRule,
    SpentChallenge,
    TotpFactor,
)
from ecoop.models.turns import Turn

__all__ = [
    "AccessEntry",
    "Account",
    "AccountRecovery",
    "AddressChange",
    "AdministratorGrant",
    "Assumption",
    "Attempt",
    "AuditEntry",
    "AuditHead",
    "AuditNote",
    "Base",
    "BrowserSession",
    "Building",
    "BusinessCase",
    "ConsentEvent",
    "ConsentText",
    "Cooperative",
    "Figure",
    "FigureChoice",
    "FigureWithdrawal",
    "Installation",
    "InstallationEntry",
    "InstallationHead",
    "Job",
    "LegalHold",
    "Letter",
    "Logged",
    "MailChoice",
    "Mailing",
    "Membership",
    "MembershipEventRow",
    "MembershipSpan",
    "Minimisation",
    "MinimisationLine",
    "NumberSeries",
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
    "Party",
    "PartyRecord",
    "Passkey",
    "Posted",
    "RecoveryCode",
    "RetentionSetting",
    "RoleBuilding",
    "RoleGrant",
    "SecondFactorRule",
    "SignInLink",
    "SpentChallenge",
    "SupportGrant",
    "TotpFactor",
    "Turn",
    "Umbrella",
    "UmbrellaGrant",
    "UmbrellaMembership",
]
