"""What can be chosen while somebody leaves."""

from collections.abc import Sequence

from ecoop.governance.leaving import CapitalGoes, ContractGoes, NoticeBy
from ecoop.governance.membership import EndReason
from ecoop.language import gettext as _
from ecoop.language.leaving import (
    cause_name,
    contract_name,
    given_by_name,
    money_name,
)
from ecoop.language.register import class_codes, class_name
from ecoop.services.exit_reading import ExitView
from ecoop.services.papers import PaperView
from ecoop.services.transfers import DwellingView


def cause_choices() -> list[tuple[str, str]]:
    """Why somebody leaves; handing over has a form of its own."""
    kinds = [(one.value, cause_name(one)) for one in EndReason if one is not EndReason.TRANSFER]
    return [("", _("Choose a reason")), *kinds]


def given_by_choices() -> list[tuple[str, str]]:
    """Who said so."""
    return [(one.value, given_by_name(one)) for one in NoticeBy]


def money_choices(one: ExitView) -> list[tuple[str, str]]:
    """What can become of the capital."""
    has_successor = one.successor_membership_id is not None
    kinds = [code for code in CapitalGoes if has_successor or code is not CapitalGoes.TO_SUCCESSOR]
    return [("", _("Choose what happens")), *((code.value, money_name(code)) for code in kinds)]


def contract_choices(one: ExitView) -> list[tuple[str, str]]:
    """What can become of the heat contract."""
    has_successor = one.successor_membership_id is not None
    kinds = [code for code in ContractGoes if has_successor or code is not ContractGoes.TO_SUCCESSOR]
    return [("", _("Choose what happens")), *((code.value, contract_name(code)) for code in kinds)]


def paper_choices(found: Sequence[PaperView]) -> list[tuple[str, str]]:
    """Papers that can prove it."""
    return [("", _("None of the papers")), *((str(one.id), one.title) for one in found)]


def class_choices() -> list[tuple[str, str]]:
    """Kinds of membership."""
    return [("", _("Choose a kind")), *((code, class_name(code)) for code in class_codes())]


def dwelling_choices(found: Sequence[DwellingView]) -> list[tuple[str, str]]:
    """The dwellings of who hands over."""
    return [("", _("No dwelling is recorded here")), *((str(one.id), one.address) for one in found)]
