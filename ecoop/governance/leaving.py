"""Leaving: what stands in the way, told all at once, on which day it takes effect, and what may still be undone.

Nobody can be kept as a member for ever (art. 2:60 BW): what stands in the way holds up the completing of an exit only
until the day on which the membership ends. From then on it must be answered, and holds up nothing. Where the law
itself ends the membership, as on death, nothing holds up either.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ecoop.governance.membership import EndReason
from ecoop.governance.statutes import LegalForm, Statutes, first_day_without

CONFIRM_WITHIN = timedelta(days=14)
"""A W.A. or B.A. confirms an exit in writing within fourteen days (art. 2:61 BW) [not verified]."""


class BlockerCode(StrEnum):
    """What stands in the way of leaving, or asks for an answer first."""

    NOT_A_MEMBER = "blocker_not_a_member"
    SUSPENDED = "blocker_suspended"
    OTHER_CASE_RUNNING = "blocker_other_case_running"
    PLATFORM_ROLE = "blocker_platform_role"
    MEMBER_LOGIN = "blocker_member_login"
    OFFICE = "blocker_office"
    REPRESENTS = "blocker_represents"
    IS_REPRESENTED = "blocker_is_represented"
    OPEN_CHARGES = "blocker_open_charges"
    CAPITAL = "blocker_capital"
    LOAN = "blocker_loan"
    TRANCHE_PLEDGE = "blocker_tranche_pledge"
    ARREARS_PLAN = "blocker_arrears_plan"
    LOAN_AGREEMENT = "blocker_loan_agreement"
    OTHER_PROMISE = "blocker_other_promise"
    COLLECTION = "blocker_collection"
    MANDATE = "blocker_mandate"
    HEAT_CONTRACT = "blocker_heat_contract"
    ONLY_CONTRACT = "blocker_only_contract"
    LAST_OF_DWELLING = "blocker_last_of_dwelling"
    TURN_WAITING = "blocker_turn_waiting"
    DATA_REQUEST = "blocker_data_request"
    LETTER_RETURNED = "blocker_letter_returned"


class Weight(StrEnum):
    """What a blocker does: hold up the completing, or ask for an answer."""

    STOPS = "stops"
    ASKS = "asks"


_STOPS = frozenset(
    {
        BlockerCode.NOT_A_MEMBER,
        BlockerCode.PLATFORM_ROLE,
        BlockerCode.OFFICE,
        BlockerCode.REPRESENTS,
        BlockerCode.OPEN_CHARGES,
        BlockerCode.LOAN,
        BlockerCode.ARREARS_PLAN,
    }
)
"""What somebody must do something about before the exit is completed."""

_ALWAYS_STOPS = frozenset({BlockerCode.NOT_A_MEMBER})
_BY_LAW = frozenset({EndReason.DEATH, EndReason.DISSOLUTION})
"""The membership ends by itself; the register only follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocker:
    """One thing in the way. `subject` names it by its kind and key; `amount_cents`, `on` and `name` tell which."""

    code: BlockerCode
    subject: str
    name: str = ""
    """What people call it: an office, a dwelling, somebody's name."""
    amount_cents: int | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A blocker with what it does, and whether it was answered."""

    blocker: Blocker
    weight: Weight
    is_answered: bool


def weigh(
    blockers: Iterable[Blocker],
    *,
    cause: EndReason,
    ends_on: date | None,
    day: date,
    answered: frozenset[tuple[BlockerCode, str]] = frozenset(),
) -> tuple[Weighed, ...]:
    """Every blocker once, those that stop first; the order in which they are found does not matter.

    Nothing but not being a member stops any more from the day on which the membership ends, nor where it ends by law.
    """
    is_late = cause in _BY_LAW or (ends_on is not None and ends_on <= day)
    unique = {(one.code, one.subject): one for one in sorted(blockers, key=_order)}
    found = [
        Weighed(
            blocker=one,
            weight=_weight(one.code, is_late=is_late),
            is_answered=(one.code, one.subject) in answered,
        )
        for one in unique.values()
    ]
    return tuple(sorted(found, key=lambda one: (one.weight is not Weight.STOPS, _order(one.blocker))))


def _weight(code: BlockerCode, *, is_late: bool) -> Weight:
    return Weight.STOPS if code in _ALWAYS_STOPS or (code in _STOPS and not is_late) else Weight.ASKS


_PLACE = {code: place for place, code in enumerate(BlockerCode)}


def _order(one: Blocker) -> tuple[object, ...]:
    return _PLACE[one.code], one.subject, one.name, one.amount_cents or 0, one.on or date.min


def holds_up(weighed: Iterable[Weighed]) -> bool:
    """Whether the exit cannot be completed yet: something stops, or an answer is missing."""
    return any(one.weight is Weight.STOPS or not one.is_answered for one in weighed)


class NoticeBy(StrEnum):
    """Who said that the membership ends (Dutch term in the comment)."""

    MEMBER = "member"  # het lid
    REPRESENTATIVE = "representative"  # vertegenwoordiger, bewindvoerder
    HEIRS = "heirs"  # erfgenamen
    COOPERATIVE = "cooperative"  # het bestuur


class ExitState(StrEnum):
    """How far an exit is."""

    OPEN = "open"
    COMPLETED = "completed"
    UNDONE = "undone"


class DayBy(StrEnum):
    """Where the last day comes from."""

    STATUTES = "statutes"
    GIVEN = "given"


class CapitalGoes(StrEnum):
    """What becomes of the capital that a member brought in."""

    PAID_BACK = "paid_back"
    TO_SUCCESSOR = "to_successor"
    NOTHING = "nothing"


class ContractGoes(StrEnum):
    """What becomes of the heat contract: it can exist without the membership."""

    ENDS = "ends"
    STAYS = "stays"
    TO_SUCCESSOR = "to_successor"
    NO_CONTRACT = "no_contract"


class ExitPartKind(StrEnum):
    """What moves from one member to the other along with a dwelling."""

    TENURE = "tenure"
    CONTRACT = "contract"
    CAPITAL = "capital"


class ObligationKind(StrEnum):
    """What a member promised (Dutch term in the comment)."""

    TRANCHE_PLEDGE = "tranche_pledge"  # toezegging in een tranche
    ARREARS_PLAN = "arrears_plan"  # betalingsregeling
    LOAN_AGREEMENT = "loan_agreement"  # leenovereenkomst
    OTHER = "other"


class ObligationOutcome(StrEnum):
    """How a promise came to an end."""

    KEPT = "kept"
    RELEASED = "released"
    TAKEN_OVER = "taken_over"


BLOCKER_OF = {
    ObligationKind.TRANCHE_PLEDGE: BlockerCode.TRANCHE_PLEDGE,
    ObligationKind.ARREARS_PLAN: BlockerCode.ARREARS_PLAN,
    ObligationKind.LOAN_AGREEMENT: BlockerCode.LOAN_AGREEMENT,
    ObligationKind.OTHER: BlockerCode.OTHER_PROMISE,
}


class RequestState(StrEnum):
    """How far a member's request to correct the register is."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class LeavingReason(StrEnum):
    """Why a step of an exit cannot be taken."""

    EXIT_RUNS_ALREADY = "exit_runs_already"
    EXIT_END_KNOWN = "exit_end_known"
    EXIT_DAY_UNLIKELY = "exit_day_unlikely"
    EXIT_DAY_BEFORE_NOTICE = "exit_day_before_notice"
    EXIT_DECISION_MISSING = "exit_decision_missing"
    EXIT_CAUSE_NOT_FOR_THIS_PARTY = "exit_cause_not_for_this_party"
    EXIT_PAPER_UNKNOWN = "exit_paper_unknown"
    EXIT_DAY_MISSING = "exit_day_missing"
    EXIT_MONEY_MISSING = "exit_money_missing"
    EXIT_CONTRACT_MISSING = "exit_contract_missing"
    EXIT_SUCCESSOR_MISSING = "exit_successor_missing"
    EXIT_SUCCESSOR_SAME = "exit_successor_same"
    EXIT_BLOCKED = "exit_blocked"
    EXIT_NOT_OPEN = "exit_not_open"
    EXIT_ALREADY_UNDONE = "exit_already_undone"
    EXIT_LATER_EVENTS = "exit_later_events"
    EXIT_MONEY_PAID = "exit_money_paid"
    EXIT_CONTRACT_THERE = "exit_contract_there"
    EXIT_NOTHING_TO_PAY = "exit_nothing_to_pay"
    BLOCKER_STOPS = "blocker_cannot_be_answered"
    PROMISE_SETTLED_ALREADY = "promise_settled_already"
    PROMISE_DAYS_CROSSED = "promise_days_crossed"
    NUMBER_UNKNOWN = "member_number_unknown"
    PROMISE_AMOUNT = "promise_amount"
    OWN_DAY_PAST = "own_day_past"
    OWN_NAME_BY_REQUEST = "own_name_by_request"
    REQUEST_WAITS_ALREADY = "request_waits_already"
    REQUEST_ANSWERED_ALREADY = "request_answered_already"


def proposed_day(statutes: Statutes | None, *, cause: EndReason, received_on: date) -> date | None:
    """The first day without the membership; None where only the board can say it.

    Death and dissolution end it on the day itself: the first day without is the next. An expulsion works at once.
    """
    match cause:
        case EndReason.DEATH | EndReason.DISSOLUTION:
            return received_on + timedelta(days=1)
        case EndReason.EXPULSION:
            return received_on
        case EndReason.RESIGNATION | EndReason.RESIGNATION_BY_COOPERATIVE:
            return first_day_without(statutes, received_on) if statutes is not None else None
        case _:
            return None


def confirm_by(statutes: Statutes | None, received_on: date) -> date | None:
    """By when the exit must be confirmed in writing; None where the law sets no day (art. 2:61 BW) [not verified]."""
    if statutes is None or statutes.legal_form is LegalForm.EXCLUDED:
        return None
    return received_on + CONFIRM_WITHIN
