"""Whatever code can show has words, and no word is kept for a code that is gone."""

from collections.abc import Iterable, Mapping

import pytest

from ecoop.cli.database import STATES
from ecoop.exchange.sheets import SheetReason
from ecoop.finance.choices import LoanProfile, Payer, TariffRegime
from ecoop.finance.inputs import SCHEMA, CaseInputs
from ecoop.finance.nmdn import Reference
from ecoop.finance.reasons import InputReason
from ecoop.finance.results import Requirement
from ecoop.finance.schema import Flag, Table, Tables, Text, rules_of
from ecoop.governance.evidence import Bound, Subject, Tag
from ecoop.governance.figures import Basis, Difference, FigureReason, Status, Unit
from ecoop.governance.heat_supply import ConnectionStep, ContractStep, SupplyReason
from ecoop.governance.offices import Body, Office, OfficeReason, Warned
from ecoop.governance.papers import MediaType, PaperKind, PaperReason, Retention
from ecoop.governance.register_import import ImportReason, ImportStatus, RowOutcome, RowReason
from ecoop.governance.register_sheet import MappingReason
from ecoop.governance.representation import Matter, RepresentationReason
from ecoop.governance.roles import Limit, Permission, Role
from ecoop.governance.sheet_fields import Area, Field, Reads
from ecoop.governance.sheet_values import CellReason
from ecoop.governance.statutes import EntryRule, LegalForm, NoticeEnd, ProxyHolder, StatutesConflict
from ecoop.governance.tenures import DwellingKind, TenureKind, TenureReason
from ecoop.governance.voting_rights import VotingReason
from ecoop.language import Language, governing, register_sheet, speaking
from ecoop.language.access import ACCESS_KINDS
from ecoop.language.assumptions import CHOICES, choice_words
from ecoop.language.cases import BOUNDS, FAILURES, REFERENCES, SHORT_REFERENCES, SUBJECTS
from ecoop.language.dwellings import CONNECTION_STEPS, CONTRACT_STEPS, FATES, KINDS, TENURES
from ecoop.language.figures import BASES, BOUND_NAMES, DIFFERENCES, STATUSES, UNITS
from ecoop.language.inputs import INPUT_REASONS
from ecoop.language.names import LIMITS, OWNERSHIP, PERMISSIONS, ROLES, TAGS
from ecoop.language.papers import KEPT_STATES, MEDIA_TYPES, PAPER_KINDS, RETENTIONS
from ecoop.language.reasons import REASONS
from ecoop.language.sign_in import PROOFS
from ecoop.migrations import SchemaState
from ecoop.models.buildings import Ownership
from ecoop.safekeeping.reasons import SafekeepingReason
from ecoop.services.access_log import AccessKind
from ecoop.services.accounts import AccountReason
from ecoop.services.addresses import AddressReason
from ecoop.services.case_files import CaseFileReason
from ecoop.services.cooperatives import FoundingReason
from ecoop.services.dwellings import DwellingReason
from ecoop.services.factor_rules import RuleReason
from ecoop.services.finding_people import FindingReason
from ecoop.services.importing import Later
from ecoop.services.invitations import InvitationReason
from ecoop.services.moves import ContractFate, MoveReason
from ecoop.services.public_page import PageReason
from ecoop.services.recovery import RecoveryReason
from ecoop.services.register_check import Code, Severity
from ecoop.services.roles import RoleReason
from ecoop.services.second_factors import FactorReason, Proof
from ecoop.services.statutes import RULES, StatutesReason
from ecoop.services.support import SupportReason
from ecoop.services.voters import VotersReason
from ecoop.vault import KeptState

