"""What is kept: tables, constraints, column types. No queries and no decisions."""

from ecoop.db import Base, Logged, Owned, OwnedOrMine, Posted
from ecoop.models.accounts import Account, Attempt, SignInLink
from ecoop.models.applications import (
    Application,
    ApplicationAcceptance,
    ApplicationLink,
    ApplicationMessage,
    ApplicationRule,
    ApplicationText,
    PartyMerge,
)
from ecoop.models.audit import AccessEntry, AuditEntry, AuditHead, AuditNote, InstallationEntry, InstallationHead
from ecoop.models.buildings import Building
from ecoop.models.cases import Assumption, BusinessCase
from ecoop.models.cooperatives import Cooperative, Installation, Umbrella, UmbrellaMembership
from ecoop.models.dwellings import (
    AssociationCover,
    Connection,
    ConnectionEvent,
    Dwelling,
    HeatContract,
    HeatContractEvent,
    StructuralUnit,
    Tenure,
)
from ecoop.models.figures import Figure, FigureChoice, FigureWithdrawal
from ecoop.models.imports import SheetImport, SheetImportLine, SheetMapping
from ecoop.models.jobs import Job
from ecoop.models.leaving import DataRequest, Exit, ExitAnswer, ExitPart, Obligation, ObligationSettlement
from ecoop.models.letters import Letter, MailChoice, Mailing
from ecoop.models.memberships import Membership, MembershipEventRow, MembershipSpan, NumberSeries
from ecoop.models.money import (
    BankAccount,
    ClosedYear,
    Creditor,
    DirectDebit,
    DirectDebitLine,
    LedgerEntryRow,
    Mandate,
    MandateEventRow,
)
from ecoop.models.offices import Decision, OfficeTerm
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
from ecoop.models.representations import Representation
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
from ecoop.models.statutes import StatutesVersion
from ecoop.models.turns import Turn
from ecoop.models.vote_rolls import VoteRoll, VoteRollLine

__all__ = [
    "AccessEntry",
    "Account",
    "AccountRecovery",
    "AddressChange",
    "AdministratorGrant",
    "Application",
    "ApplicationAcceptance",
    "ApplicationLink",
    "ApplicationMessage",
    "ApplicationRule",
    "ApplicationText",
    "AssociationCover",
    "Assumption",
    "Attempt",
    "AuditEntry",
    "AuditHead",
    "AuditNote",
    "BankAccount",
    "Base",
    "BrowserSession",
    "Building",
    "BusinessCase",
    "ClosedYear",
    "Connection",
    "ConnectionEvent",
    "ConsentEvent",
    "ConsentText",
    "Cooperative",
    "Creditor",
    "DataRequest",
    "Decision",
    "DirectDebit",
    "DirectDebitLine",
    "Dwelling",
    "Exit",
    "ExitAnswer",
    "ExitPart",
    "Figure",
    "FigureChoice",
    "FigureWithdrawal",
    "HeatContract",
    "HeatContractEvent",
    "Installation",
    "InstallationEntry",
    "InstallationHead",
    "Job",
    "LedgerEntryRow",
    "LegalHold",
    "Letter",
    "Logged",
    "MailChoice",
    "Mailing",
    "Mandate",
    "MandateEventRow",
    "Membership",
    "MembershipEventRow",
    "MembershipSpan",
    "Minimisation",
    "MinimisationLine",
    "NumberSeries",
    "Obligation",
    "ObligationSettlement",
    "OfficeTerm",
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
    "PartyMerge",
    "PartyRecord",
    "Passkey",
    "Posted",
    "RecoveryCode",
    "Representation",
    "RetentionSetting",
    "RoleBuilding",
    "RoleGrant",
    "SecondFactorRule",
    "SheetImport",
    "SheetImportLine",
    "SheetMapping",
    "SignInLink",
    "SpentChallenge",
    "StatutesVersion",
    "StructuralUnit",
    "SupportGrant",
    "Tenure",
    "TotpFactor",
    "Turn",
    "Umbrella",
    "UmbrellaGrant",
    "UmbrellaMembership",
    "VoteRoll",
    "VoteRollLine",
]
