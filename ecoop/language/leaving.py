"""Leaving in words: causes, what stands in the way and what to do about it, money, contract, promises."""

from collections.abc import Mapping

from ecoop.language import gettext, mark

CAUSES: Mapping[str, str] = {
    "resignation": mark("The member gives notice"),
    "resignation_by_cooperative": mark("The cooperative gives notice"),
    "expulsion": mark("Expulsion, by a decision"),
    "death": mark("The member died"),
    "dissolution": mark("The organisation ceased to exist"),
    "transfer": mark("Handed over with the dwelling"),
}
"""Why an exit begins."""

GIVEN_BY: Mapping[str, str] = {
    "member": mark("the member"),
    "representative": mark("who represents the member"),
    "heirs": mark("the heirs"),
    "cooperative": mark("the board"),
}

STATES: Mapping[str, str] = {
    "open": mark("on its way"),
    "completed": mark("completed"),
    "undone": mark("undone"),
}

DAY_BY: Mapping[str, str] = {
    "statutes": mark("as the statutes say"),
    "given": mark("chosen by the board"),
}

MONEY: Mapping[str, str] = {
    "paid_back": mark("paid back to the member"),
    "to_successor": mark("goes to who takes over"),
    "nothing": mark("there is nothing to pay back"),
}

CONTRACTS: Mapping[str, str] = {
    "ends": mark("the heat contract ends as well"),
    "stays": mark("the heat contract goes on without the membership"),
    "to_successor": mark("the heat contract goes to who takes over"),
    "no_contract": mark("there is no heat contract"),
}

PROMISES: Mapping[str, str] = {
    "tranche_pledge": mark("Pledge in a tranche"),
    "arrears_plan": mark("Plan to pay arrears"),
    "loan_agreement": mark("Loan agreement"),
    "other": mark("Another promise"),
}

PROMISE_OUTCOMES: Mapping[str, str] = {
    "kept": mark("kept"),
    "released": mark("released"),
    "taken_over": mark("taken over"),
}

BLOCKERS: Mapping[str, tuple[str, str]] = {
    "blocker_not_a_member": (
        mark("This is no member today."),
        mark("Look at what happened on the page of the member; there is nothing to leave."),
    ),
    "blocker_suspended": (
        mark("The membership is suspended since %(day)s."),
        mark("Check whether an objection against the suspension still runs."),
    ),
    "blocker_other_case_running": (
        mark("This member takes over the membership of somebody else."),
        mark("Complete or undo that handing over first, or check that both can go on."),
    ),
    "blocker_platform_role": (
        mark("Holds the role %(name)s on the platform."),
        mark("End the role on “Who may do what”, at the latest on the last day as a member."),
    ),
    "blocker_member_login": (
        mark("Signs in here as a member."),
        mark("End the role Member on “Who may do what” from the last day on."),
    ),
    "blocker_office": (
        mark("Holds the office %(name)s."),
        mark("Write down the end of the office, and think of the trade register."),
    ),
    "blocker_represents": (
        mark("Represents %(name)s."),
        mark("Ask who takes over, and write it down."),
    ),
    "blocker_is_represented": (
        mark("Is represented by %(name)s."),
        mark("Send that person the confirmation as well."),
    ),
    "blocker_open_charges": (
        mark("Still owes %(amount)s."),
        mark("Ask for the money, or decide to let it go, before the exit is completed."),
    ),
    "blocker_capital": (
        mark("Brought in %(amount)s."),
        mark("Say under “Money” what happens with it."),
    ),
    "blocker_loan": (
        mark("Lent %(amount)s to the cooperative, tranche %(name)s."),
        mark("A loan does not end with the membership. Agree when it is paid back, and write it down."),
    ),
    "blocker_tranche_pledge": (
        mark("Pledged %(amount)s in a tranche."),
        mark("Check whether the tranche still reaches its amount without it, and tell the treasurer."),
    ),
    "blocker_arrears_plan": (
        mark("Pays off arrears in parts, %(amount)s."),
        mark("Agree how the rest is paid, and settle the plan."),
    ),
    "blocker_loan_agreement": (
        mark("Signed a loan agreement for %(amount)s."),
        mark("The agreement goes on. Check its own terms for leaving."),
    ),
    "blocker_other_promise": (
        mark("Made a promise that is not settled."),
        mark("Read the promise, and agree what becomes of it."),
    ),
    "blocker_collection": (
        mark("A direct debit of %(amount)s is under way."),
        mark("Wait until the bank answered, or take the line out of the batch."),
    ),
    "blocker_mandate": (
        mark("The direct debit mandate %(name)s is still in force."),
        mark("Withdraw the mandate after the last collection, so that nothing is collected by mistake."),
    ),
    "blocker_heat_contract": (
        mark("Holds the heat contract of %(name)s."),
        mark("The contract does not end with the membership. Say under “Heat contract” what happens with it."),
    ),
    "blocker_only_contract": (
        mark("Without this member nobody at %(name)s has a heat contract."),
        mark("Tell the building ambassador: the count of signed dwellings goes down."),
    ),
    "blocker_last_of_dwelling": (
        mark("Is the last member living at %(name)s."),
        mark("Ask who lives there next, and whether that person wants to be a member."),
    ),
    "blocker_turn_waiting": (
        mark("Something on the platform still waits for this person."),
        mark("Answer it, or pass it to somebody else."),
    ),
    "blocker_data_request": (
        mark("Asked for a correction that was not answered."),
        mark("Answer it first: the confirmation carries the name of the register."),
    ),
    "blocker_letter_returned": (
        mark("The last letter to this person did not arrive."),
        mark("Find out the right address, or send the confirmation on paper."),
    ),
}
"""What stands in the way, and what to do about it."""


def cause_name(cause: str) -> str:
    """Why an exit began."""
    return gettext(CAUSES[cause])


def given_by_name(code: str) -> str:
    """Who said that the membership ends."""
    return gettext(GIVEN_BY[code])


def exit_state_name(state: str) -> str:
    """How far an exit is."""
    return gettext(STATES[state])


def day_by_name(code: str) -> str:
    """Where the last day comes from."""
    return gettext(DAY_BY[code])


def money_name(code: str) -> str:
    """What becomes of the capital."""
    return gettext(MONEY[code])


def contract_name(code: str) -> str:
    """What becomes of the heat contract."""
    return gettext(CONTRACTS[code])


def promise_name(kind: str) -> str:
    """What was promised."""
    return gettext(PROMISES[kind])


def promise_outcome_name(outcome: str) -> str:
    """How a promise ended."""
    return gettext(PROMISE_OUTCOMES[outcome])


def blocker_sentence(code: str, **words: object) -> str:
    """What stands in the way."""
    return gettext(BLOCKERS[code][0], **words)


def blocker_advice(code: str) -> str:
    """What to do about it."""
    return gettext(BLOCKERS[code][1])