EXACTLY = {
    "roles": (ROLES, Role),
    "permissions": (PERMISSIONS, Permission),
    "limits": (LIMITS, Limit),
    "ownership": (OWNERSHIP, Ownership),
    "tags": (TAGS, Tag),
    "subjects": (SUBJECTS, Subject),
    "bounds": (BOUNDS, Bound),
    "access kinds": (ACCESS_KINDS, AccessKind),
    "units": (UNITS, Unit),
    "bases": (BASES, Basis),
    "statuses of figures": (STATUSES, Status),
    "names of bounds": (BOUND_NAMES, Bound),
    "differences": (DIFFERENCES, Difference),
    "kinds of paper": (PAPER_KINDS, PaperKind),
    "retentions": (RETENTIONS, Retention),
    "media types": (MEDIA_TYPES, MediaType),
    "states of kept files": (KEPT_STATES, KeptState),
    "failures": (FAILURES, Requirement),
    "references": (REFERENCES, Reference),
    "short references": (SHORT_REFERENCES, Reference),
    "states of the database": (STATES, SchemaState),
    "what was looked at": (ACCESS_KINDS, AccessKind),
    "second steps": (PROOFS, Proof),
    "legal forms": (governing.LEGAL_FORMS, LegalForm),
    "entry rules": (governing.ENTRY_RULES, EntryRule),
    "ends of notice": (governing.NOTICE_ENDS, NoticeEnd),
    "holders of a proxy": (governing.PROXY_HOLDERS, ProxyHolder),
    "rules of the statutes": (governing.RULES, RULES),
    "conflicts of the statutes": (governing.CONFLICTS, StatutesConflict),
    "deciding bodies": (governing.BODIES, Body),
    "offices": (governing.OFFICES, Office),
    "matters": (governing.MATTERS, Matter),
    "voting reasons": (governing.VOTING_REASONS, VotingReason),
    "findings": (governing.FINDINGS, [*Code, *Warned]),
    "severities": (governing.SEVERITIES, Severity),
    "kinds of dwelling": (KINDS, DwellingKind),
    "kinds of tenure": (TENURES, TenureKind),
    "states of connections": (CONNECTION_STEPS, ConnectionStep),
    "states of contracts": (CONTRACT_STEPS, ContractStep),
    "fates of contracts": (FATES, ContractFate),
    "fields of a sheet": (register_sheet.FIELDS, Field),
    "areas of a sheet": (register_sheet.AREAS, Area),
    "ways to read a cell": (register_sheet.READS, Reads),
    "what becomes of a row": (register_sheet.OUTCOMES, RowOutcome),
    "how an import stands": (register_sheet.STATUSES, ImportStatus),
    "what is built upon an import": (register_sheet.LATER, Later),
}


@pytest.mark.parametrize(("words", "codes"), EXACTLY.values(), ids=EXACTLY)
def test_words_and_codes_are_the_same_set(words: Mapping[str, str], codes: Iterable[str]) -> None:
    assert set(words) == {str(code) for code in codes}


REASONS_OF_SERVICES = [
    AccountReason,
    DwellingReason,
    MoveReason,
    SupplyReason,
    TenureReason,
    AddressReason,
    CaseFileReason,
    CellReason,
    ImportReason,
    MappingReason,
    RowReason,
    SheetReason,
    FactorReason,
    FindingReason,
    OfficeReason,
    RepresentationReason,
    StatutesReason,
    VotersReason,
    FoundingReason,
    FigureReason,
    InvitationReason,
    PageReason,
    PaperReason,
    RecoveryReason,
    RoleReason,
    RuleReason,
    SafekeepingReason,
    SupportReason,
]


@pytest.mark.parametrize("codes", REASONS_OF_SERVICES)
def test_every_reason_of_a_service_has_a_sentence(codes: Iterable[str]) -> None:
    assert [code for code in codes if str(code) not in REASONS] == []


def test_every_reason_of_an_input_has_a_sentence() -> None:
    assert [code for code in InputReason if str(code) not in INPUT_REASONS] == []


def chosen_values(shape: type) -> set[str]:
    """Every value that a case can choose from a few."""
    found: set[str] = set()
    for rule in rules_of(shape).values():
        if isinstance(rule, Table | Tables):
            found |= chosen_values(rule.shape)
        elif isinstance(rule, Text):
            found |= {str(choice) for choice in rule.choices}
        elif isinstance(rule, Flag):
            found |= {"true", "false"}
    return found


def test_every_choice_in_a_case_has_words_and_no_word_is_unused() -> None:
    assert set(CHOICES) == chosen_values(CaseInputs) - {SCHEMA}
    assert {str(one) for one in (*LoanProfile, *Payer, *TariffRegime)} <= set(CHOICES)


def test_a_choice_is_shown_in_words_and_other_text_as_it_is() -> None:
    with speaking(Language.DUTCH):
        assert choice_words("annuity") == "annuïteit"
        assert choice_words("our own words") == "our own words"
